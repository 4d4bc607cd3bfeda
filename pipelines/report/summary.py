"""The month in a few sentences, made from the numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from .forecasts import Forecast
    from .wording import Wording

__all__ = ["WORTH_SAYING", "over", "summary"]

#: Gaps smaller than this, in probability, are not worth a sentence.
WORTH_SAYING = 0.02
NAMED = 5


def summary(
    countries: Sequence[Forecast],
    regions: Sequence[Forecast],
    fragmentation: Sequence[Forecast],
    wording: Wording,
    *,
    opening: bool = True,
) -> tuple[str, ...]:
    """Say what the month's scores say.

    Parameters
    ----------
    countries
        Forecasts of the main event and horizon for countries, likeliest first; may be empty.
    regions
        The same for regions.
    fragmentation
        Forecasts of new armed actors for countries at risk, likeliest first.
    wording
        Language.
    opening
        Whether to begin with how many units are likely to see the event; not where the headline has said so.

    Returns
    -------
    tuple of str
        Sentences.
    """
    sentences: list[str] = []
    units = countries or regions
    if units:
        said = _opening(units, wording) if opening else []
        sentences += said if len(units) > 1 else _single(units[0], wording)
    if len(units) > 1:
        sentences += _moves(units, "gap", wording) + _moves(units, "change", wording)
    if fragmentation:
        first = fragmentation[0]
        sentences.append(
            wording.say(
                "summary.fragmentation",
                question=wording.name("question", first.target),
                horizon=wording.say("horizon", n=first.horizon),
                units=_ranked(fragmentation[:3], wording),
            )
        )
    bridged = [f for f in regions if f.bridged_months]
    if bridged:
        months = wording.say("horizon", n=max(f.bridged_months for f in bridged))
        origin = wording.month(max(f.through for f in bridged))
        sentences.append(wording.say("summary.bridged", n=len(bridged), origin=origin, months=months))
    stale = {f.country_name: f.through for f in regions if f.stale and not f.bridged_months}
    if stale:
        named = [
            wording.say("summary.stale.unit", unit=unit, day=wording.day(day)) for unit, day in sorted(stale.items())
        ]
        sentences.append(wording.say("summary.stale", units=wording.listing(named)))
    return tuple(sentences)


def over(everything: Iterable[Forecast], issue_date: date, wording: Wording) -> tuple[str, ...]:
    """Say which windows had ended by the day of issue, the longest of them; nothing where none had.

    Units whose data ended long before those of the others are told of elsewhere.
    """
    forecasts = list(everything)
    newest = max((f.through for f in forecasts), default=issue_date)
    ended = [f for f in forecasts if f.through == newest and f.end < issue_date]
    if not ended:
        return ()
    longest = max(ended, key=lambda f: f.end)
    within = wording.within(longest.start, longest.end)
    return (wording.say("summary.over", through=wording.month(newest), within=within),)


def _label(forecast: Forecast) -> str:
    return forecast.name if forecast.level == 0 else f"{forecast.name} ({forecast.country_name})"


def _ranked(units: Sequence[Forecast], wording: Wording) -> str:
    return wording.listing([f"{_label(f)} ({wording.percent(f.probability)})" for f in units])


def _opening(units: Sequence[Forecast], wording: Wording) -> list[str]:
    likely = sum(f.probability > 0.5 for f in units)  # noqa: PLR2004  # more likely than not
    opening = wording.say(
        "summary.some" if likely else "summary.zero",
        n=likely,
        total=len(units),
        units=wording.say("units.region" if units[0].level else "units.country"),
        question=wording.name("question", units[0].target),
        within=wording.within(units[0].start, units[0].end),
    )
    return [opening, wording.say("summary.top", units=_ranked(units[:NAMED], wording))]


def _single(unit: Forecast, wording: Wording) -> list[str]:
    return [
        wording.say(
            "summary.one",
            unit=_label(unit),
            question=wording.name("question", unit.target),
            within=wording.within(unit.start, unit.end),
            shown=wording.percent(unit.probability),
            interval=wording.interval(unit.low, unit.high),
            baseline=wording.percent(unit.baseline),
        )
    ]


def _moves(units: Sequence[Forecast], kind: str, wording: Wording) -> list[str]:
    """Largest rise and fall, of the forecast over its baseline or since the last issue."""

    def size(forecast: Forecast) -> float:
        return forecast.difference if kind == "gap" else forecast.change

    known = [f for f in units if not math.isnan(size(f))]
    if not known:
        return []
    moves: list[str] = []
    for key, unit in (("up", max(known, key=size)), ("down", min(known, key=size))):
        if abs(size(unit)) < WORTH_SAYING or (size(unit) > 0) != (key == "up"):
            continue
        moves.append(
            wording.say(
                f"summary.{kind}.{key}",
                unit=_label(unit),
                shown=wording.percent(unit.probability),
                baseline=wording.percent(unit.baseline),
                points=wording.say("points", n=abs(round(100 * size(unit)))),
            )
        )
    return [wording.say(f"summary.{kind}", moves=wording.listing(moves))] if moves else []
