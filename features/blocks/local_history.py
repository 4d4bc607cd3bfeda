"""The block of a region's own events and of those at known distances: when there were any, and how near.

Events tell more of quiet regions than deaths do, and places more than borders: polygons differ in size by a thousand
times and are not known everywhere, but where events were is. Countries have none of it, for they are too large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sklearn.metrics.pairwise import haversine_distances

from ..panels.ordinary import ordinary_deaths
from ..transforms import decay, expanding_mean, lag, months_since, rolling_mean_and_spread, rolling_sum
from .feature import SINCE_CAP, Feature, last_months

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ..panels.panel import Panel

__all__ = ["local_history"]

EARTH_KM: Final = 6371.0
#: Distances over which the weight of another region falls to 1/e: the next town, the next province, the wider area.
NEAR_KM: Final = (40, 150, 600)
#: Half-lives of what happened there, months.
FADING: Final = (1, 6, 24)
#: Months of quiet after which an event is the first one.
QUIET: Final = 24
#: Months that tell what is usual of a region's events.
USUAL: Final = 8


def local_history(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    """A region's own events month by month, those around it by distance, and those of the rest of its country."""
    if panel.level == "country":
        return
    yield from _own(panel)
    yield from _around(panel)
    yield from _country(panel)
    yield from _season(panel)


def _own(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    events = panel.events
    active = (events > 0).astype(np.float64)
    for half_life in (1, 2, 4, 8, 16, 36):
        share = decay(active, half_life) / decay(np.ones((len(active), 1)), half_life)
        words = f"months with an event, fading by half in {_months(half_life)}"
        yield Feature(f"active_decay_{half_life}", words, 1, "share"), share
    for months in (3, 6, 12, 24, 60):
        share = rolling_sum(active, months) / months
        yield Feature(f"active_{months}", f"months with an event, {last_months(months)}", 1, "share"), share
    yield Feature("active_ever", "all its months with an event", 1, "share"), expanding_mean(active, panel.observed)
    for months in (2, 6, 24, 60):
        total = rolling_sum(events, months)
        yield Feature(f"events_{months}", f"violent events, {last_months(months)}", 1), np.log1p(total)
    for half_life in (2, 6, 18):
        faded = decay(np.log1p(events), half_life)
        yield Feature(f"events_decay_{half_life}", f"violent events, fading by half in {half_life} months", 1), faded
    for kind, words in (("sb", "state-based"), ("ns", "non-state"), ("os", "one-sided")):
        total = rolling_sum(panel.values[f"{kind}_events"], 3)
        yield Feature(f"{kind}_events_3", f"{words} events, last 3 months", 1), np.log1p(total)
    for fewest, words in ((1, "an event"), (5, "5 events")):
        since = months_since(events >= fewest, cap=SINCE_CAP)
        yield Feature(f"since_event_{fewest}", f"a month with {words}", -1, "since"), np.log1p(since)
    mean, spread = rolling_mean_and_spread(events, USUAL)
    yield Feature("events_usual", f"usual events in a month, last {USUAL} months", kind="level"), np.log1p(mean)
    yield Feature("events_spread", f"spread of events, last {USUAL} months", kind="level"), np.log1p(spread)
    above = np.log1p(events) - np.log1p(np.maximum(mean + spread, mean + 2))
    yield Feature("events_above_usual", "events against what was usual", kind="change"), above


def _around(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    events = panel.events
    apart = EARTH_KM * haversine_distances(np.radians(panel.units[["lat", "lon"]].to_numpy(np.float64)))
    np.fill_diagonal(apart, np.inf)
    same = panel.country[:, None] == panel.country
    size = np.sqrt(events)
    faded = {half_life: decay(size, half_life) for half_life in FADING}
    for kilometres in NEAR_KM:
        weight = np.exp(-apart / kilometres)
        for half_life in FADING:
            words = f"events within about {kilometres} km, fading by half in {_months(half_life)}"
            yield Feature(f"near_{kilometres}_{half_life}", words, 1), np.log1p(faded[half_life] @ weight)
    weight = np.exp(-apart / 200)
    yield Feature("near_abroad", "events near by across the border", 1), np.log1p(faded[6] @ (weight * ~same))
    yield Feature("near_home", "events near by in the country", 1), np.log1p(faded[6] @ (weight * same))
    first = (events > 0) & (lag(rolling_sum(events, QUIET), 1) == 0)
    lately = rolling_sum(first, 12)
    words = "events near by that were the first in 2 years, last 12 months"
    yield Feature("near_first", words, 1), np.log1p(lately @ np.exp(-apart / 150))
    deadly = rolling_sum(ordinary_deaths(panel) >= 25, 12)  # noqa: PLR2004  # UCDP's threshold of an armed conflict
    yield Feature("near_deadly", "months with 25 deaths near by, last 12 months", 1), np.log1p(deadly @ weight)


def _country(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    events = panel.events
    active = (events > 0).astype(np.float64)
    members = np.eye(panel.country.max() + 1)[panel.country]
    others = np.maximum((members.sum(axis=0) - 1) @ members.T, 1)

    def rest(own: NDArray[Any]) -> NDArray[np.float64]:
        return np.maximum(own @ members @ members.T - own, 0)

    for months in (1, 3, 12):
        total = rest(rolling_sum(events, months))
        words = f"events in the rest of the country, {last_months(months)}"
        yield Feature(f"country_events_{months}", words, 1), np.log1p(total)
        share = rest(rolling_sum(active, months)) / others / months
        words = f"other regions of the country with events, {last_months(months)}"
        yield Feature(f"country_active_{months}", words, 1, "share"), share
    before = rest(lag(rolling_sum(events, 9), 3)) / 3
    trend = np.log1p(rest(rolling_sum(events, 3))) - np.log1p(before)
    words = "events in the rest of the country, last 3 months against the 9 before"
    yield Feature("country_events_trend", words, kind="change"), trend
    first = (events > 0) & (lag(rolling_sum(events, QUIET), 1) == 0)
    share = rest(rolling_sum(first, 12)) / others
    words = "other regions of the country with a first event in 2 years, last 12 months"
    yield Feature("country_first", words, 1, "share"), share


def _season(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    """What other years had in the calendar month that comes next: events without a day are dated January the first."""
    members = np.eye(panel.country.max() + 1)[panel.country]
    active = ((panel.events > 0) & panel.observed).astype(np.float64) @ members / members.sum(axis=0)
    total, years = np.zeros(active.shape), np.zeros((len(active), 1))
    for months in range(11, len(active), 12):
        total += lag(active, months)
        years[months:] += 1
    usual = expanding_mean(active, np.ones(active.shape, bool))
    above = np.where(years > 0, total / np.maximum(years, 1) - usual, 0)
    words = "regions of the country with events, the month ahead against all months in earlier years"
    yield Feature("country_season", words, kind="change"), above @ members.T
    lately = rolling_sum(active @ members.sum(axis=0)[:, None] / len(panel.country), 3) / 3
    words = "regions of all countries with events, last 3 months"
    yield Feature("world_active_3", words, kind="share"), np.broadcast_to(lately, panel.shape)


def _months(number: int) -> str:
    return "a month" if number == 1 else f"{number} months"
