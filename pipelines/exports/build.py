"""Exporting an issue: the formats asked for, side by side in one folder that appears whole or not at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...features.errors import ConfigError, SourceError, UnknownNameError
from ...features.tables.schemas import validate
from ..base.names import inside
from ..issue.selection import select_scores
from ..issue.writing import writing_aside
from .about import about_scores
from .excel import write_xlsx
from .flat import write_csv, write_parquet
from .geo import write_geojson, write_gpkg
from .hubverse import write_hubverse
from .places import places_of
from .views import monthly_deaths, write_views

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    import pandas as pd

    from ...features.tables.snapshot import Snapshot
    from ..base.progress import Progress
    from ..issue.opening import OpenedIssue
    from .about import About
    from .places import Places

__all__ = ["FORMATS", "ExportOptions", "export_issue"]


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """What some formats want to know.

    Attributes
    ----------
    boundaries
        Admin-1 polygons to draw regions with, and countries by Natural Earth's outlines; else units are points.
    team_model
        Name in hubverse: team and model.
    country_ids
        ViEWS's table of countries; else they go by their Gleditsch-Ward number.
    contact
        E-mail address in ViEWS's ``submission_details.yml`` and hubverse's ``admin.json``.
    hub_repository
        Repository of the hub on GitHub, ``owner/name``, in hubverse's ``admin.json``.
    seed
        Of what is drawn.
    """

    boundaries: Path | None = None
    team_model: str = "faultline-pool"
    country_ids: Path | None = None
    contact: str = ""
    hub_repository: str = ""
    seed: int = 0


@dataclass(frozen=True)
class _Job:
    scores: pd.DataFrame
    about: About
    snapshot: Snapshot
    options: ExportOptions

    @cached_property
    def places(self) -> Places:
        """Where the units lie, drawn once for every kind of map."""
        return places_of(self.scores, self.snapshot, boundaries=self.options.boundaries)

    def hubverse(self, folder: Path) -> None:
        options = self.options
        write_hubverse(
            self.scores,
            self.about,
            folder,
            team_model=options.team_model,
            repository=options.hub_repository,
            contact=options.contact,
        )

    def views(self, folder: Path) -> None:
        options = self.options
        write_views(
            self.scores,
            self.about,
            folder,
            country_ids=options.country_ids,
            contact=options.contact,
            seed=options.seed,
        )


#: Formats in the order in which they are written; a new one is its module and a line here.
FORMATS: Mapping[str, Callable[[_Job, Path], None]] = {
    "csv": lambda job, folder: write_csv(job.scores, job.about, folder),
    "parquet": lambda job, folder: write_parquet(job.scores, job.about, folder),
    "xlsx": lambda job, folder: write_xlsx(job.scores, job.about, folder),
    "geojson": lambda job, folder: write_geojson(job.scores, job.about, folder, job.places),
    "gpkg": lambda job, folder: write_gpkg(job.scores, job.about, folder, job.places),
    "hubverse": _Job.hubverse,
    "views": _Job.views,
}


def export_issue(
    issue: OpenedIssue,
    snapshot: Snapshot,
    to: Path,
    progress: Progress,
    *,
    formats: Collection[str] = (),
    options: ExportOptions | None = None,
    **chosen: Any,
) -> Path:
    """Write an issue in other formats.

    Parameters
    ----------
    issue
        From `~faultline.pipelines.issue.opening.open_issue`.
    snapshot
        For the centres of units and for what the data rest on.
    to
        Folder below which ``issue=YYYY-MM`` appears. One that is there already is kept under ``superseded``.
    formats
        Keys of `FORMATS`; by default all that the issue can give.
    options
        What some formats want to know.
    chosen
        ``level``, ``target``, ``horizon`` and ``units``, as in `~faultline.pipelines.issue.selection.select_scores`,
        and ``windows``, by default those that follow on the data.

    Returns
    -------
    The folder.

    Raises
    ------
    UnknownNameError
        If a format or a chosen name is not there.
    ConfigError
        If a format cannot be written from what was chosen, or ``to`` would replace the issue itself.
    DataError
        If the scores or a file that an option names break their contract.
    """
    options = options or ExportOptions()
    _check_asked(formats, options)
    chosen.setdefault("windows", "data")
    scores = select_scores(validate(issue.scores, "scores", file=issue.where), **chosen)
    folder = _folder_beside(issue, to)
    wanted = [name for name in FORMATS if name in formats] or [
        name for name in FORMATS if name != "views" or len(monthly_deaths(scores))
    ]
    about = about_scores(issue.name, scores, snapshot.provenance, issue.about.get("models", ()))
    job = _Job(scores, about, snapshot, options)
    with progress.stage(f"Exporting issue {issue.name}", len(wanted)) as done, writing_aside(folder) as aside:
        for name in wanted:
            FORMATS[name](job, aside)
            done()
        text = json.dumps({**about.as_json(), "formats": wanted}, indent=1, ensure_ascii=False) + "\n"
        (aside / "about.json").write_text(text, encoding="utf-8")
    return folder


def _check_asked(formats: Collection[str], options: ExportOptions) -> None:
    for name in formats:
        if name not in FORMATS:
            raise UnknownNameError("format", name, FORMATS)
    for file in (options.boundaries, options.country_ids):
        if file is not None and not file.is_file():
            raise SourceError("there is no such file.", file=file, remedy="Check the path.")


def _folder_beside(issue: OpenedIssue, to: Path) -> Path:
    """Where the export goes, which is not where the issue lies."""
    folder = inside(to, f"issue={issue.name}", file=issue.where)
    if (folder / "brief.html").exists() or (folder / "skill.csv").exists():
        msg = f"--to: {folder} is the issue itself; an export would take its place. Choose another folder."
        raise ConfigError(msg)
    return folder
