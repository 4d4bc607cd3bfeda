"""Contracts of the tables on foreign forces and on who rules: deployments, transitions, elections, leaders, regimes.

Deployments, transitions, elections and leaders are event-sourced: one fact a row, and a later end, delay or correction
is a row of its own with its own ``known_on``. The state as of a day follows from the rows known by then.
"""

from __future__ import annotations

import pandera.pandas as pa

from .columns import Check, contract, day, gwno, known_on, text

__all__ = [
    "ACTOR_CLASSES",
    "CONFIDENCES",
    "CONSENTS",
    "DEPLOYMENT_FACTS",
    "ELECTION_EVENTS",
    "FACT_KINDS",
    "INITIATORS",
    "POLITICAL",
    "PRECISIONS",
    "REGIMES_OF_THE_WORLD",
    "SOURCE_CLASSES",
    "TRANSITION_FACTS",
]

#: Classes of forces abroad, by who sends them.
ACTOR_CLASSES = ("un", "regional", "eu", "french", "russian", "us", "other")
#: What may be said of a deployment.
DEPLOYMENT_FACTS = ("arrival", "strength", "withdrawal_announced", "withdrawal_cancelled", "departure")
#: What may be said of a transition.
TRANSITION_FACTS = (
    "coup_success",
    "coup_failed",
    "coup_alleged",
    "charter",
    "transition_began",
    "transition_ended",
    "timetable_announced",
    "postponement",
    "constitution_vote",
    "election_set",
    "election_held",
    "election_annulled",
    "sanctions_imposed",
    "sanctions_lifted",
    "bloc_exit_announced",
    "bloc_exit_effective",
    "bloc_suspended",
    "bloc_readmitted",
    "agreement_signed",
    "agreement_denounced",
    "parties_dissolved",
    "town_lost",
    "town_retaken",
    "blockade_began",
    "blockade_lifted",
    "secession_declared",
    "parallel_government",
    "talks_began",
    "truce_began",
    "truce_ended",
    "access_denied",
    "air_support_began",
    "air_support_ended",
    "arms_delivered",
    "contract_signed",
    "influence_exposed",
)
#: What REIGN says of an election, in our words.
ELECTION_EVENTS = ("announced", "assumed", "expected", "delayed", "held", "voided", "deadline_met", "deadline_missed")
#: What facts are searched for.
FACT_KINDS = ("deployments", "transitions", "coups", "elections", "un_bases")
PRECISIONS = ("day", "month", "year")
CONFIDENCES = ("high", "medium", "low")
#: Who ended a deployment: the host, who sent it, the council that had mandated it, or a force of arms.
INITIATORS = ("host", "sender", "council", "combat")
#: By whose leave a force came: the host's, a council's (UN, African Union, bloc), a rival authority's, nobody's.
CONSENTS = ("host", "council", "rival", "none")
#: Who stands behind the page that a fact cites; ``local`` is the press of the country, ``unlisted`` not known.
SOURCE_CLASSES = ("official", "agency", "press", "local", "state", "research", "reference", "unlisted")
#: Regimes of the World, by value.
REGIMES_OF_THE_WORLD = ("closed autocracy", "electoral autocracy", "electoral democracy", "liberal democracy")

_ADDRESS = r"^https?://\S+$"


def _iso3() -> pa.Column:
    return text("ISO 3166-1 alpha-3", checks=Check.str_matches(r"^[A-Z]{3}$"))


def _precision() -> pa.Column:
    return text("how exactly the date is known", checks=Check.isin(PRECISIONS))


def _optional_day(description: str) -> pa.Column:
    return pa.Column("datetime64[s]", nullable=True, description=description)


def _soldiers(description: str) -> pa.Column:
    return pa.Column("float64", Check.in_range(0, 1_000_000), nullable=True, description=description)


def _provenance() -> dict[str, pa.Column]:
    return {
        "known_on": known_on(),
        "source": text("citation"),
        "source_url": text("page to look it up", checks=Check.str_matches(_ADDRESS)),
        "source_class": text("who stands behind that page", checks=Check.isin(SOURCE_CLASSES)),
        "second_source": text("another page that says so", nullable=True, checks=Check.str_matches(_ADDRESS)),
        "superseded_by": text("later row that took the place of this one; learnt later", nullable=True),
        "confidence": text("how sure the fact is", checks=Check.isin(CONFIDENCES)),
        "note": text("what is uncertain, or worth knowing", nullable=True),
    }


