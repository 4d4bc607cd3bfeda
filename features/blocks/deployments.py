"""The block of deployments: foreign forces in the unit and around it, and their comings and goings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..facts.deployments import FORCE_CLASSES
from ..transforms import lag, months_since, rolling_sum
from .feature import SINCE_CAP, Feature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ..panels.panel import Panel

__all__ = [
    "CLASS_WORDS",
    "GAP_LASTS_MONTHS",
    "arrivals",
    "departures",
    "deployments",
    "replacement_gap",
    "since_present",
]

#: Months without a force within which its return is a change of name or of troops, no departure.
BRIDGED_MONTHS = 1
#: Months after a departure within which another class may take over.
REPLACED_WITHIN_MONTHS = 3
#: A gap left by a departure counts no longer than this.
GAP_LASTS_MONTHS = 24

#: Classes of forces in an analyst's words.
CLASS_WORDS = {
    "un": "UN",
    "regional": "African regional",
    "eu": "EU",
    "french": "French",
    "russian": "Russian",
    "us": "US",
    "other": "other foreign",
}


def deployments(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    """Troops and nearest base of each class; change of all; comings and goings; what is announced."""
    values = panel.values
    for name, words in CLASS_WORDS.items():
        yield Feature(f"{name}_troops", f"{words} troops"), np.log1p(values[f"{name}_troops"])
        distance = np.log1p(values[f"{name}_distance"])
        yield Feature(f"{name}_distance", f"the nearest {words} base", kind="near"), distance
    total = np.log1p(sum(values[f"{name}_troops"] for name in CLASS_WORDS))
    for months in (3, 6, 12):
        yield (
            Feature(f"foreign_troops_change_{months}", f"foreign troops over {months} months", kind="change"),
            total - lag(total, months),
        )
    un = since_present(values["un_bases"] > 0)
    yield Feature("since_un_arrival", "UN troops arrived", kind="since"), _since(arrivals(un))
    yield Feature("since_un_departure", "UN troops left", kind="since"), _since(departures(un))
    # Forces are known by country: what follows is worked out once a country and handed to each of its units.
    _, first, country = np.unique(panel.country, return_index=True, return_inverse=True)
    forces = {name: values[f"{name}_forces"][:, first] for name in FORCE_CLASSES}
    since = {name: since_present(there > 0) for name, there in forces.items()}
    arrived = np.logical_or.reduce([arrivals(each) for each in since.values()])
    departed = np.logical_or.reduce([departures(each) for each in since.values()])
    yield (
        Feature("since_force_arrival", "foreign forces of another class than the UN arrived", kind="since"),
        _since(arrived)[:, country],
    )
    yield (
        Feature("since_force_departure", "foreign forces of another class than the UN left", kind="since"),
        _since(departed)[:, country],
    )
    count = np.add.reduce(list(forces.values()))[:, country] + values["un_forces"]
    yield Feature("foreign_forces", "foreign forces present"), count
    since["un"] = since_present(values["un_forces"][:, first] > 0)
    gap = replacement_gap(since, arrived | arrivals(since["un"]))[:, country]
    words = "a class of foreign forces gone, with none come within three months"
    yield Feature("replacement_gap", words, kind="state"), gap
    yield (
        Feature("withdrawals_announced", "foreign forces whose withdrawal is announced"),
        values["withdrawals_announced"],
    )
    yield (
        Feature("months_to_withdrawal", "the announced end of a foreign force", kind="until"),
        values["months_to_withdrawal"],
    )


def since_present(present: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Months since it was last there, 0 while it is, `SINCE_CAP` where it never was; shape (T, U)."""
    return months_since(present, cap=SINCE_CAP)


def arrivals(since: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Months in which it is there and was away for longer than `BRIDGED_MONTHS` before, shape (T, U)."""
    before = np.vstack([np.full((1, since.shape[1]), SINCE_CAP), since[:-1]])
    return (since == 0) & (before > BRIDGED_MONTHS)


def departures(since: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Months in which it is certain that it has left: away for longer than `BRIDGED_MONTHS`, shape (T, U)."""
    return since == BRIDGED_MONTHS + 1


def replacement_gap(since: dict[str, NDArray[np.float64]], arrived: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say where a class has left and none has come since.

    The gap is seen three months after the departure and not before; it lasts until some class arrives, at most
    `GAP_LASTS_MONTHS`.

    Parameters
    ----------
    since
        `since_present` of each class, shape (T, U).
    arrived
        Months in which any class arrived, shape (T, U).
    """
    gone = np.logical_or.reduce([each == REPLACED_WITHIN_MONTHS + 1 for each in since.values()])
    opened = gone & (rolling_sum(arrived, REPLACED_WITHIN_MONTHS + 1) == 0)
    since_opened = months_since(opened, cap=SINCE_CAP)
    return (since_opened < GAP_LASTS_MONTHS) & (since_opened < months_since(arrived, cap=SINCE_CAP))


def _since(happened: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.log1p(months_since(happened, cap=SINCE_CAP))
