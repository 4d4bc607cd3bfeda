"""Deaths of regions that add up to their country's, where both are forecast from the same month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..models.coherence import top_down
from ..models.conflictology import WINDOWS
from ..models.death_rows import deaths_of
from ..models.distribution import DRAWS
from .deaths import DEATHS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..features.blocks import FeatureArrays
    from ..features.panel import Panel
    from .deaths import LearnedDeaths

__all__ = ["SharedOut", "rest_of_country", "share_out", "shared_countries"]


@dataclass(frozen=True)
class SharedOut:
    """The forecaster of regions with, where a country is forecast from the same month, its draws shared out to them."""

    regions: LearnedDeaths
    country: LearnedDeaths

    def samples(
        self, panel: Panel, features: FeatureArrays, *, at: NDArray[np.int64], draws: int = DRAWS, seed: int = 0
    ) -> NDArray[np.float32]:
        """Sample the deaths of each month ahead, shape (U, H, draws)."""
        return self.with_rest(panel, features, at=at, draws=draws, seed=seed)[0]

    def with_rest(
        self, panel: Panel, features: FeatureArrays, *, at: NDArray[np.int64], draws: int = DRAWS, seed: int = 0
    ) -> tuple[NDArray[np.float32], dict[int, NDArray[np.float32]]]:
        """Samples of the regions, and of the rest of each country that is the sum of its regions and its rest.

        Returns
        -------
        Shape (U, H, draws), and by the country's number (Gleditsch-Ward) shape (H, draws).
        """
        out = self.regions.forecaster.samples(panel, features, at=at, draws=draws, seed=seed)
        whole = self.country
        origin = np.maximum(whole.panel.last_observed, 0)
        found = shared_countries(panel, at, whole.panel, origin)
        rest: dict[int, NDArray[np.float32]] = {}
        if not found:
            return out, rest
        of_country = whole.forecaster.samples(whole.panel, whole.features, at=origin, draws=draws, seed=whole.seed)
        ahead = min(out.shape[1], of_country.shape[1])
        for gwno, (position, regions) in found.items():
            past = rest_of_country(panel, regions, whole.panel, position, DEATHS[whole.target])
            known = past[max(at[regions[0]] - WINDOWS + 1, 0) : at[regions[0]] + 1]
            drawn = np.random.default_rng([seed, gwno]).choice(known, size=(out.shape[1], draws))
            parts = np.concatenate([out[regions], drawn[None].astype(np.float32)])
            parts[:, :ahead] = top_down(of_country[position, :ahead], parts[:, :ahead])
            out[regions], rest[gwno] = parts[:-1], parts[-1]
        return out, rest


def shared_countries(
    panel: Panel, at: NDArray[np.int64], countries: Panel, origin: NDArray[np.int64]
) -> dict[int, tuple[int, NDArray[np.int64]]]:
    """Countries that are forecast from the same month as every one of their regions.

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
        if seen.all() and (month[regions] == countries.months[0].ordinal + origin[position]).all():
            found[gwno] = position, regions
    return found


def rest_of_country(
    panel: Panel, regions: NDArray[np.int64], countries: Panel, position: int, outcome: str
) -> NDArray[np.float32]:
    """Deaths of a country that are in none of its regions, in the months of the regions' panel, shape (T,).

    Where the regions' release counts more than the country's, there is no rest.
    """
    start = panel.months[0].ordinal - countries.months[0].ordinal
    whole = deaths_of(countries, outcome)[start : start + panel.shape[0], position]
    inside = deaths_of(panel, outcome)[: len(whole), regions].sum(axis=1)
    return np.maximum(whole - inside, 0).astype(np.float32)


def share_out(regions: Mapping[str, LearnedDeaths], countries: Mapping[str, LearnedDeaths]) -> dict[str, LearnedDeaths]:
    """The regions' forecasters of deaths, by target, with the draws of their countries shared out to them."""
    return {
        target: replace(learned, forecaster=SharedOut(learned, countries[target])) if target in countries else learned
        for target, learned in regions.items()
    }
