"""What the brief says, in English: the source that the catalogues under ``locale/`` translate.

A value is a text with ``{fields}``, or a pair of texts (one, several) chosen by the field ``n``. In a catalogue the key
is the context of the message, and the English text its id: where that changes, the translation no longer counts.
"""

from __future__ import annotations

from typing import Final

from .messages_outlook import OUTLOOK_MESSAGES
from .messages_skill import SKILL_MESSAGES
from .messages_units import UNIT_MESSAGES

__all__ = ["ENGLISH"]

ENGLISH: Final[dict[str, str | tuple[str, ...]]] = {
    "period": "{first} to {last}",
    "within.one": "in {month}",
    "within.several": "from {first} to {last}",
    "under_one": "<{edge}",
    "over_ninety_nine": ">{edge}",
    "named": "{unit} ({value})",
    "with_interval": "{value} ({interval})",
    "interval": "{low} to {high}",
    "none": "\N{EN DASH}",
    "risk.1": "very low",
    "risk.2": "low",
    "risk.3": "moderate",
    "risk.4": "high",
    "risk.5": "very high",
    "edge_first": "below {high}",
    "edge_between": "{low} to {high}",
    "edge_last": "{low} and more",
    "not_scored": "not scored",
    # Targets and horizons
    "target.violence_1": "at least 1 death",
    "target.violence_25": "at least 25 deaths",
    "target.escalation": "escalation",
    "target.new_armed_actor": "a new armed group",
    "question.violence_1": "at least one death in organised violence",
    "question.violence_25": "at least 25 deaths in organised violence",
    "question.escalation": "an escalation (at least 25 deaths, and at least twice those of the 3 months before)",
    "question.new_armed_actor": "a new armed group that causes at least 25 deaths",
    "target.contestation": "control newly contested",
    "target.territorial_fragmentation": "territory more divided",
    "target.contested_share_rises": "more of its regions contested",
    "target.fragmentation": "fragmentation",
    "question.contestation": "the loss of uncontested state control",
    "question.territorial_fragmentation": "a territory more divided among armed groups",
    "question.contested_share_rises": "state control contested in a tenth more of its regions",
    "question.fragmentation": "fragmentation (a new armed group, or a more divided territory)",
    "target.deaths": "deaths",
    "target.deaths_total": "deaths in all months together",
    "target.deaths_sb": "state-based deaths",
    "target.deaths_sb_total": "state-based deaths in all months together",
    "horizon": ("{n} month", "{n} months"),
    # Head
    "title": "Political violence and fragmentation outlook",
    "subtitle": "Issue of {issue}",
    "issued": "Issued {day} · data to the end of {origin}",
    "skip": "Skip to the summary",
    "nav": "Contents",
    "summary": "The month in brief",
    "summary.over": "Data end in {through}. What this issue forecast {within} is over.",
    "summary.some": (
        "{n} of {total} {units} is more likely than not to see {question} {within}.",
        "{n} of {total} {units} are more likely than not to see {question} {within}.",
    ),
    "units.country": "countries",
    "units.region": "regions",
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
    "summary.shortened": (
        "So that it fits into a mail, this brief shows the {n} region at highest risk; the tables of scores have all.",
        "So that it fits into a mail, this brief shows the {n} regions at highest risk; the tables of scores have all.",
    ),
    "summary.fragmentation": "Among countries in armed conflict, {question} within {horizon} is most likely in "
    "{units}.",
    "summary.stale": "The forecasts for regions of {units} rest on data that ended long before this issue. They "
    "speak of the months after their data, which lie in the past, and say nothing about today.",
    "summary.stale.unit": "{unit} (to {day})",
    "summary.bridged": (
        (
            "The forecast for {n} region starts from its country's newest month, {origin}. What happened there is not "
            "known for {months} before: the country's deaths are shared out by what is known of its regions."
        ),
        (
            "The forecasts for {n} regions start from their country's newest month, {origin}. What happened in each is "
            "not known for up to {months} before: the country's deaths are shared out by what is known of its regions."
        ),
    ),
    # How earlier issues did
    "record": "How earlier issues did",
    "record.of": "How it went {month}",
    "record.first": "There is no track record yet: no earlier issue lies in this folder whose months are now in the "
    "data. Make earlier ones with \u201cfaultline run --origin\u201d, or wait for the next month. How the models "
    "did on past months that were held back from them is told under \u201cHow good are these numbers?\u201d.",
    "record.told": (
        (
            "The issue of {issue} saw {n} of {total} countries as more likely than not to have {question} {within}. It "
            "happened in {hits} of those, and in {happened} countries in all."
        ),
        (
            "The issue of {issue} saw {n} of {total} countries as more likely than not to have {question} {within}. It "
            "happened in {hits} of those, and in {happened} countries in all."
        ),
    ),
    "record.hit": "hits",
    "record.miss": "misses",
    "record.false_alarm": "false alarms",
    "record.quiet": "rightly not expected",
    "record.miss.named": "Missed: {units}.",
    "record.false_alarm.named": "False alarms: {units}.",
    "record.no_miss": "None was missed.",
    "record.no_false_alarm": "There was no false alarm.",
    "record.others": ("{n} other", "{n} others"),
    "record.inside": (
        "Of {total} intervals of deaths that should hold 90%, {n} held what was recorded ({share}).",
        "Of {total} intervals of deaths that should hold 90%, {n} held what was recorded ({share}).",
    ),
    "record.no_regions": "No forecast for a region is settled: their events end before the months forecast.",
    "record.backfilled": (
        (
            "{n} of the {total} issues was made after its month, as of then but from today's data, which hold later "
            "corrections: such an issue can look a little better than it would have then."
        ),
        (
            "{n} of the {total} issues were made after their month, as of then but from today's data, which hold later "
            "corrections: such issues can look a little better than they would have then."
        ),
    ),
    "record.deviations": "Largest deviations: the forecast of {question} {within}, and what happened.",
    "record.outside": "Deaths furthest outside what was expected {within}.",
    "record.none_outside": "No country's deaths fell outside their interval.",
    "record.skill_heading": "Running skill against persistence",
    "record.skill": "Everything settled since the issue of {first}. Skill is the part of persistence's Brier error "
    "that the forecast took away: 0 is no better, below 0 is worse. Windows of several months overlap, so that the "
    "forecasts are fewer pieces of evidence than they count.",
    "record.skill_axis": "skill",
    "record.picture": "Running skill against persistence for countries, \u201c{event}\u201d, by months ahead; the "
    "broken line is persistence.",
    "record.regions": "{event}, regions",
    "column.said": "Forecast",
    "column.happened": "Happened",
    "column.recorded": "Deaths recorded",
    "column.expected": "Deaths expected (5% to 95%)",
    "column.issues": "Issues",
    "column.forecasts": "Forecasts",
    "column.base_rate": "Base rate",
    "column.brier": "Brier score",
    "column.baseline_brier": "Persistence's",
    "column.skill": "Skill",
    "column.event": "Event",
    "column.horizon": "Months ahead",
    # What changed
    "changes": "What changed",
    "changes.none": "There was no earlier issue to compare with when this one was made. Where the forecast departs "
    "most from the recent past is told under \u201cFurthest from the baseline\u201d.",
    "changes.small": "Since the issue of {issue}, no probability of {question} within {horizon} moved by 2 points or "
    "more.",
    "changes.caption": "Largest moves of the probability of {question} within {horizon} since the issue of {issue}.",
    "changes.rises": "Largest rises",
    "changes.falls": "Largest falls",
    "changes.lately": "{last} in {month}; before, {before} a month",
    "changes.new": "new",
    "column.now": "Now",
    "column.before": "Before",
    "column.change": "Change, points",
    "column.lately": "Deaths lately",
    # Status
    "status": "State of the data",
    "status.countries": ("{n} country", "{n} countries"),
    "status.regions": ("{country}: {n} region", "{country}: {n} regions"),
    "status.regions_of": "{n} regions of {countries} countries",
    "status.through": "Data through",
    "status.units": "Units",
    "status.state": "State",
    "status.age": ("{n} day before issue", "{n} days before issue"),
    "status.speaks": "Forecasts speak of",
    "badge.stale": "stale",
    "badge.bridged": "bridged",
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
    "more likely. Outlines of the regions themselves are not drawn, as no boundaries file that holds them is at hand.",
    "regions.counted": "Regions that can be forecast: {n}, in {countries} countries, from {release}, to {month}.",
    "regions.too_few": "Countries with fewer than 50 events since 2010, too few to learn from, have no regions.",
    "map.some_polygons": "Regions are drawn with the boundaries file at hand, and those that it lacks as circles at "
    "the centre of their recorded events: the larger and darker, the more likely.",
    "map.polygons": "Regions are drawn with the boundaries file at hand.",
    "map.projection": "Equal-area projection. Outlines show no opinion on the status of any territory.",
    "map.noscript": "This is a still picture. With JavaScript switched on, the map shows each unit's numbers and "
    "can be switched to other events and horizons. The file needs no network for it.",
    "map.failed": "The interactive map could not be drawn; the still picture shows the main forecast.",
    "choose": "Choose what the map shows",
    "choose.target": "Event",
    "choose.horizon": "Months ahead",
    "choose.view": "Zoom to",
    "view.sahel": "Sahel ({countries})",
    "view.countries": "{n} countries",
    "choose.unit": "Show numbers for",
    "choose.none": "choose a country",
    "choose.none.region": "choose a region",
    "map.keys": "{alt} With the arrow keys, step through the units by rank.",
    "map.open": "Open its section",
    "readout": "{name}: {shown} (90% interval {interval}); baseline {baseline}; {risk} risk.",
    "tooltip.name": "Unit",
    "tooltip.probability": "Probability",
    "tooltip.interval": "90% interval",
    "tooltip.baseline": "Baseline",
    "tooltip.risk": "Risk class",
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
    "history.total": (
        "The source gives {deaths} deaths of {month} in {n} event: taken as a longer time's, dated by its first day.",
        "The source gives {deaths} deaths of {month} in {n} events: taken as a longer time's, dated by its first day.",
    ),
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
    "comparison is among countries in armed conflict, with an organised armed group and at least {deaths} deaths "
    "in fighting (not in attacks on civilians) in the last {months} months: {n} of {total} in this issue. "
    "For the others, a low number mostly says that the country is at peace.",
    "fragmentation.dyads": "Groups are known here from battles between two organised sides; one-sided attacks on "
    "civilians cannot be tied to a group in the bundled data, so a group that only attacks civilians is not seen.",
    "fragmentation.caption": "The {n} highest probabilities of {question} {within}.",
    "fragmentation.none": "New armed groups were not forecast in this issue.",
    "all.country": ("The {n} country", "All {n} countries"),
    "all.region": ("The {n} region", "All {n} regions"),
    "all.heading": "Every unit",
    "all.caption": "Click a heading to sort.",
    "all.filter": "Filter by name",
    "all.shown": "{shown} of {total} shown",
    **OUTLOOK_MESSAGES,
    **SKILL_MESSAGES,
    **UNIT_MESSAGES,
}
