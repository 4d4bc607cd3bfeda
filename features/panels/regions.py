"""From the canonical tables to the panel of regions whose event rows are at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..facts.distances import base_distances
from ..facts.peacekeepers import carried_forward, pictures
from ..months import month_range
from .actors import actor_arrays
from .countries import FIRST_MONTH, known_by, neighbour_matrix, political_values
from .panel import Panel, lay_out, lay_out_events

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..facts.peacekeepers import Picture
    from ..tables.snapshot import Snapshot

__all__ = ["region_panel"]


def region_panel(snapshot: Snapshot, *, as_of: pd.Period | None = None) -> Panel:
    """Lay the regions out as months x regions.

    Each is observed in the months for which its country's event rows are complete. What is known of the country alone
    (coups, deaths that could not be placed) stands in every one of its regions: ``unallocated_deaths`` is the
    country's.

    Parameters
    ----------
    snapshot
        Canonical tables.
    as_of
        Last month of the panel: nothing that became known after its end is in it. By default the last month covered.
    """
    coverage = snapshot.region_coverage
    last = pd.Period(coverage["last_month"].max(), "M")
    if as_of is not None:
        last = min(last, as_of)
    months = month_range(FIRST_MONTH, last)
    events, bases = (known_by(table, last) for table in (snapshot.region_month, snapshot.un_bases))
    regions = snapshot.regions
    units = pd.Index(regions["region_id"], name="unit")
    gwno = pd.Series(regions["gwno"].to_numpy(), index=units)
    covered = coverage.set_index("gwno").loc[gwno.to_numpy()]
    first_month, last_month = (
        pd.PeriodIndex(covered[column], freq="M").asi8 for column in ("first_month", "last_month")
    )
    observed = (months.asi8[:, None] >= first_month) & (months.asi8[:, None] <= last_month)

    placed = events[events["region_id"].notna()]
    values = lay_out_events(placed, unit="region_id", units=units, months=months)
    organised = placed[placed["organised"]]
    for measure in ("events", "deaths"):
        values[f"organised_{measure}"] = lay_out(
            organised, measure, unit=organised["region_id"], units=units, months=months
        )
    drawn = list(pictures(bases, snapshot.deployments, months))
    values |= _of_the_country(snapshot, events, bases, drawn, gwno=gwno, months=months)
    values["un_troops"], values["un_bases"] = carried_forward(
        bases, drawn, unit=bases["region_id"], units=units, months=months
    )
    values |= base_distances(
        snapshot.deployments,
        bases,
        drawn,
        level="region",
        units=regions.set_index(units),
        countries=snapshot.countries,
        months=months,
    )
    acting = _actors_by_region(placed)
    return Panel(
        level="region",
        units=_units(snapshot, gwno),
        months=months,
        values=values,
        observed=observed,
        neighbours=neighbour_matrix(snapshot.region_neighbours, units),
        actors=actor_arrays(
            acting,
            unit=acting["region_id"],
            units=units,
            months=months,
            countries=gwno,
            links=known_by(snapshot.actor_lineage, last),
        ),
        provisional=np.asarray(months.isin(_provisional_months(snapshot.country_month))),
    )


def _of_the_country(
    snapshot: Snapshot,
    events: pd.DataFrame,
    bases: pd.DataFrame,
    drawn: list[Picture],
    *,
    gwno: pd.Series,
    months: pd.PeriodIndex,
) -> dict[str, NDArray[np.float32]]:
    """What is known of the country alone, in every one of its regions, shapes (T, U)."""
    countries = pd.Index(np.unique(gwno.to_numpy()))
    around = countries.get_indexer(pd.Index(gwno.to_numpy()))
    nowhere = events[events["region_id"].isna()]
    known = {
        **political_values(snapshot, countries=countries, months=months),
        "un_forces": (carried_forward(bases, drawn, unit=bases["gwno"], units=countries, months=months)[1] > 0).astype(
            np.float32
        ),
        "unallocated_deaths": lay_out(nowhere, "deaths", unit=nowhere["gwno"], units=countries, months=months),
    }
    return {name: array[:, around] for name, array in known.items()}


def _units(snapshot: Snapshot, gwno: pd.Series) -> pd.DataFrame:
    regions, names = snapshot.regions, snapshot.countries.set_index("gwno")["name"]
    return pd.DataFrame(
        {
            **{c: regions[c].to_numpy() for c in ("name", "gwno", "iso3", "lat", "lon", "iso_3166_2")},
            "country_name": names.loc[gwno.to_numpy()].to_numpy(),
            "boundary_version": regions["boundary_version"].to_numpy(),
        },
        index=gwno.index,
    )


def _provisional_months(country_month: pd.DataFrame) -> pd.PeriodIndex:
    """Months that rest on candidate events: those of regions do where the regions' data reach that far."""
    return pd.PeriodIndex(country_month.loc[country_month["provisional"], "month"].unique(), freq="M")


def _actors_by_region(placed: pd.DataFrame) -> pd.DataFrame:
    """Organised non-state actors of each row: side B against the state, both sides among themselves, side A alone."""
    organised = placed[placed["organised"]]
    states = np.unique(organised.loc[organised["violence_type"] == "sb", "side_a_id"])
    sides = []
    for violence_type, column in (("sb", "side_b_id"), ("ns", "side_a_id"), ("ns", "side_b_id"), ("os", "side_a_id")):
        rows = organised[(organised["violence_type"] == violence_type) & ~organised[column].isin(states)]
        sides.append(rows.assign(actor_id=rows[column]))
    return pd.concat(sides, ignore_index=True)[["region_id", "actor_id", "month", "events", "deaths"]]
