"""A country's deaths, coups, steps of transition and foreign forces on one time axis: as tables, and as a picture.

The timeline shows what is known today, with the dates at which things happened; what was known when is the business of
the features.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import altair as alt
import pandas as pd
import vl_convert

from ..features.errors import ConfigError, UnknownNameError
from ..features.schemas_political import ACTOR_CLASSES
from .timeline_labels import spaced_labels

if TYPE_CHECKING:
    from pathlib import Path

    from ..features.snapshot import Snapshot

__all__ = ["Timeline", "draw", "stays", "steps", "timeline", "without_place", "write_timeline"]

#: What happened, in an analyst's words, in the order of the rows; with the colour of its kind.
_STEPS: Final[dict[str, tuple[str, str]]] = {
    "coup_success": ("coup", "Coups"),
    "coup_failed": ("failed coup", "Coups"),
    "coup_alleged": ("alleged coup plot", "Coups"),
    "transition_began": ("transition begins", "Transition"),
    "charter": ("charter", "Transition"),
    "timetable_announced": ("timetable announced", "Transition"),
    "postponement": ("postponement", "Transition"),
    "transition_ended": ("transition ends", "Transition"),
    "constitution_vote": ("constitution", "Transition"),
    "parties_dissolved": ("parties dissolved", "Transition"),
    "election_set": ("election set", "Elections"),
    "delayed": ("election delayed", "Elections"),
    "election_annulled": ("election annulled", "Elections"),
    "election_held": ("election held", "Elections"),
    "sanctions_imposed": ("sanctions imposed", "Abroad"),
    "sanctions_lifted": ("sanctions lifted", "Abroad"),
    "bloc_suspended": ("suspended by a bloc", "Abroad"),
    "bloc_readmitted": ("readmitted by a bloc", "Abroad"),
    "bloc_exit_announced": ("exit from a bloc announced", "Abroad"),
    "bloc_exit_effective": ("exit from a bloc in force", "Abroad"),
    "agreement_signed": ("agreement signed", "Agreements"),
    "agreement_denounced": ("agreement denounced", "Agreements"),
}
_KIND_COLOURS: Final = {
    "Coups": "#b2182b",
    "Transition": "#7b3294",
    "Elections": "#1b7837",
    "Abroad": "#5e6b78",
    "Agreements": "#8c510a",
}
_CLASS_COLOURS: Final = {
    "UN": "#2b8cbe",
    "African regional": "#41ab5d",
    "EU": "#08306b",
    "French": "#6a51a3",
    "Russian": "#cb181d",
    "US": "#525252",
    "other": "#b8860b",
}
_CLASS_WORDS: Final[dict[str, str]] = dict(zip(ACTOR_CLASSES, _CLASS_COLOURS, strict=True))
_DEATH_COLOURS: Final = {"state-based": "#636363", "non-state": "#a6bddb", "one-sided": "#e6842a"}
_DEATH_WORDS: Final = dict(zip(("sb", "ns", "os"), _DEATH_COLOURS, strict=True))
_SAME_ELECTION_DAYS = 3
_VEGALITE: Final = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
_WIDTH, _ROW = 1000, 19


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened in a country.

    Attributes
    ----------
    name
        Name of the country.
    first, last
        Years shown.
    deaths
        ``month``, ``type``, ``deaths``.
    steps
        ``date``, ``step`` (the words of the row), ``kind``, ``label`` (beside the point), ``note``.
    forces
        One row a stay: ``force``, ``sender`` (class), ``start``, ``end``, ``goes_on`` (no end is known).
    announced
        Announced withdrawals: ``force``, ``sender``, ``date``.
    """

    name: str
    first: int
    last: int
    deaths: pd.DataFrame
    steps: pd.DataFrame
    forces: pd.DataFrame
    announced: pd.DataFrame


