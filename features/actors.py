"""Organised armed actors by unit: who fights where, how many groups there are, and who is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .months import month_positions
from .panel import ActorArrays
from .transforms import rolling_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["NO_EVENTS", "active_groups", "actor_arrays", "by_unit", "effective_groups", "lineage"]

#: Fewer events than this are rounding: a dyad's events are split over its countries, so counts may be fractions.
NO_EVENTS = 1e-6
#: Links of the lineage table through which an actor carries on what another was. A splinter is an actor of its own.
CONTINUITY = ("rename", "merger")


def lineage(links: pd.DataFrame, *, kinds: tuple[str, ...] = CONTINUITY) -> dict[int, frozenset[int]]:
    """Every actor's predecessors, and theirs in turn.

    Parameters
    ----------
    links
        The canonical table ``actor_lineage``: ``actor_id``, ``predecessor_id``, ``kind``.
    kinds
        Kinds of link to follow.
    """
    direct: dict[int, set[int]] = {}
    for actor, predecessor, kind in zip(links["actor_id"], links["predecessor_id"], links["kind"], strict=True):
        if kind in kinds:
            direct.setdefault(int(actor), set()).add(int(predecessor))
    closed: dict[int, frozenset[int]] = {}
    for actor in direct:
        seen: set[int] = set()
        waiting = [actor]
        while waiting:
            for predecessor in direct.get(waiting.pop(), set()) - seen:
                seen.add(predecessor)
                waiting.append(predecessor)
        closed[actor] = frozenset(seen - {actor})
    return closed


def actor_arrays(
    rows: pd.DataFrame,
    *,
    unit: pd.Series,
    units: pd.Index,
    months: pd.PeriodIndex,
    predecessors: dict[int, frozenset[int]],
) -> ActorArrays:
    """Lay actors out as months x pairs of actor and unit.

    Parameters
    ----------
    rows
        ``actor_id``, ``month``, ``events``, ``deaths``.
    unit
        Unit id of each row; rows of other units are left out.
    predecessors
        As made by `lineage`.
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
    lineage_events = events.copy()
    for (unit_position, actor), p in where.items():
        for predecessor in predecessors.get(actor, frozenset()):
            earlier = where.get((unit_position, predecessor))
            if earlier is not None:
                lineage_events[:, p] += events[:, earlier]
    return ActorArrays(pairs[:, 1].copy(), pairs[:, 0].copy(), events, deaths, lineage_events)


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
