"""Alerts in the brief: each unit that a rule found, with all that was found of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ..issue.alert_rules import Contested, Forecast, NewActor, Novelty, Surprise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..issue.alert_rules import Rule
    from .wording import Wording

__all__ = ["Alert", "lay_out_alerts"]

#: Units that are shown of each level; the command shows all.
SHOWN = 8


@dataclass(frozen=True)
class Alert:
    """A unit as a `Forecast` names it, and what was found of it, in words."""

    level: int
    key: str
    name: str
    country_name: str
    reasons: tuple[str, ...]


def lay_out_alerts(table: pd.DataFrame, rules: Mapping[str, Rule], wording: Wording) -> tuple[Alert, ...]:
    """Lay out alerts, units with most reasons first, countries before regions.

    Parameters
    ----------
    table
        From `faultline.pipelines.issue.alerts.alerts`.
    rules
        By name.
    wording
        Language.
    """
    found: list[Alert] = []
    for (level, code, key), rows in table.fillna({"admin1_code": ""}).groupby(
        ["admin_level", "location_code", "admin1_code"], sort=False
    ):
        first, number = rows.iloc[0], int(str(level))
        country = wording.country(str(code), str(first["location_name"]))
        name = wording.region(str(key), str(first["admin1_name"])) if number else country
        reasons = tuple(dict.fromkeys(_reason(rules[str(row["rule"])], row, wording) for row in _longest(rows, rules)))
        found.append(Alert(number, str(key) if number else str(code), name, country, reasons))
    ordered = sorted(found, key=lambda alert: (alert.level, -len(alert.reasons)))
    shown = [[alert for alert in ordered if alert.level == number][:SHOWN] for number in (0, 1)]
    return (*shown[0], *shown[1])


def _longest(rows: pd.DataFrame, rules: Mapping[str, Rule]) -> list[dict[str, object]]:
    """Of several rules on novelty the one that looks back furthest: it holds the others."""
    told = [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]
    back = [rule.months for row in told if isinstance(rule := rules[str(row["rule"])], Novelty)]
    return [row for row in told if not isinstance(rule := rules[str(row["rule"])], Novelty) or rule.months == max(back)]


def _reason(rule: Rule, row: Mapping[str, object], wording: Wording) -> str:
    value, threshold = float(str(row["value"])), float(str(row["threshold"]))
    month = wording.month(pd.Period(str(row["month"]), "M").start_time.date())
    match rule:
        case Novelty():
            said = {"n": rule.months, "deaths": wording.count(value), "month": month}
        case Forecast():
            event = wording.name("target", rule.target)
            horizon = wording.say("horizon", n=rule.horizon)
            said = {"event": event, "shown": wording.percent(value), "horizon": horizon}
        case NewActor():
            said = {"deaths": wording.count(value), "horizon": wording.say("horizon", n=rule.months), "month": month}
        case Contested():
            said = {"month": month}
        case Surprise():
            said = {"deaths": wording.count(value), "edge": wording.count(threshold)}
    return wording.say(f"alert.{rule.kind}", **said)
