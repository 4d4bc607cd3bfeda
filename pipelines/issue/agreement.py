"""Rows that cannot contradict one another: probabilities of events that hold each other, and courses of deaths."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...features.targets.build import TARGETS
from ...models.distributions.distribution import THRESHOLDS, exceedance, window_samples
from ..learn.coherent_deaths import Chances
from .classes import risk_class

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from ..learn.coherent_deaths import Courses

__all__ = ["AGREEMENT", "HOLDS", "OF_WINDOWS", "VIOLENCE", "WITHIN", "agreed", "chances", "coherent"]

#: Targets of the courses' thresholds.
VIOLENCE = tuple(
    next(target.name for target in TARGETS.values() if target.threshold == threshold) for threshold in THRESHOLDS
)
#: Targets of which a longer window is never less likely.
OF_WINDOWS = tuple(target.name for target in TARGETS.values() if target.grows)
#: What cannot be less likely than another event that it holds, which is right if they differ.
HOLDS = tuple((target.name, held) for target in TARGETS.values() for held in target.holds)
#: What cannot be likelier than another event that happens whenever it does.
WITHIN = tuple((target.within, target.name) for target in TARGETS.values() if target.within)
_PROBABILITY = ("probability", "prob_low", "prob_high")
#: Largest distance between a probability and the share of the courses that it speaks of.
AGREEMENT = 0.01


def _keys(frame: pd.DataFrame, panel: Panel) -> NDArray[Any]:
    """Positions in the panel of a table's rows, shape (n,)."""
    if panel.level == "country":
        return pd.Index(panel.units["gwno"]).get_indexer(pd.Index(frame["gwno"]))
    return panel.units.index.get_indexer(pd.Index(frame["admin1_code"]))


def chances(panel: Panel, table: pd.DataFrame) -> Chances | None:
    """What the courses are brought to; None where a target or a window is asked for without the other."""
    rows = table[table["target"].isin(VIOLENCE)]
    windows = [set(rows.loc[rows["target"] == target, "horizon_months"]) for target in VIOLENCE]
    common = tuple(sorted(set.intersection(*windows)))
    if not common:
        return None
    values = np.full((len(VIOLENCE), panel.shape[1], len(common)), np.nan)
    for (target, horizon), some in rows.groupby(["target", "horizon_months"]):
        if horizon in common:
            place = VIOLENCE.index(str(target)), _keys(some, panel), common.index(int(str(horizon)))
            values[place] = some["probability"]
    return Chances(common, values)


def agreed(table: pd.DataFrame, panel: Panel, courses: Courses) -> pd.DataFrame:
    """Put the courses' share in place of a probability of violence that is over `AGREEMENT` away from it.

    The courses are brought to the probabilities beforehand, so that this is left for what they cannot be brought to:
    regions to which their country's deaths are shared out, and what no course does.
    """
    changed = table.copy()
    if "deaths" not in courses.drawn:
        return changed
    drawn = courses.drawn["deaths"]
    for target, threshold in zip(VIOLENCE, THRESHOLDS, strict=True):
        for horizon, rows in table[table["target"] == target].groupby("horizon_months"):
            window = int(str(horizon))
            if window > drawn.shape[1]:
                continue
            share = exceedance(window_samples(drawn, window), threshold)[_keys(rows, panel)]
            off = np.abs(share - rows["probability"].to_numpy(np.float64)) > AGREEMENT
            where = rows.index[off]
            changed.loc[where, "probability"] = share[off]
            changed.loc[where, "prob_low"] = np.minimum(rows["prob_low"].to_numpy(np.float64)[off], share[off])
            changed.loc[where, "prob_high"] = np.maximum(rows["prob_high"].to_numpy(np.float64)[off], share[off])
    return changed


def coherent(table: pd.DataFrame) -> pd.DataFrame:
    """Raise each probability to those of the events that it holds: all are calibrated apart.

    A longer window holds a shorter one, one death holds 25, fragmentation holds its parts; an escalation, which has
    25 deaths within 3 months, is held down to the probability of these instead, which is the better measured one.
    """
    changed = table.copy()
    unit = changed["gwno"].astype("str") + "|" + changed["admin1_code"].astype("str").fillna("")

    def raised(upper: pd.Series, lower: pd.Series) -> None:
        of_lower = pd.Index(unit[lower]).get_indexer(pd.Index(unit[upper]))
        there = np.flatnonzero(of_lower >= 0)
        for name in _PROBABILITY:
            low = changed.loc[lower, name].to_numpy(np.float64)[of_lower[there]]
            rows = changed.index[upper][there]
            changed.loc[rows, name] = np.fmax(changed.loc[rows, name].to_numpy(np.float64), low)

    target, horizon = changed["target"], changed["horizon_months"]
    for name in OF_WINDOWS:
        for shorter, longer in pairwise(sorted(horizon[target == name].unique())):
            raised((target == name) & (horizon == longer), (target == name) & (horizon == shorter))
    for upper, lower in HOLDS:
        for months in horizon[target == lower].unique():
            raised((target == upper) & (horizon == months), (target == lower) & (horizon == months))
    for upper, lower in WITHIN:
        _held_down(changed, unit, lower, upper)
    rows = changed["probability"].notna()
    p = changed.loc[rows, "probability"].to_numpy(np.float64)
    changed.loc[rows, "risk_score_0_10"], changed.loc[rows, "risk_class"] = np.round(10 * p, 2), risk_class(p)
    for _, some in changed[rows].groupby(["target", "horizon_months"]):
        changed.loc[some.index, "rank"] = (-some["probability"]).rank(method="min")
    return changed


def _held_down(table: pd.DataFrame, unit: pd.Series, name: str, within: str) -> None:
    own = table["target"] == name
    for months in table.loc[own, "horizon_months"].unique():
        at = table["horizon_months"] == months
        lower, upper = own & at, (table["target"] == within) & at
        place = pd.Index(unit[upper]).get_indexer(pd.Index(unit[lower]))
        for column in _PROBABILITY:
            limit = np.where(place >= 0, np.append(table.loc[upper, column].to_numpy(np.float64), 1.0)[place], np.inf)
            table.loc[lower, column] = np.fmin(table.loc[lower, column].to_numpy(np.float64), limit)
