"""Labels of fragmentation: contested regions, divided territory, and either that or a new armed actor.

All three measure change, so each refers to what was there up to t; what must happen for the label to be 1 happens in
(t, t + H] alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..panels.control import MEASURE_MONTHS, contested
from ..transforms import rolling_sum
from .windows import observed_window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..arrays import BoolArray
    from ..panels.panel import Panel

__all__ = ["TFI_RISE", "TFI_WINDOW", "contestation", "territorial_fragmentation", "tfi_known", "uncontested"]

#: Rise of the territorial fragmentation index that counts, and the window over which it is told, months.
TFI_RISE, TFI_WINDOW = 0.10, 12
_ROUNDING = 1e-6


def uncontested(panel: Panel) -> BoolArray:
    """Regions that were in no month of (t - 12, t] contested, where it can happen anew, shape (T, U)."""
    return panel.observed & (rolling_sum(contested(panel), MEASURE_MONTHS) == 0)


def contestation(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Label 1 where an uncontested region becomes contested in a month of (t, t + H], shape (T, U).

    Contested is told at the end of each month from the twelve before, so the first months of the window look back
    across t. Regions contested within the last 12 months have no label.
    """
    control_lost = contested(panel).astype(np.float64)
    happened = np.zeros(panel.shape, bool)
    for ahead in range(1, horizon + 1):
        happened[:-ahead] |= control_lost[ahead:] > 0
    known = observed_window(panel, horizon) & uncontested(panel)
    known[: 2 * MEASURE_MONTHS - 2] = False
    return np.where(known, happened, np.nan)


def tfi_known(panel: Panel) -> BoolArray:
    """Countries with region events up to t, shape (T, U)."""
    return panel.observed & ~np.isnan(panel.values["tfi"])


def territorial_fragmentation(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Label 1 where TFI over (t, t + 12] exceeds TFI over (t - 12, t] by 0.10 or more, shape (T, U).

    NaN where no region events exist, and at any other horizon than 12 months: the index is told over a year.
    """
    tfi = np.asarray(panel.values["tfi"], np.float64)
    label = np.full(panel.shape, np.nan)
    if horizon == TFI_WINDOW < panel.shape[0]:
        rise = tfi[TFI_WINDOW:] - tfi[:-TFI_WINDOW]
        label[:-TFI_WINDOW] = np.where(np.isnan(rise), np.nan, rise >= TFI_RISE - _ROUNDING)
    return np.where(observed_window(panel, horizon), label, np.nan)
