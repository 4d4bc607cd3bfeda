"""UCDP's candidate events of a few months, counted by first-order region and month from their rows.

Source: UCDP Candidate Events Dataset (CC BY 4.0); Hegre, Croicu, Eck and Högbladh (2020),
doi:10.1177/2053168020935257.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from .admin1_names import PLACED_PRECISION, named_regions
from .delimited import dates, decimals, read_delimited, refuse, whole_numbers

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["KINDS", "Span", "count_candidates"]

#: Names of the counts of events, by UCDP's number of the type of violence.
KINDS: Final = {1: "sb_events", 2: "ns_events", 3: "os_events"}
_MAX_DEATHS: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Span:
    """Months that one release counts: its name, and the first and last of them."""

    source: str
    first_month: pd.Timestamp
    last_month: pd.Timestamp


def count_candidates(
    path: Path, span: Span, *, units: pd.DataFrame, regions: pd.DataFrame, countries: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Count a file of candidate events by region and month of their first day, in the countries that have regions.

    Which region that is, `~faultline.features.sources.admin1_names.named_regions` says.

    Returns
    -------
    counts, losses
        Rows of ``region_month`` without ``known_on``; events and deaths in no region, and placed by the nearest centre.

    Raises
    ------
    SourceError, SchemaError
        If the file is missing or broken, with file, line and column.
    """
    columns = ("country", "adm_1", "where_prec", "latitude", "longitude", "date_start", "type_of_violence", "best")
    raw = read_delimited(path, columns)
    state = raw["country"].map(countries.drop_duplicates("name").set_index("name")["gwno"])
    refuse(state.isna(), raw["country"], path, "which is no state that UCDP names")
    start = dates(raw["date_start"], path, last=span.last_month + pd.offsets.MonthEnd(0))
    kept = state.isin(regions["gwno"]) & (start >= span.first_month)
    raw = raw[kept]
    precise = whole_numbers(raw["where_prec"], path, low=1, high=7) <= PLACED_PRECISION
    kind = whole_numbers(raw["type_of_violence"], path, low=1, high=3)
    located = precise & (raw["latitude"] != "") & (raw["longitude"] != "")
    region, by_place = named_regions(
        pd.DataFrame(
            {
                "gwno": state[kept].astype("int32"),
                "iso3": state[kept].map(countries.set_index("gwno")["iso3"]),
                "adm_1": raw["adm_1"],
                "precise": precise,
                "lat": decimals(raw.loc[located, "latitude"], path, low=-90, high=90).reindex(raw.index),
                "lon": decimals(raw.loc[located, "longitude"], path, low=-180, high=180).reindex(raw.index),
            }
        ),
        units=units,
        regions=regions,
    )
    months = start[kept].dt.to_period("M").dt.start_time.astype("datetime64[s]")
    deaths = whole_numbers(raw["best"], path, low=0, high=_MAX_DEATHS)
    own = regions.set_index("region_id")["gwno"]
    rows = pd.DataFrame(
        {
            "region_id": region,
            "gwno": region.map(own).fillna(state[kept]).astype("int32"),
            "month": months,
            **{name: (kind == number).astype("int32") for number, name in KINDS.items()},
            "deaths": deaths,
        }
    )
    nowhere = region.isna()
    losses = {
        "events_in_no_region": float(nowhere.sum()),
        "deaths_in_no_region": float(deaths[nowhere].sum()),
        "events_placed_by_the_nearest_centre": float(by_place.sum()),
    }
    return rows, losses
