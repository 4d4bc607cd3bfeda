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
}
