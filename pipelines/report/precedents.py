"""Precedents in the brief: what followed events like those of a country's last two years, beside matched months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ...features.facts.happenings import EVENTS
from ..cases.precedents import past_of, precedents_of, questions_of, recent_events
from ..issue.facts_in_words import SENDER_WORDS

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot
    from ..cases.precedents import Precedents
    from ..cases.questions import Question
    from .wording import Wording

__all__ = ["PRECEDENTS", "like_events", "precedent_lines"]

PRECEDENTS: Final = (
    *("location_code", "event", "classes", "by_host", "month", "cases", "countries", "of_cases", "of_controls"),
    *("low", "high", "rises", "rises_of_cases", "rises_of_controls"),
)


def like_events(snapshot: Snapshot, panels: Mapping[str, Panel]) -> pd.DataFrame:
    """Compare the cases like each recent event of each country, as known at the end of the panels.

    Returns
    -------
    DataFrame
        `PRECEDENTS`: one row a country and kind of event, with the ``month`` of the last such event there, and the
        growth of deaths and share of rises of `~faultline.pipelines.cases.aftermath.compared`.
    """
    last = panels["country"].months[-1]
    past = past_of(snapshot, as_of=last, countries=panels["country"], regions=panels["region"])
    recent = recent_events(past)
    known: dict[Question, Precedents] = {}
    rows: list[dict[str, object]] = []
    here = set(past.panel.units.loc[past.panel.observed[-1], "iso3"])
    for code in sorted(here & set(recent["iso3"])):
        own = recent[recent["iso3"] == code]
        for question in questions_of(past, code):
            if question not in known:
                known[question] = precedents_of(past, question)
            mine = own[(own["event"] == question.event)]
            mine = mine[mine["classes"].isin(question.classes)] if question.classes else mine
            mine = mine[mine["initiator"] == question.initiator] if question.initiator else mine
            rows.append(
                {
                    "location_code": code,
                    "event": question.event,
                    "classes": ";".join(question.classes),
                    "by_host": question.initiator == "host",
                    "month": mine["date"].max().to_period("M").start_time,
                    **_numbers(known[question]),
                }
            )
    return pd.DataFrame(rows, columns=list(PRECEDENTS))


def _numbers(found: Precedents) -> dict[str, object]:
    row = found.summary.set_index("measure")
    growth, rise = row.loc["growth"], row.loc["rise"]
    names = ("cases", "countries", "of_cases", "of_controls", "low", "high")
    rises = {"rises": rise["cases"], **{f"rises_{side}": rise[side] for side in ("of_cases", "of_controls")}}
    return {**{name: growth[name] for name in names}, **rises}


def precedent_lines(precedents: pd.DataFrame, wording: Wording) -> dict[str, list[str]]:
    """Say by country what followed events like its own, a sentence or two each, in the order of `EVENTS`."""
    found: dict[str, list[str]] = {}
    order = {event: rank for rank, event in enumerate(EVENTS)}
    table = precedents.assign(rank=precedents["event"].map(order)).sort_values(["rank", "classes"], kind="stable")
    for row in table.to_dict("records"):
        found.setdefault(str(row["location_code"]), []).append(_line(row, wording))
    return found


def _line(row: Mapping[Hashable, Any], wording: Wording) -> str:
    about = [wording.name("sender", SENDER_WORDS[name]) for name in str(row["classes"]).split(";") if name]
    about += [wording.say("precedents.by_host")] if row["by_host"] else []
    event = wording.say(f"precedents.{row['event']}")
    event = wording.say("unit.step_of", step=event, whose=", ".join(about)) if about else event
    event = wording.say("precedents.here", event=event, month=wording.month(row["month"].date()))
    if not row["cases"]:
        return wording.say("precedents.none", event=event)
    ratios = {name: wording.decimal(row[name], places=2) for name in ("of_cases", "of_controls", "low", "high")}
    sure = wording.say("precedents.few" if pd.isna(row["low"]) else "precedents.interval", **ratios)
    counts = {"event": event, "n": int(row["cases"]), "countries": int(row["countries"])}
    told = wording.say("precedents.line", sure=sure, **counts, **ratios)
    if not row["rises"]:
        return told
    shares = {name: wording.share(row[f"rises_{name}"]) for name in ("of_cases", "of_controls")}
    return f"{told} {wording.say('precedents.rises', n=int(row['rises']), **shares)}"
