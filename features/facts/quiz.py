"""Which known events stand among the facts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..tables.schemas_political import DEPLOYMENT_FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["answers", "askable", "coded_on"]

#: A fact answers a question if its date lies within as many days of the event's.
WITHIN_DAYS: Final = 31
_OF_REIGN: Final = {"held": "election_held", "delayed": "postponement"}
_PERIODS: Final = {"day": "D", "month": "M", "year": "Y"}


def askable(
    deployments: pd.DataFrame,
    transitions: pd.DataFrame,
    coups: pd.DataFrame,
    elections: pd.DataFrame,
    iso3: Mapping[int, str],
) -> pd.DataFrame:
    """Lay the four tables of facts under one another.

    Parameters
    ----------
    deployments, transitions, coups, elections
        The canonical tables of these names.
    iso3
        Code of each country by its Gleditsch-Ward number.

    Returns
    -------
    DataFrame
        ``iso3, kind, about, date, date_precision, fact_id``; ``about`` is the class of a force or the subject of a step.
    """
    ended = coups["successful"].map({True: "coup_success", False: "coup_failed"})
    held = elections[elections["event"].isin(list(_OF_REIGN))]
    parts = (
        deployments.assign(kind=deployments["fact"], about=deployments["actor_class"]),
        transitions.assign(kind=transitions["fact"], about=transitions["subject"].fillna("")),
        coups.assign(kind=ended, iso3=coups["gwno"].map(iso3), about="", date_precision="day", fact_id="coups"),
        held.assign(kind=held["event"].map(_OF_REIGN), iso3=held["gwno"].map(iso3), about="", fact_id="elections"),
    )
    columns = ["iso3", "kind", "about", "date", "date_precision", "fact_id"]
    return pd.concat([part[columns] for part in parts], ignore_index=True)


def _days_apart(date: pd.Timestamp, precision: str, others: pd.DataFrame) -> pd.Series:
    """Days between an event and each fact, none where the spans that they are known to overlap."""
    own = date.to_period(_PERIODS[precision])
    spans = [day.to_period(_PERIODS[how]) for day, how in zip(others["date"], others["date_precision"], strict=True)]
    gaps = [max((span.start_time - own.end_time).days, (own.start_time - span.end_time).days, 0) for span in spans]
    return pd.Series(gaps, others.index, dtype="int64")


def answers(quiz: pd.DataFrame, facts: pd.DataFrame) -> pd.Series:
    """Find the fact that tells each event: same country, kind and party, within `WITHIN_DAYS`.

    Parameters
    ----------
    quiz
        As `~faultline.features.sources.facts_quiz.read_facts_quiz` reads it.
    facts
        As made by `askable`. A force's class must be that which is asked for; a subject must contain it as a word.

    Returns
    -------
    Series
        ``fact_id`` of the nearest such fact, empty where there is none, by the index of ``quiz``.
    """
    found: list[str] = []
    for event in quiz.itertuples():
        these = facts[(facts["iso3"] == event.iso3) & facts["kind"].isin(list(event.kind))]
        these = these[these["about"].str.contains(rf"\b{re.escape(str(event.about))}\b") if event.about else slice(None)]
        apart = _days_apart(pd.Timestamp(event.date), str(event.date_precision), these)
        near = apart[apart <= WITHIN_DAYS]
        found.append("" if near.empty else str(these.loc[near.idxmin(), "fact_id"]))
    return pd.Series(found, quiz.index)


def _families(kind: str) -> tuple[str, ...]:
    """Kinds of coverage of which one is enough."""
    if kind in DEPLOYMENT_FACTS:
        return ("deployments",)
    if kind.startswith("coup_"):
        return ("coups",)
    return ("elections", "transitions") if kind in {"election_held", "postponement"} else ("transitions",)


def coded_on(quiz: pd.DataFrame, coverage: pd.DataFrame) -> pd.Series:
    """Whether facts of each event's kind were searched in its country on its day.

    Parameters
    ----------
    quiz
        As for `answers`.
    coverage
        The canonical table ``facts_coverage``.
    """
    coded: list[bool] = []
    for event in quiz.itertuples():
        kinds = {family for kind in event.kind for family in _families(kind)}
        rows = coverage[coverage["kind"].isin(kinds) & coverage["iso3"].fillna("").isin(["", str(event.iso3)])]
        date = pd.Timestamp(event.date)
        coded.append(bool(((rows["first_year"] <= date.year) & (rows["searched_until"] >= date)).any()))
    return pd.Series(coded, quiz.index)
