"""The brief of an issue that is there already, made again from its files: no training, no scores, no MLflow."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...features.errors import ConfigError, CoverageError, SourceError
from ...features.months import parse_month
from ...features.panels.build import both_panels
from ...features.tables.schemas import validate
from ..ingest.boundaries_at_hand import boundaries_at_hand
from ..ingest.own_facts import facts_given, snapshot_of
from ..issue.issue import Issued
from ..issue.opening import month_folders
from ..issue.writing import issue_folder, settle
from ..report.brief import brief_name, check_language, write_brief
from ..report.briefing import brief_contents

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["latest_issue", "rebrief"]


@dataclass(frozen=True)
class _About:
    """What an issue's ``about.json`` says of it."""

    origin: pd.Period
    issue_date: dt.date
    models: tuple[Mapping[str, Any], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


def latest_issue(out: Path) -> pd.Period:
    """Find the latest issue in a folder.

    Raises
    ------
    SourceError
        If there is none.
    """
    found = [month for month, folder in month_folders(out).items() if (folder / "about.json").exists()]
    if not found:
        msg = "there is no issue in this folder."
        raise SourceError(msg, file=out, remedy="Make one with `faultline run`, or name another folder with --out.")
    return parse_month(max(found), option=str(out))


def rebrief(settings: Settings, progress: Progress, *, issue: pd.Period | None = None, to: Path | None = None) -> Path:
    """Make the brief of an issue again from its scores, its skill and the data.

    Parameters
    ----------
    settings
        Where the issues and the data lie, the boundaries, and the language.
    issue
        The issue; the latest by default.
    to
        File to write; by default the brief in the issue's folder.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    SourceError
        If the issue or one of its files is not there or cannot be read.
    SchemaError
        If its scores break their contract.
    CoverageError
        If the data do not reach the issue's origin.
    ConfigError
        If the user's own facts are not those that it was made with.
    UnknownNameError
        If there is no catalogue for the language.
    """
    check_language(settings.lang)
    settle(settings.out)
    issue = issue or latest_issue(settings.out)
    folder = issue_folder(settings.out, issue)
    with progress.stage(f"Reading the issue of {issue} and the data"):
        about = _about(folder)
        scores = validate(_read(folder / "scores.parquet"), "scores", file=folder / "scores.parquet")
        skill = _read(folder / "skill.csv")
        snapshot = snapshot_of(settings)
        given = facts_given(snapshot.provenance)
        if given != dict(about.facts):
            made_with, now = (", ".join(sorted(facts)) or "none" for facts in (about.facts, given))
            msg = f"--facts: the issue was made with {made_with}, and given is {now}; name the same files, unchanged."
            raise ConfigError(msg)
        newest = pd.Period(snapshot.country_month["month"].max(), "M")
        if about.origin > newest:
            msg = f"the issue rests on data to {about.origin}, but those at hand end in {newest}."
            raise CoverageError(msg, remedy="Name the snapshot that the issue was made from with --snapshot.")
        panels = both_panels(snapshot, as_of=about.origin)
    issued = Issued(issue, about.origin, folder, scores, skill, (), about.models)
    file = to or folder / brief_name(settings.lang)
    with progress.stage("Writing the brief"):
        contents = brief_contents(
            issued,
            panels,
            snapshot,
            issue_date=about.issue_date,
            boundaries=boundaries_at_hand(settings),
        )
        return write_brief(contents, file, lang=settings.lang)


_REMEDY = "Make the issue again with `faultline run`, or choose another with --issue."


def _about(folder: Path) -> _About:
    file = folder / "about.json"
    if not folder.is_dir():
        names = list(month_folders(folder.parent))
        have = f"There are: {', '.join(names)}." if names else "Make it with `faultline run`."
        msg = "there is no such issue."
        raise SourceError(msg, file=folder, remedy=have)
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
        origin = parse_month(str(about["origin"]), option="origin")
        day = pd.Timestamp(str(about["issue_date"])).date()
        return _About(origin, day, tuple(about.get("models", ())), dict(about.get("facts", {})))
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"what the issue says of itself cannot be read ({type(error).__name__}: {error})."
        raise SourceError(msg, file=file, remedy=_REMEDY) from None


def _read(file: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file)
    except (OSError, ValueError) as error:
        msg = f"the file of the issue cannot be read ({type(error).__name__}: {error})."
        raise SourceError(msg, file=file, remedy=_REMEDY) from None
