"""Precedents: the cases like an event, and what followed them, beside matched months without one. Not causes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ...features.blocks.actors import deadly_debuts
from ...features.errors import COUNTRIES, UnknownNameError
from ...features.facts.coverage import searched_months
from ...features.facts.happenings import EVENTS, happenings
from ...features.panels.actors import by_unit
from ...features.panels.build import panel_of
from ...features.panels.countries import known_by
from ...features.panels.territory import contested_share
from .aftermath import Aftermath, compared, follow_up
from .matching import windows, world_region
from .questions import Question

if TYPE_CHECKING:
    from collections.abc import Hashable

    from ...features.arrays import BoolArray
    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot

__all__ = ["APART", "RECENT", "Past", "Precedents", "past_of", "precedents_of", "questions_of", "recent_events"]

#: Months within which a second like event in a country belongs to the case of the first, and controls have none.
APART: Final = 24
#: Months up to the last one of data in which an event of a country is asked about.
RECENT: Final = 24


@dataclass(frozen=True)
class Past:
    """What cases are told from, as known at the end of a month.

    Attributes
    ----------
    panel
        Countries, up to that month.
    events
        `~faultline.features.facts.happenings.happenings` of facts known by then.
    aftermath
        What is looked up around a month.
    coverage
        The canonical table ``facts_coverage``.
    """

    panel: Panel
    events: pd.DataFrame
    aftermath: Aftermath
    coverage: pd.DataFrame


@dataclass(frozen=True)
class Precedents:
    """A reference class and what followed.

    Attributes
    ----------
    question
        What was asked.
    rows
        The cases, each followed by its controls: see `~faultline.pipelines.cases.aftermath.follow_up`.
    summary
        By measure, cases beside controls: see `~faultline.pipelines.cases.aftermath.compared`.
    uncoded
        Like events in countries, or before years, for which such facts were not searched; they are left out.
    """

    question: Question
    rows: pd.DataFrame
    summary: pd.DataFrame
    uncoded: int

    @property
    def cases(self) -> pd.DataFrame:
        """The cases alone."""
        return self.rows[self.rows["role"] == "case"]


def past_of(
    snapshot: Snapshot, *, as_of: pd.Period | None = None, countries: Panel | None = None, regions: Panel | None = None
) -> Past:
    """Gather what was known of events and violence by the end of a month.

    Parameters
    ----------
    as_of
        The month; by default the last one of the event data.
    countries, regions
        Panels as of that month, where they are at hand.
    """
    panel = countries or panel_of(snapshot, "country", as_of=as_of)
    last = panel.months[-1]
    tables = (known_by(getattr(snapshot, name), last) for name in ("deployments", "transitions", "elections", "coups"))
    events = happenings(*tables, last=last)
    codes = panel.units.drop_duplicates("gwno", keep="last").set_index("gwno")["iso3"]
    places = events["gwno"].map(codes)
    events = events.assign(iso3=events["iso3"].where(events["iso3"] != "", places).astype("str"))
    inside = places.notna() & (events["date"] >= panel.months[0].start_time) & (events["date"] <= last.end_time)
    new = by_unit(deadly_debuts(panel.actors), panel.actors, panel.shape[1])
    by_region = regions or panel_of(snapshot, "region", as_of=as_of)
    return Past(
        panel=panel,
        events=events[inside].reset_index(drop=True),
        aftermath=Aftermath(panel, new, contested_share(by_region), by_region.months),
        coverage=snapshot.facts_coverage,
    )


def questions_of(past: Past, iso3: str, *, within: int = 12) -> list[Question]:
    """Ask about each kind of event that a country saw in the last `RECENT` months of data.

    Ends and arrivals of forces are asked about by class, ends at the host's demand apart from others.

    Raises
    ------
    UnknownNameError
        If there is no such country.
    """
    known = past.panel.units.loc[past.panel.observed[-1], "iso3"]
    if iso3 not in set(known):
        raise UnknownNameError("country", iso3, known, listed_by=COUNTRIES)
    recent = recent_events(past)
    recent = recent[recent["iso3"] == iso3]
    asked: list[Question] = []
    for event, classes, initiator in recent[["event", "classes", "initiator"]].itertuples(index=False):
        of_class = (classes,) if event in {"arrival", "departure"} else ()
        by_host = initiator if event == "departure" and initiator == "host" else None
        asked.append(Question(event, of_class, by_host, within))
    return list(dict.fromkeys(asked))


def recent_events(past: Past) -> pd.DataFrame:
    """Events of the last `RECENT` months of data."""
    return past.events[past.events["date"] >= (past.panel.months[-1] - RECENT + 1).start_time]


def precedents_of(past: Past, question: Question) -> Precedents:
    """Find the cases of a reference class, match months without such an event, and look up what followed.

    Where a country saw several like events within `APART` months the first one is the case and tells of the others.
    Controls are months, in which such facts were searched, of the same region of the world and alike in level and trend
    of violence, without a like event (whoever its initiator) within `APART` months before or after.
    """
    panel = past.panel
    like = past.events[past.events["event"] == question.event]
    if question.classes:
        like = like[[bool(set(classes.split(";")) & set(question.classes)) for classes in like["classes"]]]
    asked = like
    if question.initiator is not None:
        asked = like[[question.initiator in told.split(";") for told in like["initiator"]]]
    countries = pd.Index(panel.units["gwno"])
    coded = searched_months(past.coverage, EVENTS[question.event], countries=countries, months=panel.months)
    at = asked["date"].dt.to_period("M").astype("int64").to_numpy() - panel.months[0].ordinal
    unit = [_unit_at(panel, int(gwno), int(month)) for gwno, month in zip(asked["gwno"], at, strict=True)]
    since = np.maximum.accumulate(coded, axis=0)  # a fact that became known after the search counts where one was made
    kept = np.array([u >= 0 and since[month, u] for u, month in zip(unit, at, strict=True)], bool)
    cases = _joined(asked.assign(at=at, unit=unit)[kept])
    around = windows(panel.deaths, panel.observed & ~panel.war_total, question.within)
    eligible = _eligible(coded, like, panel, question.within)
    rows = follow_up(cases, past.aftermath, around, eligible, world_region(panel.units["gwno"].to_numpy(np.int64)))
    return Precedents(question, rows, compared(rows), int((~kept).sum()))


def _unit_at(panel: Panel, gwno: int, month: int) -> int:
    """Position of a state's unit in a month; -1 where there is none."""
    here = np.flatnonzero((panel.units["gwno"].to_numpy() == gwno) & panel.observed[month])
    return int(here[0]) if len(here) else -1


