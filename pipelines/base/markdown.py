"""The one writer of Markdown tables, and of pages of the docs that a script makes."""

from __future__ import annotations

import argparse
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["fill", "give_page", "table_lines"]


def table_lines(header: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    r"""Lay a table out as lines of Markdown: the header, its rule, and a line a row.

    Parameters
    ----------
    header
        Names of the columns.
    rows
        Their cells, told as `str` tells them; a bar in one is escaped.

    Examples
    --------
    >>> print("\n".join(table_lines(("month", "deaths"), [("2024-01", 3), ("2024-02", "1|2")])))
    | month | deaths |
    | --- | --- |
    | 2024-01 | 3 |
    | 2024-02 | 1\|2 |
    """
    names = list(header)
    return [_line(names), "|" + " --- |" * len(names), *map(_line, rows)]


def fill(text: str) -> list[str]:
    """Break a paragraph into lines of at most 120 characters, never inside a word."""
    return textwrap.wrap(text, 120, break_on_hyphens=False, break_long_words=False)


def give_page(document: Callable[[], str], about: str | None) -> None:
    """Make a script's page and write it to the file that ``--write`` names, or print it.

    Parameters
    ----------
    about
        What the script's ``--help`` says.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--write", type=Path, help="file to write the page to")
    file: Path | None = parser.parse_args().write
    if file is None:
        sys.stdout.write(document())
    else:
        file.write_text(document(), encoding="utf-8")


def _line(cells: Iterable[object]) -> str:
    told = (str(cell).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(told)} |"
