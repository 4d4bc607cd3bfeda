"""The monthly batch: the champions score a month, without learning anything anew."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd

from ..features.blocks import BLOCKS, FRAGMENTATION_BLOCKS, build_features
from ..features.country_panel import country_panel
from ..features.errors import ConfigError
from ..features.region_panel import region_panel
from ..features.territory import with_territory
from ..models.risk import RARE_TARGETS
from .briefing import brief_contents
from .export import issue_folder, write_scores, writing_aside
from .issue import Issued
from .report.brief import write_brief
from .run import nominal_issue_date, warning_lines
from .score import score_level
from .train import HORIZONS, Campaign

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from ..features.panel import Panel
    from ..features.snapshot import Snapshot
    from ..models.risk import RiskModel
    from .champions import Champions
    from .progress import Progress

__all__ = ["champion_campaigns", "issue_month", "panels_at", "score_month"]


def panels_at(snapshot: Snapshot, origin: pd.Period) -> dict[str, Panel]:
    """Panels of countries and regions as they were known at the end of a month."""
    regions = region_panel(snapshot, as_of=origin)
    return {"country": with_territory(country_panel(snapshot, as_of=origin), regions), "region": regions}


def champion_campaigns(champions: Champions, panels: dict[str, Panel]) -> list[Campaign]:
    """Put champions and panels together, one campaign a level and family, as training would have made them."""
    campaigns: list[Campaign] = []
    for level, panel in panels.items():
        for rare in (False, True):
            models: dict[str, RiskModel] = {
                model.target: model
                for model in champions.models.values()
                if model.level == level and (model.target in RARE_TARGETS) == rare
            }
            if models:
                blocks = (*BLOCKS, *FRAGMENTATION_BLOCKS) if rare else None
                campaigns.append(Campaign(panel, build_features(panel, blocks=blocks), models, {}))
    return campaigns


def score_month(
    champions: Champions,
    panels: dict[str, Panel],
    *,
    origin: pd.Period,
    issue_date: dt.date | None = None,
    previous: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Score a month with the champions.

    Parameters
    ----------
    panels
        As `panels_at` gives them.
    issue_date
        By default the 20th of the month after.
    previous
        Scores of the issue before, for the change since.

    Raises
    ------
    ConfigError
        If a champion learned from months after the origin: its scores would look ahead.
    """
    for name, model in champions.models.items():
        if pd.Period(model.trained_through, "M") > origin:
            msg = (
                f"the champion of {name}, version {champions.versions[name].version}, learned from data through "
                f"{model.trained_through}; scores as of {origin} would look ahead. Score a later month, or train as "
                f"of then with `faultline run --origin {origin}`."
            )
            raise ConfigError(msg)
    tables = [
        score_level(
            campaign,
            origin=origin,
            issue_date=issue_date or nominal_issue_date(origin),
            horizons=sorted({*HORIZONS, *(h for model in campaign.models.values() for h in model.horizons)}),
            versions={
                target: champions.versions[f"faultline-{campaign.panel.level}-{target}"] for target in campaign.models
            },
            previous=previous,
            deaths=not any(target in RARE_TARGETS for target in campaign.models),
        )
        for campaign in champion_campaigns(champions, panels)
    ]
    return pd.concat(tables, ignore_index=True)


def issue_month(
    champions: Champions,
    snapshot: Snapshot,
    progress: Progress,
    *,
    origin: pd.Period,
    out: Path,
    previous: pd.DataFrame | None,
    made_on: dt.date,
    boundaries: Path | None = None,
    reissue: bool = False,
) -> Issued:
    """Score a month and write its issue.

    Parameters
    ----------
    out
        Folder of the issues.
    made_on
        The day on which it is made; everything else of the issue depends on data and champions alone.
    reissue
        Make an issue again that exists; the old one is kept under ``superseded/``.

    Raises
    ------
    ConfigError
        If the month is issued already and is not to be issued again, or a champion learned from later months.
    CoverageError
        If the data do not reach the month.
    """
    issue, issue_date = origin + 1, nominal_issue_date(origin)
    folder = issue_folder(out, issue)
    if folder.exists() and not reissue:
        msg = f"{issue} is issued already, in {folder}. Give --reissue to issue it again; the old issue is kept."
        raise ConfigError(msg)
    with progress.stage("Scoring with the champions"):
        panels = panels_at(snapshot, origin)
        panels["country"].position(origin)
        scores = score_month(champions, panels, origin=origin, previous=previous)
    issued = Issued(issue, origin, folder, scores, champions.skill, warning_lines(scores))
    about = {
        "issue": str(issue),
        "origin": str(origin),
        "issue_date": issue_date,
        "made_on": made_on,
        "champions": [asdict(version) for version in champions.versions.values()],
        "data": snapshot.checksums,
    }
    levels = [
        panel for panel in panels.values() if any(model.level == panel.level for model in champions.models.values())
    ]
    with progress.stage("Writing scores and brief"), writing_aside(folder) as aside:
        write_scores(scores, aside, about)
        champions.skill.to_csv(aside / "skill.csv", index=False)
        write_brief(
            brief_contents(issued, levels, snapshot, issue_date=issue_date, boundaries=boundaries), aside / "brief.html"
        )
    return issued
