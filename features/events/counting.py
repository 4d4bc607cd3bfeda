"""Events counted into the tables of a snapshot: by country, by actor and by region, from one set of events.

An event counts once in each month that it touches; its deaths are shared out over its days, whole deaths by the method
of the largest remainder (`~faultline.features.sources.month_shares.allocate_over_months`).

``known_on`` of a month is its last day, nominally, as in the bundled tables: an origin is the last complete month of
data, so that a month's rows count as known at its end. What was really out on a day, candidate files included, is told
by ``known_on`` of each event, and kept to by `~faultline.features.events.vintages.known_events` and its ``as_of``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ..contracts.canonical import VIOLENCE_TYPES, validate
from ..contracts.war_totals import mark_war_totals
from ..sources.joint_sides import JointSides, joint_sides
from ..sources.month_shares import allocate_over_months
from ..sources.ucdp import month_end

if TYPE_CHECKING:
    from .region_sets import Names, Polygons
    from .vintages import KnownEvents

__all__ = ["EventTables", "actor_month", "country_month", "event_tables", "region_month", "region_sides"]

_SIDES_KEYS: Final = ["region_id", "gwno", "month", "violence_type", "side_a_id", "side_b_id"]


@dataclass(frozen=True, slots=True)
class EventTables:
    """What is counted from one set of events.

    Attributes
    ----------
    country_month, actor_month, actors, regions, region_neighbours, region_coverage, region_month, sides_coverage,
    region_sides
        Canonical tables. ``actors`` holds those of ``actor_month`` only.
    unallocated
        Deaths known to the country only, by state; see `~faultline.features.events.placing.PlacedEvents`.
    losses
        Events and deaths that could not be placed, by reason, and other counts.
    """

    country_month: pd.DataFrame
    actor_month: pd.DataFrame
    actors: pd.DataFrame
    regions: pd.DataFrame
    region_neighbours: pd.DataFrame
    region_coverage: pd.DataFrame
    region_month: pd.DataFrame
    sides_coverage: pd.DataFrame
    region_sides: pd.DataFrame
    unallocated: pd.DataFrame
    losses: dict[str, float]


def event_tables(known: KnownEvents, *, regions: Polygons | Names, covered: pd.DataFrame | None = None) -> EventTables:
    """Count events by country, actor and region.

    Parameters
    ----------
    known
        Events. A country that is covered and has no rows is one without events.
    regions
        Which there are, and how an event gets its own.
    covered
        ``gwno, first_month, last_month`` of each country that the events cover, at least all that have regions; by
        default all of the world, from the first day to the last.

    Raises
    ------
    SchemaError
        If a table would break its contract.
    """
    events = known.events
    placed = regions.placed(events)
    table = regions.table(placed.events)
    monthly = _monthly(events, known.data_through)
    several = int((events["start"].dt.to_period("M") != events["end"].dt.to_period("M")).sum())
    in_regions = _monthly(placed.events, known.data_through)
    source = known.vintages[0].name
    if len(known.vintages) > 1:
        source += f" and candidate events to {known.data_through:%Y-%m}"
    joint = _joint_sides(events)
    by_actor = actor_month(monthly, joint)
    coverage = _coverage(table, known, source, covered)
    return EventTables(
        country_month(monthly),
        by_actor,
        _actors(events, set(by_actor["actor_id"]), joint),
        validate(table, "regions"),
        validate(regions.neighbours(), "region_neighbours"),
        validate(coverage, "region_coverage"),
        region_month(in_regions),
        validate(coverage, "sides_coverage"),
        region_sides(in_regions),
        placed.unallocated,
        {**placed.losses, "events_of_several_months": float(several)},
    )


def country_month(monthly: pd.DataFrame) -> pd.DataFrame:
    """Events and deaths by country, month and type, as the canonical table.

    Parameters
    ----------
    monthly
        Events with ``month`` in place of their days, each once in every month that it touches.
    """
    keys = ["gwno", "month", "violence_type"]
    table = monthly.groupby(keys, as_index=False, sort=True).agg(
        events=("event_id", "size"), deaths=("deaths", "sum"), provisional=("provisional", "any")
    )
    table = table.astype({"events": "int32", "deaths": "int32"})
    table = table.assign(war_total=mark_war_totals(table), known_on=month_end(table["month"]))
    return validate(table, "country_month")


def actor_month(monthly: pd.DataFrame, joint: JointSides) -> pd.DataFrame:
    """Organised non-state actors by country and month, as the canonical table.

    Event rows name actors and countries, so that no country is inferred (``shared`` is false throughout), and one-sided
    violence is there. An event counts for each non-state side, split equally over the members of a joint one.
    """
    organised = monthly[monthly["organised"]]
    sides = [
        organised.loc[
            ~organised[f"side_{side}_state"] & ~((organised["violence_type"] == "os") & (side == "b")),
            [f"side_{side}_id", "gwno", "month", "violence_type", "deaths"],
        ].rename(columns={f"side_{side}_id": "side_id"})
        for side in ("a", "b")
    ]
    rows = pd.concat(sides, ignore_index=True)
    members = {side: joint.of((side,)) for side in rows["side_id"].unique()}
    size = rows["side_id"].map({side: len(those) for side, those in members.items()})
    each = rows.assign(actor_id=rows["side_id"].map(members), events=1 / size, deaths=rows["deaths"] / size)
    each = each.explode("actor_id", ignore_index=True).astype({"actor_id": "int32"})
    keys = ["actor_id", "gwno", "month", "violence_type"]
    table = each.groupby(keys, as_index=False, sort=True).agg(events=("events", "sum"), deaths=("deaths", "sum"))
    table = table.round({"events": 6, "deaths": 6})
    return validate(table.assign(shared=False, known_on=month_end(table["month"])), "actor_month")


def region_month(monthly: pd.DataFrame) -> pd.DataFrame:
    """Events by type and deaths by region and month, as the canonical table; ``monthly`` as of `region_sides`."""
    keys = ["region_id", "gwno", "month"]
    rows = monthly.assign(
        region_id=monthly["region_id"].astype("str"),
        **{f"{kind}_events": (monthly["violence_type"] == kind).astype("int32") for kind in VIOLENCE_TYPES},
    )
    measures = [*(f"{kind}_events" for kind in VIOLENCE_TYPES), "deaths"]
    table = rows.groupby(keys, as_index=False, sort=True, dropna=False)[measures].sum()
    table = table.astype({"gwno": "int32", **dict.fromkeys(measures, "int32")})
    table = table.assign(known_on=month_end(table["month"])).sort_values(keys, ignore_index=True)
    return validate(table, "region_month")


def region_sides(monthly: pd.DataFrame) -> pd.DataFrame:
    """Events and deaths by region, month, type and pair of actors, as the canonical table.

    Parameters
    ----------
    monthly
        As in `country_month`, with ``region_id``, empty where unallocated.
    """
    counted = monthly.groupby(_SIDES_KEYS, as_index=False, sort=True, dropna=False).agg(
        organised=("organised", "any"), events=("event_id", "size"), deaths=("deaths", "sum")
    )
    counted = counted.astype({"region_id": "str", "events": "int32", "deaths": "int32"})
    counted = counted.assign(known_on=month_end(counted["month"]))
    return validate(counted.sort_values(_SIDES_KEYS, ignore_index=True), "region_sides")


def _monthly(events: pd.DataFrame, data_through: pd.Timestamp) -> pd.DataFrame:
    kept = ["event_id", "gwno", "violence_type", "side_a_id", "side_b_id", "side_a_state", "side_b_state", "organised"]
    regions = ["region_id"] if "region_id" in events.columns else []
    rows = events[[*kept, *regions, "start", "end", "deaths", "provisional"]]
    monthly = allocate_over_months(rows)
    return monthly[monthly["month"] <= data_through]


def _joint_sides(events: pd.DataFrame) -> JointSides:
    """Joint sides among all non-state sides of the events."""
    sides = [
        events.loc[~events[f"side_{side}_state"], [f"side_{side}_id", f"side_{side}", "gwno"]].set_axis(
            ["actor_id", "name", "gwno"], axis=1
        )
        for side in ("a", "b")
    ]
    return joint_sides(pd.concat(sides).drop_duplicates())


def _actors(events: pd.DataFrame, acting: set[int], joint: JointSides) -> pd.DataFrame:
    """Each actor's name as its latest event gives it."""
    sides = pd.concat(
        [
            events[[f"side_{side}_id", f"side_{side}", "end"]].set_axis(["actor_id", "name", "end"], axis=1)
            for side in ("a", "b")
        ]
    )
    latest = sides[sides["actor_id"].isin(acting)].sort_values(["end", "name"], kind="stable")
    table = latest.drop_duplicates("actor_id", keep="last").sort_values("actor_id", ignore_index=True)
    names = dict(zip(table["actor_id"].astype(int), table["name"], strict=True)) | joint.names
    table = table.assign(name=table["actor_id"].map(names))
    return validate(table[["actor_id", "name"]].astype({"actor_id": "int32", "name": "str"}), "actors")


def _coverage(regions: pd.DataFrame, known: KnownEvents, source: str, covered: pd.DataFrame | None) -> pd.DataFrame:
    states = np.unique(regions["gwno"].to_numpy(np.int32))
    if covered is not None:
        return covered[covered["gwno"].isin(states)].assign(source=source).astype({"source": "str"})
    table = pd.DataFrame(
        {
            "gwno": states,
            "first_month": known.first_day,
            "last_month": known.data_through.to_period("M").start_time,
            "source": source,
        }
    )
    return table.astype(
        {"gwno": "int32", "first_month": "datetime64[s]", "last_month": "datetime64[s]", "source": "str"}
    )
