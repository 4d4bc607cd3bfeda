"""Rows of the flat table of scores, before they are put to its contract: of what a forecast is, and those of deaths."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.months import last_days
from ...features.targets.build import TARGETS
from ...features.transforms import rolling_sum
from ...models.rows.death_rows import deaths_of
from ..learn.deaths import deaths_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from ...features.arrays import FloatArray
    from ...features.panels.panel import Panel
    from ..learn.coherent_deaths import Courses
    from ..learn.train import ModelVersion

__all__ = [
    "REST_CODE",
    "REST_NAME",
    "STALE_AFTER_DAYS",
    "DrawnPast",
    "Origins",
    "deaths_before",
    "frame_of",
    "rows_of_deaths",
]

#: A level whose data end longer before the issue date than this is marked stale.
STALE_AFTER_DAYS = 45
#: Code and name of what lies outside all regions of a country whose regions' deaths add up to its own.
REST_CODE, REST_NAME = "-rest", "outside all regions"


@dataclass(frozen=True)
class Origins:
    """Units with the month that each is scored from, shape (n,), the day of issue, and what to note of a unit.

    ``between`` months lie between that month and the first of the windows.
    """

    unit: NDArray[np.int64]
    month: NDArray[np.int64]
    issue_date: dt.date
    notes: Mapping[int, str] = field(default_factory=dict)
    between: int = 0


@dataclass(frozen=True)
class DrawnPast:
    """What was drawn of the months up to the origin, of units of which it is not known.

    Attributes
    ----------
    panel
        With the months up to the origin, by which rows are dated.
    unit
        Positions of the units, shape (n,).
    before
        Deaths of the months up to the origin, shape (n, B, K), the same where they are known.
    """

    panel: Panel
    unit: NDArray[np.int64]
    before: NDArray[np.float32]


def deaths_before(counted: FloatArray, origins: Origins, horizon: int, past: DrawnPast | None) -> NDArray[np.float64]:
    """Deaths of as many months up to each origin, shape (n,); the median of what was drawn where it is not known."""
    last = np.minimum(origins.month, counted.shape[0] - 1)
    before = rolling_sum(counted, horizon)[last, origins.unit]
    if past is not None:
        place = pd.Index(past.unit).get_indexer(pd.Index(origins.unit))
        shared = place >= 0
        drawn = past.before[:, -horizon:].sum(axis=1)  # before units are picked: the months of all of them are large
        before[shared] = np.median(drawn[place[shared]], axis=1)
    return before


def frame_of(panel: Panel, origins: Origins, target: str, horizon: int) -> pd.DataFrame:
    """Columns of n rows that say of what a forecast is, and how old its data are."""
    unit, month, issue_date = origins.unit, origins.month, origins.issue_date
    units = panel.units.iloc[unit]
    months = panel.months[month]
    through = last_days(months)
    before, ends = (last_days(months + origins.between + ahead) for ahead in (0, horizon))
    age = (pd.Timestamp(issue_date) - through).days
    region = panel.level != "country"
    none = pd.Series(pd.NA, index=range(len(unit)), dtype="str")
    lately = rolling_sum(panel.provisional[:, None], 12)[month, 0] > 0
    return pd.DataFrame(
        {
            "location_code": units["iso3"].to_numpy(),
            "location_name": units["country_name"].to_numpy(),
            "admin_level": int(region),
            "admin1_code": units.index.to_numpy() if region else none,
            "admin1_name": units["name"].to_numpy() if region else none,
            "iso_3166_2": units["iso_3166_2"].to_numpy() if region else none,
            "gwno": units["gwno"].to_numpy(),
            "target": target,
            "horizon_months": horizon,
            "reference_period_start": before + pd.Timedelta(days=1),
            "reference_period_end": ends,
            "forecast_issue_date": pd.Timestamp(issue_date),
            "data_through": through,
            "months_between": origins.between,
            "boundary_version": units["boundary_version"].to_numpy() if region else "country",
            "is_provisional": lately,
            "warning": pd.Series(
                [
                    _warning(day, days, origins.notes.get(place))
                    for place, day, days in zip(unit.tolist(), through, age, strict=True)
                ],
                dtype="str",
            ),
        }
    )


def _warning(through: pd.Timestamp, age: int, note: str | None) -> str | None:
    stale = f"stale: data end {through:%Y-%m-%d}, {age:,} days before the issue date"
    return "; ".join([*([stale] if age > STALE_AFTER_DAYS else []), *([note] if note else [])]) or None


def rows_of_deaths(
    target: str,
    courses: Courses,
    origins: Origins,
    horizons: Iterable[int],
    version: ModelVersion,
    *,
    past: DrawnPast | None = None,
) -> list[pd.DataFrame]:
    """Rows of the deaths of every month and window, and of what lies outside all regions of a country.

    Parameters
    ----------
    past
        What was drawn of the months up to the origin, where it is not known; by default it is known of every unit.
    """
    asked = _Asked(horizons, version, past)
    frames = _rows(target, courses.panel, courses.drawn[target], origins, asked)
    rest = courses.rest[target]
    number = courses.panel.units["gwno"].to_numpy(np.int64)[origins.unit]
    chosen = [gwno for gwno in rest if gwno in number]
    if not chosen:
        return frames
    # what lies outside all regions of a country: a region of it stands in for what it has of its country
    first = np.array([np.flatnonzero(number == gwno)[0] for gwno in chosen])
    there = Origins(np.arange(len(first)), origins.month[first], origins.issue_date, between=origins.between)
    units = courses.panel.units.iloc[origins.unit[first]].assign(name=REST_NAME, iso_3166_2=None)
    units.index = pd.Index([f"{iso3}{REST_CODE}" for iso3 in units["iso3"]], name=courses.panel.units.index.name)
    outside = replace(courses.panel, units=units)
    drawn = np.stack([rest[gwno] for gwno in chosen])
    outer = _rows(target, outside, drawn, there, replace(asked, past=None))
    return frames + [frame.assign(rank=np.nan, deaths_before=np.nan) for frame in outer]


@dataclass(frozen=True)
class _Asked:
    """Windows that are asked for, of which model, and what was drawn of the months before."""

    horizons: Iterable[int]
    version: ModelVersion
    past: DrawnPast | None


def _rows(name: str, panel: Panel, drawn: NDArray[np.float32], origins: Origins, asked: _Asked) -> list[pd.DataFrame]:
    version = asked.version
    frames: list[pd.DataFrame] = []
    for target, horizon, values in deaths_rows(name, drawn, horizons=asked.horizons):
        frame = frame_of(panel, origins, target, horizon)
        if TARGETS[target].total_of is None:  # the row of a month speaks of that month alone
            first = origins.between + horizon
            frame["reference_period_start"] = (panel.months[origins.month] + first).to_timestamp().as_unit("s")
        else:
            frame["deaths_before"] = deaths_before(
                deaths_of(panel, TARGETS[target].counts), origins, horizon, asked.past
            )
        for column, numbers in values.items():
            frame[column] = numbers[origins.unit]
        # by what is likely; the mean, which a tail can make, only parts those that are alike
        order = np.lexsort((-frame["mean_deaths"], -frame["q50"]))
        frame["rank"] = _places(frame["q50"].to_numpy(np.float64)[order], frame["mean_deaths"].to_numpy()[order], order)
        frame["model_name"], frame["model_version"], frame["run_id"] = version.name, version.version, version.run_id
        frames.append(frame)
    return frames


def _places(median: NDArray[np.float64], mean: NDArray[np.float64], order: NDArray[np.int64]) -> NDArray[np.float64]:
    """Ranks of rows of which sorted medians and means are given, the same where both are, shape (n,)."""
    new = np.append(True, (np.diff(median) != 0) | (np.diff(mean) != 0))  # the first is new
    rank = np.empty(len(order))
    rank[order] = np.maximum.accumulate(np.where(new, np.arange(1, len(order) + 1), 0))
    return rank
