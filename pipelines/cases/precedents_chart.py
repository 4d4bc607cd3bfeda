"""Cases side by side: deaths a month around the event of each, beside the mean of its matched months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import numpy as np
import pandas as pd

from ...features.errors import ConfigError
from .pictures import PICTURES, check_picture, small_multiples, write_drawing
from .questions import question_words

if TYPE_CHECKING:
    from pathlib import Path

    from .precedents import Precedents

__all__ = ["MOST_SHOWN", "PICTURES", "draw_cases", "monthly", "write_picture"]

#: Cases in a picture, the latest ones.
MOST_SHOWN: Final = 24
_COLUMNS, _SIZE = 4, (230, 130)
_CASE, _MATCHED, _EVENT = "#35618f", "#e6842a", "#b3261e"


def monthly(found: Precedents) -> pd.DataFrame:
    """Deaths a month around the event: ``case``, ``step`` (0 in its month), ``deaths`` and ``matched``, the mean.

    Of the latest `MOST_SHOWN` cases; months that are not known or not over are empty.
    """
    within, rows = found.question.within, found.rows
    steps = np.arange(-within, within + 1)
    parts: list[pd.DataFrame] = []
    for case in found.cases.sort_values("date", kind="stable")["case"].tolist()[-MOST_SHOWN:]:
        own = rows[rows["case"] == case]
        deaths = np.array(own["deaths"].tolist(), dtype=np.float64)
        matched = deaths[1:].mean(axis=0) if len(deaths) > 1 else np.full(len(steps), np.nan)
        name = f"{own['country'].iloc[0]}, {own['month'].iloc[0]}"
        parts.append(pd.DataFrame({"case": name, "step": steps, "deaths": deaths[0], "matched": matched}))
    columns = {"case": "str", "step": "int64", "deaths": "float64", "matched": "float64"}
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(columns)).astype(columns)


def draw_cases(found: Precedents) -> dict[str, Any]:
    """Draw the cases as small multiples, as a Vega-Lite specification.

    Raises
    ------
    ConfigError
        If there is no case.
    """
    table = monthly(found)
    if table.empty:
        msg = f"there is no case of {question_words(found.question)} to draw."
        raise ConfigError(msg)
    table = table.assign(low=table["step"] - 0.45, high=table["step"] + 0.45)
    ticks = [-found.question.within, 0, found.question.within]
    axis = alt.Axis(values=ticks, title="months from the event", titleFontWeight="normal", grid=False)
    scale = alt.Scale(domain=[ticks[0] - 0.5, ticks[2] + 0.5], nice=False)
    base = alt.Chart()
    bars = base.mark_rect(color=_CASE).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", y=alt.Y("deaths:Q", title=None), y2=alt.datum(0)
    )
    line = base.mark_line(color=_MATCHED, strokeWidth=2).encode(x=alt.X("step:Q", scale=scale), y="matched:Q")
    event = base.mark_rule(color=_EVENT, strokeDash=[4, 3]).encode(x=alt.datum(0))
    about, many = question_words(found.question), len(found.cases)
    shown = f"the latest {MOST_SHOWN} of {many} cases" if many > MOST_SHOWN else f"{many} cases"
    subtitle = [
        "Deaths a month around the event (dashed), UCDP; orange: mean of the matched months.",
        "Scales differ. No cause is shown.",
    ]
    title = alt.Title(f"{about[0].upper()}{about[1:]}: {shown}", subtitle=subtitle, anchor="start")
    return small_multiples((bars, line, event), table, "case", title=title, size=_SIZE, columns=_COLUMNS, free="y")


def write_picture(found: Precedents, file: Path) -> Path:
    """Write the picture of the cases as PNG or SVG, by the file's name.

    Raises
    ------
    ConfigError
        If the name ends in neither, there is no case, or the file cannot be written.
    """
    check_picture(file)
    return write_drawing(draw_cases(found), file)