def timeline(snapshot: Snapshot, iso3: str, *, first: int = 2012, last: int = 2025) -> Timeline:
    """Gather what happened in a country.

    Parameters
    ----------
    snapshot
        Canonical tables.
    iso3
        ISO 3166-1 alpha-3 code of the country.
    first, last
        Years, both included.

    Raises
    ------
    UnknownNameError
        If there is no such country.
    ConfigError
        If the last year is before the first.
    """
    countries = snapshot.countries[snapshot.countries["last_month"].isna()].set_index("iso3")
    if iso3 not in countries.index:
        raise UnknownNameError("country", iso3, countries.index)
    if last < first:
        msg = f"--last: {last} is before the first year, {first}."
        raise ConfigError(msg)
    gwno = int(cast("int", countries.loc[iso3, "gwno"]))
    start, stop = pd.Timestamp(year=first, month=1, day=1), pd.Timestamp(year=last, month=12, day=31)

    def shown(table: pd.DataFrame, column: str) -> pd.DataFrame:
        own = table[table["gwno"] == gwno]
        return own[own[column].between(start, stop)]

    deaths = shown(snapshot.country_month, "month")
    name = str(countries.loc[iso3, "name"])
    deployments = shown(snapshot.deployments, "date")
    announced = deployments[deployments["fact"] == "withdrawal_announced"]
    forces = stays(snapshot.deployments[snapshot.deployments["gwno"] == gwno], stop)
    forces["force"] = without_place(forces["force"], name)
    return Timeline(
        name=name,
        first=first,
        last=last,
        deaths=pd.DataFrame(
            {
                "month": deaths["month"],
                "type": deaths["violence_type"].map(_DEATH_WORDS),
                "deaths": deaths["deaths"],
            }
        ).reset_index(drop=True),
        steps=steps(
            shown(snapshot.coups, "date"), shown(snapshot.transitions, "date"), shown(snapshot.elections, "date")
        ).drop(columns="gwno"),
        forces=forces[(forces["end"] >= start) & (forces["start"] <= stop)].drop(columns="gwno").reset_index(drop=True),
        announced=pd.DataFrame(
            {
                "force": without_place(announced["mission"], name),
                "sender": announced["actor_class"].map(_CLASS_WORDS),
                "date": announced["date"],
            }
        ).reset_index(drop=True),
    )


def without_place(missions: pd.Series, country: str) -> pd.Series:
    """Names without the country that the whole picture is of."""
    return missions.str.replace(rf" in (the )?{re.escape(country)}\b", "", regex=True)


def steps(coups: pd.DataFrame, transitions: pd.DataFrame, elections: pd.DataFrame) -> pd.DataFrame:
    """Tell coups and steps of transition of one or more countries in an analyst's words.

    Returns
    -------
    ``gwno`` and the columns of `Timeline.steps`, by country and date.
    """
    seized = coups["successful"].map({True: "coup_success", False: "coup_failed"})
    own = transitions[~transitions["fact"].isin(["coup_success", "coup_failed"])]
    reign = elections[elections["event"].isin(["held", "delayed"])]
    parts = [
        coups[["gwno", "date"]].assign(fact=seized.astype("str"), note=coups["source"], label=""),
        own[["gwno", "date", "fact", "note"]].assign(label=own["subject"]),
        pd.DataFrame(
            {
                "gwno": reign["gwno"],
                "date": reign["date"],
                "fact": reign["event"].replace({"held": "election_held"}),
                "note": reign["office"].map({"L": "legislature", "X": "executive", "R": "referendum"}),
                "label": "",
            }
        ),
    ]
    told = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True).sort_values(
        ["gwno", "fact", "date"]
    )
    same = told["gwno"].eq(told["gwno"].shift()) & told["fact"].eq(told["fact"].shift())
    same &= told["date"].diff().dt.days <= _SAME_ELECTION_DAYS
    told = told[~(same & told["fact"].isin(["election_held", "delayed"]))]
    step, kind = (told["fact"].map({fact: words[i] for fact, words in _STEPS.items()}) for i in (0, 1))
    vote_put_off = told["fact"].eq("postponement") & told["label"].ne("transition")
    named = kind.isin(["Abroad", "Agreements"]) | vote_put_off
    label = told["label"].astype("str").str.removeprefix("constitutional ").where(named).fillna("")
    shown = {"date": told["date"], "step": step, "kind": kind, "label": label, "note": told["note"].fillna("")}
    return pd.DataFrame({"gwno": told["gwno"], **shown}).sort_values(["gwno", "date", "step"], ignore_index=True)


