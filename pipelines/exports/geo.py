"""Maps: GeoJSON (RFC 7946) and GeoPackage, a file or a layer for each level and target, with the flat table's keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import pandas as pd
import pyogrio

from ..issue.selection import LEVELS
from .places import unit_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .about import About
    from .places import Places

__all__ = ["write_geojson", "write_gpkg"]


def _layers(scores: pd.DataFrame, places: Places) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    names = {number: level for level, number in LEVELS.items()}
    for key, rows in scores.groupby(["admin_level", "target"], sort=True):
        level, target = cast("tuple[int, str]", key)
        placed = places.reindex(unit_keys(rows).to_numpy()).to_numpy()
        frame = gpd.GeoDataFrame(rows.reset_index(drop=True), geometry=placed, crs=4326)
        yield f"{names[level]}_{target}", frame


def write_geojson(scores: pd.DataFrame, about: About, folder: Path, places: Places) -> None:
    """Write ``geojson/<level>_<target>.geojson``, one feature a row.

    RFC 7946: longitude and latitude in WGS 84 without a ``crs``, outer rings counter-clockwise, an ``id`` for each
    feature (unit, target and horizon, and the months between where there are some), ``geometry`` null where a unit has
    no place. What the keys mean stands in the member ``metadata`` of the collection (a foreign member, section 6.1).
    """
    (folder / "geojson").mkdir()
    for name, frame in _layers(scores, places):
        table = frame.copy()
        for column in table.columns[[pd.api.types.is_datetime64_any_dtype(dtype) for dtype in table.dtypes]]:
            table[column] = table[column].dt.strftime("%Y-%m-%d")
        keys = unit_keys(table) + "|" + table["target"] + "|" + table["horizon_months"].astype("str")
        later = "|" + table["months_between"].astype("str")
        table.index = pd.Index(keys + later.where(table["months_between"] > 0, ""))
        collection: dict[str, Any] = json.loads(table.to_json(na="null", drop_id=False))
        collection.pop("crs", None)
        whole = {"type": collection.pop("type"), "metadata": about.as_json(), **collection}
        text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        (folder / "geojson" / f"{name}.geojson").write_text(text + "\n", encoding="utf-8")


def write_gpkg(scores: pd.DataFrame, about: About, folder: Path, places: Places) -> None:
    """Write ``scores.gpkg``, a layer ``<level>_<target>`` each, one feature a row, for QGIS and other GIS.

    A layer holds one kind of geometry: where polygons are drawn, units that have none stand as points in a layer of
    the same name with ``_points`` after it. The description stands in GeoPackage's own metadata table.
    """
    file = folder / "scores.gpkg"
    described = {"DESCRIPTION": about.title, "faultline": json.dumps(about.as_json())}
    for name, frame in _layers(scores, places):
        point = frame.geometry.geom_type == "Point"
        areas = frame[~point & frame.geometry.notna()]
        parts = {name: areas, f"{name}_points": frame[~frame.index.isin(areas.index)]} if len(areas) else {name: frame}
        for layer, part in parts.items():
            if part.empty:
                continue
            kind = "MultiPolygon" if layer == name and len(areas) else "Point"
            pyogrio.write_dataframe(
                part,
                file,
                layer=layer,
                driver="GPKG",
                geometry_type=kind,
                promote_to_multi=kind == "MultiPolygon",
                append=file.exists(),
                dataset_metadata=described if not file.exists() else None,
                layer_metadata={"DESCRIPTION": f"{about.title}: {about.targets[str(part['target'].iloc[0])]}"},
            )
