"""UN troops and bases in each unit and month, carried forward from the last map and never interpolated.

What is known since the map counts as well: a mission that is known to have left a country or a region is gone from
there whatever its last map shows, and one that is known to be there still outlives a map that has grown old. A map says
where people are; how many they are a reported figure says better, since places repeat the numbers of larger units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from ..months import month_positions
from .deployments import FIGURE_LASTS_MONTHS, deployment_stages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["GLOBAL_PICTURE_FROM", "MAP_LASTS_MONTHS", "Picture", "carried_forward", "pictures"]

#: A mission's map holds until its next one, but no longer than this: maps come four or five times a year.
MAP_LASTS_MONTHS = 18
#: From this month on a picture is a year of all missions at once: a mission that is missing from it has left.
GLOBAL_PICTURE_FROM = pd.Period("2021-01", "M")


@dataclass(frozen=True, slots=True)
class Picture:
    """Bases of a mission in one country, and the months for which they stand.

    Attributes
    ----------
    start, stop
        Positions of the months, the last one not included.
    rows
        Positions of the bases in the table.
    share
        By what its numbers of people are multiplied in each month, shape (stop - start,): 1 where no figure is known.
    """

    start: int
    stop: int
    rows: NDArray[np.int64]
    share: NDArray[np.float64]


def pictures(bases: pd.DataFrame, deployments: pd.DataFrame, months: pd.PeriodIndex) -> Iterator[Picture]:
    """Say for which months each base on each map stands.

    Parameters
    ----------
    bases
        The canonical table ``un_bases``: all rows of a mission in one month are a full picture of it.
    deployments
        The canonical table, of which the UN's facts count.
    months
        The panel's months.
    """
    if bases.empty:
        return
    left, there = _presence(deployments, months)
    reported = _reported(deployments, months)
    people = bases["troops"].to_numpy(np.float64)
    position = month_positions(bases["month"], months)
    global_from = GLOBAL_PICTURE_FROM.ordinal - months[0].ordinal
    global_pictures = np.unique(position[position >= global_from])
    groups = bases.assign(position=position, row=np.arange(len(bases)))
    for mission, own in groups.groupby("mission", sort=False):
        drawn = np.unique(own["position"])
        stops = np.union1d(drawn, global_pictures[global_pictures > drawn.min()])
        row = own["row"].to_numpy(np.int64)
        places = own.groupby(["position", "gwno"]).indices.items()
        for place, at in sorted(places, key=lambda found: int(found[1][0])):  # in the table's order
            start, gwno = cast("tuple[int, int]", place)
            if not 0 <= start < len(months):
                continue
            after = stops[stops > start]
            key = str(mission), int(gwno)
            old = start + MAP_LASTS_MONTHS
            if there.get(key, old + 1) <= old:
                old = len(months)
            stop = min(int(after[0]) if len(after) else len(months), old)
            where = row[at]
            gone = min(left.get((*key, ""), stop), stop)
            regions = {region for mission, gwno, region in left if (mission, gwno) == key and region}
            parts = [
                (here, min(left.get((*key, region), gone), gone))
                for region, here in (_by_region(own.iloc[at], where, regions) if regions else [("", where)])
            ]
            share = _share(parts, people, int(start), reported.get(key))
            for here, until in parts:
                if start < until:
                    yield Picture(int(start), until, here, share[: until - start])


def _reported(deployments: pd.DataFrame, months: pd.PeriodIndex) -> dict[tuple[str, int], NDArray[np.float64]]:
    """Figure of each month that is not old, and highest one, NaN where there is none: (2, T) a mission and host."""
    found: dict[tuple[str, int], NDArray[np.float64]] = {}
    for name, _, gwno, stages in deployment_stages(deployments[deployments["actor_class"] == "un"], months):
        both = found.setdefault((name.split(" (")[0], gwno), np.full((2, len(months)), np.nan))
        for stage in stages:
            if stage.figure is not None:
                fresh_until = min(stage.stop, stage.figure + FIGURE_LASTS_MONTHS + 1)
                both[0, max(stage.start, 0) : max(fresh_until, 0)] = stage.troops
                both[1, max(stage.start, 0) : max(stage.stop, 0)] = stage.most
    return found


def _share(
    parts: list[tuple[NDArray[np.int64], int]],
    people: NDArray[np.float64],
    start: int,
    reported: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    """Say by what the people of a map are multiplied in each month from ``start`` on.

    They add up to a figure that is not old, and to no more than the highest known one where it is.
    """
    months = max((until - start for _, until in parts), default=0)
    share = np.ones(max(months, 0))
    if reported is None or not len(share):
        return share
    standing = np.zeros(len(share))
    for here, until in parts:
        standing[: max(until - start, 0)] += people[here].sum()
    figure, most = reported[:, start : start + len(share)]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(np.isnan(figure), np.fmin(share, most / standing), figure / standing)
    return np.where(standing > 0, share, 1.0)


def _by_region(
    rows: pd.DataFrame, where: NDArray[np.int64], regions: set[str]
) -> Iterator[tuple[str, NDArray[np.int64]]]:
    region = rows["region_id"].where(rows["region_id"].isin(regions), "").to_numpy().astype(str)
    for name in np.unique(region):
        yield str(name), where[region == name]


def _presence(
    deployments: pd.DataFrame, months: pd.PeriodIndex
) -> tuple[dict[tuple[str, int, str], int], dict[tuple[str, int], int]]:
    """Months from which missions are known to have left a country (region ``""``) or a region, and to be there."""
    left: dict[tuple[str, int, str], int] = {}
    there: dict[tuple[str, int], int] = {}
    un = deployments[deployments["actor_class"] == "un"]
    for name, _, gwno, stages in deployment_stages(un, months):
        mission = name.split(" (")[0]  # UNOCI (ONUCI)
        for stage in stages:
            if stage.present:
                there.setdefault((mission, gwno), stage.start)
            elif (mission, gwno) in there:
                left.setdefault((mission, gwno, ""), max(stage.start, 0))
    departures = un[(un["fact"] == "departure") & un["regions"].notna()]
    since = pd.concat([departures["date"] + pd.Timedelta(days=1), departures["known_on"]], axis=1).max(axis=1)
    keys = zip(
        departures["mission"], departures["gwno"], departures["regions"], month_positions(since, months), strict=True
    )
    for name, gwno, regions, position in keys:
        for region in regions.split(";"):
            key = name.split(" (")[0], int(gwno), region
            left[key] = min(left.get(key, len(months)), max(int(position), 0))
    return left, there


def carried_forward(
    bases: pd.DataFrame, drawn: list[Picture], *, unit: pd.Series, units: pd.Index, months: pd.PeriodIndex
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Troops and number of bases, each of shape (T, U).

    Parameters
    ----------
    bases
        The canonical table ``un_bases``.
    drawn
        What `pictures` says of it.
    unit
        Unit id of each row.
    """
    troops = np.zeros((len(months), len(units)), np.float32)
    count = np.zeros_like(troops)
    column = units.get_indexer(pd.Index(unit))
    people = bases["troops"].to_numpy(np.float32)
    for picture in drawn:
        rows = picture.rows[column[picture.rows] >= 0]
        if len(rows):
            here = slice(picture.start, picture.stop)
            on_map = np.bincount(column[rows], weights=people[rows], minlength=len(units))
            troops[here] += picture.share[:, None] * on_map
            count[here] += np.bincount(column[rows], minlength=len(units))
    # so that a figure is the same in whatever order its shares were added up
    return np.round(troops), count
