"""Everything on the page, as text and data ready for the templates."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd
from shapely.geometry import shape

from ...features.months import parse_month
from ...features.targets import AT_RISK_DEATHS, AT_RISK_MONTHS, NEW_ACTOR_ABSENT
from ..score import RISK_CLASS_EDGES
from .charts import Chart, still
from .forecasts import Forecast, forecasts, main_horizon, main_target, pick, targets_and_horizons
from .geography import frame_of, in_view, outline_features, point_rows, region_features
from .histories import deaths_by_unit, last_year
from .maps import PALETTE, region_map, world_map
from .skill import SkillTable, skill_tables
from .status import Status, status
from .summary import WORTH_SAYING, summary
from .tables import FIELDS, Row, field_values, unit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .contents import BriefContents
    from .wording import Wording

__all__ = ["Fragmentation", "Level", "Page", "page"]

RANKED, DEPARTURES = 10, 3
FRAGMENTATION, FRAGMENTATION_HORIZON = "new_armed_actor", 12
WORLD_RATIO, REGION_RATIO = 2.15, 1.25


@dataclass(frozen=True)
class Level:
    """Countries, or regions.

    Attributes
    ----------
    name
        ``country`` or ``region``.
    targets, horizons, target, horizon
        What can be chosen, and what is shown first.
    charts
        Its maps.
    ranked, caption
        Rows of its ranked table and what they show.
    departures, departures_caption
        The same for the units furthest from the baseline.
    map_notes
        What the map does not show.
    everything
        Rows of its full table.
    units
        Country name, to the keys and names of its units, by name: to choose from.
    """

    name: str
    targets: tuple[str, ...]
    horizons: tuple[int, ...]
    target: str
    horizon: int
    charts: tuple[Chart, ...]
    ranked: tuple[Row, ...]
    caption: str
    departures: tuple[Row, ...]
    departures_caption: str
    map_notes: tuple[str, ...]
    everything: tuple[Row, ...]
    units: Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Fragmentation:
    """Forecasts of new armed actors.

    Attributes
    ----------
    rows
        Ranked, with whether each country is at risk.
    texts
        What it means and what it does not.
    caption
        What the rows show.
    """

    rows: tuple[tuple[Row, bool], ...]
    texts: tuple[str, ...]
    caption: str


@dataclass(frozen=True)
class Page:
    """What the templates print.

    Attributes
    ----------
    issue, issued
        Month of issue, and when it was issued on which data.
    sentences, notes, statuses
        Summary, warnings for the head, state of the data.
    legend
        Number, name and range of each risk class, and its colour.
    levels
        Countries and regions, those that were scored.
    fragmentation
        None where it was not forecast.
    skill, sources, models
        Tables at the end.
    data
        What the page's script reads.
    """

    issue: str
    issued: str
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    statuses: tuple[Status, ...]
    legend: tuple[tuple[int, str, str, str], ...]
    levels: tuple[Level, ...]
    fragmentation: Fragmentation | None
    skill: tuple[SkillTable, ...]
    sources: tuple[Mapping[str, str], ...]
    models: tuple[Mapping[str, str], ...]
    data: Mapping[str, Any]


def page(contents: BriefContents, wording: Wording) -> Page:
    """Lay out a brief.

    Parameters
    ----------
    contents
        What it is made from.
    wording
        Language.
    """
    everything = forecasts(contents.scores)
    histories = deaths_by_unit(contents.history)
    datasets = _datasets(contents, everything, wording)
    levels = tuple(
        _level(name, number, everything, histories, datasets, wording)
        for number, name in enumerate(("country", "region"))
        if pick(everything, level=number)
    )
    mains = {level.name: [row.forecast for row in level.everything] for level in levels}
    fragmentation = _fragmentation(everything, histories, wording)
    at_risk = [row.forecast for row, risk in fragmentation.rows if risk] if fragmentation else []
    origin = parse_month(contents.origin, option="origin").end_time.date()
    return Page(
        issue=wording.month(parse_month(contents.issue, option="issue").start_time.date()),
        issued=wording.say("issued", day=wording.day(contents.issue_date), origin=wording.month(origin)),
        sentences=summary(mains.get("country", []), mains.get("region", []), at_risk, wording),
        notes=tuple(contents.notes),
        statuses=status([f for shown in mains.values() for f in shown], contents.issue_date, wording),
        legend=_legend(wording),
        levels=levels,
        fragmentation=fragmentation,
        skill=skill_tables(contents.skill, wording),
        sources=_sources(contents.data_sources, wording),
        models=_models(contents.scores, wording),
        data=_data(everything, levels, datasets, wording),
    )


def _score_records(everything: Sequence[Forecast], wording: Wording) -> list[dict[str, Any]]:
    return [
        {
            "level": f.level,
            "country": f.country,
            "key": f.key,
            "name": f.name,
            "target": f.target,
            "horizon": f.horizon,
            "probability": round(f.probability, 4),
            "risk_class": f.risk_class,
            "rank": f.rank,
            "label": f"{f.name}: {wording.percent(f.probability)}",
            "median": None if pd.isna(f.deaths[1]) else round(f.deaths[1], 1),
            "base": None if pd.isna(f.baseline) else round(f.baseline, 4),
            **field_values(f, wording),
        }
        for f in everything
    ]


def _datasets(
    contents: BriefContents, everything: Sequence[Forecast], wording: Wording
) -> dict[str, list[dict[str, Any]]]:
    datasets = {
        "scores": _score_records(everything, wording),
        "outlines": outline_features(contents.outlines),
        "points": point_rows(contents.unit_points),
    }
    regions = {f.key for f in everything if f.level == 1}
    if contents.boundaries is not None and regions:
        datasets["polygons"] = region_features(contents.boundaries, regions)
    return datasets


def _level(  # noqa: PLR0917  # what a level is made from
    name: str,
    number: int,
    everything: Sequence[Forecast],
    histories: Mapping[tuple[int, str], pd.Series],
    datasets: Mapping[str, list[dict[str, Any]]],
    wording: Wording,
) -> Level:
    here = pick(everything, level=number)
    targets, horizons = targets_and_horizons(here)
    target, horizon = main_target(targets), main_horizon(horizons)
    shown = pick(here, level=number, target=target, horizon=horizon)
    countries = sorted({(f.country_name, f.country) for f in shown})
    charts = (
        (_world_chart(shown, datasets, wording),)
        if number == 0
        else tuple(_region_chart([f for f in shown if f.country == code], datasets, wording) for _, code in countries)
    )
    ranked = sorted(shown, key=lambda f: f.rank)
    return Level(
        name=name,
        targets=targets,
        horizons=horizons,
        target=target,
        horizon=horizon,
        charts=charts,
        ranked=unit_rows(ranked[:RANKED], histories, wording),
        caption=wording.say(
            "ranked.caption" if number == 0 else "ranked.caption.regions",
            n=min(RANKED, len(shown)),
            question=wording.name("question", target),
            within=wording.within(shown[0].start, shown[0].end),
            horizon=wording.say("horizon", n=horizon),
        ),
        departures=unit_rows(_departures(shown), histories, wording),
        departures_caption=wording.say("departures.caption", question=wording.name("question", target)),
        map_notes=_map_notes(shown, datasets, wording),
        everything=unit_rows(ranked, {}, wording),
        units=_units(shown),
    )


def _departures(shown: Sequence[Forecast]) -> list[Forecast]:
    """Pick the units furthest above the baseline, then those furthest below."""
    known = sorted((f for f in shown if abs(f.difference) >= WORTH_SAYING), key=lambda f: -f.difference)
    above, below = ([f for f in known if (f.difference > 0) == up] for up in (True, False))
    return above[:DEPARTURES] + below[-DEPARTURES:]


def _undrawn(shown: Sequence[Forecast], datasets: Mapping[str, list[dict[str, Any]]]) -> tuple[int, int]:
    """Count countries that are drawn as dots, and those that are not drawn at all."""
    outlined, placed = {o["iso3"] for o in datasets["outlines"]}, {p["key"] for p in datasets["points"]}
    small = [f.key for f in shown if f.country not in outlined]
    dots = sum(key in placed for key in small)
    return dots, len(small) - dots


def _map_notes(
    shown: Sequence[Forecast], datasets: Mapping[str, list[dict[str, Any]]], wording: Wording
) -> tuple[str, ...]:
    if shown[0].level == 1:
        notes = [wording.say("map.polygons" if "polygons" in datasets else "map.symbols")]
    else:
        dots, lost = _undrawn(shown, datasets)
        notes = [wording.say("map.small")] if dots else []
        notes += [wording.say("map.lost", n=lost)] if lost else []
        notes.append(wording.say("map.ucdp"))
    return (*notes, wording.say("map.projection"))


def _units(shown: Sequence[Forecast]) -> dict[str, list[tuple[str, str]]]:
    units: dict[str, list[tuple[str, str]]] = {}
    for f in sorted(shown, key=lambda f: (f.country_name if f.level == 1 else "", f.name)):
        units.setdefault(f.country_name if f.level == 1 else "", []).append((f.key, f.name))
    return units


def _caption(forecast: Forecast, wording: Wording) -> str:
    return wording.say(
        "caption" if forecast.level == 0 else "caption.region",
        country=forecast.country_name,
        question=wording.name("question", forecast.target),
        within=wording.within(forecast.start, forecast.end),
        horizon=wording.say("horizon", n=forecast.horizon),
        origin=wording.month(forecast.through),
    )


def _alt(forecast: Forecast, wording: Wording) -> str:
    what = "map.world" if forecast.level == 0 else "map.regions_of"
    return wording.say(
        "map.alt",
        name=wording.say(what, country=forecast.country_name),
        question=wording.name("question", forecast.target),
        within=wording.within(forecast.start, forecast.end),
    )


def _world_chart(shown: Sequence[Forecast], datasets: Mapping[str, list[dict[str, Any]]], wording: Wording) -> Chart:
    first = shown[0]
    text = _alt(first, wording)
    dots, _ = _undrawn(shown, datasets)
    spec = world_map(wording, dots=dots > 0, target=first.target, horizon=first.horizon, description=text)
    picture = still(spec, datasets, width=900, ratio=WORLD_RATIO)
    return Chart("world", spec, "world", text, _caption(first, wording), picture, WORLD_RATIO)


def _region_chart(shown: Sequence[Forecast], datasets: Mapping[str, list[dict[str, Any]]], wording: Wording) -> Chart:
    first = shown[0]
    text = _alt(first, wording)
    keys = {f.key for f in shown}
    points = pd.DataFrame([p for p in datasets["points"] if p["key"] in keys], columns=["key", "lat", "lon"])
    shapes = [shape(o["geometry"]) for o in datasets["outlines"] if o["iso3"] == first.country]
    shapes += [shape(o["geometry"]) for o in datasets.get("polygons", []) if o["key"] in keys]
    frame, centre = frame_of(shapes, points)
    spec = region_map(
        wording,
        country=first.country,
        around=in_view(frame, datasets["outlines"]),
        frame=frame,
        centre=centre,
        polygons="polygons" in datasets,
        target=first.target,
        horizon=first.horizon,
        description=text,
    )
    picture = still(spec, datasets, width=480, ratio=REGION_RATIO)
    return Chart(f"regions-{first.country}", spec, first.country, text, _caption(first, wording), picture, REGION_RATIO)


def _fragmentation(
    everything: Sequence[Forecast], histories: Mapping[tuple[int, str], pd.Series], wording: Wording
) -> Fragmentation | None:
    countries = [f for f in everything if f.level == 0 and f.target == FRAGMENTATION]
    if not countries:
        return None
    horizon = main_horizon(targets_and_horizons(countries)[1], wanted=FRAGMENTATION_HORIZON)
    shown = sorted((f for f in countries if f.horizon == horizon), key=lambda f: f.rank)
    at_risk = {f.key for f in shown if last_year(histories.get((0, f.key)), months=AT_RISK_MONTHS) >= AT_RISK_DEATHS}
    rows = unit_rows(shown[:RANKED], histories, wording)
    question = wording.name("question", FRAGMENTATION)
    return Fragmentation(
        rows=tuple((row, row.forecast.key in at_risk) for row in rows),
        texts=(
            wording.say(
                "fragmentation.means",
                question=question,
                horizon=wording.say("horizon", n=horizon),
                absent=NEW_ACTOR_ABSENT,
            ),
            wording.say(
                "fragmentation.at_risk",
                deaths=AT_RISK_DEATHS,
                months=AT_RISK_MONTHS,
                n=len(at_risk),
                total=len(shown),
            ),
            wording.say("fragmentation.dyads"),
        ),
        caption=wording.say(
            "fragmentation.caption",
            n=len(rows),
            question=question,
            within=wording.within(shown[0].start, shown[0].end),
        ),
    )


def _legend(wording: Wording) -> tuple[tuple[int, str, str, str], ...]:
    edges = [wording.edge(edge) for edge in RISK_CLASS_EDGES]
    ranges = [
        wording.say("edge_first", high=edges[0]),
        *(wording.say("edge_between", low=low, high=high) for low, high in pairwise(edges)),
        wording.say("edge_last", low=edges[-1]),
    ]
    names = wording.names("risk_classes")
    return tuple(
        (number, name, span, colour)
        for number, (name, span, colour) in enumerate(zip(names, ranges, PALETTE, strict=True), start=1)
    )


def _sources(sources: Sequence[Mapping[str, Any]], wording: Wording) -> tuple[dict[str, str], ...]:
    """List each source once, with the tables that rest on it."""
    grouped: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for source in sources:
        key = tuple(str(source.get(part) or "") for part in ("source", "version", "licence", "citation"))
        grouped.setdefault(key, []).append(source)
    return tuple(
        {
            "source": wording.say("sources.version", source=source, version=version) if version else source,
            "licence": licence,
            "citation": citation,
            "tables": ", ".join(
                wording.say("sources.rows", table=table["table"], rows=wording.count(float(table["rows"])))
                for table in tables
            ),
            "coverage": _coverage(tables, wording),
        }
        for (source, version, licence, citation), tables in grouped.items()
    )


def _coverage(tables: Sequence[Mapping[str, Any]], wording: Wording) -> str:
    first = [str(table["first_month"])[:7] for table in tables if table.get("first_month")]
    last = [str(table["last_month"])[:7] for table in tables if table.get("last_month")]
    return wording.say("interval", low=min(first), high=max(last)) if first and last else wording.say("none")


def _models(scores: pd.DataFrame, wording: Wording) -> tuple[dict[str, str], ...]:
    columns = ["model_name", "model_version", "run_id", "boundary_version"]
    models: list[dict[str, str]] = []
    for values, rows in scores.groupby(columns, sort=False, dropna=False):
        targets = [wording.name("target", str(target)) for target in rows["target"].unique()]
        models.append(dict(zip(columns, map(str, values), strict=True)) | {"targets": ", ".join(targets)})
    return tuple(models)


def _data(
    everything: Sequence[Forecast],
    levels: Sequence[Level],
    datasets: Mapping[str, list[dict[str, Any]]],
    wording: Wording,
) -> dict[str, Any]:
    """Collect what the page's script reads; scores as rows under one list of names, as the names would weigh most."""
    captions: dict[str, dict[str, str]] = {}
    for f in everything:
        scope = captions.setdefault("world" if f.level == 0 else f.country, {})
        choice = f"{f.target} {f.horizon}"
        if choice not in scope:
            scope[choice] = _caption(f, wording)
    scores = datasets["scores"]
    return {
        "scores": {"columns": list(scores[0]), "rows": [list(record.values()) for record in scores]},
        "datasets": {name: rows for name, rows in datasets.items() if name != "scores"},
        "charts": {chart.name: chart.spec for level in levels for chart in level.charts},
        "captions": captions,
        "fields": list(FIELDS),
        "messages": {key: wording.catalogue[key] for key in ("readout", "all.shown", "map.failed")},
    }
