"""A file as read, whose columns are taken strictly: what is wrong is named by file, row and column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from ...features.errors import SchemaError, SourceError
from .forecasts import KEYS, NO_LEVELS, Forecasts

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["ReadFile", "keys_of", "read_file", "samples_of"]


@dataclass(frozen=True)
class ReadFile:
    """A file as read, which knows how to complain about itself."""

    file: Path
    table: pd.DataFrame

    def fault(self, bad: NDArray[np.bool_], column: str, problem: str) -> None:
        """Raise at the first bad row, if there is one."""
        if not bad.any():
            return
        at = int(np.argmax(bad))
        value = self.table[column].iloc[at]
        value = value.item() if isinstance(value, np.generic) else value
        count = int(bad.sum())
        such = f" ({count:,} such row{'s' if count > 1 else ''})"
        row = at + 2 if self.file.suffix == ".csv" else f"record {at + 1}"
        raise SchemaError(f"{problem}, not {value!r}{such}.", file=self.file, row=row, column=column)

    def numbers(self, column: str, *, low: float = -np.inf) -> NDArray[np.float64]:
        """Column as finite numbers, of at least the lowest one."""
        values = pd.to_numeric(self.table[column], errors="coerce").to_numpy(np.float64)
        bounds = "" if np.isinf(low) else f" of at least {low:g}"
        bad = ~np.isfinite(values) | (values < low)
        self.fault(bad, column, f"expected a number{bounds}")
        return values

    def whole(self, column: str) -> NDArray[np.int64]:
        """Column as whole numbers."""
        values = self.numbers(column)
        self.fault(values != np.floor(values), column, "expected a whole number")
        return values.astype(np.int64)

    def months(self, column: str) -> NDArray[np.object_]:
        """Column of dates as ``YYYY-MM``."""
        dates = pd.to_datetime(self.table[column], errors="coerce", format="ISO8601")
        self.fault(dates.isna().to_numpy(), column, "expected a date, YYYY-MM-DD")
        return dates.dt.strftime("%Y-%m").to_numpy(object)

    def unique(self, keys: pd.DataFrame, column: str) -> None:
        """Raise if a row says again what an earlier one said."""
        self.fault(keys.duplicated().to_numpy(), column, "expected each forecast once; this row repeats an earlier one")

    def text(self, column: str) -> NDArray[np.object_]:
        """Column as text, none missing."""
        self.fault(self.table[column].isna().to_numpy(), column, "expected a value")
        values = self.table[column]
        if pd.api.types.is_float_dtype(values) and (values == values.round()).all():
            values = values.astype("int64")
        return values.astype(str).to_numpy(object)

    def from_views(self) -> NDArray[np.object_]:
        """ViEWS month numbers as ``YYYY-MM``."""
        ids = self.whole("month_id")
        self.fault((ids < 1) | (ids > 1_000), "month_id", "expected a ViEWS month (1 is January 1980)")  # noqa: PLR2004
        return np.array([f"{1980 + (i - 1) // 12}-{(i - 1) % 12 + 1:02d}" for i in ids.tolist()], object)


def read_file(file: Path) -> ReadFile:
    """Read a CSV or Parquet file with at least one row."""
    if not file.is_file():
        raise SourceError("there is no such file.", file=file, remedy="Name a CSV or Parquet file.")
    try:
        table = pd.read_csv(file, low_memory=False) if file.suffix == ".csv" else pd.read_parquet(file)
    except (OSError, ValueError, pa.ArrowException) as error:
        msg = f"the file cannot be read as {'CSV' if file.suffix == '.csv' else 'Parquet'} ({str(error).strip()})."
        raise SourceError(msg, file=file, remedy="Name a CSV (UTF-8, commas) or Parquet file.") from error
    if table.empty:
        raise SchemaError("the file has no rows.", file=file)
    index = [name for name in table.index.names if name is not None]
    return ReadFile(file, table.reset_index() if index else table.reset_index(drop=True))


def keys_of(
    unit: NDArray[np.object_],
    month: NDArray[np.object_],
    target: NDArray[np.object_] | str = "",
    horizon: NDArray[np.int64] | int = 0,
) -> pd.DataFrame:
    """Columns `KEYS` of n rows."""
    table = pd.DataFrame({"unit": unit, "month": month})
    table["target"], table["horizon"] = target, horizon
    return table.astype({"unit": "str", "month": "str", "target": "str", "horizon": "int64"})


def samples_of(
    read: ReadFile,
    keys: pd.DataFrame,
    draw: NDArray[np.int64] | NDArray[np.object_],
    value: NDArray[np.float64],
    id_: str,
) -> Forecasts:
    """Samples of each forecast from rows that hold one of them, named by a column ``id_``, as many of each."""
    group = keys.groupby(KEYS, sort=True).ngroup().to_numpy()
    read.unique(pd.DataFrame({"group": group, "draw": draw}), id_)
    count = np.bincount(group)
    read.fault(count[group] != np.bincount(count).argmax(), id_, "expected equally many samples of every forecast")
    order = np.argsort(group, kind="stable")
    first = order[:: count[0]]
    return Forecasts(
        read.file, "samples", keys.iloc[first].reset_index(drop=True), value[order].reshape(len(count), -1), NO_LEVELS
    )
