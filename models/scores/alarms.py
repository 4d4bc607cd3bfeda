"""Alarms: how many spells there were, how early they were called, and how many false alarms each true one cost.

Rows of one spell are one event seen from several origins, so spells are counted beside rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Alarms", "Spells", "alarms", "spells"]


@dataclass(frozen=True)
class Spells:
    """Runs of consecutive months with outcome 1 in one unit, S of them.

    Attributes
    ----------
    of_row
        Spell of each row, shape (n,); -1 where the outcome is 0.
    unit, end
        Unit, and the month after its last one: when it had happened, each of shape (S,).
    """

    of_row: NDArray[np.int64]
    unit: NDArray[np.int64]
    end: NDArray[np.int64]

    def __len__(self) -> int:
        """Count the spells."""
        return len(self.unit)


def spells(y: NDArray[np.float64], unit: NDArray[np.int64], month: NDArray[np.int64]) -> Spells:
    """Find the spells of rows in any order.

    Examples
    --------
    >>> found = spells(np.array([1.0, 1, 0, 1]), np.array([5, 5, 5, 5]), np.array([1, 2, 3, 4]))
    >>> len(found), found.of_row.tolist(), found.end.tolist()
    (2, [0, 0, -1, 1], [3, 5])
    """
    of_row = np.full(len(y), -1, np.int64)
    units: list[int] = []
    ends: list[int] = []
    for row in np.lexsort((month, unit)):
        if y[row] != 1:
            continue
        if units and units[-1] == unit[row] and ends[-1] == month[row]:
            ends[-1] += 1
        else:
            units.append(int(unit[row]))
            ends.append(int(month[row]) + 1)
        of_row[row] = len(units) - 1
    return Spells(of_row, np.array(units, np.int64), np.array(ends, np.int64))


@dataclass(frozen=True)
class Alarms:
    """What the ``top`` units of each month were worth as alarms.

    Attributes
    ----------
    top
        Units called each month.
    false_per_true
        False alarms for each true one; infinite where none was true.
    spells, called
        Spells, and those of them that were called at least once.
    lead_months
        Median over called spells of the months from the first call to the end of the spell, NaN where none was.
    """

    top: int
    false_per_true: float
    spells: int
    called: int
    lead_months: float


def alarms(
    y: NDArray[np.float64],
    probability: NDArray[np.float64],
    unit: NDArray[np.int64],
    month: NDArray[np.int64],
    *,
    top: int,
) -> Alarms:
    """Call the ``top`` units of every month by their probability and see what came of it.

    Parameters
    ----------
    y, probability, unit, month
        Outcome, forecast, unit and origin of each row, shape (n,).
    """
    called = np.zeros(len(y), bool)
    for origin in np.unique(month):
        rows = np.flatnonzero(month == origin)
        called[rows[np.argsort(-probability[rows], kind="stable")[:top]]] = True
    true = float(y[called].sum())
    found = spells(y, unit, month)
    leads = [
        found.end[spell] - month[called & (found.of_row == spell)].min()
        for spell in range(len(found))
        if (called & (found.of_row == spell)).any()
    ]
    return Alarms(
        top=top,
        false_per_true=(float(called.sum()) - true) / true if true else float("inf"),
        spells=len(found),
        called=len(leads),
        lead_months=float(np.median(leads)) if leads else float("nan"),
    )
