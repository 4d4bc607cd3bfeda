"""Forecasts of past origins made again, each from what was known then: the record that a first issue opens with.

Models are learned anew once a year, in June, when UCDP's yearly release is out, and at the first origin. Of regions an
origin knows what that release held, to December of the year before; up to the origin they are bridged, as those of a
live issue are. Countries are those dated by the origin, in today's release.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
from threadpoolctl import threadpool_limits

from ...features.blocks.build import build_features
from ...features.errors import ConfigError, IncoherentError
from ...features.months import month_range
from ...features.panels.build import panel_of
from ...features.panels.regions import later_regions
from ...features.tables.snapshot import load_snapshot
from ..base.code_fingerprint import code_digest
from ..base.source_revision import source_revision
from ..issue.agreement import VIOLENCE
from ..issue.backfilled import BACKFILLED, MARK, pack, write_backfilled
from ..issue.believable import check_believable
from ..issue.score import score_level
from ..issue.selection import LEVELS
from ..issue.watchlist import LISTS
from ..learn.deaths import LearnedDeaths, learn_deaths
from ..learn.train import HORIZONS, Campaign, ModelVersion, train_level
from ..track.registry import model_name
from .run import nominal_issue_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot
    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["MONTHS", "Origin", "as_released", "backfill", "origins_of"]

#: Origins that are made again unless told otherwise.
MONTHS: Final = 36
#: Month of the year in which UCDP's release of the year before is out.
_RELEASED: Final = 6
_DEATHS: Final = "deaths"
#: Months that must be known after an origin of regions: the shortest window of a list.
_CHECKED: Final = min(made.months for made in LISTS.values())


@dataclass(frozen=True)
class Origin:
    """A month to forecast from, and the levels that are kept of it; countries are always drawn, to be shared out."""

    month: pd.Period
    levels: frozenset[str]

    @property
    def release(self) -> int:
        """Year of the latest release by then."""
        return self.month.year - (self.month.month < _RELEASED)


@dataclass(frozen=True)
class _Learned:
    """A level's models, and the panel and features that they were learned from."""

    campaign: Campaign
    deaths: dict[str, LearnedDeaths]

    def told(self, panel: Panel) -> _Learned:
        """The same models, told of another month's panel; what they learned from ends with the same month it does."""
        if panel.months[-1] == self.campaign.panel.months[-1]:
            return self
        features = build_features(panel)
        deaths = {name: replace(each, panel=panel, features=features) for name, each in self.deaths.items()}
        return _Learned(replace(self.campaign, panel=panel, features=features), deaths)


def origins_of(snapshot: Snapshot, months: int) -> tuple[Origin, ...]:
    """Choose the origins, oldest first.

    Of countries the last ones before the newest, which a run makes itself. Of regions the last ones of which the
    shortest list can be held to what happened.

    Raises
    ------
    ConfigError
        If there are not so many months of data.
    """
    newest = pd.Period(snapshot.country_month["month"].max(), "M")
    known = snapshot.region_coverage.sort_values("first_month").groupby("gwno").first()
    last = {
        "country": newest - 1,
        "region": min(pd.Period(known["last_month"].max(), "M") - _CHECKED, newest - 1),
    }
    first = pd.Period(known["first_month"].min(), "M")
    if months < 1 or last["region"] - months < first:
        msg = f"--months {months}: between 1 and {(last['region'] - first).n} months can be made again."
        raise ConfigError(msg)
    chosen = {level: month_range(end - months + 1, end) for level, end in last.items()}
    every = month_range(min(own[0] for own in chosen.values()), last["country"])
    origins = (Origin(month, frozenset(level for level, own in chosen.items() if month in own)) for month in every)
    return tuple(origin for origin in origins if origin.levels)


def as_released(snapshot: Snapshot, origin: Origin) -> Snapshot:
    """The snapshot with regions known to the end of the year before the latest release; what followed a gap stays."""
    coverage = snapshot.region_coverage.sort_values(["gwno", "first_month"], ignore_index=True)
    first_span = coverage.groupby("gwno").cumcount() == 0
    end = pd.Timestamp(origin.release - 1, 12, 1).as_unit(coverage["last_month"].dt.unit)
    known = coverage["last_month"].where(~first_span | (coverage["last_month"] <= end), end)
    return replace(snapshot, region_coverage=coverage.assign(last_month=known))


