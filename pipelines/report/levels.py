"""Countries, or regions: what is shown of a level, from its maps to the table of all its units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .cartography import caption, map_notes, place_of, region_chart, world_chart
from .forecasts import Forecast, main_horizon, main_target, pick, targets_and_horizons
from .summary import WORTH_SAYING
from .tables import Row, unit_rows
from .views import SAHEL, views_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .charts import Chart
    from .histories import History
    from .wording import Wording

__all__ = ["LEVELS", "Level", "lay_out_level"]

#: Names of the admin levels 0 and 1.
LEVELS = ("country", "region")
RANKED, DEPARTURES = 10, 3
#: Countries that are named; of more their number is said.
NAMED = 5


@dataclass(frozen=True)
class Level:
    """Countries, or regions.

    Attributes
    ----------
    name
        ``country`` or ``region``.
    targets, horizons, target, horizon
        What can be chosen, and what is shown first.
    chart
        Its map.
    views
        What the map can be zoomed to, by code; of regions alone (`views_of`).
    places
        Name of each view.
    captions
        Whose probabilities the full table shows, and as of when: scope, place and text; one of countries, and of
        regions one for all with data to the same day.
    ranked, caption
        Rows of its ranked table and what they show.
    sahel
        The same for regions of Mali, Burkina Faso and Niger; empty for countries.
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
    chart: Chart
    views: Mapping[str, Mapping[str, Any]]
    places: Mapping[str, str]
    captions: tuple[tuple[str, str, str], ...]
    ranked: tuple[Row, ...]
    caption: str
    sahel: tuple[Row, ...]
    departures: tuple[Row, ...]
    departures_caption: str
    map_notes: tuple[str, ...]
    everything: tuple[Row, ...]
    units: Mapping[str, Sequence[tuple[str, str]]]


def lay_out_level(
    number: int,
    everything: Sequence[Forecast],
    histories: Mapping[tuple[int, str], History],
    datasets: Mapping[str, list[dict[str, Any]]],
    wording: Wording,
) -> Level | None:
    """Lay out a level.

    Parameters
    ----------
    number
        0 country, 1 region.
    everything
        All forecasts.
    histories
        Deaths by unit, from `deaths_by_unit`.
    datasets
        Data of the maps by name.
    wording
        Language.

    Returns
    -------
    The level, None where it was not scored.
    """
    here = pick(everything, level=number)
    if not here:
        return None
    targets, horizons = targets_and_horizons(here)
    target, horizon = main_target(targets), main_horizon(horizons)
    shown = pick(here, level=number, target=target, horizon=horizon)
    views = views_of(shown, datasets) if number else {}
    ranked = sorted(shown, key=lambda f: f.rank)
    return Level(
        name=LEVELS[number],
        targets=targets,
        horizons=horizons,
        target=target,
        horizon=horizon,
        chart=region_chart(shown, datasets, views, wording) if number else world_chart(shown, datasets, wording),
        views=views,
        captions=_captions(shown, wording),
        places={view: place_of(view, views, shown, wording) for view in views},
        ranked=unit_rows(ranked[:RANKED], histories, wording),
        caption=wording.say(
            "ranked.caption" if number == 0 else "ranked.caption.regions",
            n=min(RANKED, len(shown)),
            question=wording.name("question", target),
            within=wording.within(shown[0].start, shown[0].end),
            horizon=wording.say("horizon", n=horizon),
        ),
        sahel=unit_rows([f for f in ranked if number and f.country in SAHEL][:RANKED], histories, wording),
        departures=unit_rows(_departures(shown), histories, wording),
        departures_caption=wording.say("departures.caption", question=wording.name("question", target)),
        map_notes=map_notes(shown, datasets, wording),
        everything=unit_rows(ranked, {}, wording),
        units=_units(shown),
    )


def _captions(shown: Sequence[Forecast], wording: Wording) -> tuple[tuple[str, str, str], ...]:
    if shown[0].level == 0:
        return (("world", "", caption(shown[0], wording)),)
    by_day = {f.through: f for f in shown}
    said: list[tuple[str, str, str]] = []
    for day, first in sorted(by_day.items(), reverse=True):
        names = sorted({f.country_name for f in shown if f.through == day})
        place = wording.listing(names) if len(names) <= NAMED else wording.say("view.countries", n=len(names))
        said.append((f"{day:%Y-%m-%d}", place, caption(first, wording, place=place)))
    return tuple(said)


def _departures(shown: Sequence[Forecast]) -> list[Forecast]:
    """Pick the units furthest above the baseline, then those furthest below."""
    known = sorted((f for f in shown if abs(f.difference) >= WORTH_SAYING), key=lambda f: -f.difference)
    above, below = ([f for f in known if (f.difference > 0) == up] for up in (True, False))
    return above[:DEPARTURES] + below[-DEPARTURES:]


def _units(shown: Sequence[Forecast]) -> dict[str, list[tuple[str, str]]]:
    units: dict[str, list[tuple[str, str]]] = {}
    for f in sorted(shown, key=lambda f: (f.country_name if f.level == 1 else "", f.name)):
        units.setdefault(f.country_name if f.level == 1 else "", []).append((f.key, f.name))
    return units
