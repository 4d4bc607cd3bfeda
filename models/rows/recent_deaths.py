"""A unit's own last months, newest first: all that a forecaster of deaths needs of the past beside the features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .death_rows import ordinary_deaths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...features.panels.panel import Panel

__all__ = ["RECENT_MONTHS", "UNSEEN", "own_past", "own_past_of_panel", "recent_deaths", "recent_names"]

#: Months that are looked back on.
RECENT_MONTHS = 60
#: Stands for a month in which the unit was not observed.
UNSEEN = -1.0
_YEAR = 12


def recent_names(months: int = RECENT_MONTHS) -> tuple[str, ...]:
    """Names of the columns of `recent_deaths`, as served models take them."""
    return tuple(f"deaths_{ago}_months_ago" for ago in range(months))


def recent_deaths(
    panel: Panel, outcome: str, *, month: NDArray[np.int64], unit: NDArray[np.int64], months: int = RECENT_MONTHS
) -> NDArray[np.float64]:
    """Deaths of the month itself and of those before it, newest first, shape (n, months).

    Parameters
    ----------
    month, unit
        Positions, shape (n,).
    months
        How many months, the month itself with them.

    Returns
    -------
    Whole deaths, usual ones in place of war totals; `UNSEEN` where the unit was not observed, or before the data begin.
    """
    at = month[:, None] - np.arange(months)
    seen = np.where(panel.observed, ordinary_deaths(panel, outcome), UNSEEN)
    return np.where(at >= 0, seen[np.maximum(at, 0), unit[:, None]], UNSEEN).astype(np.float64)


def own_past(recent: NDArray[np.float64]) -> NDArray[np.float64]:
    """A constant, logs of the mean deaths of the last 1, 3, 6 and 12 months, and their restlessness, (n, 6).

    Restlessness is the standard deviation of the logs of the last 12 months' deaths. A month that was not observed
    counts as one without deaths.
    """
    year = np.maximum(recent[:, :_YEAR], 0.0)
    means = [np.log1p(year[:, :months].sum(axis=1) / months) for months in (1, 3, 6, _YEAR)]
    return np.stack([np.ones(len(recent)), *means, np.log1p(year).std(axis=1)], axis=1)


def own_past_of_panel(panel: Panel, outcome: str) -> NDArray[np.float64]:
    """`own_past` of every month and unit, shape (T, U, 6)."""
    months, units = panel.shape
    month, unit = np.divmod(np.arange(months * units), units)
    return own_past(recent_deaths(panel, outcome, month=month, unit=unit, months=_YEAR)).reshape(months, units, -1)
