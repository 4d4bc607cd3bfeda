"""Tables of facts that the project compiles itself: one fact a row, each with its source and the day it was known."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from ..contracts.political import CONFIDENCES, PRECISIONS
from .cited_pages import refuse_pages_that_cannot_show
from .delimited import dates, read_delimited, refuse, refuse_duplicates, whole_numbers
from .publishers import refuse_weak_sources, source_classes
from .state_codes import iso3_by_gwno

__all__ = ["PROVENANCE", "PUBLISHERS_FILE", "REFERENCE", "as_text", "day_or_none", "one_of", "read_facts"]

#: Folder of the tables that the package carries.
REFERENCE: Final = Path(__file__).parents[1] / "reference"
#: Who stands behind the pages that facts cite.
PUBLISHERS_FILE: Final = REFERENCE / "publishers.csv"

_LAST: Final = pd.Timestamp("2099-12-31")
#: Columns of every table of facts in which its source and its standing are told.
PROVENANCE: Final = (
    "known_on",
    "source",
    "source_url",
    "source_class",
    "second_source",
    "superseded_by",
    "confidence",
    "note",
)
_READ: Final = ("date", "date_precision", *(name for name in PROVENANCE if name != "source_class"))
_ADDRESS: Final = r"https?://\S+"


def read_facts(
    path: Path, columns: tuple[str, ...], *, host: tuple[str, str], facts: tuple[str, ...], known_before: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a table of facts, and check what all such tables share.

    Parameters
    ----------
    path
        Comma-separated text in UTF-8.
    columns
        Columns of the file besides those of every table of facts.
    host
        Names of the columns with the ISO 3166-1 alpha-3 code and the Gleditsch-Ward number of the country.
    facts
        What the column ``fact`` may say.
    known_before
        Whether a fact may be known before its date (an exit that takes effect later).

    Returns
    -------
    raw, checked
        The text as it stands, by line; and the typed columns ``fact_id, iso3, gwno, fact, date, date_precision`` and
        those of `PROVENANCE`.

    Raises
    ------
    SourceError, SchemaError
        At the first fault, with file, line and column.
    """
    iso3, gwno = host
    raw = read_delimited(path, ("fact_id", iso3, gwno, "fact", *columns, *_READ))
    refuse(
        ~raw["fact_id"].str.fullmatch(r"[a-z0-9][a-z0-9-]+"), raw["fact_id"], path, "where a name (a-z, 0-9, -) belongs"
    )
    refuse_duplicates(raw, ["fact_id"], path)
    one_of(raw["fact"], facts, path)
    one_of(raw["date_precision"], PRECISIONS, path)
    one_of(raw["confidence"], CONFIDENCES, path)
    _refuse_uncited(raw, path)
    numbers = _states(raw, iso3, gwno, path)
    when, known = _days(raw["date"], path), _days(raw["known_on"], path)
    if not known_before:
        refuse(known < when, raw["known_on"], path, "which is before the fact's date")
    _superseded(raw, iso3, when, path)
    refuse_weak_sources(raw, raw[iso3], path, PUBLISHERS_FILE)
    refuse_pages_that_cannot_show(raw, when, known, raw["date_precision"], path)
    checked = pd.DataFrame(
        {
            **{name: raw[name] for name in ("fact_id", "fact", "date_precision", "source", "source_url", "confidence")},
            "iso3": raw[iso3],
            "gwno": numbers,
            "date": when,
            "known_on": known,
            "source_class": source_classes(raw, raw[iso3], PUBLISHERS_FILE),
            "second_source": as_text(raw["second_source"]),
            "superseded_by": as_text(raw["superseded_by"]),
            "note": as_text(raw["note"]),
        }
    )
    return raw, checked


def _states(raw: pd.DataFrame, iso3: str, gwno: str, path: Path) -> pd.Series:
    """Gleditsch-Ward numbers, each with the code of its country beside it."""
    numbers = whole_numbers(raw[gwno], path, low=2, high=999)
    expected = numbers.map(iso3_by_gwno())
    refuse(raw[iso3] != expected, raw[iso3], path, f"which is not the country of {gwno} in that row")
    return numbers


def _refuse_uncited(raw: pd.DataFrame, path: Path) -> None:
    refuse(raw["source"].str.strip() == "", raw["source"], path, "where a citation belongs")
    refuse(~raw["source_url"].str.fullmatch(_ADDRESS), raw["source_url"], path, "where a web address belongs")
    second = raw["second_source"]
    refuse((second != "") & ~second.str.fullmatch(_ADDRESS), second, path, "where a web address belongs")


def _superseded(raw: pd.DataFrame, iso3: str, when: pd.Series, path: Path) -> None:
    names = raw["superseded_by"]
    given = names != ""
    later = names.map(dict(zip(raw["fact_id"], when, strict=True)))
    there = names.map(dict(zip(raw["fact_id"], raw[iso3], strict=True)))
    refuse(given & (there != raw[iso3]), names, path, "where the fact_id of another row of the country belongs")
    refuse(given & ~(later >= when), names, path, "which is before this row")
    refuse(given & (names == raw["fact_id"]), names, path, "which is this row")


def one_of(values: pd.Series, allowed: tuple[str, ...], path: Path) -> None:
    """Refuse any other value.

    Raises
    ------
    SchemaError
        At the first one.
    """
    refuse(~values.isin(allowed), values, path, f"which is none of {', '.join(allowed)}")


def as_text(values: pd.Series) -> pd.Series:
    """Text with empty fields missing."""
    return values.where(values.str.strip() != "").astype("str")


def day_or_none(values: pd.Series, path: Path) -> pd.Series:
    """Days, missing where the field is empty.

    Raises
    ------
    SchemaError
        At the first value that is neither.
    """
    given = values != ""
    days = pd.Series(pd.NaT, values.index, "datetime64[s]")
    if given.any():
        days[given] = _days(values[given], path)
    return days


def _days(values: pd.Series, path: Path) -> pd.Series:
    refuse(~values.str.fullmatch(r"\d{4}-\d\d-\d\d"), values, path, "where a date (YYYY-MM-DD) belongs")
    return dates(values, path, last=_LAST)
