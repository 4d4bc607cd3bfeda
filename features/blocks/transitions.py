"""The block of transitions: coups, timetables, elections, sanctions, exits from blocs, the regime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..facts.deployments import FORCE_CLASSES
from ..transforms import decay, months_since, rolling_sum
from .deployments import departures, since_present
from .feature import LATELY_CAP, SINCE_CAP, Feature, last_months

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ..panels.panel import Panel

__all__ = ["transitions"]

_COUP_RECENT_MONTHS = 24
_EXIT_RECENT_MONTHS = 24


def transitions(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    """Worked out once a country and handed to each of its units."""
    _, first, country = np.unique(panel.country, return_index=True, return_inverse=True)
    values = {name: array[:, first] for name, array in panel.values.items()}
    for feature, array in _by_country(values):
        yield feature, array[:, country]


def _by_country(values: dict[str, NDArray[Any]]) -> Iterator[tuple[Feature, NDArray[Any]]]:
    attempts, successes = values["coup_attempts"], values["coups_successful"]
    for months in (60, 120):
        total = rolling_sum(attempts, months)
        yield Feature(f"coups_{months}", f"coup attempts, {last_months(months)}"), total
    since_attempt = months_since(attempts > 0, cap=SINCE_CAP)
    yield Feature("since_coup_attempt", "a coup attempt", kind="since"), np.log1p(since_attempt)
    since_success = months_since(successes > 0, cap=SINCE_CAP)
    yield Feature("since_coup", "a successful coup", kind="since"), np.log1p(since_success)
    yield Feature("coup_decay", "successful coups, fading by half in 24 months"), decay(successes, 24)
    yield Feature("coup_attempt_decay", "coup attempts, fading by half in 6 months"), decay(attempts, 6)
    yield Feature("transition", "a political transition under way", kind="state"), values["transition"]
    yield Feature("transition_age", "months of transition so far"), np.log1p(values["transition_age"])
    yield Feature("transition_left", "the announced end of the transition", kind="until"), values["transition_left"]
    postponements = values["transition_postponements"]
    yield Feature("transition_postponements", "postponements of the transition's end"), postponements
    yield Feature("transition_slip", "months by which the transition's end was put off"), values["transition_slip"]
    yield (
        Feature("election_pending", "an election announced and not held yet", kind="state"),
        values["election_pending"],
    )
    yield Feature("months_to_election", "the next election that is set", kind="until"), values["months_to_election"]
    since_election = months_since(values["election_held"] > 0, cap=LATELY_CAP)
    yield Feature("since_election", "an election", kind="lately"), since_election
    yield Feature("sanctions", "bodies whose sanctions are in force"), values["sanctions"]
    yield Feature("bloc_exits_announced", "blocs whose membership is denounced"), values["bloc_exits_announced"]
    yield Feature("bloc_exits", "blocs that the country has left"), values["bloc_exits"]
    classes = ("un", *FORCE_CLASSES)
    left = np.logical_or.reduce([departures(since_present(values[f"{name}_forces"] > 0)) for name in classes])
    after_coup = left & (since_success <= _COUP_RECENT_MONTHS)
    recent = rolling_sum(after_coup, _EXIT_RECENT_MONTHS) > 0
    words = "a foreign force gone within 24 months of a coup, last 24 months"
    yield Feature("mission_exit_after_coup", words, kind="state"), recent
    words = "level of democracy, from closed autocracy (0) to liberal democracy (3)"
    yield Feature("regime", words, kind="level"), values["regime"]
