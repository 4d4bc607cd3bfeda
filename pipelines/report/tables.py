"""Rows of the ranked and the full tables, as text ready to print."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .histories import History, Sparkline, last_year, sparkline
from .status import Badge, badges

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .forecasts import Forecast
    from .wording import Wording

__all__ = ["FIELDS", "Bar", "Row", "field_values", "unit_rows"]


@dataclass(frozen=True)
class Bar:
    """Where a forecast's dot, band and baseline stand, in per cent of the bar's width; None where not given."""

    dot: float
    start: float | None
    width: float | None
    baseline: float | None


@dataclass(frozen=True)
class Row:
    """A unit in a table.

    Attributes
    ----------
    forecast
        What is shown.
    text
        The forecast's fields as text, by the names of `FIELDS`.
    bar, history, last_year, badges, through
        Picture of the interval; deaths so far; deaths in the last 12 months; state of the data.
    """

    forecast: Forecast
    text: Mapping[str, str]
    bar: Bar
    history: Sparkline | None
    last_year: float
    badges: tuple[Badge, ...]
    through: str


#: Fields of a forecast that tables and maps print, all as text.
FIELDS = ("shown", "interval", "baseline", "difference", "deaths", "risk")


def field_values(forecast: Forecast, wording: Wording) -> dict[str, str]:
    """Print a forecast's fields, by the names of `FIELDS`."""
    low, median, high = forecast.deaths
    return {
        "shown": wording.percent(forecast.probability),
        "interval": wording.interval(forecast.low, forecast.high),
        "baseline": wording.percent(forecast.baseline),
        "difference": wording.difference(forecast.difference),
        "deaths": wording.say("none")
        if math.isnan(median)
        else f"{wording.count(median)} ({wording.say('interval', low=wording.count(low), high=wording.count(high))})",
        "risk": wording.say(f"risk.{forecast.risk_class}"),
    }


def _bar(forecast: Forecast) -> Bar:
    def place(value: float) -> float | None:
        return None if math.isnan(value) else round(100 * min(max(value, 0.0), 1.0), 1)

    start, end = place(forecast.low), place(forecast.high)
    return Bar(
        dot=round(100 * forecast.probability, 1),
        start=start,
        width=None if start is None or end is None else round(max(end - start, 0.0), 1),
        baseline=place(forecast.baseline),
    )


def unit_rows(
    shown: Iterable[Forecast], histories: Mapping[tuple[int, str], History], wording: Wording
) -> tuple[Row, ...]:
    """Make the rows of a table of units, in the order given.

    Parameters
    ----------
    shown
        One forecast a row.
    histories
        Deaths by level and key, from `deaths_by_unit`; a unit that is not there gets no picture.
    wording
        Language.
    """
    rows: list[Row] = []
    for forecast in shown:
        history = histories.get((forecast.level, forecast.key))
        rows.append(
            Row(
                forecast=forecast,
                text=field_values(forecast, wording),
                bar=_bar(forecast),
                history=sparkline(history, wording),
                last_year=last_year(history),
                badges=badges(forecast, wording),
                through=wording.day(forecast.through),
            )
        )
    return tuple(rows)
