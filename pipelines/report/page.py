"""Everything on the page, as text and data ready for the templates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ...features.months import parse_month
from ...features.targets.build import TARGETS
from ..issue.alert_rules import read_rules
from ..issue.classes import RISK_CLASS_EDGES
from .actors_lane import actors_chart, actors_data
from .alerts import Alert, lay_out_alerts
from .changes import Changes, lay_out_changes
from .forecasts import Forecast, forecasts
from .fragmentation import Fragmentation, lay_out_fragmentation
from .headline import opening
from .histories import History, deaths_by_unit
from .levels import LEVELS, Level, lay_out_level
from .maps import PALETTE
from .provenance import learned_from, model_rows, regions_told, source_rows
from .record import Record, lay_out_record
from .script_data import datasets_of, script_data
from .skill import SkillTable, skill_tables
from .status import Status, status
from .summary import over
from .unit_chart import unit_chart
from .units import unit_data
from .watchlist import WatchTable, lay_out_watchlists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from .contents import BriefContents
    from .wording import Wording

__all__ = ["Page", "page"]


@dataclass(frozen=True)
class Page:
    """What the templates print.

    Attributes
    ----------
    issue, issued
        Month of issue, and when it was issued on which data.
    record, changes
        How earlier issues did, and what changed since the last one.
    headline, sentences, notes, statuses
        The issue in three sentences, more of them, warnings for the head, state of the data.
    legend
        Number, name and range of each risk class, and its colour.
    levels
        Countries and regions, those that were scored.
    lists
        What to watch, by the level's name; a level without them shows the units at highest risk.
    alerts
        Units that a rule found; empty where none did.
    fragmentation
        None where it was not forecast.
    deaths
        How the quantiles of deaths are made, in a sentence.
    opened
        Level and key of the unit that is shown at first.
    skill, sources, models
        Tables at the end.
    learned_from
        Sentences of the model card on what the models read.
    data
        What the page's script reads.
    """

    issue: str
    issued: str
    record: Record
    changes: Changes
    headline: tuple[str, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    statuses: tuple[Status, ...]
    legend: tuple[tuple[int, str, str, str], ...]
    levels: tuple[Level, ...]
    lists: Mapping[str, tuple[WatchTable, ...]]
    alerts: tuple[Alert, ...]
    fragmentation: Fragmentation | None
    deaths: str
    opened: str
    skill: tuple[SkillTable, ...]
    sources: tuple[Mapping[str, str], ...]
    models: tuple[Mapping[str, str], ...]
    learned_from: tuple[str, ...]
    data: Mapping[str, Any]


def page(contents: BriefContents, wording: Wording) -> Page:
    """Lay out a brief.

    Parameters
    ----------
    contents
        What it is made from.
    wording
        Language.
    """
    everything = forecasts(_in_menus(contents.scores), wording)
    histories = deaths_by_unit(contents.history, contents.war_totals, wording)
    datasets = datasets_of(contents, everything, wording)
    levels = _levels(contents, everything, histories, datasets, wording)
    mains = {level.name: [row.forecast for row in level.everything] for level in levels}
    fragmentation = lay_out_fragmentation(everything, histories, contents.at_risk, wording)
    origin = parse_month(contents.origin, option="origin").end_time.date()
    first = next(iter(mains.values()))
    record = lay_out_record(contents.record, wording, issue=contents.issue)
    today = contents.scores if contents.from_today is None else contents.from_today
    lists = lay_out_watchlists(today, wording, record=contents.lists)
    opened, further = opening(
        mains,
        wording,
        ahead=None if contents.from_today is None else forecasts(_in_menus(_of_mains(today, mains)), wording),
        at_risk=fragmentation.at_risk if fragmentation else (),
        record=record,
        lists=lists,
        ended=over(everything, contents.issue_date, wording),
    )
    return Page(
        issue=wording.month(parse_month(contents.issue, option="issue").start_time.date()),
        issued=wording.say("issued", day=wording.day(contents.issue_date), origin=wording.month(origin)),
        record=record,
        changes=_changes(contents, mains, histories, wording),
        headline=opened,
        sentences=further,
        notes=_notes(contents, wording),
        statuses=status([f for shown in mains.values() for f in shown], contents.issue_date, wording),
        legend=_legend(wording),
        levels=levels,
        lists=lists,
        alerts=lay_out_alerts(contents.alerts, read_rules(), wording),
        fragmentation=fragmentation,
        deaths=_deaths(contents.scores, wording),
        opened=f"{first[0].level}:{first[0].key}",
        skill=skill_tables(contents.skill, wording),
        sources=source_rows(contents.data_sources, wording),
        models=model_rows(contents.scores, contents.models, wording),
        learned_from=learned_from(contents.models, wording),
        data=script_data(everything, levels, datasets, wording)
        | {"unitData": unit_data(contents, everything, histories, wording), "unitChart": unit_chart(wording)}
        | {"actors": actors_data(contents), "actorsChart": actors_chart()},
    )


def _levels(
    contents: BriefContents,
    everything: Sequence[Forecast],
    histories: Mapping[tuple[int, str], History],
    datasets: Mapping[str, list[dict[str, Any]]],
    wording: Wording,
) -> tuple[Level, ...]:
    """Levels that were scored; those that have views say what their regions are counted from."""
    laid_out = (lay_out_level(number, everything, histories, datasets, wording) for number in range(len(LEVELS)))
    return tuple(
        replace(level, map_notes=(*regions_told(contents, wording), *level.map_notes)) if level.views else level
        for level in laid_out
        if level is not None
    )


def _changes(
    contents: BriefContents,
    mains: Mapping[str, Sequence[Forecast]],
    histories: Mapping[tuple[int, str], History],
    wording: Wording,
) -> Changes:
    """What changed of the first level since the last issue."""
    before = () if contents.previous is None else forecasts(_of_mains(contents.previous, mains), wording)
    last, again = contents.previous_issue, contents.previous_backfilled
    return lay_out_changes(next(iter(mains.values())), before, histories, wording, last_issue=last, backfilled=again)


def _in_menus(scores: pd.DataFrame) -> pd.DataFrame:
    """Rows that menus, maps and units' pages hold: of a thousand regions, what is read from draws is in lists alone."""
    drawn = [target.name for target in TARGETS.values() if target.drawn]
    return scores[(scores["admin_level"] == 0) | ~scores["target"].isin(drawn)]


