"""Events of the outlook, told by the deaths of a window against those before it: what rises, what falls, how bad.

Each is one rule over two numbers of a unit: the *measure* of its months ahead (their sum, or the worst of them) and a
*reference*, which is what there was up to t. The same rule labels what came and reads a probability from draws, so that
the two cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..transforms import rolling_max, rolling_sum, window_sum
from .violence import observed_window

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ..panels.panel import Panel

__all__ = ["BEFORE", "LONGEST", "WORST", "DeathsEvent", "crossing", "fall", "reaching", "rise", "worst"]

#: Months up to t in which a threshold must not have been reached for a crossing, and that a worst month exceeds.
BEFORE, WORST = 3, 60
#: Longest window, and so the longest before it, of a rise or fall; months.
LONGEST = 12
#: Fewest deaths in the window before from which a rise or fall is told, and in a worst month.
FEWEST_DEATHS = 25
#: Share of the draws in which an event must be possible for it to be told.
AT_RISK_DRAWS = 0.5
#: Deaths against those of as many months before that make a rise or a fall.
RISE, FALL = 1.3, 0.7


@dataclass(frozen=True)
class DeathsEvent:
    """An event told by deaths.

    Attributes
    ----------
    reference
        Function of panel and H: shape (T, U), what the months ahead are held against; NaN where the event cannot
        happen or what there was is not known.
    recalled
        The same of draws: function of the deaths of the months up to t, shape (n, B, K), and H: shape (n, K).
    happens
        Function of measure and reference, which broadcast: whether it happens.
    by_worst
        Measured by the worst month ahead instead of the sum of them all.
    changes
        Told against what there was in the unit, and not against a number that is the same for all.
    """

    reference: Callable[[Panel, int], NDArray[np.float64]]
    recalled: Callable[[NDArray[np.float32], int], NDArray[np.float64]]
    happens: Callable[[NDArray[Any], NDArray[np.float64]], NDArray[np.bool_]]
    by_worst: bool = False
    changes: bool = False

    def label(self, panel: Panel, horizon: int) -> NDArray[np.float64]:
        """Label 1 where it happens in (t, t + H], NaN where it cannot or is not known, shape (T, U)."""
        reference = self.reference(panel, horizon)
        measure = _worst_ahead(panel, horizon) if self.by_worst else window_sum(panel.deaths, horizon)
        known = observed_window(panel, horizon) & ~np.isnan(reference)
        return np.where(known, self.happens(measure, reference), np.nan)

    def chance(self, courses: NDArray[np.float32], reference: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of courses (U, H, K) in which it happens within their H months, shape (U,).

        The reference is known, shape (U,), or was drawn with each course, shape (U, K). Of the courses in which it can
        happen; NaN where it can in less than half of them.
        """
        measure = courses.max(axis=1) if self.by_worst else courses.sum(axis=1)
        each = np.broadcast_to(reference if reference.ndim > 1 else reference[:, None], measure.shape)
        possible = ~np.isnan(each)
        often = possible.mean(axis=1)
        share = (self.happens(measure, each) & possible).sum(axis=1) / np.maximum(possible.sum(axis=1), 1)
        return np.where(often < AT_RISK_DRAWS, np.nan, share)


def _worst_ahead(panel: Panel, horizon: int) -> NDArray[np.float64]:
    worst = np.full(panel.shape, np.nan)
    worst[:-horizon] = rolling_max(panel.deaths, horizon)[horizon:]
    return worst


def _recent(panel: Panel, months: int) -> NDArray[np.float64]:
    """Deaths in (t - months, t], NaN where the unit was not observed in all of them, shape (T, U)."""
    whole = rolling_sum(panel.observed, months) == months
    return np.where(panel.observed & whole, rolling_sum(panel.deaths, months), np.nan)


def reaching(deaths: int) -> DeathsEvent:
    """At least so many deaths in the window."""
    return DeathsEvent(
        lambda panel, _: np.where(panel.observed, 0.0, np.nan),
        lambda before, _: np.zeros((before.shape[0], before.shape[2])),
        lambda measure, _: measure >= deaths,
    )


def crossing(deaths: int) -> DeathsEvent:
    """At least so many deaths in the window, where those of (t - 3, t] were fewer."""

    def below(panel: Panel, _: int) -> NDArray[np.float64]:
        before = _recent(panel, BEFORE)
        return np.where(before < deaths, before, np.nan)

    def drawn_below(before: NDArray[np.float32], _: int) -> NDArray[np.float64]:
        lately = before[:, -BEFORE:].sum(axis=1)
        return np.where(lately < deaths, lately, np.nan)

    return DeathsEvent(below, drawn_below, lambda measure, _: measure >= deaths)


def _as_long_before(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Deaths in (t - H, t] where they are enough to tell a change from, shape (T, U)."""
    before = _recent(panel, horizon)
    return np.where(before >= FEWEST_DEATHS, before, np.nan)


def _drawn_as_long_before(before: NDArray[np.float32], horizon: int) -> NDArray[np.float64]:
    lately = before[:, -horizon:].sum(axis=1)
    return np.where(lately >= FEWEST_DEATHS, lately, np.nan)


def rise() -> DeathsEvent:
    """Deaths at least 1.3 times those of as many months before, of which there were 25."""
    rises = lambda measure, before: measure >= RISE * before  # noqa: E731  # a rule, named
    return DeathsEvent(_as_long_before, _drawn_as_long_before, rises, changes=True)


def fall() -> DeathsEvent:
    """Deaths at most .7 times those of as many months before, of which there were 25."""
    falls = lambda measure, before: measure <= FALL * before  # noqa: E731  # a rule, named
    return DeathsEvent(_as_long_before, _drawn_as_long_before, falls, changes=True)


def worst() -> DeathsEvent:
    """A month worse than every one of (t - 60, t], and of at least 25 deaths."""

    def record(panel: Panel, _: int) -> NDArray[np.float64]:
        whole = rolling_sum(panel.observed, WORST) == WORST
        return np.where(panel.observed & whole, rolling_max(panel.deaths, WORST), np.nan)

    return DeathsEvent(
        record,
        lambda before, _: before.max(axis=1).astype(np.float64),
        lambda measure, before: (measure > before) & (measure >= FEWEST_DEATHS),
        by_worst=True,
        changes=True,
    )
