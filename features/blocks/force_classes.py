"""The block of force classes: for each class of foreign forces on its own, what the block of deployments adds up.

It is computed where it is asked for: with six figures for each of seven classes it is large, and most classes are in
few countries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..transforms import lag, months_since
from .deployments import CLASS_WORDS, arrivals, departures, since_present
from .feature import SINCE_CAP, Feature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ..panels.panel import Panel

__all__ = ["force_classes"]


def force_classes(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    """Base in the unit, change of troops over 3, 6 and 12 months, months since arrival and since departure, by class.

    Presence, arrival and departure are the country's, a base the unit's own. A change of name is no departure.
    """
    values = panel.values
    for name, words in CLASS_WORDS.items():
        base = values[f"{name}_distance"] == 0
        yield Feature(f"{name}_base", f"{words} base here", kind="state"), base
        troops = np.log1p(values[f"{name}_troops"])
        for months in (3, 6, 12):
            change = troops - lag(troops, months)
            what = f"{words} troops over {months} months"
            yield Feature(f"{name}_troops_change_{months}", what, kind="change"), change
        since = since_present(values[f"{name}_forces"] > 0)
        for what, happened in (("arrival", arrivals(since)), ("departure", departures(since))):
            verb = "arrived" if what == "arrival" else "left"
            counted = np.log1p(months_since(happened, cap=SINCE_CAP))
            yield Feature(f"since_{name}_forces_{what}", f"{words} forces {verb}", kind="since"), counted
