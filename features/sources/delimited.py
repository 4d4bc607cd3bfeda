"""Delimited text files: read as text, with the line of every record, so that an error can point at it.

pandas reads short rows as missing values and forgets lines; a file that was cut off would pass. Here every record
must have as many fields as the header, and the index of the frame is the line on which the record starts, the
header being line 1.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..errors import SchemaError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import TextIO

__all__ = [
    "FETCH",
    "dates",
    "decimals",
    "first_of_month",
    "read_delimited",
    "records",
    "refuse",
    "refuse_duplicates",
    "text_frame",
    "whole",
    "whole_numbers",
]

FETCH: Final = "Fetch the file again from its publisher."
_WIDEST_FIELD = 10_000_000  # GED's source notes pass the csv module's default of 131,072 characters


def read_delimited(
    path: Path, columns: tuple[str, ...], *, separator: str = ",", encoding: str = "utf-8-sig"
) -> pd.DataFrame:
    """Read some columns of a delimited file as text.

    Parameters
    ----------
    path
        The file, gzipped if its name ends so. A byte order mark and both kinds of line end are understood.
    columns
        Columns to keep, in this order; all must be there. Further columns are left unread.
    separator
        One character.
    encoding
        How the file is written.

    Returns
    -------
    DataFrame
        Text columns; empty fields are empty text. The index is the line on which each record starts.

    Raises
    ------
    SourceError
        If the file is missing, empty, cut off, or not text in that encoding.
    SchemaError
        If a column is missing or stands there twice.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror
        msg = f"cannot read the file: {reason}."
        raise SourceError(msg, file=path, remedy="Name the folder that holds it, or fetch it again.") from None
    if path.suffix == ".gz":
        raw = _unpacked(raw, path)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        msg = f"the file is not {encoding.removesuffix('-sig')} text (byte {raw[error.start]:#04x})."
        raise SourceError(msg, file=path, row=line, remedy="Save it as UTF-8, or fetch it again.") from None
    if not text.strip():
        msg = "the file is empty."
        raise SourceError(msg, file=path, remedy=FETCH)
    rows = records(io.StringIO(text, newline=""), path, separator)
    header = next(rows)[1]
    places = _places(header, columns, path)
    lines: list[int] = []
    kept: list[list[str]] = []
    for line, fields in rows:
        lines.append(line)
        kept.append([fields[place] for place in places])
    return whole(text_frame(kept, lines, columns), path, ended=text.endswith(("\n", "\r")))


def _unpacked(raw: bytes, path: Path) -> bytes:
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error):
        msg = "the file is no whole gzip file."
        raise SourceError(msg, file=path, remedy=FETCH) from None


