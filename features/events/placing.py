"""Events placed in regions: by point in polygon, in bulk, within the state that the publisher names.

An event is placed where its place is known to the first-order region or better (``where_prec`` at most 4). A point that
lies in a region of its state counts there; one just outside (a border town, a point at sea) counts in the nearest
region of its state within 25 km. All others stay with their country, unallocated, and are counted.

A region that crosses borders holds the events inside it whoever's soil they fell on: these stay their state's, and are
in the region too. Just outside it is outside.

Regions are of today. Events of a state that is no more, or that gave up the land since, count in today's region: those
of Sudan before July 2011 in what is now South Sudan, for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import pandas as pd
import shapely

from ..sources.admin1_names import PLACED_PRECISION
from ..sources.state_codes import PREDECESSOR, STATE_MONTHS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

__all__ = ["NEAR_KM", "PlacedEvents", "place_events", "placed_events", "precisely_placed", "regions_at"]

#: A point outside every region of its state counts in one this near.
NEAR_KM: Final = 25.0

_KM_PER_DEGREE: Final = 111.2
#: Former states all of whose land is now another state's.
_SUCCESSOR: Final = {265: 260, 680: 678}
_SOVIET_UNION: Final = 365
#: State that held the land of a state before it came to be.
_BEFORE: Final = PREDECESSOR | dict.fromkeys((359, *range(366, 374), *range(701, 706)), _SOVIET_UNION)
_SERBIA_ALONE: Final = "2006-06"  # the one state here that `STATE_MONTHS` does not date


@dataclass(frozen=True, slots=True)
class PlacedEvents:
    """Events with their regions, and what could not be placed.

    Attributes
    ----------
    events
        The events of the states that have regions, with ``region_id`` (empty where unallocated) and ``gwno`` of today:
        the region's, or where that crosses borders the event's own.
    unallocated
        ``gwno, events, deaths, events_unallocated, deaths_unallocated, share_of_deaths``, one row a state, and
        ``events_outside, deaths_outside`` of these, whose place is known but in no region.
    losses
        Events and deaths by reason.
    """

    events: pd.DataFrame
    unallocated: pd.DataFrame
    losses: dict[str, float]


def regions_at(lat: NDArray[np.float64], lon: NDArray[np.float64], outlines: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Position of the outline that covers each point, -1 where none does; the first where several do.

    Parameters
    ----------
    lat, lon
        Degrees, shape (N,).
    outlines
        R regions.

    Returns
    -------
    Whole numbers of shape (N,), -1 to R - 1.
    """
    points = cast("Any", shapely.points(lon, lat))
    # The tree holds the points and the outlines are asked: a few thousand prepared outlines instead of 400,000 points.
    tree = shapely.STRtree(points)
    region, point = tree.query(np.asarray(outlines.geometry.array), predicate="covers")
    found = np.full(len(points), len(outlines), np.int64)
    np.minimum.at(found, point, region)
    return np.where(found == len(outlines), -1, found)


