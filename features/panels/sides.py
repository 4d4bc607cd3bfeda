"""From the canonical tables to the panel of regions of which it is known who fought there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..months import month_range
from .actors import actor_arrays
from .countries import FIRST_MONTH, known_by, neighbour_matrix
from .panel import Panel, lay_out, lay_out_events
from .regions import covered, region_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..tables.snapshot import Snapshot

__all__ = ["sides_panel"]


def sides_panel(snapshot: Snapshot, *, as_of: pd.Period | None = None) -> Panel:
    """Lay out who fought in the regions, as months x regions.

    The regions are those of the countries whose event rows are at hand, observed in the months that the rows cover. Of
    another release than the counts of `~faultline.features.panels.regions.region_panel`, it tells of sides
    alone: contested regions, who holds them, and the territorial fragmentation index.

    Parameters
    ----------
    snapshot
        Canonical tables.
    as_of
        Last month of the panel: nothing that became known after its end is in it. By default the last month covered.
    """
    coverage = snapshot.sides_coverage.set_index("gwno")
    last = pd.Period(coverage["last_month"].max(), "M")
    if as_of is not None:
        last = min(last, as_of)
    months = month_range(FIRST_MONTH, last)
    events = known_by(snapshot.region_sides, last)
    placed = events[events["region_id"].notna()]
    regions = _placeable(snapshot.regions[snapshot.regions["gwno"].isin(coverage.index)], snapshot.region_sides)
    units = pd.Index(regions["region_id"], name="unit")
    gwno = pd.Series(regions["gwno"].to_numpy(), index=units)
    values = lay_out_events(placed, unit="region_id", units=units, months=months)
    organised = placed[placed["organised"]]
    for measure in ("events", "deaths"):
        values[f"organised_{measure}"] = lay_out(
            organised, measure, unit=organised["region_id"], units=units, months=months
        )
    acting = _actors_by_region(placed, _states(snapshot))
    return Panel(
        level="region",
        units=region_units(snapshot, regions),
        months=months,
        values=values,
        observed=covered(coverage, gwno, months),
        neighbours=neighbour_matrix(snapshot.region_neighbours, units),
        actors=actor_arrays(
            acting,
            unit=acting["region_id"],
            units=units,
            months=months,
            countries=gwno,
            links=known_by(snapshot.actor_lineage, last),
        ),
        provisional=np.zeros(len(months), bool),
    )


def _placeable(regions: pd.DataFrame, sides: pd.DataFrame) -> pd.DataFrame:
    """Regions in which an event could stand: those without an outline only where others of their country have some."""
    drawn = regions["outline"].notna()
    open_states = regions.loc[~drawn & regions["region_id"].isin(sides["region_id"].unique()), "gwno"]
    return regions[drawn | regions["gwno"].isin(open_states)]


def _states(snapshot: Snapshot) -> NDArray[np.int64]:
    """Ids of governments: side A of state-based fighting, but for those that are listed as non-state actors.

    Read from all rows, whatever the month asked for: what is a government is no news.
    """
    sides = snapshot.region_sides
    fighting = sides.loc[sides["violence_type"] == "sb", "side_a_id"].to_numpy(np.int64)
    return np.setdiff1d(fighting, snapshot.actors["actor_id"].to_numpy(np.int64))


def _actors_by_region(placed: pd.DataFrame, states: NDArray[np.int64]) -> pd.DataFrame:
    """Organised non-state actors of each row: side B against the state, both sides among themselves, side A alone."""
    organised = placed[placed["organised"]]
    sides = []
    for violence_type, column in (("sb", "side_b_id"), ("ns", "side_a_id"), ("ns", "side_b_id"), ("os", "side_a_id")):
        rows = organised[(organised["violence_type"] == violence_type) & ~organised[column].isin(states)]
        sides.append(rows.assign(actor_id=rows[column]))
    return pd.concat(sides, ignore_index=True)[["region_id", "actor_id", "month", "events", "deaths"]]
