"""The main job: from the snapshot to this month's scores, tracked, registered, exported and briefed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from ...features.errors import COUNTRIES, CoverageError, SourceError, UnknownNameError
from ...features.panels.build import both_panels
from ...features.panels.regions import later_regions
from ...features.targets.build import targets_of
from ..ingest.boundaries_at_hand import boundaries_at_hand
from ..ingest.own_facts import facts_given, snapshot_of
from ..issue.believable import BEYOND, check_believable, unlike_last_year
from ..issue.from_today import windows_left_out
from ..issue.issue import Issued
from ..issue.issue_before import issue_before
from ..issue.regional import rests_on_regions
from ..issue.score import score_level
from ..issue.writing import issue_folder
from ..learn.deaths import learn_deaths
from ..learn.deaths_held_back import deaths_stratum_scores, hold_back_deaths
from ..learn.held_back import issue_skill, stratum_scores
from ..learn.served import served_models
from ..learn.train import HORIZONS, Campaign, train_fragmentation, train_level
from ..report.brief import check_language
from ..track.first_champions import crown
from ..track.learned import deaths_learned, probabilities_learned
from ..track.registry import register_models
from ..track.store import log_issue, log_runs, open_store
from .issue_files import write_issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot
    from ..base.progress import Progress
    from ..base.settings import Settings
    from ..learn.deaths import LearnedDeaths
    from ..learn.deaths_held_back import HeldBackDeaths
    from ..learn.train import ModelVersion
    from ..track.store import Store

__all__ = ["nominal_issue_date", "run", "warning_lines"]

_TRAIN = {"violence": train_level, "fragmentation": train_fragmentation}
ScoredLevel = Literal["country", "region"]
#: Day of the month after the origin on which a past issue counts as made: UCDP's candidate events are out by then.
NOMINAL_ISSUE_DAY = 20


@dataclass(frozen=True)
class _Asked:
    """What the scores are asked for: as of which month and day, months ahead, and the issue before."""

    origin: pd.Period
    issue_date: dt.date
    horizons: tuple[int, ...]
    previous: pd.DataFrame | None
    seed: int


@dataclass(frozen=True)
class _Learned:
    """All that was learned, and how it forecast what was held back, by level and kind."""

    campaigns: dict[tuple[str, str], Campaign]
    deaths: dict[str, dict[str, LearnedDeaths]]
    held_back_deaths: dict[str, dict[str, HeldBackDeaths]]

    def deaths_beside(self, level: str, kind: str) -> dict[str, LearnedDeaths] | None:
        """Forecasters of deaths that go with the campaign of violence of a level."""
        return self.deaths[level] if kind == "violence" else None

    @property
    def served(self) -> tuple[Mapping[str, Any], ...]:
        """What the models are made of, as `served_models` has it."""
        return tuple(
            model
            for (level, kind), campaign in self.campaigns.items()
            for model in served_models(campaign, self.deaths_beside(level, kind))
        )


def run(
    settings: Settings,
    progress: Progress,
    *,
    levels: Iterable[ScoredLevel] = ("country", "region"),
    countries: tuple[str, ...] = (),
    horizons: tuple[int, ...] = HORIZONS,
    origin: pd.Period | None = None,
    today: dt.date | None = None,
) -> Issued:
    """Train, track, register, score, export and brief.

    Parameters
    ----------
    levels
        Levels to score.
    countries
        ISO 3166-1 alpha-3 codes of the countries to score; training always uses all. All by default.
    horizons
        Months ahead.
    origin
        Score as of the end of this month, using nothing known later; by default the last month of data.
    today
        Day of issue; by default the current day, or for a past origin the 20th of the month after.

    Raises
    ------
    DataError
        If the data break their contract or do not reach the origin.
    UnknownNameError
        If a country is not known.
    """
    _check_settings(settings)
    with progress.stage("Loading and checking the data"):
        snapshot = snapshot_of(settings)
    newest = pd.Period(snapshot.country_month["month"].max(), "M")
    made_on = today or dt.date.today()  # noqa: DTZ011  # the user's own day
    issue_date = made_on if origin is None or today else nominal_issue_date(origin)
    origin = origin or newest
    _check(snapshot, origin, newest, countries)
    panels_of = both_panels(snapshot, as_of=origin)
    learned = _learn(panels_of, tuple(levels), horizons, settings, progress)
    store = open_store(settings)
    asked = _Asked(origin, issue_date, horizons, issue_before(settings.out, origin + 1, snapshot), settings.seed)
    scores, skill = _score(store, learned, asked, snapshot, progress)
    check_believable(scores)
    if countries:
        scores = scores[scores["location_code"].isin(countries)].reset_index(drop=True)
    lines, folder = warning_lines(scores, panels_of["country"]), issue_folder(settings.out, origin + 1)
    issued = Issued(origin + 1, origin, folder, scores, skill, lines, learned.served)
    with progress.stage("Writing scores and brief"):
        about = {"made_on": made_on, "facts": facts_given(snapshot.provenance), "models": issued.models}
        polygons, lang = boundaries_at_hand(settings), settings.lang
        issued = write_issue(issued, panels_of, snapshot, about, issue_date=issue_date, boundaries=polygons, lang=lang)
    log_issue(store, issued.folder, issue=str(issued.issue))
    return issued


def _learn(
    panels: dict[str, Panel],
    levels: tuple[ScoredLevel, ...],
    horizons: tuple[int, ...],
    settings: Settings,
    progress: Progress,
) -> _Learned:
    campaigns = {
        (level, kind): _train(panels[level], kind, horizons, settings, progress) for level in levels for kind in _TRAIN
    }
    return _Learned(
        campaigns,
        {level: _learn_deaths(campaigns[level, "violence"], horizons, settings, progress) for level in levels},
        {level: _hold_back_deaths(campaigns[level, "violence"], settings, progress) for level in levels},
    )


def _score(
    store: Store, learned: _Learned, asked: _Asked, snapshot: Snapshot, progress: Progress
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Scores of every level and kind, once they are tracked and registered, and the skill to be shown beside them."""
    tables, skill, drawn = [], [], None
    later = later_regions(snapshot, as_of=asked.origin)
    for (level, kind), campaign in learned.campaigns.items():
        with progress.stage(f"Tracking and registering ({level}, {kind})"):
            held_back = stratum_scores(campaign)
            parameters = {"level": level, "origin": str(asked.origin), "seed": asked.seed}
            versions = _track(store, learned, (level, kind), held_back, parameters=parameters, snapshot=snapshot)
        scored = score_level(
            campaign,
            origin=asked.origin,
            issue_date=asked.issue_date,
            horizons=asked.horizons,
            versions=versions,
            previous=asked.previous,
            deaths=learned.deaths_beside(level, kind),
            countries=drawn,
        )
        tables.append(scored.table)
        if drawn is None and scored.courses is not None:
            drawn = replace(scored.courses, later=later)
        skill.append(issue_skill(held_back))
    return pd.concat(tables, ignore_index=True), pd.concat(skill, ignore_index=True)


