"""Probabilities of events read from draws of deaths, pooled with how often they happened, and their spread.

Draws are too sure of what changes, the surer the longer the window: of a rise, a fall or a record a share of the
probability is the unit's own climatology. What reaches a threshold is told by the draws alone, so that it agrees with
their quantiles. Both were chosen on origins up to 2017 (docs/outlook-skill.md).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.special import expit

from ..learners.calibration import log_odds_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...features.targets.outlook import DeathsEvent

__all__ = ["AHEAD_SPREAD_FILE", "SPREAD_FILE", "climatology_share", "event_probability", "recalibrated", "spread"]

#: Share of climatology in the probability of a change, by months ahead; in between, by the log of the months.
SHARES: Final = {1: 0.1, 3: 0.2, 6: 0.2, 12: 0.35}
#: Variances and covariance of the recalibration of each, bootstrapped over countries on origins up to 2017.
SPREAD_FILE = Path(__file__).parents[1] / "reference" / "outlook_spread.csv"
#: The same of windows that start months after the data end, and the recalibration itself of what changes.
AHEAD_SPREAD_FILE = SPREAD_FILE.with_name("ahead_spread.csv")
#: Standard errors to either end of a 90 % interval.
_ENDS: Final = 1.645


def climatology_share(horizon: int) -> float:
    """Share of climatology in the probability of a change within so many months.

    Examples
    --------
    >>> climatology_share(3), round(climatology_share(9), 3), climatology_share(24)
    (0.2, 0.288, 0.35)
    """
    return float(np.interp(np.log(horizon), np.log(list(SHARES)), list(SHARES.values())))


def event_probability(
    event: DeathsEvent,
    courses: NDArray[np.float32],
    reference: NDArray[np.float64],
    climatology: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Probability of an event within the months of the courses, shape (U,), NaN where it cannot happen.

    A share of K courses counts as (k + 1/2) / (K + 1): what no course does is unlikely, not impossible.

    Parameters
    ----------
    courses
        Deaths, shape (U, H, K).
    reference
        What there was up to the origin, as the event has it, shape (U,), or (U, K) where it was drawn with the courses.
    climatology
        How often it happened in each unit, shape (U,).
    """
    drawn = courses.shape[2]
    probability = (event.chance(courses, reference) * drawn + 0.5) / (drawn + 1)
    if not event.changes:
        return probability
    share = climatology_share(courses.shape[1])
    return (1 - share) * probability + share * climatology


@cache
def _measured(file: Path) -> Mapping[str, Mapping[int, Mapping[str, float]]]:
    found: dict[str, dict[int, Mapping[str, float]]] = {}
    for row in pd.read_csv(file).to_dict("records"):
        numbers = {str(name): float(row[name]) for name in row if name not in ("target", "horizon_months")}
        found.setdefault(str(row["target"]), {})[int(row["horizon_months"])] = numbers
    return found


def _nearest(file: Path, target: str, horizon: int) -> Mapping[str, float]:
    """What was measured of a target at the window nearest to the one asked for."""
    measured = _measured(file)[target]
    return measured[min(measured, key=lambda months: abs(np.log(months / horizon)))]


def recalibrated(probability: NDArray[np.float64], *, target: str, horizon: int) -> NDArray[np.float64]:
    """Probabilities of an event in a window that starts months after the data end, same shape.

    What changes is told against months that are drawn themselves, and said too often or too seldom for it: its log-odds
    become a + b x log-odds (Platt 1999), as windows up to 2017 had it (docs/windows-from-today.md). What reaches a
    threshold is left as it is, so that it agrees with the quantiles.

    Examples
    --------
    >>> recalibrated(np.array([0.25]), target="violence_100", horizon=3).round(6).tolist()
    [0.25]
    """
    numbers = _nearest(AHEAD_SPREAD_FILE, target, horizon)
    if (numbers["a"], numbers["b"]) == (0.0, 1.0):
        return probability
    return np.asarray(expit(numbers["a"] + numbers["b"] * log_odds_of(probability)))


def spread(
    probability: NDArray[np.float64], *, target: str, horizon: int, file: Path = SPREAD_FILE
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """90 % interval of probabilities, two arrays of their shape: how far recalibrating them could move each.

    That of log-odds' = a + b x log-odds, whose a and b vary as they did between bootstraps over countries; of a window
    that was not measured, that of the nearest one. Regions, whose countries are too few to measure it, are given that
    of countries.
    """
    numbers = _nearest(file, target, horizon)
    a, both, b = (numbers[name] for name in ("variance_a", "covariance", "variance_b"))
    x = log_odds_of(probability)
    ends = _ENDS * np.sqrt(np.maximum(a + 2 * both * x + b * x**2, 0.0))
    low, high = np.asarray(expit(x - ends)), np.asarray(expit(x + ends))
    return np.minimum(low, probability), np.maximum(high, probability)
