"""Draws far beyond what a unit has ever had, and the analog that had as much: which unit, in which month.

No draw is believed that is above `TIMES_RECORD` times the unit's own worst month, unless that followed, in the years in
which the hurdle model was checked, for one of the units of which it then forecast alike (its analogs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..rows.death_rows import deaths_of, ordinary_deaths
from ..rows.recent_deaths import own_past, recent_deaths
from .hurdle import Hurdle
from .month_ahead import ANALOGS
from .pool import SamplePool
from .tilting import SMALL_MEAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from .distribution import SampleForecaster
    from .month_ahead import MonthAhead

__all__ = ["TIMES_RECORD", "FarDraw", "far_draws", "mean_too_high", "whereabouts"]

#: Times its own worst month, or `SMALL_MEAN` deaths if that is more, that a unit is drawn to have without a precedent.
TIMES_RECORD = 10.0
#: What rounding to whole deaths may add to what an analog had, and how near its error must be to be told again.
_ROUNDED, _SAME = 0.5, 1e-6


@dataclass(frozen=True)
class FarDraw:
    """The worst draw of a unit and month ahead, where it is far beyond the unit's own record.

    Attributes
    ----------
    unit, ahead
        Position of the unit, and months ahead.
    deaths
        What was drawn.
    analog
        Position, among the forecasts that the month ahead was checked on, of the analog that had the most; None where
        none had as much as was drawn.
    """

    unit: int
    ahead: int
    deaths: float
    analog: int | None


def mean_too_high(samples: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Whether the mean of samples (n, K) is above their 95 % quantile, and above `SMALL_MEAN` deaths, shape (n,)."""
    return samples.mean(axis=1, dtype=np.float64) > np.maximum(np.quantile(samples, 0.95, axis=1), SMALL_MEAN)


def far_draws(
    fitted: SampleForecaster,
    panel: Panel,
    features: FeatureArrays,
    samples: NDArray[np.float32],
    *,
    outcome: str,
    at: NDArray[np.int64],
) -> tuple[FarDraw, ...]:
    """Units and months ahead of which a draw is beyond `TIMES_RECORD` times the unit's record by then.

    Parameters
    ----------
    fitted
        What was drawn from; only a hurdle model, alone or in the pool, knows of analogs.
    samples
        Its draws, or what was made of them, shape (U, H, K).
    outcome
        What is counted.
    at
        Position of the origin of each unit, shape (U,).
    """
    seen = np.where(panel.observed, ordinary_deaths(panel, outcome), 0.0)
    record = np.maximum.accumulate(seen, axis=0)[at, np.arange(len(at))]
    worst = samples.max(axis=2).astype(np.float64)
    beyond = worst > np.maximum(TIMES_RECORD * record, SMALL_MEAN)[:, None]
    hurdle = _hurdle_of(fitted)
    found: list[FarDraw] = []
    for h in np.flatnonzero(beyond.any(axis=0)).tolist():
        unit = np.flatnonzero(beyond[:, h])
        analog, had = np.full(len(unit), -1), np.full(len(unit), -np.inf)
        if hurdle is not None:
            month = hurdle.months[h]
            past = own_past(recent_deaths(panel, outcome, month=at[unit], unit=unit))
            analog = _worst_analogs(month, features.values[at[unit], unit], past)
            had = month.followed[analog] + _ROUNDED
        for u, deaths, place, most in zip(unit.tolist(), worst[unit, h].tolist(), analog.tolist(), had, strict=True):
            found.append(FarDraw(u, h + 1, deaths, place if deaths <= most else None))
    return tuple(found)


def _hurdle_of(fitted: SampleForecaster) -> Hurdle | None:
    known = fitted.hurdle if isinstance(fitted, SamplePool) else fitted
    return known if isinstance(known, Hurdle) else None


def _worst_analogs(month: MonthAhead, x: NDArray[np.float32], past: NDArray[np.float64]) -> NDArray[np.int64]:
    """Position in ``followed`` of each row's analog with the most deaths, of those that `MonthAhead.quantile` takes."""
    centre = (past[:, : len(month.line)] * month.line).sum(axis=1)
    centre += np.asarray(month.size.predict(x, num_threads=1))
    k = min(ANALOGS, len(month.forecast))
    first = np.clip(np.searchsorted(month.forecast, centre) - k // 2, 0, len(month.forecast) - k)
    return np.array([start + month.followed[start : start + k].argmax() for start in first], np.int64)


def whereabouts(
    fitted: SampleForecaster, panel: Panel, outcome: str, far: FarDraw, *, last: int
) -> tuple[int, int] | None:
    """Unit and month (positions) in which the analog of a far draw had its deaths.

    A fitted model holds of each analog its deaths, its forecast and its error in units of its spread, which comes from
    the unit's own past: the months that had these deaths and the past of that spread.

    Parameters
    ----------
    last
        Position of the last month that may be named.

    Returns
    -------
    None without an analog, or where the data that the model learned from have since been revised.
    """
    hurdle = _hurdle_of(fitted)
    if hurdle is None or far.analog is None:
        return None
    month, h = hurdle.months[far.ahead - 1], far.ahead
    deaths = month.followed[far.analog]
    came = [counted[h : last + 1] == deaths for counted in (deaths_of(panel, outcome), ordinary_deaths(panel, outcome))]
    origin, unit = np.nonzero(came[0] | came[1])
    past = own_past(recent_deaths(panel, outcome, month=origin, unit=unit))
    error = np.log(deaths) - month.forecast[far.analog]
    told = month.error[far.analog] * np.exp((past * month.spread).sum(axis=1))
    same = np.abs(told - error) <= _SAME * max(1.0, abs(error))
    origin, unit = origin[same], unit[same]
    return (int(unit[-1]), int(origin[-1]) + h) if len(unit) else None
