"""The case of Mali: what the models said as of each quarter while forces came and went, beside what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd
import vl_convert

from ...features.blocks.actors import deadly_debuts
from ...features.panels.build import panel_of
from ...features.targets.build import TARGETS
from ...models.probabilities.kept_blocks import kept_blocks
from ...models.rows.design import label
from ..base.markdown import table_lines
from ..base.whole import write_bytes, write_text
from ..learn.train import train_level
from .mali_effects import added_by_facts, effects_section
from .mali_regions import region_forecasts, region_section

if TYPE_CHECKING:
    from pathlib import Path

    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot
    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["QUESTIONS", "quarterly_forecasts", "write_case_study"]

ISO3, COUNTRY = "MLI", "Mali"
FIRST, LAST, STEP = pd.Period("2021-08", "M"), pd.Period("2023-11", "M"), 3
#: Target and horizon of each question asked, with the words for it.
QUESTIONS = {
    ("violence_25", 1): "at least 25 deaths in the next month",
    ("escalation", 3): "25 deaths and twice those of the 3 months before, within 3 months",
    ("new_armed_actor", 12): "a new armed actor within 12 months",
}
#: Forecasts on the wrong side of even odds are named as misses.
EVEN = 0.5
_FORCES = ("Barkhane", "Wagner", "MINUSMA")


def quarterly_forecasts(settings: Settings, snapshot: Snapshot, progress: Progress) -> pd.DataFrame:
    """Learn as of each quarter, score Mali, and look up what happened.

    Returns
    -------
    One row a quarter and question: ``origin``, ``target``, ``horizon_months``, ``probability``, ``low``, ``high``,
    ``baseline``, ``rank`` among the countries at risk, ``at_risk`` (their number), ``outcome``, ``deaths_ahead``,
    ``blocks``, what the model learned from, and the columns of `added_by_facts`.
    """
    origins = [FIRST + step for step in range(0, LAST.ordinal - FIRST.ordinal + 1, STEP)]
    today = _panel(snapshot, None)
    mali = int(np.flatnonzero(today.units["iso3"].to_numpy() == ISO3)[-1])
    rows: list[dict[str, object]] = []
    with progress.stage("Learning as of each quarter", len(origins)) as done:
        for origin in origins:
            panel = _panel(snapshot, origin)
            at, unit = panel.shape[0] - 1, int(np.flatnonzero(panel.units["iso3"].to_numpy() == ISO3)[-1])
            everyone = np.flatnonzero(panel.observed[-1])
            for name, horizon in QUESTIONS:
                target = TARGETS[name]
                campaign = train_level(
                    panel, horizons=(horizon,), targets=(name,), seed=settings.seed, threads=settings.threads
                )
                labelled = label(panel, target, horizon)
                told = labelled.inputs(campaign.features, np.full(len(everyone), at), everyone)
                forecast = campaign.models[name].horizons[horizon].forecast(told)
                risk = target.at_risk(panel)[at, everyone]
                here = int(np.flatnonzero(everyone == unit)[0])
                said = float(forecast.probability[here])
                rows.append(
                    {
                        "origin": str(origin),
                        "target": name,
                        "horizon_months": horizon,
                        "probability": said,
                        "low": float(forecast.low[here]),
                        "high": float(forecast.high[here]),
                        "baseline": float(forecast.baseline[here]),
                        "rank": 1 + int((forecast.probability[risk] > forecast.probability[here]).sum()),
                        "at_risk": int(risk.sum()),
                        "outcome": float(target.label(today, horizon)[today.position(origin), mali]),
                        "deaths_ahead": float(today.deaths[today.position(origin) + 1 :][:3, mali].sum()),
                        "blocks": kept_blocks("country", name, blocks=dict.fromkeys(campaign.features.block)),
                        **added_by_facts(panel, name, horizon, unit, said),
                    }
                )
            done()
    return pd.DataFrame(rows)


def _panel(snapshot: Snapshot, origin: pd.Period | None) -> Panel:
    return panel_of(snapshot, "country", as_of=origin, territory=True)


def write_case_study(settings: Settings, snapshot: Snapshot, out: Path, progress: Progress) -> list[Path]:
    """Write ``case-mali.md`` and its two pictures.

    Returns
    -------
    The files written.
    """
    table = quarterly_forecasts(settings, snapshot, progress)
    images = out / "images"
    files = [out / "case-mali.md", images / "case-mali-deaths.png", images / "case-mali-forecasts.png"]
    write_bytes(files[1], _png(_deaths_chart(snapshot)))
    write_bytes(files[2], _png(_forecast_chart(table)))
    by_region = region_section(region_forecasts(settings, snapshot, progress))
    write_text(files[0], _page(table, snapshot, by_region))
    return files


def _deaths(snapshot: Snapshot) -> pd.DataFrame:
    gwno = int(snapshot.countries.loc[snapshot.countries["iso3"] == ISO3, "gwno"].iloc[-1])
    events = snapshot.country_month
    mine = events[(events["gwno"] == gwno) & events["month"].between("2020-01-01", "2024-12-31")]
    months = pd.date_range("2020-01-01", "2024-12-01", freq="MS", name="month")
    return mine.groupby("month")["deaths"].sum().reindex(months, fill_value=0).reset_index()


def _comings_and_goings(snapshot: Snapshot) -> pd.DataFrame:
    facts = snapshot.deployments
    mine = facts[(facts["iso3"] == ISO3) & facts["date"].between("2021-01-01", "2024-01-31")]
    mine = mine[mine["mission"].str.contains("|".join(_FORCES)) & mine["fact"].isin(("arrival", "departure"))]
    first = mine[mine["fact"] == "arrival"].drop_duplicates("mission")
    last = mine[mine["fact"] == "departure"].drop_duplicates("mission", keep="last")
    both = pd.concat([first, last]).sort_values("date", ignore_index=True)
    verb = both["fact"].map({"arrival": "first there", "departure": "gone"})
    return both.assign(words=both["mission"] + " " + verb)[["date", "words", "source"]]


def _deaths_chart(snapshot: Snapshot) -> Any:
    bars = (
        alt.Chart(_deaths(snapshot))
        .mark_bar(color="#9aa5b1")
        .encode(x=alt.X("month:T", title=None), y=alt.Y("deaths:Q", title="deaths a month (UCDP best)"))
    )
    moves = _comings_and_goings(snapshot)[["date", "words"]]
    lines = alt.Chart(moves).mark_rule(color="#b3261e").encode(x="date:T")
    names = (
        alt.Chart(moves)
        .mark_text(angle=270, align="right", dx=-4, dy=-5, color="#b3261e")
        .encode(x="date:T", y=alt.value(0), text="words:N")
    )
    return alt.layer(bars, lines, names).properties(width=720, height=300, title="Mali: deaths, and forces that moved")


def _forecast_chart(table: pd.DataFrame) -> Any:
    shown = table.assign(
        month=pd.PeriodIndex(table["origin"], freq="M").to_timestamp(),
        happened=table["outcome"].map({1.0: "happened", 0.0: "did not happen"}).fillna("not known yet"),
    )
    panels = []
    for (name, horizon), words in QUESTIONS.items():
        rows = shown[(shown["target"] == name) & (shown["horizon_months"] == horizon)]
        base = alt.Chart(rows).encode(x=alt.X("month:T", title=None, axis=alt.Axis(format="%Y-%m")))
        scale = alt.Scale(domain=[0, 1])
        band = base.mark_rule(color="#35618f").encode(
            y=alt.Y("low:Q", scale=scale, axis=alt.Axis(format="%"), title="probability"), y2="high:Q"
        )
        line = base.mark_line(color="#35618f").encode(y=alt.Y("probability:Q", scale=scale))
        dots = base.mark_point(size=90, filled=True).encode(
            y=alt.Y("probability:Q", scale=scale),
            color=alt.Color(
                "happened:N",
                title="outcome",
                scale=alt.Scale(
                    domain=["happened", "did not happen", "not known yet"], range=["#b3261e", "#35618f", "#9aa5b1"]
                ),
            ),
        )
        panels.append(alt.layer(band, line, dots).properties(width=720, height=190, title=f"Mali: {words}"))
    return alt.vconcat(*panels)


def _png(chart: Any) -> bytes:
    return vl_convert.vegalite_to_png(chart.to_json(), scale=1.6)


def misses(table: pd.DataFrame) -> list[str]:
    """Name the forecasts on the wrong side of even odds, in sentences."""
    lines: list[str] = []
    for (name, horizon), words in QUESTIONS.items():
        rows = table[(table["target"] == name) & (table["horizon_months"] == horizon) & table["outcome"].notna()]
        missed = rows[(rows["outcome"] == 1) & (rows["probability"] < EVEN)]
        false = rows[(rows["outcome"] == 0) & (rows["probability"] >= EVEN)]
        happened = int(rows["outcome"].sum())
        lines.append(f"- **{words}**: it happened after {happened} of {len(rows)} origins.")
        for what, wrong in (("Missed (happened, below even odds)", missed), ("False alarms", false)):
            if len(wrong):
                named = ", ".join(f"{row['origin']} ({row['probability']:.0%})" for _, row in wrong.iterrows())
                lines.append(f"  {what}: {named}.")
        if missed.empty and false.empty:
            lines.append("  No forecast stood on the wrong side of even odds.")
        if 0 < happened < len(rows):
            apart = rows.groupby("outcome")["probability"].mean()
            better = "higher" if apart[1.0] > apart[0.0] else "no higher"
            lines.append(
                f"  The mean forecast was {apart[1.0]:.0%} where it happened and {apart[0.0]:.0%} where it did not: "
                f"{better} before it happened."
            )
        elif happened in (0, len(rows)):
            lines.append("  The outcome never changed, so these forecasts cannot show whether the model tells apart.")
    return lines


def newcomers(snapshot: Snapshot) -> str:
    """Name the groups that came within the time that the forecasts speak of, with the month of their 25th death."""
    panel = panel_of(snapshot, "country")
    actors, names = panel.actors, snapshot.actors.set_index("actor_id")["name"]
    first, last = panel.position(FIRST + 1), panel.position(LAST + 12)
    mali = np.flatnonzero(panel.units["iso3"].to_numpy() == ISO3)[-1]
    came = deadly_debuts(actors)[first : last + 1]
    found = [
        f"{names[int(actors.actor[pair])]} ({panel.months[first + int(month)]})"
        for month, pair in np.argwhere(came)
        if actors.unit[pair] == mali
    ]
    return f"New groups that killed 25 in these months: {', '.join(found) or 'none'}."


def _growth(table: pd.DataFrame) -> str:
    rows = table[table["target"] == "violence_25"]
    deaths, p = rows["deaths_ahead"], rows["probability"]
    peak = rows.iloc[int(deaths.to_numpy().argmax())]
    return (
        f"Deaths in the three months after an origin ran from {deaths.min():,.0f} to {deaths.max():,.0f} (after "
        f"{peak['origin']}), while the probability of 25 deaths in a month moved between {p.min():.0%} and "
        f"{p.max():.0%}. A threshold that Mali passes almost every month says nothing of how bad a month will be: "
        "that target could not have shown the rise; `escalation` asks for it."
    )


def _page(table: pd.DataFrame, snapshot: Snapshot, by_region: list[str]) -> str:
    moves = _comings_and_goings(snapshot)
    lines = [
        "# Case study: Mali, August 2021 to the end of 2023",
        "",
        "What the models said as of each quarter, before Barkhane left, while Wagner came and before MINUSMA ended,",
        "beside what happened. Every model is learned afresh from what was known at its origin. Made by",
        "`faultline case-study mali`; every number below comes from the data.",
        "",
        "A limit: UCDP's final figures stand in for those that were public in the month (only the dates of coups,",
        "deployments and transitions are as known).",
        "",
        "What followed like events elsewhere, beside months without one: [precedents](precedents.md).",
        "",
        "![Deaths a month, and forces that moved](images/case-mali-deaths.png)",
        "",
        *table_lines(
            ("date", "what", "source"),
            ((f"{row['date']:%Y-%m-%d}", row["words"], row["source"]) for _, row in moves.iterrows()),
        ),
        "",
        "## Forecasts",
        "",
        "Rank is among the countries at risk of the event (of 25 deaths: all; of an escalation: those with a death",
        "within the last 12 months).",
        "",
        "![Forecasts and outcomes](images/case-mali-forecasts.png)",
    ]
    for (name, horizon), words in QUESTIONS.items():
        lines += ["", f"### {words.capitalize()} (`{name}`, H = {horizon})", ""]
        lines += table_lines(
            ("as of", "probability", "90 % range", "persistence", "rank", "happened"),
            (
                (
                    *(row["origin"], f"{row['probability']:.0%}", f"{row['low']:.0%} to {row['high']:.0%}"),
                    *(f"{row['baseline']:.0%}", f"{row['rank']} of {row['at_risk']}"),
                    "not known yet" if pd.isna(row["outcome"]) else "yes" if row["outcome"] else "no",
                )
                for _, row in table[(table["target"] == name) & (table["horizon_months"] == horizon)].iterrows()
            ),
        )
    lines += ["", "## Misses", "", *misses(table), "", newcomers(snapshot), "", _growth(table), ""]
    lines += [*effects_section(table, QUESTIONS), "", *by_region, ""]
    return "\n".join(lines)
