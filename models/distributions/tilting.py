"""Courses of deaths brought to calibrated probabilities, so that a table's thresholds and quantiles agree.

The courses of a unit are weighted anew, as little as can be, until the shares that reach each threshold within each
window are the calibrated probabilities: raking of the table of when 1 and when 25 deaths are reached first (Deming &
Stephan 1940), which is entropic tilting towards these moments (Krueger, Clark & Ravazzolo 2017). Then as many courses
as before are taken by their weights, evenly (systematic resampling). Where no course does what has a probability, a
few are added that do it with the least change: thinned before the window, or with the threshold's deaths in one of its
months.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .distribution import THRESHOLDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["in_order", "tempered", "tilted"]

#: A mean may be above the 95 % quantile up to this many deaths: where nothing is likely, something still can happen.
SMALL_MEAN = 25.0
#: Probability from which a way that no course takes is given some.
_WORTH = 0.001
_ROUNDS, _ADDED = 60, 64


def in_order(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of windows that never fall from a shorter to a longer one, shape (..., n), by running maximum.

    Examples
    --------
    >>> in_order(np.array([0.2, 0.1, 0.4])).tolist()
    [0.2, 0.2, 0.4]
    """
    return np.maximum.accumulate(chance, axis=-1)


def tilted(courses: NDArray[np.float32], chances: NDArray[np.float64], windows: tuple[int, ...]) -> NDArray[np.float32]:
    """Courses in which the share that reaches each threshold is its calibrated probability, shape (O, U, H, K).

    Parameters
    ----------
    courses
        Whole deaths, shape (O, U, H, K): of all types first, then of parts of them, which go along.
    chances
        P(deaths >= `THRESHOLDS`) within each window, shape (2, U, n), never falling with the window, the first never
        below the second; a unit with a NaN is left as it is.
    windows
        Months, n of them, ascending, at most H.
    """
    out = courses.copy()
    for unit in np.flatnonzero(~np.isnan(chances).any(axis=(0, 2))):
        out[:, unit] = _tilted(courses[:, unit], chances[:, unit], windows)
    return out


def _tilted(
    courses: NDArray[np.float32], chances: NDArray[np.float64], windows: tuple[int, ...]
) -> NDArray[np.float32]:
    wanted = np.diff(chances, axis=1, prepend=0.0, append=1.0)
    drawn = courses.shape[-1]
    some, prior = _with_ways(courses, wanted, windows)
    first = _first(some[0], windows)
    n = len(windows) + 1
    held = np.bincount(first[0] * n + first[1], prior, minlength=n * n).reshape(n, n)
    mass = held.copy()
    for _ in range(_ROUNDS):
        for axis in (0, 1):
            there = mass.sum(axis=1 - axis)
            scale = np.divide(wanted[axis], there, out=np.zeros(n), where=there > 0)
            mass *= scale[:, None] if axis == 0 else scale[None, :]
    weight = (mass / np.where(held > 0, held, 1.0))[first[0], first[1]] * prior
    # in the order of what they do, so that evenly spaced picks give each way its share to within one course
    order = np.lexsort((some[0].sum(axis=0), first[1], first[0]))
    upto = np.cumsum(weight[order])
    at = np.searchsorted(upto, (np.arange(drawn) + 0.5) / drawn * upto[-1])
    return some[:, :, np.sort(order[np.minimum(at, len(order) - 1)])]


def _first(total: NDArray[np.float32], windows: tuple[int, ...]) -> NDArray[np.int64]:
    """Window in which each course (H, K) reaches each threshold first, n where in none, shape (2, K)."""
    sums = np.cumsum(total, axis=0)[np.array(windows) - 1]
    return np.stack([(sums < threshold).sum(axis=0) for threshold in THRESHOLDS])


def _with_ways(
    courses: NDArray[np.float32], wanted: NDArray[np.float64], windows: tuple[int, ...]
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Courses (O, H, K + added) with one at least for each way that has a probability, and their weights before."""
    drawn = courses.shape[-1]
    first = _first(courses[0], windows)
    spread = courses[0].sum(axis=0).argsort(kind="stable")[np.linspace(0, drawn - 1, _ADDED).astype(np.int64)]
    added: list[NDArray[np.float32]] = []
    for axis, threshold in enumerate(THRESHOLDS):
        taken = np.bincount(first[axis], minlength=len(windows) + 1)
        missing = np.flatnonzero((taken == 0) & (wanted[axis] > _WORTH)).tolist()
        added += [_on_the_way(courses[:, :, spread], threshold, way, windows) for way in missing]
    some = np.concatenate([courses, *added], axis=-1)
    prior = np.full(some.shape[-1], 0.01 / drawn)
    prior[:drawn] = 1 / drawn
    return some, prior


def _on_the_way(
    courses: NDArray[np.float32], threshold: int, way: int, windows: tuple[int, ...]
) -> NDArray[np.float32]:
    """Courses (O, H, k) that reach the threshold in the window ``way`` first; in none if it is the last and one."""
    before = ([0, *windows])[way]
    out = courses.copy()
    if before:
        total = courses[0, :before].sum(axis=0)
        factor = np.minimum(1.0, (threshold - 1) / np.maximum(total, 1.0))
        out[:, :before] = np.floor(courses[:, :before] * factor)
    if way < len(windows):
        short = np.flatnonzero(out[0, : windows[way]].sum(axis=0) < threshold)
        month = before + short % (windows[way] - before)
        out[0, month, short] = threshold  # fewer before, and no more than is asked
    return out


def tempered(courses: NDArray[np.float32], windows: tuple[int, ...]) -> NDArray[np.float32]:
    """Courses whose mean, of each month and window, is at most its 95 % quantile or `SMALL_MEAN`, (O, U, H, K).

    The worst five per cent are lowered together until it is; parts stay within the whole.
    """
    out = courses.copy()
    for _ in range(4):
        for kind in range(len(out)):
            for month in range(out.shape[2]):
                unit, most = _too_high(out[kind, :, month])
                out[kind, unit, month] = np.minimum(out[kind, unit, month], most[:, None])
            for window in windows:
                total = out[kind, :, :window].sum(axis=1)
                unit, most = _too_high(total)
                factor = np.minimum(1.0, most[:, None] / np.maximum(total[unit], 1.0))
                out[kind, unit, :window] = np.floor(out[kind, unit, :window] * factor[:, None])
        out[1:] = np.minimum(out[1:], out[:1])
    return out


def _too_high(values: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Rows of (n, K) whose mean is too high, and where to cut them off so that it is not."""
    allowed = np.maximum(np.quantile(values, 0.95, axis=1), SMALL_MEAN)
    rows = np.flatnonzero(values.mean(axis=1, dtype=np.float64) > allowed)
    most = np.empty(len(rows), np.float32)
    for place, row in enumerate(rows):
        low, high = 0.0, float(values[row].max())
        while high - low > 1:  # whole deaths
            middle = np.floor((low + high) / 2)
            fits = np.minimum(values[row], middle).mean(dtype=np.float64) <= allowed[row]
            low, high = (middle, high) if fits else (low, middle)
        most[place] = low
    return rows, most
