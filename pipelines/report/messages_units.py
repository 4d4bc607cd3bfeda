"""What the brief says of a single unit, in English: see `messages`."""

from __future__ import annotations

from typing import Final

from ...models.probabilities.driver_words import AMOUNTS
from .messages_precedents import PRECEDENTS_MESSAGES

__all__ = ["UNIT_MESSAGES"]

UNIT_MESSAGES: Final[dict[str, str | tuple[str, ...]]] = {
    **PRECEDENTS_MESSAGES,
    "unit": "Look at one unit",
    "unit.how": "Choose a country or region here, or its name in any table, for all that this issue tells of it.",
    "unit.noscript": "With JavaScript switched on, this section shows any unit's chart, probabilities, drivers, forces "
    "and transition. The file needs no network for it.",
    "unit.choose": "Country or region",
    "unit.countries": "Countries",
    "unit.regions_of": "Regions of {country}",
    "unit.through": "Data through {day}",
    "unit.chart": "Deaths a month so far (grey) and forecast (blue), on a square-root scale",
    "unit.chart_alt": "Chart of {name}: deaths a month so far and forecast, foreign forces, and steps of transition on "
    "one time axis. The same is told in words below.",
    "unit.chart_key": "Forecast: the line is the median, the dark band holds half of what is expected, the light band "
    "90%. Forces and transition are facts known at the end of the data; bars that reach the right edge go on, "
    "diamonds mark withdrawals that were announced or demanded, and crosses those that were called off.",
    "effects.refused": "what foreign forces and transitions add here: nothing that we could measure",
    "effects.little": "foreign forces and transitions: less than 0.1 points either way",
    "effects.added": "foreign forces and transitions: {share} points, {low} to {high}, most by: {what}",
    "unit.no_forecast": "No forecast of deaths by month in this issue.",
    "unit.deaths_axis": "deaths a month",
    "unit.month": "Month",
    "unit.deaths": "Deaths",
    "unit.median": "Median",
    "unit.past_label": "{month}: {deaths} deaths",
    "unit.ahead_label": "{month}: {median} deaths expected, 90% interval {interval}",
    "unit.forces": "Foreign forces",
    "unit.steps": "Coups, elections and steps of transition",
    "unit.actors": "Armed actors",
    "unit.actors_how": "Months of deadly fighting against a state or another group, as UCDP counts it and under UCDP's "
    "names; attacks on civilians are not in it. At most eight, those with most deaths; an arrow names who carries a "
    "group on.",
    "unit.actors_alt": "Chart of {name}: months in which armed actors fought. They are told in words below.",
    "unit.actor": "{actor}: months of deadly fighting: {months}; deaths in it: {deaths}",
    "unit.no_facts": "No foreign force, coup or step of transition is recorded in these years.",
    "coded.not.deployments": "Foreign forces are not coded here: whether there are any beside UN missions is not "
    "known.",
    "coded.not.transitions": "Steps of transition are not coded here, but for coups; of elections there are those "
    "that REIGN lists.",
    "coded.un": "On the last maps of UN bases: {troops} troops in {bases} places.",
    "coded.old.deployments": "Foreign forces were searched until {day}, {n} days before this issue: later changes may "
    "be missing.",
    "coded.old.transitions": "Steps of transition were searched until {day}, {n} days before this issue: later ones "
    "may be missing.",
    "unit.since": "since {first}",
    "unit.force": "{force} ({sender})",
    "unit.counted": "{span}; {people}",
    "unit.people": "{n} people ({month})",
    "unit.people_old": "{n} people ({month}, a figure over 24 months old)",
    "unit.withdrawal": "withdrawal of {force} announced or demanded",
    "unit.withdrawal_by": "withdrawal of {force} announced, to end by {day}",
    "unit.called_off": "withdrawal of {force} called off",
    "unit.fact": "{what}: {when}",
    "unit.step_of": "{step} ({whose})",
    "unit.deaths_within": "Deaths expected in all, median (5% to 95%)",
    "unit.within": "within {n} months",
    "unit.within_one": "within 1 month",
    "unit.probabilities": "Probabilities by event and months ahead",
    "unit.parts": "What fragmentation is made of",
    "unit.parts_how": "Over the last 12 months of data. Events show where groups fight: contestation, not control.",
    "unit.parts_country": "Told of {country} as a whole.",
    "unit.up": "Back to the tables",
    "said": "What we said, what happened",
    "said.called": (
        (
            "We held 25 deaths or more for likelier than not in {called} of {n} issue whose {months} are over. They "
            "happened in {happened}, {hits} of them called."
        ),
        (
            "We held 25 deaths or more for likelier than not in {called} of {n} issues whose {months} are over. They "
            "happened in {happened}, {hits} of them called."
        ),
    ),
    "said.inside": "The deaths recorded lay within our 90% range in {n} of {total}.",
    "said.again": (
        "{n} of these forecasts was made again later, from what was known at the time.",
        "{n} of these forecasts were made again later, from what was known at the time.",
    ),
    "said.months": "Months",
    "said.chance": "25 deaths or more: we said",
    "revision.year": "In {year} UCDP's final count was {ratio} times that of its candidate releases (candidates "
    "{first}, final {later}).",
    "revision.months": "Single months with 10 deaths or more were revised to between {low} and {high} times.",
    "revision.ahead": (
        (
            "The {n} provisional month ({months}) counts {deaths} deaths so far. Revised as other countries' counts of "
            "this size were in {year}, its final count would lie between {low} and {high} (90% range)."
        ),
        (
            "The {n} provisional months ({months}) count {deaths} deaths so far. Revised as other countries' counts of "
            "this size were in {year}, their final count would lie between {low} and {high} (90% range)."
        ),
    ),
    "parts.groups": "Organised armed groups active",
    "parts.effective": "Their effective number",
    "parts.new": "New groups that killed 25",
    "parts.index": "Territorial fragmentation index (0: undivided), {month}",
    "parts.contested": "Regions contested, {month}",
    "parts.of": "{n} of {total}",
    "parts.people": "Share of its people who live in these",
    "parts.leading": "Leading bloc, with its regions, {month}",
    "sender.UN": "UN",
    "sender.African regional": "African regional",
    "sender.EU": "EU",
    "sender.French": "French",
    "sender.Russian": "Russian",
    "sender.US": "US",
    "sender.other": "other",
    "step.coup": "coup",
    "step.failed coup": "failed coup",
    "step.alleged coup plot": "alleged coup plot",
    "step.transition begins": "transition begins",
    "step.charter": "charter",
    "step.timetable announced": "timetable announced",
    "step.postponement": "postponement",
    "step.transition ends": "transition ends",
    "step.constitution": "constitution",
    "step.election set": "election set",
    "step.election delayed": "election delayed",
    "step.election annulled": "election annulled",
    "step.election held": "election held",
    "step.sanctions imposed": "sanctions imposed",
    "step.sanctions lifted": "sanctions lifted",
    "step.suspended by a bloc": "suspended by a bloc",
    "step.readmitted by a bloc": "readmitted by a bloc",
    "step.exit from a bloc announced": "exit from a bloc announced",
    "step.exit from a bloc in force": "exit from a bloc in force",
    "step.agreement signed": "agreement signed",
    "step.agreement denounced": "agreement denounced",
    "step.parties dissolved": "parties dissolved",
    "step.town lost": "town lost",
    "step.town retaken": "town retaken",
    "step.blockade begins": "blockade begins",
    "step.secession declared": "secession declared",
    "step.parallel government": "parallel government",
    "step.blockade lifted": "blockade lifted",
    "step.talks begin": "talks begin",
    "step.truce begins": "truce begins",
    "step.truce ends": "truce ends",
    "step.access denied to a mission": "access denied to a mission",
    "step.air support begins": "air support begins",
    "step.air support ends": "air support ends",
    "step.arms delivered": "arms delivered",
    "step.contract or concession": "contract or concession",
    "step.influence operation exposed": "influence operation exposed",
    "subject.presidential": "presidential",
    "subject.legislative": "legislative",
    "subject.general": "general",
    "subject.local": "local",
    "subject.referendum": "referendum",
    "driver.raised": "raised by {what}",
    "driver.lowered": "lowered by {what}",
    **{f"driver.{kind}.{amount}": words for kind, told in AMOUNTS.items() for amount, words in told.items()},
    "warning.stale": (
        "stale: data end {day}, {n} day before the issue date",
        "stale: data end {day}, {n} days before the issue date",
    ),
    "warning.bridged": (
        "bridged: {n} month to {origin} is not known by region, the last known is {through}",
        "bridged: {n} months to {origin} are not known by region, the last known is {through}",
    ),
    "warning.both": "rests on new armed groups and on the division of territory",
    "warning.no_regions": "rests on new armed groups only: no region events",
    "warning.regions_end": "rests on new armed groups only: region events end in {month}",
}
