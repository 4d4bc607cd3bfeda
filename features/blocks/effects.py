"""The block of effects: few chosen features of foreign forces and transitions, of which the effects layer learns.

Each lies between 0, nothing of the kind, and about 1: recency fades by half in a year, so that one coefficient reads as
what a fresh fact adds to the log-odds. Where the facts of its kind were not coded a feature is empty
(`~faultline.features.blocks.coded`); the layer adds nothing there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ..facts.deployments import FORCE_CLASSES
from ..panels.ordinary import ordinary_deaths
from ..transforms import months_since, rolling_sum
from .deployments import BRIDGED_MONTHS, arrivals, departures, replacement_gap, since_present
from .feature import SINCE_CAP, Feature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ..panels.panel import Panel

__all__ = ["GROUPS", "HALF_LIFE", "INTERACT", "ONGOING_DEATHS", "VIOLENT", "effects", "with_violence"]

#: Months in which the recency of a fact fades by half.
HALF_LIFE: Final = 12
#: Deaths in the last 12 months from which on violence counts as ongoing.
ONGOING_DEATHS: Final = 25
#: Classes that are told of as one.
GROUPS: Final = {"western": ("french", "eu", "us"), "russian": ("russian",), "un": ("un",)}
_GROUP_WORDS: Final = {"western": "western (French, EU, US)", "russian": "Russian", "un": "UN"}
#: Name of the interaction of a feature with ongoing violence.
VIOLENT: Final = "{name}_violent"
#: Features that are told a second time where violence is ongoing.
INTERACT: Final = (
    *("effect_western_departure", "effect_russian_arrival", "effect_un_departure", "effect_host_exit"),
    "effect_coup",
)
_EXIT_RECENT_MONTHS: Final = 24


def effects(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    """Facts by country, worked out once each and handed to its units; interactions with the unit's own violence."""
    _, first, country = np.unique(panel.country, return_index=True, return_inverse=True)
    values = {name: array[:, first] for name, array in panel.values.items()}
    violent = rolling_sum(ordinary_deaths(panel), 12) >= ONGOING_DEATHS
    for feature, array in (*_forces(values), *_politics(values)):
        spread = array[:, country].astype(np.float64)
        yield feature, spread
        if feature.name in INTERACT:
            words = f"{feature.what}, where {ONGOING_DEATHS} died in 12 months"
            yield Feature(VIOLENT.format(name=feature.name), words), spread * violent


def with_violence(x: NDArray[np.float64], names: tuple[str, ...], *, violent: bool) -> NDArray[np.float64]:
    """What a unit with or without ongoing violence is told of its country's facts ``x``, both of shape (k,)."""
    at = {name: place for place, name in enumerate(names)}
    told = x.copy()
    for name in INTERACT:
        told[at[VIOLENT.format(name=name)]] = x[at[name]] * violent
    return told


def _forces(values: dict[str, NDArray[Any]]) -> Iterator[tuple[Feature, NDArray[Any]]]:
    since = {name: since_present(values[f"{name}_forces"] > 0) for name in ("un", *FORCE_CLASSES)}
    fades = f"fading by half in {HALF_LIFE} months"
    for group, classes in GROUPS.items():
        came = np.maximum.reduce([_arrival(since[name]) for name in classes])
        left = np.maximum.reduce([_departure(since[name]) for name in classes])
        words = _GROUP_WORDS[group]
        yield Feature(f"effect_{group}_arrival", f"arrival of {words} forces, {fades}"), came
        if group != "russian":  # of one country only: nothing could be learned of it
            yield Feature(f"effect_{group}_departure", f"departure of {words} forces, {fades}"), left
    arrived = np.logical_or.reduce([arrivals(each) for each in since.values()])
    words = "a class of foreign forces gone, with none come within three months"
    yield Feature("effect_replacement_gap", words, kind="state"), replacement_gap(since, arrived)
    announced = values["withdrawals_announced"] > 0
    yield Feature("effect_withdrawal_announced", "a foreign force's withdrawal announced", kind="state"), announced
    exits = _recency(values["host_exits"] > 0)
    yield Feature("effect_host_exit", f"foreign forces told to go by the host, {fades}"), exits
    switches = _recency(values["sponsor_switches"] > 0)
    yield Feature("effect_sponsor_switch", f"a change of sponsor, {fades}"), switches
    left = np.logical_or.reduce([departures(each) for each in since.values()])
    after_coup = left & (months_since(values["coups_successful"] > 0, cap=SINCE_CAP) <= _EXIT_RECENT_MONTHS)
    words = "a foreign force gone within 24 months of a coup, last 24 months"
    recent = rolling_sum(after_coup, _EXIT_RECENT_MONTHS) > 0
    yield Feature("effect_exit_after_coup", words, kind="state"), recent


def _politics(values: dict[str, NDArray[Any]]) -> Iterator[tuple[Feature, NDArray[Any]]]:
    fades = f"fading by half in {HALF_LIFE} months"
    yield Feature("effect_coup", f"a successful coup, {fades}"), _recency(values["coups_successful"] > 0)
    yield Feature("effect_coup_attempt", f"a coup attempt, {fades}"), _recency(values["coup_attempts"] > 0)
    overdue = (values["transition"] > 0) & (values["transition_left"] < 0)
    yield Feature("effect_transition_overdue", "a transition past its announced end", kind="state"), overdue
    # months put off, as a share of three years: most transitions slip by one to three
    slip = np.minimum(values["transition_slip"] / 36, 1.0)
    yield Feature("effect_transition_slip", "the slip of the transition's end, of 36 months", kind="level"), slip
    yield Feature("effect_sanctions", "sanctions in force", kind="state"), values["sanctions"] > 0
    blocs = (values["bloc_exits"] + values["bloc_exits_announced"]) > 0
    yield Feature("effect_bloc_exit", "a bloc left or its membership denounced", kind="state"), blocs


def _recency(happened: NDArray[np.bool_]) -> NDArray[np.float64]:
    """1 in the month in which it happened, half of it `HALF_LIFE` months later, 0 where it never did."""
    since = months_since(happened, cap=SINCE_CAP)
    return np.where(since < SINCE_CAP, 0.5 ** (since / HALF_LIFE), 0.0)


def _arrival(since: NDArray[np.float64]) -> NDArray[np.float64]:
    """Recency of the arrival of a force that is there; one that was there when the data begin arrived before."""
    came = arrivals(since)
    came[0] = False
    return np.where(since <= BRIDGED_MONTHS, _recency(came), 0.0)


def _departure(since: NDArray[np.float64]) -> NDArray[np.float64]:
    """Recency of the departure of a force that is away and was there before, 0 while it is there."""
    away = (since > 0) & (since < SINCE_CAP)
    return np.where(away, 0.5 ** ((since - 1) / HALF_LIFE), 0.0)
