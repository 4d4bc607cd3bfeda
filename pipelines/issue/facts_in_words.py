"""A country's deaths, coups, steps of transition, foreign forces and armed actors as tables.

A timeline shows what is known today, with the dates at which things happened; what was known when is the business of
the features.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import pandas as pd

from ...features.contracts.political import ACTOR_CLASSES
from ...features.errors import COUNTRIES, ConfigError, UnknownNameError
from ...features.facts.coverage import OLD_AFTER_DAYS, searched_until
from .armed_actors import armed_actors

if TYPE_CHECKING:
    from ...features.tables.snapshot import Snapshot

__all__ = [
    "DEATH_WORDS",
    "KINDS",
    "SENDERS",
    "SENDER_WORDS",
    "STEPS",
    "Timeline",
    "stays",
    "steps",
    "timeline",
    "without_place",
]

#: What happened, in an analyst's words, in the order of the rows; with its kind.
STEPS: Final[dict[str, tuple[str, str]]] = {
    "coup_success": ("coup", "Coups"),
    "coup_failed": ("failed coup", "Coups"),
    "coup_alleged": ("alleged coup plot", "Coups"),
    "transition_began": ("transition begins", "Transition"),
    "charter": ("charter", "Transition"),
    "timetable_announced": ("timetable announced", "Transition"),
    "postponement": ("postponement", "Transition"),
    "transition_ended": ("transition ends", "Transition"),
    "constitution_vote": ("constitution", "Transition"),
    "parties_dissolved": ("parties dissolved", "Transition"),
    "election_set": ("election set", "Elections"),
    "delayed": ("election delayed", "Elections"),
    "election_annulled": ("election annulled", "Elections"),
    "election_held": ("election held", "Elections"),
    "sanctions_imposed": ("sanctions imposed", "Abroad"),
    "sanctions_lifted": ("sanctions lifted", "Abroad"),
    "bloc_suspended": ("suspended by a bloc", "Abroad"),
    "bloc_readmitted": ("readmitted by a bloc", "Abroad"),
    "bloc_exit_announced": ("exit from a bloc announced", "Abroad"),
    "bloc_exit_effective": ("exit from a bloc in force", "Abroad"),
    "agreement_signed": ("agreement signed", "Agreements"),
    "agreement_denounced": ("agreement denounced", "Agreements"),
    "talks_began": ("talks begin", "Agreements"),
    "truce_began": ("truce begins", "Agreements"),
    "truce_ended": ("truce ends", "Agreements"),
    "town_lost": ("town lost", "Territory"),
    "town_retaken": ("town retaken", "Territory"),
    "blockade_began": ("blockade begins", "Territory"),
    "blockade_lifted": ("blockade lifted", "Territory"),
    "secession_declared": ("secession declared", "Territory"),
    "parallel_government": ("parallel government", "Territory"),
    "access_denied": ("access denied to a mission", "Support"),
    "air_support_began": ("air support begins", "Support"),
    "air_support_ended": ("air support ends", "Support"),
    "arms_delivered": ("arms delivered", "Support"),
    "contract_signed": ("contract or concession", "Support"),
    "influence_exposed": ("influence operation exposed", "Support"),
}
#: Kinds of steps, in the order of the rows.
KINDS: Final = tuple(dict.fromkeys(kind for _, kind in STEPS.values()))
#: Classes of forces, and types of violence, in the same words.
SENDERS: Final = ("UN", "African regional", "EU", "French", "Russian", "US", "other")
SENDER_WORDS: Final[dict[str, str]] = dict(zip(ACTOR_CLASSES, SENDERS, strict=True))
DEATH_WORDS: Final = {"sb": "state-based", "ns": "non-state", "os": "one-sided"}
_SAME_ELECTION_DAYS = 3


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened in a country.

    Attributes
    ----------
    name
        Name of the country.
    first, last
        Years shown.
    deaths
        ``month``, ``type``, ``deaths``.
    steps
        ``date``, ``step`` (the words of the row), ``kind``, ``label`` (beside the point), ``note``.
    forces
        One row a stay: ``force``, ``sender`` (class), ``start``, ``end``, ``goes_on`` (no end is known), ``people`` by
        the latest figure and ``counted_on``, the day that it is of.
    announced
        Announced withdrawals: ``force``, ``sender``, ``date``.
    actors
        Armed actors, one row a run of months in which they fought, from `~faultline.pipelines.issue.armed_actors`.
    searched
        What was not searched, or not up to the end of what is shown, in sentences.
    """

    name: str
    first: int
    last: int
    deaths: pd.DataFrame
    steps: pd.DataFrame
    forces: pd.DataFrame
    announced: pd.DataFrame
    actors: pd.DataFrame
    searched: tuple[str, ...]


