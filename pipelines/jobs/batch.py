"""The monthly batch: the champions score a month, without learning anything anew."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...features.blocks.build import BLOCKS, FRAGMENTATION_BLOCKS, build_features
from ...features.errors import ConfigError, CoverageError, SchemaError
from ...features.panels.build import both_panels
from ...features.panels.regions import later_regions
from ...features.targets.build import TARGETS, targets_of
from ...models.distributions.conflictology import CONFLICTOLOGY
from ...models.distributions.model import DeathsModel
from ...models.probabilities.risk import RiskModel
from ..ingest.own_facts import facts_given
from ..issue.believable import check_believable
from ..issue.issue import Issued
from ..issue.score import score_level
from ..issue.writing import issue_folder, settle
from ..learn.deaths import MONTHS, LearnedDeaths
from ..learn.served import served_models
from ..learn.train import Campaign
from ..report.brief import check_language
from ..track import registry
from .issue_files import write_issue
from .run import nominal_issue_date, warning_lines

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot
    from ..base.progress import Progress
    from ..ingest.boundaries_at_hand import BoundariesAtHand
    from ..track.champions import Champions

__all__ = ["MonthScored", "issue_month", "score_month"]


@dataclass(frozen=True)
class MonthScored:
    """What champions say of a month: the flat table, and what they are made of, as `served_models` has it."""

    scores: pd.DataFrame
    models: tuple[dict[str, Any], ...]


def champion_campaigns(champions: Champions, panels: dict[str, Panel]) -> list[Campaign]:
    """Put champions and panels together, one campaign a level and family, as training would have made them."""
    campaigns: list[Campaign] = []
    for level, panel in panels.items():
        for rare in (False, True):
            models = {
                model.target: model
                for model in champions.models.values()
                if isinstance(model, RiskModel) and model.level == level and TARGETS[model.target].rare == rare
            }
            if models:
                blocks = (*BLOCKS, *FRAGMENTATION_BLOCKS) if rare else None
                campaigns.append(Campaign(panel, build_features(panel, blocks=blocks), models, {}))
    return campaigns


def champion_deaths(champions: Champions, campaign: Campaign, *, horizons: list[int]) -> dict[str, LearnedDeaths]:
    """Forecasters of deaths for a campaign's panel: the champions, or conflictology where there is none.

    Raises
    ------
    SchemaError
        If a champion needs other features than there are.
    """
    panel, features = campaign.panel, campaign.features
    learned: dict[str, LearnedDeaths] = {}
    for target, outcome in ((each.name, each.counts) for each in targets_of(panel.level, kind="deaths")):
        model = champions.models.get(registry.model_name(panel.level, target))
        if isinstance(model, DeathsModel):
            if model.features != features.names:
                msg = f"the champion of {target} learned from other features than this version of faultline builds."
                raise SchemaError(msg, remedy="Train it again with `faultline run`, then promote it.")
            served = model.forecaster
            learned[target] = LearnedDeaths(model.family, target, panel, features, served, model, model.seed)
        else:
            ahead = max(MONTHS, *horizons)
            forecaster = CONFLICTOLOGY.fit(panel, features, outcome=outcome, last=panel.shape[0] - 1, horizons=ahead)
            learned[target] = LearnedDeaths(CONFLICTOLOGY.name, target, panel, features, forecaster, None, 0)
    return learned


def score_month(
    champions: Champions,
    panels: dict[str, Panel],
    *,
    origin: pd.Period,
    issue_date: dt.date | None = None,
    previous: pd.DataFrame | None = None,
    later: Panel | None = None,
) -> MonthScored:
    """Score a month with the champions.

    Parameters
    ----------
    panels
        As `both_panels` gives them.
    issue_date
        By default the 20th of the month after.
    previous
        Scores of the issue before, for the change since.
    later
        What is known of the regions after a gap (`~faultline.features.panels.regions.later_regions`).

    Raises
    ------
    ConfigError
        If a champion learned from months after the origin: its scores would look ahead.
    """
    _refuse_look_ahead(champions, origin)
    tables, drawn = list[pd.DataFrame](), None
    campaigns = champion_campaigns(champions, panels)
    deaths = {
        campaign.panel.level: champion_deaths(champions, campaign, horizons=_horizons(campaign))
        for campaign in campaigns
        if not _rare(campaign)
    }
    for campaign in campaigns:
        level, horizons = campaign.panel.level, _horizons(campaign)
        named = {t: registry.model_name(level, t) for t in (*campaign.models, *deaths.get(level, {}))}
        scored = score_level(
            campaign,
            origin=origin,
            issue_date=issue_date or nominal_issue_date(origin),
            horizons=horizons,
            versions={t: champions.versions[name] for t, name in named.items() if name in champions.versions},
            previous=previous,
            deaths=None if _rare(campaign) else deaths[level],
            countries=drawn,
        )
        tables.append(scored.table)
        if drawn is None and scored.courses is not None:
            drawn = replace(scored.courses, later=later)
    if not tables:
        msg = "no champion gives probabilities, only deaths."
        raise CoverageError(msg, remedy="Choose champions with `faultline promote`.")
    models = tuple(
        model
        for campaign in campaigns
        for model in served_models(campaign, None if _rare(campaign) else deaths[campaign.panel.level])
    )
    return MonthScored(pd.concat(tables, ignore_index=True), models)


def _refuse_look_ahead(champions: Champions, origin: pd.Period) -> None:
    for name, model in champions.models.items():
        if pd.Period(model.trained_through, "M") > origin:
            msg = (
                f"the champion of {name}, version {champions.versions[name].version}, learned from data through "
                f"{model.trained_through}; scores as of {origin} would look ahead. Score a later month, or train as "
                f"of then with `faultline run --origin {origin}`."
            )
            raise ConfigError(msg)


def _rare(campaign: Campaign) -> bool:
    return any(TARGETS[target].rare for target in campaign.models)


def _horizons(campaign: Campaign) -> list[int]:
    return sorted({h for model in campaign.models.values() for h in model.horizons})


def _folder_to_fill(out: Path, issue: pd.Period, *, again: bool) -> Path:
    folder = issue_folder(out, issue)
    if folder.exists() and not again:
        msg = f"{issue} is issued already, in {folder}. Give --reissue to issue it again; the old issue is kept."
        raise ConfigError(msg)
    return folder


def issue_month(
    champions: Champions,
    snapshot: Snapshot,
    progress: Progress,
    *,
    origin: pd.Period,
    out: Path,
    previous: pd.DataFrame | None,
    made_on: dt.date,
    issue_date: dt.date | None = None,
    boundaries: BoundariesAtHand | None = None,
    lang: str = "en",
    reissue: bool = False,
) -> Issued:
    """Score a month and write its issue.

    Parameters
    ----------
    out
        Folder of the issues.
    made_on
        The day on which it is made; everything else of the issue depends on data, champions and `issue_date` alone.
    issue_date
        The day from which it counts how old data are; by default the 20th of the month after the origin.
    boundaries, lang
        Polygons for the brief's regional map, and the language of the brief.
    reissue
        Make an issue again that exists; the old one is kept under ``superseded/``.

    Raises
    ------
    ConfigError
        If the month is issued already and is not to be issued again, or a champion learned from later months.
    CoverageError
        If the data do not reach the month.
    """
    check_language(lang)
    issue_date = issue_date or nominal_issue_date(origin)
    settle(out)
    folder = _folder_to_fill(out, origin + 1, again=reissue)
    with progress.stage("Scoring with the champions"):
        panels = both_panels(snapshot, as_of=origin)
        panels["country"].position(origin)
        later = later_regions(snapshot, as_of=origin)
        scored = score_month(champions, panels, origin=origin, issue_date=issue_date, previous=previous, later=later)
    check_believable(scored.scores)
    lines = warning_lines(scored.scores, panels["country"])
    issued = Issued(origin + 1, origin, folder, scored.scores, champions.skill, lines, scored.models)
    about = {
        "made_on": made_on,
        "champions": [asdict(version) for version in champions.versions.values()],
        "models": scored.models,
        "data": snapshot.checksums,
        "facts": facts_given(snapshot.provenance),
    }
    with progress.stage("Writing scores and brief"):
        return write_issue(issued, panels, snapshot, about, issue_date=issue_date, boundaries=boundaries, lang=lang)
