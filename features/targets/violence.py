"""Labels of violence: deaths in the window, as they are counted or against a threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..transforms import rolling_sum, window_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..arrays import BoolArray
    from ..panels.panel import Panel

__all__ = [
    "active_violence",
    "deaths_ahead",
    "deaths_together",
    "escalation",
    "everywhere",
    "observed_window",
    "violence",
]

#: Window of an escalation, the months before it that it is measured against, its fewest deaths and its factor.
ESCALATION_WINDOW, ESCALATION_DEATHS, ESCALATION_FACTOR = 3, 25, 2
#: Months with a death in them before an escalation, without which it is an onset.
ACTIVE_MONTHS = 12


def observed_window(panel: Panel, horizon: int) -> BoolArray:
    """Origins whose unit is observed at t and in every month of (t, t + H], shape (T, U)."""
    return panel.observed & (window_sum(panel.observed, horizon) == horizon)


def violence(panel: Panel, horizon: int, *, deaths: int) -> NDArray[np.float64]:
    """Label 1 where the deaths in (t, t + H] reach the threshold, shape (T, U)."""
    reached = window_sum(panel.deaths, horizon) >= deaths
    return np.where(observed_window(panel, horizon), reached, np.nan)


def escalation(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Label 1 where deaths in (t, t + 3] are at least 25 and twice max(deaths in (t - 3, t], 1), shape (T, U).

    Defined at H = 3 alone; NaN too where the unit is not observed in all of (t - 3, t], for what was not counted would
    pass for quiet.
    """
    after, before = window_sum(panel.deaths, ESCALATION_WINDOW), rolling_sum(panel.deaths, ESCALATION_WINDOW)
    happened = (after >= ESCALATION_DEATHS) & (after >= ESCALATION_FACTOR * np.maximum(before, 1))
    known = observed_window(panel, ESCALATION_WINDOW)
    known &= rolling_sum(panel.observed, ESCALATION_WINDOW) == ESCALATION_WINDOW
    if horizon != ESCALATION_WINDOW:
        known[:] = False
    return np.where(known, happened, np.nan)


def deaths_together(panel: Panel, horizon: int, *, counts: str) -> NDArray[np.float64]:
    """Deaths in (t, t + H], of all types (``deaths``) or of one (such as ``sb_deaths``), shape (T, U)."""
    counted = panel.deaths if counts == "deaths" else panel.values[counts]
    return np.where(observed_window(panel, horizon), window_sum(counted, horizon), np.nan)


def deaths_ahead(panel: Panel, horizon: int, *, counts: str) -> NDArray[np.float64]:
    """Deaths in the month t + H alone, counted as by `deaths_together`, shape (T, U)."""
    before = deaths_together(panel, horizon - 1, counts=counts) if horizon > 1 else 0
    return deaths_together(panel, horizon, counts=counts) - before


def everywhere(panel: Panel) -> BoolArray:
    """Every observed unit and month, shape (T, U)."""
    return panel.observed


def active_violence(panel: Panel) -> BoolArray:
    """Observed units with a death in the last 12 months, shape (T, U): elsewhere more deaths are an onset."""
    return panel.observed & (rolling_sum(panel.deaths, ACTIVE_MONTHS) > 0)
