"""Courses of deaths multiplied: whole deaths stay whole, and their mean is multiplied as asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["scaled"]


def scaled(courses: NDArray[np.float32], factor: NDArray[np.float64], *, seed: int = 0) -> NDArray[np.float32]:
    """Multiply each unit's courses, shape (U, H, K), rounded up or down at random with the mean kept.

    Parameters
    ----------
    factor
        Shape (U,); where it is one, courses stay as they are to the last bit. A month without deaths stays one.
    seed
        Of the rounding, which is the same for all units, so that equal factors keep courses in order.
    """
    moved = np.flatnonzero(factor != 1)
    if not len(moved):
        return courses
    out = courses.copy()
    up = np.random.default_rng(seed).random(courses.shape[1:])
    for unit in moved:
        out[unit] = np.floor(courses[unit] * factor[unit] + up)
    return out
