"""Fragmentation measured: where state control is contested, by whom, and how far a country's territory is divided.

Events show where groups fight. Full control is quiet, so these are measures of contestation and footprint, and
a region without events counts as held by the state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..transforms import rolling_sum
from .actors import NO_EVENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..arrays import BoolArray, FloatArray
    from .panel import ActorArrays, Panel

__all__ = [
    "CONTESTED_DEATHS",
    "CONTESTED_EVENTS",
    "MEASURE_MONTHS",
    "STATE",
    "contested",
    "dominant_bloc",
    "fragmentation_index",
    "holders",
    "knows_sides",
    "organised",
    "territories",
    "territory_holders",
    "territory_index",
]

#: The window of every measure here, months.
MEASURE_MONTHS = 12
#: Organised events and deaths in the window from which a region's control is contested.
CONTESTED_EVENTS, CONTESTED_DEATHS = 5, 25
#: Holder of a region that nobody contests. No actor of UCDP has this id.
STATE = 0
#: Territory that left a state while its events are counted: new state, old state, first month of its own.
SECEDED = {626: (625, "2011-07")}


def contested(panel: Panel) -> BoolArray:
    """Regions whose control is contested at t, shape (T, U).

    C = 1 where, over the months (t - 12, t], organised actors fought at least 5 events with at least 25 deaths, and at
    least one non-state armed group took part. Organised are UCDP's types 1 and 3, and type 2 between groups of
    organisation level 1: communal violence is violence, not contestation.

    Where it is not known who fought, a group took part if there was a state-based event, and `organised` says what
    counts. Against the definition by sides, over Nigeria 2011 to 2019 and Sudan 2011 to 2023, 95 of 100 region-months
    that are contested by events are so by sides, and 85 of 100 the other way: what it misses are organisations that
    fight each other. Elsewhere, where the sides of three quarters of the events are at hand (2011 to 2020), 80 and 84.
    """
    events, deaths = (rolling_sum(measure, MEASURE_MONTHS) for measure in organised(panel))
    if knows_sides(panel):
        armed = dominant_bloc(panel.actors, panel.shape[1]) != STATE
    else:
        deaths = rolling_sum(panel.deaths, MEASURE_MONTHS) * _share(events, rolling_sum(panel.events, MEASURE_MONTHS))
        armed = rolling_sum(panel.values["sb_events"], MEASURE_MONTHS) >= 1 - NO_EVENTS
    return armed & (events >= CONTESTED_EVENTS - NO_EVENTS) & (deaths >= CONTESTED_DEATHS - NO_EVENTS)


def knows_sides(panel: Panel) -> bool:
    """Whether it is known who fought in the regions of a panel."""
    return "organised_events" in panel.values


def organised(panel: Panel) -> tuple[FloatArray, FloatArray]:
    """Events and deaths between organised actors in each month, each of shape (T, U).

    Where it is not known who fought: the state-based and one-sided events, and the same share of all deaths.
    """
    if knows_sides(panel):
        return panel.values["organised_events"], panel.values["organised_deaths"]
    events = panel.values["sb_events"] + panel.values["os_events"]
    return events, panel.deaths * _share(events, panel.events)


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > NO_EVENTS)


def dominant_bloc(actors: ActorArrays, n_units: int) -> NDArray[np.int64]:
    """The non-state bloc with most organised events over (t - 12, t], shape (T, U); `STATE` where there is none.

    Every actor is a bloc of its own. Ties go to the lower id.
    """
    n_months = actors.events.shape[0]
    out = np.full((n_months, n_units), STATE, np.int64)
    best = np.full((n_months, n_units), NO_EVENTS)
    events = rolling_sum(actors.events, MEASURE_MONTHS)
    for unit, block in sorted({(int(u), int(b)) for u, b in zip(actors.unit, actors.actor, strict=True)}):
        total = events[:, (actors.unit == unit) & (actors.actor == block)].sum(axis=1)
        leads = total > best[:, unit] + NO_EVENTS
        out[leads, unit] = block
        best[leads, unit] = total[leads]
    return out


def holders(panel: Panel) -> NDArray[np.int64]:
    """Who holds each region: its dominant non-state bloc where contested, else `STATE`; shape (T, U)."""
    return np.where(contested(panel), dominant_bloc(panel.actors, panel.shape[1]), STATE)


def fragmentation_index(held: NDArray[np.int64], *, weight: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Territorial fragmentation index, TFI = 1 - sum over blocs of (share of regions held)^2, shape (T,).

    One minus the Herfindahl index of who holds the regions, the state being one bloc: 0 where one holds all. The same
    form as Laakso & Taagepera (1979), over territory instead of votes.

    Parameters
    ----------
    held
        Holder of each region, shape (T, U).
    weight
        Weight of each region, such as its population, shape (U,); every region weighs the same by default.

    Examples
    --------
    >>> held = np.array([[0, 0, 0, 0], [0, 0, 7, 7], [0, 0, 7, 8]])
    >>> fragmentation_index(held).tolist()
    [0.0, 0.5, 0.625]
    >>> fragmentation_index(held, weight=np.array([8.0, 0.0, 1.0, 1.0]))[1].round(2).item()
    0.32
    """
    share = np.ones(held.shape[1]) if weight is None else np.asarray(weight, np.float64)
    share = share / share.sum()
    squares = np.zeros(held.shape[0])
    for holder in np.unique(held):
        squares += ((held == holder) @ share) ** 2
    return np.maximum(1 - squares, 0.0).round(12)  # shares of an undivided state add up to 1 but for the last digit


