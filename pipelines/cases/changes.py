"""What a scenario states of a country, and the tables of facts as they would stand under it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.errors import COUNTRIES, CoverageError, UnknownNameError
from ...features.facts.coverage import is_coded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...features.tables.snapshot import Snapshot

__all__ = ["TRANSITIONS", "Changes", "apply_changes", "past_ends"]

#: What may be said to happen to a transition, in the month of the origin.
TRANSITIONS = ("postponed", "ended")
#: Months by which a postponed transition is put off.
POSTPONED_BY = 24
_STATED = {"source": "scenario", "source_url": "https://example.org/scenario", "confidence": "low", "note": "stated"}


@dataclass(frozen=True)
class Changes:
    """What a scenario states.

    Attributes
    ----------
    ends
        Last month of a deployment, by the name of its mission.
    transition
        One of `TRANSITIONS`, or None.
    """

    ends: Mapping[str, pd.Period]
    transition: str | None = None


def apply_changes(snapshot: Snapshot, iso3: str, changes: Changes, *, origin: pd.Period) -> Snapshot:
    """Give the tables as they would stand under the changes.

    A deployment's own end and announcements of it are taken out and the stated end put in: known in its month, or,
    where it lies after the origin, announced in the month of the origin. Pictures of a UN mission's bases go on as the
    last one before its own end until the stated one.

    Raises
    ------
    UnknownNameError
        If the country, the mission or the step of the transition is not known.
    CoverageError
        If facts of the kind that is changed are not coded for the country.
    """
    known = set(snapshot.countries["iso3"])
    if iso3 not in known:
        raise UnknownNameError("country (ISO 3166-1 alpha-3)", iso3, known, listed_by=COUNTRIES)
    gwno = int(snapshot.countries.loc[snapshot.countries["iso3"] == iso3, "gwno"].iloc[-1])
    _refuse_uncoded(snapshot, iso3, gwno, changes)
    deployments, bases = snapshot.deployments, snapshot.un_bases
    for mission, last in changes.ends.items():
        deployments, ended = _end(deployments, iso3, mission, last, origin)
        bases = _carry_on(bases, gwno, mission, last, ended)
    transitions = snapshot.transitions
    if changes.transition is not None:
        fact = _step(changes.transition, iso3, gwno, origin)
        transitions = pd.concat([transitions, pd.DataFrame([fact])], ignore_index=True).astype(transitions.dtypes)
    return replace(snapshot, deployments=deployments, un_bases=bases, transitions=transitions)


def _refuse_uncoded(snapshot: Snapshot, iso3: str, gwno: int, changes: Changes) -> None:
    stated = {"deployments": bool(changes.ends), "transitions": changes.transition is not None}
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
    table: pd.DataFrame, iso3: str, mission: str, last: pd.Period, origin: pd.Period
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
        after = last > origin
        rows.append(
            {
                **first.to_dict(),
                **_STATED,
                "fact_id": f"scenario-{iso3}-{number}",
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
        **_STATED,
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
