"""The one writer of CSV: whatever name a table holds, a spreadsheet that opens it runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FORMULA_STARTS", "csv_file", "csv_text", "in_place_of_older", "spreadsheet_safe"]

#: A cell that begins with one of these is run as a formula by spreadsheets.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_FORM: Final[dict[str, Any]] = {"index": False, "date_format": "%Y-%m-%d", "lineterminator": "\n"}


def csv_text(table: pd.DataFrame) -> str:
    """Give a table as CSV: no index, days as ``YYYY-MM-DD``, and texts as in `spreadsheet_safe`."""
    return spreadsheet_safe(table).to_csv(**_FORM)


def csv_file(table: pd.DataFrame, file: Path) -> None:
    """Write what `csv_text` gives to a file, in UTF-8."""
    spreadsheet_safe(table).to_csv(file, encoding="utf-8", **_FORM)


def in_place_of_older(table: pd.DataFrame, file: Path, keys: list[str]) -> pd.DataFrame:
    """Give the rows of a CSV, if there is one, with those of a table in the place of all that have keys of its rows."""
    if not file.is_file():
        return table
    older = pd.read_csv(file)
    again = pd.MultiIndex.from_frame(older[keys]).isin(pd.MultiIndex.from_frame(table[keys]))
    return pd.concat([older[~again], table], ignore_index=True)


def spreadsheet_safe(table: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before texts, names of columns too, that a spreadsheet would run as a formula."""
    safe = table.rename(columns=lambda name: f"'{name}" if str(name).startswith(FORMULA_STARTS) else name)
    for place, dtype in enumerate(safe.dtypes):
        categories = dtype.categories.dtype if isinstance(dtype, pd.CategoricalDtype) else dtype
        if pd.api.types.is_string_dtype(categories) or pd.api.types.is_object_dtype(categories):
            cells = [
                f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
                for cell in safe.iloc[:, place].tolist()
            ]
            safe.isetitem(place, np.array(cells, dtype="object"))
    return safe
