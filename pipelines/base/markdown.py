"""The one writer of Markdown tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["table_lines"]


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


def _line(cells: Iterable[object]) -> str:
    told = (str(cell).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(told)} |"
