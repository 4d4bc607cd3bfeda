"""What a scenario states of a country, and the tables of facts as they would stand under it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.contracts.political import ACTOR_CLASSES
from ...features.errors import COUNTRIES, ConfigError, CoverageError, UnknownNameError
from ...features.facts.coverage import is_coded
from ...features.facts.deployments import FORCE_CLASSES
from .stated_politics import STATED, Politics, with_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...features.tables.snapshot import Snapshot

__all__ = ["TRANSITIONS", "Changes", "apply_changes", "forces_named", "past_ends"]

#: What may be said to happen to a transition, in the month of the origin.
TRANSITIONS = ("postponed", "ended")
#: Months by which a postponed transition is put off.
POSTPONED_BY = 24


@dataclass(frozen=True)
class Changes:
    """What a scenario states.

    Attributes
    ----------
    ends
        Last month of a deployment, by the name of its mission, or of all forces of a class that are there.
    transition
        One of `TRANSITIONS`, or None.
    by_host
        Whether the ends are at the host's demand.
    arrivals
        Month in which a force of a class arrives, by the class.
    politics
        Coup, election and sanctions.
    """

    ends: Mapping[str, pd.Period] = field(default_factory=dict[str, pd.Period])
    transition: str | None = None
    by_host: bool = False
    arrivals: Mapping[str, pd.Period] = field(default_factory=dict[str, pd.Period])
    politics: Politics = field(default_factory=Politics)

    def each(self) -> Iterator[tuple[str, Changes]]:
        """Every change on its own, with what it is in words."""
        for mission, month in self.ends.items():
            words = f"{mission} ends {month}{' at the host' + chr(39) + 's demand' if self.by_host else ''}"
            yield words, Changes({mission: month}, by_host=self.by_host)
        for name, month in self.arrivals.items():
            yield f"{name} forces arrive {month}", Changes(arrivals={name: month})
        if self.transition is not None:
            yield f"transition {self.transition}", Changes(transition=self.transition)
        for words, politics in self.politics.each():
            yield words, Changes(politics=politics)


def apply_changes(snapshot: Snapshot, iso3: str, changes: Changes, *, origin: pd.Period) -> Snapshot:
    """Give the tables as they would stand under the changes.

    A deployment's own end and announcements of it are taken out and the stated end put in: known in its month, or,
    where it does not lie before the origin, announced in the month of the origin. Pictures of a UN mission's bases go
    on as the last one before its own end until the stated one.

    Raises
    ------
    UnknownNameError
        If the country, the mission, the class or the step of the transition is not known, or none of it is there.
    CoverageError
        If facts of the kind that is changed are not coded for the country.
    ConfigError
        If an arrival, a coup, an election or sanctions lie after the origin.
    """
    known = set(snapshot.countries["iso3"])
    if iso3 not in known:
        raise UnknownNameError("country (ISO 3166-1 alpha-3)", iso3, known, listed_by=COUNTRIES)
    gwno = int(snapshot.countries.loc[snapshot.countries["iso3"] == iso3, "gwno"].iloc[-1])
    _refuse_uncoded(snapshot, iso3, gwno, changes)
    _refuse_later(changes, origin)
    deployments, bases = snapshot.deployments, snapshot.un_bases
    for mission, last in forces_named(deployments, iso3, changes.ends, origin).items():
        deployments, ended = _end(deployments, iso3, mission, last, origin, by_host=changes.by_host)
        bases = _carry_on(bases, gwno, mission, last, ended)
    deployments = _arrive(deployments, iso3, gwno, changes.arrivals)
    transitions = snapshot.transitions
    if changes.transition is not None:
        transitions = with_facts(transitions, [_step(changes.transition, iso3, gwno, origin)])
    transitions = with_facts(transitions, changes.politics.facts(transitions, iso3, gwno, origin))
    coups = changes.politics.coups(snapshot.coups, gwno)
    return replace(snapshot, deployments=deployments, un_bases=bases, transitions=transitions, coups=coups)


def _refuse_later(changes: Changes, origin: pd.Period) -> None:
    dated = [(f"the arrival of {name} forces", month) for name, month in changes.arrivals.items()]
    for words, month in (*dated, *changes.politics.dated()):
        if month > origin:
            msg = f"{words} in {month} lies after {origin}, the last month known: state it as of {origin} or earlier."
            raise ConfigError(msg)


def forces_named(
    deployments: pd.DataFrame, iso3: str, ends: Mapping[str, pd.Period], origin: pd.Period
) -> dict[str, pd.Period]:
    """Give the ends by mission: where a class is named, of each of its forces that is there at the origin.

    Raises
    ------
    UnknownNameError
        If a class is named of which no force is there.
    """
    here = deployments[deployments["iso3"] == iso3]
    out: dict[str, pd.Period] = {}
    for name, month in ends.items():
        of_class = here[here["actor_class"] == name.casefold()]
        if name.casefold() not in ACTOR_CLASSES or (here["mission"].str.casefold() == name.casefold()).any():
            out[name] = month
            continue
        there = [own["mission"].iloc[-1] for _, own in of_class.groupby("deployment") if _stands(own, origin)]
        if not there:
            present = {own["actor_class"].iloc[0] for _, own in here.groupby("deployment") if _stands(own, origin)}
            raise UnknownNameError(f"class of forces that are in {iso3}", name, present)
        out |= dict.fromkeys(there, month)
    return out


def _stands(own: pd.DataFrame, origin: pd.Period) -> bool:
    """Whether a deployment is there at the end of a month."""
    facts = own[(own["date"] <= origin.end_time) & own["fact"].isin(("arrival", "departure"))]
    whole = facts[(facts["fact"] == "arrival") | facts["regions"].isna()].sort_values("date", kind="stable")
    return len(whole) > 0 and str(whole["fact"].iloc[-1]) == "arrival"


def _arrive(table: pd.DataFrame, iso3: str, gwno: int, arrivals: Mapping[str, pd.Period]) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for name, month in arrivals.items():
        if name not in FORCE_CLASSES:  # UN missions are counted from maps of their bases
            raise UnknownNameError("class of forces", name, FORCE_CLASSES)
        stated = {"deployment": f"scenario-{iso3}-{name}", "mission": f"{name} forces", "sending_actor": name}
        dated = {"fact": "arrival", "date": month.start_time, "known_on": month.start_time, "date_precision": "month"}
        rows.append(
            {
                **STATED,
                **stated,
                **dated,
                "fact_id": f"scenario-{iso3}-{name}-arrival",
                "actor_class": name,
                "iso3": iso3,
                "gwno": gwno,
                "strength_low": np.nan,
                "strength_high": np.nan,
                "announced_end": pd.NaT,
            }
        )
    return with_facts(table, rows)


def _refuse_uncoded(snapshot: Snapshot, iso3: str, gwno: int, changes: Changes) -> None:
    stated = {
        "deployments": bool(changes.ends or changes.arrivals),
        "transitions": changes.transition is not None or any(changes.politics.each()),
    }
    words = {"deployments": "foreign forces", "transitions": "steps of political transition"}
    for kind, is_stated in stated.items():
        if is_stated and not is_coded(snapshot.facts_coverage, kind, gwno):
            msg = f"{words[kind]} are not coded for {iso3}: whether there are any is not known."
            coded = snapshot.facts_coverage
            names = ", ".join(sorted(coded.loc[coded["kind"] == kind, "iso3"].dropna()))
            raise CoverageError(msg, remedy=f"Choose a country for which they are: {names}.")


def past_ends(snapshot: Snapshot, iso3: str, changes: Changes, *, origin: pd.Period) -> dict[str, pd.Period]:
    """Months in which missions that the changes end had left by the data already, at the origin, by their names."""
    here = snapshot.deployments[snapshot.deployments["iso3"] == iso3]
    left: dict[str, pd.Period] = {}
    for mission in changes.ends:
        named = _named(here, mission)
        gone = here[named & (here["fact"] == "departure") & (here["date"] <= origin.end_time)]["date"]
        later = here[named & (here["fact"] == "arrival") & (here["date"] > gone.max())] if len(gone) else gone
        if len(gone) and not len(later):
            left[mission] = pd.Period(gone.max(), "M")
    return left


def _named(here: pd.DataFrame, mission: str) -> pd.Series:
    """Rows of a mission's own name, or else of names that contain it."""
    named = here["mission"].str.casefold() == mission.casefold()
    return named if named.any() else here["mission"].str.contains(mission, case=False, regex=False)


