"""The main job: from the snapshot to this month's scores, tracked, registered, exported and briefed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

import pandas as pd

from ...features.errors import COUNTRIES, CoverageError, SourceError, UnknownNameError
from ...features.panels.build import both_panels
from ...features.tables.snapshot import load_snapshot
from ...features.targets.build import targets_of
from ..base.csv_files import csv_file
from ..ingest.boundaries_at_hand import boundaries_at_hand
from ..issue.believable import BEYOND, check_believable, unlike_last_year
from ..issue.issue import Issued
from ..issue.score import score_level
from ..issue.writing import issue_folder, previous_scores, write_scores, writing_aside
from ..learn.deaths import learn_deaths
from ..learn.deaths_held_back import hold_back_deaths
from ..learn.held_back import issue_skill, stratum_scores
from ..learn.served import served_models
from ..learn.train import HORIZONS, Campaign, train_fragmentation, train_level
from ..report.brief import brief_name, check_language, write_brief
from ..report.briefing import brief_contents
from ..track.deaths_registry import log_deaths
from ..track.first_champions import crown, crown_deaths
from ..track.registry import register_models
from ..track.store import log_issue, log_runs, open_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot
    from ..base.progress import Progress
    from ..base.settings import Settings
    from ..learn.deaths import LearnedDeaths
    from ..learn.deaths_held_back import HeldBackDeaths

__all__ = ["nominal_issue_date", "run", "warning_lines"]

_TRAIN = {"violence": train_level, "fragmentation": train_fragmentation}
ScoredLevel = Literal["country", "region"]
#: Day of the month after the origin on which a past issue counts as made: UCDP's candidate events are out by then.
NOMINAL_ISSUE_DAY = 20


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
    if settings.boundaries is not None and not settings.boundaries.is_file():
        msg = "the boundaries file does not exist."
        raise SourceError(msg, file=settings.boundaries, remedy="Check the path given with --boundaries.")
    check_language(settings.lang)
    with progress.stage("Loading and checking the data"):
        snapshot = load_snapshot(settings.snapshot)
    newest = pd.Period(snapshot.country_month["month"].max(), "M")
    made_on = today or dt.date.today()  # noqa: DTZ011  # the user's own day
    issue_date = made_on if origin is None or today else nominal_issue_date(origin)
    origin = origin or newest
    _check(snapshot, origin, newest, countries)
    issue = origin + 1
    previous = previous_scores(settings.out, issue)
    wanted = tuple(levels)
    panels_of = both_panels(snapshot, as_of=origin)
    campaigns = {
        (level, kind): _train(panels_of[level], kind, horizons, settings, progress)
        for level in wanted
        for kind in _TRAIN
    }
    deaths = {level: _learn_deaths(campaigns[level, "violence"], horizons, settings, progress) for level in wanted}
    held_back_deaths = {level: _hold_back_deaths(campaigns[level, "violence"], settings, progress) for level in wanted}
    store = open_store(settings)
    tables, skill, drawn = [], [], None
    for (level, kind), campaign in campaigns.items():
        with progress.stage(f"Tracking and registering ({level}, {kind})"):
            held_back = stratum_scores(campaign)
            parameters = {"level": level, "origin": str(origin), "seed": settings.seed}
            runs = log_runs(store, campaign, held_back, parameters=parameters, data=snapshot.provenance)
            versions = register_models(store, campaign, runs=runs)
            crown(store, campaign, versions)
            if kind == "violence":
                of_deaths = log_deaths(
                    store, deaths[level], held_back_deaths[level], parameters=parameters, data=snapshot.provenance
                )
                crown_deaths(store, deaths[level], of_deaths)
                versions |= of_deaths
        scored = score_level(
            campaign,
            origin=origin,
            issue_date=issue_date,
            horizons=horizons,
            versions=versions,
            previous=previous,
            deaths=deaths[level] if kind == "violence" else None,
            countries=drawn,
        )
        tables.append(scored.table)
        drawn = drawn or scored.courses
        skill.append(issue_skill(held_back))
    scores = pd.concat(tables, ignore_index=True)
    check_believable(scores)
    if countries:
        scores = scores[scores["location_code"].isin(countries)].reset_index(drop=True)
    measured = pd.concat(skill, ignore_index=True)
    issued = Issued(
        issue,
        origin,
        issue_folder(settings.out, issue),
        scores,
        measured,
        warning_lines(scores, panels_of["country"]),
        tuple(
            model
            for (level, kind), campaign in campaigns.items()
            for model in served_models(campaign, deaths[level] if kind == "violence" else None)
        ),
    )
    with progress.stage("Writing scores and brief"), writing_aside(issued.folder) as aside:
        about = {
            "issue": str(issue),
            "origin": str(origin),
            "issue_date": issue_date,
            "made_on": made_on,
            "models": issued.models,
        }
        write_scores(scores, aside, about)
        csv_file(issued.skill, aside / "skill.csv")
        boundaries = boundaries_at_hand(settings)
        contents = brief_contents(issued, panels_of, snapshot, issue_date=issue_date, boundaries=boundaries)
        write_brief(contents, aside / brief_name(settings.lang), lang=settings.lang)
    log_issue(store, issued.folder, issue=str(issue))
    return issued


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
    of_regions = (stale["admin_level"] == 1) | (stale["target"] == "territorial_fragmentation")
    lines: list[str] = []
    for (level, text), rows in stale.groupby([of_regions, "warning"], sort=False):
        names = rows["location_name"].unique()
        whose = ", ".join(names) if len(names) <= 3 else f"all {len(names)} countries"  # noqa: PLR2004  # a short line
        lines.append(f"{'regions of ' if level else ''}{whose}: {text}")
    unlike = unlike_last_year(scores, countries)
    return (*lines, unlike) if unlike else tuple(lines)