def _of_mains(scores: pd.DataFrame, mains: Mapping[str, Sequence[Forecast]]) -> pd.DataFrame:
    """Rows of the events that levels open with: of other months and other issues, sentences need no others."""
    return scores[scores["target"].isin({shown[0].target for shown in mains.values()})]


def _notes(contents: BriefContents, wording: Wording) -> tuple[str, ...]:
    shown = contents.regions_shown
    return () if shown is None else (wording.say("summary.shortened", n=shown),)


def _deaths(scores: pd.DataFrame, wording: Wording) -> str:
    """How the quantiles of deaths are made; nothing where there are none."""
    models = scores.loc[scores["target"] == "deaths", "model_name"].unique()
    if not len(models):
        return ""
    return wording.say("method.deaths.conflictology" if "conflictology" in models else "method.deaths.model")


def _legend(wording: Wording) -> tuple[tuple[int, str, str, str], ...]:
    edges = [wording.share(edge) for edge in RISK_CLASS_EDGES]
    ranges = [
        wording.say("edge_first", high=edges[0]),
        *(wording.say("edge_between", low=low, high=high) for low, high in pairwise(edges)),
        wording.say("edge_last", low=edges[-1]),
    ]
    names = [wording.say(f"risk.{number}") for number in range(1, len(PALETTE) + 1)]
    return tuple(
        (number, name, span, colour)
        for number, (name, span, colour) in enumerate(zip(names, ranges, PALETTE, strict=True), start=1)
    )
