"""Outlines: of countries, from the Natural Earth file that the pyogrio wheel carries; of regions, from a user's file.

No outline is bundled with faultline. Natural Earth is in the public domain; that file is its 1:110m countries.
"""

from __future__ import annotations

import warnings
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final, cast

import geopandas as gpd
import pandas as pd

from ..contracts.canonical import validate
from ..errors import SchemaError, SourceError
from .state_codes import gwno_by_iso3

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["country_neighbours", "country_outlines", "read_outlines", "region_at", "touching"]

#: Natural Earth gives these no ISO code. Northern Cyprus and Somaliland are drawn with the state that ISO 3166 and UCDP
#: count them to.
_REPAIRED: Final[dict[str, str]] = {
    "France": "FRA",
    "Norway": "NOR",
    "Kosovo": "XKX",
    "N. Cyprus": "CYP",
    "Somaliland": "SOM",
}

#: Territories that are no member of the state system, and the state to whose borders theirs count here: UCDP places
#: events in Western Sahara in Morocco, and those in the Palestinian territories in Israel.
_COUNTED_TO: Final[dict[str, int]] = {"ESH": 600, "PSE": 666}

#: Former states have no outline of their own. First those that fell apart, by the states on their land...
_SUCCESSORS: Final[dict[int, tuple[int, ...]]] = {315: (316, 317), 345: (340, 341, 347)}
#: ...then those that joined another, by the neighbours they had.
_FORMER_NEIGHBOURS: Final[dict[int, tuple[int, ...]]] = {265: (260, 290, 315, 316), 680: (670, 678, 698)}

_TOUCHING_DEGREES = 1e-6
#: Outlines of regions of two countries do not meet exactly: about half a kilometre.
_REGIONS_TOUCH_DEGREES = 0.005


def country_outlines() -> gpd.GeoDataFrame:
    """Outlines of the world's countries at 1:110m, about 170 of them; small islands have none.

    Returns
    -------
    GeoDataFrame
        ``iso3``, ``gwno`` (``Int32``, empty for territories outside the state system), ``name`` and ``geometry``
        (EPSG:4326), one row a country, sorted by ``iso3``.

    Raises
    ------
    SourceError
        If the installed pyogrio lacks the outlines.
    """
    resource = files("pyogrio") / "tests" / "fixtures" / "naturalearth_lowres"
    try:
        with as_file(resource) as folder:
            world = _read(folder / "naturalearth_lowres.shp")[["name", "iso_a3", "geometry"]]
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        msg = f"the installed pyogrio lacks the outlines of the world's countries ({type(error).__name__})."
        remedy = "Install the pinned pyogrio wheel, or name a boundaries file of your own."
        raise SourceError(msg, file="naturalearth_lowres.shp", remedy=remedy) from None
    iso3 = world["iso_a3"].where(world["iso_a3"] != "-99", world["name"].map(_REPAIRED))
    unknown = iso3.isna()
    if unknown.any():
        msg = f"an outline has no ISO code: {world.loc[unknown, 'name'].iloc[0]!r}."
        remedy = "Add it to the repairs in features/sources/boundaries.py."
        raise SchemaError(msg, file="naturalearth_lowres.shp", column="iso_a3", remedy=remedy)
    # The state itself comes before a part that is drawn with it, so that it gives the name.
    world = world.assign(iso3=iso3, part=world["iso_a3"] == "-99").sort_values(["iso3", "part"])
    whole = cast("gpd.GeoDataFrame", cast("Any", world).dissolve(by="iso3", aggfunc="first", as_index=False))
    world = whole.assign(gwno=whole["iso3"].map(gwno_by_iso3()).astype("Int32"))
    return world[["iso3", "gwno", "name", "geometry"]].sort_values("iso3", ignore_index=True)


def _read(path: Path) -> gpd.GeoDataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # GDAL's words; what it could not read is refused in ours
        return cast("gpd.GeoDataFrame", cast("Any", gpd).read_file(path))


