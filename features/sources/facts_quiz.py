"""Known events with which the facts are questioned, and samples of facts that were held against their sources.

The rules of the tables, `facts_quiz.csv`, `facts_sample.csv` and `facts_rechecked.csv`, stand in
`features/reference/facts_quiz.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..contracts.political import DEPLOYMENT_FACTS, PRECISIONS, TRANSITION_FACTS
from .curated import REFERENCE, day_or_none, one_of
from .delimited import read_delimited, refuse, refuse_duplicates
from .state_codes import iso3_by_gwno

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

__all__ = [
    "ONE_BY_ONE",
    "QUIZ_FILE",
    "RECHECKED",
    "RECHECKED_FILE",
    "SAMPLE_FILE",
    "VERDICTS",
    "read_facts_quiz",
    "read_facts_rechecked",
    "read_facts_sample",
]

#: The tables that the package carries.
QUIZ_FILE: Final = REFERENCE / "facts_quiz.csv"
SAMPLE_FILE: Final = REFERENCE / "facts_sample.csv"
RECHECKED_FILE: Final = REFERENCE / "facts_rechecked.csv"
#: In place of the number of a draw, of rows that were gone through one by one.
ONE_BY_ONE: Final = "0"

#: What became of a sampled fact: its own page or another shows it, it cites a list that cannot, no page was at hand,
#: or pages contradict it.
VERDICTS: Final = ("shown", "elsewhere", "list_page", "not_at_hand", "wrong")
#: What became of a fact that was drawn afresh: a page shows it, pages contradict it, or none was at hand.
RECHECKED: Final = ("right", "wrong", "not_at_hand")

_TABLES: Final = ("deployments", "transitions")
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


def read_facts_sample(path: Path = SAMPLE_FILE) -> pd.DataFrame:
    """Read what was found of a sample of facts: ``table, fact_id, verdict, note``, one fact a row.

    Raises
    ------
    SourceError
        At the first fault: a cut or damaged file, an unknown table or verdict, a fact twice; with file and line.
    """
    raw = read_delimited(path, ("table", "fact_id", "verdict", "note"))
    one_of(raw["table"], _TABLES, path)
    one_of(raw["verdict"], VERDICTS, path)
    refuse_duplicates(raw, ["table", "fact_id"], path)
    return raw.reset_index(drop=True)


def read_facts_rechecked(path: Path = RECHECKED_FILE) -> pd.DataFrame:
    """Read what was found of facts drawn or gone through, one a row: ``seed, table, fact_id, verdict, page, note``.

    Raises
    ------
    SourceError
        At the first fault: a cut or damaged file, an unknown table or verdict, a fact twice in a draw, a verdict
        without the page that it rests on; with file and line.
    """
    raw = read_delimited(path, ("seed", "table", "fact_id", "verdict", "page", "note"))
    refuse(~raw["seed"].str.fullmatch(r"\d{1,9}"), raw["seed"], path, "where the number of a draw belongs")
    one_of(raw["table"], _TABLES, path)
    one_of(raw["verdict"], RECHECKED, path)
    refuse_duplicates(raw, ["seed", "table", "fact_id"], path)
    missing = (raw["verdict"] != "not_at_hand") & ~raw["page"].str.fullmatch(r"https?://\S+")
    refuse(missing, raw["page"], path, "where the web address belongs that the verdict rests on")
    return raw.reset_index(drop=True)
