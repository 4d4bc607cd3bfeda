"""Excel: a readable summary, the scores with a frozen header, filters and formats, and what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter

from ..base.csv_files import FORMULA_STARTS
from .about import LICENCE, LICENCE_URL
from .excel_summary import write_summary

if TYPE_CHECKING:
    from pathlib import Path

    from .about import About

__all__ = ["write_xlsx"]

#: Excel's formats: probabilities as per cent, deaths with separators, dates as ISO writes them.
_PER_CENT, _DEATHS, _DATE, _CHANGE = "0.0%", "#,##0.0", "yyyy-mm-dd", "+0.0%;-0.0%;0.0%"
_FORMATS = {
    **dict.fromkeys(("probability", "prob_low", "prob_high", "baseline_probability", "base_rate"), _PER_CENT),
    **dict.fromkeys(("change_since_last_issue", "effects_share", "effects_low", "effects_high"), _CHANGE),
    **dict.fromkeys(("mean_deaths", "q05", "q25", "q50", "q75", "q95", "severe_deaths", "deaths_before"), _DEATHS),
    "risk_score_0_10": "0.0",
}
_WIDEST = 44


def write_xlsx(scores: pd.DataFrame, about: About, folder: Path) -> None:
    """Write ``scores.xlsx``: sheets ``summary``, which it opens on, ``scores`` and ``about``.

    No text can run as a formula or a link: every text is written as text, and one that begins like a formula is marked
    so that it stays text when it is edited.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(folder / "scores.xlsx", {**options, "nan_inf_to_errors": False}) as book:
        book.set_properties(
            {
                "title": about.title,
                "author": about.made_by,
                "comments": f"{LICENCE} {LICENCE_URL}",
                # a fixed day, so that the same scores give the same bytes
                "created": pd.Timestamp(about.data_through).to_pydatetime(),
            }
        )
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        text = _Texts(book)
        write_summary(book, scores, about, bold, text)
        _scores(book, scores, bold, text)
        _about(book, about, bold, text)


class _Texts:
    """Writes texts as texts."""

    def __init__(self, book: Any) -> None:
        self.marked = book.add_format({"quote_prefix": True})

    def write(self, sheet: Any, row: int, column: int, value: str) -> None:
        sheet.write_string(row, column, value, self.marked if value.startswith(FORMULA_STARTS) else None)


def _scores(book: Any, scores: pd.DataFrame, bold: Any, text: _Texts) -> None:
    sheet = book.add_worksheet("scores")
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(scores), len(scores.columns) - 1)
    for position, name in enumerate(scores.columns):
        values = scores[name]
        day = pd.api.types.is_datetime64_any_dtype(values)
        shape = book.add_format({"num_format": _DATE if day else _FORMATS[name]}) if day or name in _FORMATS else None
        sheet.set_column(position, position, min(_WIDEST, max(11, len(name) + 2)), shape)
        sheet.write_string(0, position, name, bold)
        for row, value in enumerate(values.astype("object"), 1):
            if not pd.isna(value):
                _write(sheet, (row, position), value, shape, text)


def _write(sheet: Any, at: tuple[int, int], value: Any, shape: Any, text: _Texts) -> None:
    match value:
        case str():
            text.write(sheet, *at, value)
        case bool():
            sheet.write_boolean(*at, value)
        case pd.Timestamp():
            sheet.write_datetime(*at, value.to_pydatetime(), shape)
        case _:
            sheet.write_number(*at, value, shape)


def _about(book: Any, about: About, bold: Any, text: _Texts) -> None:
    sheet = book.add_worksheet("about")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 3, 60)
    edges = ", ".join(f"{edge:g}" for edge in about.risk_class_edges)
    blocks: list[tuple[tuple[str, ...], list[tuple[str, ...]]]] = [
        (
            ("what", "value"),
            [
                ("title", about.title),
                ("issue", about.issue),
                ("data through", about.data_through),
                ("made by", about.made_by),
                ("licence", f"{LICENCE} {LICENCE_URL}"),
                ("risk classes", f"2 to 5 begin at probabilities of {edges}; the edges never move"),
            ],
        ),
        (("target", "meaning"), list(about.targets.items())),
        (("column", "meaning", "unit", "type"), [(c.name, c.description, c.unit, c.dtype) for c in about.columns]),
        (
            ("source", "citation", "licence", "version"),
            [(s["source"], s["citation"], s["licence"], s["version"]) for s in about.sources],
        ),
    ]
    row = 0
    for head, lines in blocks:
        for column, value in enumerate(head):
            sheet.write_string(row, column, value, bold)
        for line in lines:
            row += 1
            for column, value in enumerate(line):
                text.write(sheet, row, column, value)
        row += 2
