"""Deaths of the last years beside each unit: a small picture and the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from .charts import picture

if TYPE_CHECKING:
    from .wording import Wording

__all__ = ["History", "Sparkline", "deaths_by_unit", "last_year", "sparkline"]

WIDTH, HEIGHT = 150, 28
LAST_MONTHS, YEAR = 60, 12


@dataclass(frozen=True)
class History:
    """What is shown of a unit's last months.

    Attributes
    ----------
    deaths
        Indexed by month, oldest first, at most 60.
    totals
        Months of `deaths` that are war totals, and what is said of each.
    """

    deaths: pd.Series
    totals: tuple[tuple[pd.Timestamp, str], ...] = ()


@dataclass(frozen=True)
class Sparkline:
    """Deaths a month of one unit.

    Attributes
    ----------
    source
        The picture as a data URI.
    text, alt
        What it shows, in words, briefly and in full.
    note
        That its peak, or a month of its last year, is a war total; empty if none is.
    """

    source: str
    text: str
    alt: str
    note: str


def deaths_by_unit(history: pd.DataFrame, totals: pd.DataFrame, wording: Wording) -> dict[tuple[int, str], History]:
    """Split the history by unit.

    Parameters
    ----------
    history
        Deaths per unit and month.
    totals
        War totals of countries, as `~faultline.pipelines.issue.country_facts.CountryFacts` has them.
    wording
        Language of what is said of them.

    Returns
    -------
    dict
        Level and key of the unit, to its deaths by month, at most the last 60.
    """
    said: dict[str, list[tuple[pd.Timestamp, str]]] = {}
    for row in totals.sort_values(["location_code", "month"]).to_dict("records"):
        month = pd.Timestamp(str(row["month"]))
        counts = {"deaths": wording.count(row["deaths"]), "n": int(row["events"])}
        said.setdefault(str(row["location_code"]), []).append(
            (month, wording.say("history.total", month=wording.month(month.date()), **counts))
        )
    key = history["admin1_code"].where(history["admin_level"] == 1, history["location_code"])
    ordered = history.assign(key=key, month=pd.to_datetime(history["month"])).sort_values(
        ["admin_level", "key", "month"], ignore_index=True
    )
    by_month = ordered.set_index("month")["deaths"]
    found: dict[tuple[int, str], History] = {}
    indices: Any = ordered.groupby(["admin_level", "key"]).indices
    for (level, unit), at in indices.items():
        deaths = by_month.iloc[at[0] : at[-1] + 1].tail(LAST_MONTHS)
        own = said.get(str(unit), []) if level == 0 else []
        found[int(level), str(unit)] = History(deaths, tuple(each for each in own if each[0] in deaths.index))
    return found


def last_year(history: History | None) -> float:
    """Deaths in the last 12 months of a history, NaN if there is none."""
    return float("nan") if history is None or history.deaths.empty else float(history.deaths.tail(YEAR).sum())


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


def sparkline(history: History | None, wording: Wording) -> Sparkline | None:
    """Draw a unit's deaths a month, each unit on its own scale, and say the same in words.

    Parameters
    ----------
    history
        Of the unit.
    wording
        Language.
    """
    if history is None or history.deaths.empty:
        return None
    deaths = history.deaths
    values = [float(value) for value in deaths]
    steps = [{"i": LAST_MONTHS - len(values) + i + 0.5, "deaths": value} for i, value in enumerate(values)]
    text = wording.say("row.quiet")
    if max(values) > 0:
        peak = deaths.idxmax()
        text = wording.say(
            "row.peak",
            peak=wording.count(max(values)),
            month=wording.month(pd.Timestamp(str(peak)).date()),
            year=wording.count(last_year(history)),
        )
    span = [wording.month(pd.Timestamp(str(month)).date()) for month in (deaths.index[0], deaths.index[-1])]
    told = {deaths.idxmax(), *deaths.index[-YEAR:]}
    return Sparkline(
        source=picture(_SPEC | {"datasets": {"deaths": steps}}),
        text=text,
        alt=wording.say("history.alt", first=span[0], last=span[1], text=text),
        note=" ".join(sentence for month, sentence in history.totals if month in told),
    )
