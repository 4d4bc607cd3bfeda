"""Who fought where, in the countries that have event rows: placed by point in polygon, and counted by month.

The bundled event rows are copies by country from the Humanitarian Data Exchange: Nigeria from GED 20.1, Sudan from
GED 24.1. GED covers the world from January 1989, so that a month without rows is a month without events from then on
(Nigeria's first is of September 1990, in GED 26.1 as well). Until June 2011 the Sudan file holds what is now South
Sudan; afterwards that is another country's file, and nothing is known of its regions here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import geopandas as gpd
import pandas as pd

from ..contracts.canonical import validate
from .boundaries import region_at
from .ged_release import Vintage, final_vintage, read_release_events
from .month_shares import allocate_over_months
from .registries import read_registry
from .ucdp import FIRST_MONTH, month_end

if TYPE_CHECKING:
    from pathlib import Path


__all__ = ["EVENT_FILES", "EventFile", "Sides", "read_sides"]

_PLACED_PRECISION = 4  # GED where_prec: 1 to 4 is the first-order region or better, 5 to 7 a country or less
_NEAR_METRES = 25_000
_NORTH, _SOUTH = 625, 626
_SECESSION = pd.Timestamp("2011-07-01")


@dataclass(frozen=True, slots=True)
class EventFile:
    """A file of event rows and what it covers.

    Attributes
    ----------
    name
        File name.
    vintage
        The release that it is of.
    coverage
        First and last month in which the file holds all of a state's events, by ``gwno``.
    """

    name: str
    vintage: Vintage
    coverage: dict[int, tuple[pd.Timestamp, pd.Timestamp]]


#: The bundled event files.
EVENT_FILES: Final = (
    EventFile(
        "ged201-nigeria.csv",
        final_vintage("20.1"),
        {475: (FIRST_MONTH, pd.Timestamp("2019-12-01"))},
    ),
    EventFile(
        "ged241-sudan.csv",
        final_vintage("24.1"),
        {625: (FIRST_MONTH, pd.Timestamp("2023-12-01")), 626: (FIRST_MONTH, pd.Timestamp("2011-06-01"))},
    ),
)


@dataclass(frozen=True, slots=True)
class Sides:
    """Who fought in which region.

    Attributes
    ----------
    sides_coverage, region_sides
        Canonical tables.
    data_through
        Last day that any of the event files covers; ``sides_coverage`` says it for each country.
    losses
        Events and deaths that could not be placed in a region, by reason, and other counts.
    """

    sides_coverage: pd.DataFrame
    region_sides: pd.DataFrame
    data_through: pd.Timestamp
    losses: dict[str, float]


def read_sides(events_folder: Path, *, outlines: gpd.GeoDataFrame) -> Sides:
    """Read event rows and count them by region and month.

    An event counts once in each month that it touches; its deaths go by `allocate_over_months`. ``known_on`` is the
    last day of the month, nominally: see `~faultline.features.sources.ucdp.month_end`.

    Parameters
    ----------
    events_folder
        Holds the event files and ``nonstate.yaml``.
    outlines
        Of their regions, as read by `~faultline.features.sources.admin1_units.read_admin1_outlines`.

    Raises
    ------
    SourceError, SchemaError
        If a file is missing or broken, with file, line and column.
    """
    registry = read_registry(events_folder / "nonstate.yaml", {"id": int, "organization_level": int})
    levels = pd.Series({record["id"]: record["organization_level"] for record in registry})
    losses: dict[str, float] = {}
    unknown = 0.0
    parts: list[pd.DataFrame] = []
    for file in EVENT_FILES:
        read = read_release_events(events_folder / file.name, file.vintage, levels=levels, organised_actors=set())
        unknown += read.losses["events_ns_of_unknown_organisation"]
        placed, placing = _place(read.events, outlines)
        stem = file.name.removesuffix(".csv")
        losses |= {f"{stem}_{key}": value for key, value in placing.items()}
        parts.append(placed)
    events = pd.concat(parts, ignore_index=True)
    losses["events_ns_of_unknown_organisation"] = unknown
    monthly = allocate_over_months(events)
    losses["events_of_several_months"] = int((monthly.groupby("event_id").size() > 1).sum())
    keys = ["region_id", "gwno", "month", "violence_type", "side_a_id", "side_b_id"]
    counted = monthly.groupby(keys, as_index=False, sort=True, dropna=False).agg(
        organised=("organised", "any"), events=("event_id", "size"), deaths=("deaths", "sum")
    )
    counted = counted.astype({"events": "int32", "deaths": "int32"}).assign(known_on=month_end(counted["month"]))
    counted = counted.sort_values(keys, ignore_index=True)
    return Sides(
        validate(_coverage(EVENT_FILES), "sides_coverage"),
        validate(counted, "region_sides"),
        max(file.vintage.last_day for file in EVENT_FILES),
        losses,
    )


def _place(events: pd.DataFrame, outlines: gpd.GeoDataFrame) -> tuple[pd.DataFrame, dict[str, float]]:
    """Give each event its region and, by it, its state of today; say what could not be placed."""
    precise = events["where_prec"] <= _PLACED_PRECISION
    # Before the secession an event of Sudan may lie in either state of today; since then UCDP's country decides.
    either = (events["gwno"] == _NORTH) & (events["start"] < _SECESSION)
    inside: list[pd.Series] = []
    near: list[pd.Series] = []
    for (gwno, both), here in events[precise].groupby([events["gwno"], either]):
        own = outlines[outlines["gwno"].isin([_NORTH, _SOUTH] if both else [gwno])]
        found = region_at(here["lat"], here["lon"], own)
        outside = here[found.isna()]
        inside.append(found.dropna())
        near.append(_nearest(outside["lat"], outside["lon"], own).dropna())
    region = pd.concat([*inside, *near]).reindex(events.index).astype("str")
    snapped = events.index.isin(pd.concat(near).index)
    placed = region.notna()
    gwno = region.map(outlines.set_index("region_id")["gwno"]).fillna(events["gwno"]).astype("int32")
    far = precise & ~placed
    losses = {
        f"{what}_{reason}": float(count)
        for reason, rows in (
            ("known_to_the_country_only", ~precise),
            ("outside_every_region", far),
            ("placed_in_the_nearest_region", snapped),
        )
        for what, count in (("events", rows.sum()), ("deaths", events.loc[rows, "deaths"].sum()))
    }
    total = float(events["deaths"].sum())
    share = float(events.loc[~placed, "deaths"].sum()) / total if total else 0.0
    losses["share_of_deaths_unallocated"] = round(share, 6)
    return events.assign(region_id=region, gwno=gwno), losses


def _nearest(lat: pd.Series, lon: pd.Series, outlines: gpd.GeoDataFrame) -> pd.Series:
    """Region within 25 km of each point; measured on the UTM zone of the outlines, right to a percent or so."""
    if lat.empty or outlines.empty:
        return pd.Series(index=lat.index, dtype="str")
    metres = outlines.estimate_utm_crs()
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat, crs=4326)).to_crs(metres)
    own = outlines[["region_id", "geometry"]].to_crs(metres)
    joined = cast("Any", points).sjoin_nearest(own, how="inner", max_distance=_NEAR_METRES)
    first = joined.groupby(level=0)["region_id"].min()
    return pd.Series(first.reindex(range(len(points))).to_numpy(), index=lat.index, dtype="str")


def _coverage(files: tuple[EventFile, ...]) -> pd.DataFrame:
    rows = [
        {"gwno": gwno, "first_month": first, "last_month": last, "source": file.vintage.name}
        for file in files
        for gwno, (first, last) in file.coverage.items()
    ]
    table = pd.DataFrame(rows).sort_values("gwno", ignore_index=True)
    return table.astype(
        {"gwno": "int32", "source": "str", "first_month": "datetime64[s]", "last_month": "datetime64[s]"}
    )
