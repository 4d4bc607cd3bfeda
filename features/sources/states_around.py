"""The state of a polygon that names none, by the outlines of the world's countries; and polygons across borders."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .boundaries import country_outlines
from .state_codes import gwno_by_iso3

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["gwno_of", "states_around"]

#: Natural Earth's own codes. Western Sahara is no member of the state system; UCDP places its events in Morocco, and
#: those of Somaliland and Northern Cyprus in the state that ISO 3166 counts them to.
_OWN_CODES: Final = {
    "SDS": "SSD",
    "SOL": "SOM",
    "SAH": "MAR",
    "ESH": "MAR",
    "CYN": "CYP",
    "CNM": "CYP",
    "KOS": "XKX",
    "PSX": "ISR",
    "PSE": "ISR",
    "KAS": "IND",
}
_NEAR_DEGREES: Final = 1.0  # small islands are not in the outlines of the world, and coasts are drawn roughly
#: Borders at 1:110m are off by up to 30 km: of the 921 regions of Africa in Natural Earth none, each of which lies in
#: one state, has more than a twentieth of its land beyond this strip along the border of its state.
_STRIP_DEGREES: Final = 0.3
_BEYOND: Final = 0.05


def gwno_of(country: pd.Series) -> pd.Series:
    """Gleditsch-Ward numbers from ISO 3166-1 alpha-3, Natural Earth's codes, or such numbers; empty where unknown."""
    if pd.api.types.is_numeric_dtype(country):
        return country.astype("Int64")
    codes = country.astype("str").str.strip().str.upper()
    return codes.replace(_OWN_CODES).map(gwno_by_iso3()).astype("Int64")


def states_around(polygons: gpd.GeoDataFrame) -> pd.DataFrame:
    """States in which polygons lie.

    Parameters
    ----------
    polygons
        In EPSG:4326.

    Returns
    -------
    DataFrame
        By the index of ``polygons``: ``gwno``, the state with most of each, or the nearest within a degree, empty
        where that is none; and ``also_in``, the other states that it reaches into by more than a twentieth of its land
        and further than the strip in which borders at 1:110m are unsure, their numbers joined by ``;``.
    """
    world = country_outlines()
    world = world.assign(gwno=gwno_of(world["iso3"]).fillna(0).astype("int64"))  # 0 is no member of the state system
    states = cast("gpd.GeoDataFrame", cast("Any", world[["gwno", "geometry"]]).dissolve(by="gwno", as_index=False))
    land, number = np.asarray(states.geometry.array), states["gwno"].to_numpy(np.int64)
    shapes = np.asarray(polygons.geometry.array)
    position, state = shapely.STRtree(land).query(shapes, predicate="intersects")
    inside = shapely.intersection(shapes[position], land[state])
    parts = pd.DataFrame({"position": position, "state": state, "area": shapely.area(inside)})
    most = parts.sort_values("area", kind="stable").groupby("position")["state"].last()
    main = parts["position"].map(most).to_numpy(np.int64)
    other = np.flatnonzero((parts["state"].to_numpy() != main) & (number[state] > 0))
    beyond = shapely.difference(inside[other], shapely.buffer(land[main[other]], _STRIP_DEGREES))
    crosses = other[shapely.area(beyond) > _BEYOND * shapely.area(shapes[position[other]])]
    also = pd.Series(number[state[crosses]].astype("str"), position[crosses]).groupby(level=0).agg(";".join)
    gwno = pd.Series(number[most.to_numpy(np.int64)], most.index).reindex(range(len(shapes))).astype("Int64")
    adrift = gwno.isna().to_numpy()
    gwno[adrift] = _nearest(polygons[adrift], states)
    return pd.DataFrame(
        {
            "gwno": gwno.mask(gwno == 0).to_numpy(),
            "also_in": also.reindex(range(len(shapes))).fillna("").astype("str").to_numpy(),
        },
        index=polygons.index,
    )


def _nearest(polygons: gpd.GeoDataFrame, states: gpd.GeoDataFrame) -> NDArray[Any]:
    points = gpd.GeoDataFrame(geometry=polygons.representative_point(), crs=4326)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # degrees do to find the nearest outline
        joined = cast("Any", points).sjoin_nearest(states, max_distance=_NEAR_DEGREES)
    return joined.loc[~joined.index.duplicated(), "gwno"].reindex(polygons.index).astype("Int64").to_numpy()