def timeline(snapshot: Snapshot, iso3: str, *, first: int = 2012, last: int = 2025) -> Timeline:
    """Gather what happened in a country.

    Parameters
    ----------
    snapshot
        Canonical tables.
    iso3
        ISO 3166-1 alpha-3 code of the country.
    first, last
        Years, both included.

    Raises
    ------
    UnknownNameError
        If there is no such country.
    ConfigError
        If the last year is before the first.
    """
    countries = snapshot.countries[snapshot.countries["last_month"].isna()].set_index("iso3")
    if iso3 not in countries.index:
        raise UnknownNameError("country", iso3, countries.index, listed_by=COUNTRIES)
    if last < first:
        msg = f"--last: {last} is before the first year, {first}."
        raise ConfigError(msg)
    gwno = int(cast("int", countries.loc[iso3, "gwno"]))
    start, stop = pd.Timestamp(year=first, month=1, day=1), pd.Timestamp(year=last, month=12, day=31)

    def shown(table: pd.DataFrame, column: str) -> pd.DataFrame:
        own = table[table["gwno"] == gwno]
        return own[own[column].between(start, stop)]

    name = str(countries.loc[iso3, "name"])
    forces = stays(snapshot.deployments[snapshot.deployments["gwno"] == gwno], stop)
    forces["force"] = without_place(forces["force"], name)
    return Timeline(
        name=name,
        first=first,
        last=last,
        deaths=_deaths(shown(snapshot.country_month, "month")),
        steps=steps(
            shown(snapshot.coups, "date"), shown(snapshot.transitions, "date"), shown(snapshot.elections, "date")
        ).drop(columns="gwno"),
        forces=forces[(forces["end"] >= start) & (forces["start"] <= stop)].drop(columns="gwno").reset_index(drop=True),
        announced=_announced(shown(snapshot.deployments, "date"), name),
        actors=armed_actors(
            snapshot.actor_month[snapshot.actor_month["gwno"] == gwno],
            snapshot.actor_lineage,
            dict(zip(snapshot.actors["actor_id"], snapshot.actors["name"], strict=True)),
            first=pd.Period(start, "M"),
            last=pd.Period(stop, "M"),
        ).drop(columns="gwno"),
        searched=_searched(snapshot, gwno, stop),
    )


def _deaths(counted: pd.DataFrame) -> pd.DataFrame:
    told = {"type": counted["violence_type"].map(DEATH_WORDS), "deaths": counted["deaths"]}
    return pd.DataFrame({"month": counted["month"], **told}).reset_index(drop=True)


def _announced(deployments: pd.DataFrame, country: str) -> pd.DataFrame:
    """Withdrawals that were announced."""
    rows = deployments[deployments["fact"] == "withdrawal_announced"]
    told = {"sender": rows["actor_class"].map(SENDER_WORDS), "date": rows["date"]}
    return pd.DataFrame({"force": without_place(rows["mission"], country), **told}).reset_index(drop=True)


def _searched(snapshot: Snapshot, gwno: int, stop: pd.Timestamp) -> tuple[str, ...]:
    """Say what an empty place on the picture does not show."""
    told: list[str] = []
    for kind, words in (("deployments", "Foreign forces"), ("transitions", "Steps of transition, coups apart")):
        until = searched_until(snapshot.facts_coverage, kind, gwno)
        if until is None:
            told.append(f"{words}: not coded.")
        elif (stop - until).days >= OLD_AFTER_DAYS:
            told.append(f"{words}: searched until {until.day} {until:%B %Y}.")
    return tuple(told)