def backfill(settings: Settings, progress: Progress, *, months: int = MONTHS, to: Path = BACKFILLED) -> Path:
    """Make the forecasts of the last origins again and write what is kept of them.

    A month whose scores would not be issued, because they break a property of scores, is left out with a warning.

    Parameters
    ----------
    months
        Origins of each level.
    to
        File to write; by default the one that the package reads.

    Raises
    ------
    ConfigError
        If there are not so many months of data.
    CoverageError
        If there is too little history to learn from.
    """
    with progress.stage("Loading and checking the data"):
        snapshot = load_snapshot(settings.snapshot)
    origins = origins_of(snapshot, months)
    parts: list[pd.DataFrame] = []
    for _, group in groupby(origins, key=lambda origin: origin.release):
        parts += _round(snapshot, tuple(group), settings, progress)
    told = {level: [str(o.month) for o in origins if level in o.levels] for level in ("country", "region")}
    revision = source_revision()
    about = {
        "made_on": str(dt.date.today()),  # noqa: DTZ011  # the user's own day
        "code_version": revision.version,
        "code_commit": revision.commit,
        "code_changed_since": revision.changed,
        "code_digest": code_digest(Path(__file__)),
        "snapshot": hashlib.sha256(json.dumps(snapshot.checksums, sort_keys=True).encode()).hexdigest(),
        "seed": settings.seed,
        "origins": told,
    }
    return write_backfilled(pd.concat(parts, ignore_index=True), about, to)


def _round(
    snapshot: Snapshot, origins: tuple[Origin, ...], settings: Settings, progress: Progress
) -> Iterator[pd.DataFrame]:
    """What is kept of the origins that share models, learned by the first of them."""
    first = origins[0]
    known = as_released(snapshot, first)
    levels = [level for level in LEVELS if level == "country" or any(level in each.levels for each in origins)]
    panels = {level: panel_of(known, level, as_of=first.month) for level in levels}
    with progress.stage(f"Learning as of {first.month}", 2 * len(levels)) as done:
        learned = {}
        for level in levels:
            campaign = train_level(panels[level], targets=VIOLENCE, seed=settings.seed, threads=settings.threads)
            done()
            deaths = learn_deaths(
                panels[level],
                campaign.features,
                targets=(_DEATHS,),
                horizons=HORIZONS,
                seed=settings.seed,
                threads=settings.threads,
            )
            learned[level] = _Learned(campaign, deaths)
            done()

    def one(origin: Origin) -> list[pd.DataFrame]:
        try:
            tables = _scored(snapshot, origin, learned)
            for table in tables.values():
                check_believable(table)
        except IncoherentError as error:
            progress.warn(f"{origin.month} is left out, as it would not be issued: {error}")
            return []
        return [pack(table, origin.month + 1) for level, table in tables.items() if level in origin.levels]

    scoring = f"Forecasting {first.month} to {origins[-1].month}"
    with (
        progress.stage(scoring, len(origins)) as done,
        threadpool_limits(1),
        ThreadPoolExecutor(settings.threads) as pool,
    ):
        for kept in pool.map(one, origins):
            yield from kept
            done()


def _scored(snapshot: Snapshot, origin: Origin, learned: dict[str, _Learned]) -> dict[str, pd.DataFrame]:
    """Flat tables of an origin by level, as a run makes them; of regions only if they are kept."""
    known = as_released(snapshot, origin)
    tables: dict[str, pd.DataFrame] = {}
    drawn = None
    for level, models in learned.items():
        if level != "country" and level not in origin.levels:
            continue
        told = models.told(panel_of(known, level, as_of=origin.month))
        scored = score_level(
            told.campaign,
            origin=origin.month,
            issue_date=nominal_issue_date(origin.month),
            horizons=HORIZONS,
            versions={target: ModelVersion(model_name(level, target), MARK, "") for target in (*VIOLENCE, _DEATHS)},
            deaths=told.deaths,
            countries=drawn,
        )
        tables[level] = scored.table
        if scored.courses is not None:
            drawn = replace(scored.courses, later=later_regions(known, as_of=origin.month))
    return tables
