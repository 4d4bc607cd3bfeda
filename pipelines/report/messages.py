"""What the brief says, in one place: a language is one more catalogue with the same keys.

A value is a text with ``{fields}``, a pair of texts (one, several) chosen by the field ``n``, or a tuple of names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

__all__ = ["CATALOGUES", "Catalogue"]

Catalogue: TypeAlias = Mapping[str, str | tuple[str, ...]]

ENGLISH: Catalogue = {
    "lang": "en",
    "months": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "and": "{first} and {last}",
    "period": "{first} to {last}",
    "within.one": "in {month}",
    "within.several": "from {first} to {last}",
    "day": "{day} {month} {year}",
    "month": "{month} {year}",
    "under_one": "<1%",
    "over_ninety_nine": ">99%",
    "percent": "{value}%",
    "interval": "{low} to {high}",
    "none": "\N{EN DASH}",
    "risk_classes": ("very low", "low", "moderate", "high", "very high"),
    "edge_first": "below {high}",
    "edge_between": "{low} to {high}",
    "edge_last": "{low} and more",
    "not_scored": "not scored",
    # Targets and horizons
    "target.violence_1": "at least 1 death",
    "target.violence_25": "at least 25 deaths",
    "target.escalation": "escalation",
    "target.new_armed_actor": "a new armed group",
    "target.other": "{name}",
    "question.violence_1": "at least one death in organised violence",
    "question.violence_25": "at least 25 deaths in organised violence",
    "question.escalation": "an escalation (at least 25 deaths, and at least twice those of the 3 months before)",
    "question.new_armed_actor": "a new armed group that causes at least 25 deaths",
    "question.other": "{name}",
    "horizon": ("{n} month", "{n} months"),
    # Head
    "title": "Political violence and fragmentation outlook",
    "subtitle": "Issue of {issue}",
    "issued": "Issued {day} · data to the end of {origin}",
    "skip": "Skip to the summary",
    "nav": "Contents",
    "summary": "The month in brief",
    "summary.some": (
        "{n} of {total} {units} is more likely than not to see {question} {within}.",
        "{n} of {total} {units} are more likely than not to see {question} {within}.",
    ),
    "summary.units": ("countries", "regions"),
    "summary.zero": "None of the {total} {units} is more likely than not to see {question} {within}.",
    "summary.top": "The probability is highest in {units}.",
    "summary.one": "The probability that {unit} sees {question} {within} is {shown} (90% interval {interval}; "
    "baseline {baseline}).",
    "summary.gap": "The baseline only repeats the record of the recent past. Against it, the forecast {moves}.",
    "summary.gap.up": "rises most for {unit} ({shown} against {baseline})",
    "summary.gap.down": "falls most for {unit} ({shown} against {baseline})",
    "summary.change": "Since the last issue, the forecast {moves}.",
    "summary.change.up": "rose most for {unit} (by {points} to {shown})",
    "summary.change.down": "fell most for {unit} (by {points} to {shown})",
    "points": ("{n} point", "{n} points"),
    "summary.fragmentation": "Among countries in armed conflict, {question} within {horizon} is most likely in "
    "{units}.",
    "summary.stale": "The forecasts for regions of {units} rest on data that ended long before this issue. They "
    "speak of the months after their data, which lie in the past, and say nothing about today.",
    "summary.stale.unit": "{unit} (to {day})",
    # Status
    "status": "State of the data",
    "status.countries": ("{n} country", "{n} countries"),
    "status.regions": ("{country}: {n} region", "{country}: {n} regions"),
    "status.through": "Data through",
    "status.units": "Units",
    "status.state": "State",
    "status.age": ("{n} day before issue", "{n:,} days before issue"),
    "status.speaks": "Forecasts speak of",
    "badge.stale": "stale",
    "badge.provisional": "provisional",
    "badge.current": "up to date",
    "badge.warning": "see note",
    "provisional": "Provisional: the latest months come from candidate events, which the yearly release will revise.",
    # Maps
    "world": "Risk by country",
    "regions": "Risk by region",
    "legend": "Probability",
    "caption": "Probability of {question} {within}.",
    "caption.region": "{country}: probability of {question} {within}, as seen from the end of {origin}.",
    "map.alt": "Map of {name}: probability of {question} {within}. The same numbers are in the tables below.",
    "map.world": "the world's countries",
    "map.regions_of": "the regions of {country}",
    "map.small": "Countries too small for the map's outlines are drawn as dots.",
    "map.lost": (
        "{n} country too small for the map's outlines is in the tables only.",
        "{n} countries too small for the map's outlines are in the tables only.",
    ),
    "map.ucdp": "As in UCDP's data, events in the Palestinian territories are counted in Israel, and those in "
    "Western Sahara in Morocco.",
    "map.symbols": "One circle for each region, at the centre of its recorded events: the larger and darker, the "
    "more likely. Outlines of the regions themselves are not drawn, as no boundaries file was given.",
    "map.polygons": "Regions are drawn with the boundaries file that was given for this issue.",
    "map.projection": "Equal-area projection. Outlines show no opinion on the status of any territory.",
    "map.noscript": "This is a still picture. With JavaScript switched on, the map shows each unit's numbers and "
    "can be switched to other events and horizons. The file needs no network for it.",
    "map.failed": "The interactive map could not be drawn; the still picture shows the main forecast.",
    "choose": "Choose what the map shows",
    "choose.target": "Event",
    "choose.horizon": "Months ahead",
    "choose.unit": "Show numbers for",
    "choose.none": "choose a country",
    "choose.none.region": "choose a region",
    "readout": "{name}: {shown} (90% interval {interval}); baseline {baseline}; {risk} risk.",
    "tooltip.name": "Unit",
    "tooltip.probability": "Probability",
    "tooltip.interval": "90% interval",
    "tooltip.baseline": "Baseline",
    "tooltip.risk": "Risk class",
    # Ranked tables
    "ranked.country": "Countries at highest risk",
    "ranked.region": "Regions at highest risk",
    "ranked.caption": "The {n} highest probabilities of {question} {within}.",
    "ranked.caption.regions": "The {n} highest probabilities of {question} within {horizon} of the end of each "
    "country's data.",
    "departures": "Furthest from the baseline",
    "departures.caption": "Where the forecast of {question} departs most from persistence: the largest rises "
    "above it, then the largest falls below it.",
    "ranked.key": "In the bars: dot, the forecast; band, its 90% interval; upright line, the baseline. Deaths are "
    "drawn on a square-root scale, each unit on its own. What moves a score is told against the average unit.",
    "column.rank": "Rank",
    "column.country": "Country",
    "column.region": "Region",
    "column.probability": "Probability",
    "column.interval": "90% interval",
    "column.baseline": "Baseline",
    "column.difference": "Difference, points",
    "column.deaths": "Deaths, median (5% to 95%)",
    "column.history": "Deaths a month, last 5 years",
    "column.drivers": "What moves it",
    "column.through": "Data through",
    "column.risk": "Risk",
    "column.last_year": "Deaths, last 12 months",
    "column.at_risk": "In armed conflict",
    "row.baseline": "baseline {baseline}, {difference} points",
    "row.peak": "peak {peak} in {month}; {year} in the last 12 months",
    "row.quiet": "no deaths recorded",
    "row.unknown": "no record",
    "history.alt": "Deaths a month from {first} to {last}: {text}.",
    "no_drivers": "not given",
    "yes": "yes",
    "no": "no",
    # Fragmentation
    "fragmentation": "Fragmentation: new armed groups",
    "fragmentation.means": "A state fragments when its monopoly of force breaks into parts. This issue forecasts "
    "one sign of that: {question} within {horizon}, where the group had no recorded event in the country in the "
    "{absent} months before and is not the same group under a new name or after a merger. A splinter counts as new. "
    "Communal violence does not count.",
    "fragmentation.at_risk": "New groups nearly always appear where there is fighting already. The fair "
    "comparison is among countries in armed conflict, with at least {deaths} deaths in the last {months} months: {n} "
    "of {total} in this issue. For the others, a low number mostly says that the country is at peace.",
    "fragmentation.dyads": "Groups are known here from battles between two organised sides; one-sided attacks on "
    "civilians cannot be tied to a group in the bundled data, so a group that only attacks civilians is not seen.",
    "fragmentation.caption": "The {n} highest probabilities of {question} {within}.",
    "fragmentation.none": "New armed groups were not forecast in this issue.",
    # Full tables
    "all.country": ("The {n} country", "All {n} countries"),
    "all.region": ("The {n} region", "All {n} regions"),
    "all.heading": "Every unit",
    "all.caption": "Click a heading to sort.",
    "all.filter": "Filter by name",
    "all.shown": "{shown} of {total} shown",
    # Skill
    "skill": "How good are these numbers?",
    "skill.none": "No check out of sample was run for this issue, so nothing can be said about the forecasts' skill.",
    "skill.how": "The forecasts below were made for past months by models that had seen nothing later, and then "
    "compared with what happened. The pool is scored before its calibration, which is fitted on these same months. "
    "The Brier score is the mean squared distance between probability and outcome: smaller is better. The baseline "
    "to beat is persistence, the share of the last 12 known windows in which the event happened. Skill is the part "
    "of the baseline's error that the forecast takes away: 0 is no better, below 0 is worse.",
    "skill.caption": "Brier scores {levels}, origins {first} to {last}. The smallest of each row is bold. On the "
    "right, the pool's skill against each baseline, its area under the ROC curve (AUC) and its average precision.",
    "skill.level.country": "for countries",
    "skill.level.region": "for regions",
    "skill.level.other": "for the level {name}",
    "skill.stratum": "{event}, {stratum} only",
    "skill.event": "Event",
    "skill.horizon": "Months ahead",
    "skill.n": "Forecasts",
    "skill.base_rate": "Base rate",
    "skill.persistence": "Pool against persistence",
    "skill.climatology": "Pool against climatology",
    "skill.auc": "Pool's AUC",
    "skill.ap": "Pool's average precision",
    "skill.beats_all": "{levels_capital}, the pool beat persistence on \u201c{event}\u201d at every horizon checked: "
    "it took away {range} of persistence's Brier error.",
    "skill.beats_some": "{levels_capital}, the pool beat persistence on \u201c{event}\u201d at {good} ahead, but did "
    "NOT beat it at {bad} ahead.",
    "skill.beats_none": "{levels_capital}, the pool did NOT beat persistence on \u201c{event}\u201d at any horizon "
    "checked: the baseline is the better guide there.",
    "skill.unknown": "{levels_capital}, the pool was not compared with persistence on \u201c{event}\u201d.",
    "skill.climatology.none": "{levels_capital}, the pool did NOT beat climatology, each unit's own long-run "
    "rate, on \u201c{event}\u201d at {bad} ahead: the long-run rate is the better guide there.",
    "skill.members": "Of the {total} rows {levels}, {n} have a single forecaster that scored better than the "
    "pool, which is what this brief shows.",
    "skill.base": "Read average precision beside the base rate, which is what a forecast without skill would reach.",
    "forecaster.pool": "Pool",
    "forecaster.persistence": "Persistence",
    "forecaster.climatology": "Climatology",
    "forecaster.logit": "Logit",
    "forecaster.lightgbm": "LightGBM",
    "forecaster.other": "{name}",
    # Method and limits
    "method": "Method and limits",
    "method.1": "For each unit, event and horizon the brief shows the probability that the event happens within "
    "the months after the last complete month of data. It is the equal-weight mean of a logistic regression and a "
    "small boosted tree model that may only rise with recent violence, calibrated on later months than those that "
    "the two had learned from. Both learn from past deaths, armed groups, neighbours, coups and UN troops, as they "
    "were known at each past month. The 90% interval says how unsure the calibration and the two models leave the "
    "probability itself.",
    "method.2": "Deaths are the best estimate of the events' source (UCDP, unless the data are a user's own), from "
    "state-based, non-state and one-sided violence together. "
    "The median and range of deaths are read from 1,000 simulated courses of the coming months.",
    "method.3": "Risk classes have fixed edges, so that two issues can be compared.",
    "limits": "Limits",
    "limits.1": "Events show where armed groups fight, not who controls a place: full control is quiet.",
    "limits.2": "What moves a score is associated with it in past data. It is not shown to cause it, and "
    "changing it need not change the risk.",
    "limits.3": "Reports of violence are incomplete and late, most of all where journalists cannot work. Recent "
    "months are revised.",
    "limits.4": "Events without precedent in the unit's own past, such as a war's first month, are seldom foreseen.",
    "limits.5": "A probability of 20% is right if the event happens one time in five. One outcome does not prove "
    "it right or wrong.",
    "sources": "Data and licences",
    "table_of": "Table: {name}",
    "sources.table": "Used in",
    "sources.source": "Source and version",
    "sources.licence": "Licence",
    "sources.coverage": "Months",
    "sources.rows": "{table} ({rows} rows)",
    "sources.version": "{source}; version {version}",
    "sources.none": "The sources were not recorded for this issue.",
    "models": "Models",
    "models.name": "Model",
    "models.version": "Version",
    "models.run": "MLflow run",
    "models.boundaries": "Boundaries",
    "models.for": "Used for",
    "footer": "Made by faultline. The numbers of this brief are in the flat tables of the same issue.",
}

#: Catalogues by language.
CATALOGUES: dict[str, Catalogue] = {"en": ENGLISH}
