"""From the canonical tables to the panel of regions: what was counted in each, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..contracts.columns import VIOLENCE_TYPES
from ..facts.distances import base_distances
from ..facts.peacekeepers import carried_forward, pictures
from ..months import month_range
from .countries import known_by, neighbour_matrix, political_values
from .panel import ActorArrays, Panel, lay_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..arrays import BoolArray
    from ..facts.peacekeepers import Picture
    from ..tables.snapshot import Snapshot

__all__ = ["covered", "later_regions", "region_panel", "region_units"]


def region_panel(snapshot: Snapshot, *, as_of: pd.Period | None = None) -> Panel:
    """Lay the regions out as months x regions.

    Each is observed in the first span of months that its country's counts cover, which is of one release: what was
    counted after a gap (`later_regions`) is of another, and no label or feature here mixes the two. What is known of
    the country alone (coups, groups, deaths that could not be placed) stands in every one of its regions:
    ``unallocated_deaths`` is the country's. Deaths are of all types together; events are by type.

    Parameters
    ----------
    snapshot
        Canonical tables.
    as_of
        Last month of the panel: nothing that became known after its end is in it. By default the last month covered.
    """
    coverage = _spans(snapshot).groupby("gwno").first()
    last = pd.Period(coverage["last_month"].max(), "M")
    if as_of is not None:
        last = min(last, as_of)
    return _panel(snapshot, coverage, last)


def later_regions(snapshot: Snapshot, *, as_of: pd.Period | None = None) -> Panel | None:
    """Lay out what was counted in the regions after a gap, from the first such month on; None if nothing was.

    It tells how a country's violence is shared out among its regions now. Parameters as of `region_panel`.
    """
    spans = _spans(snapshot)
    later = spans[spans.groupby("gwno").cumcount() > 0]
    if as_of is not None:
        later = later[later["first_month"] <= as_of.start_time]
    if later.empty:
        return None
    coverage = later.groupby("gwno").last()
    last = pd.Period(coverage["last_month"].max(), "M")
    return _panel(snapshot, coverage, last if as_of is None else min(last, as_of))


def _spans(snapshot: Snapshot) -> pd.DataFrame:
    return snapshot.region_coverage.sort_values(["gwno", "first_month"])


def _panel(snapshot: Snapshot, coverage: pd.DataFrame, last: pd.Period) -> Panel:
    months = month_range(min(pd.Period(coverage["first_month"].min(), "M"), last), last)
    events, bases = (known_by(table, last) for table in (snapshot.region_month, snapshot.un_bases))
    regions = snapshot.regions
    units = pd.Index(regions["region_id"], name="unit")
    gwno = pd.Series(regions["gwno"].to_numpy(), index=units)
    placed = events[events["region_id"].notna()]
    values = {
        name: lay_out(placed, name, unit=placed["region_id"], units=units, months=months)
        for name in (*(f"{kind}_events" for kind in VIOLENCE_TYPES), "deaths")
    }
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
    return Panel(
        level="region",
        units=region_units(snapshot, regions),
        months=months,
        values=values,
        observed=covered(coverage, gwno, months),
        neighbours=neighbour_matrix(snapshot.region_neighbours, units),
        actors=ActorArrays.empty(len(months)),
        provisional=np.asarray(months.isin(_provisional_months(snapshot.country_month))),
    )


def covered(coverage: pd.DataFrame, gwno: pd.Series, months: pd.PeriodIndex) -> BoolArray:
    """Months in which each region is counted, shape (T, U).

    Parameters
    ----------
    coverage
        ``first_month`` and ``last_month`` by the country's number.
    gwno
        Country of each region; of a country that is not covered, nothing is.
    """
    spans = coverage.reindex(gwno.to_numpy())
    known = spans["first_month"].notna().to_numpy()
    first, last = (
        pd.PeriodIndex(spans[column].fillna(pd.Timestamp("1900-01-01")), freq="M").asi8
        for column in ("first_month", "last_month")
    )
    return known & (months.asi8[:, None] >= first) & (months.asi8[:, None] <= last)


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


def region_units(snapshot: Snapshot, regions: pd.DataFrame) -> pd.DataFrame:
    """Units of a panel of some regions: what `~faultline.features.panels.panel.Panel.units` says of each."""
    names = snapshot.countries.set_index("gwno")["name"]
    counted = snapshot.region_month[["region_id", "gwno"]].drop_duplicates()
    abroad = counted["gwno"] != counted["region_id"].map(regions.set_index("region_id")["gwno"]).fillna(counted["gwno"])
    told = ["name", "gwno", "iso3", "lat", "lon", "iso_3166_2", "boundary_version"]
    told += ["population"] if "population" in regions.columns else []
    return pd.DataFrame(
        {
            **{c: regions[c].to_numpy() for c in told},
            "country_name": names.loc[regions["gwno"]].to_numpy(),
            "holds_others": regions["region_id"].isin(counted.loc[abroad, "region_id"]).to_numpy(),
        },
        index=pd.Index(regions["region_id"], name="unit"),
    )


def _provisional_months(country_month: pd.DataFrame) -> pd.PeriodIndex:
    """Months that rest on candidate events: those of regions do where the regions' data reach that far."""
    return pd.PeriodIndex(country_month.loc[country_month["provisional"], "month"].unique(), freq="M")
