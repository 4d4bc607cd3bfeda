"""The maps of a level with what stands beside them: captions, descriptions, and what they cannot show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from shapely.geometry import shape

from .charts import Chart, still
from .geography import frame_of, in_view
from .maps import region_map, world_map

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .forecasts import Forecast
    from .wording import Wording

__all__ = ["caption", "map_notes", "region_chart", "world_chart"]

#: Width over height.
WORLD_RATIO, REGION_RATIO = 2.15, 1.25


def caption(forecast: Forecast, wording: Wording) -> str:
    """Say what a map shows at the event and horizon of a forecast of its units."""
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
        notes = [wording.say("map.polygons" if "polygons" in datasets else "map.symbols")]
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


def region_chart(shown: Sequence[Forecast], datasets: Mapping[str, list[dict[str, Any]]], wording: Wording) -> Chart:
    """Map the forecasts of one event and horizon for the regions of one country."""
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
    return Chart(f"regions-{first.country}", spec, first.country, text, caption(first, wording), picture, REGION_RATIO)
