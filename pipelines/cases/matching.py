"""Matched country-months: months without an event beside the month of one, alike in level and trend of violence.

Nearest neighbours within a caliper (Stuart 2010, Statistical Science 25(1)), in the same region of the world, on the
log of the deaths in the months before and on how these had changed. Choice and widths were fixed before any outcome was
looked at. Matching makes months alike in what it matches on and in nothing else: it shows no cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ...features.transforms import lag, rolling_sum, window_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...features.arrays import BoolArray, FloatArray

__all__ = ["CALIPER", "CONTROLS", "WORLD_REGIONS", "Windows", "matched_months", "windows", "world_region"]

#: Controls of a case, at most.
CONTROLS: Final = 5
#: Farthest a control may be in log1p of the deaths before, and in its change: factors of about 1.6 and 2.
CALIPER: Final = (0.5, 0.7)
#: Regions of the world by the first Gleditsch-Ward number of each; Egypt is in the Middle East, as in UCDP's.
WORLD_REGIONS: Final = {2: "Americas", 200: "Europe", 400: "Africa", 630: "Middle East", 700: "Asia", 900: "Oceania"}


@dataclass(frozen=True)
class Windows:
    """Deaths around each month, each array of shape (T, U). The month itself is in neither window.

    Attributes
    ----------
    within
        W, months of each window.
    before, after
        Deaths in the months t - W to t - 1 and t + 1 to t + W; NaN where a month of them is not known.
    level, trend
        log1p of the deaths before, and how far it is above that of the W months before these; NaN likewise.
    """

    within: int
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    level: NDArray[np.float64]
    trend: NDArray[np.float64]


def windows(deaths: FloatArray, usable: BoolArray, within: int) -> Windows:
    """Add deaths up before and after each month.

    Parameters
    ----------
    deaths, usable
        Deaths a month, and whether they are known and are of that month; shape (T, U).
    within
        W, months.
    """
    counted = np.where(usable, deaths, 0.0)

    def so_far(back: int) -> NDArray[np.float64]:
        known = lag(rolling_sum(usable, within), back)
        return np.where(known >= within, lag(rolling_sum(counted, within), back), np.nan)

    before, earlier = so_far(1), so_far(1 + within)
    after = np.where(window_sum(usable, within) >= within, window_sum(counted, within), np.nan)
    level = np.log1p(before)
    return Windows(within, before, after, level, level - np.log1p(earlier))


def world_region(gwno: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position in `WORLD_REGIONS` of each state, by its Gleditsch-Ward number.

    Examples
    --------
    >>> [list(WORLD_REGIONS.values())[i] for i in world_region(np.array([2, 432, 651, 700]))]
    ['Americas', 'Africa', 'Middle East', 'Asia']
    """
    return np.searchsorted(np.array(list(WORLD_REGIONS)), gwno, side="right") - 1


def matched_months(
    case: tuple[int, int], around: Windows, eligible: BoolArray, region: NDArray[np.int64]
) -> list[tuple[int, int, float]]:
    """Find the months most like that of a case.

    Parameters
    ----------
    case
        Positions of its month and its unit.
    around
        Deaths before and after each month.
    eligible
        Months that may stand beside it, shape (T, U).
    region
        Region of the world of each unit, shape (U,).

    Returns
    -------
    At most `CONTROLS` of month, unit and distance, the nearest first; of months as near, those nearer in time. Windows
    of two in one country share no month. None where the deaths before the case are not known.
    """
    month, unit = case
    off = [(of - of[case]) / width for of, width in zip((around.level, around.trend), CALIPER, strict=True)]
    with np.errstate(invalid="ignore"):
        fits = eligible & (region == region[unit]) & (np.abs(off[0]) <= 1) & (np.abs(off[1]) <= 1)
    at, who = np.nonzero(fits & ~np.isnan(around.after))
    distance = np.hypot(off[0][at, who], off[1][at, who])
    apart = 2 * around.within + 1
    chosen: list[tuple[int, int, float]] = []
    for i in np.lexsort((who, np.abs(at - month), distance.round(9))):
        here = int(at[i]), int(who[i])
        if all(other != here[1] or abs(here[0] - when) >= apart for when, other, _ in chosen):
            chosen.append((*here, float(distance[i])))
        if len(chosen) == CONTROLS:
            break
    return chosen
