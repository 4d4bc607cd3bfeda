"""Political transitions of each country as they were known at the end of each month.

The facts are replayed: what stands at month t follows from the facts known by its end, in the order of their dates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..months import month_positions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["FARTHEST_MONTHS", "PENDING_MONTHS", "Transition", "regime_values", "transition_values"]

#: Months to an announced end or a polling day are cut off here; where none is set, they stand here.
FARTHEST_MONTHS = 36
#: An election that was announced and never heard of again is pending no longer than this.
PENDING_MONTHS = 24

#: What is voted on, by the subject of a curated fact and by REIGN's letter of the office; any other is its own.
_OFFICES = {
    "presidential": ("X",),
    "legislative": ("L",),
    "general": ("X", "L"),
    "constitutional referendum": ("R",),
}


@dataclass(slots=True)
class Transition:
    """What was known of one country, built up fact by fact. Months are positions in the panel.

    Attributes
    ----------
    began
        Month in which the transition under way began; ``None`` where there is none.
    first_end, end
        Its end as it was announced first and last.
    put_off
        Months in which it, or a vote on the way to its end, was put off: several in one month are one postponement.
    polls
        Month of each vote that is set, by what is voted on.
    sanctions
        Who imposed sanctions that are in force.
    leaving, left
        Blocs whose membership it has denounced; and those that it has left.
    """

    began: int | None = None
    first_end: int | None = None
    end: int | None = None
    put_off: set[int] = field(default_factory=set[int])
    polls: dict[str, int] = field(default_factory=dict[str, int])
    sanctions: set[str] = field(default_factory=set[str])
    leaving: set[str] = field(default_factory=set[str])
    left: set[str] = field(default_factory=set[str])

    @property
    def slip(self) -> int:
        """Months by which the announced end has moved since it was first announced."""
        return 0 if self.end is None or self.first_end is None else max(self.end - self.first_end, 0)

    @property
    def postponements(self) -> int:
        """How often it was put off."""
        return len(self.put_off)

    def learn(self, fact: str, month: int, end: int | None, subject: str) -> None:
        """Take one more fact in; those that say nothing of the state are passed over."""
        match fact:
            case "transition_began":
                if end is None and self.began is None and self.end is not None and self.end >= month:
                    end = self.end  # the timetable came first
                self.began, self.first_end, self.end, self.put_off = month, end, end, set()
            case "transition_ended":
                self.began, self.first_end, self.end, self.put_off = None, None, None, set()
            case "postponement":
                self.put_off.add(month)
                self._reschedule(end, subject)
            case "timetable_announced":
                self._reschedule(end, subject)
            case _ if fact.startswith(("sanctions", "bloc")):
                self._deal_with(fact, subject)
            case _:
                self._poll(fact, month, end, subject)

    def _poll(self, fact: str, month: int, end: int | None, subject: str) -> None:
        offices = _OFFICES.get(subject, (subject,))
        if fact == "coup_success":
            self.polls = {}  # whoever takes power sets other dates
        elif fact == "election_set" and end is not None:
            self.polls |= dict.fromkeys(offices, end)
        elif fact in {"election_held", "election_annulled", "constitution_vote"}:
            self.polls = {office: poll for office, poll in self.polls.items() if poll > month and office not in offices}

    def _deal_with(self, fact: str, subject: str) -> None:
        match fact:
            case "sanctions_imposed":
                self.sanctions.add(subject)
            case "sanctions_lifted":
                self.sanctions.discard(subject)
            case "bloc_exit_announced":
                self.leaving.add(subject)
            case "bloc_exit_effective":
                self.leaving.discard(subject)
                self.left.add(subject)
            case "bloc_readmitted":
                self.leaving.discard(subject)
                self.left.discard(subject)
            case _:
                pass

    def _reschedule(self, end: int | None, subject: str) -> None:
        if subject in {"", "transition"}:
            if end is not None:
                self.end = end
                self.first_end = end if self.first_end is None else self.first_end
            return
        for office in _OFFICES.get(subject, (subject,)):
            self.polls.pop(office, None)
            if end is not None:
                self.polls[office] = end


def transition_values(
    transitions: pd.DataFrame,
    elections: pd.DataFrame,
    coups: pd.DataFrame,
    *,
    countries: pd.Index,
    months: pd.PeriodIndex,
) -> Mapping[str, NDArray[np.float32]]:
    """Transitions by country, each array of shape (T, C).

    Parameters
    ----------
    transitions, elections, coups
        The canonical tables.
    countries
        Gleditsch-Ward numbers, C of them.
    months
        T months.

    Returns
    -------
    dict
        ``transition`` (1 while one is under way), ``transition_age`` and ``transition_left``, months since it began
        and to its announced end (below 0 when overdue, `FARTHEST_MONTHS` where none is announced),
        ``transition_postponements``, ``transition_slip`` (months), ``election_pending``, ``months_to_election``,
        ``election_held`` (1 in its month), ``sanctions``, ``bloc_exits_announced`` and ``bloc_exits``.
    """
    shape = (len(months), len(countries))
    names = ("transition", "transition_age", "transition_postponements", "transition_slip", "sanctions")
    names = (*names, "election_pending", "election_held", "bloc_exits_announced", "bloc_exits")
    values = {name: np.zeros(shape, np.float32) for name in names}
    values |= {name: np.full(shape, FARTHEST_MONTHS, np.float32) for name in ("transition_left", "months_to_election")}
    known = _as_facts(transitions, elections, coups, months)
    for gwno, facts in known.groupby("gwno", sort=True):
        country = int(countries.get_indexer(pd.Index([gwno]))[0])
        if country < 0:
            continue
        for start, stop, state in _states(facts, len(months)):
            _fill(values, state, slice(start, stop), country)
    _elections(values, elections, transitions, countries, months)
    return values


def _as_facts(
    transitions: pd.DataFrame, elections: pd.DataFrame, coups: pd.DataFrame, months: pd.PeriodIndex
) -> pd.DataFrame:
    """Facts of all three tables: ``gwno, fact, subject, date, position, month, end``, in the order of their dates."""
    ahead = (elections["event"] == "expected") & (elections["date"] >= elections["known_on"])
    expected = elections[ahead].sort_values("date").drop_duplicates(["gwno", "office"])
    seized = coups[coups["successful"]]
    parts = (
        transitions[["gwno", "fact", "subject", "date", "known_on", "announced_end"]],
        pd.DataFrame(
            {
                "gwno": expected["gwno"],
                "fact": "election_set",
                "subject": expected["office"],
                "date": expected["known_on"],
                "known_on": expected["known_on"],
                "announced_end": expected["date"],
            }
        ),
        seized[["gwno", "date", "known_on"]].assign(fact="coup_success"),
    )
    facts = pd.concat([part for part in parts if len(part)], ignore_index=True)
    # A polling day may stand as the fact's date: then it is what is announced, on the day it became known.
    poll = (facts["fact"] == "election_set") & facts["announced_end"].isna() & (facts["known_on"] < facts["date"])
    facts["announced_end"] = facts["announced_end"].where(~poll, facts["date"])
    facts["date"] = facts["date"].where(~poll, facts["known_on"])
    known = facts[["date", "known_on"]].max(axis=1)
    end = pd.Series(np.nan, facts.index)
    given = facts["announced_end"].notna()
    end[given] = month_positions(facts.loc[given, "announced_end"], months)
    return facts.assign(
        subject=facts["subject"].fillna(""),
        position=month_positions(known, months),
        month=month_positions(facts["date"], months),
        end=end,
    ).sort_values(["date", "known_on"], kind="stable")


def _states(facts: pd.DataFrame, n_months: int) -> list[tuple[int, int, Transition]]:
    columns = ("position", "fact", "month", "end", "subject")
    rows = list(zip(*(facts[name].tolist() for name in columns), strict=True))
    starts = sorted({position for position, *_ in rows if position < n_months})
    states: list[tuple[int, int, Transition]] = []
    for start, stop in zip(starts, [*starts[1:], n_months][: len(starts)], strict=True):
        if stop <= 0:
            continue
        state = Transition()
        for position, fact, month, end, subject in rows:
            if position <= start:
                state.learn(fact, month, None if np.isnan(end) else int(end), subject)
        states.append((max(start, 0), stop, state))
    return states


def _fill(values: Mapping[str, NDArray[np.float32]], state: Transition, here: slice, country: int) -> None:
    now = np.arange(here.start, here.stop)
    if state.began is not None:
        values["transition"][here, country] = 1
        values["transition_age"][here, country] = now - state.began
        values["transition_postponements"][here, country] = state.postponements
        values["transition_slip"][here, country] = state.slip
        if state.end is not None:
            values["transition_left"][here, country] = np.clip(state.end - now, -FARTHEST_MONTHS, FARTHEST_MONTHS)
    for poll in state.polls.values():
        left = np.where(now <= poll, poll - now, FARTHEST_MONTHS)
        values["election_pending"][here, country] = np.maximum(values["election_pending"][here, country], now < poll)
        values["months_to_election"][here, country] = np.minimum(values["months_to_election"][here, country], left)
    values["sanctions"][here, country] = len(state.sanctions)
    values["bloc_exits_announced"][here, country] = len(state.leaving)
    values["bloc_exits"][here, country] = len(state.left)


def _elections(
    values: Mapping[str, NDArray[np.float32]],
    elections: pd.DataFrame,
    transitions: pd.DataFrame,
    countries: pd.Index,
    months: pd.PeriodIndex,
) -> None:
    """Mark months with an election, and those in which one is announced and neither held nor called off yet."""
    n_months = len(months)
    columns = (
        elections["election_id"],
        elections["event"],
        pd.Series(countries.get_indexer(pd.Index(elections["gwno"]))),
        pd.Series(month_positions(elections["known_on"], months)),
    )
    by_election: dict[str, list[tuple[str, int, int]]] = {}
    for election, *event in zip(*(column.tolist() for column in columns), strict=True):
        by_election.setdefault(election, []).append((event[0], event[1], event[2]))
    for events in by_election.values():
        over = [position for event, _, position in events if event in {"held", "voided"}]
        for event, country, start in events:
            if country < 0:
                continue
            if event == "announced":
                stop = min([start + PENDING_MONTHS, n_months, *(position for position in over if position >= start)])
                values["election_pending"][max(start, 0) : max(stop, 0), country] = 1
            elif event == "held" and 0 <= start < n_months:
                values["election_held"][start, country] = 1
    curated = transitions[transitions["fact"] == "election_held"]
    position = month_positions(curated[["date", "known_on"]].max(axis=1), months)
    where = countries.get_indexer(pd.Index(curated["gwno"]))
    inside = (position >= 0) & (position < n_months) & (where >= 0)
    values["election_held"][position[inside], where[inside]] = 1


def regime_values(regimes: pd.DataFrame, *, countries: pd.Index, months: pd.PeriodIndex) -> NDArray[np.float32]:
    """Regime of each country, 0 closed autocracy to 3 liberal democracy, by the last year known, shape (T, C).

    Where none is known yet it is 1, the commonest.
    """
    regime = np.full((len(months), len(countries)), np.nan, np.float32)
    column = countries.get_indexer(pd.Index(regimes["gwno"]))
    rows = regimes.assign(column=column, position=month_positions(regimes["known_on"], months))
    rows = rows[(rows["column"] >= 0) & (rows["position"] < len(months))].sort_values("year")
    for column, position, value in zip(rows["column"], rows["position"], rows["regime"], strict=True):
        regime[max(int(position), 0) :, int(column)] = value
    return np.nan_to_num(regime, nan=1.0)
