"""Political transitions, as the project compiles them: `features/reference/transitions.csv`.

The rules of the table stand beside it in `features/reference/transitions.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..contracts.canonical import validate
from ..contracts.political import TRANSITION_FACTS
from .curated import PROVENANCE, REFERENCE, as_text, day_or_none, read_facts
from .delimited import refuse

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

__all__ = ["TRANSITIONS_FILE", "read_transitions"]

#: The table that the package carries.
TRANSITIONS_FILE: Final = REFERENCE / "transitions.csv"


def read_transitions(path: Path = TRANSITIONS_FILE) -> pd.DataFrame:
    """Read the facts on transitions as the canonical table ``transitions``.

    Raises
    ------
    SourceError, SchemaError
        At the first fault: a cut or damaged file, an impossible value, a fact twice; with file, line and column. No
        row is dropped.
    """
    raw, facts = read_facts(
        path, ("announced_end", "subject"), host=("iso3", "gwno"), facts=TRANSITION_FACTS, known_before=True
    )
    end = day_or_none(raw["announced_end"], path)
    refuse(end < facts["date"], raw["announced_end"], path, "which is before the day of the fact that sets it")
    table = facts.assign(announced_end=end, subject=as_text(raw["subject"]))
    columns = ["fact_id", "iso3", "gwno", "fact", "date", "date_precision", "announced_end", "subject"]
    return validate(table[[*columns, *PROVENANCE]].reset_index(drop=True), "transitions", file=path)
