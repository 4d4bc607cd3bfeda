"""Which countries and years were searched for facts of each kind: `features/reference/facts_coverage.csv`.

The rules of the table stand beside it in `features/reference/facts_coverage.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ..contracts.canonical import validate
from ..contracts.columns import EVERYWHERE
from ..contracts.political import FACT_KINDS
from .curated import REFERENCE, as_text, day_or_none, one_of
from .delimited import read_delimited, refuse, refuse_duplicates, whole_numbers
from .state_codes import iso3_by_gwno

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["COVERAGE_FILE", "read_facts_coverage"]

#: The table that the package carries.
COVERAGE_FILE: Final = REFERENCE / "facts_coverage.csv"


def read_facts_coverage(path: Path = COVERAGE_FILE) -> pd.DataFrame:
    """Read which countries and years were searched as the canonical table ``facts_coverage``.

    Raises
    ------
    SourceError, SchemaError
        At the first fault: a cut or damaged file, an impossible value, a search that ends before it begins, a country
        twice for one kind; with file, line and column.
    """
    raw = read_delimited(path, ("iso3", "gwno", "kind", "first_year", "searched_until", "note"))
    one_of(raw["kind"], FACT_KINDS, path)
    gwno = whole_numbers(raw["gwno"], path, low=EVERYWHERE, high=999)
    expected = gwno.map({EVERYWHERE: "", **iso3_by_gwno()})
    refuse(raw["iso3"] != expected, raw["iso3"], path, "which is not the country of gwno in that row")
    first = whole_numbers(raw["first_year"], path, low=1946, high=2099)
    refuse(raw["searched_until"] == "", raw["searched_until"], path, "where a date (YYYY-MM-DD) belongs")
    until = day_or_none(raw["searched_until"], path)
    refuse(until.dt.year < first, raw["searched_until"], path, "which is before first_year")
    table = pd.DataFrame(
        {
            "gwno": gwno,
            "iso3": as_text(raw["iso3"]),
            "kind": raw["kind"],
            "first_year": first,
            "searched_until": until,
            "note": as_text(raw["note"]),
        }
    )
    refuse_duplicates(table, ["gwno", "kind"], path)
    return validate(table.reset_index(drop=True), "facts_coverage", file=path)
