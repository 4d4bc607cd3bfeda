"""A made source: strikes by country and month, of an institute that does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from faultline.features.contracts.canonical import validate
from faultline.features.contracts.columns import contract, count, gwno, known_on, month
from faultline.features.sources.delimited import first_of_month, read_delimited, refuse_duplicates, whole_numbers
from faultline.features.sources.publications import Publication
from faultline.features.sources.source import Rows, Source

if TYPE_CHECKING:
    from pathlib import Path

TOY_STRIKES = Publication(
    "Strikes of the world", "7", "CC BY 4.0", "Nobody (2026), Strikes", ("toy/strikes.csv",), short="Strikes"
)
CONTRACT = contract(
    "toy_strikes",
    {"gwno": gwno(), "month": month(), "strikes": count("strikes begun"), "known_on": known_on()},
    ["gwno", "month"],
    "Strikes by country and month.",
)


def read_strikes(path: Path) -> Rows:
    """Read strikes as the canonical table ``toy_strikes``; a month is known at its end."""
    raw = read_delimited(path, ("gwno", "year", "month", "strikes"))
    last = pd.Timestamp("2026-05-31")
    begun = first_of_month(raw["year"], raw["month"], path, last=last)
    table = pd.DataFrame(
        {
            "gwno": whole_numbers(raw["gwno"], path, low=2, high=999),
            "month": begun,
            "strikes": whole_numbers(raw["strikes"], path, low=0, high=10_000),
            "known_on": (begun + pd.offsets.MonthEnd(0)).astype("datetime64[s]"),
        }
    )
    refuse_duplicates(table, ["gwno", "month"], path)
    return Rows(validate(table, CONTRACT, file=path), last)


STRIKES = Source(CONTRACT, (TOY_STRIKES,), "As listed.", read_strikes)
