"""A country's deaths, coups, steps of transition, foreign forces and armed actors on one time axis, as a picture."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd
import vl_convert

from ...features.errors import ConfigError
from ..base.whole import write_bytes, write_text
from ..issue.facts_in_words import DEATH_WORDS, KINDS, SENDERS, STEPS
from .timeline_labels import spaced_labels

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..issue.facts_in_words import Timeline

__all__ = ["draw", "write_timeline"]

_KIND_COLOURS: Final = dict(
    zip(KINDS, ("#b2182b", "#7b3294", "#1b7837", "#5e6b78", "#8c510a", "#01665e", "#c51b7d"), strict=True)
)
_CLASS_COLOURS: Final[dict[str, str]] = dict(
    zip(SENDERS, ("#2b8cbe", "#41ab5d", "#08306b", "#6a51a3", "#cb181d", "#525252", "#b8860b"), strict=True)
)
_DEATH_COLOURS: Final = dict(zip(DEATH_WORDS.values(), ("#636363", "#a6bddb", "#e6842a"), strict=True))
_VEGALITE: Final = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
_WIDTH, _ROW, _DEATHS_HEIGHT = 1000, 19, 190
#: A month with more than this many times the deaths of any other would flatten all others; its bar is cut off.
_OUTLIER: Final = 4
_HEADROOM: Final = 1.15


class _Axis:
    """The time axis that all panels share."""

    def __init__(self, first: int, last: int) -> None:
        self.start = pd.Timestamp(year=first, month=1, day=1)
        self.stop = pd.Timestamp(year=last + 1, month=1, day=1)

    def at(self, column: str) -> alt.X:
        axis = alt.Axis(
            format="%Y", tickCount="year", gridColor="#e3e3e3", title=None, labelFontSize=12, labelFlush=False
        )
        domain = [{"year": moment.year, "month": 1, "date": 1} for moment in (self.start, self.stop)]
        return alt.X(f"{column}:T", scale=alt.Scale(domain=domain, nice=False), axis=axis)


def draw(shown: Timeline) -> dict[str, Any]:
    """Draw a timeline as a Vega-Lite specification."""
    axis = _Axis(shown.first, shown.last)
    panels = [_deaths(shown, axis)]
    if len(shown.steps):
        panels.append(_steps(shown, axis))
    if len(shown.forces):
        panels.append(_forces(shown, axis))
    if len(shown.actors):
        panels.append(_actors(shown, axis))
    chart = (
        alt.vconcat(*panels, spacing=14)
        .resolve_scale(color="independent")
        .properties(
            title=alt.Title(
                f"{shown.name}, {shown.first} to {shown.last}",
                subtitle=[
                    (
                        "Deaths, armed actors: UCDP. Coups: Powell and Thyne, carried on by faultline. "
                        "Elections to 2021: REIGN. All else: facts compiled by faultline."
                    ),
                    *([" ".join(shown.searched)] if shown.searched else []),
                ],
                anchor="start",
                fontSize=18,
                subtitleColor="#555555",
                offset=12,
            )
        )
        .configure_view(stroke="#cccccc")
        .configure_axis(labelLimit=260, labelFontSize=12, titleFontWeight="normal")
    )
    return chart.to_dict()


def _panel(title: str) -> alt.Title:
    # beside the panel, not beside the names of its rows, which are of another length in each panel
    return alt.Title(title, anchor="start", frame="group", fontSize=13)


def _present(colours: Mapping[str, str], values: pd.Series) -> alt.Scale:
    """Colours of what is drawn and of nothing else, so that the legend promises no more than there is."""
    seen = [name for name in colours if name in set(values)]
    return alt.Scale(domain=seen, range=[colours[name] for name in seen])


def _coup_rules(shown: Timeline, axis: _Axis) -> alt.Chart:
    coups = shown.steps[shown.steps["step"] == STEPS["coup_success"][0]]
    return (
        alt.Chart(coups)
        .mark_rule(color=_KIND_COLOURS["Coups"], strokeDash=[4, 3], opacity=0.75)
        .encode(x=axis.at("date"))
    )


def _deaths(shown: Timeline, axis: _Axis) -> Any:
    rules = _coup_rules(shown, axis)
    labels = rules.mark_text(
        align="left", dx=4, y=8, color=_KIND_COLOURS["Coups"], fontSize=12, fontWeight="bold"
    ).encode(x=axis.at("date"), text=alt.value("coup"))
    top = _top(shown.deaths)
    scale = alt.Scale(domain=[0, top], nice=False) if top else alt.Scale()
    # Stacked here and drawn from month to month: bars of a set width would widen this panel's axis alone.
    bars = (
        alt.Chart(_stacked(shown.deaths))
        .mark_rect(stroke="white", strokeWidth=0.4, clip=True)
        .encode(
            x=axis.at("month"),
            x2="next_month:T",
            y=alt.Y("low:Q", title=None, scale=scale),
            y2="high:Q",
            color=alt.Color(
                "type:N",
                scale=_present(_DEATH_COLOURS, shown.deaths["type"]),
                legend=alt.Legend(title="violence", orient="right"),
            ),
        )
    )
    layers = [bars, rules, labels]
    if top:
        totals = shown.deaths.groupby("month", as_index=False)["deaths"].sum()
        cut = totals[totals["deaths"] > top].assign(text=lambda rows: rows["deaths"].map("{:,} \u25b2".format))
        layers.append(
            alt.Chart(cut)
            .mark_text(align="right", dx=-4, y=8, fontSize=12, fontWeight="bold")
            .encode(x=axis.at("month"), text="text:N")
        )
    return alt.layer(*layers).properties(
        width=_WIDTH, height=_DEATHS_HEIGHT, title=_panel("Deaths in organised violence, a month")
    )


def _top(deaths: pd.DataFrame) -> float | None:
    """Where the axis of deaths ends, if one month's bar must be cut off."""
    highest = deaths.groupby("month")["deaths"].sum().nlargest(2)
    if len(highest) < 2 or highest.iloc[0] <= _OUTLIER * highest.iloc[1]:  # noqa: PLR2004  # the two that are compared
        return None
    return float(highest.iloc[1] * _HEADROOM)