def _track(
    store: Store,
    learned: _Learned,
    which: tuple[str, str],
    held_back: pd.DataFrame,
    *,
    parameters: dict[str, Any],
    snapshot: Snapshot,
) -> dict[str, ModelVersion]:
    """Log and register what was learned of a level and kind, and crown what has no champion yet."""
    campaign, (level, kind) = learned.campaigns[which], which
    told = [(probabilities_learned(campaign), held_back)]
    if kind == "violence":
        deaths, kept = learned.deaths[level], learned.held_back_deaths[level]
        told.append((deaths_learned(deaths, kept), deaths_stratum_scores(campaign.panel, kept)))
    versions: dict[str, ModelVersion] = {}
    for each, scores in told:
        runs = log_runs(store, each, scores, parameters=parameters, data=snapshot.provenance)
        versions |= register_models(store, each, runs=runs)
        crown(store, each, versions)
    return versions


def nominal_issue_date(origin: pd.Period) -> dt.date:
    """Day on which a past issue counts as made."""
    return (origin + 1).start_time.date().replace(day=NOMINAL_ISSUE_DAY)


def _train(panel: Panel, kind: str, horizons: tuple[int, ...], settings: Settings, progress: Progress) -> Campaign:
    names = [t for t in targets_of(panel.level) if t.experiment == kind]
    parts = sum(1 for t in names for horizon in horizons if t.horizons is None or horizon in t.horizons)
    where = panel.level if kind == "violence" else f"{panel.level}, {kind}"
    with progress.stage(f"Training ({where})", parts) as done:
        return _TRAIN[kind](panel, horizons=horizons, seed=settings.seed, threads=settings.threads, done=done)


def _learn_deaths(
    campaign: Campaign, horizons: tuple[int, ...], settings: Settings, progress: Progress
) -> dict[str, LearnedDeaths]:
    with progress.stage(f"Training ({campaign.panel.level}, deaths)", _deaths_targets(campaign)) as done:
        return learn_deaths(
            campaign.panel,
            campaign.features,
            horizons=horizons,
            seed=settings.seed,
            threads=settings.threads,
            done=done,
        )


def _deaths_targets(campaign: Campaign) -> int:
    return len(targets_of(campaign.panel.level, kind="deaths"))


def _hold_back_deaths(campaign: Campaign, settings: Settings, progress: Progress) -> dict[str, HeldBackDeaths]:
    with progress.stage(f"Forecasting held-back deaths ({campaign.panel.level})", _deaths_targets(campaign)) as done:
        return hold_back_deaths(
            campaign.panel, campaign.features, seed=settings.seed, threads=settings.threads, done=done
        )


def _check_settings(settings: Settings) -> None:
    if settings.boundaries is not None and not settings.boundaries.is_file():
        msg = "the boundaries file does not exist."
        raise SourceError(msg, file=settings.boundaries, remedy="Check the path given with --boundaries.")
    check_language(settings.lang)


def _check(snapshot: Snapshot, origin: pd.Period, newest: pd.Period, countries: tuple[str, ...]) -> None:
    if origin > newest:
        msg = f"scores as of {origin} were asked for, but the data end in {newest}."
        raise CoverageError(msg, remedy=f"Choose --origin {newest} or earlier, or add newer data.")
    known = set(snapshot.countries["iso3"])
    for code in countries:
        if code not in known:
            raise UnknownNameError("country (ISO 3166-1 alpha-3)", code, known, listed_by=COUNTRIES)


def warning_lines(scores: pd.DataFrame, countries: Panel) -> tuple[str, ...]:
    """One line a level and text, however many countries share it, and one if a year unlike the last is expected."""
    # what fragmentation rests on stands in every one of its rows, and is no news
    stale = scores[scores["warning"].notna() & (scores["target"] != "fragmentation")]
    stale = stale[~stale["warning"].str.contains(BEYOND)]  # of that the rows of deaths tell, unit by unit
    lines: list[str] = []
    for (level, text), rows in stale.groupby([rests_on_regions(stale), "warning"], sort=False):
        names = rows["location_name"].unique()
        whose = ", ".join(names) if len(names) <= 3 else f"all {len(names)} countries"  # noqa: PLR2004  # a short line
        lines.append(f"{'regions of ' if level else ''}{whose}: {text}")
    told = (unlike_last_year(scores, countries), windows_left_out(scores))
    return (*lines, *(line for line in told if line))
