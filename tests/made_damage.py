"""Files damaged in ways that files get damaged, for readers to be tried on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from faultline.features.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Read = TypeVar("Read")
VALUES = [
    "",
    " ",
    "0",
    "-1",
    "1e9",
    "NaN",
    "2013-02-30",
    "1945-05-08",
    "9999-12-31",
    "MLI",
    "coup",
    "é",
    '"',
    ",",
    "\n",
    "\x00",
]


def start_of(path: Path, lines: int) -> bytes:
    """The first lines of a file."""
    return b"".join(path.read_bytes().splitlines(keepends=True)[:lines])


def attempt(reader: Callable[[Path], Read], file: Path) -> tuple[Read | None, DataError | None]:
    """What a reader makes of a file, or the one error that it may raise."""
    try:
        return reader(file), None
    except DataError as error:
        return None, error


def is_clear(found: DataError, file: Path, content: bytes) -> bool:
    """Whether an error names the file, what to do and, unless nothing is in the file, the row or the column."""
    placed = found.row is not None or found.column is not None
    return found.file == file and bool(found.remedy) and (placed or b"\n" not in content.strip())


@st.composite
def damaged(draw: st.DrawFn, whole: bytes, *, separator: bytes = b",") -> tuple[bytes, int | None]:
    """The file with a byte changed, a field replaced, a line gone or repeated, or its end cut off.

    And the line in which the fault must be found, if there is one: where one field of it was replaced by plain text.
    """
    lines = whole.splitlines(keepends=True)
    line = draw(st.integers(0, len(lines) - 1))
    match draw(st.sampled_from(["byte", "field", "field", "field", "gone", "twice", "cut"])):
        case "byte":
            at = draw(st.integers(0, len(whole) - 1))
            return whole[:at] + bytes([draw(st.integers(0, 255))]) + whole[at + 1 :], None
        case "field":
            fields = lines[line].rstrip(b"\n").split(separator)
            value = draw(st.sampled_from(VALUES)).encode()
            plain = b'"' not in lines[line] and not set(value) & set(b'",\n\x00')
            fields[draw(st.integers(0, len(fields) - 1))] = value
            lines[line] = separator.join(fields) + b"\n"
            return b"".join(lines), line + 1 if plain else None
        case "gone":
            del lines[line]
        case "twice":
            lines.insert(line, lines[line])
        case _:
            return whole[: draw(st.integers(0, len(whole) - 1))], None
    return b"".join(lines), None


def so_many(files: int) -> settings:
    """Try so many damaged files with FAULTLINE_FUZZ=full, and a tenth of them otherwise, the same ones each time."""
    full = os.environ.get("FAULTLINE_FUZZ") == "full"
    return settings(
        max_examples=files if full else files // 10,
        derandomize=not full,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
