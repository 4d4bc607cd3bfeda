"""Transforms over time and space on arrays of months x units, shape (T, U).

Every one is causal: row t of the result depends on rows 0..t of the input alone. Windows are cut short at the start of
the data. Each has a slow twin in the tests, a plain loop that anyone can read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import signal, sparse
from scipy.ndimage import maximum_filter1d

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .arrays import FloatArray

__all__ = [
    "decay",
    "expanding_mean",
    "lag",
    "months_since",
    "rolling_max",
    "rolling_mean_and_spread",
    "rolling_sum",
    "spatial_sum",
    "window_sum",
]


def rolling_sum(x: NDArray[Any], window: int) -> NDArray[np.float64]:
    """Sum over the months (t - window, t], shape (T, U)."""
    total = np.cumsum(x, axis=0, dtype=np.float64)
    total[window:] -= total[:-window].copy()
    return total


def rolling_max(x: NDArray[Any], window: int) -> NDArray[Any]:
    """Maximum over the months (t - window, t], shape (T, U)."""
    # the filter's origin is moved so that its window ends at t instead of being centred on it
    return maximum_filter1d(x, size=window, axis=0, mode="nearest", origin=(window - 1) // 2)


def rolling_mean_and_spread(x: NDArray[Any], window: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and population standard deviation over (t - window, t], months before the data as zeros, each (T, U)."""
    mean = rolling_sum(x, window) / window
    square = rolling_sum(np.square(x, dtype=np.float64), window) / window
    return mean, np.sqrt(np.maximum(square - mean**2, 0))


def window_sum(x: NDArray[Any], horizon: int) -> NDArray[np.float64]:
    """Sum over the months (t, t + horizon] *after* t; NaN where the window runs past the data. For labels only."""
    total = np.full(x.shape, np.nan)
    if horizon < x.shape[0]:
        cumulative = np.cumsum(x, axis=0, dtype=np.float64)
        total[:-horizon] = cumulative[horizon:] - cumulative[:-horizon]
    return total


def lag(x: NDArray[Any], months: int) -> NDArray[Any]:
    """Value ``months`` earlier, zero before the data begin, shape (T, U)."""
    moved = np.zeros_like(x)
    moved[months:] = x[: x.shape[0] - months]
    return moved


def decay(x: NDArray[Any], half_life: float) -> NDArray[np.float64]:
    """Exponentially fading sum: y_t = x_t + 2^(-1/half_life) y_(t-1), shape (T, U)."""
    return np.asarray(signal.lfilter([1.0], [1.0, -(0.5 ** (1.0 / half_life))], x.astype(np.float64), axis=0))


def months_since(happened: NDArray[np.bool_], *, cap: int) -> NDArray[np.float64]:
    """Months since it last happened, 0 in the month itself, at most ``cap``, and ``cap`` if it never did."""
    index = np.arange(happened.shape[0], dtype=np.float64)[:, None]
    last = np.maximum.accumulate(np.where(happened, index, -np.inf), axis=0)
    return np.minimum(index - last, cap)


def expanding_mean(x: NDArray[Any], counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Mean over the counted months up to t, zero where there is none yet, shape (T, U)."""
    total = np.cumsum(np.where(counted, x, 0), axis=0, dtype=np.float64)
    return total / np.maximum(np.cumsum(counted, axis=0), 1)


def spatial_sum(x: FloatArray, neighbours: sparse.csr_array) -> NDArray[np.float64]:
    """Sum over the units that touch each unit, shape (T, U)."""
    return np.asarray((neighbours @ x.T).T, dtype=np.float64)
