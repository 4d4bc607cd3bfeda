"""Armed actors of a country on a unit's time axis: what the page holds of them, and the chart that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from .charts import FONT
from .unit_chart import ROW, labels_above, rows_of, time_axis

if TYPE_CHECKING:
    from .contents import BriefContents

__all__ = ["actors_chart", "actors_data"]

#: Who fights under this name to the end, and who is carried on by another, as on a country's timeline.
STAYS, WENT_ON = "#7f2704", "#c8693a"


def actors_data(contents: BriefContents) -> dict[str, Any]:
    """Give what the page holds of armed actors, in few bytes.

    Returns
    -------
    dict
        ``since``, the month from which runs are counted (``YYYY-MM``); ``of``, by country, a list an actor: name, who
        carries it on (or empty), deaths, and its runs of months with a deadly event as one list of numbers: months
        since ``since``, length, and so on.
    """
    actors = contents.actors
    if actors.empty:
        return {"since": "", "of": {}}
    first, after = (pd.PeriodIndex(actors[edge], freq="M").asi8 for edge in ("start", "end"))
    since = int(first.min())
    told = actors.assign(at=first - since, length=after - first).sort_values(["location_code", "row"], kind="stable")
    columns = ("location_code", "row", "actor", "into", "deaths", "at", "length")
    rows: dict[tuple[str, int], list[Any]] = {}
    for country, row, actor, into, deaths, at, length in zip(*(told[name].tolist() for name in columns), strict=True):
        rows.setdefault((country, row), [actor, into, round(deaths), []])[-1].extend((at, length))
    of: dict[str, list[list[Any]]] = {}
    for (country, _), own in rows.items():
        of.setdefault(country, []).append(own)
    return {"since": str(pd.Period(ordinal=since, freq="M")), "of": of}


def actors_chart() -> dict[str, Any]:
    """Give the specification of the lane: data ``actors``, and the parameters of `unit_chart`."""
    rows, y = rows_of("actors")
    bars = rows.mark_bar(height=8, yOffset=7, clip=True).encode(
        x=time_axis("from", labels=True),
        x2="to:T",
        y=y,
        color=alt.condition("datum.went_on", alt.value(WENT_ON), alt.value(STAYS)),
        description="words:N",
        tooltip=["words:N"],
    )
    chart = (
        alt.layer(bars, labels_above(rows, y))
        .properties(width=600, height=alt.Step(ROW), padding=0)
        .add_params(
            alt.param(name="firstMoment", value=0),
            alt.param(name="lastMoment", value=1),
            alt.param(name="panelWidth", value=600),
        )
        .configure_view(stroke=None)
        .configure(font=FONT, background="transparent")
    )
    return chart.to_dict()
