"""What changed since the last issue: the largest rises and falls, with what moves them and what has newly come."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from .summary import WORTH_SAYING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .forecasts import Forecast
    from .histories import History
    from .wording import Wording

__all__ = ["Change", "Changes", "lay_out_changes"]

RISES = 5
BEFORE_MONTHS = 3


@dataclass(frozen=True)
class Change:
    """A unit whose probability moved.

    Attributes
    ----------
    forecast
        Of the unit.
    before, now, points
        Probability in the last issue and in this one, and the difference in points, as text.
    lately
        Deaths in the last month of data against those before, in words.
    new
        Drivers that the last issue did not name.
    """

    forecast: Forecast
    before: str
    now: str
    points: str
    lately: str
    new: frozenset[str]


@dataclass(frozen=True)
class Changes:
    """What changed.

    Attributes
    ----------
    rises, falls
        Largest first.
    caption
        What is compared; or that there is nothing to compare with.
    """

    rises: tuple[Change, ...]
    falls: tuple[Change, ...]
    caption: str


def lay_out_changes(
    shown: Sequence[Forecast],
    previous: Sequence[Forecast],
    histories: Mapping[tuple[int, str], History],
    wording: Wording,
    *,
    last_issue: str | None,
    backfilled: bool = False,
) -> Changes:
    """Lay out what changed since the last issue.

    Parameters
    ----------
    shown
        Forecasts of the main event and horizon.
    previous
        All forecasts of the last issue.
    histories
        Deaths by unit.
    last_issue
        ``YYYY-MM``, None if there is none.
    backfilled
        Whether that is no issue but what the package carries of the month. It names no drivers, so none is new.
    """
    moved = [f for f in shown if not math.isnan(f.change)]
    if not moved or last_issue is None:
        return Changes((), (), wording.say("changes.none"))
    before = {(f.level, f.key): f for f in previous if (f.target, f.horizon) == (moved[0].target, moved[0].horizon)}
    rises = sorted((f for f in moved if f.change >= WORTH_SAYING), key=lambda f: -f.change)[:RISES]
    falls = sorted((f for f in moved if -f.change >= WORTH_SAYING), key=lambda f: f.change)[:RISES]
    key = "changes.caption" if rises or falls else "changes.small"
    caption = wording.say(
        f"{key}.backfilled" if backfilled else key,
        issue=wording.month(pd.Period(last_issue, "M").start_time.date()),
        question=wording.name("question", moved[0].target),
        horizon=wording.say("horizon", n=moved[0].horizon),
    )
    up, down = (
        tuple(_change(f, before.get((f.level, f.key)), histories, wording) for f in units) for units in (rises, falls)
    )
    return Changes(up, down, caption)


def _change(
    forecast: Forecast,
    before: Forecast | None,
    histories: Mapping[tuple[int, str], History],
    wording: Wording,
) -> Change:
    known = set(before.drivers) if before else set(forecast.drivers)
    return Change(
        forecast=forecast,
        now=wording.percent(forecast.probability),
        before=wording.percent(forecast.probability - forecast.change),
        points=wording.difference(forecast.change),
        lately=_lately(histories.get((forecast.level, forecast.key)), wording),
        new=frozenset(forecast.drivers) - known,
    )


def _lately(history: History | None, wording: Wording) -> str:
    if history is None or len(history.deaths) <= BEFORE_MONTHS:
        return wording.say("row.unknown")
    deaths = history.deaths
    return wording.say(
        "changes.lately",
        last=wording.count(float(deaths.iloc[-1])),
        month=wording.month(pd.Timestamp(str(deaths.index[-1])).date()),
        before=wording.count(float(deaths.iloc[-1 - BEFORE_MONTHS : -1].mean())),
    )
