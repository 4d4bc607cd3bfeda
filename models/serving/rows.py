"""What served models check of the rows that they are asked about, before they take their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema, TensorSpec

from ...features.blocks.coded import MAY_BE_EMPTY
from ...features.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ...features.panels.panel import Panel

__all__ = ["IDS", "REMEDY", "ids_of", "numbers", "signature"]

#: Columns of text: the others are numbers.
IDS = ("unit", "month")
_MONTH = r"\d{4}-(0[1-9]|1[0-2])"
#: What to do about rows that are refused.
REMEDY = "Make the input with `faultline panel export`."


def ids_of(panel: Panel, month: NDArray[np.int64], unit: NDArray[np.int64]) -> dict[str, Any]:
    """`IDS` of rows by their positions in a panel, each of shape (n,)."""
    units, months = panel.units.index.to_numpy()[unit], panel.months[month]
    return {"unit": units.astype(str), "month": months.astype(str).to_numpy()}


def signature(inputs: Iterable[str], outputs: Iterable[str]) -> ModelSignature:
    """Columns in and out: `IDS` as text, every number as double."""
    ids: list[ColSpec | TensorSpec] = [ColSpec("string", name) for name in IDS]
    told, said = (Schema([*ids, *(ColSpec("double", name) for name in names)]) for names in (inputs, outputs))
    return ModelSignature(told, said)


def numbers(rows: pd.DataFrame, columns: Sequence[str]) -> NDArray[np.float64]:
    """Take the numeric columns of rows, shape (n, len(columns)).

    Parameters
    ----------
    rows
        With ``month`` beside the columns.

    Raises
    ------
    SchemaError
        If a column is missing or holds a value that is not finite, or a month is none. Features of facts may be empty,
        where these were not coded.
    """
    missing = [name for name in columns if name not in rows.columns]
    if missing:
        msg = f"the input lacks the column {missing[0]!r}."
        raise SchemaError(msg, column=missing[0], remedy=REMEDY)
    unreadable = np.flatnonzero(~rows["month"].astype("str").str.fullmatch(_MONTH).to_numpy(bool))
    if len(unreadable):
        row = int(unreadable[0])
        msg = f"{rows['month'].iloc[row]!r} is no month such as 2026-05."
        raise SchemaError(msg, row=f"{row}", column="month", remedy=REMEDY)
    values = rows[list(columns)].to_numpy(np.float64)
    empty = np.isnan(values) & [name in MAY_BE_EMPTY for name in columns]
    wrong = np.argwhere(~np.isfinite(values) & ~empty)
    if len(wrong):
        row, column = (int(place) for place in wrong[0])
        msg = f"the value {values[row, column]} is not a finite number."
        raise SchemaError(msg, row=f"{row}", column=columns[column], remedy=REMEDY)
    return values
