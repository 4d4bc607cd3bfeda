"""Regimes of the World, by country and year.

Source: Lührmann, Tannenberg and Lindberg (2018), Regimes of the World, Politics and Governance 6(1),
doi:10.17645/pag.v6i1.1214; from the V-Dem dataset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pandera.pandas as pa

from ..contracts.canonical import validate
from ..contracts.columns import Check, contract, gwno, known_on
from ..contracts.political import REGIMES_OF_THE_WORLD
from . import publications
from .delimited import read_delimited, refuse_duplicates, whole_numbers
from .source import Rows, Source

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["REGIMES", "read_regimes"]

_FIRST_YEAR = 1945
_REGIMES = contract(
    "regimes",
    {
        "gwno": gwno(),
        "year": pa.Column("int32", Check.in_range(1945, 2100), description="calendar year"),
        "regime": pa.Column(
            "int32",
            Check.in_range(0, 3),
            description=", ".join(f"{value} {words}" for value, words in enumerate(REGIMES_OF_THE_WORLD)),
        ),
        "known_on": known_on(),
    },
    ["gwno", "year"],
    "Regimes of the World by country and year.",
)


def read_regimes(path: Path) -> Rows:
    """Read Regimes of the World as the canonical table ``regimes``.

    A year is known from the end of the next March, when V-Dem has come out.

    Parameters
    ----------
    path
        Comma-separated, with ``gwno, year, regime``; ``regime`` from 0, closed autocracy, to 3, liberal democracy.

    Raises
    ------
    SourceError, SchemaError
        If the file is missing, cut off or with other columns; at the first impossible value or country-year that
        stands there twice; with the line. No row is dropped.
    """
    raw = read_delimited(path, ("gwno", "year", "regime"))
    year = whole_numbers(raw["year"], path, low=_FIRST_YEAR, high=2100)
    table = pd.DataFrame(
        {
            "gwno": whole_numbers(raw["gwno"], path, low=2, high=999),
            "year": year,
            "regime": whole_numbers(raw["regime"], path, low=0, high=3),
            "known_on": pd.to_datetime((year + 1).astype("str") + "-03-31", format="%Y-%m-%d").astype("datetime64[s]"),
        }
    )
    refuse_duplicates(table, ["gwno", "year"], path)
    last = pd.Timestamp(year=int(year.max()), month=12, day=31)
    return Rows(validate(table.sort_values(["gwno", "year"], ignore_index=True), _REGIMES, file=path), last)


REGIMES = Source(
    _REGIMES, (publications.REGIMES,), "As listed; a year is known from the end of the next March.", read_regimes
)
