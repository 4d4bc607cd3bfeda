"""The maps of a level with what stands beside them: captions, descriptions, and what they cannot show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .charts import Chart, still
from .maps import region_map, world_map
from .views import SAHEL_VIEW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .forecasts import Forecast
    from .wording import Wording

__all__ = ["caption", "map_notes", "place_of", "region_chart", "world_chart"]

#: Width over height.
WORLD_RATIO, REGION_RATIO = 2.15, 1.25


def caption(forecast: Forecast, wording: Wording, *, place: str = "") -> str:
    """Say what a map shows at the event and horizon of a forecast of its units, of regions with the place in view."""
    return wording.say(
        "caption" if forecast.level == 0 else "caption.region",
        country=place,
        question=wording.name("question", forecast.target),
        within=wording.within(forecast.start, forecast.end),
        horizon=wording.say("horizon", n=forecast.horizon),
        origin=wording.month(forecast.through),
    )


def _alt(forecast: Forecast, wording: Wording, *, place: str = "") -> str:
    what = "map.world" if forecast.level == 0 else "map.regions_of"
    return wording.say(
        "map.alt",
        name=wording.say(what, country=place),
        question=wording.name("question", forecast.target),
        within=wording.within(forecast.start, forecast.end),
    )


def _undrawn(shown: Sequence[Forecast], datasets: Mapping[str, list[dict[str, Any]]]) -> tuple[int, int]:
    """Count countries that are drawn as dots, and those that are not drawn at all."""
    outlined, placed = {o["iso3"] for o in datasets["outlines"]}, {p["key"] for p in datasets["points"]}
    small = [f.key for f in shown if f.country not in outlined]
    dots = sum(key in placed for key in small)
    return dots, len(small) - dots


def map_notes(
    shown: Sequence[Forecast], datasets: Mapping[str, list[dict[str, Any]]], wording: Wording
) -> tuple[str, ...]:
    """Say how a map draws its units, and which it cannot draw."""
    if shown[0].level == 1:
        drawn = {o["key"] for o in datasets.get("polygons", [])}
        every = all(f.key in drawn for f in shown)
        notes = [wording.say("map.polygons" if every else "map.some_polygons" if drawn else "map.symbols")]
    else:
        dots, lost = _undrawn(shown, datasets)
        notes = [wording.say("map.small")] if dots else []
        notes += [wording.say("map.lost", n=lost)] if lost else []
        notes.append(wording.say("map.ucdp"))
    return (*notes, wording.say("map.projection"))


def world_chart(shown: Sequence[Forecast], datasets: Mapping[str, list[dict[str, Any]]], wording: Wording) -> Chart:
    """Map the forecasts of one event and horizon for countries."""
    first = shown[0]
    text = _alt(first, wording)
    dots, _ = _undrawn(shown, datasets)
    spec = world_map(wording, dots=dots > 0, target=first.target, horizon=first.horizon, description=text)
    picture = still(spec, datasets, width=900, ratio=WORLD_RATIO)
    return Chart("world", spec, "world", text, caption(first, wording), picture, WORLD_RATIO)


def place_of(view: str, views: Mapping[str, Mapping[str, Any]], shown: Sequence[Forecast], wording: Wording) -> str:
    """Name of what a view of the map of regions shows."""
    names = {f.country: f.country_name for f in shown}
    listed = wording.listing([names[code] for code in views[view]["view"]])
    return wording.say("view.sahel", countries=listed) if view == SAHEL_VIEW else listed


def region_chart(
    shown: Sequence[Forecast],
    datasets: Mapping[str, list[dict[str, Any]]],
    views: Mapping[str, Mapping[str, Any]],
    wording: Wording,
) -> Chart:
    """Map the forecasts of one event and horizon for regions, with the first view in sight."""
    view, parameters = next(iter(views.items()))
    first = next(f for f in shown if f.country in parameters["view"])
    place = place_of(view, views, shown, wording)
    text = _alt(first, wording, place=place)
    spec = region_map(
        wording,
        view=parameters,
        polygons="polygons" in datasets,
        target=first.target,
        horizon=first.horizon,
        description=text,
    )
    picture = still(spec, datasets, width=640, ratio=REGION_RATIO)
    return Chart("regions", spec, view, text, caption(first, wording, place=place), picture, REGION_RATIO)
