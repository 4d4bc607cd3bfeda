"""Which known events stand among the facts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ..contracts.political import DEPLOYMENT_FACTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
        ``iso3, kind, about, date, date_precision, fact_id``; ``about`` is a force's class or the subject of a step.
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


def _spans(facts: pd.DataFrame) -> pd.DataFrame:
    """First and last day that each fact may be of, as exactly as it is known, by the index of ``facts``."""
    parts: list[pd.DataFrame] = []
    for precision, frequency in _PERIODS.items():
        dates = facts.loc[facts["date_precision"] == precision, "date"].dt.to_period(frequency)
        parts.append(pd.DataFrame({"first": dates.dt.start_time, "last": dates.dt.end_time.dt.normalize()}))
    return pd.concat(parts).reindex(facts.index)


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
    asked, told = _spans(quiz), _spans(facts)
    questions = _events(quiz.join(asked), "iso3", "kind", "about", "first", "last")
    for iso3, kinds, about, first, last in questions:
        these = facts[(facts["iso3"] == iso3) & facts["kind"].isin(list(kinds))]
        these = told.loc[these.index[these["about"].str.contains(rf"\b{re.escape(about)}\b" if about else "")]]
        apart = np.maximum((these["first"] - last).dt.days, (first - these["last"]).dt.days).clip(lower=0)
        near = apart[apart <= WITHIN_DAYS]
        found.append("" if near.empty else str(facts.loc[near.idxmin(), "fact_id"]))
    return pd.Series(found, quiz.index)


def _events(quiz: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a quiz as tuples of these columns."""
    return zip(*(quiz[column] for column in columns), strict=True)


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
    for iso3, kinds, date in _events(quiz, "iso3", "kind", "date"):
        families = {family for kind in kinds for family in _families(kind)}
        rows = coverage[coverage["kind"].isin(families) & coverage["iso3"].fillna("").isin(["", iso3])]
        coded.append(bool(((rows["first_year"] <= date.year) & (rows["searched_until"] >= date)).any()))
    return pd.Series(coded, quiz.index)
