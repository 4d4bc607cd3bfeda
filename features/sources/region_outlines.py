"""Outlines of regions anywhere, from any file of polygons, with the state that each belongs to."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import geopandas as gpd
import pandas as pd

from ..errors import ConfigError, SchemaError
from .boundaries import read_outlines
from .states_around import gwno_of, states_around

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["RegionOutlines", "read_world_regions"]

#: Names that columns go by in Natural Earth, geoBoundaries, GADM and OCHA's common operational datasets.
_ID_COLUMNS: Final = ("region_id", "adm1_code", "shapeID", "GID_1", "ADM1_PCODE", "adm1_pcode", "id")
_NAME_COLUMNS: Final = ("name", "name_en", "shapeName", "NAME_1", "ADM1_EN", "ADM1_FR", "adm1_name")
_COUNTRY_COLUMNS: Final = ("iso3", "adm0_a3", "gwno", "shapeGroup", "GID_0", "iso_3166_1", "ADM0_PCODE", "adm0_pcode")
#: UCDP counts Egypt to the Middle East; whoever asks for Africa means it too.
_ALSO: Final = {"africa": (651,)}
_KEPT: Final = ["region_id", "name", "gwno", "iso3", "also_in", "iso_3166_2", "boundary_version", "geometry"]
_SLIVER: Final = "+99?"  # how the codes of Natural Earth's unnamed slivers end


@dataclass(frozen=True, slots=True)
class RegionOutlines:
    """Regions with their outlines.

    Attributes
    ----------
    table
        ``region_id, name, gwno, iso3, also_in, iso_3166_2, boundary_version, geometry``, sorted by ``region_id``.
        ``also_in`` holds the numbers of the other states that a region reaches into, joined by ``;``: it crosses
        borders, and its events are those inside it, whoever's soil they fell on.
    merged
        Region of which each dissolved polygon is now a part, by the polygon's own code.
    losses
        Polygons left out, by reason.
    """

    table: gpd.GeoDataFrame
    merged: dict[str, str]
    losses: dict[str, float]


def read_world_regions(
    path: Path,
    *,
    countries: pd.DataFrame,
    world_region: str | None = None,
    id_column: str | None = None,
    dissolve: Mapping[str, str] | None = None,
) -> RegionOutlines:
    """Read regions from a file of polygons (GeoJSON, GeoPackage, shapefile).

    Polygons without a name (Natural Earth's slivers) and those outside the state system are left out and counted.

    Parameters
    ----------
    path
        The file. A column may name the state of each polygon: ISO 3166-1 alpha-3, Natural Earth's code, or a
        Gleditsch-Ward number. Where none does, it is the state with most of the polygon, by outlines at 1:110m, and
        the polygon may cross borders (`~faultline.features.sources.states_around.states_around`).
        Where no column names the regions, their codes stand for names.
    countries
        The canonical table ``countries``.
    world_region
        Keep the states of this UCDP region only, such as ``"Africa"`` (with Egypt); by default all.
    id_column
        Column with the codes of regions; by default the first that is known.
    dissolve
        Column by which the polygons of a country are merged into larger regions, by ISO alpha-3 code; ``"*"`` stands
        for every country. Polygons without a value there stay as they are.

    Raises
    ------
    SourceError, SchemaError
        If the file is missing or broken, or lacks a column with codes; with the feature and the column.
    ConfigError
        If there is nothing to dissolve by, or no region is left.
    """
    id_column = id_column or _a_column(path, _ID_COLUMNS, "code")
    outlines = read_outlines(path, id_column=id_column)
    columns = [str(column) for column in outlines.columns]
    name = next((column for column in _NAME_COLUMNS if column in columns), "region_id")
    country = next((column for column in _COUNTRY_COLUMNS if column in columns), None)
    losses: dict[str, float] = {}
    sliver = outlines["region_id"].str.endswith(_SLIVER) | outlines[name].isna()
    losses["polygons_without_a_name"] = float(sliver.sum())
    gwno, also_in = _states(outlines, country)
    members = countries[countries["last_month"].isna()]
    known = gwno.isin(members["gwno"])
    losses["polygons_outside_the_state_system"] = float((~known & ~sliver).sum())
    if world_region is not None:
        known &= gwno.isin(_states_of(world_region, members))
    told = outlines.assign(gwno=gwno, iso3=gwno.map(countries.set_index("gwno")["iso3"]), also_in=also_in)
    named = _described(told, name, path)[known & ~sliver]
    if named.empty:
        msg = "no polygon of the file lies in a state of that part of the world."
        raise SchemaError(
            msg, file=path, column=country or "geometry", remedy="Name another file, or `--region world`."
        )
    named, merged = _dissolved(named.astype({"gwno": "int32", "iso3": "str"}), dissolve or {}, path)
    table = named[_KEPT].sort_values("region_id", ignore_index=True)
    return RegionOutlines(table, merged, losses)


def _states_of(world_region: str, members: pd.DataFrame) -> list[int]:
    """Gleditsch-Ward numbers of the states of a UCDP region, and of those that whoever names it means too."""
    states = members.loc[members["region"].str.casefold() == world_region.casefold(), "gwno"]
    if states.empty:
        named = ", ".join(sorted(members["region"].unique()))
        msg = f"there is no region {world_region!r} of the world; there are {named}, and world for all."
        raise ConfigError(msg)
    return [*states, *_ALSO.get(world_region.casefold(), ())]


def _described(outlines: gpd.GeoDataFrame, name: str, path: Path) -> gpd.GeoDataFrame:
    """Polygons with their names, codes by ISO 3166-2 (missing where the file has none) and the lines' version."""
    silent = pd.Series(None, outlines.index, "str")
    codes = outlines["iso_3166_2"].astype("str") if "iso_3166_2" in outlines.columns else silent
    return outlines.assign(
        name=outlines[name].astype("str"),
        iso_3166_2=codes.where(codes.str.fullmatch(r"[A-Z]{2}-[A-Z0-9]{1,3}").fillna(False)),  # noqa: FBT003
        boundary_version=f"{path.stem}-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}",
    )


def _a_column(path: Path, known: tuple[str, ...], what: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # read_outlines says what is wrong
            first = cast("gpd.GeoDataFrame", cast("Any", gpd).read_file(path, rows=1))
    except (OSError, RuntimeError, ValueError):
        return known[1]  # read_outlines says what is wrong
    for column in known:
        if column in first.columns:
            return column
    shown = ", ".join(str(column) for column in first.columns[:12])
    msg = f"no column with the {what} of each region; the file has {shown}."
    raise SchemaError(msg, file=path, column=known[0], remedy="Name the column with --id-column.")


def _states(outlines: gpd.GeoDataFrame, country: str | None) -> tuple[pd.Series, pd.Series]:
    """State of each polygon and the others that it reaches into; of one whose state the file names, none."""
    named = pd.Series(None, outlines.index, "str") if country is None else outlines[country]
    gwno = gwno_of(named)
    also_in = pd.Series("", outlines.index, dtype="str")
    silent = named.isna() | (named.astype("str").str.strip() == "")
    if silent.any():
        around = states_around(outlines[silent])
        gwno[silent], also_in[silent] = around["gwno"], around["also_in"]
    return gwno, also_in


def _dissolved(
    regions: gpd.GeoDataFrame, dissolve: Mapping[str, str], path: Path
) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    group = pd.Series(None, regions.index, "str")
    for iso3, column in dissolve.items():
        if column not in regions.columns:
            shown = ", ".join(str(name) for name in regions.columns if name != "geometry")
            msg = f"there is no such column to dissolve by; the file has {shown}."
            raise SchemaError(msg, file=path, column=column, remedy="Name another with --dissolve.")
        here = pd.Series(True, regions.index) if iso3 == "*" else regions["iso3"] == iso3  # noqa: FBT003
        if not here.any():
            msg = f"--dissolve: the file has no regions of {iso3!r}; write ISO3=COLUMN, such as BFA=region."
            raise ConfigError(msg)
        value = regions[column].astype("str").str.strip()
        group = group.where(~(here & value.notna() & (value != "")), value)
    joined = group.notna()
    if not joined.any():
        return regions, {}
    code = regions["iso3"] + "-" + group.str.replace(r"\s+", "-", regex=True)
    # A name alone could be that of a region which stays: the column's value with the country's code is new.
    parts = regions[joined].assign(region_id=code[joined], name=group[joined], iso_3166_2=pd.Series(None, dtype="str"))
    how = {**dict.fromkeys(("name", "gwno", "iso3", "iso_3166_2", "boundary_version"), "first"), "also_in": _together}
    whole = cast("gpd.GeoDataFrame", cast("Any", parts).dissolve(by="region_id", aggfunc=how, as_index=False))
    columns = ["region_id", *how, "geometry"]
    table = pd.concat([regions.loc[~joined, columns], whole[columns]], ignore_index=True)
    text = ("region_id", "name", "iso3", "also_in", "iso_3166_2")
    table = table.astype({**dict.fromkeys(text, "str"), "gwno": "int32"})
    merged = dict(zip(regions.loc[joined, "region_id"], code[joined], strict=True))
    return table, merged


def _together(also_in: pd.Series) -> str:
    return ";".join(sorted({state for states in also_in for state in states.split(";") if state}))
