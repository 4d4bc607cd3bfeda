"""One month ahead of the hurdle model: whether there are deaths, and how many where there are some."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import lightgbm as lgb
    from numpy.typing import NDArray

    from ..learners.calibration import Calibration

__all__ = ["MonthAhead"]

#: Analogs: errors at the nearest forecasts that make up the distribution of positive deaths.
ANALOGS = 300
#: No month is forecast to be worse than this many times the unit's own worst one of late, unless an analog's was.
CEILING = 2.0
#: Logs by which an error may lift a forecast at most. Of 2.0, 2.5, 3.0 and 3.5 on origins of 2008 to 2017 it is the one
#: whose mean is nearest to what came, at a CRPS that differs by less than a thousandth (docs/deaths.md).
MOST_LIFT = 2.0


@dataclass(frozen=True)
class MonthAhead:
    """One month ahead.

    Attributes
    ----------
    hurdle, calibration
        P(deaths > 0) and its recalibration.
    line, size
        Expected log of the deaths: coefficients of the unit's last months, and the trees that correct them.
    spread
        Coefficients of the log of the size of the errors.
    forecast, error
        Forecasts of the later block, sorted, and the errors there in units of their spread, each of shape (n,).
    followed
        Deaths that came there, usual ones in place of war totals, shape (n,).
    """

    hurdle: lgb.Booster
    calibration: Calibration
    line: NDArray[np.float64]
    size: lgb.Booster
    spread: NDArray[np.float64]
    forecast: NDArray[np.float64]
    error: NDArray[np.float64]
    followed: NDArray[np.float64]

    def passed(self, x: NDArray[np.float32]) -> NDArray[np.float64]:
        """P(deaths > 0), shape (n,)."""
        raw = np.asarray(self.hurdle.predict(x, num_threads=1), np.float64)
        return np.clip(self.calibration.probability(raw), 1e-5, 1 - 1e-5)

    def quantile(
        self, x: NDArray[np.float32], past: NDArray[np.float64], levels: NDArray[np.float64], own: NDArray[np.float64]
    ) -> NDArray[np.float32]:
        """Whole deaths, at least 1, at the levels (n, k) of the distribution where there are some.

        Parameters
        ----------
        own
            Worst month of each unit of late, shape (n,).
        """
        # sums row by row, not a matrix product: a row gives the same bits in any company
        centre = (past[:, : len(self.line)] * self.line).sum(axis=1) + np.asarray(self.size.predict(x, num_threads=1))
        stretch = np.exp((past * self.spread).sum(axis=1))
        k = min(ANALOGS, len(self.forecast))
        start = np.clip(np.searchsorted(self.forecast, centre) - k // 2, 0, len(self.forecast) - k)
        grid = (np.arange(k) + 0.5) / k
        out = np.empty(levels.shape, np.float32)
        for row, first in enumerate(start):
            errors = np.interp(levels[row], grid, np.sort(self.error[first : first + k]))
            ceiling = max(CEILING * own[row], self.followed[first : first + k].max())
            lift = np.minimum(stretch[row] * errors, MOST_LIFT)
            out[row] = np.exp(np.minimum(centre[row] + lift, np.log(ceiling)))
        return np.maximum(np.rint(out), 1.0)
