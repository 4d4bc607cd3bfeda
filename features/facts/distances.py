"""Distance from each unit to the nearest base of each class of forces, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .deployments import FORCE_CLASSES, deployment_stages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..arrays import Level
    from .peacekeepers import Picture

__all__ = ["FARTHEST_KM", "base_distances", "great_circle"]

#: Distances are cut off here, beyond the reach of most forces, and stand here where there is no base: farther bases
#: would tell continents apart and not forces.
FARTHEST_KM = 1000.0
_EARTH_RADIUS_KM = 6371.0

_Points = tuple["NDArray[np.float64]", "NDArray[np.float64]"]


def great_circle(one: _Points, other: _Points) -> NDArray[np.float64]:
    """Distance in km from each of N points to each of M, by the haversine formula, shape (N, M).

    scikit-learn's ``haversine_distances`` gives the same but for the last digit in one of eight pairs, and refuses
    points that are not known, which are told as NaN here; a test holds both together.

    Parameters
    ----------
    one, other
        Latitudes and longitudes in degrees, of shape (N,) and (M,).

    Examples
    --------
    >>> bamako, gao = (np.array([12.65]), np.array([-8.0])), (np.array([16.27]), np.array([-0.05]))
    >>> great_circle(bamako, gao).round()
    array([[946.]])
    """
    (lat, lon), (to_lat, to_lon) = np.radians(one), np.radians(other)
    half = np.sin((lat[:, None] - to_lat) / 2) ** 2
    half += np.cos(lat)[:, None] * np.cos(to_lat) * np.sin((lon[:, None] - to_lon) / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def base_distances(
    deployments: pd.DataFrame,
    bases: pd.DataFrame,
    drawn: list[Picture],
    *,
    level: Level,
    units: pd.DataFrame,
    countries: pd.DataFrame,
    months: pd.PeriodIndex,
) -> Mapping[str, NDArray[np.float32]]:
    """Distance in km to the nearest base known at the end of each month, ``<class>_distance``, of shape (T, U).

    A country with a base is at distance 0, as is a region with one. From other countries it is the distance of their
    points; from other regions that to the centre of the base's region, or to the UN base itself. A base whose
    region is unknown, or outside the panel, stands at its country's point.

    Parameters
    ----------
    deployments, bases
        The canonical tables ``deployments`` and ``un_bases``.
    drawn
        What `~faultline.features.facts.peacekeepers.pictures` says of the UN's bases.
    level
        Of the units.
    units
        ``gwno``, ``lat`` and ``lon`` of each unit.
    countries
        The canonical table ``countries``.
    months
        T months.
    """
    map_of = _Map(level, units, countries, bases)
    nearest = {name: np.full((len(months), len(units)), FARTHEST_KM, np.float32) for name in ("un", *FORCE_CLASSES)}
    for _, actor_class, gwno, stages in deployment_stages(deployments, months):
        if actor_class not in FORCE_CLASSES:
            continue
        for stage in stages:
            if stage.present:
                here = nearest[actor_class][max(stage.start, 0) : max(stage.stop, 0)]
                np.minimum(here, map_of.to_bases(gwno, stage.bases), out=here)
    for picture in drawn:
        here = nearest["un"][picture.start : picture.stop]
        np.minimum(here, map_of.to_un_bases(picture.rows), out=here)
    return {f"{name}_distance": array for name, array in nearest.items()}


class _Map:
    """Where units, countries and the UN's bases lie."""

    def __init__(self, level: Level, units: pd.DataFrame, countries: pd.DataFrame, un_bases: pd.DataFrame) -> None:
        self.level = level
        self.ids = pd.Index(units.index)
        self.gwno = units["gwno"].to_numpy(np.int64)
        self.points: _Points = (units["lat"].to_numpy(np.float64), units["lon"].to_numpy(np.float64))
        self.countries = countries.set_index("gwno")[["lat", "lon"]]
        # columns once: there are thousands of pictures
        self.base_gwno = un_bases["gwno"].to_numpy(np.int64)
        self.base_points: _Points = (un_bases["lat"].to_numpy(np.float64), un_bases["lon"].to_numpy(np.float64))
        self.base_unit = self.ids.get_indexer(pd.Index(un_bases["region_id"]))
        self._known: dict[tuple[int, frozenset[str]], NDArray[np.float32]] = {}

    def to_bases(self, gwno: int, regions: frozenset[str]) -> NDArray[np.float32]:
        """Distance to the nearest of some regions of a country, or to the country; shape (U,)."""
        if self.level == "country":
            regions = frozenset()
        if (gwno, regions) not in self._known:
            inside = self.ids.get_indexer(pd.Index(sorted(regions), dtype="str"))
            lat, lon = (axis[inside[inside >= 0]] for axis in self.points)
            self._known[gwno, regions] = self._to(lat, lon, gwno, inside[inside >= 0])
        return self._known[gwno, regions]

    def to_un_bases(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Distance to the nearest of some rows of the UN's bases, all in one country; shape (U,)."""
        gwno = int(self.base_gwno[rows[0]])
        if self.level == "country":
            return self.to_bases(gwno, frozenset())
        lat, lon = (axis[rows] for axis in self.base_points)
        placed = ~(np.isnan(lat) | np.isnan(lon))
        inside = self.base_unit[rows]
        return self._to(lat[placed], lon[placed], gwno, inside[inside >= 0])

    def _to(
        self, lat: NDArray[np.float64], lon: NDArray[np.float64], gwno: int, inside: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        if not len(lat) and gwno in self.countries.index:
            lat, lon = (self.countries.loc[[gwno], axis].to_numpy(np.float64) for axis in ("lat", "lon"))
        distance = np.full(len(self.ids), FARTHEST_KM)
        if len(lat):
            distance = np.fmin(distance, np.fmin.reduce(great_circle(self.points, (lat, lon)), axis=1))
        distance[inside] = 0
        if self.level == "country":
            distance[self.gwno == gwno] = 0
        return distance.astype(np.float32)
