"""The issue in three sentences: how many will die where, what turns, and how far to trust it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .forecasts import pick
from .summary import summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .forecasts import Forecast
    from .record import Record
    from .watchlist import Watched, WatchTable
    from .wording import Wording

__all__ = ["headline", "opening"]

#: Units that a sentence names.
NAMED = 3
#: Of a headline where there are no lists to make one of.
SENTENCES = 3


def opening(
    mains: Mapping[str, Sequence[Forecast]],
    wording: Wording,
    *,
    ahead: Sequence[Forecast] | None,
    at_risk: Sequence[Forecast],
    record: Record,
    lists: Mapping[str, Sequence[WatchTable]],
    ended: Sequence[str],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Headline of an issue, and more of it in sentences.

    Parameters
    ----------
    mains
        Forecasts of the main event and horizon by the level's name, likeliest first.
    wording
        Language.
    ahead
        All forecasts of the months that are still to come, where what follows on the data has begun long ago; the
        sentences then speak of these.
    at_risk
        Forecasts of new armed actors for countries at risk.
    record, lists
        How earlier issues did; what to watch, by the level's name.
    ended
        What to say where the first windows have ended.
    """
    shown, since = mains, ()
    later = {
        name: pick(ahead or (), level=units[0].level, target=units[0].target, horizon=units[0].horizon)
        for name, units in mains.items()
    }
    if first := next((f for units in later.values() for f in units), None):  # of very old data the window is left out
        shown = later
        since = (
            wording.say("summary.from_today", first=wording.month(first.start), through=wording.month(first.through)),
        )
    told = summary(shown.get("country", ()), shown.get("region", ()), at_risk, wording, opening=not lists)
    if not lists:
        every = (*told, *ended, *since) if since else (*ended, *told)
        return every[:SENTENCES], every
    name, units = next((name, units) for name, units in shown.items() if units)
    opened = headline(units, lists.get(name, ()), record, wording, over=(*ended, *since))
    return opened, (*told, *ended, *since) if record.counts else told


def headline(
    shown: Sequence[Forecast],
    lists: Sequence[WatchTable],
    record: Record,
    wording: Wording,
    *,
    over: Sequence[str] = (),
) -> tuple[str, ...]:
    """Say an issue in up to three sentences; what was not scored, or has not been settled yet, is left out.

    Parameters
    ----------
    shown
        Forecasts of the main event and horizon for the first level, likeliest first.
    lists
        What to watch of that level.
    record
        How earlier issues did.
    wording
        Language.
    over
        What to say first where the first windows have ended.
    """
    tables = {table.name: table for table in lists}
    moves = [
        wording.say(f"headline.{name}", units=_named(tables[name].rows, wording))
        for name in ("rise", "fall", "quiet")
        if name in tables and tables[name].rows
    ]
    sentences = [
        _deaths(tables["most_deaths"], shown, wording) if "most_deaths" in tables else "",
        wording.say("headline.moves", moves=wording.listing(moves)) if moves else "",
        record.sentences[0] if record.counts else " ".join(over),
    ]
    return tuple(filter(None, sentences))


def _deaths(table: WatchTable, shown: Sequence[Forecast], wording: Wording) -> str:
    units = wording.listing([_of_deaths(row, wording) for row in table.rows[:NAMED]])
    return wording.say(
        "headline.deaths",
        units=units,
        within=table.within,
        n=sum(f.probability > 0.5 for f in shown),  # noqa: PLR2004  # more likely than not
        total=len(shown),
        kind=wording.say("units.region" if shown[0].level else "units.country"),
        question=wording.name("question", shown[0].target),
        sooner=wording.within(shown[0].start, shown[0].end),
    )


def _named(rows: Sequence[Watched], wording: Wording) -> str:
    return wording.listing([wording.say("named", unit=row.name, value=row.probability) for row in rows[:NAMED]])


def _of_deaths(row: Watched, wording: Wording) -> str:
    return wording.say("headline.unit", unit=row.name, median=row.median, spread=row.spread)
