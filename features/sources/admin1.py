"""Regions of the countries at war, from UCDP's events counted by first-order region and month.

The counts are of GED 25.1, by the day on which an event began. Candidate events of later months are counted likewise
from their rows. What has no region, or one that was replaced by several others, is known to the country only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from sklearn.neighbors import BallTree

from ..contracts.canonical import validate
from ..errors import SchemaError
from .admin1_counts import COUNTED, MEASURES, Span, count_candidates, read_counts
from .admin1_names import or_none
from .admin1_units import NAMED_REGIONS
from .boundaries import touching
from .delimited import decimals, read_delimited, refuse, whole_numbers
from .ucdp import month_end

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import geopandas as gpd

__all__ = ["Admin1", "read_admin1"]

_NEAREST: Final = 4  # regions without an outline touch this many of the nearest places
_KEYS: Final = ["region_id", "gwno", "month"]


@dataclass(frozen=True, slots=True)
class Admin1:
    """Regions and what was counted in them.

    Attributes
    ----------
    regions, region_neighbours, region_coverage, region_month
        Canonical tables.
    losses
        Events and deaths that are in no region, by reason, and names that are one region with another's.
    """

    regions: pd.DataFrame
    region_neighbours: pd.DataFrame
    region_coverage: pd.DataFrame
    region_month: pd.DataFrame
    losses: dict[str, float]


def read_admin1(
    counts: Path,
    places: Path,
    candidates: Iterable[tuple[Path, Span]],
    *,
    units: pd.DataFrame,
    outlines: gpd.GeoDataFrame,
    countries: pd.DataFrame,
) -> Admin1:
    """Read the regions of UCDP's counts, and the candidate events after them.

    Every month of a span that has no row is a month without events. ``known_on`` is the last day of the month,
    nominally: see `~faultline.features.sources.ucdp.month_end`.

    Parameters
    ----------
    counts
        Events counted by region and month (Parquet), as read by `read_counts`.
    places
        Mean place of the events of each region (CSV).
    candidates
        Files of candidate events, in order, with the months that each covers.
    units, outlines
        Which region each name is, and the outlines of those that have one
        (`~faultline.features.sources.admin1_units`).
    countries
        The canonical table ``countries``.

    Raises
    ------
    SourceError, SchemaError
        If a file is missing or broken, or names a region that ``units`` does not know.
    """
    first = _in_regions(counts, units, countries)
    regions = _regions(_placed(places, units), units, outlines)
    parts, spans = [first], [COUNTED]
    losses = {
        "names_of_another_region": float((units["region_id"] != "").sum() - len(regions)),
        "events_of_replaced_regions": float(first.loc[first["region_id"].isna(), list(MEASURES[:3])].sum().sum()),
    }
    for file, span in candidates:
        rows, lost = count_candidates(file, span, units=units, regions=regions, countries=countries)
        parts.append(rows)
        spans.append(span)
        losses |= {f"{span.source}: {reason}": number for reason, number in lost.items()}
    return Admin1(
        validate(regions, "regions"),
        validate(_neighbours(regions, outlines), "region_neighbours"),
        validate(_coverage(regions, spans), "region_coverage"),
        validate(_by_month(parts), "region_month"),
        losses,
    )


def _in_regions(path: Path, units: pd.DataFrame, countries: pd.DataFrame) -> pd.DataFrame:
    """Events counted by region and month, under the region and the state that each name is; no region is None."""
    counted = read_counts(path, countries)
    iso3 = countries.set_index("gwno")["iso3"]
    known = units.set_index(["ucdp_iso3", "ucdp_adm_1"])
    keys = pd.MultiIndex.from_arrays([counted["gwno"].map(iso3), counted["adm_1"]])
    unknown = ~keys.isin(known.index)
    if unknown.any():
        msg = f"the region {keys[unknown][0]} is in no table of regions."
        raise SchemaError(msg, file=path, column="unit", remedy="Add it to features/reference/admin1_regions.csv.")
    region = known["region_id"].reindex(keys).to_numpy()
    states = known["gwno"].reindex(keys).to_numpy(np.int32)
    return counted.assign(region_id=or_none(region), gwno=states)[[*_KEYS, *MEASURES]]


def _by_month(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The table ``region_month`` of parts that may speak of the same region and month."""
    table = pd.concat(parts, ignore_index=True).groupby(_KEYS, as_index=False, dropna=False)[list(MEASURES)].sum()
    table = table.astype(
        {"region_id": "str", "gwno": "int32", "month": "datetime64[s]", **dict.fromkeys(MEASURES, "int32")}
    )
    table = table.assign(known_on=month_end(table["month"])).sort_values(_KEYS, ignore_index=True)
    return table[[*_KEYS, *MEASURES, "known_on"]]


