"""Changes of sponsor: a class of forces leaves at the host's initiative and another arrives within twelve months.

The arrival may come first: Russians were in Mali eight months before the last French soldier had to go. A force under
a new name is no change, and of a class that stays with another force nothing has left. Forces that are mostly the
host's own troops under a joint command (G5 Sahel, the Lake Chad force) count as ``regional`` like any other.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SWITCH_MONTHS", "sponsor_switches"]

#: Between the day on which the old class had left and the one on which the new class arrived, either way.
SWITCH_MONTHS: Final = 12
_LONGEST_HANDOVER: Final = pd.Timedelta(days=31)  # from a force to its successor of the same class
_COLUMNS: Final = ("iso3", "gwno", "left", "left_on", "came", "came_on", "date", "known_on")


class _Stay(NamedTuple):
    """A force in a country, from its first arrival to its end there, or to no end so far."""

    actor_class: str
    start: pd.Timestamp
    end: pd.Timestamp | None
    initiator: str | None
    known_start: pd.Timestamp
    known_end: pd.Timestamp | None

    def stands_on(self, day: pd.Timestamp) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


def sponsor_switches(deployments: pd.DataFrame) -> pd.DataFrame:
    """Find the changes of sponsor.

    Parameters
    ----------
    deployments
        The canonical table, or what of it was known by a day.

    Returns
    -------
    DataFrame
        One row per class that left and class that came: ``iso3, gwno, left, left_on, came, came_on``, ``date`` (the
        later of the two days) and ``known_on`` (when the last of the facts that it follows from was known), by date.
    """
    rows = [
        (iso3, gwno, *switch)
        for (iso3, gwno), facts in deployments.groupby(["iso3", "gwno"], sort=True)
        for switch in _switches(_stays(facts))
    ]
    found = pd.DataFrame(rows, columns=list(_COLUMNS))
    types = {"gwno": "int32", **dict.fromkeys(("iso3", "left", "came"), "str")}
    types |= dict.fromkeys(("left_on", "came_on", "date", "known_on"), "datetime64[s]")
    return found.astype(types).sort_values(["date", "iso3", "left", "came"], ignore_index=True)


def _stays(facts: pd.DataFrame) -> list[_Stay]:
    stays: list[_Stay] = []
    for _, own in facts.sort_values(["date", "fact_id"]).groupby("deployment", sort=True):
        arrivals = own[own["fact"] == "arrival"]
        ends = own[(own["fact"] == "departure") & own["regions"].isna()]
        if arrivals.empty:
            continue
        first = arrivals.iloc[0]
        last = None if ends.empty else ends.iloc[-1]
        stays.append(
            _Stay(
                first["actor_class"],
                first["date"],
                None if last is None else last["date"],
                None if last is None or pd.isna(last["initiator"]) else last["initiator"],
                first["known_on"],
                None if last is None else last["known_on"],
            )
        )
    return stays


def _switches(stays: list[_Stay]) -> Iterator[tuple[object, ...]]:
    months = pd.DateOffset(months=SWITCH_MONTHS)
    for old, new in product(stays, stays):
        if old.initiator != "host" or old.end is None or old.known_end is None or old.actor_class == new.actor_class:
            continue
        if not old.end - months <= new.start <= old.end + months:
            continue
        others = [stay for stay in stays if stay not in (old, new)]
        of_old = [stay for stay in others if stay.actor_class == old.actor_class]
        of_new = [stay for stay in others if stay.actor_class == new.actor_class]
        if any(stay.stands_on(old.end) or old.end <= stay.start <= old.end + _LONGEST_HANDOVER for stay in of_old):
            continue
        if any(stay.stands_on(new.start) or stay.stands_on(new.start - _LONGEST_HANDOVER) for stay in of_new):
            continue
        gone = [stay.known_end for stay in of_old if stay.known_end is not None and stay.start <= old.end]
        known = max(old.known_end, new.known_start, *gone)
        yield old.actor_class, old.end, new.actor_class, new.start, max(old.end, new.start), known
