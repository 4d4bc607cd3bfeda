"""How old and how final the data are, for each group of units."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from .forecasts import Forecast
    from .wording import Wording

__all__ = ["Badge", "Status", "badges", "status"]


@dataclass(frozen=True)
class Badge:
    """A short word on the state of the data.

    Attributes
    ----------
    kind
        ``stale``, ``provisional``, ``bridged``, ``warning`` or ``current``.
    word
        What is shown.
    """

    kind: str
    word: str


@dataclass(frozen=True)
class Status:
    """State of the data of units that share it.

    Attributes
    ----------
    units, through, age, speaks
        Which units; last day of their data; how long before the issue that was; months forecast.
    badges, notes
        State in a word each, and in full.
    """

    units: str
    through: str
    age: str
    speaks: str
    badges: tuple[Badge, ...]
    notes: tuple[str, ...]


def badges(forecast: Forecast, wording: Wording) -> tuple[Badge, ...]:
    """Words for what a reader must know about a forecast's data; none if all is well."""
    kinds = ["stale"] if forecast.stale else []
    kinds += ["provisional"] if forecast.provisional else []
    kinds += ["bridged"] if forecast.bridged_months else []
    told = ("stale", "bridged") if forecast.bridged_months else ("stale",)
    kinds += ["warning"] if any(not warning.startswith(told) for warning in forecast.warnings) else []
    return tuple(Badge(kind, wording.say(f"badge.{kind}")) for kind in kinds)


def status(shown: Iterable[Forecast], issue_date: date, wording: Wording) -> tuple[Status, ...]:
    """Group forecasts of one event and horizon by the state of their data.

    Parameters
    ----------
    shown
        Countries together, and regions together.
    issue_date
        Day of issue, from which the age of the data is counted.
    wording
        Language.
    """
    groups: dict[tuple[object, ...], list[Forecast]] = defaultdict(list)
    for f in shown:
        groups[(f.level, f.through, f.provisional, f.warnings)].append(f)
    rows = sorted(groups.values(), key=lambda group: (group[0].level, -len(group), group[0].country_name))
    return tuple(_row(group, issue_date, wording) for group in rows)


def _row(group: Sequence[Forecast], issue_date: date, wording: Wording) -> Status:
    first, countries = group[0], {f.country for f in group}
    units = (
        wording.say("status.countries", n=len(group))
        if first.level == 0
        else wording.say("status.regions", n=len(group), country=first.country_name)
        if len(countries) == 1
        else wording.say("status.regions_of", n=len(group), countries=len(countries))
    )
    notes = tuple(map(wording.warning, first.warnings)) + ((wording.say("provisional"),) if first.provisional else ())
    return Status(
        units=units,
        through=wording.day(first.through),
        age=wording.say("status.age", n=(issue_date - first.through).days),
        speaks=wording.period(first.start, first.end),
        badges=badges(first, wording) or (Badge("current", wording.say("badge.current")),),
        notes=notes,
    )
