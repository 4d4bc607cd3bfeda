"""Targets of a published benchmark of regions: events of all types in the months ahead, against what was before.

They are scored beside what was published (``benchmarks/regions.py``) and belong to no issue: an event says less than
deaths do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ..transforms import rolling_mean_and_spread, rolling_sum, window_sum
from .build import Target
from .violence import observed_window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..arrays import BoolArray
    from ..panels.panel import Panel

__all__ = ["EVENT_TARGETS", "SURGE_MONTHS", "calm", "occurrence", "onset", "surge"]

#: Months that tell what is usual before a surge, and the fewest events above them that make one.
SURGE_MONTHS, SURGE_EVENTS = 8, 2
#: Months without an event before an onset.
CALM_MONTHS = 24


def occurrence(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Label 1 where there is an event in (t, t + H], shape (T, U)."""
    return np.where(observed_window(panel, horizon), window_sum(panel.events, horizon) > 0, np.nan)


def surge(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Label 1 where the month t + 1 has x >= m + 2 and x > m + s events, shape (T, U); defined at H = 1 alone.

    m and s are mean and population standard deviation of the 8 months to t; NaN where these are not all observed.
    """
    after, (mean, spread) = window_sum(panel.events, 1), rolling_mean_and_spread(panel.events, SURGE_MONTHS)
    happened = (after > mean + spread) & (after >= mean + SURGE_EVENTS)
    known = observed_window(panel, 1) & _all_observed(panel, SURGE_MONTHS)
    return np.where(known & (horizon == 1), happened, np.nan)


def onset(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Label 1 where there is an event in (t, t + H], among regions without one in (t - 24, t], shape (T, U)."""
    return np.where(calm(panel), occurrence(panel, horizon), np.nan)


def calm(panel: Panel) -> BoolArray:
    """Regions observed in all of (t - 24, t] and without an event there, shape (T, U)."""
    return _all_observed(panel, CALM_MONTHS) & (rolling_sum(panel.events, CALM_MONTHS) == 0)


def _all_observed(panel: Panel, months: int) -> BoolArray:
    return rolling_sum(panel.observed, months) == months


#: By name: what the field calls them.
EVENT_TARGETS: Final[dict[str, Target]] = {
    target.name: target
    for target in (
        Target("occurrence", "an event of organised violence {window}", ("region",), occurrence, grows=True),
        Target(
            "surge",
            "clearly more events than in the 8 months before {window}",
            ("region",),
            surge,
            horizons=(1,),
            refers_back=SURGE_MONTHS,
            rises_with_violence=False,
        ),
        Target(
            "onset_24",
            "an event after 24 months without any {window}",
            ("region",),
            onset,
            calm,
            refers_back=CALM_MONTHS,
            only_at_risk=True,
            grows=True,
        ),
    )
}
