"""UCDP's events counted by first-order region and month, and candidate events counted likewise from their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..errors import SchemaError, SourceError
from .admin1_names import PLACED_PRECISION, named_regions
from .delimited import dates, decimals, read_delimited, refuse, whole_numbers

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["COUNTED", "MEASURES", "Span", "count_candidates", "read_counts"]


@dataclass(frozen=True, slots=True)
class Span:
    """Months that one release counts: its name, and the first and last of them."""

    source: str
    first_month: pd.Timestamp
    last_month: pd.Timestamp


#: What the counts by region cover.
COUNTED: Final = Span("UCDP GED 25.1", pd.Timestamp("2010-01-01"), pd.Timestamp("2024-12-01"))

_COUNTS: Final = {"n_sb": "sb_events", "n_ns": "ns_events", "n_os": "os_events", "deaths": "deaths"}
#: What is counted: events of each type, and deaths.
MEASURES: Final = tuple(_COUNTS.values())
_KINDS: Final = {1: "sb_events", 2: "ns_events", 3: "os_events"}
_MAX_DEATHS: Final = 2_000_000


def read_counts(path: Path, countries: pd.DataFrame) -> pd.DataFrame:
    """Read UCDP's events counted by first-order region, as UCDP names it, and month.

    Returns
    -------
    DataFrame
        ``gwno, adm_1, month, sb_events, ns_events, os_events, deaths``, one row a region and month with events.

    Raises
    ------
    SourceError
        If the file is missing or no Parquet.
    SchemaError
        If a column is missing, a country unknown, or a month outside the span that it covers.
    """
    try:
        raw = pd.read_parquet(path)
    except FileNotFoundError:
        msg = "cannot read the file: there is no such file."
        raise SourceError(msg, file=path, remedy="Name the folder that holds it, or fetch it again.") from None
    except (OSError, ValueError) as error:
        msg = f"cannot read the file as Parquet ({type(error).__name__})."
        raise SourceError(msg, file=path, remedy="Fetch it again.") from None
    for column in ("country", "unit", "month", *_COUNTS):
        if column not in raw.columns:
            msg = "the column is missing."
            raise SchemaError(msg, file=path, column=column, remedy="Fetch the file again.")
    gwno = raw["country"].map(countries.drop_duplicates("name").set_index("name")["gwno"])
    outside = ~raw["month"].between(COUNTED.first_month, COUNTED.last_month)
    fewer = (raw[list(_COUNTS)] < 0).any(axis=1)
    for bad, column, problem in (
        (gwno.isna(), "country", "is no state that UCDP names"),
        (outside, "month", "is outside the months that the file covers"),
        (fewer, "deaths", "goes with a count below zero"),
    ):
        if bad.any():
            at = int(bad.to_numpy().argmax())
            msg = f"{raw[column].iloc[at]} {problem}."
            raise SchemaError(msg, file=path, row=at + 1, column=column, remedy="Fetch the file again.")
    return raw.rename(columns=_COUNTS).assign(
        gwno=gwno.astype("int32"),
        adm_1=raw["unit"].str.split(" | ", n=1, regex=False).str[1],
        month=raw["month"].astype("datetime64[s]"),
    )[["gwno", "adm_1", "month", *MEASURES]]


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
            **{name: (kind == number).astype("int32") for number, name in _KINDS.items()},
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