def territories(panel: Panel) -> dict[int, NDArray[np.int64]]:
    """Positions of the regions of each state that has event rows, by Gleditsch-Ward number.

    A fixed partition: regions that left a state (South Sudan's) stay in its denominator, so that its index does not
    jump on the day of a secession. A state whose event rows ended before its independence has no territory of its own.
    """
    gwno = panel.units["gwno"].to_numpy(np.int64)
    found: dict[int, NDArray[np.int64]] = {}
    for state in np.unique(gwno):
        own = gwno == state
        if int(state) in SECEDED and not (panel.observed[_since(panel, int(state)) :, own]).any():
            continue
        lost = np.isin(gwno, [new for new, (old, _) in SECEDED.items() if old == state])
        found[int(state)] = np.flatnonzero(own | lost)
    return found


def _since(panel: Panel, state: int) -> int:
    first = int(np.searchsorted(panel.months.asi8, np.datetime64(SECEDED[state][1], "M").astype(np.int64)))
    return min(first, panel.shape[0])


def territory_holders(panel: Panel) -> dict[int, NDArray[np.int64]]:
    """Who holds each region of each state's territory, shape (T, number of its regions), in the order of them."""
    held = holders(panel)
    gwno = panel.units["gwno"].to_numpy(np.int64)
    out: dict[int, NDArray[np.int64]] = {}
    for state, regions in territories(panel).items():
        here = held[:, regions].copy()
        for position, region in enumerate(regions):
            if gwno[region] != state:
                # what a region does after it left is no longer this state's
                here[_since(panel, int(gwno[region])) :, position] = STATE
        out[state] = here
    return out


def territory_index(
    panel: Panel,
    *,
    today: bool = False,
    weight: NDArray[np.float64] | None = None,
    held: Mapping[int, NDArray[np.int64]] | None = None,
) -> dict[int, NDArray[np.float64]]:
    """TFI of each state with event rows, shape (T,); NaN before a year of rows is known and after they end.

    Parameters
    ----------
    panel
        Regions of which it is known who fought there (`~faultline.features.panels.sides`).
    today
        Over the regions that are the state's own today, without those that left it.
    weight
        Weight of each region, such as its population, shape (U,), NaN where it is not known: a state of which a region
        has none has no index. Every region weighs the same by default.
    held
        What `territory_holders` says of the panel, where it is at hand.
    """
    people = np.ones(panel.shape[1]) if weight is None else weight
    gwno = panel.units["gwno"].to_numpy(np.int64)
    held = territory_holders(panel) if held is None else held
    out: dict[int, NDArray[np.float64]] = {}
    for state, regions in territories(panel).items():
        here, own = held[state], gwno[regions] == state
        chosen = own if today else np.ones(len(regions), bool)
        index = fragmentation_index(here[:, chosen], weight=people[regions[chosen]])
        known = rolling_sum(np.any(panel.observed[:, regions[own]], axis=1, keepdims=True), MEASURE_MONTHS)[:, 0]
        first = _since(panel, state) if state in SECEDED else 0
        known[:first] = 0
        out[state] = np.where(known >= MEASURE_MONTHS, index, np.nan)
    return out
