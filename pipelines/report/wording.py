"""How numbers, months and lists are said in a language."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...features.errors import UnknownNameError
from .messages import CATALOGUES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from .messages import Catalogue

__all__ = ["Wording"]


@dataclass(frozen=True)
class Wording:
    """A language of the brief.

    Attributes
    ----------
    catalogue
        Its messages.
    """

    catalogue: Catalogue

    @classmethod
    def of(cls, lang: str) -> Wording:
        """Find a language.

        Raises
        ------
        UnknownNameError
            If there is no catalogue for it.
        """
        if lang not in CATALOGUES:
            raise UnknownNameError("language", lang, CATALOGUES)
        return cls(CATALOGUES[lang])

    def say(self, key: str, **fields: object) -> str:
        """Fill a message; a pair (one, several) is chosen by the field ``n``."""
        message = self.catalogue[key]
        if isinstance(message, tuple):
            message = message[0] if fields.get("n") == 1 else message[1]
        return message.format(**fields)

    def name(self, kind: str, name: str) -> str:
        """Name of a target, forecaster or level; one without a message is shown as it is."""
        key = f"{kind}.{name}"
        return self.say(key) if key in self.catalogue else self.say(f"{kind}.other", name=name)

    def names(self, key: str) -> tuple[str, ...]:
        """Give a message that is a tuple of names."""
        return tuple(self.catalogue[key])

    def percent(self, probability: float) -> str:
        """Whole per cent; never 0 or 100, which no forecast means."""
        if math.isnan(probability):
            return self.say("none")
        if probability < 0.01:  # noqa: PLR2004  # one per cent
            return self.say("under_one")
        if probability > 0.99:  # noqa: PLR2004
            return self.say("over_ninety_nine")
        return self.say("percent", value=round(100 * probability))

    def edge(self, probability: float) -> str:
        """Edge of a class in whole per cent."""
        return self.say("percent", value=round(100 * probability))

    def interval(self, low: float, high: float) -> str:
        """Two probabilities, from low to high."""
        if math.isnan(low) or math.isnan(high):
            return self.say("none")
        return self.say("interval", low=self.percent(low), high=self.percent(high))

    def difference(self, points: float) -> str:
        """Signed percentage points, with a true minus."""
        if math.isnan(points):
            return self.say("none")
        rounded = round(100 * points)
        sign = "+" if rounded > 0 else "\N{MINUS SIGN}"
        return "0" if rounded == 0 else f"{sign}{abs(rounded)}"

    def count(self, value: float) -> str:
        """Whole number with thousands set apart."""
        return self.say("none") if math.isnan(value) else f"{round(value):,}"

    def decimal(self, value: float, *, places: int = 3, signed: bool = False) -> str:
        """Decimal number with a true minus."""
        if math.isnan(value):
            return self.say("none")
        sign = "+" if signed and value > 0 else ""
        return f"{sign}{value:.{places}f}".replace("-", "\N{MINUS SIGN}")

    def day(self, day: date) -> str:
        """Day, month and year."""
        return self.say("day", day=day.day, month=self.names("months")[day.month - 1], year=day.year)

    def month(self, day: date) -> str:
        """Month and year."""
        return self.say("month", month=self.names("months")[day.month - 1], year=day.year)

    def period(self, start: date, end: date) -> str:
        """Months from the first to the last, both included, the year said once where it is the same."""
        if (start.year, start.month) == (end.year, end.month):
            return self.month(end)
        first = self.names("months")[start.month - 1] if start.year == end.year else self.month(start)
        return self.say("period", first=first, last=self.month(end))

    def within(self, start: date, end: date) -> str:
        """Say the same as part of a sentence: in a month, or from one to another."""
        if (start.year, start.month) == (end.year, end.month):
            return self.say("within.one", month=self.month(end))
        first = self.names("months")[start.month - 1] if start.year == end.year else self.month(start)
        return self.say("within.several", first=first, last=self.month(end))

    def listing(self, items: Sequence[str]) -> str:
        """Join with commas and a last 'and'."""
        if len(items) <= 1:
            return "".join(items)
        return self.say("and", first=", ".join(items[:-1]), last=items[-1])