def read_outlines(path: Path, *, id_column: str) -> gpd.GeoDataFrame:
    """Read regions' outlines from a user's file (GeoJSON, GeoPackage, shapefile).

    Parameters
    ----------
    path
        The file.
    id_column
        Column with the code of each region.

    Returns
    -------
    GeoDataFrame
        The file's columns with ``id_column`` as ``region_id`` (text), in EPSG:4326, invalid rings mended.

    Raises
    ------
    SourceError
        If the file is missing or cannot be read as outlines.
    SchemaError
        If the id column is missing, empty or repeats, or a geometry is missing or no polygon.
    """
    if not path.exists():
        msg = "cannot read the outlines: there is no such file."
        raise SourceError(msg, file=path, remedy="Name a GeoJSON or GeoPackage file.")
    try:
        regions = _read(path)
    except (OSError, RuntimeError, ValueError) as error:
        msg = f"cannot read the outlines: {str(error).splitlines()[0] if str(error) else type(error).__name__}."
        raise SourceError(msg, file=path, remedy="Name a whole GeoJSON or GeoPackage file.") from None
    if id_column not in regions.columns:
        shown = ", ".join(str(column) for column in regions.columns if column != "geometry")
        msg = f"the column is missing; the file has {shown}."
        raise SchemaError(msg, file=path, column=id_column, remedy="Name the column with the regions' codes.")
    ids = regions[id_column]
    for fault, problem in ((ids.isna(), "has no code"), (ids.duplicated(), "has a code that stood before")):
        if fault.any():
            position = int(fault.to_numpy().argmax())
            msg = f"the feature {problem} ({ids.iloc[position]!r}; {int(fault.sum()):,} such)."
            raise SchemaError(msg, file=path, row=f"feature {position + 1}", column=id_column, remedy="Correct it.")
    no_polygon = ~regions.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    if no_polygon.any():
        position = int(no_polygon.to_numpy().argmax())
        msg = f"the feature is no polygon ({regions.geometry.geom_type.iloc[position]})."
        raise SchemaError(msg, file=path, row=f"feature {position + 1}", column="geometry", remedy="Correct it.")
    regions = regions.set_crs(4326) if regions.crs is None else regions.to_crs(4326)
    valid = regions.set_geometry(regions.geometry.make_valid())
    return valid.rename(columns={id_column: "region_id"}).astype({"region_id": "str"})


def country_neighbours(outlines: gpd.GeoDataFrame, countries: pd.DataFrame) -> pd.DataFrame:
    """Pairs of states that share a land border, as the canonical table ``country_neighbours``.

    Borders are those of the 1:110m outlines, overseas departments included (France borders on Brazil). Western Sahara
    counts to Morocco and the Palestinian territories to Israel, as in UCDP. Czechoslovakia and Yugoslavia
    border on whatever their successors border on; East Germany's and South Yemen's neighbours are listed by hand.
    States too small for an outline have no neighbours.

    Parameters
    ----------
    outlines
        As made by `country_outlines`.
    countries
        The canonical table ``countries``; pairs of other states are left out.
    """
    gwno = outlines["gwno"].astype("float64").fillna(outlines["iso3"].map(_COUNTED_TO))
    land = outlines.assign(gwno=gwno).dropna(subset="gwno").astype({"gwno": int})
    left, right = land.sindex.query(land.geometry, predicate="dwithin", distance=_TOUCHING_DEGREES)
    codes = land["gwno"].to_numpy()
    pairs = {(int(codes[a]), int(codes[b])) for a, b in zip(left, right, strict=True)}
    for former, successors in _SUCCESSORS.items():
        pairs |= {(former, b) for a, b in pairs if a in successors and b not in successors}
    pairs |= {(former, b) for former, neighbours in _FORMER_NEIGHBOURS.items() for b in neighbours}
    both_ways = {pair for a, b in pairs for pair in ((a, b), (b, a)) if a != b}
    table = pd.DataFrame(sorted(both_ways), columns=["gwno", "neighbour"]).astype("int32")
    known = table.isin(countries["gwno"].tolist()).all(axis=1)
    return validate(table[known].reset_index(drop=True), "country_neighbours")


def touching(outlines: gpd.GeoDataFrame) -> set[tuple[str, str]]:
    """Regions whose outlines touch, within half a kilometre, by ``region_id``: each pair both ways."""
    query = cast("Any", outlines.sindex).query
    left, right = query(outlines.geometry, predicate="dwithin", distance=_REGIONS_TOUCH_DEGREES)
    ids = outlines["region_id"].astype("str").tolist()
    return {(ids[a], ids[b]) for a, b in zip(left, right, strict=True) if a != b}


def region_at(lat: pd.Series, lon: pd.Series, outlines: gpd.GeoDataFrame) -> pd.Series:
    """Region whose outline covers each point; empty where none does."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat, crs=4326))
    joined = cast("Any", points).sjoin(outlines[["region_id", "geometry"]], predicate="covered_by")
    first = joined.groupby(level=0)["region_id"].min()  # a point on a border belongs to the first
    return pd.Series(first.reindex(range(len(points))).to_numpy(), index=lat.index, dtype="str")