def _stacked(deaths: pd.DataFrame) -> pd.DataFrame:
    order = list(_DEATH_COLOURS)
    ordered = deaths.assign(rank=deaths["type"].map(order.index)).sort_values(["month", "rank"])
    high = ordered.groupby("month")["deaths"].cumsum()
    return ordered.assign(
        low=high - ordered["deaths"], high=high, next_month=ordered["month"] + pd.offsets.MonthBegin(1)
    )


def _rows(column: str, names: list[str]) -> alt.Y:
    axis = alt.Axis(grid=True, gridColor="#eeeeee", ticks=False, labelFontSize=12, domain=False)
    return alt.Y(f"{column}:N", sort=names, title=None, scale=alt.Scale(domain=names), axis=axis)


def _steps(shown: Timeline, axis: _Axis) -> Any:
    rows = [words for words, _ in STEPS.values() if words in set(shown.steps["step"])]
    placed = spaced_labels(shown.steps, since=axis.start, until=axis.stop, width=_WIDTH)
    told = shown.steps.drop(columns="label").join(placed)
    colour = alt.Color("kind:N", scale=_present(_KIND_COLOURS, told["kind"]), legend=None)
    points = (
        alt.Chart(told)
        .mark_point(filled=True, size=75, opacity=0.95)
        .encode(x=axis.at("date"), y=_rows("step", rows), color=colour)
    )
    words = alt.Chart(told).encode(x=axis.at("date"), y=_rows("step", rows), color=colour, text="text:N")
    right = words.transform_filter("datum.side == 'right'").mark_text(align="left", dx=7, fontSize=10)
    left = words.transform_filter("datum.side == 'left'").mark_text(align="right", dx=-7, fontSize=10)
    return alt.layer(_coup_rules(shown, axis), points, right, left).properties(
        width=_WIDTH, height=_ROW * len(rows), title=_panel("Coups and steps of transition")
    )


def _forces(shown: Timeline, axis: _Axis) -> Any:
    rows = list(dict.fromkeys(shown.forces["force"]))
    forces = shown.forces.assign(start=shown.forces["start"].where(shown.forces["start"] >= axis.start, axis.start))
    colour = alt.Color(
        "sender:N",
        scale=_present(_CLASS_COLOURS, forces["sender"]),
        legend=alt.Legend(title="forces", orient="right", symbolType="square"),
    )
    y = _rows("force", rows)
    bars = (
        alt.Chart(forces)
        .mark_bar(height=11, cornerRadius=2, clip=True)
        .encode(x=axis.at("start"), x2="end:T", y=y, color=colour)
    )
    on = (
        alt.Chart(forces[forces["goes_on"]])
        .mark_text(text="\u25b6", align="left", dx=2, fontSize=11)
        .encode(x=axis.at("end"), y=y, color=colour)
    )
    announced = shown.announced[shown.announced["force"].isin(rows)]
    marks = (
        alt.Chart(announced)
        .mark_point(shape="diamond", filled=True, fill="white", stroke="black", size=65, opacity=1)
        .encode(x=axis.at("date"), y=y)
    )
    return alt.layer(_coup_rules(shown, axis), bars, on, marks).properties(
        width=_WIDTH,
        height=_ROW * len(rows),
        title=_panel("Foreign forces (diamond: withdrawal announced or demanded; arrow: no end is known)"),
    )


def _actors(shown: Timeline, axis: _Axis) -> Any:
    went_into = shown.actors["into"] != ""
    name = shown.actors["actor"].where(~went_into, shown.actors["actor"] + " \u2192 " + shown.actors["into"])
    told = shown.actors.assign(name=name, colour=went_into.map({False: "#7f2704", True: "#c8693a"}))
    rows = list(dict.fromkeys(told["name"]))
    bars = (
        alt.Chart(told)
        .mark_bar(height=11, clip=True)
        .encode(
            x=axis.at("start"), x2="end:T", y=_rows("name", rows), color=alt.Color("colour:N", scale=None, legend=None)
        )
    )
    return alt.layer(_coup_rules(shown, axis), bars).properties(
        width=_WIDTH,
        height=_ROW * len(rows),
        title=_panel("Armed actors: months in which each was party to a deadly event (arrow: who carries it on)"),
    )


def write_timeline(shown: Timeline, folder: Path, *, iso3: str) -> tuple[Path, Path]:
    """Write a timeline as PNG and SVG.

    Returns
    -------
    png, svg
        The files.

    Raises
    ------
    ConfigError
        If the folder cannot be written to.
    """
    specification = json.dumps(draw(shown), allow_nan=False)
    png, svg = (folder / f"timeline-{iso3.lower()}.{ending}" for ending in ("png", "svg"))
    try:
        write_bytes(png, vl_convert.vegalite_to_png(specification, vl_version=_VEGALITE, scale=1.6))
        write_text(svg, vl_convert.vegalite_to_svg(specification, vl_version=_VEGALITE))
    except OSError as error:
        msg = f"--out: cannot write to {folder} ({error.strerror})."
        raise ConfigError(msg) from None
    return png, svg
