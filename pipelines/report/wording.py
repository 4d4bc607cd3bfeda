"""How numbers, months, lists and what comes from the data are said in a language."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd
from babel.core import get_global
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from ...models.probabilities.driver_words import AMOUNTS
from ..issue.effects import NO_FACT, REFUSED
from .catalogues import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from babel import Locale

    from .catalogues import Catalogue

__all__ = ["Wording"]

_STALE = re.compile(r"stale: data end (\d{4}-\d\d-\d\d), ([\d,]+) days before the issue date")
_BRIDGED = re.compile(r"bridged: (\d+) months to (\d{4}-\d\d) not known by region, the last known is (\d{4}-\d\d)")
_DRIVER = re.compile(r"(raised|lowered) by (.+)")
#: How much of a feature there was, by the key of the message that says so.
_AMOUNTS = {
    (kind, f"driver.{kind}.{amount}"): re.compile(re.escape(words).replace(re.escape("{what}"), "(.+)"))
    for kind, told in AMOUNTS.items()
    for amount, words in told.items()
}
_FACT = re.compile(r"(.+?)(?: \(([A-Z][a-z]+ \d{4})\))?")
_RESTS = re.compile(r"rests on new_armed_actor only: region events end (\d{4}-\d\d)")
_KNOWN_WARNINGS = {
    "rests on new_armed_actor and contested_share_rises": "warning.both",
    "rests on new_armed_actor only: no region events": "warning.no_regions",
}


#: What adds less to a probability, its interval included, is not worth a number.
_LITTLE = 0.0005


# A brief of a thousand units says tens of thousands of numbers, of which few differ.
@cache
def _whole_percent(value: int, locale: Locale) -> str:
    return format_percent(value / 100, locale=locale)


@cache
def _whole_number(value: int, locale: Locale) -> str:
    return format_decimal(value, locale=locale)


@cache
def _decimal(value: float, pattern: str, locale: Locale) -> str:
    return format_decimal(value, format=pattern, locale=locale)


@cache
def _date(day: date, pattern: str, locale: Locale) -> str:
    return format_date(day, pattern, locale=locale)


@cache
def _territory(iso3: str, locale: Locale) -> str | None:
    code = "XK" if iso3 == "XKX" else next(iter(get_global("territory_aliases").get(iso3, ())), "")
    return locale.territories.get(code)


@dataclass(frozen=True)
class Wording:
    """A language of the brief.

    Attributes
    ----------
    catalogue
        Its messages, and how it writes numbers and dates.
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
        return cls(catalogue(lang))

    @property
    def messages(self) -> Mapping[str, str | tuple[str, ...]]:
        """Every message by its key."""
        return self.catalogue.messages

    def say(self, key: str, **fields: object) -> str:
        """Fill a message; one with plural forms is chosen by the field ``n``. Whole numbers are written out."""
        message = self.messages[key]
        if isinstance(message, tuple):
            single = self.catalogue.locale.plural_form(float(str(fields["n"]))) == "one"
            message = message[0] if single else message[-1]
        return message.format(**{name: self._field(value) for name, value in fields.items()})

    def _field(self, value: object) -> object:
        return _whole_number(value, self.catalogue.locale) if isinstance(value, int) else value

    def name(self, kind: str, name: str) -> str:
        """Name of a target, forecaster or level; one without a message is shown as it is."""
        key = f"{kind}.{name}"
        return self.say(key) if key in self.messages else name

    def country(self, iso3: str, name: str) -> str:
        """Name of a country in the language, by Unicode's CLDR; the data's own where it has none."""
        return _territory(iso3, self.catalogue.locale) or name

    def region(self, code: str, name: str) -> str:
        """Name of a region in the language, the data's own where it has none."""
        return self.catalogue.regions.get(code, name)

    def mission(self, name: str) -> str:
        """Name of a foreign force in the language, where it has an official one; the data's own where it has none."""
        return self.catalogue.missions.get(name, name)

    def driver(self, text: str) -> str:
        """What moved a score, as the scores say it, in this language."""
        found = _DRIVER.fullmatch(text)
        if found is None:
            return text
        return self.say(f"driver.{found[1]}", what=self._amount(found[2]))

    def _amount(self, text: str) -> str:
        for (kind, key), pattern in _AMOUNTS.items():
            told = pattern.fullmatch(text)
            if told and (kind, told[1]) in self.catalogue.features:
                return self.say(key, what=self.catalogue.features[kind, told[1]])
        return text

    def effects(self, added: tuple[float, float, float], note: str, *, deaths: bool = False) -> tuple[str, ...]:
        """What foreign forces and transitions add to a probability or to deaths, or that it could not be measured."""
        if note == REFUSED:
            return (self.say("effects.refused_of_deaths" if deaths else "effects.refused"),)
        told = _FACT.fullmatch(note)
        if told is None or math.isnan(added[0]) or note == NO_FACT:
            return ()
        what = self.catalogue.features.get(("effect", told[1]), told[1])
        if told[2]:
            what = f"{what} ({self.month(pd.Timestamp(told[2]).date())})"
        if all(abs(each) < _LITTLE for each in added):
            return (self.say("effects.little_of_deaths" if deaths else "effects.little"),)
        share, low, high = (self.decimal(100 * each, places=1, signed=True) for each in added)
        return (self.say("effects.deaths" if deaths else "effects.added", share=share, low=low, high=high, what=what),)

    def warning(self, text: str) -> str:
        """A warning, as the scores say it, in this language."""
        if stale := _STALE.fullmatch(text):
            n = int(stale[2].replace(",", ""))
            return self.say("warning.stale", day=self.day(pd.Timestamp(stale[1]).date()), n=n)
        if bridged := _BRIDGED.fullmatch(text):
            origin, through = (self.month(pd.Timestamp(month).date()) for month in bridged.groups()[1:])
            return self.say("warning.bridged", n=int(bridged[1]), origin=origin, through=through)
        if rests := _RESTS.fullmatch(text):
            return self.say("warning.regions_end", month=self.month(pd.Timestamp(rests[1]).date()))
        return self.say(_KNOWN_WARNINGS[text]) if text in _KNOWN_WARNINGS else text

    def percent(self, probability: float) -> str:
        """Whole per cent; never 0 or 100, which no forecast means."""
        if math.isnan(probability):
            return self.say("none")
        if probability < 0.01:  # noqa: PLR2004  # one per cent
            return self.say("under_one", edge=self.share(0.01))
        if probability > 0.99:  # noqa: PLR2004
            return self.say("over_ninety_nine", edge=self.share(0.99))
        return self.share(probability)

    def share(self, part: float) -> str:
        """Whole per cent, 0 and 100 too: of what has happened, and edges of classes."""
        # Python's rounding, so that all of the brief rounds alike
        return _whole_percent(round(100 * part), self.catalogue.locale)

    def interval(self, low: float, high: float) -> str:
        """Two probabilities, from low to high; one where both are said alike."""
        if math.isnan(low) or math.isnan(high):
            return self.say("none")
        first, last = self.percent(low), self.percent(high)
        return first if first == last else self.say("interval", low=first, high=last)

    def difference(self, points: float) -> str:
        """Signed percentage points, with a true minus."""
        if math.isnan(points):
            return self.say("none")
        rounded = round(100 * points)
        sign = "+" if rounded > 0 else "\N{MINUS SIGN}"
        return "0" if rounded == 0 else f"{sign}{abs(rounded)}"

    def count(self, value: float) -> str:
        """Whole number with thousands set apart."""
        return self.say("none") if math.isnan(value) else _whole_number(round(value), self.catalogue.locale)

    def decimal(self, value: float, *, places: int = 3, signed: bool = False) -> str:
        """Decimal number with a true minus; what rounds to nothing has no sign."""
        if math.isnan(value):
            return self.say("none")
        rounded = round(value, places) + 0.0  # no minus before a zero
        sign = "+" if signed and rounded > 0 else ""
        pattern = "#,##0." + "0" * places if places else "#,##0"
        text = _decimal(rounded, pattern, self.catalogue.locale)
        return f"{sign}{text}".replace("-", "\N{MINUS SIGN}")

    def day(self, day: date) -> str:
        """Day, month and year."""
        return self._date(day, "d MMMM y")

    def month(self, day: date) -> str:
        """Month and year."""
        return self._date(day, "MMMM y")

    def _date(self, day: date, pattern: str) -> str:
        return _date(day, pattern, self.catalogue.locale)

    def period(self, start: date, end: date) -> str:
        """Months from the first to the last, both included, the year said once where it is the same."""
        return self._months("period", start, end) or self.month(end)

    def within(self, start: date, end: date) -> str:
        """Say the same as part of a sentence: in a month, or from one to another."""
        return self._months("within.several", start, end) or self.say("within.one", month=self.month(end))

    def _months(self, key: str, start: date, end: date) -> str:
        if (start.year, start.month) == (end.year, end.month):
            return ""
        first = self._date(start, "LLLL") if start.year == end.year else self.month(start)
        return self.say(key, first=first, last=self.month(end))

    def listing(self, items: Sequence[str]) -> str:
        """Join with commas and a last 'and'."""
        return format_list(list(items), locale=self.catalogue.locale)
