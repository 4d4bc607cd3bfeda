"""One coherent set of courses of deaths behind every row of a level.

State-based deaths are never above those of all types, shares of courses are the calibrated probabilities of violence,
means are not above what is likely, and regions add up to their country where both are forecast from the same month.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...features.targets.build import TARGETS
from ...models.distributions.bridge import likely
from ...models.distributions.coherence import top_down, within
from ...models.distributions.conflictology import WINDOWS
from ...models.distributions.scaling import scaled
from ...models.distributions.tilting import tempered, tilted
from ...models.rows.death_rows import deaths_of, ordinary_deaths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from .deaths import LearnedDeaths

__all__ = ["Chances", "Courses", "courses_of", "rest_of_country", "shared_countries"]


@dataclass(frozen=True)
class Chances:
    """Calibrated P(deaths >= 1) and P(deaths >= 25), shape (2, U, n), within n windows of so many months."""

    windows: tuple[int, ...]
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Courses:
    """Courses of one level.

    Attributes
    ----------
    panel, at
        Units, and the position of the month that each is forecast from, shape (U,).
    drawn
        By target, shape (U, H, K).
    rest
        By target and the country's number (Gleditsch-Ward) what is outside its regions, shape (H, K), where a country
        is the sum of its regions and its rest.
    later
        Of countries, what is known of their regions after a gap (`~faultline.features.panels.regions.later_regions`).
    """

    panel: Panel
    at: NDArray[np.int64]
    drawn: Mapping[str, NDArray[np.float32]]
    rest: Mapping[str, Mapping[int, NDArray[np.float32]]]
    later: Panel | None = None


def courses_of(
    learned: Mapping[str, LearnedDeaths],
    chances: Chances | None = None,
    countries: Courses | None = None,
    factors: Mapping[str, NDArray[np.float64]] | None = None,
) -> Courses:
    """Draw a level's deaths and make them agree with one another.

    Parameters
    ----------
    learned
        Forecasters by target, ``deaths`` first.
    chances
        What the courses of ``deaths`` are brought to.
    countries
        Courses of the countries, which are shared out to their regions.
    factors
        By target what the draws of each unit are multiplied by before anything else, shape (U,).
    """
    targets = list(learned)
    panel, features = learned[targets[0]].panel, learned[targets[0]].features
    at = np.maximum(panel.last_observed, 0)
    stacked = np.stack([each.forecaster.samples(panel, features, at=at, seed=each.seed) for each in learned.values()])
    for place, target in enumerate(targets if factors else ()):
        stacked[place] = scaled(stacked[place], (factors or {})[target], seed=learned[targets[0]].seed)
    if targets[0] == "deaths":
        stacked[1:] = np.minimum(stacked[1:], stacked[:1])
        if chances is not None:
            stacked = tilted(stacked, chances.values, chances.windows)
        stacked = tempered(stacked, chances.windows if chances is not None else ())
    drawn = dict(zip(targets, stacked, strict=True))
    rest: dict[str, dict[int, NDArray[np.float32]]] = {target: {} for target in targets}
    if countries is not None:
        for gwno, (position, regions) in shared_countries(panel, at, countries.panel, countries.at).items():
            whole = {target: countries.drawn[target][position] for target in targets if target in countries.drawn}
            seed = learned[targets[0]].seed
            parts = _parts(drawn, whole, _Country(panel, regions, countries.panel, position), at, [seed, gwno])
            if "deaths" in parts:
                asked = chances.windows if chances is not None else ()
                ahead = min(whole["deaths"].shape[0], parts["deaths"].shape[1])
                windows = tuple(window for window in asked if window <= ahead)
                parts["deaths"][:, :ahead] = likely(parts["deaths"][:, :ahead], whole["deaths"][:ahead], windows)
            for target, shared in parts.items():
                drawn[target][regions], rest[target][gwno] = shared[:-1], shared[-1]
    return Courses(panel, at, drawn, rest)


@dataclass(frozen=True)
class _Country:
    """A country with the positions of its regions (R,) and its own."""

    panel: Panel
    regions: NDArray[np.int64]
    countries: Panel
    position: int


def _parts(
    drawn: Mapping[str, NDArray[np.float32]],
    whole: Mapping[str, NDArray[np.float32]],
    country: _Country,
    at: NDArray[np.int64],
    seed: list[int],
) -> dict[str, NDArray[np.float32]]:
    """Courses of a country's regions and rest, (R + 1, H, K) by target, that add up to its own."""
    out: dict[str, NDArray[np.float32]] = {}
    origin = at[country.regions[0]]
    for target, of_country in whole.items():
        own = drawn[target][country.regions]
        counts = TARGETS[target].counts
        past = rest_of_country(country.panel, country.regions, country.countries, country.position, counts)
        known = past[max(origin - WINDOWS + 1, 0) : origin + 1]
        left = np.random.default_rng(seed).choice(known, size=own.shape[1:])
        parts = np.concatenate([own, left[None].astype(np.float32)])
        ahead = min(parts.shape[1], of_country.shape[0])
        parts[:, :ahead] = top_down(of_country[:ahead], parts[:, :ahead])
        if "deaths" in out:
            parts[:, :ahead] = within(parts[:, :ahead], out["deaths"][:, :ahead])
            parts[:, ahead:] = np.minimum(parts[:, ahead:], out["deaths"][:, ahead:])
        out[target] = parts
    return out


def shared_countries(
    panel: Panel, at: NDArray[np.int64], countries: Panel, origin: NDArray[np.int64]
) -> dict[int, tuple[int, NDArray[np.int64]]]:
    """Countries that are forecast from the same month as every one of their regions.

    A country one of whose regions crosses borders and holds deaths of others is not the sum of its regions.

    Parameters
    ----------
    panel, at
        Regions, and the position of the month that each is forecast from, shape (U,).
    countries, origin
        The same of countries.

    Returns
    -------
    By the country's number its position and those of its regions.
    """
    number = panel.units["gwno"].to_numpy(np.int64)
    month = panel.months[0].ordinal + at
    own = dict(zip(countries.units["gwno"].to_numpy(np.int64).tolist(), range(countries.shape[1]), strict=True))
    found: dict[int, tuple[int, NDArray[np.int64]]] = {}
    for gwno in np.unique(number).tolist():
        regions = np.flatnonzero(number == gwno)
        position = own.get(gwno)
        if position is None or not countries.observed[origin[position], position]:
            continue
        seen = (at[regions] >= 0) & panel.observed[np.maximum(at[regions], 0), regions]
        own_deaths = not panel.units["holds_others"].to_numpy()[regions].any()
        if own_deaths and seen.all() and (month[regions] == countries.months[0].ordinal + origin[position]).all():
            found[gwno] = position, regions
    return found


def rest_of_country(
    panel: Panel, regions: NDArray[np.int64], countries: Panel, position: int, outcome: str
) -> NDArray[np.float32]:
    """Deaths of a country that are in none of its regions, in the months of the regions' panel, shape (T,).

    Where the regions' release counts more than the country's, there is no rest; a war total is no rest either.
    """
    start = panel.months[0].ordinal - countries.months[0].ordinal
    whole = ordinary_deaths(countries, outcome)[start : start + panel.shape[0], position]
    inside = deaths_of(panel, outcome)[: len(whole), regions].sum(axis=1)
    return np.maximum(whole - inside, 0).astype(np.float32)
