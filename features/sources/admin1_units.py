"""Regions by the names that UCDP gives them: `features/reference/admin1_regions.csv`; its rules stand beside it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, cast

import pandas as pd

from ..errors import SchemaError
from .boundaries import read_outlines
from .curated import REFERENCE
from .delimited import read_delimited, refuse, refuse_duplicates, whole_numbers

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

__all__ = [
    "NAMED_REGIONS",
    "UNITS_FILE",
    "on_one_outline",
    "outlined_regions",
    "read_admin1_outlines",
    "read_admin1_units",
]

#: The table that the package carries.
UNITS_FILE: Final = REFERENCE / "admin1_regions.csv"

#: Version of the regions that go by UCDP's names, as ``boundary_version`` begins.
NAMED_REGIONS: Final = "ucdp-adm1-25.1"

_OF_REGION: Final = ("name", "gwno", "iso3", "iso_3166_2", "p_code", "polygon")
#: Natural Earth's own codes of countries.
_COUNTRIES: Final = {"SDS": "SSD", "SOL": "SOM", "SAH": "MAR"}
#: Countries whose outlines are of the second order, and name the region that each is part of.
_DISSOLVED: Final = ("BFA",)
_NAMING: Final = ("name", "adm0_a3", "region")
_SLIVER: Final = "+99?"  # how the codes of Natural Earth's unnamed slivers end


def read_admin1_units(path: Path = UNITS_FILE) -> pd.DataFrame:
    """Read which region each of UCDP's names of a region is.

    Returns
    -------
    DataFrame
        ``ucdp_iso3, ucdp_adm_1, region_id, name, gwno, iso3, iso_3166_2, p_code, polygon``, one row a name; empty text
        where nothing is known.

    Raises
    ------
    SourceError, SchemaError
        At the first fault: a cut or damaged file; a name that stands twice; a region of which two rows tell different
        things; with file, line and column.
    """
    raw = read_delimited(path, ("ucdp_iso3", "ucdp_adm_1", "region_id", *_OF_REGION))
    refuse(~raw["ucdp_iso3"].str.fullmatch(r"[A-Z]{3}"), raw["ucdp_iso3"], path, "where a country's code belongs")
    refuse(~raw["iso3"].str.fullmatch(r"[A-Z]{3}"), raw["iso3"], path, "where a country's code belongs")
    code = r"([A-Z]{2}-[A-Z0-9]{1,3}|[A-Z]{3}-[a-z0-9-]+)?"
    refuse(~raw["region_id"].str.fullmatch(code), raw["region_id"], path, "where a region's code belongs")
    refuse_duplicates(raw, ["ucdp_iso3", "ucdp_adm_1"], path)
    units = raw.assign(gwno=whole_numbers(raw["gwno"], path, low=2, high=999))
    for column in _OF_REGION:
        first = units.groupby("region_id")[column].transform("first")
        other = (units["region_id"] != "") & (units[column] != first)
        refuse(other, units[column].astype("str"), path, "which an earlier row of the region tells differently")
    return units.reset_index(drop=True)


def on_one_outline(units: pd.DataFrame, outlines: gpd.GeoDataFrame) -> dict[str, tuple[str, ...]]:
    """Regions without an outline of their own that lie on another's, by that other region: Ménaka on Gao's."""
    regions = units[units["polygon"] != ""].drop_duplicates("region_id")
    drawn = regions["region_id"].isin(outlines["region_id"])
    owner = regions[drawn].set_index(["iso3", "polygon"])["region_id"]
    found: dict[str, tuple[str, ...]] = {}
    for iso3, polygon, region in regions.loc[~drawn, ["iso3", "polygon", "region_id"]].itertuples(index=False):
        if (iso3, polygon) in owner.index:
            of = str(owner[iso3, polygon])
            found[of] = (*found.get(of, ()), str(region))
    return found


def read_admin1_outlines(path: Path, units: pd.DataFrame) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Read Natural Earth's admin-1 outlines, dissolved to the regions that name them.

    Slivers without a name (code ending ``+99?``) are left out, as are outlines that no region names. Of two regions
    that name one outline the one of the outline's name has it.

    Parameters
    ----------
    path
        Natural Earth's file.
    units
        As read by `read_admin1_units`.

    Returns
    -------
    outlines, region_of
        ``region_id, gwno, boundary_version, geometry``, sorted by ``region_id``; and the region of each of Natural
        Earth's codes.

    Raises
    ------
    SourceError, SchemaError
        If the file is missing, broken or without its columns.
    """
    drawn = read_outlines(path, id_column="adm1_code")
    for column in _NAMING:
        if column not in drawn.columns:
            msg = "the column is missing."
            remedy = "Fetch Natural Earth's admin-1 states and provinces."
            raise SchemaError(msg, file=path, column=column, remedy=remedy)
    found = outlined_regions(drawn, drawn["region_id"], units)
    kept = found.notna()
    region_of = dict(zip(drawn.loc[kept, "region_id"], found[kept], strict=True))
    whole = drawn[kept].assign(region_id=found[kept])[["region_id", "geometry"]]
    dissolved = cast("gpd.GeoDataFrame", cast("Any", whole).dissolve(by="region_id", as_index=False))
    gwno = units.drop_duplicates("region_id").set_index("region_id")["gwno"]
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    outlines = dissolved.assign(
        gwno=dissolved["region_id"].map(gwno).astype("int32"),
        # Natural Earth's files do not say their version; the checksum names this one for good.
        boundary_version=f"naturalearth-10m-admin1-{checksum}",
    )
    columns = ["region_id", "gwno", "boundary_version", "geometry"]
    return outlines[columns].sort_values("region_id", ignore_index=True), region_of


def outlined_regions(drawn: pd.DataFrame, codes: pd.Series, units: pd.DataFrame) -> pd.Series:
    """Region of each of Natural Earth's outlines, empty where no region names it; ``codes`` are Natural Earth's own.

    Empty throughout where the table lacks Natural Earth's columns ``name``, ``adm0_a3`` and ``region``.
    """
    if not set(_NAMING) <= set(drawn.columns):
        return pd.Series(None, drawn.index, dtype="str")
    iso3 = drawn["adm0_a3"].replace(_COUNTRIES)
    named = drawn["region"].where(iso3.isin(list(_DISSOLVED)), drawn["name"])
    regions = units[(units["region_id"] != "") & (units["polygon"] != "")].drop_duplicates("region_id")
    # the region of the outline's own name comes first
    namesake = regions["name"] == regions["polygon"]
    regions = regions.assign(namesake=namesake).sort_values(["namesake", "region_id"], ascending=[False, True])
    owner = regions.drop_duplicates(["iso3", "polygon"]).set_index(["iso3", "polygon"])["region_id"]
    found = owner.reindex(pd.MultiIndex.from_arrays([iso3, named])).to_numpy()
    return pd.Series(found, drawn.index, dtype="str").mask(codes.astype("str").str.endswith(_SLIVER))
