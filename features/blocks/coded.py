"""Features of facts are empty where the facts were not coded: an absence that nobody looked for is no zero.

The block of flags says where that is. Trees see it by the empty features and are not told the flags; what cannot learn
from empty features asks for them by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ..facts.deployments import FORCE_CLASSES
from ..transforms import lag
from .feature import Feature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ..panels.panel import Panel

__all__ = ["MAY_BE_EMPTY", "coded", "where_coded"]

_CHANGES: Final = (3, 6, 12)


def _of_class(name: str) -> tuple[str, ...]:
    changes = (f"{name}_troops_change_{months}" for months in _CHANGES)
    since = (f"since_{name}_forces_{what}" for what in ("arrival", "departure"))
    return (f"{name}_troops", f"{name}_distance", f"{name}_base", *changes, *since)


_DEPLOYMENTS: Final = (
    *(feature for name in FORCE_CLASSES for feature in _of_class(name)),
    *(f"foreign_troops_change_{months}" for months in _CHANGES),
    *("since_force_arrival", "since_force_departure", "foreign_forces", "replacement_gap"),
    *("withdrawals_announced", "months_to_withdrawal", "mission_exit_after_coup"),
)
_TRANSITIONS: Final = (
    *("transition", "transition_age", "transition_left", "transition_postponements", "transition_slip"),
    *("sanctions", "bloc_exits_announced", "bloc_exits"),
)
_EFFECTS_OF_FORCES: Final = (
    *(f"effect_{group}_arrival" for group in ("western", "russian", "un")),
    *("effect_western_departure", "effect_un_departure"),
    *("effect_replacement_gap", "effect_withdrawal_announced", "effect_host_exit", "effect_sponsor_switch"),
    *("effect_exit_after_coup", "effect_western_departure_violent", "effect_russian_arrival_violent"),
    *("effect_un_departure_violent", "effect_host_exit_violent"),
)
_EFFECTS_OF_POLITICS: Final = (
    *("effect_coup", "effect_coup_violent", "effect_coup_attempt", "effect_transition_overdue"),
    *("effect_transition_slip", "effect_sanctions", "effect_bloc_exit"),
)
#: Features that are empty where the array of the panel is zero.
MAY_BE_EMPTY: Final[dict[str, str]] = {
    **dict.fromkeys((*_DEPLOYMENTS, *_EFFECTS_OF_FORCES), "deployments_coded"),
    **dict.fromkeys((*_of_class("un"), "since_un_arrival", "since_un_departure"), "un_coded"),
    **dict.fromkeys((*_TRANSITIONS, *_EFFECTS_OF_POLITICS), "transitions_coded"),
    **dict.fromkeys(("election_pending", "months_to_election", "since_election"), "elections_coded"),
}


def coded(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    """Whether the facts on foreign forces, and on political transitions, were coded."""
    for kind, words in (("deployments", "foreign forces"), ("transitions", "political transitions")):
        flag = Feature(f"facts_coded_{kind}", f"facts coded on {words}", kind="state")
        yield flag, panel.values[f"{kind}_coded"] > 0


def where_coded(panel: Panel, name: str, values: NDArray[Any]) -> NDArray[np.float32]:
    """Give a feature's values where the facts it tells of were coded, NaN elsewhere, shape (T, U).

    A change is told where both of its ends were coded. Features of other sources are given as they are.
    """
    told = np.asarray(values, np.float32)
    if name not in MAY_BE_EMPTY:
        return told
    known = panel.values[MAY_BE_EMPTY[name]] > 0
    if "_change_" in name:
        known &= lag(known, int(name.rsplit("_", 1)[1]))
    return np.where(known, told, np.float32(np.nan))
