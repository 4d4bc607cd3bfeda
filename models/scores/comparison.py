"""How sure a mean score and a difference of two are.

Rows of one country are not independent, so the bootstrap draws countries and never rows. The Diebold-Mariano test
(1995) asks whether the monthly mean difference of two forecasters is zero, with the variance of Newey & West (1987).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["Interval", "bootstrap_mean", "bootstrap_means", "codes", "diebold_mariano", "how_sure"]

#: Bootstrap draws and the share of them that the interval holds.
DRAWS, LEVEL = 1_000, 0.90


@dataclass(frozen=True)
class Interval:
    """A mean score, or a mean difference, with its 90 % interval."""

    mean: float
    low: float
    high: float


def codes(names: pd.Series) -> NDArray[np.int64]:
    """Number of each row's name, such as its country, shape (n,), in the order of the names."""
    return np.unique(names.to_numpy(str), return_inverse=True)[1].astype(np.int64)


def how_sure(
    difference: NDArray[np.float64],
    country: NDArray[np.int64],
    month: NDArray[np.int64],
    *,
    horizon: int,
    seed: int = 0,
) -> dict[str, float]:
    """Mean difference of two forecasters with all that tells how sure it is.

    Parameters
    ----------
    difference, country, month
        Score of one forecaster less the other's, country and month of each row, shape (n,).
    horizon
        H, months.

    Returns
    -------
    ``difference``, the ends ``low`` and ``high`` of its `bootstrap_mean`, and ``statistic`` and ``p`` of
    `diebold_mariano`.
    """
    interval = bootstrap_mean(difference, country, seed=seed)
    statistic, p = diebold_mariano(difference, month, horizon=horizon)
    return {
        "difference": interval.mean,
        "low": interval.low,
        "high": interval.high,
        "statistic": statistic,
        "p": p,
    }


def bootstrap_mean(
    score: NDArray[np.float64], country: NDArray[np.int64], *, draws: int = DRAWS, seed: int = 0
) -> Interval:
    """Bootstrap a mean over countries drawn with replacement; for a difference, give the difference of two scores.

    Parameters
    ----------
    score
        Score of each row, shape (n,).
    country
        Country of each row, shape (n,).

    Returns
    -------
    NaN without rows; with fewer than two countries the ends are NaN, for one country says nothing of others.

    Examples
    --------
    >>> found = bootstrap_mean(np.array([0.0, 0.2, 0.1, 0.3]), np.array([0, 0, 1, 1]))
    >>> round(found.mean, 6), round(found.low, 6), round(found.high, 6)  # the means of either country
    (0.15, 0.1, 0.2)
    """
    if not len(score):
        return Interval(np.nan, np.nan, np.nan)
    mean = float(score.mean())
    if len(np.unique(country)) < 2:  # noqa: PLR2004  # one country says nothing of others
        return Interval(mean, np.nan, np.nan)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(bootstrap_means(score, country, draws=draws, seed=seed), [tail, 1 - tail])
    return Interval(mean, float(low), float(high))


def bootstrap_means(
    score: NDArray[np.float64], country: NDArray[np.int64], *, draws: int = DRAWS, seed: int = 0
) -> NDArray[np.float64]:
    """Mean of each bootstrap draw of countries with replacement, shape (draws,)."""
    _, code = np.unique(country, return_inverse=True)
    count = np.bincount(code).astype(np.float64)
    total = np.bincount(code, score)
    drawn = np.random.default_rng(seed).multinomial(len(count), np.full(len(count), 1 / len(count)), size=draws)
    return np.asarray((drawn @ total) / (drawn @ count), np.float64)


def diebold_mariano(
    difference: NDArray[np.float64], month: NDArray[np.int64], *, horizon: int = 1
) -> tuple[float, float]:
    """Test whether the monthly mean difference is zero.

    Windows of H months overlap for H - 1 months, so that many autocovariances enter, weighted as Bartlett's kernel
    does: v = g0 + 2 sum (1 - l / H) g_l, statistic = mean / sqrt(v / T). statsmodels' OLS of a constant with HAC errors
    gives the same but for the last digits (1e-14 of the statistic), which what was published has; a test holds both
    together.

    Parameters
    ----------
    difference
        Score of one forecaster less the other's, shape (n,).
    month
        Month of each row, shape (n,).
    horizon
        H, months.

    Returns
    -------
    Statistic (negative where the first is better, if lower is better) and two-sided p-value of the normal
    distribution; NaN where there are fewer than two months or nothing varies.

    Examples
    --------
    >>> statistic, p = diebold_mariano(np.array([-0.3, -0.1, -0.3, -0.1]), np.array([0, 1, 2, 3]))
    >>> round(statistic, 6)  # -.2 by sqrt(.01 / 4)
    -4.0
    """
    _, code = np.unique(month, return_inverse=True)
    if code.size == 0 or code.max() < 1:
        return float("nan"), float("nan")
    monthly = np.bincount(code, difference) / np.bincount(code)
    n = len(monthly)
    centred = monthly - monthly.mean()
    variance = centred @ centred / n
    for lag in range(1, min(horizon, n)):
        variance += 2 * (1 - lag / horizon) * (centred[lag:] @ centred[:-lag]) / n
    if variance <= 0:
        return float("nan"), float("nan")
    statistic = float(monthly.mean() / np.sqrt(variance / n))
    return statistic, float(2 * norm.sf(abs(statistic)))
