"""Rows whose windows start in the month after the issue date, where data end months before it.

They are read from the same courses as all others, at the months further ahead: what a course does in the months between
is what there was before the window. What courses do not tell, such as contestation, has no such row. Courses end with
what was learned; beyond it they are `continued`. How well that is calibrated: docs/windows-from-today.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.targets.build import DRAWN_FROM, TARGETS
from ...models.distributions.bridge import likely
from ...models.distributions.coherence import shared_out
from ...models.distributions.continued import continued, successors
from ...models.distributions.events import AHEAD_SPREAD_FILE, spread
from ...models.distributions.tilting import tempered
from ...models.rows.death_rows import deaths_of
from ..learn.bridging import BEFORE, RECORD
from ..learn.deaths import MONTHS
from .agreement import coherent
from .bridged import chance
from .outlook import rows_of_outlook
from .rows import DrawnPast, Origins, frame_of, rows_of_deaths

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from ..learn.bridging import Bridges
    from ..learn.coherent_deaths import Courses
    from ..learn.train import ModelVersion

__all__ = ["MOST_AHEAD", "months_between", "rows_from_today", "windows_left_out"]

#: An issue made in the month after its data, as planned, speaks of that month on: nothing lies between.
AS_PLANNED = 1
#: Last month after the data that a window may reach.
MOST_AHEAD = 24
_SEED = 0
#: Targets that are learned, but told by courses too.
_TOLD = ("violence_25", "violence_1", "escalation")


def months_between(origin: pd.Period, issue_date: dt.date) -> int:
    """Months between the last one of the data and the first after the issue date; 0 if it is made as planned.

    Examples
    --------
    >>> import datetime as dt
    >>> [months_between(pd.Period("2026-05", "M"), dt.date(2026, month, 20)) for month in (6, 7, 11)]
    [0, 2, 6]
    """
    between = pd.Period(str(issue_date), "M").ordinal - origin.ordinal
    return between if between > AS_PLANNED else 0


def windows_left_out(scores: pd.DataFrame) -> str | None:
    """Say which windows from today would reach further than `MOST_AHEAD` months beyond the newest data; else None."""
    through, issued = scores["data_through"].max(), scores["forecast_issue_date"].max()
    between = months_between(through.to_period("M"), issued.date())
    asked = scores.loc[scores["probability"].notna(), "horizon_months"].unique()
    left = sorted(months for months in asked if between + months > MOST_AHEAD)
    if not between or not left:
        return None
    return (
        f"{between} months lie between the data and this issue: no windows from today of {', '.join(map(str, left))} "
        f"months, which would reach more than {MOST_AHEAD} months beyond the data"
    )


@dataclass(frozen=True)
class _Later:
    """Courses from the month after the issue date on, and what they do in the months between, by target (U, m, K)."""

    courses: Courses
    between: Mapping[str, NDArray[np.float32]]


def rows_from_today(
    table: pd.DataFrame,
    courses: Courses,
    origins: Origins,
    horizons: tuple[int, ...],
    versions: Mapping[str, ModelVersion],
    *,
    panel: Panel,
    countries: Courses | None = None,
    bridges: Bridges | None = None,
) -> pd.DataFrame | None:
    """Rows of a level from the month after the issue date on; None where nothing lies between.

    Units whose data end before those of the others have none.

    Parameters
    ----------
    table
        The level's rows from the end of the data, whose baselines they share.
    courses
        Draws of deaths behind these.
    origins
        Units with the months that these are scored from.
    horizons
        Windows asked for.
    versions
        Models of the deaths by target.
    panel
        Of the level, with the months of all origins.
    countries, bridges
        Courses of the countries, and what regions were drawn to have had, where these are known to an older month.
    """
    newest = int(origins.month.max(initial=0))
    between = months_between(panel.months[newest], origins.issue_date)
    windows = tuple(horizon for horizon in horizons if between + horizon <= MOST_AHEAD)
    if not between or not windows or DRAWN_FROM not in courses.drawn:
        return None
    current = np.flatnonzero(origins.month == newest)
    at = replace(origins, unit=origins.unit[current], month=origins.month[current], between=between)
    later = _later(courses, between, windows, countries)
    past = {target: _past(target, later, at, panel, bridges) for target in later.between}
    every, version = past[DRAWN_FROM], versions[DRAWN_FROM]
    asked = table[table["horizon_months"].isin(windows)]
    told = [
        _violence(rows, later, at, version, every) for _, rows in asked[asked["target"].isin(_TOLD)].groupby("target")
    ]
    told += rows_of_outlook(later.courses, at, windows, version, past=every)
    rows = [coherent(pd.concat(told, ignore_index=True))]
    dated = replace(later.courses, panel=panel)
    for target in later.between:
        rows += rows_of_deaths(target, dated, at, windows, versions[target], past=past[target])
    return pd.concat(rows, ignore_index=True)


def _later(courses: Courses, between: int, windows: tuple[int, ...], countries: Courses | None) -> _Later:
    months = min(max(MONTHS, *windows), MOST_AHEAD - between)
    follow = successors(courses.drawn[DRAWN_FROM], seed=_SEED)
    shared = {} if countries is None else _shared(courses, countries)
    if countries is not None and shared:
        of_countries = successors(countries.drawn[DRAWN_FROM], seed=_SEED)
        for position, regions in shared.values():  # parts go on as their country does, and so add up to it
            follow[regions] = of_countries[position]
    long = {target: _long(drawn, between + months, follow) for target, drawn in courses.drawn.items()}
    own = tempered(np.stack([drawn[:, between:] for drawn in long.values()]), windows)
    drawn = dict(zip(long, own, strict=True))
    rest: dict[int, NDArray[np.float32]] = {}
    if countries is not None and shared:
        wholes = _later(countries, between, windows, None).courses.drawn[DRAWN_FROM]
        for gwno, (position, regions) in shared.items():
            outside = _long(courses.rest[DRAWN_FROM][gwno][None], between + months, follow[regions[:1]])
            parts = np.concatenate([long[DRAWN_FROM][regions], outside])[:, between:].astype(np.float64)
            whole = wholes[position]
            parts = likely(shared_out(whole, np.where(parts.sum(axis=0) > 0, parts, 1.0)), whole, windows)
            drawn[DRAWN_FROM][regions], rest[gwno] = parts[:-1], parts[-1]
    kept = {target: rest if target == DRAWN_FROM else {} for target in drawn}
    return _Later(
        replace(courses, drawn=drawn, rest=kept), {target: every[:, :between] for target, every in long.items()}
    )


def _long(drawn: NDArray[np.float32], months: int, follow: NDArray[np.int64]) -> NDArray[np.float32]:
    return continued(drawn, max(months - drawn.shape[1], 0), follow)[:, :months]


def _shared(courses: Courses, countries: Courses) -> dict[int, tuple[int, NDArray[np.int64]]]:
    """Positions of a country and of its regions, which add up to it with their rest, by its number."""
    number = courses.panel.units["gwno"].to_numpy(np.int64)
    own = {gwno: place for place, gwno in enumerate(countries.panel.units["gwno"].to_numpy(np.int64).tolist())}
    return {gwno: (own[gwno], np.flatnonzero(number == gwno)) for gwno in courses.rest[DRAWN_FROM]}


def _past(target: str, later: _Later, at: Origins, panel: Panel, bridges: Bridges | None) -> DrawnPast:
    """What there was in the months up to the window: the record of old ones, then what is known, then what is drawn."""
    drawn, courses = later.between[target], later.courses
    counted = deaths_of(courses.panel, TARGETS[target].counts) * courses.panel.observed
    stop = int(at.month.max(initial=0)) + 1
    every = np.zeros((RECORD + stop, counted.shape[1]), np.float32)  # none before the first month
    every[RECORD : RECORD + len(counted)] = counted[:stop]
    record = every[at.between - RECORD : -BEFORE].max(axis=0, initial=0.0)
    before = np.empty((len(at.unit), 1 + BEFORE + at.between, drawn.shape[2]), np.float32)  # filled once: it is large
    before[:, 0] = record[at.unit, None]
    before[:, 1 : BEFORE + 1] = every[-BEFORE:].T[at.unit, :, None]
    if bridges is not None and target == DRAWN_FROM:
        place = pd.Index(at.unit).get_indexer(pd.Index(bridges.unit))
        before[place[place >= 0], 1 : BEFORE + 1] = bridges.before[place >= 0]
    before[:, BEFORE + 1 :] = drawn[at.unit]
    return DrawnPast(panel, at.unit, before)


def _violence(table: pd.DataFrame, later: _Later, at: Origins, version: ModelVersion, past: DrawnPast) -> pd.DataFrame:
    """Rows of a target that is learned, of the units and windows of its rows, as the courses tell it."""
    target = str(table["target"].iloc[0])
    panel, drawn = later.courses.panel, later.courses.drawn[DRAWN_FROM]
    ids = panel.units["gwno"] if panel.level == "country" else pd.Series(panel.units.index)
    place = pd.Index(ids.to_numpy()[at.unit])
    frames: list[pd.DataFrame] = []
    for horizon, rows in table.groupby("horizon_months"):
        window = int(str(horizon))
        where = place.get_indexer(pd.Index(rows["gwno" if panel.level == "country" else "admin1_code"]))
        there = where[where >= 0]
        p = chance(target, past.before[there], drawn[at.unit[there]], window)
        if p is None:
            continue
        frame = frame_of(past.panel, replace(at, unit=at.unit[there], month=at.month[there]), target, window)
        low, high = spread(p, target=target, horizon=window, file=AHEAD_SPREAD_FILE)
        frame["probability"], frame["prob_low"], frame["prob_high"] = p, low, high
        for name in ("baseline_probability", "base_rate"):
            frame[name] = rows[name].to_numpy(np.float64)[where >= 0]
        frame["model_name"], frame["model_version"], frame["run_id"] = version.name, version.version, version.run_id
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else table.head(0)
