"""Alerts: units that a rule finds worth a second look, by what happened lately and by what is forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...features.panels.actors import NO_EVENTS, by_unit, with_forerunners
from ...features.panels.control import contested
from ...features.targets.fragmentation import NEW_ACTOR_ABSENT
from ...features.transforms import lag, rolling_max, rolling_sum
from .alert_rules import Contested, Forecast, NewActor, Novelty, Surprise
from .selection import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...features.arrays import BoolArray
    from ...features.panels.panel import Panel
    from .alert_rules import Rule

__all__ = ["COLUMNS", "FRESH", "Signal", "alerts", "looked_at", "signal"]

#: Columns of a table of alerts.
COLUMNS: Final = (
    *("rule", "admin_level", "location_code", "location_name", "admin1_code", "admin1_name"),
    *("month", "value", "threshold"),
)
#: What happened longer ago than so many months is no alert.
FRESH: Final = 3


#: Columns of forecasts that rules look at.
_FORECASTS: Final = (
    *("admin_level", "location_code", "admin1_code", "target", "horizon_months", "data_through"),
    *("probability", "q05", "q50", "q95"),
)


def looked_at(*scores: pd.DataFrame) -> pd.DataFrame:
    """What rules look at of one or more tables of forecasts, in one table."""
    return pd.concat([table[list(_FORECASTS)] for table in scores], ignore_index=True)


@dataclass(frozen=True)
class Signal:
    """What a rule makes of each month and unit, arrays of shape (T, U).

    Attributes
    ----------
    value, threshold
        What it looks at, and what that has to reach; NaN where there is nothing to look at.
    fired
        Whether it does.
    """

    value: NDArray[np.float64]
    threshold: NDArray[np.float64]
    fired: BoolArray

    @property
    def known(self) -> BoolArray:
        """Where the rule could have fired."""
        return ~np.isnan(self.value) & ~np.isnan(self.threshold)


def signal(rule: Rule, panel: Panel, forecasts: pd.DataFrame) -> Signal:
    """Apply a rule to every month and unit, each by what was known at its end.

    Parameters
    ----------
    panel
        What happened.
    forecasts
        Rows of one or more issues, columns of the contract ``scores``; a rule on forecasts knows nothing without.
    """
    match rule:
        case Novelty():
            before = lag(rolling_max(panel.deaths, rule.months).astype(np.float64), 1)
            whole = panel.observed & (lag(rolling_sum(panel.observed, rule.months), 1) == rule.months)
            return _fires(np.where(whole, panel.deaths, np.nan), np.maximum(before + 1, rule.floor))
        case NewActor():
            return _fires(_by_newcomers(panel, rule.months), np.full(panel.shape, max(rule.floor, NO_EVENTS)))
        case Contested():
            now = contested(panel)
            whole = rolling_sum(panel.observed, 2 * rule.months) == 2 * rule.months
            turned = (now & ~lag(now.astype(np.float64), rule.months).astype(bool)).astype(np.float64)
            here = whole & (panel.level != "country")
            return _fires(np.where(here, turned, np.nan), np.ones(panel.shape))
        case Forecast():
            shown = _laid_out(forecasts, panel, rule.target, rule.horizon, "probability")
            return _fires(shown, np.full(panel.shape, rule.at_least))
        case Surprise():
            low, median, high = (
                _laid_out(forecasts, panel, rule.target, rule.horizon, column) for column in ("q05", "q50", "q95")
            )
            earlier_low, earlier_high = lag(low, 1), lag(high, 1)
            earlier_low[0], earlier_high[0] = np.nan, np.nan
            below = median < earlier_low
            apart = np.where(below, earlier_low - median, median - earlier_high)
            threshold = np.where(below, earlier_low, earlier_high)
            return Signal(median, threshold, np.nan_to_num(apart, nan=-1.0) >= max(rule.floor, 1))


def _fires(value: NDArray[np.float64], threshold: NDArray[np.float64]) -> Signal:
    return Signal(value, threshold, np.nan_to_num(value, nan=-np.inf) >= threshold)


def _by_newcomers(panel: Panel, months: int) -> NDArray[np.float64]:
    """Deaths of the last months by groups that had no event in the unit in the 60 before; NaN without actors."""
    actors = panel.actors
    if not len(actors.actor):
        return np.full(panel.shape, np.nan)
    before = with_forerunners(lag(rolling_sum(actors.events, NEW_ACTOR_ABSENT), months), actors)
    absent = before < NO_EVENTS
    deaths = rolling_sum(actors.deaths, months) * (absent & (rolling_sum(actors.events, months) > NO_EVENTS))
    of_units = by_unit(deaths, actors, panel.shape[1]).astype(np.float64)
    of_units[: NEW_ACTOR_ABSENT + months] = np.nan
    return np.where(panel.observed, of_units, np.nan)


def _laid_out(forecasts: pd.DataFrame, panel: Panel, target: str, horizon: int, column: str) -> NDArray[np.float64]:
    """A column of the forecasts of a target and horizon by the last month of their data, shape (T, U); NaN if none."""
    rows = forecasts[
        (forecasts["admin_level"] == LEVELS[panel.level])
        & (forecasts["target"] == target)
        & (forecasts["horizon_months"] == horizon)
    ]
    units = panel.units["iso3"] if panel.level == "country" else panel.units.index
    unit = pd.Index(units).get_indexer(pd.Index(rows["location_code" if panel.level == "country" else "admin1_code"]))
    origin = pd.PeriodIndex(rows["data_through"], freq="M").asi8 - panel.months[0].ordinal
    inside = (unit >= 0) & (origin >= 0) & (origin < panel.shape[0])
    laid_out = np.full(panel.shape, np.nan)
    laid_out[origin[inside], unit[inside]] = rows[column].to_numpy(np.float64, na_value=np.nan)[inside]
    return laid_out


def alerts(
    rules: Mapping[str, Rule], panels: Mapping[str, Panel], forecasts: pd.DataFrame, *, origin: pd.Period
) -> pd.DataFrame:
    """Units that the rules find worth a second look as of a month.

    Parameters
    ----------
    rules
        By name.
    panels
        By level, as of the origin or later.
    forecasts
        Rows of the issue from the origin and of issues before it.

    Returns
    -------
    One row an alert, columns `COLUMNS`, by rule in their order and within it by how far the value exceeds the
    threshold: ``month``, the last of the unit's data, at most `FRESH` months before the origin; ``value`` and
    ``threshold``, deaths or a probability.
    """
    parts: list[pd.DataFrame] = []
    for name, rule in rules.items():
        for level, whole in panels.items():
            panel = whole.until(min(origin, whole.months[-1]))
            found = signal(rule, panel, forecasts)
            last = np.where(found.known, np.arange(panel.shape[0])[:, None], -1).max(axis=0, initial=-1)
            oldest = 0 if isinstance(rule, (Forecast, Surprise)) else FRESH  # what an earlier issue said is none
            fresh = (last >= 0) & (origin.ordinal - panel.months[0].ordinal - last <= oldest)
            unit = np.flatnonzero(fresh & found.fired[last, np.arange(panel.shape[1])])
            units, at = panel.units.iloc[unit], last[unit]
            region = level != "country"
            rows = pd.DataFrame(
                {
                    "rule": name,
                    "admin_level": LEVELS[level],
                    "location_code": units["iso3"].to_numpy(),
                    "location_name": units["country_name" if region else "name"].to_numpy(),
                    "admin1_code": units.index.to_numpy() if region else None,
                    "admin1_name": units["name"].to_numpy() if region else None,
                    "month": panel.months[at].astype("str"),
                    "value": found.value[at, unit],
                    "threshold": found.threshold[at, unit],
                }
            )
            excess = (rows["value"] / rows["threshold"].where(rows["threshold"] > 0)).fillna(np.inf)
            parts.append(rows.assign(excess=excess).sort_values("excess", ascending=False, kind="stable"))
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    table = pd.concat(parts, ignore_index=True)[list(COLUMNS)]
    return table.astype({"admin1_code": "str", "admin1_name": "str", "admin_level": "Int8"})
