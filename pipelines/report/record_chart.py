"""Running skill as a picture: one line a horizon, the baseline at zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import altair as alt

from .charts import FONT, picture
from .forecasts import MAIN_TARGET

if TYPE_CHECKING:
    import pandas as pd

    from .wording import Wording

__all__ = ["Picture", "skill_picture"]

WIDTH, HEIGHT = 560, 150
#: Okabe & Ito's colours, safe for the colour-blind, for horizons from the shortest on.
_LINES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")


@dataclass(frozen=True)
class Picture:
    """A still picture: its data URI and what it shows."""

    source: str
    alt: str
    caption: str


def skill_picture(skill: pd.DataFrame, wording: Wording) -> Picture | None:
    """Draw the running skill for countries on the main event, None where it has fewer than two months."""
    own = skill[(skill["admin_level"] == 0) & (skill["target"] == MAIN_TARGET)].dropna(subset="skill")
    months = own["settled_through"].nunique()
    if months < 2:  # noqa: PLR2004  # a line needs two points
        return None
    order = [wording.say("horizon", n=int(horizon)) for horizon in sorted(own["horizon_months"].unique())]
    rows = [
        {
            "month": f"{end:%Y-%m}",
            "skill": round(float(value), 4),
            "ahead": wording.say("horizon", n=int(horizon)),
        }
        for end, value, horizon in zip(own["settled_through"], own["skill"], own["horizon_months"], strict=True)
    ]
    x = alt.X("month:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    lines = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(point=True)
        .encode(
            x=x,
            y=alt.Y("skill:Q", title=wording.say("record.skill_axis"), axis=alt.Axis(tickCount=4, format=".2~f")),
            color=alt.Color(
                "ahead:N",
                sort=order,
                scale=alt.Scale(domain=order, range=list(_LINES[: len(order)])),
                legend=alt.Legend(title=None, labelFontSize=12),
            ),
        )
    )
    zero = alt.Chart(alt.InlineData(values=[{"skill": 0}])).mark_rule(color="#1d2a35", strokeDash=[4, 3])
    chart = (
        alt.layer(zero.encode(y="skill:Q"), lines)
        .properties(width=WIDTH, height=HEIGHT, padding={"left": 2, "top": 8, "right": 30, "bottom": 2})
        .configure(font=FONT)
    )
    caption = wording.say("record.picture", event=wording.name("target", MAIN_TARGET))
    return Picture(
        picture(chart.configure_view(stroke=None).configure_axis(labelFontSize=11, titleFontSize=11).to_dict()),
        caption,
        caption,
    )
