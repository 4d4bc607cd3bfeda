"""What the brief says of precedents, in English: see `messages`."""

from __future__ import annotations

from typing import Final

__all__ = ["PRECEDENTS_MESSAGES"]

PRECEDENTS_MESSAGES: Final[dict[str, str | tuple[str, ...]]] = {
    "precedents": "Precedents: what followed events like those here",
    "precedents.how": "Cases in all countries like each kind of event of the last 24 months here: deaths in the 12 "
    "months after over those in the 12 before, beside months without such an event that are alike in region of the "
    "world, level and trend of violence. Intervals over few countries are too narrow. No cause is shown.",
    "precedents.arrival": "arrival of foreign forces",
    "precedents.departure": "departure of foreign forces",
    "precedents.sponsor_switch": "change of sponsor",
    "precedents.west_to_russia": "western forces gone and Russians there",
    "precedents.coup": "coup",
    "precedents.attempt": "failed coup",
    "precedents.election_postponed": "vote put off",
    "precedents.transition_overdue": "transition overdue",
    "precedents.bloc_exit": "exit from a bloc",
    "precedents.sanctions": "sanctions imposed",
    "precedents.by_host": "at the host's demand",
    "precedents.here": "{event}, here in {month}",
    "precedents.none": "{event}: no case can be compared yet.",
    "precedents.line": "{event}: {n} compared, countries: {countries}; deaths after were {of_cases} times those "
    "before, and {of_controls} times in matched months ({sure}).",
    "precedents.interval": "90% interval of the ratio of the two {low} to {high}",
    "precedents.few": "too few countries for an interval",
    "precedents.rises": "Up by 30% or more: {of_cases} of the {n} with 25 deaths or more before, {of_controls} of "
    "matched months.",
}