def records(text: TextIO, path: Path, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Give the line on which each record starts and its fields, of which all have as many as the first.

    Raises
    ------
    SourceError
        At the first record that is cut off or damaged.
    """
    csv.field_size_limit(_WIDEST_FIELD)
    reader = csv.reader(text, delimiter=separator, strict=True)
    line, width = 1, 0
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            msg = f"the file is cut off or damaged here ({error})."
            raise SourceError(msg, file=path, row=line, remedy=FETCH) from None
        if fields:
            width = width or len(fields)
            if len(fields) != width:
                msg = f"{len(fields)} fields where the first line has {width}: the file is cut off or damaged here."
                raise SourceError(msg, file=path, row=line, remedy=FETCH)
            yield line, fields
        line = reader.line_num + 1


def text_frame(kept: list[list[str]], lines: list[int], columns: Iterable[str]) -> pd.DataFrame:
    """Lay records out as text columns, indexed by their lines."""
    return pd.DataFrame(kept, columns=list(columns), index=pd.Index(lines, name="line", dtype="int64"), dtype="str")


def whole(table: pd.DataFrame, path: Path, *, ended: bool) -> pd.DataFrame:
    """Give the records of a file, of which there must be some, and the last of which has ``ended`` with its line.

    Raises
    ------
    SourceError
        If there are none, or the file seems to be cut off.
    """
    if not ended:
        msg = "the last line has no line end: the file seems to be cut off."
        row = 1 if table.empty else int(table.index[-1])
        raise SourceError(msg, file=path, row=row, remedy=f"{FETCH} If it is whole, end it with an empty line.")
    if table.empty:
        msg = "the file has a header and no rows."
        raise SourceError(msg, file=path, remedy=FETCH)
    return table


def _places(header: list[str], columns: tuple[str, ...], path: Path) -> list[int]:
    for column in columns:
        if header.count(column) == 1:
            continue
        if column in header:
            msg = "the column stands there more than once."
        else:
            near = get_close_matches(column, header, n=1)
            shown = ", ".join(header[:8]) + (", ..." if len(header) > 8 else "")  # noqa: PLR2004 - a line's worth
            msg = f"the column is missing; the file has {shown}." + (f" Is it {near[0]!r}?" if near else "")
        raise SchemaError(msg, file=path, row=1, column=column, remedy="Fetch the version that the documents name.")
    return [header.index(column) for column in columns]


def refuse(bad: pd.Series, values: pd.Series, path: Path, problem: str, *, remedy: str | None = None) -> None:
    """Raise at the first record where ``bad`` is true.

    Raises
    ------
    SchemaError
        With the line of the record, the column, the value found and how many records share the fault.
    """
    if not bad.any():
        return
    line = bad.index[bad.to_numpy()][0]
    count = int(bad.sum())
    more = f" ({count:,} such rows)" if count > 1 else ""
    msg = f"found {values.loc[line]!r}, {problem}{more}."
    remedy = remedy or "Correct the row, or fetch the file again from its publisher."
    raise SchemaError(msg, file=path, row=int(line), column=str(values.name), remedy=remedy)


def whole_numbers(values: pd.Series, path: Path, *, low: int, high: int) -> pd.Series:
    """Read a text column as ``int32``; ``"84.0"`` is read as 84.

    Raises
    ------
    SchemaError
        At the first value that is not a whole number in ``low..high``.
    """
    text = values.str.removesuffix(".0")
    wrong = ~text.str.fullmatch(r"-?\d{1,9}")
    refuse(wrong, values, path, "where a whole number belongs")
    numbers = text.astype("int64")
    refuse(~numbers.between(low, high), values, path, f"which is not in {low} to {high}")
    return numbers.astype("int32")


def decimals(values: pd.Series, path: Path, *, low: float, high: float) -> pd.Series:
    """Read a text column as ``float64``.

    Raises
    ------
    SchemaError
        At the first value that is not a number in ``low..high``.
    """
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    refuse(numbers.isna(), values, path, "where a number belongs")
    refuse(~numbers.between(low, high), values, path, f"which is not in {low} to {high}")
    return numbers


def dates(values: pd.Series, path: Path, *, last: pd.Timestamp) -> pd.Series:
    """Read a text column that starts with ``YYYY-MM-DD`` as ``datetime64[s]``.

    Raises
    ------
    SchemaError
        At the first value that is no date, is before 1946 or after ``last``.
    """
    days = pd.to_datetime(values.str.slice(0, 10), format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    refuse(days.isna(), values, path, "where a date (YYYY-MM-DD) belongs")
    _within(days, values, path, last)
    return days


def first_of_month(year: pd.Series, month: pd.Series, path: Path, *, last: pd.Timestamp) -> pd.Series:
    """First day of each month as ``datetime64[s]``, from a column of years and one of months.

    Raises
    ------
    SchemaError
        At the first value that is no month, or a month after ``last``.
    """
    years = whole_numbers(year, path, low=1946, high=2200).astype("int64")
    months = whole_numbers(month, path, low=1, high=12).astype("int64")
    since_1970 = (years - 1970) * 12 + months - 1
    days = pd.Series(since_1970.to_numpy().astype("datetime64[M]").astype("datetime64[s]"), year.index)
    _within(days, year.str.cat(month, sep="-").rename("year, month"), path, last)
    return days


def _within(days: pd.Series, values: pd.Series, path: Path, last: pd.Timestamp) -> None:
    refuse(days < pd.Timestamp("1946-01-01"), values, path, "which is before 1946")
    remedy = "Correct the date; if the data are newer than that, name the release that holds them."
    refuse(days > last, values, path, f"which is after the end of the data ({last:%Y-%m-%d})", remedy=remedy)


def refuse_duplicates(frame: pd.DataFrame, keys: list[str], path: Path) -> None:
    """Raise at the first record whose keys stood in an earlier one.

    Raises
    ------
    SchemaError
        With the lines of both.
    """
    again = frame.duplicated(keys)
    if not again.any():
        return
    line = again.index[again.to_numpy()][0]
    key = frame.loc[line, keys]
    first = frame.index[frame[keys].eq(key).all(axis=1).to_numpy()][0]
    shown = ", ".join(f"{name} {value}" for name, value in key.items())
    msg = f"the key ({shown}) stands in line {first} already ({int(again.sum()):,} such rows)."
    raise SchemaError(
        msg, file=path, row=int(line), column=", ".join(keys), remedy="Keep one of the rows, or fetch the file again."
    )