def _end(
    table: pd.DataFrame, iso3: str, mission: str, last: pd.Period, origin: pd.Period, *, by_host: bool = False
) -> tuple[pd.DataFrame, pd.Timestamp | None]:
    """The deployments with another end, and the day of the mission's own end."""
    here = table[table["iso3"] == iso3]
    named = _named(here, mission)
    if not named.any():
        raise UnknownNameError(f"deployment in {iso3}", mission, set(here["mission"]))
    mine = here[named]
    left = mine[mine["fact"] == "departure"]
    day = last.end_time.normalize().as_unit("ms")
    leaving = mine.index[mine["fact"].isin(("departure", "withdrawal_announced", "withdrawal_cancelled"))]
    kept = table.drop(index=leaving)
    rows = []
    for number, (_, first) in enumerate(mine.drop_duplicates("deployment").iterrows()):
        after = last >= origin  # a force is there to its last day
        rows.append(
            {
                **first.to_dict(),
                **STATED,
                "initiator": "host" if by_host else None,
                "fact_id": f"scenario-{iso3}-{mission}-{number}",
                "fact": "withdrawal_announced" if after else "departure",
                "date": origin.start_time if after else day,
                "known_on": origin.start_time if after else day,
                "date_precision": "month",
                "regions": None,
                "strength_low": np.nan,
                "strength_high": np.nan,
                "announced_end": day if after else pd.NaT,
            }
        )
    changed = pd.concat([kept, pd.DataFrame(rows).reindex(columns=table.columns)], ignore_index=True)
    # an end before the mission's later facts cuts them off
    late = changed["deployment"].isin(mine["deployment"]) & (changed["date"] > day)
    changed = changed[~late | changed["fact_id"].str.startswith("scenario-")].reset_index(drop=True)
    return changed.astype(table.dtypes), None if left.empty else left["date"].max()


