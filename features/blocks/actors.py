"""The block of the armed field: how many groups there are, how often new ones came, who might come next.

It is read by the forecasters of fragmentation alone: what makes a group appear is not what makes a month deadly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..panels.actors import NO_EVENTS, active_groups, by_unit, effective_groups, with_forerunners
from ..panels.control import contested, organised
from ..panels.ordinary import violence_by_type
from ..transforms import decay, expanding_mean, lag, months_since, rolling_sum, spatial_sum
from .feature import SINCE_CAP, Feature, last_months

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ..panels.panel import ActorArrays, Panel

__all__ = ["armed_field", "deadly_debuts", "debuts", "territory"]

#: Months without an event after which a group that comes (back) counts as new; deaths that make it more than a name.
ABSENT_MONTHS, DEADLY = 60, 25
#: Months from its debut within which a group must have caused those deaths.
PROVING_MONTHS = 12


def debuts(actors: ActorArrays) -> NDArray[np.bool_]:
    """Months in which a group has its first event in the unit for 60 months, its forerunners counted, shape (T, P).

    As was known by the end of that month: who turns out later to carry on another was new all the same.
    """
    before = lag(rolling_sum(actors.events, ABSENT_MONTHS), 1)
    return (actors.events > NO_EVENTS) & (with_forerunners(before, actors) < NO_EVENTS)


def deadly_debuts(actors: ActorArrays) -> NDArray[np.bool_]:
    """Months in which a group that is new within the last year reaches 25 deaths, shape (T, P)."""
    young = rolling_sum(debuts(actors), PROVING_MONTHS) > 0
    reached = rolling_sum(actors.deaths, PROVING_MONTHS) >= DEADLY
    proven = young & reached
    return proven & (lag(rolling_sum(proven, PROVING_MONTHS), 1) < 1)


def armed_field(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    """Organised non-state groups in the unit and next to it, where known, and its deaths without war totals."""
    if panel.tells_deaths_by_type:
        yield from _groups(panel)
    measure, by_type = violence_by_type(panel)
    for kind, words in (("sb", "state-based"), ("ns", "non-state"), ("os", "one-sided")):
        total = rolling_sum(by_type[f"{kind}_{measure}"], 60)
        yield Feature(f"field_{kind}_{measure}_60", f"{words} {measure}, last 5 years", 1), np.log1p(total)
    yield (
        Feature("field_ns_events_12", "non-state events, last 12 months", 1),
        np.log1p(rolling_sum(panel.values["ns_events"], 12)),
    )


def _groups(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    """Organised non-state groups in the unit and next to it."""
    actors, n_units = panel.actors, panel.shape[1]
    place = {"country": "countries", "region": "regions"}[panel.level]
    for months in (12, 24, 60, 120):
        active = active_groups(actors, n_units, months=months)
        yield Feature(f"field_groups_{months}", f"organised groups active, {last_months(months)}", 1), np.log1p(active)
    yield (
        Feature("field_effective_60", "effective number of armed groups, last 5 years", kind="level"),
        np.log1p(effective_groups(actors, n_units, months=60)),
    )
    came = by_unit(debuts(actors), actors, n_units)
    deadly = by_unit(deadly_debuts(actors), actors, n_units)
    for months in (12, 60, 120):
        total = rolling_sum(came, months)
        yield Feature(f"field_debuts_{months}", f"groups that appeared, {last_months(months)}", 1), np.log1p(total)
        total = rolling_sum(deadly, months)
        yield (
            Feature(f"field_deadly_debuts_{months}", f"new groups that killed 25, {last_months(months)}", 1),
            np.log1p(total),
        )
    yield (
        Feature("field_deadly_debut_decay", "new groups that killed 25, fading by half in 10 years", 1),
        np.log1p(decay(deadly, 120)),
    )
    since = months_since(deadly > 0, cap=SINCE_CAP)
    yield Feature("field_since_deadly_debut", "a new group killed 25", -1, "since"), np.log1p(since)
    ever = expanding_mean(deadly, panel.observed)
    yield Feature("field_deadly_debut_rate", "new groups that killed 25, a month, since 1989", 1), np.sqrt(ever)
    yield (
        Feature("field_neighbour_debuts_24", f"groups that appeared in neighbouring {place}, last 2 years", 1),
        np.log1p(spatial_sum(rolling_sum(came, 24), panel.neighbours)),
    )
    yield (
        Feature("field_neighbour_deadly_60", f"new groups that killed 25 in neighbouring {place}, last 5 years", 1),
        np.log1p(spatial_sum(rolling_sum(deadly, 60), panel.neighbours)),
    )
    active_next = spatial_sum(active_groups(actors, n_units, months=12), panel.neighbours)
    yield (
        Feature("field_neighbour_groups_12", f"organised groups active in neighbouring {place}, last 12 months", 1),
        np.log1p(active_next),
    )
    fading = by_unit((rolling_sum(actors.deaths, 12) < 1) & (rolling_sum(actors.events, 60) > 0), actors, n_units)
    yield Feature("field_dormant_60", "groups of the last 5 years that lie still"), np.log1p(fading)


def territory(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    """How contested the territory is: of a region its own and that around it, of a country its division."""
    if panel.level == "country":
        divided = np.nan_to_num(np.asarray(panel.values.get("tfi", np.zeros(panel.shape)), np.float64))
        yield Feature("territory_tfi", "territorial fragmentation index, last 12 months", kind="level"), divided
        share = np.nan_to_num(np.asarray(panel.values.get("contested_share", np.zeros(panel.shape)), np.float64))
        yield Feature("territory_contested", "its regions that are contested", kind="share"), share
        return
    for measure, amount in zip(("events", "deaths"), organised(panel), strict=True):
        total = rolling_sum(amount, 12)
        words = f"{measure} between organised actors, last 12 months"
        yield Feature(f"territory_{measure}_12", words, 1), np.log1p(total)
    lost = contested(panel)
    since = months_since(lost, cap=SINCE_CAP)
    yield Feature("territory_since_contested", "control was contested", -1, "since"), np.log1p(since)
    degree = np.maximum(np.asarray(panel.neighbours.sum(axis=1)).reshape(-1), 1)
    around = spatial_sum(lost.astype(np.float32), panel.neighbours) / degree
    yield Feature("territory_neighbours", "neighbouring regions that are contested", 1, "share"), around
    members = np.eye(panel.country.max() + 1, dtype=np.float32)[panel.country]
    share = (lost @ members / members.sum(axis=0)) @ members.T
    yield Feature("territory_country", "the country's regions that are contested", 1, "share"), share
