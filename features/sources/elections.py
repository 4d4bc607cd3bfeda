"""Elections and leaders of REIGN, to March 2021.

Source: Bell, Besaw and Frank (2021), The Rulers, Elections, and Irregular Governance (REIGN) dataset, One Earth Future.

REIGN writes what happened to an election, one event a row; polling days that lay ahead when it came out stand there as
upcoming. States are Correlates of War numbers, mapped to those of Gleditsch and Ward.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import pandera.pandas as pa

from ..contracts.canonical import validate
from ..contracts.columns import Check, contract, day, gwno, known_on, text
from ..contracts.political import ELECTION_EVENTS, PRECISIONS
from . import publications
from .delimited import dates, decimals, first_of_month, read_delimited, refuse, refuse_duplicates, whole_numbers
from .source import Rows, Source
from .state_codes import cow_to_gwno

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CORRECTED_DAYS", "ELECTIONS", "LEADERS", "REIGN_THROUGH", "read_elections", "read_leaders"]

#: Last day of REIGN's last version.
REIGN_THROUGH: Final = pd.Timestamp("2021-03-31")
#: (elecnum, date in the file) to a date that exists. Singapore's deadline was put on the 31st of November.
CORRECTED_DAYS: Final[dict[tuple[str, str], str]] = {("830014", "2025-11-31"): "2025-11-30"}

#: REIGN's words for what happened, without regard to commas and blanks, in ours.
_EVENTS: Final[dict[str, str]] = {
    "announced": "announced",
    "announcement": "announced",
    "announcement assumed": "assumed",
    "upcoming scheduled": "expected",
    "upcoming deadline": "expected",
    "delay announced": "delayed",
    "delay": "delayed",
    "vote as scheduled": "held",
    "vote early": "held",
    "voided": "voided",
    "voided by regime change": "voided",
    "anulled": "voided",
    "regime failure": "voided",
    "deadline met": "deadline_met",
    "deadline not met": "deadline_missed",
}
_ELECTIONS: Final = contract(
    "elections",
    {
        "election_id": text("REIGN's number of the election"),
        "sequence": pa.Column("int32", Check.in_range(1, 99), description="order of the events of one election"),
        "gwno": gwno(),
        "office": text("L legislature, X executive, R referendum", checks=Check.isin(("L", "X", "R"))),
        "event": text("what happened", checks=Check.isin(ELECTION_EVENTS)),
        "date": day("when it happened, or of an expected election is due; the first day where only the month is known"),
        "date_precision": text("how exactly the date is known", checks=Check.isin(PRECISIONS)),
        "known_on": known_on(),
    },
    ["election_id", "sequence"],
    "Elections and referendums to March 2021: announced, delayed, voided, held; one event a row.",
)
_LEADERS: Final = contract(
    "leaders",
    {
        "leader_id": text("REIGN's name of the spell in office"),
        "gwno": gwno(),
        "leader": text("name"),
        "fact": text("entry into office or exit from it", checks=Check.isin(("entry", "exit"))),
        "date": day("when; of exits the last day of the month"),
        "military": pa.Column("float64", Check.in_range(0, 1), nullable=True, description="1 if of a military career"),
        "known_on": known_on(),
    },
    ["leader_id", "gwno", "fact", "date"],
    "Leaders of states to March 2021: entries into office and exits from it, one a row.",
)
_LATEST: Final = pd.Timestamp("2100-12-31")
_UNKNOWN: Final = "-99"
_FIRST_YEAR: Final = 1946


def read_elections(path: Path) -> Rows:
    """Read REIGN's list of elections as the canonical table ``elections``.

    An event is known on its day, or at the end of its month where only that is given; an upcoming polling day on the
    day of the list's version, `REIGN_THROUGH`, for earlier knowledge of it is not on record. Events said to have
    happened after that day, or before 1946, are left out and counted.

    Raises
    ------
    SourceError, SchemaError
        If the file is missing, cut off or with other columns; at the first impossible value; with the line.
    """
    columns = ("ccode", "elec_year", "elec_month", "elec_day", "sequence", "event", "elecnum", "type")
    raw, early = _since_1946(read_delimited(path, columns, encoding="latin-1"), "elec_year", path)
    wording = raw["event"].str.replace(",", " ").str.split().str.join(" ").str.lower()
    refuse(~wording.isin(list(_EVENTS)), raw["event"], path, "which is no event that REIGN names")
    refuse(~raw["elecnum"].str.fullmatch(r"\d{4,7}"), raw["elecnum"], path, "where a number of an election belongs")
    refuse(~raw["type"].isin(["L", "X", "R"]), raw["type"], path, "where L, X or R belongs")
    event = wording.map(_EVENTS)
    month = first_of_month(raw["elec_year"], raw["elec_month"], path, last=_LATEST)
    exact = raw["elec_day"].str.strip() != ""
    number = raw["elec_day"].str.strip().where(exact, "1")
    whole_numbers(number.rename("elec_day"), path, low=1, high=31)
    written = month.dt.strftime("%Y-%m-") + number.str.zfill(2)
    keys = zip(raw["elecnum"], written, strict=True)
    mended = pd.Series([CORRECTED_DAYS.get(key, key[1]) for key in keys], raw.index, "str", name="elec_day")
    date = dates(mended, path, last=_LATEST)
    month_end = (month + pd.offsets.MonthEnd(0)).astype("datetime64[s]")
    table = pd.DataFrame(
        {
            "election_id": raw["elecnum"],
            "sequence": whole_numbers(raw["sequence"], path, low=1, high=99),
            "gwno": _states(raw["ccode"], date, path),
            "office": raw["type"],
            "event": event.astype("str"),
            "date": date,
            "date_precision": pd.Series("day", raw.index, "str").where(exact, "month"),
            "known_on": date.where(exact, month_end).where(event != "expected", REIGN_THROUGH),
        }
    )
    refuse_duplicates(table, ["election_id", "sequence"], path)
    later = table["known_on"] > REIGN_THROUGH
    kept = table[~later].sort_values(["election_id", "sequence"], ignore_index=True)
    losses = {"events_dated_after_the_list": float(later.sum()), "events_before_1946": early}
    return Rows(validate(kept, _ELECTIONS, file=path), REIGN_THROUGH, losses)


def read_leaders(path: Path) -> Rows:
    """Read REIGN's list of leaders as the canonical table ``leaders``: an entry and, once it was over, an exit.

    Raises
    ------
    SourceError, SchemaError
        If the file is missing, cut off or with other columns; at the first impossible value, or spell that ends
        before it begins; with the line. Spells before 1946 are left out and counted.
    """
    columns = ("ccode", "leadid", "leader", "sdate", "smonth", "syear", "emonth", "eyear", "militarycareer")
    raw, early = _since_1946(read_delimited(path, columns, encoding="latin-1"), "syear", path)
    for column in ("leadid", "leader"):
        refuse(raw[column].str.strip() == "", raw[column], path, "where a name belongs")
    month = first_of_month(raw["syear"].rename("syear"), raw["smonth"], path, last=REIGN_THROUGH)
    whole_numbers(raw["sdate"], path, low=1, high=31)
    began = dates(
        (month.dt.strftime("%Y-%m-") + raw["sdate"].str.removesuffix(".0").str.zfill(2)).rename("sdate"),
        path,
        last=REIGN_THROUGH,
    )
    military = raw["militarycareer"] != _UNKNOWN
    spells = pd.DataFrame(
        {
            "leader_id": raw["leadid"].str.strip(),
            "gwno": _states(raw["ccode"], began, path),
            "leader": raw["leader"].str.strip(),
            "fact": pd.Series("entry", raw.index, "str"),
            "date": began,
            "military": decimals(raw.loc[military, "militarycareer"], path, low=0, high=1).reindex(raw.index),
        }
    )
    refuse_duplicates(spells, ["leader_id", "gwno", "date"], path)
    over = raw[raw["eyear"].str.strip() != ""]
    ended = first_of_month(over["eyear"], over["emonth"], path, last=REIGN_THROUGH)
    refuse(ended < month.loc[over.index], over["eyear"], path, "which is before the spell began")
    exits = spells.loc[over.index].assign(fact="exit", date=(ended + pd.offsets.MonthEnd(0)).astype("datetime64[s]"))
    table = pd.concat([spells, exits], ignore_index=True)
    table = table.assign(known_on=table["date"]).sort_values(["gwno", "date", "fact", "leader_id"], ignore_index=True)
    twice = table.duplicated(["leader_id", "gwno", "fact", "date"])
    return Rows(
        validate(table[~twice].reset_index(drop=True), _LEADERS, file=path),
        REIGN_THROUGH,
        {"exits_in_the_same_month_as_another": float(twice.sum()), "spells_before_1946": early},
    )


def _since_1946(raw: pd.DataFrame, year: str, path: Path) -> tuple[pd.DataFrame, float]:
    early = whole_numbers(raw[year], path, low=1700, high=2200) < _FIRST_YEAR
    if early.all():
        refuse(early, raw[year], path, f"which is before {_FIRST_YEAR}")
    return raw[~early], float(early.sum())


def _states(codes: pd.Series, days: pd.Series, path: Path) -> pd.Series:
    cow = whole_numbers(codes, path, low=2, high=999)
    return pd.Series([cow_to_gwno(int(code), when) for code, when in zip(cow, days, strict=True)], codes.index, "int32")


ELECTIONS = Source(
    _ELECTIONS,
    (publications.REIGN_ELECTIONS,),
    "As listed, with Gleditsch-Ward numbers; upcoming ones known on the list's last day.",
    read_elections,
)
LEADERS = Source(
    _LEADERS,
    (publications.REIGN_LEADERS,),
    "Each spell as an entry and an exit, with Gleditsch-Ward numbers.",
    read_leaders,
)
