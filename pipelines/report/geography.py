"""Outlines and points as the maps want them: few vertices, outer rings clockwise as Vega's projections need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ...features.errors import ConfigError, SourceError
from ...features.sources.admin1_units import outlined_regions, read_admin1_units

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

__all__ = ["frame_of", "in_view", "outline_features", "point_rows", "region_features", "shapes_of"]

#: Decimals of a degree that are kept: about a kilometre.
DECIMALS = 2
#: Degrees by which a user's polygons may be simplified: about three kilometres, a pixel where a large country fills it.
TOLERANCE = 0.03
#: Room around what a map is zoomed to, as a part of its larger side.
MARGIN = 0.03
#: Antarctica has no country to show.
NOT_DRAWN = ("ATA",)


def _features(geometries: gpd.GeoSeries, codes: pd.Series, name: str) -> list[dict[str, Any]]:
    rounded = shapely.transform(geometries.to_numpy(), lambda xy: np.round(xy, DECIMALS))
    # d3 tells the inside by the ring's direction: counter-clockwise, as in RFC 7946, would fill the rest of the globe.
    clockwise = shapely.orient_polygons(rounded, exterior_cw=True)
    return [
        {"type": "Feature", name: str(code), "geometry": shapely.geometry.mapping(geometry)}
        for code, geometry in zip(codes, clockwise, strict=True)
        if geometry is not None and not geometry.is_empty
    ]


def outline_features(outlines: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Outlines of countries as GeoJSON features with the country code in ``iso3``."""
    drawn = outlines[~outlines["iso3"].isin(NOT_DRAWN)]
    return _features(drawn.geometry, drawn["iso3"], "iso3")


def region_features(boundaries: Path, regions: Collection[str]) -> list[dict[str, Any]]:
    """Read a user's polygons of regions as GeoJSON features with the region's code in ``key``.

    Parameters
    ----------
    boundaries
        A file that GDAL reads.
    regions
        Codes of the regions to draw. The column that holds most of them is the one that counts. Where that lacks some
        and the file is Natural Earth's, the bundled regions are drawn by its outlines that they name.

    Raises
    ------
    SourceError
        If the file cannot be read.
    ConfigError
        If no column holds any of the codes.
    """
    try:
        table = gpd.read_file(boundaries)
    except Exception as error:
        problem = f"cannot be read as boundaries: {error}."
        raise SourceError(problem, file=boundaries, remedy="Give a GeoJSON, GeoPackage or shapefile.") from error
    wanted = set(regions)
    matches = {str(column): int(table[column].isin(wanted).sum()) for column in table.columns.drop("geometry")}
    column = max(matches, key=lambda name: matches[name], default=None)
    if column is None or matches[column] < len(wanted):
        named = _natural_earth(table, wanted)
        if len(named):
            return _features(named.geometry.simplify_coverage(TOLERANCE), named["region_id"], "key")
    if column is None or not matches[column]:
        some = ", ".join(sorted(wanted)[:3])
        msg = (
            f"{boundaries}: no column holds the codes of the scored regions (such as {some}). "
            "Give the boundaries file that the regions were built with."
        )
        raise ConfigError(msg)
    drawn = table[table[column].isin(wanted)]
    drawn = drawn if drawn.crs is None else drawn.to_crs(4326)
    return _features(drawn.geometry.simplify_coverage(TOLERANCE), drawn[column], "key")


def _natural_earth(table: gpd.GeoDataFrame, wanted: set[str]) -> gpd.GeoDataFrame:
    """Outlines of the bundled regions, dissolved, in a file of Natural Earth's; none in another file."""
    codes = table["adm1_code"] if "adm1_code" in table.columns else pd.Series("", table.index)
    found = outlined_regions(table, codes, read_admin1_units())
    drawn = table[["geometry"]].assign(region_id=found)[found.isin(wanted)]
    drawn = drawn if drawn.crs is None else drawn.to_crs(4326)
    valid: Any = drawn.set_geometry(drawn.geometry.make_valid())
    return valid.dissolve(by="region_id", as_index=False)


def frame_of(geometries: Collection[BaseGeometry], points: pd.DataFrame) -> tuple[dict[str, Any], tuple[float, float]]:
    """Frame that a map is zoomed to, and the centre to project from.

    Parameters
    ----------
    geometries
        Outlines to hold; may be empty.
    points
        ``lon`` and ``lat`` to hold.

    Returns
    -------
    frame
        GeoJSON feature of points around all of it.
    centre
        Longitude and latitude, degrees.
    """
    dots = points[["lon", "lat"]].to_numpy(np.float64)
    hull = shapely.MultiPoint(np.vstack([*map(shapely.get_coordinates, geometries), dots])).convex_hull
    west, south, east, north = hull.bounds
    margin = MARGIN * max(east - west, north - south, 1.0)
    corners = np.round(shapely.get_coordinates(hull.buffer(margin, quad_segs=2)), DECIMALS).tolist()
    frame = {"type": "Feature", "properties": {}, "geometry": {"type": "MultiPoint", "coordinates": corners}}
    return frame, ((west + east) / 2, (south + north) / 2)


def shapes_of(features: Collection[Mapping[str, Any]], name: str) -> dict[str, BaseGeometry]:
    """Shapes of GeoJSON features by the code that each has in a member."""
    return {feature[name]: shapely.geometry.shape(feature["geometry"]) for feature in features}


def in_view(frame: Mapping[str, Any], outlines: Mapping[str, BaseGeometry]) -> list[str]:
    """Codes of the countries that come into view where a map is zoomed to a frame.

    A view of another shape may reach half of the frame's larger side beyond it.

    Parameters
    ----------
    frame
        From `frame_of`.
    outlines
        Of countries, by code.
    """
    west, south, east, north = shapely.geometry.shape(frame["geometry"]).bounds
    reach = 0.5 * max(east - west, north - south)
    view = shapely.box(west - reach, south - reach, east + reach, north + reach)
    boxes = shapely.box(*shapely.bounds(list(outlines.values())).T)
    return [code for code, near in zip(outlines, shapely.intersects(view, boxes), strict=True) if near]


def point_rows(points: pd.DataFrame) -> list[dict[str, Any]]:
    """Points of units as records ``key, lat, lon``; a unit without a place is left out."""
    key = points["admin1_code"].where(points["admin_level"] == 1, points["location_code"])
    placed = points.assign(key=key).dropna(subset=["lat", "lon"])
    return [
        {"key": str(key), "lat": round(float(lat), DECIMALS), "lon": round(float(lon), DECIMALS)}
        for key, lat, lon in zip(placed["key"], placed["lat"], placed["lon"], strict=True)
    ]
