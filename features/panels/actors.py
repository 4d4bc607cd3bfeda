"""Organised armed actors by unit: who fights where, how many groups there are, and who is new."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..contracts.columns import EVERYWHERE
from ..months import month_positions
from ..transforms import rolling_sum
from .panel import ActorArrays, Lineage

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["NO_EVENTS", "active_groups", "actor_arrays", "by_unit", "effective_groups", "lineage", "with_forerunners"]

#: Fewer events than this are rounding: a dyad's events are split over its countries, so counts may be fractions.
NO_EVENTS = 1e-6
#: Links of the lineage table through which an actor carries on what another was. A splinter is an actor of its own.
CONTINUITY = ("rename", "merger")


def lineage(links: pd.DataFrame, *, gwno: int = EVERYWHERE) -> dict[int, dict[int, pd.Period]]:
    """Every actor's predecessors, and theirs in turn, with the month by whose end it was known.

    A predecessor's predecessor is known as soon as every link of one way to it is.

    Parameters
    ----------
    links
        The canonical table ``actor_lineage``: ``actor_id``, ``predecessor_id``, ``kind``, ``gwno``, ``known_on``.
    gwno
        Country: links that hold in another one alone are left out.
    """
    links = links[links["gwno"].isin([EVERYWHERE, gwno])]
    direct: dict[int, list[tuple[pd.Period, int]]] = {}
    known_in = pd.PeriodIndex(links["known_on"], freq="M")
    columns = (links["actor_id"], links["predecessor_id"], links["kind"])
    for actor, predecessor, kind, month in zip(*columns, known_in, strict=True):
        if kind in CONTINUITY:
            direct.setdefault(int(actor), []).append((month, int(predecessor)))
    closed: dict[int, dict[int, pd.Period]] = {}
    for actor, links_of in direct.items():
        known: dict[int, pd.Period] = {}
        waiting = list(links_of)
        heapify(waiting)
        while waiting:
            month, predecessor = heappop(waiting)
            if predecessor == actor or predecessor in known:
                continue
            known[predecessor] = month
            for further, earlier in direct.get(predecessor, []):
                heappush(waiting, (max(month, further), earlier))
        closed[actor] = known
    return closed


def actor_arrays(
    rows: pd.DataFrame,
    *,
    unit: pd.Series,
    units: pd.Index,
    months: pd.PeriodIndex,
    countries: pd.Series,
    links: pd.DataFrame,
) -> ActorArrays:
    """Lay actors out as months x pairs of actor and unit.

    Parameters
    ----------
    rows
        ``actor_id``, ``month``, ``events``, ``deaths``.
    unit
        Unit id of each row; rows of other units are left out.
    countries
        Country of each of ``units``.
    links
        The canonical table ``actor_lineage``.
    """
    position = units.get_indexer(pd.Index(unit))
    month = month_positions(rows["month"], months)
    inside = (position >= 0) & (month >= 0) & (month < len(months))
    if not inside.any():
        return ActorArrays.empty(len(months))
    keys = np.column_stack([position[inside], rows["actor_id"].to_numpy(np.int64)[inside]])
    pairs, pair = np.unique(keys, axis=0, return_inverse=True)
    pair = pair.reshape(-1)
    shape = (len(months), len(pairs))
    flat = month[inside] * len(pairs) + pair

    def laid_out(column: str) -> NDArray[np.float32]:
        weights = rows[column].to_numpy(np.float64)[inside]
        return np.bincount(flat, weights=weights, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float32)

    events, deaths = laid_out("events"), laid_out("deaths")
    where = {(int(u), int(a)): p for p, (u, a) in enumerate(pairs)}
    carried_on = {int(gwno): lineage(links, gwno=gwno) for gwno in {EVERYWHERE, *links["gwno"]}}
    country = countries.to_numpy(np.int64)
    found: list[tuple[int, int, int]] = []
    for (unit_position, actor), p in where.items():
        here = carried_on.get(int(country[unit_position]), carried_on[EVERYWHERE])
        for predecessor, known in here.get(actor, {}).items():
            earlier = where.get((unit_position, predecessor))
            if earlier is not None:
                found.append((p, earlier, max(known.ordinal - months[0].ordinal, 0)))
    heir, forerunner, known_at = np.array(sorted(found), np.int64).reshape(-1, 3).T
    return ActorArrays(pairs[:, 1].copy(), pairs[:, 0].copy(), events, deaths, Lineage(heir, forerunner, known_at))


def with_forerunners(x: NDArray[Any], actors: ActorArrays, *, ahead: int = 0) -> NDArray[np.float64]:
    """Add to each pair's value that of the pairs which it carries on, as was known by the end of month t + ``ahead``.

    Parameters
    ----------
    x
        Shape (T, P).
    ahead
        0 in features; in labels the horizon, for they may know what the window told.
    """
    total = x.astype(np.float64)
    lineage_of = actors.lineage
    for heir, forerunner, known in zip(lineage_of.heir, lineage_of.forerunner, lineage_of.known, strict=True):
        since = max(known - ahead, 0)
        total[since:, heir] += x[since:, forerunner]
    return total


def by_unit(x: NDArray[Any], actors: ActorArrays, n_units: int) -> NDArray[np.float64]:
    """Add pairs up to units: (T, P) to (T, U)."""
    out = np.zeros((x.shape[0], n_units))
    if len(actors.unit):
        starts = np.flatnonzero(np.r_[True, np.diff(actors.unit) > 0])
        out[:, actors.unit[starts]] = np.add.reduceat(x, starts, axis=1)
    return out


def active_groups(actors: ActorArrays, n_units: int, *, months: int = 12) -> NDArray[np.float64]:
    """Organised groups with at least one event over the last ``months``, shape (T, U)."""
    return by_unit(rolling_sum(actors.events, months) > NO_EVENTS, actors, n_units)


def effective_groups(actors: ActorArrays, n_units: int, *, months: int = 12) -> NDArray[np.float64]:
    """Effective number of armed groups, 1 / sum p_k^2 over shares of events; 0 where there is none, shape (T, U).

    Laakso & Taagepera (1979), used for armed groups by Dowd (2015). It falls when one challenger consolidates, so it
    is a feature and never a target.
    """
    events = np.maximum(rolling_sum(actors.events, months), 0)
    total = by_unit(events, actors, n_units)
    squares = by_unit(events**2, actors, n_units)
    return np.divide(total**2, squares, out=np.zeros_like(total), where=squares > NO_EVENTS**2)