def _carry_on(
    bases: pd.DataFrame, gwno: int, mission: str, last: pd.Period, ended: pd.Timestamp | None
) -> pd.DataFrame:
    mine = (bases["gwno"] == gwno) & (bases["mission"].str.casefold() == mission.casefold())
    if not mine.any():
        return bases
    stop = last.start_time
    before = bases[mine & (bases["month"] <= (stop if ended is None else min(stop, ended)))]
    if before.empty:
        return bases[~mine].reset_index(drop=True)
    newest = before["month"].max()
    picture = before[before["month"] == newest]
    years = pd.date_range(newest, stop, freq=pd.DateOffset(months=12))[1:]
    later = [
        picture.assign(month=month, known_on=month + pd.offsets.MonthEnd(0)).astype(bases.dtypes) for month in years
    ]
    return pd.concat([bases[~mine], before, *later], ignore_index=True)


def _step(step: str, iso3: str, gwno: int, origin: pd.Period) -> dict[str, object]:
    if step not in TRANSITIONS:
        raise UnknownNameError("step of a transition", step, TRANSITIONS)
    day = origin.start_time
    end = (origin + POSTPONED_BY).end_time.normalize()
    return {
        **STATED,
        "fact_id": f"scenario-{iso3}-transition",
        "iso3": iso3,
        "gwno": gwno,
        "fact": "postponement" if step == "postponed" else "transition_ended",
        "date": day,
        "date_precision": "month",
        "announced_end": end if step == "postponed" else pd.NaT,
        "subject": "transition",
        "known_on": day,
    }
