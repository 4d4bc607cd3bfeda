"""Events told from the tables of facts: who came, who left, coups, votes put off, changes of sponsor, exits, sanctions.

An event is what an analyst would name and date. A new mission of a class whose force left within a month is that force
under another name, and neither comes nor goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ..months import month_range
from .sponsors import sponsor_switches
from .transitions import transition_values

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

__all__ = ["COLUMNS", "EVENTS", "REPLACED_MONTHS", "WESTERN", "happenings"]

#: What may have happened, with the kinds of facts of which one must have been searched for an absence to be told.
EVENTS: Final[dict[str, tuple[str, ...]]] = {
    "arrival": ("deployments",),
    "departure": ("deployments",),
    "sponsor_switch": ("deployments",),
    "west_to_russia": ("deployments",),
    "coup": ("coups",),
    "attempt": ("coups",),
    "election_postponed": ("elections", "transitions"),
    "transition_overdue": ("transitions",),
    "bloc_exit": ("transitions",),
    "sanctions": ("transitions",),
}
#: Classes whose ends `west_to_russia` looks at.
WESTERN: Final = ("french", "eu", "us")
#: Between such an end and the arrival of Russians, either way. Twice as long as of a change of sponsor, which also
#: wants the host to have ended it and the whole class to be gone: the Central African Republic of 2016 to 2018 is no
#: such change, and a case that the question is asked about.
REPLACED_MONTHS: Final = 24
COLUMNS: Final = ("event", "iso3", "gwno", "date", "what", "classes", "initiator", "source", "source_url")
_HANDOVER: Final = pd.Timedelta(days=31)
_OF_TRANSITIONS: Final = {
    "bloc_exit_announced": "bloc_exit",
    "bloc_exit_effective": "bloc_exit",
    "sanctions_imposed": "sanctions",
    "postponement": "election_postponed",
}
_OFFICES: Final = {"L": "legislative", "X": "presidential", "R": "referendum"}
_REIGN: Final = "REIGN, list of elections"


def happenings(
    deployments: pd.DataFrame,
    transitions: pd.DataFrame,
    elections: pd.DataFrame,
    coups: pd.DataFrame,
    *,
    last: pd.Period,
) -> pd.DataFrame:
    """Tell the events of all countries.

    Parameters
    ----------
    deployments, transitions, elections, coups
        The canonical tables, or what of them was known by a day.
    last
        Month up to which transitions may become overdue.

    Returns
    -------
    DataFrame
        One row an event, by kind, country and date: ``event`` (one of `EVENTS`), ``iso3`` (empty where only the number
        is known), ``gwno, date``, ``what`` (the missions, or what it is about), ``classes`` of forces and ``initiator``
        of their ends (``;`` between), ``source`` and ``source_url``.
    """
    moves = _moves(deployments)
    rows = [
        *_comings(moves),
        *_switches(deployments, moves),
        *_replaced(moves),
        *_coups(coups, transitions),
        *_steps(transitions),
        *_delays(elections),
        *_overdue(transitions, last),
    ]
    told = pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        {"gwno": "int32", "date": "datetime64[s]", **dict.fromkeys(set(COLUMNS) - {"gwno", "date"}, "str")}
    )
    return told.sort_values(["event", "gwno", "date", "what"], kind="stable", ignore_index=True)


def _moves(deployments: pd.DataFrame) -> pd.DataFrame:
    """Arrivals of forces that were not there, ends of those that were, and whether either is a change of name alone."""
    kept: list[Hashable] = []
    ordered = deployments[deployments["fact"].isin(["arrival", "departure"])].sort_values(["date", "fact_id"])
    for _, own in ordered.groupby("deployment", sort=True):
        there = False
        for index, fact, regions in zip(own.index, own["fact"], own["regions"], strict=True):
            if (fact == "arrival") != there and (fact == "arrival" or pd.isna(regions)):
                kept.append(index)
                there = not there
    moves = ordered.loc[ordered.index.isin(kept)]
    told = list(moves[["gwno", "actor_class", "deployment", "fact", "date"]].itertuples(index=False, name=None))
    of_class: dict[tuple[int, str], list[tuple[str, str, pd.Timestamp]]] = {}
    for gwno, actor_class, *move in told:
        of_class.setdefault((gwno, actor_class), []).append((move[0], move[1], move[2]))
    renamed = [
        any(
            other != deployment and what != fact and abs(when - date) <= _HANDOVER
            for other, what, when in of_class[gwno, actor_class]
        )
        for gwno, actor_class, deployment, fact, date in told
    ]
    return moves.assign(renamed=np.array(renamed, bool))


def _comings(moves: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    for row in moves[~moves["renamed"]].to_dict("records"):
        yield (
            *(row["fact"], row["iso3"], row["gwno"], row["date"], row["mission"], row["actor_class"]),
            *(_text(row["initiator"]), row["source"], row["source_url"]),
        )


def _switches(deployments: pd.DataFrame, moves: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    for switch in sponsor_switches(deployments).itertuples():
        here = moves[moves["gwno"] == switch.gwno]
        sides = (("departure", switch.left, switch.left_on), ("arrival", switch.came, switch.came_on))
        old, new = (
            here[(here["fact"] == fact) & (here["actor_class"] == actor_class) & (here["date"] == day)]
            for fact, actor_class, day in sides
        )
        yield ("sponsor_switch", switch.iso3, switch.gwno, switch.date, *_replacement(old, new))


def _replaced(moves: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """Ends of western operations, whoever ended them, with Russians who come within `REPLACED_MONTHS` of one.

    Dated from when both had happened. An operation of which some went on under another name is one, and is said to.
    """
    came = moves[(moves["fact"] == "arrival") & (moves["actor_class"] == "russian") & ~moves["renamed"]]
    ends = moves[(moves["fact"] == "departure") & moves["actor_class"].isin(WESTERN)]
    within = pd.DateOffset(months=REPLACED_MONTHS)
    for index, new in came.iterrows():
        old = ends[(ends["gwno"] == new["gwno"]) & ends["date"].between(new["date"] - within, new["date"] + within)]
        if len(old):
            date = max(new["date"], old["date"].min())
            yield ("west_to_russia", new["iso3"], new["gwno"], date, *_replacement(old, came.loc[[index]]))


def _replacement(old: pd.DataFrame, new: pd.DataFrame) -> tuple[str, str, str, str, str]:
    """What, classes, initiator, source and address of forces that left and others that came."""
    left = ", ".join(
        f"{row['mission']} ({row['date']:%Y-%m-%d}{', some stay under another name' if row['renamed'] else ''})"
        for row in old.to_dict("records")
    )
    arrived = ", ".join(f"{row['mission']} ({row['date']:%Y-%m-%d})" for row in new.to_dict("records"))
    both = pd.concat([old, new])
    return (
        f"{left} → {arrived}",
        ";".join(dict.fromkeys(both["actor_class"])),
        ";".join(dict.fromkeys(old["initiator"].dropna())),
        "; ".join(dict.fromkeys(both["source"])),
        " ".join(dict.fromkeys(both["source_url"])),
    )


def _coups(coups: pd.DataFrame, transitions: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """Coups that seized power and attempts that did not, with the page of the curated fact where there is one."""
    curated = transitions[transitions["fact"].isin(["coup_success", "coup_failed"])]
    pages = {
        (row["gwno"], row["date"]): (row["iso3"], row["source"], row["source_url"])
        for row in curated.to_dict("records")
    }
    for row in coups.to_dict("records"):
        iso3, source, url = pages.get((row["gwno"], row["date"]), ("", row["source"], ""))
        yield "coup" if row["successful"] else "attempt", iso3, row["gwno"], row["date"], "", "", "", source, url


def _steps(transitions: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    named = transitions.assign(
        event=transitions["fact"].map(_OF_TRANSITIONS), subject=transitions["subject"].fillna("")
    )
    own = named[named["event"].notna()]
    vote = (own["event"] != "election_postponed") | ~own["subject"].isin(["", "transition"])
    for row in own[vote].to_dict("records"):
        yield (
            *(row["event"], row["iso3"], row["gwno"], row["date"], row["subject"]),
            *("", "", row["source"], row["source_url"]),
        )


def _delays(elections: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    for row in elections[elections["event"] == "delayed"].to_dict("records"):
        what = _OFFICES[row["office"]]
        yield "election_postponed", "", row["gwno"], row["date"], what, "", "", _REIGN, ""


def _overdue(transitions: pd.DataFrame, last: pd.Period) -> Iterator[tuple[object, ...]]:
    """First months after the end that was announced of a transition that goes on."""
    if transitions.empty:
        return
    months = month_range(pd.Period(transitions["date"].min(), "M"), last)
    countries = pd.Index(transitions["gwno"].unique())
    nothing = pd.DataFrame({"gwno": [], "office": [], "event": [], "date": [], "known_on": [], "election_id": []})
    nothing = nothing.astype({"date": "datetime64[s]", "known_on": "datetime64[s]"})
    no_coups = pd.DataFrame({"gwno": [], "successful": pd.Series([], dtype="bool"), "date": [], "known_on": []})
    state = transition_values(transitions, nothing, no_coups, countries=countries, months=months)
    overdue = (state["transition"] > 0) & (state["transition_left"] < 0)
    for column, gwno in enumerate(countries):
        own = transitions[(transitions["gwno"] == gwno) & transitions["announced_end"].notna()]
        for at in range(1, len(months)):
            if not overdue[at, column] or overdue[at - 1, column]:
                continue
            end = months[at] + int(state["transition_left"][at, column])
            set_so = own[(own["announced_end"].dt.to_period("M") == end) & (own["date"] <= months[at].end_time)]
            if len(set_so):
                fact = set_so.sort_values("date").iloc[-1]
                what = f"to end by {fact['announced_end']:%Y-%m-%d}"
                about = (what, "", "", fact["source"], fact["source_url"])
                yield ("transition_overdue", fact["iso3"], gwno, months[at].start_time, *about)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
