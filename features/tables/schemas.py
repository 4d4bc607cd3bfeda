"""The contract of every canonical table: of the core, and beside its source of each that is read by itself.

A canonical table is what a source hands on: long, typed, with ``known_on``, the day on which the row could be known.
``month`` is always the first day of a calendar month. Contracts hold at the borders only; between them everything is
arrays of months x units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..contracts import canonical
from ..contracts.canonical import CONTRACTS
from ..errors import UnknownNameError
from ..sources.catalogue import SOURCES

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    import pandera.pandas as pa

__all__ = ["SCHEMAS", "validate"]

#: Contracts by table, the scores and the event rows last. The snapshot holds one Parquet file for each of the others.
SCHEMAS: dict[str, pa.DataFrameSchema] = {
    **{name: contract for name, contract in CONTRACTS.items() if name not in ("events", "scores")},
    **{source.name: source.contract for source in SOURCES},
    **{name: CONTRACTS[name] for name in ("events", "scores")},
}


def validate(table: pd.DataFrame, name: str, *, file: str | Path | None = None) -> pd.DataFrame:
    """Check a table against the contract of that name and hand it on, as `canonical.validate` does.

    Raises
    ------
    UnknownNameError
        If no contract has that name.
    SchemaError
        At the first broken rule, with file, row and column.
    """
    if name not in SCHEMAS:
        raise UnknownNameError("table", name, SCHEMAS)
    return canonical.validate(table, SCHEMAS[name], file=file)
