"""Deaths of the last years beside each unit: a small picture and the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from .charts import picture

if TYPE_CHECKING:
    from .wording import Wording

__all__ = ["Sparkline", "deaths_by_unit", "last_year", "sparkline"]

WIDTH, HEIGHT = 150, 28
LAST_MONTHS = 60


@dataclass(frozen=True)
class Sparkline:
    """Deaths a month of one unit.

    Attributes
    ----------
    source
        The picture as a data URI.
    text, alt
        What it shows, in words, briefly and in full.
    """

    source: str
    text: str
    alt: str


def deaths_by_unit(history: pd.DataFrame) -> dict[tuple[int, str], pd.Series]:
    """Split the history by unit.

    Returns
    -------
    dict
        Level and key of the unit, to its deaths by month, at most the last 60.
    """
    key = history["admin1_code"].where(history["admin_level"] == 1, history["location_code"])
    ordered = history.assign(key=key, month=pd.to_datetime(history["month"])).sort_values("month")
    return {
        (int(str(level)), str(unit)): rows.set_index("month")["deaths"].tail(LAST_MONTHS)
        for (level, unit), rows in ordered.groupby(["admin_level", "key"])
    }


def last_year(deaths: pd.Series | None) -> float:
    """Deaths in the last 12 months of a history, NaN if there is none."""
    return float("nan") if deaths is None or deaths.empty else float(deaths.tail(12).sum())


def _template() -> dict[str, Any]:
    area = (
        alt.Chart(alt.NamedData(name="deaths"), width=WIDTH, height=HEIGHT, padding=0)
        .mark_area(color="#4a5560", interpolate="step", aria=False)
        .encode(
            x=alt.X("i:Q", axis=None, scale=alt.Scale(domain=[0, LAST_MONTHS], nice=False)),
            # One terrible month would hide all the others on a linear scale; the caption says that this is none.
            y=alt.Y("deaths:Q", axis=None, scale=alt.Scale(type="sqrt", zero=True, nice=False)),
        )
        .configure_view(stroke=None)
    )
    return area.to_dict()


_SPEC = _template()


def sparkline(deaths: pd.Series | None, wording: Wording) -> Sparkline | None:
    """Draw a unit's deaths a month, each unit on its own scale, and say the same in words.

    Parameters
    ----------
    deaths
        Indexed by month, oldest first, at most 60.
    wording
        Language.
    """
    if deaths is None or deaths.empty:
        return None
    values = [float(value) for value in deaths]
    steps = [{"i": LAST_MONTHS - len(values) + i + 0.5, "deaths": value} for i, value in enumerate(values)]
    text = wording.say("row.quiet")
    if max(values) > 0:
        peak = deaths.idxmax()
        text = wording.say(
            "row.peak",
            peak=wording.count(max(values)),
            month=wording.month(pd.Timestamp(str(peak)).date()),
            year=wording.count(last_year(deaths)),
        )
    span = [wording.month(pd.Timestamp(str(month)).date()) for month in (deaths.index[0], deaths.index[-1])]
    return Sparkline(
        source=picture(_SPEC | {"datasets": {"deaths": steps}}),
        text=text,
        alt=wording.say("history.alt", first=span[0], last=span[1], text=text),
    )
