"""Regions forecast from their country's newest month, where what happened by region is known to an older one only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.months import month_range
from ...models.distributions.bridge import RegionalPast, bridged, evidence, gap_begins, known_later, likely
from ...models.distributions.continued import months_ahead
from ...models.rows.death_rows import ordinary_deaths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from .coherent_deaths import Courses

__all__ = ["MOST_MONTHS", "Bridges", "RegionalRecord", "bridge_regions", "regional_record"]

#: A region of which nothing has been known for longer is not bridged.
MOST_MONTHS = 36
#: Months up to the origin whose deaths by region are drawn too, where they are not known.
BEFORE = 24
#: Months in which a worst month is looked for.
RECORD = 60


@dataclass(frozen=True)
class RegionalRecord:
    """Deaths by region, from the regions' first month to the last in which any of them is known.

    Attributes
    ----------
    months
        T consecutive months.
    deaths, known
        Shape (T, U); where it is not known, the deaths mean nothing.
    """

    months: pd.PeriodIndex
    deaths: NDArray[np.float32]
    known: NDArray[np.bool_]

    def past(
        self,
        regions: NDArray[np.int64],
        countries: Panel,
        position: int,
        *,
        origin: int,
        neighbours: NDArray[np.float64],
    ) -> RegionalPast:
        """What is known of one country's regions at the end of a month.

        Parameters
        ----------
        regions
            Their positions, shape (R,).
        countries, position
            The countries' panel, and the country's position in it.
        origin
            Position of the month among the countries' months; nothing after it is looked at.
        neighbours
            Of the regions, shape (R, R).
        """
        start = self.months[0].ordinal - countries.months[0].ordinal
        whole = ordinary_deaths(countries, "deaths")[start : origin + 1, position].astype(np.float64)
        stop = min(len(whole), len(self.months))
        deaths = np.zeros((len(whole), len(regions)))
        deaths[:stop] = self.deaths[:stop, regions]
        known = np.zeros(len(whole), bool)
        known[:stop] = self.known[:stop, regions].all(axis=1)
        rest = np.maximum(whole - deaths.sum(axis=1), 0.0)
        return RegionalPast(np.column_stack([deaths, rest]), known, neighbours)


def regional_record(panel: Panel, later: Panel | None = None) -> RegionalRecord:
    """What is known of the regions, with what is after a gap (`~faultline.features.panels.regions.later_regions`)."""
    if later is None:
        return RegionalRecord(panel.months, np.asarray(panel.deaths, np.float32), panel.observed)
    months = month_range(panel.months[0], max(panel.months[-1], later.months[-1]))
    deaths, known = np.zeros((len(months), panel.shape[1]), np.float32), np.zeros((len(months), panel.shape[1]), bool)
    for part in (panel, later):
        rows = slice(part.months[0].ordinal - months[0].ordinal, part.months[-1].ordinal - months[0].ordinal + 1)
        deaths[rows] = np.where(part.observed, part.deaths, deaths[rows])
        known[rows] |= part.observed
    return RegionalRecord(months, deaths, known)


@dataclass(frozen=True)
class Bridges:
    """Courses of bridged regions.

    Attributes
    ----------
    origin
        The month that all of them are forecast from.
    unit
        Their positions, shape (n,).
    months
        Months up to the origin in which each is not known, after the gap began, shape (n,).
    evidence
        Months that are known of each, old ones counting less (`~faultline.models.distributions.bridge.evidence`), (n,).
    through
        The last month in which each is known, n of them.
    before, ahead
        Deaths of the `BEFORE` months up to the origin, and of those after it, shapes (n, BEFORE, K) and (n, H, K).
    record
        Deaths of the worst month of those before that is known, of the last `RECORD`, shape (n,).
    rest
        Outside all regions, by the country's number, shape (H, K).
    """

    origin: pd.Period
    unit: NDArray[np.int64]
    months: NDArray[np.int64]
    evidence: NDArray[np.float64]
    through: pd.PeriodIndex
    before: NDArray[np.float32]
    ahead: NDArray[np.float32]
    record: NDArray[np.float32]
    rest: Mapping[int, NDArray[np.float32]]


def bridge_regions(regions: Courses, countries: Courses, *, windows: tuple[int, ...], seed: int) -> Bridges | None:
    """Share out the courses of the countries whose regions are known up to an older month; None if there is none.

    Parameters
    ----------
    regions
        Courses of the regions from their own last known month.
    countries
        Courses of the countries, with what is known of their regions after a gap.
    windows
        Windows that are asked for, in months.
    """
    newest = int(countries.at.max())
    origin = countries.panel.months[newest]
    panel = regions.panel
    found = list(_to_be_bridged(panel, regional_record(panel, countries.later), countries, newest))
    if not found:
        return None
    months = origin.ordinal - BEFORE + 1 + np.arange(BEFORE + countries.drawn["deaths"].shape[1])
    told = (None if known_later(each.past.known) else _own_forecast(each, regions, months, seed=seed) for each in found)
    drawn = [
        _drawn(each, own, countries, newest, windows=windows, seed=seed) for each, own in zip(found, told, strict=True)
    ]
    many = [len(each.regions) for each in found]
    last = [origin - int(np.argmax(each.past.known[::-1])) for each in found]
    return Bridges(
        origin,
        np.concatenate([each.regions for each in found]),
        np.repeat([int((~each.past.known[gap_begins(each.past.known) :]).sum()) for each in found], many),
        np.repeat([evidence(each.past.known) for each in found], many),
        pd.PeriodIndex(np.repeat(np.array(last, object), many), freq="M"),
        np.concatenate([parts[:-1, :BEFORE] for parts in drawn]),
        np.concatenate([parts[:-1, BEFORE:] for parts in drawn]),
        np.concatenate([_record(each.past) for each in found]),
        {each.gwno: parts[-1, BEFORE:] for each, parts in zip(found, drawn, strict=True)},
    )


@dataclass(frozen=True)
class _Country:
    """A country whose regions are bridged, with the positions of its own and theirs, and what is known of them."""

    gwno: int
    position: int
    regions: NDArray[np.int64]
    past: RegionalPast


def _to_be_bridged(panel: Panel, record: RegionalRecord, countries: Courses, newest: int) -> Iterator[_Country]:
    """Countries forecast from the newest month, whose regions are known to an older one, not longer ago than may be."""
    number, origin = panel.units["gwno"].to_numpy(np.int64), countries.at
    own = {gwno: place for place, gwno in enumerate(countries.panel.units["gwno"].to_numpy(np.int64).tolist())}
    for gwno in np.unique(number).tolist():
        position, regions = own.get(gwno), np.flatnonzero(number == gwno)
        if position is None or origin[position] != newest or not countries.panel.observed[newest, position]:
            continue
        touching = np.asarray(panel.neighbours[regions][:, regions].todense(), np.float64)
        past = record.past(regions, countries.panel, position, origin=newest, neighbours=touching)
        if past.known[-MOST_MONTHS:].any() and not past.known[-1]:
            yield _Country(gwno, position, regions, past)


def _record(past: RegionalPast) -> NDArray[np.float32]:
    """Deaths of each region's worst known month of the last `RECORD` but those that are drawn, shape (R,)."""
    old = slice(-RECORD, -BEFORE)
    known = past.deaths[old, :-1] * past.known[old, None]
    return known.max(axis=0, initial=0.0).astype(np.float32)


