"""Precedents as one table: from Python, and for files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ...features.errors import ConfigError
from ..base.csv_files import csv_text
from ..base.settings import Settings
from ..base.whole import write_parquet, write_text
from ..ingest.own_facts import snapshot_of
from .aftermath import COLUMNS
from .precedents import past_of, precedents_of, questions_of
from .questions import Question, question_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .precedents import Precedents

__all__ = ["TABLES", "precedents", "precedents_table", "write_table"]


#: Endings of tables that can be written.
TABLES: Final = (".csv", ".parquet")


def precedents_table(found: Iterable[Precedents]) -> pd.DataFrame:
    """Lay cases and controls of reference classes out as one table: ``question``, then `COLUMNS` but ``deaths``."""
    parts = [each.rows.drop(columns="deaths").assign(question=question_words(each.question)) for each in found]
    empty = pd.DataFrame(columns=[name for name in (*COLUMNS, "question") if name != "deaths"])
    table = pd.concat(parts or [empty], ignore_index=True)
    return table[["question", *(name for name in table.columns if name != "question")]]


def write_table(found: Iterable[Precedents], file: Path) -> Path:
    """Write `precedents_table` as CSV or Parquet, by the file's name.

    Raises
    ------
    ConfigError
        If the name ends in neither, or the file cannot be written.
    """
    if file.suffix not in TABLES:
        msg = f"--out: {file} is neither {' nor '.join(TABLES)}."
        raise ConfigError(msg)
    table = precedents_table(found)
    try:
        if file.suffix == ".csv":
            return write_text(file, csv_text(table))
        return write_parquet(table, file)
    except OSError as error:
        msg = f"--out: cannot write {file} ({error.strerror})."
        raise ConfigError(msg) from None


def precedents(
    country: str | None = None,
    *,
    event: str | None = None,
    classes: Iterable[str] = (),
    initiator: str | None = None,
    within: int = 12,
    facts: Iterable[Path | str] = (),
) -> pd.DataFrame:
    """Take the cases like an event and what followed them, beside matched months without one. Not causes.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-3: cases like each kind of event that it saw in the last 24 months of data.
    event, classes, initiator
        The kind of event, in place of a country, such as ``"departure"`` of the classes ``["french"]`` that the
        ``"host"`` ended: see `Question`.
    within
        Months before and after that are compared.
    facts
        Files of your own facts to lay over the bundled ones.

    Returns
    -------
    A row a case and below it one a matched month (``role``), with the ``question`` that they belong to; ``attrs`` has
    the ``summary``, a list of records: by question and measure, cases beside controls with the interval.

    Raises
    ------
    ConfigError
        If both a country and an event are given or neither, or the event has no such part.
    UnknownNameError
        If there is no such country, event, class or initiator.
    """
    if (country is None) == (event is None):
        msg = "give a country or an event whose precedents to show, and not both."
        raise ConfigError(msg)
    asked = None if event is None else Question(event, tuple(classes), initiator, within)
    given: dict[str, Any] = {"facts": own} if (own := tuple(map(Path, facts))) else {}
    past = past_of(snapshot_of(Settings(**given)))
    questions = questions_of(past, country or "", within=within) if asked is None else [asked]
    found = [precedents_of(past, question) for question in questions]
    table = precedents_table(found)
    told = [each.summary.assign(question=question_words(each.question)) for each in found]
    table.attrs = {"summary": [row for each in told for row in each.to_dict("records")]}
    return table
