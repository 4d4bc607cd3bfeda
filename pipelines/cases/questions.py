"""What precedents are asked about: a kind of event, by class of forces and by who ended them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ...features.contracts.political import ACTOR_CLASSES, INITIATORS
from ...features.errors import ConfigError, UnknownNameError
from ...features.facts.happenings import EVENTS

__all__ = ["EVENT_WORDS", "Question", "question_words"]

#: Kinds of events, in words.
EVENT_WORDS: Final = {
    "arrival": "arrival of foreign forces",
    "departure": "departure of foreign forces",
    "sponsor_switch": "change of sponsor",
    "west_to_russia": "a western force leaves and Russians come",
    "coup": "successful coup",
    "attempt": "failed coup",
    "election_postponed": "vote put off",
    "transition_overdue": "transition overdue",
    "bloc_exit": "exit from a bloc",
    "sanctions": "sanctions imposed",
}
_LONGEST: Final = 24
_INITIATED: Final = ("departure", "sponsor_switch", "west_to_russia")
_WITH_CLASSES: Final = ("arrival", *_INITIATED)


@dataclass(frozen=True)
class Question:
    """What a reference class is of.

    Attributes
    ----------
    event
        One of `~faultline.features.facts.happenings.EVENTS`.
    classes
        Classes of forces, of any of which the event must be; empty for all.
    initiator
        Who ended the deployment; None for whoever did.
    within
        Months before and after that are compared.

    Raises
    ------
    UnknownNameError
        If there is no such event, class or initiator.
    ConfigError
        If the event has no class or initiator, or so many months cannot be compared.
    """

    event: str
    classes: tuple[str, ...] = ()
    initiator: str | None = None
    within: int = 12

    def __post_init__(self) -> None:
        """Refuse what cannot be asked."""
        if self.event not in EVENTS:
            raise UnknownNameError("event", self.event, EVENTS)
        for name in self.classes:
            if name not in ACTOR_CLASSES:
                raise UnknownNameError("class of forces", name, ACTOR_CLASSES)
        if self.classes and self.event not in _WITH_CLASSES:
            msg = (
                f"--class: {self.event!r} is not about a force; leave it out, or ask about {', '.join(_WITH_CLASSES)}."
            )
            raise ConfigError(msg)
        if self.initiator is not None and self.initiator not in INITIATORS:
            raise UnknownNameError("initiator", self.initiator, INITIATORS)
        if self.initiator is not None and self.event not in _INITIATED:
            msg = (
                f"--initiator: {self.event!r} is no end of a force; leave it out, or ask about {', '.join(_INITIATED)}."
            )
            raise ConfigError(msg)
        if not 1 <= self.within <= _LONGEST:
            msg = f"--within: {self.within} is not a number of months from 1 to {_LONGEST}."
            raise ConfigError(msg)


def question_words(question: Question) -> str:
    """Say what is asked about.

    Examples
    --------
    >>> question_words(Question("departure", ("french", "eu"), "host"))
    'departure of foreign forces (french or eu; ended by host)'
    """
    parts = (" or ".join(question.classes), f"ended by {question.initiator}" if question.initiator else "")
    told = "; ".join(filter(None, parts))
    return f"{EVENT_WORDS[question.event]} ({told})" if told else EVENT_WORDS[question.event]
