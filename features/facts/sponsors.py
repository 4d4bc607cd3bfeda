"""Changes of sponsor: a class of forces leaves at the host's initiative and another arrives within twelve months.

The arrival may come first: Russians were in Mali eight months before the last French soldier had to go. A force under
a new name is no change, and of a class that stays with another force nothing has left. Forces that are mostly the
host's own troops under a joint command (G5 Sahel, the Lake Chad force) count as ``regional`` like any other.
"""

from __future__ import annotations

from itertools import groupby, product
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from ..months import month_positions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["SWITCH_MONTHS", "sponsor_switches", "sponsor_values"]

#: Between the day on which the old class had left and the one on which the new class arrived, either way.
SWITCH_MONTHS: Final = 12
_LONGEST_HANDOVER: Final = pd.Timedelta(days=31)  # from a force to its successor of the same class
_MOVES: Final = ("arrival", "departure")
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
        for switch in _switches(_stays(_in_order(facts)))
    ]
    found = pd.DataFrame(rows, columns=list(_COLUMNS))
    types = {"gwno": "int32", **dict.fromkeys(("iso3", "left", "came"), "str")}
    types |= dict.fromkeys(("left_on", "came_on", "date", "known_on"), "datetime64[s]")
    return found.astype(types).sort_values(["date", "iso3", "left", "came"], ignore_index=True)


def sponsor_values(
    deployments: pd.DataFrame, *, countries: pd.Index, months: pd.PeriodIndex
) -> dict[str, NDArray[np.float32]]:
    """Count what hosts decided, in the month in which it had happened and was known, each of shape (T, C).

    Parameters
    ----------
    deployments
        The canonical table.
    countries
        Gleditsch-Ward numbers, C of them.
    months
        T months.

    Returns
    -------
    dict
        ``host_exits``, whole forces that the host told to go (a demand and the departure are one each), and
        ``sponsor_switches``, pairs of classes as `sponsor_switches` finds them in what was known by each month.
    """
    names = ("host_exits", "sponsor_switches")
    values = {name: np.zeros((len(months), len(countries)), np.float32) for name in names}
    position = month_positions(deployments[["date", "known_on"]].max(axis=1), months)
    ends = deployments["fact"].isin(("departure", "withdrawal_announced")) & deployments["regions"].isna()
    by_host = (ends & (deployments["initiator"] == "host")).to_numpy()
    here = countries.get_indexer(pd.Index(deployments["gwno"]))
    counted = by_host & (position >= 0) & (position < len(months)) & (here >= 0)
    np.add.at(values["host_exits"], (position[counted], here[counted]), 1)
    for country in np.unique(here[by_host & (here >= 0)]):
        seen = set[tuple[object, ...]]()
        mine = here == country
        own = _in_order(deployments[mine].assign(position=position[mine]))
        moves = {fact.position for fact in own if fact.fact in _MOVES and fact.position < len(months)}
        for month in sorted(moves):
            found = {switch[:4] for switch in _switches(_stays([fact for fact in own if fact.position <= month]))}
            if month >= 0:
                values["sponsor_switches"][month, country] = len(found - seen)
            seen |= found
    return values


def _in_order(facts: pd.DataFrame) -> list[Any]:
    """Facts of one country as named tuples, those of a force together, each force's by date."""
    return list(facts.sort_values(["deployment", "date", "fact_id"]).itertuples(index=False))


def _stays(facts: list[Any]) -> list[_Stay]:
    stays: list[_Stay] = []
    for _, own in groupby(facts, key=lambda fact: fact.deployment):
        force = list(own)
        arrivals = [fact for fact in force if fact.fact == "arrival"]
        ends = [fact for fact in force if fact.fact == "departure" and pd.isna(fact.regions)]
        if not arrivals:
            continue
        first, last = arrivals[0], ends[-1] if ends else None
        stays.append(
            _Stay(
                first.actor_class,
                first.date,
                None if last is None else last.date,
                None if last is None or pd.isna(last.initiator) else last.initiator,
                first.known_on,
                None if last is None else last.known_on,
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
