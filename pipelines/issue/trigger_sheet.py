"""The trigger sheet of an alert: how often it would have fired, how often for nothing, how early, what it missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ...features.errors import CoverageError
from ...features.targets.build import TARGETS
from ...features.targets.outlook import FEWEST_DEATHS, RISE
from ...features.targets.violence import observed_window
from ...features.transforms import rolling_sum, window_sum
from .alert_rules import WORSE
from .alerts import signal

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ...features.arrays import BoolArray
    from ...features.panels.panel import Panel
    from .alert_rules import Rule

__all__ = ["QUIET", "TriggerSheet", "trigger_sheet"]

#: A rule that fired in one of so many months before is still the same alert.
QUIET: Final = 3
_UNITS: Final = {"country": "countries", "region": "regions"}


@dataclass(frozen=True)
class TriggerSheet:
    """What a rule would have done.

    Attributes
    ----------
    rule, level, event, within
        Which it is, for which units, and the event that it is judged by, which is to come within so many months.
    first, last
        Months in which it could have fired and the event is known.
    units
        How many there are.
    alerts, right
        How often it fired anew (not in the `QUIET` months before), and how often the event came.
    base_rate
        How often the event comes in any month and unit.
    episodes, seen
        Runs of months before which the event lay ahead, and in how many the rule fired before it came.
    lead
        Months from an alert that was right to the event, median; NaN where none was.
    missed, missed_deaths
        Unit and month before the deadliest event that the rule did not see, and its deaths; empty where it saw all.
    """

    rule: str
    level: str
    event: str
    within: int
    first: str
    last: str
    units: int
    alerts: int
    right: int
    base_rate: float
    episodes: int
    seen: int
    lead: float
    missed: str
    missed_deaths: float

    @property
    def years(self) -> float:
        """Length of the time that it was tried on."""
        (first_year, first), (last_year, last) = (map(int, month.split("-")) for month in (self.first, self.last))
        return ((last_year - first_year) * 12 + last - first + 1) / 12

    @property
    def a_year(self) -> float:
        """Alerts a year, of all units together."""
        return self.alerts / self.years

    @property
    def false_per_right(self) -> float:
        """False alarms for each alert that was right; infinite where none was."""
        return (self.alerts - self.right) / self.right if self.right else float("inf")

    def in_words(self) -> str:
        """Say it in sentences."""
        if not self.alerts:
            fired = f"From {self.first} to {self.last} the rule {self.rule} never fired in {self.units} "
            return f"{fired}{_UNITS[self.level]}; {self.event} lay ahead {self.episodes:,} times."
        share = self.right / self.alerts
        fired = f"fired {self.alerts:,} times in {self.units} {_UNITS[self.level]}, {self.a_year:.1f} times a year."
        came = f"{self.event} came within {self.within} months; to anyone in any month that happens in"
        sentences = [
            f"From {self.first} to {self.last} the rule {self.rule} {fired}",
            f"{self.right:,} times ({share:.0%}) it was right: {came} {self.base_rate:.1%}.",
        ]
        if self.right:
            sentences.append(
                f"That is {self.false_per_right:.1f} false alarms for each right one; the event came "
                f"{self.lead:.0f} months after the alert, by the median."
            )
        sentences.append(f"Of {self.episodes:,} times that it lay ahead, the rule saw {self.seen:,} before it came.")
        if self.missed:
            sentences.append(f"Worst miss: {self.missed}, {self.missed_deaths:,.0f} deaths.")
        return " ".join(sentences)


def trigger_sheet(name: str, rule: Rule, panel: Panel, forecasts: pd.DataFrame) -> TriggerSheet:
    """Try a rule on the past.

    Parameters
    ----------
    name, rule
        Which it is.
    panel
        What happened, whole: the rule sees at each month only what lies before it, the event what comes after.
    forecasts
        Issues of the past, columns of the contract ``scores``, for rules on forecasts.

    Raises
    ------
    CoverageError
        If there is no month in which it could have fired and the event is known.
    """
    found = signal(rule, panel, forecasts)
    label, reached = _event(rule, panel)
    judged = found.known & ~np.isnan(label)
    if not judged.any():
        msg = (
            f"the rule {name} cannot be tried on {_UNITS[panel.level]}: nothing that it looks at is known of the past."
        )
        raise CoverageError(msg, remedy="Rules on forecasts need issues of the past: faultline backfill.")
    months = np.flatnonzero(judged.any(axis=1))
    fired = found.fired & judged
    recently = rolling_sum(fired, QUIET + 1) - fired > 0
    anew = fired & ~recently
    ahead = judged & (label == 1)
    starts = ahead & ~np.vstack([np.zeros((1, ahead.shape[1]), bool), ahead[:-1]])
    seen, missed = _episodes(fired, starts, reached, rule.within)
    war_total = window_sum(panel.war_total, rule.within) > 0  # dated by its first day: nobody could have seen it
    worst = _worst(missed & ~war_total, window_sum(panel.deaths, rule.within), panel)
    right = anew & ahead
    return TriggerSheet(
        rule=name,
        level=panel.level,
        event=_in_words(rule),
        within=rule.within,
        first=str(panel.months[months[0]]),
        last=str(panel.months[months[-1]]),
        units=int(judged.any(axis=0).sum()),
        alerts=int(anew.sum()),
        right=int(right.sum()),
        base_rate=float(label[judged].mean()),
        episodes=int(starts.sum()),
        seen=seen,
        lead=float(np.median(reached[right])) if right.any() else float("nan"),
        missed=worst[0],
        missed_deaths=worst[1],
    )


def _in_words(rule: Rule) -> str:
    if rule.event == WORSE:
        return f"{FEWEST_DEATHS} deaths or more, and 30 % more than in as many months before,"
    return TARGETS[rule.event].question.format(window="").strip().rstrip(",")


def _event(rule: Rule, panel: Panel) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The label of (t, t + within], and months until deaths have brought it; the whole window where they do not."""
    horizon = rule.within
    if rule.event == WORSE:
        before = rolling_sum(panel.deaths, horizon).astype(np.float64)
        threshold = np.maximum(FEWEST_DEATHS, RISE * before)
        known = observed_window(panel, horizon) & (rolling_sum(panel.observed, horizon) == horizon)
        label = np.where(known, window_sum(panel.deaths, horizon) >= threshold, np.nan)
        happens = lambda deaths: deaths >= threshold  # noqa: E731  # one of two
    else:
        target = TARGETS[rule.event]
        label, drawn = target.label(panel, horizon), target.drawn
        reference = np.full(panel.shape, float(target.threshold or np.inf))
        happens = lambda deaths: deaths >= reference  # noqa: E731
        if drawn is not None:
            reference = drawn.reference(panel, horizon)
            happens = lambda deaths: drawn.happens(deaths, reference) & (not drawn.by_worst)  # noqa: E731
    reached = np.full(panel.shape, float(horizon))
    for months in range(horizon - 1, 0, -1):
        reached[happens(window_sum(panel.deaths, months))] = months
    return label, reached


def _episodes(fired: BoolArray, starts: BoolArray, reached: NDArray[np.float64], within: int) -> tuple[int, BoolArray]:
    """How many of the runs that begin at ``starts`` had an alert before the event came, and those that had none."""
    caught = np.zeros_like(starts)
    for months in range(within):
        later = np.zeros_like(fired)
        later[: fired.shape[0] - months] = fired[months:]
        caught |= starts & later & (months < reached)
    return int(caught.sum()), starts & ~caught


def _worst(missed: BoolArray, deaths: NDArray[np.float64], panel: Panel) -> tuple[str, float]:
    if not missed.any():
        return "", float("nan")
    month, unit = np.unravel_index(np.nanargmax(np.where(missed, deaths, np.nan)), missed.shape)
    names = panel.units.iloc[int(unit)]
    name = names["name"] if panel.level == "country" else f"{names['name']} ({names['country_name']})"
    return f"{name} after {panel.months[int(month)]}", float(deaths[month, unit])
