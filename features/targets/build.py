"""Labels: what is forecast, one small function a target.

The label of origin t speaks of the window (t, t + H] alone. Where a definition needs to know what was there before
(an actor is new if it was not), that reference is read from the months up to t and is named as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..errors import UnknownNameError
from ..panels.actors import NO_EVENTS, active_groups, by_unit, with_forerunners
from ..panels.control import MEASURE_MONTHS
from ..transforms import rolling_sum, window_sum
from .fragmentation import TFI_WINDOW, contestation, territorial_fragmentation, tfi_known, uncontested
from .windows import observed_window

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ..arrays import BoolArray, Level
    from ..panels.panel import Panel

__all__ = [
    "DEATHS_COUNTED",
    "NEW_ACTOR_ABSENT",
    "TARGETS",
    "LabelHistory",
    "Target",
    "deadly_newcomers",
    "label_history",
    "observed_window",
    "targets_of",
]

#: Window of an escalation, the months before it that it is measured against, its fewest deaths and its factor.
ESCALATION_WINDOW, ESCALATION_DEATHS, ESCALATION_FACTOR = 3, 25, 2
#: Months with a death in them before an escalation, without which it is an onset.
ACTIVE_MONTHS = 12
#: Months of history in which a new armed actor must not have been seen, and deaths that make it one.
NEW_ACTOR_ABSENT, NEW_ACTOR_DEATHS = 60, 25
#: Deaths in fighting in the last 12 months (UCDP's threshold of an armed conflict) from which a country is at risk of a
#: new actor.
AT_RISK_DEATHS, AT_RISK_MONTHS = 25, 12
#: What each target of deaths counts, in words.
DEATHS_COUNTED = {"deaths": "deaths of all three types", "deaths_sb": "state-based deaths"}


@dataclass(frozen=True)
class Target:
    """Something that happens or not within H months after the origin.

    Attributes
    ----------
    name
        The field's name for it.
    question
        What a probability of it answers, with ``{window}`` for the months.
    levels
        Levels at which it is defined.
    label
        Function of panel and H: shape (T, U), 1 or 0, NaN where the window is not covered.
    at_risk
        Function of the panel: shape (T, U), true where it can happen for the first time.
    horizons
        Horizons at which it is defined; any if None.
    refers_back
        Months up to t that its definition refers to: what came before them changes no label.
    covered
        Function of the panel: shape (T, U), true where what it is told from is known; a unit is scored from its last
        such month.
    only_at_risk
        Only units at risk are scored: elsewhere it has happened already.
    rises_with_violence
        More violence up to t can only make it more likely, so that learners may be held to it.
    """

    name: str
    question: str
    levels: tuple[Level, ...]
    label: Callable[[Panel, int], NDArray[np.float64]]
    at_risk: Callable[[Panel], BoolArray]
    horizons: tuple[int, ...] | None = None
    refers_back: int = 0
    covered: Callable[[Panel], BoolArray] = lambda panel: panel.observed
    only_at_risk: bool = False
    rises_with_violence: bool = True


def violence(panel: Panel, horizon: int, *, deaths: int) -> NDArray[np.float64]:
    """Label 1 where the deaths in (t, t + H] reach the threshold, shape (T, U)."""
    reached = window_sum(panel.deaths, horizon) >= deaths
    return np.where(observed_window(panel, horizon), reached, np.nan)


def escalation(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Label 1 where deaths in (t, t + 3] are at least 25 and twice max(deaths in (t - 3, t], 1), shape (T, U).

    Defined at H = 3 alone; NaN too where the unit is not observed in all of (t - 3, t], for what was not counted would
    pass for quiet.
    """
    after, before = window_sum(panel.deaths, ESCALATION_WINDOW), rolling_sum(panel.deaths, ESCALATION_WINDOW)
    happened = (after >= ESCALATION_DEATHS) & (after >= ESCALATION_FACTOR * np.maximum(before, 1))
    known = observed_window(panel, ESCALATION_WINDOW)
    known &= rolling_sum(panel.observed, ESCALATION_WINDOW) == ESCALATION_WINDOW
    if horizon != ESCALATION_WINDOW:
        known[:] = False
    return np.where(known, happened, np.nan)


