"""What the page's script reads: scores, maps, captions and messages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .cartography import caption
from .forecasts import MAIN_TARGET, Forecast, targets_and_horizons
from .geography import outline_features, point_rows, region_features
from .maps import PALETTE
from .packing import pack
from .tables import field_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .contents import BriefContents
    from .levels import Level
    from .wording import Wording

__all__ = ["datasets_of", "score_records", "script_data"]

#: Messages that the page's script fills.
_SCRIPT_MESSAGES = (
    *("readout", "all.shown", "map.failed", "no_drivers", "row.baseline", "interval"),
    *("unit.chart_alt", "unit.past_label", "unit.ahead_label", "unit.actor", "unit.actors_alt"),
    *("unit.parts_country", "unit.within", "unit.within_one"),
)
#: What the script tells of a score by its unit and class, so that the page holds it once.
_TOLD_BY_UNIT = frozenset({"country", "name", "label", "risk"})
#: Probabilities as whole numbers of parts of one.
_PARTS = {"probability": 10_000, "base": 10_000, "low": 1000, "high": 1000}


def score_records(everything: Sequence[Forecast], wording: Wording) -> list[dict[str, Any]]:
    """Say each forecast as maps and tables show it."""
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
            "median": None if math.isnan(f.deaths[1]) else round(f.deaths[1], 1),
            "base": None if math.isnan(f.baseline) else round(f.baseline, 4),
            "low": None if math.isnan(f.low) else round(f.low, 3),
            "high": None if math.isnan(f.high) else round(f.high, 3),
            "change": wording.difference(f.change),
            "drivers": (*f.drivers, *wording.effects(f.effects, f.effects_note), *_of_deaths(f, wording)),
            **field_values(f, wording),
        }
        for f in everything
    ]


def _of_deaths(forecast: Forecast, wording: Wording) -> tuple[str, ...]:
    """What facts add to the deaths of a window, beside one of its probabilities."""
    if forecast.target != MAIN_TARGET:
        return ()
    return wording.effects(forecast.deaths_effects, forecast.deaths_note, deaths=True)


def datasets_of(
    contents: BriefContents, everything: Sequence[Forecast], wording: Wording
) -> dict[str, list[dict[str, Any]]]:
    """Data of the maps by name: ``scores``, ``outlines``, ``points``, and ``polygons`` where there are any."""
    datasets = {
        "scores": score_records(everything, wording),
        "outlines": outline_features(contents.outlines),
        "points": point_rows(contents.unit_points),
    }
    regions = {f.key for f in everything if f.level == 1}
    if contents.boundaries is not None and regions:
        datasets["polygons"] = region_features(contents.boundaries, regions)
    return datasets


def script_data(
    everything: Sequence[Forecast],
    levels: Sequence[Level],
    datasets: Mapping[str, list[dict[str, Any]]],
    wording: Wording,
) -> dict[str, Any]:
    """Collect what the script reads of scores and maps.

    Parameters
    ----------
    everything
        All forecasts that menus, maps and units' pages hold.
    levels
        Countries and regions, as they are laid out.
    datasets
        From `datasets_of`.
    wording
        Language.
    """
    captions: dict[str, dict[str, str]] = {}
    through: dict[str, str] = {}
    for f in everything:
        # those of regions are told once for all countries with data to the same day, whose name goes in when shown
        scope = "world" if f.level == 0 else through.setdefault(f.country, f"{f.through:%Y-%m-%d}")
        of_scope, choice = captions.setdefault(scope, {}), f"{f.target} {f.horizon}"
        if choice not in of_scope:
            of_scope[choice] = caption(f, wording, place="{country}")
    views = {
        view: {"place": level.places[view], "captions": through[parameters["view"][0]], "signals": parameters}
        for level in levels
        for view, parameters in level.views.items()
    }
    views |= {
        scope: {"place": place, "captions": scope}
        for level in levels
        if level.views
        for scope, place, _ in level.captions
    }
    scores = [{name: value for name, value in row.items() if name not in _TOLD_BY_UNIT} for row in datasets["scores"]]
    return {
        "scores": pack(sorted(scores, key=lambda score: (score["level"], score["key"])), _PARTS),
        "risks": {number: wording.say(f"risk.{number}") for number in range(1, len(PALETTE) + 1)},
        "datasets": {name: rows for name, rows in datasets.items() if name != "scores"},
        "charts": {level.chart.name: level.chart.spec for level in levels},
        "views": views,
        "captions": captions,
        "targets": {name: wording.name("target", name) for name in targets_and_horizons(everything)[0]},
        "messages": {key: wording.messages[key] for key in _SCRIPT_MESSAGES},
    }
