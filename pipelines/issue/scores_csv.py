"""Reading a flat table of scores back from its CSV, with the types of its contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ...features.errors import SchemaError, SourceError
from ...features.tables.schemas import SCHEMAS, validate

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_scores_csv"]


def read_scores_csv(file: Path) -> pd.DataFrame:
    """Read a flat table back from the CSV that `write_scores` made, with the types of its contract.

    Raises
    ------
    SourceError
        If it cannot be read as CSV.
    SchemaError
        If it breaks the contract, with row and column.
    """
    schema = SCHEMAS["scores"]
    types: dict[str, Any] = {name: str(column.dtype) for name, column in schema.columns.items()}
    dates = [name for name, dtype in types.items() if dtype.startswith("datetime")]
    texts = [name for name, dtype in types.items() if dtype.startswith("str")]
    # read as text, so that a region's code of digits keeps its zeros
    try:
        table = pd.read_csv(file, dtype=dict.fromkeys(texts, "str"), keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        msg = f"the scores cannot be read as CSV ({str(error).strip()})."
        raise SourceError(msg, file=file, remedy="Name a CSV that faultline wrote.") from error
    for name in texts:
        if name in table:
            # the apostrophe that keeps a spreadsheet from running the text
            table[name] = table[name].str.replace(r"^'(?=[=+\-@\t\r])", "", regex=True)
            if not schema.columns[name].nullable:
                table[name] = table[name].fillna("")  # CSV does not tell an empty text from a missing one
    for name in (name for name in table.columns if name in types):
        try:
            if name in dates:
                table[name] = pd.to_datetime(table[name], format="%Y-%m-%d").astype(types[name])
            else:
                table[name] = table[name].astype(types[name])
        except (ValueError, TypeError) as error:
            msg = f"the column does not hold {types[name]} ({str(error).strip()})."
            raise SchemaError(msg, file=file, column=name, remedy="Name a CSV that faultline wrote.") from error
    return validate(table, "scores", file=file)
