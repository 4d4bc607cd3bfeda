"""Conflictology: a unit's own last twelve windows as the forecast distribution of its deaths.

The benchmark of Hegre et al. (2025), "The 2023/24 VIEWS prediction challenge": simple and hard to beat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..features.transforms import rolling_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..features.panel import Panel

__all__ = ["WINDOWS", "conflictology"]

#: Past windows that make up the distribution.
WINDOWS = 12


def conflictology(panel: Panel, horizon: int, *, at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sample the deaths in (t, t + H] with the totals of the last twelve windows of H months that ended by t.

    Parameters
    ----------
    panel
        T months x U units.
    horizon
        H, months.
    at
        Position of the origin of each unit, shape (U,).

    Returns
    -------
    Samples of shape (U, 12); NaN for windows that began before the unit was observed.
    """
    totals = rolling_sum(panel.deaths, horizon)
    complete = rolling_sum(panel.observed, horizon) == horizon
    totals = np.where(complete, totals, np.nan)
    ends = at[:, None] - np.arange(WINDOWS)[None, :]
    units = np.arange(len(at))[:, None]
    return np.where(ends >= 0, totals[np.maximum(ends, 0), units], np.nan)
