"""Regimes of the World, by country and year.

Source: Lührmann, Tannenberg and Lindberg (2018), Regimes of the World, Politics and Governance 6(1),
doi:10.17645/pag.v6i1.1214; from the V-Dem dataset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..tables.schemas import validate
from . import publications
from .delimited import read_delimited, refuse_duplicates, whole_numbers
from .source import Rows, Source

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["REGIMES", "read_regimes"]

_FIRST_YEAR = 1945


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
    return Rows(validate(table.sort_values(["gwno", "year"], ignore_index=True), "regimes", file=path), last)


REGIMES = Source(
    "regimes", (publications.REGIMES,), "As listed; a year is known from the end of the next March.", read_regimes
)