def without_place(missions: pd.Series, country: str) -> pd.Series:
    """Names without the country that the whole picture is of."""
    return missions.str.replace(rf" in (the )?{re.escape(country)}\b", "", regex=True)


def steps(coups: pd.DataFrame, transitions: pd.DataFrame, elections: pd.DataFrame) -> pd.DataFrame:
    """Tell coups and steps of transition of one or more countries in an analyst's words.

    Returns
    -------
    ``gwno`` and the columns of `Timeline.steps`, by country and date.
    """
    seized = coups["successful"].map({True: "coup_success", False: "coup_failed"})
    own = transitions[~transitions["fact"].isin(["coup_success", "coup_failed"])]
    reign = elections[elections["event"].isin(["held", "delayed"])]
    parts = [
        coups[["gwno", "date"]].assign(fact=seized.astype("str"), note=coups["source"], label=""),
        own[["gwno", "date", "fact", "note"]].assign(label=own["subject"]),
        pd.DataFrame(
            {
                "gwno": reign["gwno"],
                "date": reign["date"],
                "fact": reign["event"].replace({"held": "election_held"}),
                "note": reign["office"].map({"L": "legislature", "X": "executive", "R": "referendum"}),
                "label": "",
            }
        ),
    ]
    told = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True).sort_values(
        ["gwno", "fact", "date"]
    )
    same = told["gwno"].eq(told["gwno"].shift()) & told["fact"].eq(told["fact"].shift())
    same &= told["date"].diff().dt.days <= _SAME_ELECTION_DAYS
    told = told[~(same & told["fact"].isin(["election_held", "delayed"]))]
    step, kind = (told["fact"].map({fact: words[i] for fact, words in STEPS.items()}) for i in (0, 1))
    vote_put_off = told["fact"].eq("postponement") & told["label"].ne("transition")
    named = kind.isin(["Abroad", "Agreements", "Territory", "Support"]) | vote_put_off
    label = told["label"].astype("str").str.removeprefix("constitutional ").where(named).fillna("")
    shown = {"date": told["date"], "step": step, "kind": kind, "label": label, "note": told["note"].fillna("")}
    return pd.DataFrame({"gwno": told["gwno"], **shown}).sort_values(["gwno", "date", "step"], ignore_index=True)


def stays(deployments: pd.DataFrame, stop: pd.Timestamp) -> pd.DataFrame:
    """Tell from arrivals and departures how long each force stayed, in one or more countries.

    Parameters
    ----------
    stop
        Where a stay of which no end is known is cut.

    Returns
    -------
    ``gwno`` and the columns of `Timeline.forces`, by start.
    """
    found: list[dict[str, Any]] = []
    for (gwno, _), rows in deployments.sort_values("date").groupby(["gwno", "deployment"], sort=False):
        arrived: pd.Timestamp | None = None
        sender = SENDER_WORDS[str(rows["actor_class"].iloc[0])]
        shared = {"gwno": gwno, "force": rows["mission"].iloc[0], "sender": sender}
        figure: dict[str, Any] = {}
        people = rows[["strength_low", "strength_high"]].mean(axis=1)
        for fact, date, regions, count in zip(rows["fact"], rows["date"], rows["regions"], people, strict=True):
            if fact == "strength":
                figure = {"people": count, "counted_on": date}
            elif fact == "arrival" and arrived is None:
                arrived = date
            elif fact == "departure" and not isinstance(regions, str) and arrived is not None:
                found.append({**shared, **figure, "start": arrived, "end": date, "goes_on": False})
                arrived, figure = None, {}
        if arrived is not None:
            found.append({**shared, **figure, "start": arrived, "end": max(stop, arrived), "goes_on": True})
    columns = ["gwno", "force", "sender", "start", "end", "goes_on", "people", "counted_on"]
    days = dict.fromkeys(("start", "end", "counted_on"), "datetime64[s]")
    table = pd.DataFrame(found, columns=columns).astype({**days, "people": "float64"})
    return table.sort_values("start", ignore_index=True)
