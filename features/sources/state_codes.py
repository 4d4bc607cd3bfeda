"""Codes of states: Gleditsch-Ward numbers (`gwno`), ISO 3166-1 alpha-3, and the month a state came or went.

ISO codes come from the data file of the ``country_converter`` package, read by pandas. Where that file and UCDP
differ, and for states that are no more, a small table here decides.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ISO3_EXCEPTIONS",
    "PREDECESSOR",
    "STATE_MONTHS",
    "cow_to_gwno",
    "gwno_by_iso3",
    "iso3_by_gwno",
    "iso3_by_number",
    "state_at",
]

#: gwno to ISO alpha-3 where ``country_converter`` has none or another. Former states carry the codes that ISO 3166-3
#: withdrew. Abkhazia and South Ossetia have no ISO code: theirs are from the range that ISO leaves to users.
ISO3_EXCEPTIONS: Final[dict[int, str]] = {
    265: "DDR",  # German Democratic Republic
    315: "CSK",  # Czechoslovakia; country_converter gives 315 to Czechia
    316: "CZE",
    345: "YUG",  # Yugoslavia, and Serbia and Montenegro to 2006; Serbia since then is 340
    396: "XAB",
    397: "XSO",
    678: "YEM",  # UCDP carries unified Yemen on as 678; country_converter gives YEM to 680
    680: "YMD",  # South Yemen
    816: "VNM",
}

#: Month in which a state entered or left the system, where that was after January 1989: UCDP's registry gives the year
#: only. Dates by Gleditsch and Ward (1999 and updates); a month counts only while its year is the registry's.
STATE_MONTHS: Final[dict[int, str]] = {
    265: "1990-10",
    315: "1992-12",
    316: "1993-01",
    317: "1993-01",
    341: "2006-06",
    343: "1991-11",
    344: "1992-04",
    346: "1992-04",
    347: "2008-02",
    349: "1992-04",
    359: "1991-08",
    366: "1991-09",
    367: "1991-09",
    368: "1991-09",
    369: "1991-12",
    370: "1991-08",
    371: "1991-12",
    372: "1991-12",
    373: "1991-12",
    396: "2008-08",
    397: "2008-08",
    531: "1993-05",
    565: "1990-03",
    626: "2011-07",
    680: "1990-05",
    701: "1991-10",
    702: "1991-09",
    703: "1991-08",
    704: "1991-08",
    705: "1991-12",
    860: "2002-05",
    986: "1994-10",
}

#: State that held the territory before: figures for a place go to it for the months before its own state existed.
PREDECESSOR: Final[dict[int, int]] = {316: 315, 317: 315, 340: 345, 341: 345, 347: 345, 531: 530, 626: 625, 860: 850}

#: Correlates of War numbers that mean another state in the list of Gleditsch and Ward.
_COW_TO_GWNO: Final[dict[int, int]] = {255: 260, 679: 678, 946: 970, 947: 973, 955: 972, 970: 971}
_SERBIA_SINCE = pd.Timestamp("2007-01-01")
_YUGOSLAVIA, _SERBIA = 345, 340


def iso3_by_gwno() -> dict[int, str]:
    """ISO alpha-3 code of each Gleditsch-Ward number, former states included.

    Raises
    ------
    SourceError
        If the installed ``country_converter`` lacks its data file.
    """
    return dict(_iso3_by_gwno())


@cache
def _iso3_by_gwno() -> Mapping[int, str]:
    table = _country_data("ISO3", "GWcode")
    # A code that an exception gives away is no longer its former holder's: 817, South Vietnam, has VNM there.
    known = table[table["GWcode"].str.fullmatch(r"\d+") & ~table["ISO3"].isin(list(ISO3_EXCEPTIONS.values()))]
    return dict(zip(known["GWcode"].astype(int), known["ISO3"], strict=True)) | ISO3_EXCEPTIONS


def gwno_by_iso3() -> dict[str, int]:
    """Gleditsch-Ward number of each ISO alpha-3 code."""
    return {iso3: gwno for gwno, iso3 in iso3_by_gwno().items()}


def iso3_by_number() -> dict[int, str]:
    """ISO alpha-3 code of each ISO 3166-1 number.

    Raises
    ------
    SourceError
        If the installed ``country_converter`` lacks its data file.
    """
    table = _country_data("ISO3", "ISOnumeric")
    known = table[table["ISOnumeric"].str.fullmatch(r"\d+")]
    return dict(zip(known["ISOnumeric"].astype(int), known["ISO3"], strict=True))


def _country_data(*columns: str) -> pd.DataFrame:
    path = files("country_converter") / "country_data.tsv"
    try:
        with path.open(encoding="utf-8") as file:
            return pd.read_csv(file, sep="\t", dtype="str", keep_default_na=False, usecols=list(columns))
    except (OSError, ValueError):
        msg = "the package country_converter lacks its table of country codes."
        raise SourceError(msg, file="country_data.tsv", remedy="Install the pinned version again.") from None


def cow_to_gwno(cow: int, day: pd.Timestamp) -> int:
    """Gleditsch-Ward number of the state that has a Correlates of War number on a day.

    Examples
    --------
    >>> cow_to_gwno(679, pd.Timestamp("2011-01-01")), cow_to_gwno(345, pd.Timestamp("2010-01-01"))
    (678, 340)
    """
    if cow == _YUGOSLAVIA and day >= _SERBIA_SINCE:
        return _SERBIA
    return _COW_TO_GWNO.get(cow, cow)


def state_at(gwno: pd.Series, month: pd.Series, countries: pd.DataFrame) -> pd.Series:
    """State that held a place in a month: the one named, or its predecessor before the one named existed.

    Parameters
    ----------
    gwno, month
        Place by its later state, and first day of the month; one each a row.
    countries
        The canonical table ``countries``.
    """
    first = gwno.map(countries.set_index("gwno")["first_month"])
    before = gwno.map(PREDECESSOR)
    return gwno.where(~((month < first) & before.notna()), before).astype("int32")
