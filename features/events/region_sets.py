"""Which regions events are counted in: a user's polygons, or the regions that UCDP names, which the package carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..sources.admin1_names import PLACED_PRECISION, named_regions
from ..sources.boundaries import touching
from .placing import place_events, placed_events

if TYPE_CHECKING:
    import geopandas as gpd

    from .placing import PlacedEvents

__all__ = ["Names", "Polygons"]


@dataclass(frozen=True, slots=True)
class Polygons:
    """Regions by point in polygon.

    Attributes
    ----------
    outlines
        As in `~faultline.features.sources.region_outlines.RegionOutlines`.
    """

    outlines: gpd.GeoDataFrame

    def placed(self, events: pd.DataFrame) -> PlacedEvents:
        """Give each event its region."""
        return place_events(events, self.outlines)

    def table(self, placed: pd.DataFrame) -> pd.DataFrame:
        """Table ``regions``: each at the mean of the events placed there, or at a point inside."""
        centre = placed.dropna(subset="region_id").groupby("region_id")[["lat", "lon"]].mean()
        inside = self.outlines.representative_point()
        ids = self.outlines["region_id"]
        table = pd.DataFrame(self.outlines.drop(columns="geometry")).assign(
            lat=ids.map(centre["lat"]).astype("float64").fillna(inside.y).round(4),
            lon=ids.map(centre["lon"]).astype("float64").fillna(inside.x).round(4),
            p_code=None,
            outline=None,
        )
        text = ("region_id", "name", "iso3", "iso_3166_2", "p_code", "outline", "boundary_version")
        table = table.astype({**dict.fromkeys(text, "str"), "gwno": "int32"})
        return table[["region_id", "name", "gwno", *text[2:6], "lat", "lon", "boundary_version"]]

    def neighbours(self) -> pd.DataFrame:
        """Table ``region_neighbours``: outlines that touch."""
        return pd.DataFrame(sorted(touching(self.outlines)), columns=["region_id", "neighbour"], dtype="str")


@dataclass(frozen=True, slots=True)
class Names:
    """Regions by the name that UCDP gives them.

    Attributes
    ----------
    regions, region_neighbours, countries
        Canonical tables.
    units
        Which region each name is (`~faultline.features.sources.admin1_units.read_admin1_units`).
    """

    regions: pd.DataFrame
    region_neighbours: pd.DataFrame
    countries: pd.DataFrame
    units: pd.DataFrame

    def placed(self, events: pd.DataFrame) -> PlacedEvents:
        """Give each event its region; those of states without any are left out, and counted."""
        states = self.countries.set_index("gwno")["iso3"]
        region, by_place = named_regions(
            events[["gwno", "adm_1", "lat", "lon"]].assign(
                iso3=events["gwno"].map(states), precise=events["where_prec"] <= PLACED_PRECISION
            ),
            units=self.units,
            regions=self.regions,
        )
        own = region.map(self.regions.set_index("region_id")["gwno"])
        kept = (region.notna() | events["gwno"].isin(self.regions["gwno"])).to_numpy()
        losses = {
            "events_of_countries_without_regions": float((~kept).sum()),
            "deaths_in_countries_without_regions": float(events.loc[~kept, "deaths"].sum()),
        }
        placed = events.assign(region_id=region, gwno=own.fillna(events["gwno"]).astype(np.int32))
        return placed_events(placed[kept], {"placed_by_the_nearest_centre": by_place[kept]}, losses)

    def table(self, placed: pd.DataFrame) -> pd.DataFrame:
        """Table ``regions``, as the package carries it, whatever was placed."""
        del placed
        return self.regions

    def neighbours(self) -> pd.DataFrame:
        """Table ``region_neighbours``, as the package carries it."""
        return self.region_neighbours