def stays(deployments: pd.DataFrame, stop: pd.Timestamp) -> pd.DataFrame:
    """Tell from arrivals and departures how long each force stayed, in one or more countries.

    Parameters
    ----------
    stop
        Where a stay of which no end is known is cut.

    Returns
    -------
    ``gwno`` and the columns of `Timeline.forces`, by start.
    """
    found: list[dict[str, Any]] = []
    for (gwno, _), rows in deployments.sort_values("date").groupby(["gwno", "deployment"], sort=False):
        arrived: pd.Timestamp | None = None
        sender = _CLASS_WORDS[str(rows["actor_class"].iloc[0])]
        shared = {"gwno": gwno, "force": rows["mission"].iloc[0], "sender": sender}
        for fact, date, regions in zip(rows["fact"], rows["date"], rows["regions"], strict=True):
            if fact == "arrival" and arrived is None:
                arrived = date
            elif fact == "departure" and not isinstance(regions, str) and arrived is not None:
                found.append({**shared, "start": arrived, "end": date, "goes_on": False})
                arrived = None
        if arrived is not None:
            found.append({**shared, "start": arrived, "end": max(stop, arrived), "goes_on": True})
    table = pd.DataFrame(found, columns=["gwno", "force", "sender", "start", "end", "goes_on"])
    return table.astype({"start": "datetime64[s]", "end": "datetime64[s]"}).sort_values("start", ignore_index=True)


def draw(shown: Timeline) -> dict[str, Any]:
    """Draw a timeline as a Vega-Lite specification."""
    span = (pd.Timestamp(year=shown.first, month=1, day=1), pd.Timestamp(year=shown.last + 1, month=1, day=1))
    axis = alt.Axis(format="%Y", tickCount="year", gridColor="#e3e3e3", title=None, labelFontSize=12, labelFlush=False)
    domain = [{"year": moment.year, "month": 1, "date": 1} for moment in span]

    def when(column: str) -> alt.X:
        return alt.X(f"{column}:T", scale=alt.Scale(domain=domain, nice=False), axis=axis)

    coups = shown.steps[shown.steps["step"] == "coup"]
    rules = (
        alt.Chart(coups).mark_rule(color=_KIND_COLOURS["Coups"], strokeDash=[4, 3], opacity=0.75).encode(x=when("date"))
    )
    labels = (
        alt.Chart(coups)
        .mark_text(align="left", dx=4, y=8, color=_KIND_COLOURS["Coups"], fontSize=12, fontWeight="bold")
        .encode(x=when("date"), text=alt.value("coup"))
    )
    # Stacked here and drawn from month to month: bars of a set width would widen this panel's axis alone.
    bars = (
        alt.Chart(_stacked(shown.deaths))
        .mark_rect(stroke="white", strokeWidth=0.4)
        .encode(
            x=when("month"),
            x2="next_month:T",
            y=alt.Y("low:Q", title="deaths a month"),
            y2="high:Q",
            color=alt.Color(
                "type:N",
                scale=alt.Scale(domain=list(_DEATH_COLOURS), range=list(_DEATH_COLOURS.values())),
                legend=alt.Legend(title="violence", orient="right"),
            ),
        )
    )
    panels = [alt.layer(bars, rules, labels).properties(width=_WIDTH, height=190, title="Deaths in organised violence")]
    if len(shown.steps):
        rows = [words for words, _ in _STEPS.values() if words in set(shown.steps["step"])]
        points = (
            alt.Chart(
                shown.steps.assign(label=spaced_labels(shown.steps, pixels_a_day=_WIDTH / (span[1] - span[0]).days))
            )
            .mark_point(filled=True, size=75, opacity=0.95)
            .encode(
                x=when("date"),
                y=alt.Y("step:N", sort=rows, title=None, scale=alt.Scale(domain=rows), axis=_row_axis()),
                color=alt.Color(
                    "kind:N",
                    scale=alt.Scale(domain=list(_KIND_COLOURS), range=list(_KIND_COLOURS.values())),
                    legend=None,
                ),
            )
        )
        names = points.mark_text(align="left", dx=7, fontSize=10).encode(text="label:N")
        panels.append(
            alt.layer(rules, points, names).properties(
                width=_WIDTH, height=_ROW * len(rows), title="Coups and steps of transition"
            )
        )
    if len(shown.forces):
        panels.append(_forces(shown, rules, when))
    chart = (
        alt.vconcat(*panels, spacing=14)
        .resolve_scale(color="independent")
        .properties(
            title=alt.Title(
                f"{shown.name}, {shown.first} to {shown.last}",
                subtitle="Deaths: UCDP. Coups: Powell and Thyne, carried on by faultline. Elections to 2021: REIGN. "
                "All else: facts compiled by faultline.",
                anchor="start",
                fontSize=18,
                subtitleColor="#555555",
            )
        )
        .configure_view(stroke="#cccccc")
        .configure_title(anchor="start", fontSize=13)
        .configure_axis(labelLimit=260, labelFontSize=12, titleFontWeight="normal")
    )
    return chart.to_dict()


