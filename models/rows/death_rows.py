"""Rows of counts: the deaths of one month ahead, as far as they were known at the end of a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...features.errors import CoverageError, UnknownNameError
from ...features.panels.ordinary import ordinary_by_type
from ...features.panels.ordinary import ordinary_deaths as of_all_types

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...features.panels.panel import Panel

__all__ = ["FEWEST_MONTHS", "OUTCOMES", "deaths_of", "history_rows", "known_pairs", "ordinary_deaths"]

#: Outcomes that can be forecast.
OUTCOMES = ("deaths", "sb_deaths", "ns_deaths", "os_deaths")
#: Fewest months of history from which anything is learned.
FEWEST_MONTHS = 12


def deaths_of(panel: Panel, outcome: str) -> NDArray[np.float32]:
    """Monthly deaths of all types or of one, shape (T, U).

    Raises
    ------
    UnknownNameError
        If there is no such outcome.
    """
    if outcome not in OUTCOMES:
        raise UnknownNameError("outcome", outcome, OUTCOMES)
    return np.asarray(panel.deaths if outcome == "deaths" else panel.values[outcome], np.float32)


def ordinary_deaths(panel: Panel, outcome: str) -> NDArray[np.float32]:
    """As `deaths_of`, with months of war totals replaced by what the unit had usually by then, shape (T, U).

    For scales, analogs and peaks; what is forecast and scored are `deaths_of`.

    Raises
    ------
    UnknownNameError
        If there is no such outcome.
    """
    if not panel.war_total.any():
        return deaths_of(panel, outcome)
    if outcome not in OUTCOMES:
        raise UnknownNameError("outcome", outcome, OUTCOMES)
    return of_all_types(panel) if outcome == "deaths" else ordinary_by_type(panel)[outcome]


def history_rows(panel: Panel, *, last: int, horizons: int) -> None:
    """Check that there is enough history to learn from.

    Raises
    ------
    CoverageError
        If there is not.
    """
    if last + 1 < FEWEST_MONTHS + horizons or last >= panel.shape[0]:
        msg = f"{last + 1} of {panel.shape[0]} months are too few to learn {horizons} months ahead from."
        raise CoverageError(msg, remedy=f"Choose an origin with at least {FEWEST_MONTHS + horizons} months before it.")


def known_pairs(panel: Panel, horizon: int, *, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of month and unit, (n,), of origins whose month ``origin + horizon`` is over by ``last``."""
    stop = last - horizon + 1
    if stop <= first:
        none = np.zeros(0, np.int64)
        return none, none
    both = panel.observed[first:stop] & panel.observed[first + horizon : stop + horizon]
    month, unit = np.nonzero(both)
    return month + first, unit
