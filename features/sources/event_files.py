"""Files of event rows, a CSV or a zip that holds one, read in a stream as text with the line of every record.

A release of UCDP has 400,000 rows of 600 bytes, most of it source notes that nobody counts: only the columns that are
asked for are kept. Columns are found by any of the names they had over the years, and a file without a header is read
by the publisher's order of columns.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from typing import TYPE_CHECKING, Final, cast

import pandas as pd

from ..errors import DataError, SchemaError, SourceError
from .delimited import FETCH, records, text_frame, whole

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path
    from typing import BinaryIO

__all__ = ["Layout", "RawEvents", "read_event_file"]

_CHUNK: Final = 20_000  # records turned into a frame at a time, so that text does not pile up as Python objects
_SURE: Final = 5  # names known to the layout that make a first line a header


@dataclass(frozen=True, slots=True)
class Layout:
    """How a publisher lays its event files out.

    Attributes
    ----------
    columns
        Each column that is read, by the name it has here, with the names it has had in the files; newest first.
    optional
        Columns that a file may lack; they are then empty.
    order
        All the publisher's columns in order, for a file without a header; empty if there is no such file.
    separators
        Characters that may stand between fields; the one that stands most often in the first line does.
    """

    columns: Mapping[str, tuple[str, ...]]
    optional: frozenset[str]
    order: tuple[str, ...] = ()
    separators: str = ","


@dataclass(frozen=True, slots=True)
class RawEvents:
    """Records as text.

    Attributes
    ----------
    table
        The layout's columns; empty fields are empty text. The index is the line on which a record starts.
    has_header
        Whether the file named its columns.
    """

    table: pd.DataFrame
    has_header: bool


def read_event_file(path: Path, layout: Layout) -> RawEvents:
    """Read the columns of a layout from a CSV (UTF-8) or from a zip that holds one.

    Raises
    ------
    SourceError
        If the file is missing, empty, cut off, no zip though named so, or not UTF-8.
    SchemaError
        If a column is missing or stands there twice.
    """
    try:
        with _open(path) as binary:
            return _read(binary, path, layout)
    except UnicodeDecodeError:
        raise _encoding_fault(path) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        msg = f"the zip is cut off or damaged ({error})."
        raise SourceError(msg, file=path, remedy=FETCH) from None
    except DataError:
        raise
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror or str(error)
        msg = f"cannot read the file: {reason}."
        raise SourceError(msg, file=path, remedy="Name a CSV, or a zip that holds one.") from None


@contextmanager
def _open(path: Path) -> Generator[BinaryIO]:
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            file.seek(0)
            yield file
            return
        with zipfile.ZipFile(file) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".csv") and "__MACOSX" not in name]
            if len(names) != 1:
                found = ", ".join(names[:4]) or ", ".join(archive.namelist()[:4]) or "nothing"
                msg = f"the zip holds {len(names)} CSV files where one belongs; it has {found}."
                raise SourceError(msg, file=path, remedy="Unpack it and name the file with the events.")
            try:
                with archive.open(names[0]) as member:
                    yield cast("BinaryIO", member)
            except RuntimeError as error:  # encrypted
                msg = f"the zip cannot be unpacked ({error})."
                raise SourceError(msg, file=path, remedy="Unpack it and name the file with the events.") from None


class _LastByte(io.RawIOBase):
    """Hands bytes on and remembers the last one: only there can it be seen that a file ends amid a line."""

    def __init__(self, binary: BinaryIO) -> None:
        super().__init__()
        self.binary = binary
        self.last = b"\n"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        block = self.binary.read(len(buffer))
        buffer[: len(block)] = block
        self.last = block[-1:] or self.last
        return len(block)


def _read(binary: BinaryIO, path: Path, layout: Layout) -> RawEvents:
    watched = _LastByte(binary)
    buffered = io.BufferedReader(cast("io.RawIOBase", watched), 1 << 20)
    first_line = buffered.peek(1).split(b"\n", 1)[0]
    separator = max(layout.separators, key=lambda character: first_line.count(character.encode()))
    rows = records(io.TextIOWrapper(buffered, encoding="utf-8-sig", newline=""), path, separator)
    first = next(rows, None)
    if first is None:
        msg = "the file is empty."
        raise SourceError(msg, file=path, remedy=FETCH)
    header, has_header = _header(first[1], path, layout)
    places = _places(header, path, layout)
    frames: list[pd.DataFrame] = []
    lines: list[int] = []
    kept: list[list[str]] = []
    for line, fields in rows if has_header else chain([first], rows):
        lines.append(line)
        kept.append([fields[place] if place is not None else "" for place in places])
        if len(kept) == _CHUNK:
            frames.append(text_frame(kept, lines, layout.columns))
            lines, kept = [], []
    if kept or not frames:
        frames.append(text_frame(kept, lines, layout.columns))
    # what stands in a last column that is not read may be cut off
    ended = watched.last in (b"\n", b"\r") or len(header) - 1 not in places
    return RawEvents(whole(pd.concat(frames), path, ended=ended), has_header)


def _header(first: list[str], path: Path, layout: Layout) -> tuple[list[str], bool]:
    names = [name.strip().lower() for name in first]
    known = {name for names_ in layout.columns.values() for name in names_} | set(layout.order)
    if sum(name in known for name in names) >= min(_SURE, len(layout.columns)):
        return names, True
    if layout.order and len(first) == len(layout.order) and first[0].strip().removesuffix(".0").isdigit():
        return list(layout.order), False
    shown = ", ".join(repr(name) for name in first[:6]) + (", ..." if len(first) > 6 else "")  # noqa: PLR2004 - a line
    msg = f"the first line names none of the columns that belong there; it has {shown}."
    if layout.order:
        msg += f" A file without a header must have {len(layout.order)} columns; this one has {len(first)}."
    raise SchemaError(msg, file=path, row=1, remedy="Name a file of events as its publisher gives it out.")


def _places(header: list[str], path: Path, layout: Layout) -> list[int | None]:
    places: list[int | None] = []
    for column, names in layout.columns.items():
        name = next((name for name in names if name in header), None)
        if name is not None and header.count(name) == 1:
            places.append(header.index(name))
        elif name is None and column in layout.optional:
            places.append(None)
        else:
            near = get_close_matches(names[0], header, n=1)
            hint = f" Is it {near[0]!r}?" if near else ""
            msg = "the column is missing." + hint if name is None else "the column stands there more than once."
            remedy = "Fetch a file as its publisher gives it out."
            raise SchemaError(msg, file=path, row=1, column=name or names[0], remedy=remedy)
    return places


def _encoding_fault(path: Path) -> SourceError:
    """Go through the file once more for the line of the first byte that is not UTF-8."""
    line = 1
    with _open(path) as binary:
        for line, raw in enumerate(binary, start=1):
            try:
                raw.decode("utf-8")
            except UnicodeDecodeError as error:
                msg = f"the file is not utf-8 text (byte {raw[error.start]:#04x})."
                return SourceError(msg, file=path, row=line, remedy="Save it as UTF-8, or fetch it again.")
    msg = "the file is not utf-8 text: it ends amid a character."
    return SourceError(msg, file=path, row=line, remedy=FETCH)
