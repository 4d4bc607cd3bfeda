"""Known events with which the facts are questioned: `features/reference/facts_quiz.csv`.

The rules of the table stand beside it in `features/reference/facts_quiz.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..tables.schemas_political import DEPLOYMENT_FACTS, PRECISIONS, TRANSITION_FACTS
from .curated import REFERENCE, day_or_none, one_of
from .delimited import read_delimited, refuse, refuse_duplicates
from .state_codes import iso3_by_gwno

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

__all__ = ["QUIZ_FILE", "read_facts_quiz"]

#: The table that the package carries.
QUIZ_FILE: Final = REFERENCE / "facts_quiz.csv"

_SWITCHES: Final = ("coded_at_first", "at_first")
_COLUMNS: Final = ("iso3", "date", "date_precision", "kind", "about", "event", "source_url", *_SWITCHES, "note")


def read_facts_quiz(path: Path = QUIZ_FILE) -> pd.DataFrame:
    """Read the known events, one a row.

    Returns
    -------
    DataFrame
        ``iso3, date, date_precision, kind, about, event, source_url, coded_at_first, at_first, note``; ``kind`` is a
        tuple of the kinds of fact that the event may be told as, ``at_first`` whether the tables told it when they were
        first asked, ``coded_at_first`` whether they claimed to.

    Raises
    ------
    SourceError
        At the first fault: a cut or damaged file, an impossible value, an event twice; with file, line and column.
    """
    raw = read_delimited(path, _COLUMNS)
    one_of(raw["iso3"], tuple(iso3_by_gwno().values()), path)
    one_of(raw["date_precision"], PRECISIONS, path)
    for column in _SWITCHES:
        one_of(raw[column], ("yes", "no"), path)
    known = "|".join((*DEPLOYMENT_FACTS, *TRANSITION_FACTS))
    refuse(~raw["kind"].str.fullmatch(rf"({known})(\|({known}))*"), raw["kind"], path, "where kinds of fact belong")
    refuse(raw["event"].str.strip() == "", raw["event"], path, "where text belongs")
    refuse(~raw["source_url"].str.fullmatch(r"https?://\S+"), raw["source_url"], path, "where a web address belongs")
    refuse(raw["date"] == "", raw["date"], path, "where a date (YYYY-MM-DD) belongs")
    refuse_duplicates(raw, ["iso3", "date", "kind", "about", "event"], path)
    return raw.assign(
        date=day_or_none(raw["date"], path),
        kind=raw["kind"].map(lambda text: tuple(str(text).split("|"))),
        **{column: raw[column] == "yes" for column in _SWITCHES},
    ).reset_index(drop=True)