def _placed(path: Path, units: pd.DataFrame) -> pd.DataFrame:
    """Mean place of the events of each region, weighed by the events under each of its names."""
    raw = read_delimited(path, ("iso3", "adm_1", "events", "lat", "lon"))
    refuse(~raw["iso3"].str.fullmatch(r"[A-Z]{3}|"), raw["iso3"], path, "where a country's code belongs")
    named = units[units["region_id"] != ""].set_index(["ucdp_iso3", "ucdp_adm_1"])["region_id"]
    region = named.reindex(pd.MultiIndex.from_arrays([raw["iso3"], raw["adm_1"]])).to_numpy()
    events = whole_numbers(raw["events"], path, low=0, high=10_000_000)
    weighed = pd.DataFrame(
        {
            "region_id": region,
            "events": events,
            "lat": decimals(raw["lat"], path, low=-90, high=90) * events,
            "lon": decimals(raw["lon"], path, low=-180, high=180) * events,
        }
    ).dropna(subset="region_id")
    total = weighed.groupby("region_id").sum()
    return total[["lat", "lon"]].div(total["events"], axis=0)


def _regions(centre: pd.DataFrame, units: pd.DataFrame, outlines: gpd.GeoDataFrame) -> pd.DataFrame:
    table = units[units["region_id"] != ""].drop_duplicates("region_id").sort_values("region_id", ignore_index=True)
    drawn = outlines.set_index("region_id")
    inside = drawn.representative_point()
    ids = table["region_id"]
    has_outline = ids.isin(drawn.index)
    lat, lon = (
        ids.map(centre[axis]).fillna(ids.map(point)).round(4) for axis, point in (("lat", inside.y), ("lon", inside.x))
    )
    if lat.isna().any():
        msg = f"no place is known of the region {ids[lat.isna()].iloc[0]}."
        raise SchemaError(msg, column="region_id", remedy="Give it an outline, or events with a place.")
    version = drawn["boundary_version"].iloc[0] if len(drawn) else ""
    empty = {column: table[column].mask(table[column] == "").astype("str") for column in ("iso_3166_2", "p_code")}
    return pd.DataFrame(
        {
            **{column: table[column] for column in ("region_id", "name", "gwno", "iso3")},
            **empty,
            "outline": table["polygon"].where(has_outline).astype("str"),
            "lat": lat,
            "lon": lon,
            "boundary_version": f"{NAMED_REGIONS}, outlines {version}",
        }
    ).astype({"gwno": "int32", "name": "str", "iso3": "str", "boundary_version": "str"})


def _neighbours(regions: pd.DataFrame, outlines: gpd.GeoDataFrame) -> pd.DataFrame:
    """Regions whose outlines touch; of one without an outline, the nearest centres."""
    pairs = touching(outlines)
    ids = regions["region_id"].to_numpy(object)
    centres = np.radians(regions[["lat", "lon"]].to_numpy())
    near = BallTree(centres, metric="haversine").query(centres, k=_NEAREST + 1, return_distance=False)
    for position in np.flatnonzero(~regions["region_id"].isin(outlines["region_id"]).to_numpy()):
        pairs |= {(str(ids[position]), str(ids[other])) for other in near[position]}
    both_ways = sorted({pair for a, b in pairs for pair in ((a, b), (b, a)) if a != b})
    return pd.DataFrame(both_ways, columns=["region_id", "neighbour"], dtype="str")


def _coverage(regions: pd.DataFrame, spans: list[Span]) -> pd.DataFrame:
    """Months that each country's regions are counted in; spans that follow on each other are one."""
    whole: list[Span] = spans[:1]
    for span in spans[1:]:
        last = whole[-1]
        follows = last is not spans[0] and span.first_month == last.last_month + pd.DateOffset(months=1)
        if follows:
            whole[-1] = Span(f"{last.source} and {span.source}", last.first_month, span.last_month)
        else:
            whole.append(span)
    states = np.unique(regions["gwno"].to_numpy(np.int32))
    table = pd.DataFrame(
        [
            {"gwno": gwno, "first_month": s.first_month, "last_month": s.last_month, "source": s.source}
            for gwno in states
            for s in whole
        ]
    )
    return table.astype(
        {"gwno": "int32", "first_month": "datetime64[s]", "last_month": "datetime64[s]", "source": "str"}
    )
