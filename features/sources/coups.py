"""Coup attempts of Powell and Thyne.

Source: Powell and Thyne (2011), Global instances of coups from 1950 to 2010, doi:10.1177/0022343310397436, with
their yearly updates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..contracts.canonical import validate
from ..errors import SourceError
from .delimited import dates, read_delimited, refuse, refuse_duplicates, whole_numbers
from .state_codes import cow_to_gwno

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CORRECTED_DATES", "Coups", "extended", "read_coups"]

#: (ccode, date in the file) to the right date. Niger's president was deposed on 26 July 2023, not in June; Mali's
#: interim president was seized on the evening of 24 May 2021, after a reshuffle that day, not on the 21st; in Burkina
#: Faso the mutiny of 23 January 2022 was denied to be a coup until power was taken on the 24th.
CORRECTED_DATES: Final[dict[tuple[int, str], str]] = {
    (432, "2021-05-21"): "2021-05-24",
    (436, "2023-06-26"): "2023-07-26",
    (439, "2022-01-23"): "2022-01-24",
}

_SUCCESS = "2"
_SAME_COUP_DAYS = 3
_VERSION = re.compile(r"V?(\d{4})\.(\d{2})\.(\d{2})")


@dataclass(frozen=True, slots=True)
class Coups:
    """Coup attempts.

    Attributes
    ----------
    coups
        Canonical table.
    data_through
        Day of the list's version.
    """

    coups: pd.DataFrame
    data_through: pd.Timestamp


def read_coups(path: Path) -> Coups:
    """Read Powell and Thyne's list as the canonical table ``coups``.

    ``known_on`` is the day of the attempt. States are those of Gleditsch and Ward: ``ccode_gw`` where the list gives
    it, else the Correlates of War number, mapped where the two lists differ. Dates in `CORRECTED_DATES` are mended,
    which the row's ``source`` says.

    Parameters
    ----------
    path
        Tab-separated, with ``ccode, ccode_gw, year, month, day, coup, version``; ``coup`` is 2 for a success, 1 for
        a failed attempt.

    Raises
    ------
    SourceError, SchemaError
        If the file is missing, cut off or with other columns; at the first impossible value, duplicate key, or date
        after the day of the list's version; with the line.
    """
    raw = read_delimited(path, ("ccode", "ccode_gw", "year", "month", "day", "coup", "version"), separator="\t")
    version = _version(raw["version"], path)
    cow = whole_numbers(raw["ccode"], path, low=2, high=999)
    parts = zip(cow, raw["year"], raw["month"], raw["day"], strict=True)
    keys = [(int(code), f"{year}-{month:0>2}-{day:0>2}") for code, year, month, day in parts]
    written = pd.Series([date for _, date in keys], raw.index, "str", name="year, month, day")
    mended = pd.Series([CORRECTED_DATES.get(key, key[1]) for key in keys], raw.index, "str", name="year, month, day")
    day = dates(mended, path, last=version)
    refuse(~raw["coup"].isin(["1", _SUCCESS]), raw["coup"], path, "where 1 (failed) or 2 (successful) belongs")
    given = raw["ccode_gw"].where(raw["ccode_gw"] != "", raw["ccode"])
    gwno = whole_numbers(given.rename("ccode_gw"), path, low=2, high=999)
    mapped = [cow_to_gwno(int(code), when) for code, when in zip(cow, day, strict=True)]
    gwno = gwno.where(raw["ccode_gw"] != "", pd.Series(mapped, cow.index))
    name = f"Powell & Thyne {version:%Y-%m-%d}"
    source = pd.Series(name, raw.index, "str").where(mended == written, f"{name}; the list has " + written)
    table = pd.DataFrame(
        {
            "gwno": gwno.astype("int32"),
            "date": day,
            "successful": raw["coup"] == _SUCCESS,
            "source": source.astype("str"),
            "known_on": day,
        }
    )
    refuse_duplicates(table, ["gwno", "date"], path)
    return Coups(validate(table.sort_values(["gwno", "date"], ignore_index=True), "coups"), version)


def _version(values: pd.Series, path: Path) -> pd.Timestamp:
    match = _VERSION.fullmatch(values.iloc[0])
    if match is None:
        msg = f"found {values.iloc[0]!r}, where the list's version (V2023.09.08) belongs."
        raise SourceError(msg, file=path, row=int(values.index[0]), column="version", remedy="Fetch the list again.")
    refuse(values != values.iloc[0], values, path, f"where every row has version {values.iloc[0]!r}")
    return pd.Timestamp("-".join(match.groups()))


def extended(coups: Coups, transitions: pd.DataFrame) -> Coups:
    """Carry the list on with the curated coups since its last month.

    A coup in the same country within three days of one on the list is the same coup; alleged plots are none.

    Parameters
    ----------
    coups
        As read by `read_coups`.
    transitions
        The canonical table.
    """
    listed, since = coups.coups, coups.data_through.replace(day=1)
    facts = transitions[transitions["fact"].isin(["coup_success", "coup_failed"]) & (transitions["date"] >= since)]
    later = pd.DataFrame(
        {
            "gwno": facts["gwno"],
            "date": facts["date"],
            "successful": facts["fact"] == "coup_success",
            "source": "faultline, " + facts["fact_id"],
            "known_on": facts["known_on"],
        }
    )
    pairs = later.reset_index().merge(listed[["gwno", "date"]], on="gwno", suffixes=("", "_listed"))
    same = (pairs["date"] - pairs["date_listed"]).abs() <= pd.Timedelta(days=_SAME_COUP_DAYS)
    fresh = later.drop(index=pairs.loc[same, "index"].unique())
    table = pd.concat([listed, fresh], ignore_index=True).sort_values(["gwno", "date"], ignore_index=True)
    last = max(coups.data_through, transitions["known_on"].max())
    return Coups(validate(table.astype({"source": "str"}), "coups"), last)
