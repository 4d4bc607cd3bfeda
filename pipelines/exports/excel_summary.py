"""The sheet that a workbook opens on: the issue's lists, readable without another sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ..issue.selection import of_windows
from ..issue.watchlist import watchlist

if TYPE_CHECKING:
    from .about import About

__all__ = ["write_summary"]

_COLUMNS: Final = (
    ("place", "", 30, None),
    ("country", "location_name", 26, None),
    ("probability", "probability", 12, "0%"),
    ("how often to anyone", "base_rate", 12, "0%"),
    ("deaths, median", "q50", 12, "#,##0"),
    ("at least (5 %)", "q05", 12, "#,##0"),
    ("at most (95 %)", "q95", 12, "#,##0"),
    ("deaths in as many months before", "deaths_before", 16, "#,##0"),
    ("from", "reference_period_start", 12, "mmm yyyy"),
    ("to", "reference_period_end", 12, "mmm yyyy"),
)
_LEVELS: Final = {0: "Countries", 1: "Regions"}


def write_summary(book: Any, scores: pd.DataFrame, about: About, bold: Any, text: Any) -> None:
    """Write the sheet ``summary``: title, age of the data, and each list of countries and of regions that was scored.

    Where there are windows of both kinds, lists are of those from today, as in the brief.

    Parameters
    ----------
    book, bold, text
        Workbook, format of heads, and what writes texts as texts.
    scores, about
        The issue.
    """
    sheet = book.add_worksheet("summary")
    sheet.hide_gridlines(2)
    large, grey = book.add_format({"bold": True, "font_size": 14}), book.add_format({"font_color": "#4D5A66"})
    formats = {shape: book.add_format({"num_format": shape}) for *_, shape in _COLUMNS if shape}
    for position, (_, _, width, _) in enumerate(_COLUMNS):
        sheet.set_column(position, position, width)
    sheet.write_string(0, 0, about.title, large)
    sheet.write_string(1, 0, f"Issue {about.issue}, data through {about.data_through}. All rows: sheet scores.", grey)
    row = 3
    for (level, name), rows in watchlist(of_windows(scores, "today")).groupby(["admin_level", "list"], sort=False):
        target = str(rows["target"].iloc[0])
        heading = f"{_LEVELS[int(str(level))]}: {str(name).replace('_', ' ')}"
        sheet.write_string(row, 0, heading, large)
        text.write(sheet, row + 1, 0, about.targets.get(target, target))
        for position, (head, *_) in enumerate(_COLUMNS):
            sheet.write_string(row + 2, position, head, bold)
        row += 3
        for unit in rows.to_dict("records"):
            _line(sheet, row, unit, formats, text)
            row += 1
        row += 1


def _line(sheet: Any, row: int, unit: dict[Any, Any], formats: dict[str, Any], text: Any) -> None:
    place = unit["admin1_name"] if unit["admin_level"] else unit["location_name"]
    for position, (_, column, _, shape) in enumerate(_COLUMNS):
        value = unit[column] if column else place
        if pd.isna(value):
            continue
        if isinstance(value, pd.Timestamp):
            sheet.write_datetime(row, position, value.to_pydatetime(), formats[str(shape)])
        elif shape is None:
            text.write(sheet, row, position, str(value))
        else:
            sheet.write_number(row, position, float(value), formats[shape])
