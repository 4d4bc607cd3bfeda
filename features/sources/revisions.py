"""Deaths of months as UCDP first counted them, and as it did later: `features/reference/revisions.csv`.

The rules of the table stand beside it in `features/reference/revisions.md`; ``python benchmarks/revision.py --count``
makes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from .curated import REFERENCE
from .delimited import read_delimited, refuse, refuse_duplicates, whole_numbers
from .state_codes import iso3_by_gwno

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["REVISIONS_COLUMNS", "REVISIONS_FILE", "read_revisions"]

#: The table that the package carries.
REVISIONS_FILE: Final = REFERENCE / "revisions.csv"
#: Its columns, in order.
REVISIONS_COLUMNS: Final = ("iso3", "gwno", "month", "first_release", "first", "later_release", "later")
_MAX_DEATHS: Final = 2_000_000


def read_revisions(path: Path = REVISIONS_FILE) -> pd.DataFrame:
    """Read what became of candidate counts, a row a country and month.

    Returns
    -------
    DataFrame
        ``iso3, gwno, month, first_release, first, later_release, later, final``; ``month`` a period, ``first`` and
        ``later`` deaths, ``final`` whether the later count is that of a yearly release.

    Raises
    ------
    SourceError, SchemaError
        At the first fault: a cut or damaged file, an impossible value, a month without deaths in either release, a
        country's month twice; with file, line and column.
    """
    raw = read_delimited(path, REVISIONS_COLUMNS)
    numbers = whole_numbers(raw["gwno"], path, low=2, high=999)
    expected = numbers.map(iso3_by_gwno())
    refuse(raw["iso3"] != expected, raw["iso3"], path, "which is not the country of gwno in that row")
    month = r"(19|20)\d\d-(0[1-9]|1[0-2])"
    refuse(~raw["month"].str.fullmatch(month), raw["month"], path, "where a month (YYYY-MM) belongs")
    for column, form in (("first_release", r"\d\d\.0\.\d{1,2}"), ("later_release", r"\d\d\.(1|0\.\d{1,2})")):
        refuse(~raw[column].str.fullmatch(form), raw[column], path, "where a release such as 25.0.7 belongs")
    table = raw.assign(
        gwno=numbers,
        month=pd.PeriodIndex(raw["month"], freq="M"),
        **{name: whole_numbers(raw[name], path, low=0, high=_MAX_DEATHS) for name in ("first", "later")},
        final=raw["later_release"].str.fullmatch(r"\d\d\.1"),
    )
    refuse((table["first"] == 0) & (table["later"] == 0), raw["later"], path, "where deaths belong: neither has any")
    refuse_duplicates(table, ["gwno", "month"], path)
    return table.reset_index(drop=True)
