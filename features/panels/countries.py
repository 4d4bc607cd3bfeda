"""From the canonical tables to the panel of the world's countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from ..facts.coverage import coded_arrays
from ..facts.deployments import force_values
from ..facts.distances import base_distances
from ..facts.peacekeepers import carried_forward, pictures
from ..facts.sponsors import sponsor_values
from ..facts.transitions import regime_values, transition_values
from ..months import month_range
from .actors import actor_arrays
from .panel import Panel, lay_out, lay_out_events

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..tables.snapshot import Snapshot

__all__ = ["FIRST_MONTH", "country_panel", "known_by", "neighbour_matrix", "political_values"]

#: UCDP's georeferenced events begin here.
FIRST_MONTH = pd.Period("1989-01", "M")


def known_by(table: pd.DataFrame, month: pd.Period) -> pd.DataFrame:
    """Rows that were known by the end of a month."""
    return table[table["known_on"] <= month.end_time]


def neighbour_matrix(pairs: pd.DataFrame, units: pd.Index) -> sparse.csr_array:
    """Contiguity of units, shape (U, U), from the first two columns of a table of pairs."""
    rows, columns = (units.get_indexer(pd.Index(pairs.iloc[:, i].astype(str))) for i in (0, 1))
    both = (rows >= 0) & (columns >= 0)
    shape = (len(units), len(units))
    return sparse.csr_array((np.ones(int(both.sum()), np.float32), (rows[both], columns[both])), shape=shape)


def _membership(countries: pd.DataFrame, months: pd.PeriodIndex) -> NDArray[np.bool_]:
    ordinals = months.asi8[:, None]
    first = pd.PeriodIndex(countries["first_month"], freq="M").asi8
    last_month = countries["last_month"].fillna(pd.Timestamp("2261-12-01"))
    return (ordinals >= first) & (ordinals <= pd.PeriodIndex(last_month, freq="M").asi8)


def country_panel(snapshot: Snapshot, *, as_of: pd.Period | None = None) -> Panel:
    """Lay the world's states out as months x countries.

    Parameters
    ----------
    snapshot
        Canonical tables.
    as_of
        Last month of the panel: nothing that became known after its end is in it. By default the last month of the
        event data.

    Returns
    -------
    Panel with T months from 1989-01 and U states, each observed while it is a member of the state system.
    """
    events = snapshot.country_month
    last = pd.Period(events["month"].max(), "M")
    if as_of is not None:
        last = min(last, as_of)
    months = month_range(FIRST_MONTH, last)
    events, actor_rows, bases = (known_by(table, last) for table in (events, snapshot.actor_month, snapshot.un_bases))

    countries = snapshot.countries
    observed = _membership(countries, months)
    ever = np.asarray(observed.any(axis=0))
    countries, observed = countries.loc[ever].reset_index(drop=True), observed[:, ever]
    units = pd.Index(countries["gwno"].astype(str), name="unit")

    values = lay_out_events(events, unit="gwno", units=units, months=months)
    values |= political_values(snapshot, countries=pd.Index(countries["gwno"]), months=months)
    values |= _bases_values(bases, snapshot.deployments, countries=countries.set_index(units), months=months)
    totals = events[events["war_total"]]
    provisional_months = pd.PeriodIndex(events.loc[events["provisional"], "month"].unique(), freq="M")
    return Panel(
        level="country",
        units=countries[["name", "gwno", "iso3", "name", "lat", "lon"]]
        .set_axis(["name", "gwno", "iso3", "country_name", "lat", "lon"], axis=1)
        .set_index(units),
        months=months,
        values=values,
        observed=observed,
        neighbours=neighbour_matrix(snapshot.country_neighbours, units),
        actors=actor_arrays(
            actor_rows,
            unit=actor_rows["gwno"].astype(str),
            units=units,
            months=months,
            countries=countries["gwno"],
            links=known_by(snapshot.actor_lineage, last),
        ),
        provisional=np.asarray(months.isin(provisional_months)),
        war_total=lay_out(totals, "events", unit=totals["gwno"].astype(str), units=units, months=months) > 0,
    )


def _bases_values(
    bases: pd.DataFrame, deployments: pd.DataFrame, *, countries: pd.DataFrame, months: pd.PeriodIndex
) -> dict[str, NDArray[np.float32]]:
    """UN troops and bases by country and month, and how far the nearest base of each kind is, (T, U)."""
    drawn = list(pictures(bases, deployments, months))
    troops, held = carried_forward(bases, drawn, unit=bases["gwno"].astype(str), units=countries.index, months=months)
    near = base_distances(
        deployments, bases, drawn, level="country", units=countries, countries=countries, months=months
    )
    return {"un_troops": troops, "un_bases": held, "un_forces": (held > 0).astype(np.float32), **near}


def political_values(
    snapshot: Snapshot, *, countries: pd.Index, months: pd.PeriodIndex
) -> dict[str, NDArray[np.float32]]:
    """Foreign forces, coups, transitions and regimes by country as known at each month's end, and where coded, (T, C).

    Parameters
    ----------
    countries
        Gleditsch-Ward numbers, C of them.
    """
    coups = known_by(snapshot.coups, months[-1])
    # A coup counts from the month in which it could be known.
    dated = pd.DataFrame(
        {
            "month": coups[["date", "known_on"]].max(axis=1),
            "coup_attempts": 1.0,
            "coups_successful": coups["successful"].astype("float64"),
        }
    )
    return {
        **{
            name: lay_out(dated, name, unit=coups["gwno"], units=countries, months=months)
            for name in ("coup_attempts", "coups_successful")
        },
        **force_values(snapshot.deployments, countries=countries, months=months),
        **sponsor_values(snapshot.deployments, countries=countries, months=months),
        **transition_values(snapshot.transitions, snapshot.elections, coups, countries=countries, months=months),
        "regime": regime_values(snapshot.regimes, countries=countries, months=months),
        **coded_arrays(snapshot.facts_coverage, countries=countries, months=months),
    }
