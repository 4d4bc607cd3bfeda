"""The table from Gleditsch-Ward numbers to the ids that ViEWS gives countries, which a user names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.errors import SchemaError, SourceError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = ["read_views_ids"]

#: Columns, and how ViEWS's own table calls them.
_NAMES = {"gwno": ("gwno", "gwcode"), "country_id": ("country_id", "id")}


def read_views_ids(file: Path, *, states: Collection[int] | None = None) -> dict[int, int]:
    """Read ViEWS's ids by Gleditsch-Ward number.

    Parameters
    ----------
    file
        CSV with ``gwno`` (or ``gwcode``) and ``country_id`` (or ``id``); other columns are left alone.
    states
        Rows of others are left alone; by default all rows count.

    Raises
    ------
    SourceError
        If there is no such file, or it is not a CSV.
    SchemaError
        If a column is missing, a value is no whole number, or a number or id stands there twice; with file and row.
    """
    remedy = "Name a CSV with the columns gwno and country_id."
    try:
        table = pd.read_csv(file, dtype="str")
    except (OSError, ValueError) as error:
        msg = f"the table of countries cannot be read as CSV ({str(error).strip()})."
        raise SourceError(msg, file=file, remedy=remedy) from error
    columns: dict[str, str] = {}
    for column, names in _NAMES.items():
        named = next((name for name in names if name in table.columns), None)
        if named is None:
            msg = f"there is no column {column}; the file has {', '.join(table.columns)}."
            raise SchemaError(msg, file=file, row=1, column=column, remedy=remedy)
        columns[column] = named
    if states is not None:
        table = table[pd.to_numeric(table[columns["gwno"]], errors="coerce").isin(list(states))]
    found: list[list[int]] = []
    for name in columns.values():
        values = pd.to_numeric(table[name], errors="coerce").to_numpy(np.float64)
        whole = np.isfinite(values) & (values == np.floor(values))
        again = table[name].duplicated().to_numpy()
        for wrong, problem in (
            (~whole, "expected a whole number, not {!r}."),
            (again, "expected each number once, and {!r} stands there twice: keep the line that is in force."),
        ):
            if wrong.any():
                at = table.index[int(np.argmax(wrong))]
                raise SchemaError(problem.format(table.loc[at, name]), file=file, row=int(at) + 2, column=name)
        found.append(values.astype(int).tolist())
    return dict(zip(*found, strict=True))