def new_armed_actor(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Label 1 where an organised non-state group new to the unit causes 25 deaths in (t, t + H], shape (T, U).

    New: in the 60 months up to t it had no event in the unit, and neither had a group that it was renamed or merged
    from, as was known by the end of the window. Origins with less than 60 months of history have no label.
    """
    happened = by_unit(deadly_newcomers(panel, horizon), panel.actors, panel.shape[1]) > 0
    known = observed_window(panel, horizon)
    known[: NEW_ACTOR_ABSENT - 1] = False
    return np.where(known, happened, np.nan)


def deadly_newcomers(panel: Panel, horizon: int) -> BoolArray:
    """Pairs of group and unit that make `new_armed_actor` 1, shape (T, P); false where a window runs past the data."""
    actors = panel.actors
    deadly = window_sum(actors.deaths, horizon) >= NEW_ACTOR_DEATHS
    before = rolling_sum(actors.events, NEW_ACTOR_ABSENT)
    return deadly & (with_forerunners(before, actors, ahead=horizon) < NO_EVENTS)


def fragmentation(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Label 1 where `territorial_fragmentation` or `new_armed_actor` is 1, shape (T, U).

    Where no region events exist it rests on `new_armed_actor` alone.
    """
    territory = territorial_fragmentation(panel, horizon)
    newcomer = new_armed_actor(panel, horizon)
    either = (territory == 1) | (newcomer == 1)
    known = ~np.isnan(newcomer) if horizon == TFI_WINDOW else np.zeros(panel.shape, bool)
    return np.where(known, either, np.nan)


def everywhere(panel: Panel) -> BoolArray:
    """Every observed unit and month, shape (T, U)."""
    return panel.observed


def active_violence(panel: Panel) -> BoolArray:
    """Observed units with a death in the last 12 months, shape (T, U): elsewhere more deaths are an onset."""
    return panel.observed & (rolling_sum(panel.deaths, ACTIVE_MONTHS) > 0)


def armed_conflict(panel: Panel) -> BoolArray:
    """Units with armed conflict in the last 12 months, shape (T, U).

    At least 25 deaths in state-based and non-state fighting, as UCDP counts an armed conflict (attacks on civilians are
    no fighting), and an organised non-state group active.
    """
    fighting = panel.values["sb_deaths"] + panel.values["ns_deaths"]
    violent = rolling_sum(fighting, AT_RISK_MONTHS) >= AT_RISK_DEATHS
    armed = active_groups(panel.actors, panel.shape[1], months=AT_RISK_MONTHS) > 0
    return panel.observed & violent & armed


#: Targets by name.
TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target(
            "violence_1",
            "at least one death {window}",
            ("country", "region", "cell"),
            partial(violence, deaths=1),
            everywhere,
        ),
        Target(
            "violence_25",
            "at least 25 deaths {window}",
            ("country", "region", "cell"),
            partial(violence, deaths=25),
            everywhere,
        ),
        Target(
            "escalation",
            "at least 25 deaths, and at least twice those of the 3 months before, {window}",
            ("country", "region", "cell"),
            escalation,
            active_violence,
            horizons=(ESCALATION_WINDOW,),
            refers_back=ESCALATION_WINDOW,
            rises_with_violence=False,  # the more there was, the more it takes to double it
        ),
        Target(
            "new_armed_actor",
            "a new organised armed group causes at least 25 deaths {window}",
            ("country",),
            new_armed_actor,
            armed_conflict,
            refers_back=NEW_ACTOR_ABSENT,
        ),
        Target(
            "contestation",
            "state control, not contested in the last 12 months, becomes contested {window}",
            ("region",),
            contestation,
            uncontested,
            refers_back=2 * MEASURE_MONTHS - 1,
            only_at_risk=True,
        ),
        Target(
            "territorial_fragmentation",
            "the territory becomes more divided among armed groups {window}",
            ("country",),
            territorial_fragmentation,
            tfi_known,
            horizons=(TFI_WINDOW,),
            refers_back=1,
            covered=tfi_known,
        ),
        Target(
            "fragmentation",
            "the territory becomes more divided, or a new armed group appears {window}",
            ("country",),
            fragmentation,
            armed_conflict,
            horizons=(TFI_WINDOW,),
            refers_back=NEW_ACTOR_ABSENT,
        ),
    )
}


def targets_of(level: str, names: tuple[str, ...] | None = None) -> tuple[Target, ...]:
    """Targets defined at a level, all of them or those named.

    Raises
    ------
    UnknownNameError
        If a name is no target of that level.
    """
    there = {name: target for name, target in TARGETS.items() if level in target.levels}
    for name in names or ():
        if name not in there:
            raise UnknownNameError(f"{level} target", name, there)
    return tuple(there[name] for name in (names or there))


@dataclass(frozen=True)
class LabelHistory:
    """A target's own past as it was known at t, each of shape (T, U), probabilities.

    Attributes
    ----------
    climatology
        Mean of the unit's labels known by t, drawn to the mean of all units by the weight of one label.
    persistence
        Share of the last 12 labels known by t, one added either way: (k + 1) / (n + 2).
    """

    climatology: NDArray[np.float64]
    persistence: NDArray[np.float64]


def label_history(labels: NDArray[np.float64], horizon: int) -> LabelHistory:
    """Sum up what a target's labels were, using at t only windows that ended by t.

    Parameters
    ----------
    labels
        Shape (T, U), NaN where there is none.
    horizon
        H: the label of origin s is known from s + H on.
    """
    known = np.full_like(labels, np.nan)
    if horizon < labels.shape[0]:
        known[horizon:] = labels[:-horizon]
    counted = ~np.isnan(known)
    hits = np.where(counted, known, 0.0)
    n, k = np.cumsum(counted, axis=0), np.cumsum(hits, axis=0)
    everyone = (k.sum(axis=1, keepdims=True) + 1) / (n.sum(axis=1, keepdims=True) + 2)
    last_n, last_k = rolling_sum(counted, 12), rolling_sum(hits, 12)
    return LabelHistory(climatology=(k + everyone) / (n + 1), persistence=(last_k + 1) / (last_n + 2))
