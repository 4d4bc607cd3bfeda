"""One chart for every unit: deaths so far and forecast, foreign forces, and steps of transition on one time axis.

The page holds this specification once and the units' data in compact form; it draws a unit when it is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from .charts import FONT

if TYPE_CHECKING:
    from .wording import Wording

__all__ = ["KIND_COLOURS", "ROW", "SENDER_COLOURS", "labels_above", "rows_of", "time_axis", "unit_chart"]

INK, SOFT, PAST, AHEAD = "#1d2a35", "#4d5a66", "#6d7b88", "#1f5f8b"
#: Classes of foreign forces, and kinds of steps, as `faultline.pipelines.issue.facts_in_words` names them.
SENDER_COLOURS = {
    "UN": "#2b8cbe",
    "African regional": "#41ab5d",
    "EU": "#08306b",
    "French": "#6a51a3",
    "Russian": "#cb181d",
    "US": "#525252",
    "other": "#b8860b",
}
KIND_COLOURS = {
    "Coups": "#b2182b",
    "Transition": "#7b3294",
    "Elections": "#1b7837",
    "Abroad": "#5e6b78",
    "Agreements": "#8c510a",
    "Territory": "#01665e",
    "Support": "#c51b7d",
}
DEATHS_HEIGHT, ROW = 190, 30
#: Room for the axis of deaths, pixels; the same below, so that the panels' time axes stand under one another.
AXIS_ROOM = 52


def time_axis(column: str, *, labels: bool) -> alt.X:
    """Time from left to right over the span that all panels of a unit share."""
    axis = alt.Axis(
        format="%Y",
        tickCount={"interval": "year", "step": 1},
        title=None,
        labels=labels,
        gridColor="#e3e7ea",
        ticks=False,
    )
    # the same span for all panels, in milliseconds of UTC: months must not slip with the reader's time zone
    span = alt.Scale(type="utc", nice=False, domainMin=alt.ExprRef("firstMoment"), domainMax=alt.ExprRef("lastMoment"))
    return alt.X(f"{column}:T", scale=span, axis=axis)


def _deaths(wording: Wording) -> Any:
    axis = alt.Axis(tickCount=5, format=",d", minExtent=AXIS_ROOM, maxExtent=AXIS_ROOM, gridColor="#e3e7ea")
    # One terrible month would hide all the others on a linear scale.
    scale = alt.Scale(type="sqrt", zero=True, nice=True)

    def height(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", title=wording.say("unit.deaths_axis"), scale=scale, axis=axis)

    past = alt.Chart(alt.NamedData(name="past"))
    seen = past.mark_rect(fill=PAST, stroke="#ffffff", strokeWidth=0.4).encode(
        x=time_axis("from", labels=True),
        x2="to:T",
        y=height("deaths"),
        y2=alt.datum(0),
        description="label:N",
        tooltip=_tips(wording, ("month", "unit.month"), ("deaths_text", "unit.deaths")),
    )
    ahead = alt.Chart(alt.NamedData(name="ahead"))
    tips = _tips(wording, ("month", "unit.month"), ("median_text", "unit.median"), ("interval", "column.interval"))
    x = time_axis("from", labels=True)
    wide = ahead.mark_rect(fill=AHEAD, opacity=0.25).encode(
        x=x, x2="to:T", y=height("q05"), y2="q95:Q", description="label:N", tooltip=tips
    )
    narrow = ahead.mark_rect(fill=AHEAD, opacity=0.45, aria=False).encode(
        x=x, x2="to:T", y=height("q25"), y2="q75:Q", tooltip=tips
    )
    middle = ahead.mark_rule(stroke=INK, strokeWidth=2, aria=False).encode(x=x, x2="to:T", y=height("q50"))
    return alt.layer(seen, wide, narrow, middle)


def _tips(wording: Wording, *fields: tuple[str, str]) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{name}:N", title=wording.say(title)) for name, title in fields]


def rows_of(name: str) -> tuple[alt.Chart, alt.Y]:
    """Data drawn row by row, the label above the mark: long names then need no room beside the panel."""
    axis = alt.Axis(
        title=None, labels=False, ticks=False, domain=False, minExtent=AXIS_ROOM, maxExtent=AXIS_ROOM, grid=False
    )
    return alt.Chart(alt.NamedData(name=name)), alt.Y("row:O", axis=axis, scale=alt.Scale(paddingOuter=0), sort=None)


def labels_above(rows: alt.Chart, y: alt.Y) -> alt.Chart:
    """Names of rows, each above the first of its marks."""
    return (
        rows.transform_filter("datum.label != ''")
        .mark_text(
            align="left",
            baseline="middle",
            yOffset=-7,
            dx=4,
            fontSize=11.5,
            fill=INK,
            aria=False,
            limit=alt.ExprRef("panelWidth"),  # a name that is too long for a phone must not widen the picture
        )
        .encode(x=alt.value(0), y=y, text="label:N")
    )


def _forces() -> Any:
    rows, y = rows_of("forces")
    colour = _colours(SENDER_COLOURS, "sender")
    bars = rows.mark_bar(height=8, yOffset=7, cornerRadius=2, clip=True).encode(
        x=time_axis("from", labels=False), x2="to:T", y=y, color=colour, description="words:N", tooltip=["words:N"]
    )
    marks = (
        alt.Chart(alt.NamedData(name="announced"))
        .mark_point(filled=True, fill="#ffffff", stroke=INK, size=60, opacity=1, yOffset=7, clip=True)
        .encode(
            x=time_axis("at", labels=False),
            y=y,
            shape=alt.Shape("shape:N", scale=None),
            description="words:N",
            tooltip=["words:N"],
        )
    )
    return alt.layer(bars, marks, labels_above(rows, y))


def _steps() -> Any:
    rows, y = rows_of("steps")
    points = rows.mark_point(filled=True, size=70, opacity=0.95, yOffset=7, clip=True).encode(
        x=time_axis("at", labels=False),
        y=y,
        color=_colours(KIND_COLOURS, "kind"),
        description="words:N",
        tooltip=["words:N"],
    )
    return alt.layer(points, labels_above(rows, y))


def _colours(colours: dict[str, str], field: str) -> alt.Color:
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(f"{field}:N", scale=scale, legend=None)


def unit_chart(wording: Wording) -> dict[str, Any]:
    """Give the specification of the chart of any unit.

    Returns
    -------
    dict
        Vega-Lite that names the data ``past``, ``ahead``, ``forces``, ``announced`` and ``steps`` and the
        parameters ``firstMoment`` and ``lastMoment`` (milliseconds) and ``panelWidth`` (pixels). Its three panels take
        the width that the page gives them; the page leaves a panel out whose data are empty.
    """
    title: dict[str, Any] = {"anchor": "start", "fontSize": 11.5, "fontWeight": 600, "color": SOFT, "offset": 6}
    panels = [
        _deaths(wording).properties(width=600, height=DEATHS_HEIGHT),
        _forces().properties(width=600, height=alt.Step(ROW), title=alt.Title(wording.say("unit.forces"), **title)),
        _steps().properties(width=600, height=alt.Step(ROW), title=alt.Title(wording.say("unit.steps"), **title)),
    ]
    chart = (
        alt.vconcat(*panels, spacing=10)
        .resolve_scale(x="independent", y="independent", color="independent")
        .add_params(
            alt.param(name="firstMoment", value=0),
            alt.param(name="lastMoment", value=1),
            alt.param(name="panelWidth", value=600),
        )
        .properties(padding=0)
        .configure_view(stroke=None)
        .configure(font=FONT, background="transparent")
    )
    return chart.to_dict()
