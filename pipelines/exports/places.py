"""Where the units of a table lie: points at their centres, or polygons where a boundaries file has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from ...features.errors import ConfigError
from ...features.sources.admin1_units import outlined_regions, read_admin1_outlines, read_admin1_units
from ...features.sources.boundaries import country_outlines, read_outlines

if TYPE_CHECKING:
    from pathlib import Path

    from ...features.tables.snapshot import Snapshot

__all__ = ["Places", "places_of", "unit_keys"]

#: Degrees to which coordinates are kept: about a metre (RFC 7946 advises against more).
DECIMALS = 5
Places = gpd.GeoSeries


def unit_keys(scores: pd.DataFrame) -> pd.Series:
    """Key of each row's unit: the region's code, or the country's."""
    return scores["admin1_code"].where(scores["admin_level"] == 1, scores["location_code"]).astype("str")


def places_of(scores: pd.DataFrame, snapshot: Snapshot, *, boundaries: Path | None = None) -> Places:
    """Geometry of each unit in EPSG:4326, outer rings counter-clockwise as RFC 7946 asks.

    Parameters
    ----------
    scores
        Rows of the contract ``scores``.
    snapshot
        For the centres.
    boundaries
        Admin-1 polygons (GeoJSON, GeoPackage, shapefile). Where they are given, countries are drawn by Natural Earth's
        1:110m outlines. A unit that neither has stays a point.

    Returns
    -------
    One geometry a unit, by its key; empty where nothing is known of its place.

    Raises
    ------
    SourceError
        If the boundaries cannot be read.
    ConfigError
        If they hold none of the regions.
    """
    countries = snapshot.countries.drop_duplicates("iso3", keep="last").set_index("iso3")
    centres = pd.concat([countries[["lon", "lat"]], snapshot.regions.set_index("region_id")[["lon", "lat"]]])
    places = gpd.GeoSeries(gpd.points_from_xy(centres["lon"], centres["lat"]), index=centres.index, crs=4326)
    places[centres["lon"].isna()] = None
    places = places.reindex(unit_keys(scores).drop_duplicates().to_numpy())
    if boundaries is not None:
        outlines = country_outlines().set_index("iso3").geometry
        regions = scores.loc[scores["admin_level"] == 1, "admin1_code"].drop_duplicates()
        polygons = pd.concat([outlines, _regions(boundaries, set(regions))]) if len(regions) else outlines
        drawn = polygons[polygons.index.isin(places.index)]
        places[drawn.index] = drawn
    rounded = shapely.set_precision(places.to_numpy(), 10**-DECIMALS)
    return gpd.GeoSeries(shapely.orient_polygons(rounded, exterior_cw=False), index=places.index, crs=4326)


def _regions(boundaries: Path, wanted: set[str]) -> gpd.GeoSeries:
    """Find the column that holds most of the codes and read the polygons by it."""
    if not boundaries.is_file():
        return read_outlines(boundaries, id_column="").geometry  # it says what is wrong
    try:
        table = gpd.read_file(boundaries, ignore_geometry=True)
    except Exception:  # noqa: BLE001  # whatever GDAL raises, read_outlines says it in our words
        return read_outlines(boundaries, id_column="").geometry
    matches = {str(column): int(table[column].isin(wanted).sum()) for column in table.columns}
    column = max(matches, key=lambda name: matches[name], default="")
    units = read_admin1_units()
    codes = table["adm1_code"] if "adm1_code" in table.columns else None
    if matches.get(column, 0) < len(wanted) and codes is not None:
        named = outlined_regions(table, codes, units).isin(wanted)
        if named.any():  # Natural Earth's file, and the bundled regions: each names its outline
            return read_admin1_outlines(boundaries, units)[0].set_index("region_id").geometry
    if not matches.get(column):
        msg = f"{boundaries}: no column holds the codes of the scored regions (such as {min(wanted)})."
        raise ConfigError(f"{msg} Give the boundaries file that the regions were built with.")
    return read_outlines(boundaries, id_column=column).set_index("region_id").geometry
