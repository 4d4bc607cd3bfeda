"""Courses that go on beyond the last month that a forecaster learned: as courses that were alike by then went on.

Windows that start months after the data end need months further ahead than are learned. How far deaths of the last
learned months may stray changes little from one of them to the next, so a course goes on with the last months of
another course of the same unit that had about as many deaths in them: what lasts lasts, and no two courses go on for
certain as they were. How near the other must be was chosen on origins up to 2017 (docs/windows-from-today.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["TAIL", "continued", "months_ahead", "successors"]

#: Months at the end of a course that another goes on with.
TAIL = 6
#: Share of the courses, ordered by the deaths of these months, that a course's successor is taken from on either side.
NEAR = 0.2


def successors(courses: NDArray[np.float32], *, seed: int, near: float = NEAR) -> NDArray[np.int64]:
    """Number of the course of the same unit that each of the courses (U, H, K) goes on as, shape (U, K).

    Parameters
    ----------
    seed
        Of the distances in the order; the same for every unit, so that one's courses move no other's.
    near
        How far away in the order it may be at most, as a share of the courses; 0 is the course itself.
    """
    drawn = courses.shape[2]
    most = int(near * drawn)
    apart = np.abs(np.arange(drawn) + np.random.default_rng(seed).integers(-most, most + 1, drawn))
    place = np.where(apart < drawn, apart, 2 * (drawn - 1) - apart)  # thrown back at both ends
    order = courses[:, -TAIL:].sum(axis=1).argsort(axis=1, kind="stable")
    out = np.empty_like(order)
    np.put_along_axis(out, order, order[:, place], axis=1)
    return out


def continued(courses: NDArray[np.float32], months: int, follow: NDArray[np.int64]) -> NDArray[np.float32]:
    """Courses (U, H, K) with so many more months, shape (U, H + months, K).

    Parameters
    ----------
    follow
        What each goes on as, shape (U, K). Parts of a whole that follow as it does go on adding up to it.

    Examples
    --------
    >>> courses = np.arange(14, dtype=np.float32).reshape(1, 7, 2)
    >>> continued(courses, 7, np.array([[1, 0]]))[0, 7:, 0].tolist()
    [3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 2.0]
    """
    parts, at, left = [courses], follow, months
    tail = courses[:, -TAIL:]
    while left > 0:
        parts.append(np.take_along_axis(tail, at[:, None], axis=2)[:, :left])
        at, left = np.take_along_axis(follow, at, axis=1), left - TAIL
    return np.concatenate(parts, axis=1)


def months_ahead(courses: NDArray[np.float32], ahead: NDArray[np.int64], *, seed: int) -> NDArray[np.float32]:
    """What courses (U, H, K) of units say of months so far ahead, each at least 1, (U, m); shape (U, m, K).

    Beyond the last month that was learned they are `continued`.
    """
    more = max(int(ahead.max(initial=0)) - courses.shape[1], 0)
    longer = continued(courses, more, successors(courses, seed=seed)) if more else courses
    return longer[np.arange(len(courses))[:, None], ahead - 1]