def _stacked(deaths: pd.DataFrame) -> pd.DataFrame:
    order = list(_DEATH_COLOURS)
    ordered = deaths.assign(rank=deaths["type"].map(order.index)).sort_values(["month", "rank"])
    high = ordered.groupby("month")["deaths"].cumsum()
    return ordered.assign(
        low=high - ordered["deaths"], high=high, next_month=ordered["month"] + pd.offsets.MonthBegin(1)
    )


def _row_axis() -> alt.Axis:
    return alt.Axis(grid=True, gridColor="#eeeeee", ticks=False, labelFontSize=12, domain=False)


def _forces(shown: Timeline, rules: alt.Chart, when: Any) -> Any:
    first = pd.Timestamp(year=shown.first, month=1, day=1)
    rows = list(dict.fromkeys(shown.forces["force"]))
    forces = shown.forces.assign(start=shown.forces["start"].where(shown.forces["start"] >= first, first))
    colour = alt.Color(
        "sender:N",
        scale=alt.Scale(domain=list(_CLASS_COLOURS), range=list(_CLASS_COLOURS.values())),
        legend=alt.Legend(title="forces", orient="right"),
    )
    y = alt.Y("force:N", sort=rows, title=None, scale=alt.Scale(domain=rows), axis=_row_axis())
    bars = (
        alt.Chart(forces)
        .mark_bar(height=11, cornerRadius=2, clip=True)
        .encode(x=when("start"), x2="end:T", y=y, color=colour)
    )
    on = (
        alt.Chart(forces[forces["goes_on"]])
        .mark_text(text="\u25b6", align="left", dx=2, fontSize=11)
        .encode(x=when("end"), y=y, color=colour)
    )
    announced = shown.announced[shown.announced["force"].isin(rows)]
    marks = (
        alt.Chart(announced)
        .mark_point(shape="diamond", filled=True, fill="white", stroke="black", size=65, opacity=1)
        .encode(x=when("date"), y=y)
    )
    return alt.layer(rules, bars, on, marks).properties(
        width=_WIDTH, height=_ROW * len(rows), title="Foreign forces (diamond: withdrawal announced or demanded)"
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
        folder.mkdir(parents=True, exist_ok=True)
        png.write_bytes(vl_convert.vegalite_to_png(specification, vl_version=_VEGALITE, scale=1.6))
        svg.write_text(vl_convert.vegalite_to_svg(specification, vl_version=_VEGALITE), encoding="utf-8")
    except OSError as error:
        msg = f"--out: cannot write to {folder} ({error.strerror})."
        raise ConfigError(msg) from None
    return png, svg
