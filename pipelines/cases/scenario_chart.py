"""A scenario as a picture: a small chart for each of a country's scores, as it is and under the scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from ...features.errors import CoverageError
from .pictures import small_multiples
from .scenario_words import stated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .changes import Changes

__all__ = ["before_and_after", "draw_moved"]

_COLUMNS, _SIZE = 3, (250, 64)
_AS_IS, _SCENARIO = "as is", "scenario"
#: Least that a chart reaches to either side: a point; a hundredth of the deaths as they are, or one death.
_LEAST_POINTS, _LEAST_SHARE, _LEAST_DEATHS = 1.0, 0.01, 1.0
_SERVED, _REFUSED, _BEFORE = "#35618f", "#9a9a9a", "#e6842a"


def before_and_after(table: pd.DataFrame) -> pd.DataFrame:
    """Lay out the country's rows of a scenario for drawing, two for each score.

    Parameters
    ----------
    table
        As `~faultline.pipelines.cases.facts_scenario.facts_scenario` gives it.

    Returns
    -------
    ``chart`` (its heading), ``which`` of the two, ``value`` with ``low`` and ``high`` (per cent, or deaths; as it is,
    both are the value), ``said`` in words, ``colour``, and ``from`` and ``to``, the ends of its chart. All charts of
    probabilities span as many points, and those of deaths the same share of the deaths as they are, so that what looks
    far is far.
    """
    rows = [line for row in table[table["admin_level"] == 0].to_dict("records") for line in _lines(row)]
    told = pd.DataFrame(rows, columns=["chart", "which", "value", "low", "high", "said", "colour", "deaths"])
    as_is = told.groupby("chart", sort=False)["value"].transform("first")
    deaths = told["deaths"].astype("bool")
    unit = as_is.where(deaths, 1.0)
    far = told[["value", "low", "high"]].sub(as_is, axis=0).abs().max(axis=1) / unit.where(unit > 0)
    reach = far.groupby(deaths).transform("max").fillna(0.0)
    reach = (unit * reach.clip(lower=deaths.map({True: _LEAST_SHARE, False: _LEAST_POINTS}))).where(
        ~deaths, lambda spans: spans.clip(lower=_LEAST_DEATHS)
    )
    start = (as_is - reach).clip(lower=0.0)
    return told.drop(columns="deaths").assign(**{"from": start, "to": start + 2 * reach})


def _lines(row: Mapping[Any, Any]) -> Iterator[dict[str, object]]:
    deaths = row["measure"] == "deaths"
    times = 1.0 if deaths else 100.0
    served = "" if row["served"] else ", not served"
    ahead = f"{row['horizon_months']} month{'s' if row['horizon_months'] > 1 else ''}"
    chart = f"{row['target']}, {ahead}, {'deaths' if deaths else '%'}{served}"
    before, after = times * row["as_is"], times * row["scenario"]
    low, high = (before + times * row[end] for end in ("low", "high"))

    def said(value: float) -> str:
        return f"{value:,.1f}" if deaths else f"{value:.1f} %"

    yield {
        "chart": chart,
        "which": _AS_IS,
        "value": before,
        "low": before,
        "high": before,
        "said": said(before),
        "colour": _BEFORE,
        "deaths": deaths,
    }
    yield {
        "chart": chart,
        "which": _SCENARIO,
        "value": after,
        "low": low,
        "high": high,
        "said": f"{said(after)} ({said(low)} to {said(high)})",
        "colour": _SERVED if row["served"] else _REFUSED,
        "deaths": deaths,
    }


def draw_moved(table: pd.DataFrame, iso3: str, changes: Changes, issue: str) -> dict[str, Any]:
    """Draw a scenario as small multiples, as a Vega-Lite specification.

    Parameters
    ----------
    table
        As `~faultline.pipelines.cases.facts_scenario.facts_scenario` gives it.
    issue
        Whose scores it moves.

    Raises
    ------
    CoverageError
        If no score of the country itself has a layer.
    """
    told = before_and_after(table.sort_values("served", ascending=False, kind="stable"))
    if told.empty:
        msg = f"no score of {iso3} itself has a layer to draw."
        raise CoverageError(msg, remedy="Its regions stand in the table.")
    scale, which = alt.Scale(zero=False, nice=False, padding=26), alt.Y("which:N", title=None, sort=[_AS_IS, _SCENARIO])
    axis = alt.Axis(title=None, tickCount=4, grid=False)
    base = alt.Chart().encode(y=which, color=alt.Color("colour:N", scale=None))
    interval = base.mark_rule(strokeWidth=3, opacity=0.45).encode(x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q")
    reach = base.mark_rule(opacity=0).encode(x=alt.X("from:Q", scale=scale, axis=axis), x2="to:Q")
    point = base.mark_point(filled=True, size=70, opacity=1).encode(x="value:Q")
    words = base.mark_text(dy=-11, fontSize=10).encode(x="value:Q", text="said:N")
    subtitle = [
        "Bars: 90 % interval of what the facts go with. Grey: not served, scores stay.",
        "Charts in % span equally many points, those of deaths an equal share of the deaths as they are.",
        "An association with past facts, not a causal effect.",
    ]
    title = alt.Title(f"{iso3}, issue {issue}: {stated(changes)}", subtitle=subtitle, anchor="start")
    layers = reach, interval, point, words
    return small_multiples(layers, told, "chart", title=title, size=_SIZE, columns=_COLUMNS, free="x")