#: The contracts, in the order in which the snapshot writes the tables.
POLITICAL: tuple[pa.DataFrameSchema, ...] = (
    contract(
        "deployments",
        {
            "fact_id": text("name of the fact"),
            "deployment": text("ties the facts of one force in one host country together"),
            "mission": text("name of the mission or force"),
            "sending_actor": text("who sends it"),
            "actor_class": text("class of the sender", checks=Check.isin(ACTOR_CLASSES)),
            "iso3": _iso3(),
            "gwno": gwno(),
            "regions": text("codes of regions where it stands, ';' between; empty: whole country", nullable=True),
            "fact": text("what happened", checks=Check.isin(DEPLOYMENT_FACTS)),
            "date": day("when it took effect, or was announced"),
            "date_precision": _precision(),
            "strength_low": _soldiers("people in the host country, low figure; of UN missions the soldiers"),
            "strength_high": _soldiers("people in the host country, high figure; of UN missions with police"),
            "announced_end": _optional_day("when the force was to be gone, of a withdrawal announced"),
            "initiator": text("who ended it, of an end", nullable=True, checks=Check.isin(INITIATORS)),
            "consent": text("by whose leave it came, of an arrival", nullable=True, checks=Check.isin(CONSENTS)),
            **_provenance(),
        },
        ["fact_id"],
        "Foreign forces by host country: arrivals, strengths, announced withdrawals, departures; one fact a row.",
    ),
    contract(
        "transitions",
        {
            "fact_id": text("name of the fact"),
            "iso3": _iso3(),
            "gwno": gwno(),
            "fact": text("what happened", checks=Check.isin(TRANSITION_FACTS)),
            "date": day("when it happened or took effect, or was announced"),
            "date_precision": _precision(),
            "announced_end": _optional_day("day that the fact sets: end of the transition, election day"),
            "subject": text("what it is about: a body, an office, an agreement", nullable=True),
            **_provenance(),
        },
        ["fact_id"],
        "Coups, transitions and their timetables, elections, sanctions, exits from blocs, agreements; one fact a row.",
    ),
    contract(
        "elections",
        {
            "election_id": text("REIGN's number of the election"),
            "sequence": pa.Column("int32", Check.in_range(1, 99), description="order of the events of one election"),
            "gwno": gwno(),
            "office": text("L legislature, X executive, R referendum", checks=Check.isin(("L", "X", "R"))),
            "event": text("what happened", checks=Check.isin(ELECTION_EVENTS)),
            "date": day(
                "when it happened, or of an expected election is due; the first day where only the month is known"
            ),
            "date_precision": _precision(),
            "known_on": known_on(),
        },
        ["election_id", "sequence"],
        "Elections and referendums to March 2021: announced, delayed, voided, held; one event a row.",
    ),
    contract(
        "leaders",
        {
            "leader_id": text("REIGN's name of the spell in office"),
            "gwno": gwno(),
            "leader": text("name"),
            "fact": text("entry into office or exit from it", checks=Check.isin(("entry", "exit"))),
            "date": day("when; of exits the last day of the month"),
            "military": pa.Column(
                "float64", Check.in_range(0, 1), nullable=True, description="1 if of a military career"
            ),
            "known_on": known_on(),
        },
        ["leader_id", "gwno", "fact", "date"],
        "Leaders of states to March 2021: entries into office and exits from it, one a row.",
    ),
    contract(
        "regimes",
        {
            "gwno": gwno(),
            "year": pa.Column("int32", Check.in_range(1945, 2100), description="calendar year"),
            "regime": pa.Column(
                "int32",
                Check.in_range(0, 3),
                description=", ".join(f"{value} {words}" for value, words in enumerate(REGIMES_OF_THE_WORLD)),
            ),
            "known_on": known_on(),
        },
        ["gwno", "year"],
        "Regimes of the World by country and year.",
    ),
    contract(
        "facts_coverage",
        {
            "gwno": pa.Column("int32", Check.in_range(0, 999), description="country that was searched; 0 is every one"),
            "iso3": text("ISO 3166-1 alpha-3", nullable=True, checks=Check.str_matches(r"^[A-Z]{3}$")),
            "kind": text("what was searched for", checks=Check.isin(FACT_KINDS)),
            "first_year": pa.Column("int32", Check.in_range(1946, 2100), description="from its January on"),
            "searched_until": day("last day up to which facts were searched"),
            "note": text("what is known to be missing", nullable=True),
        },
        ["gwno", "kind"],
        "Where facts were searched: inside it, one that stands in no table did not happen; outside, nothing is known.",
    ),
)