def _own_forecast(country: _Country, regions: Courses, months: NDArray[np.int64], *, seed: int) -> NDArray[np.float32]:
    """What the regions' own courses say of these months, shape (R, m, K); where a month is known, they say anything."""
    drawn, last = regions.drawn["deaths"][country.regions], regions.at[country.regions]  # noqa: PD008  # no pandas
    ahead = months - (regions.panel.months[0].ordinal + last[:, None])
    return months_ahead(drawn, np.maximum(ahead, 1), seed=seed + country.gwno)


def _drawn(
    country: _Country,
    told: NDArray[np.float32] | None,
    countries: Courses,
    newest: int,
    *,
    windows: tuple[int, ...],
    seed: int,
) -> NDArray[np.float32]:
    """Courses of a country's regions and rest, up to the origin and after it, shape (R + 1, BEFORE + H, K)."""
    ahead = countries.drawn["deaths"][country.position]
    lately = ordinary_deaths(countries.panel, "deaths")[newest - BEFORE + 1 : newest + 1, country.position]
    whole = np.concatenate([np.repeat(lately[:, None], ahead.shape[1], axis=1), ahead]).astype(np.float32)
    parts = bridged(whole, country.past, told, seed=[seed, country.gwno])
    known = np.flatnonzero(country.past.known[-BEFORE:])
    parts[:, known] = country.past.deaths[-BEFORE:][known].T[:, :, None]
    parts[:, BEFORE:] = likely(parts[:, BEFORE:], ahead, tuple(window for window in windows if window <= len(ahead)))
    return parts
