"""Regions of events by the text that UCDP gives as their first-order region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from sklearn.neighbors import BallTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["PLACED_PRECISION", "named_regions", "nearest_centre", "or_none"]

#: GED where_prec: 1 to 4 is the first-order region or better, 5 to 7 a country or less.
PLACED_PRECISION: Final = 4


def named_regions(
    events: pd.DataFrame, *, units: pd.DataFrame, regions: pd.DataFrame
) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Region of each event.

    That is the region of its name; under a name that is not listed, the one of its country whose centre is nearest. An
    event that is known to the country only, or under the name of a region that others have replaced, has none.

    Parameters
    ----------
    events
        ``gwno, iso3, adm_1, precise, lat, lon``: as UCDP places them, ``precise`` where that is in a first-order region
        or better.
    units
        As read by `~faultline.features.sources.admin1_units.read_admin1_units`.
    regions
        The canonical table ``regions``; units of other regions do not count.

    Returns
    -------
    region, by_place
        Codes by the index of ``events``, and which of them are of the nearest centre.
    """
    counted = units[units["region_id"].isin(regions["region_id"]) | (units["region_id"] == "")]
    known = counted.set_index(["ucdp_iso3", "ucdp_adm_1"])["region_id"]
    named = known.reindex(pd.MultiIndex.from_arrays([events["iso3"], events["adm_1"]])).to_numpy()
    region = pd.Series(or_none(named), events.index, dtype="str").where(events["precise"])
    unlisted = events["precise"] & pd.isna(named) & events["lat"].notna() & events["lon"].notna()
    by_place = (unlisted & events["gwno"].isin(regions["gwno"])).to_numpy()
    region[by_place] = nearest_centre(events[by_place], regions)
    return region, by_place


def or_none(codes: NDArray[Any]) -> NDArray[np.object_]:
    """Codes, with None where there is no code or an empty one."""
    found = codes.astype(object)
    found[pd.isna(codes) | (codes == "")] = None
    return found


def nearest_centre(points: pd.DataFrame, regions: pd.DataFrame) -> pd.Series:
    """Region of the same country whose centre is nearest to each point."""
    found = pd.Series(index=points.index, dtype="str")
    for gwno, here in points.groupby("gwno"):
        own = regions[regions["gwno"] == gwno]
        tree = BallTree(np.radians(own[["lat", "lon"]].to_numpy()), metric="haversine")
        nearest = tree.query(np.radians(here[["lat", "lon"]].to_numpy()), return_distance=False)[:, 0]
        found.loc[here.index] = own["region_id"].to_numpy()[nearest]
    return found
