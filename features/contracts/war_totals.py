"""War totals that a source dates by one day, and what a unit had usually in their place.

UCDP books what is known of a war or of a year only as one sum by an event on the day where it begins: 114,614 deaths in
21 events stand in Ethiopia's January 2021. Such a month is no month's deaths. It stays in the labels, and is kept out
of what a forecaster is told of the past.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


__all__ = ["mark_war_totals"]

#: Preceding unmarked months that tell what is usual; with fewer, nothing is marked.
USUAL_MONTHS: Final = 12
#: Fewest deaths of a war total.
FEWEST_DEATHS: Final = 1_000
#: Times the usual deaths of a month.
JUMP: Final = 5
#: Deaths an event at which fighting is a total in any month.
DEATHS_AN_EVENT: Final = 350
#: Deaths an event at which fighting between groups in January, where totals of a year are dated, is one ...
JANUARY_DEATHS_AN_EVENT: Final = 8
#: ... and times the usual deaths an event.
JANUARY_RATIO: Final = 4
_FIRST_MONTH: Final = 1989 * 12
_YEAR: Final = 12
#: Types that are fighting: a massacre can kill thousands in days, so that one-sided violence is never marked.
_FIGHTING: Final = ("sb", "ns")


def mark_war_totals(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Which rows of a table of countries' months hold totals, shape (n,), from rows up to each one's month alone.

    Parameters
    ----------
    table
        Columns ``gwno``, ``month``, ``violence_type``, ``events`` and ``deaths``; an absent row is a month without.
    """
    marked = np.zeros(len(table), bool)
    month = (table["month"].dt.year * 12 + table["month"].dt.month - 1).to_numpy(np.int64) - _FIRST_MONTH
    events, deaths = (table[name].to_numpy(np.float64) for name in ("events", "deaths"))
    kind = table["violence_type"].to_numpy()
    for rows in table.groupby(["gwno", "violence_type"], sort=False).indices.values():
        if kind[rows[0]] in _FIGHTING and deaths[rows].max() >= FEWEST_DEATHS:
            in_order = rows[np.argsort(month[rows], kind="stable")]
            marked[in_order] = _of_unit(month[in_order], events[in_order], deaths[in_order], kind[in_order] == "ns")
    return marked


def _of_unit(
    month: NDArray[np.int64],
    events: NDArray[np.float64],
    deaths: NDArray[np.float64],
    between_groups: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    marked = np.zeros(len(month), bool)
    for i in np.flatnonzero((deaths >= FEWEST_DEATHS) & (events > 0)):
        earlier = np.setdiff1d(np.arange(max(month[i], 0)), month[:i][marked[:i]])[-USUAL_MONTHS:]
        if len(earlier) < USUAL_MONTHS:
            continue
        seen = np.isin(month[:i], earlier)
        usual_events, usual_deaths = events[:i][seen].sum(), deaths[:i][seen].sum()
        an_event = deaths[i] / events[i]
        usual_an_event = usual_deaths / usual_events if usual_events else 0.0
        january = month[i] % _YEAR == 0 and between_groups[i]
        year_total = january and an_event >= max(JANUARY_DEATHS_AN_EVENT, JANUARY_RATIO * usual_an_event)
        jumped = deaths[i] >= JUMP * max(usual_deaths / USUAL_MONTHS, 1.0)
        marked[i] = jumped and (an_event >= DEATHS_AN_EVENT or year_total)
    return marked