def _joined(events: pd.DataFrame) -> pd.DataFrame:
    """One row a case: the first event, and in ``also`` those of the `APART` months after it."""
    first: dict[int, dict[Hashable, Any]] = {}
    cases: list[dict[Hashable, Any]] = []
    for row in events.sort_values(["date", "what"], kind="stable").to_dict("records"):
        case = first.get(row["unit"])
        if case is None or row["at"] - case["at"] > APART:
            case = {**row, "also": []}
            first[row["unit"]] = case
            cases.append(case)
        else:
            case["also"].append(" ".join(filter(None, (f"{row['date']:%Y-%m-%d}", row["what"]))))
            case["source"], case["source_url"] = (
                _both(str(case[name]), row[name], sign) for name, sign in (("source", "; "), ("source_url", " "))
            )
    table = pd.DataFrame(cases, columns=[*events.columns, "also"])
    return table.assign(also=["; ".join(also) for also in table["also"]])


def _both(told: str, more: str, sign: str) -> str:
    return sign.join(filter(None, dict.fromkeys((*told.split(sign), *more.split(sign)))))


def _eligible(coded: BoolArray, like: pd.DataFrame, panel: Panel, within: int) -> BoolArray:
    """Months whose compared ones were all searched, `APART` months away from every like event; shape (T, U)."""
    n_months = panel.shape[0]
    free = np.ones(panel.shape, bool)
    gwno = panel.units["gwno"].to_numpy()
    months = like["date"].dt.to_period("M").astype("int64").to_numpy() - panel.months[0].ordinal
    for state, month in zip(like["gwno"], months, strict=True):
        free[max(month - APART, 0) : month + APART + 1, gwno == state] = False
    searched = np.zeros(panel.shape, bool)
    span = 2 * within + 1
    total = np.cumsum(np.vstack([np.zeros((1, panel.shape[1])), coded]), axis=0)
    if n_months >= span:
        searched[within : n_months - within] = (total[span:] - total[:-span]) == span
    return free & searched
