"""What the brief says of the outlook: how bad it can get, what rises and falls, where quiet ends."""

from __future__ import annotations

from typing import Final

__all__ = ["OUTLOOK_MESSAGES"]

OUTLOOK_MESSAGES: Final[dict[str, str | tuple[str, ...]]] = {
    "target.violence_100": "at least 100 deaths",
    "target.violence_1000": "at least 1,000 deaths",
    "target.crossing_25": "25 deaths newly reached",
    "target.crossing_100": "100 deaths newly reached",
    "target.rise_30": "deaths rise by 30% or more",
    "target.fall_30": "deaths fall by 30% or more",
    "target.worst_in_5_years": "the worst month of 5 years",
    "question.violence_100": "at least 100 deaths in organised violence",
    "question.violence_1000": "at least 1,000 deaths in organised violence",
    "question.crossing_25": "at least 25 deaths in organised violence, after fewer in the 3 months before",
    "question.crossing_100": "at least 100 deaths in organised violence, after fewer in the 3 months before",
    "question.rise_30": "at least 30% more deaths than in as many months before",
    "question.fall_30": "at least 30% fewer deaths than in as many months before",
    "question.worst_in_5_years": "a month of at least 25 deaths that is worse than any of the 5 years before",
    "list.most_deaths": "Most deaths expected",
    "list.most_deaths.caption": "By the median of the deaths within {horizon}.",
    "list.rise": "Most likely to rise",
    "list.rise.caption": "At least 30% more deaths within {horizon} than in as many months "
    "before, where these were 25 or more.",
    "list.fall": "Most likely to fall",
    "list.fall.caption": "At least 30% fewer deaths within {horizon} than in as many months "
    "before, where these were 25 or more.",
    "list.quiet": "Quiet places at risk",
    "list.quiet.caption": "At least 25 deaths within {horizon}, after fewer in the 3 months before.",
    "list.reach_1000": "Where 1,000 could die",
    "list.reach_1000.caption": "At least 1,000 deaths within {horizon}, where fewer died in as many months before.",
    "headline.deaths": "Most deaths {within} are expected in {units}; {n} of {total} {kind} have more than an "
    "even chance of {question} {sooner}.",
    "headline.unit": "{unit} ({median}; 90% range {spread})",
    "headline.moves": "Deaths are {moves}.",
    "headline.rise": "most likely to rise in {units}",
    "headline.fall": "most likely to fall in {units}",
    "headline.quiet": "most likely to break out anew in {units}",
    "alerts": "Alerts",
    "alerts.how": "What a fixed rule finds worth a second look. Most alerts are false: what each rule would have done "
    "in the past is told by the command \u201cfaultline trigger-sheet\u201d.",
    "alert.novelty": "more deaths in {month} than in any of the {n} months before: {deaths}",
    "alert.forecast": "{event} within {horizon}: {shown}",
    "alert.new_actor": "a group not seen there for 5 years: {deaths} deaths in {horizon} to {month}",
    "alert.contested": "state control newly contested ({month})",
    "alert.surprise": "the deaths forecast, {deaths}, left the range of the last issue, whose edge was {edge}",
    "list.deaths": "Deaths (median)",
    "lists.how": "Below a median stand its 90% range, which holds the deaths nine times in ten, and the deaths of as "
    "many months before.",
    "more.departures": "Furthest from the baseline",
    "changes.small.backfilled": "There is no earlier issue. Since a backfilled forecast, of {issue}, made again from "
    "what was known then, no probability of {question} within {horizon} moved by 2 points or more.",
    "changes.caption.backfilled": "Largest moves of the probability of {question} within {horizon}. There is no "
    "earlier issue: they are counted from a backfilled forecast, of {issue}, made again from what was known then.",
    "changes.drivers": "What moves a score is told against the average unit; what the last issue did not name is "
    "marked as new.",
    "more.facts": "Armed actors month by month; forces, transition and armed groups in words",
    "list.further": ("{n} more", "{n} more"),
    "more.fragmentation": "How to read these numbers",
    "more.skill": "The tables",
    "list.before": "before {deaths}",
    "list.before.change": "before {deaths}, {change}",
    "ranked.sahel": "Mali, Burkina Faso and Niger",
    "record.all": "All of the record",
    "list.rate": "In ten years it happened in {rate} of the windows where it could.",
    "list.rate.everywhere": "In ten years it happened in {rate} of all windows, also where it had before.",
    "lists.nearer": (
        (
            "How a list did before is told of windows that followed on their data. These begin {n} month later, and "
            "are harder to tell."
        ),
        (
            "How a list did before is told of windows that followed on their data. These begin {n} months later, and "
            "are harder to tell."
        ),
    ),
    "list.record": (
        (
            "Of {named} named by the list of {n} earlier issue {happened} saw it ({share}), against {rate} of all that "
            "could."
        ),
        (
            "Of {named} named by the lists of {n} earlier issues {happened} saw it ({share}), against {rate} of all "
            "that could."
        ),
    ),
    "list.record.most": (
        (
            "Of {named} named by the list of {n} earlier issue {happened} were among the ten with most deaths "
            "({share}), against {rate} of all."
        ),
        (
            "Of {named} named by the lists of {n} earlier issues {happened} were among the ten with most deaths "
            "({share}), against {rate} of all."
        ),
    ),
    "record.regions_known": "Of regions such an issue knew what UCDP's release of the June before held, to December of "
    "the year before that; up to the issue they were bridged, as now.",
    "list.change": "{share}%",
    "list.from_today": "Months: {months}.",
    "colon": ": ",
    "also": "; ",
    "summary.from_today": "These sentences and the lists speak of the months from {first} on; maps, tables and the "
    "pages of units of those that follow on the data, which end in {through}.",
}