def precisely_placed(events: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether an event's place is known to the first-order region or better."""
    return (events["where_prec"].le(PLACED_PRECISION) & events["lat"].notna() & events["lon"].notna()).to_numpy()


def place_events(events: pd.DataFrame, outlines: gpd.GeoDataFrame) -> PlacedEvents:
    """Give each event its region.

    Parameters
    ----------
    events
        Canonical table ``events``. Those of states without any outline are left out, and counted.
    outlines
        As in `~faultline.features.sources.region_outlines.RegionOutlines`.
    """
    of_region = outlines["gwno"].to_numpy(np.int64)
    across = (outlines["also_in"] != "").to_numpy()
    states = np.union1d(
        of_region, [int(state) for states in outlines["also_in"] for state in states.split(";") if state]
    )
    today = _today(events["gwno"].to_numpy(np.int64), states)
    inside_the_map = np.isin(today, states) | _has_successor(events["gwno"], states)
    inside_the_map[~inside_the_map] = _inside(events[~inside_the_map], outlines[across])
    losses = {
        "events_of_countries_without_regions": float((~inside_the_map).sum()),
        "deaths_in_countries_without_regions": float(events.loc[~inside_the_map, "deaths"].sum()),
    }
    events, today = events[inside_the_map], today[inside_the_map]
    precise = precisely_placed(events)
    lat, lon = events["lat"].to_numpy(np.float64), events["lon"].to_numpy(np.float64)
    region = np.full(len(events), -1, np.int64)
    # Many events share a place, so each point and state is looked up once.
    gwno_then = events["gwno"].to_numpy(np.int64)
    month = events["start"].to_numpy("datetime64[M]").astype(np.int64)
    # Only for states that gave up land since does it matter when an event was.
    month = np.where(np.isin(gwno_then, list(_BEFORE.values())), month, 0)
    keys = np.column_stack([lat, lon, gwno_then, month])[precise]
    distinct, which = np.unique(keys, axis=0, return_inverse=True)
    point_region, near = _lookup(distinct, outlines, of_region, across)
    region[precise] = point_region[which.reshape(-1)]
    snapped = np.zeros(len(events), bool)
    snapped[precise] = near[which.reshape(-1)]
    names = np.array([*outlines["region_id"], None], object)  # the last stands for none
    own = (region >= 0) & ~np.append(across, False)[region]
    gwno = np.where(own, np.append(of_region, 0)[region], today).astype(np.int32)
    table = events.assign(region_id=pd.Series(names[region], events.index, dtype="str"), gwno=gwno)
    return placed_events(table, {"placed_in_the_nearest_region": snapped}, losses)


def placed_events(
    events: pd.DataFrame, remarks: Mapping[str, NDArray[np.bool_]], losses: Mapping[str, float]
) -> PlacedEvents:
    """Count what could not be placed of events that were given their regions.

    Parameters
    ----------
    events
        As in `PlacedEvents`.
    remarks
        Events to count beside, by what there is to say of them.
    losses
        What was left out before.
    """
    nowhere, precise = events["region_id"].isna().to_numpy(), precisely_placed(events)
    outside = nowhere & precise
    reasons = {"known_to_the_country_only": nowhere & ~precise, "outside_every_region": outside, **remarks}
    counted = dict(losses)
    for reason, rows in reasons.items():
        counted[f"events_{reason}"] = float(rows.sum())
        counted[f"deaths_{reason}"] = float(events.loc[rows, "deaths"].sum())
    unallocated = _unallocated(events, outside)
    total = float(unallocated["deaths"].sum())
    share = float(unallocated["deaths_unallocated"].sum()) / total if total else 0.0
    return PlacedEvents(events, unallocated, counted | {"share_of_deaths_unallocated": round(share, 6)})


def _today(gwno: NDArray[np.int64], states: NDArray[np.int64]) -> NDArray[np.int64]:
    """State of today that a state's country-level events count to, where it has no regions itself."""
    today = gwno.copy()
    for former, successor in _SUCCESSOR.items():
        if former not in states:
            today[gwno == former] = successor
    return today


def _has_successor(gwno: pd.Series, states: NDArray[np.int64]) -> NDArray[np.bool_]:
    """States that are no more, parts of whose land are on the map: Yugoslavia, the former Sudan."""
    former = [before for state, before in _BEFORE.items() if state in states]
    return gwno.isin(former).to_numpy()


def _inside(events: pd.DataFrame, outlines: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    lat, lon = events["lat"].to_numpy(np.float64), events["lon"].to_numpy(np.float64)
    return precisely_placed(events) & (regions_at(lat, lon, outlines) >= 0)


def _lookup(
    places: NDArray[np.float64], outlines: gpd.GeoDataFrame, of_region: NDArray[np.int64], across: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Region of each distinct (lat, lon, state, month), and whether it is only the nearest."""
    lat, lon = places[:, 0], places[:, 1]
    state, month = places[:, 2].astype(np.int64), places[:, 3].astype(np.int64)
    found = regions_at(lat, lon, outlines)
    own = (found >= 0) & (across[found] | _may_hold(of_region[found], state, month))
    region = np.where(own, found, -1)
    near = np.zeros(len(places), bool)
    outside = np.flatnonzero(~own)
    if len(outside):
        within = np.flatnonzero(~across)
        nearest = _nearest(places[outside], outlines.iloc[within], of_region[within])
        region[outside] = np.append(within, -1)[nearest]
        near[outside] = region[outside] >= 0
    return region, near


def _may_hold(of_region: NDArray[np.int64], of_event: NDArray[np.int64], month: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a region's state of today is the event's, or holds land that was then that state's."""
    today = pd.Series(of_region)
    before = today.map(_BEFORE).to_numpy(np.float64)
    since = {state: np.datetime64(STATE_MONTHS.get(state, _SERBIA_ALONE), "M").astype(int) for state in _BEFORE}
    held = (before == of_event) & (month < today.map(since).to_numpy(np.float64))
    successor = pd.Series(of_event).map(_SUCCESSOR).to_numpy(np.float64)
    return (of_region == of_event) | held | (successor == of_region)


def _nearest(
    places: NDArray[np.float64], outlines: gpd.GeoDataFrame, of_region: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Nearest region of the same state within 25 km, -1 where there is none.

    Degrees of longitude shrink towards the poles, so that points and outlines of one band of latitude are measured on
    an equirectangular plane: right to a few percent over 25 km.
    """
    result = np.full(len(places), -1, np.int64)
    geometry = np.asarray(outlines.geometry.array)
    lat, lon = places[:, 0], places[:, 1]
    keys = np.column_stack([places[:, 2:], np.round(lat / 5) * 5])
    groups, group = np.unique(keys, axis=0, return_inverse=True)
    for number, (state, month, parallel) in enumerate(groups):
        here = np.flatnonzero(group.reshape(-1) == number)
        everywhere = np.full(len(of_region), int(state)), np.full(len(of_region), int(month))
        own = np.flatnonzero(_may_hold(of_region, *everywhere))
        scale = np.array([max(np.cos(np.radians(parallel)), 0.05), 1.0])
        reach = NEAR_KM / _KM_PER_DEGREE
        across = 2 * reach / scale[0]
        west, south, east, north = lon[here].min(), lat[here].min(), lon[here].max(), lat[here].max()
        box = shapely.box(west - across, south - 2 * reach, east + across, north + 2 * reach)
        own = own[shapely.intersects(geometry[own], box)]
        if not len(own):
            continue
        tree = shapely.STRtree(shapely.transform(geometry[own], lambda xy, scale=scale: xy * scale))
        points = shapely.points(lon[here] * scale[0], lat[here])
        point, region = tree.query_nearest(points, max_distance=reach, all_matches=False)
        result[here[point]] = own[region]
    return result


def _unallocated(events: pd.DataFrame, outside: NDArray[np.bool_]) -> pd.DataFrame:
    counted = events[["gwno", "deaths"]].assign(events=1)
    for name, rows in (("unallocated", events["region_id"].isna()), ("outside", outside)):
        counted[f"events_{name}"], counted[f"deaths_{name}"] = rows, counted["deaths"].where(rows, 0)
    table = counted.groupby("gwno", as_index=False).sum()
    share = table["deaths_unallocated"] / table["deaths"].where(table["deaths"] > 0)
    return table.assign(share_of_deaths=share.fillna(0.0))
