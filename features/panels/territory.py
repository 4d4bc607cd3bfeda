"""What the regions tell of their countries, carried over to the country panel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..transforms import rolling_sum
from .control import MEASURE_MONTHS, contested, territory_index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .panel import Panel

__all__ = ["contested_share", "people_of", "with_territory"]


def with_territory(countries: Panel, regions: Panel, sides: Panel) -> Panel:
    """Give the country panel what its regions tell, as values of shape (T, U).

    ``contested_share`` is the share of its regions that are contested, ``contested_share_population`` that of its
    people who live in them, ``tfi`` the territorial fragmentation index where it is known who fought. Each is NaN where
    no region events exist, so that a model can tell "not divided" from "not known"; the second also where a region's
    population is not known, and no model is told it.

    Parameters
    ----------
    countries, regions, sides
        As of the same month, or the regions as of an earlier one: their data may end earlier. ``sides`` is the panel of
        regions of which it is known who fought there.
    """
    values = {
        "tfi": _laid_over(countries, sides, territory_index(sides)),
        "contested_share": _laid_over(countries, regions, contested_share(regions)),
        "contested_share_population": _laid_over(
            countries, regions, contested_share(regions, weight=people_of(regions))
        ),
    }
    return replace(countries, values={**countries.values, **values})


def people_of(regions: Panel) -> NDArray[np.float64]:
    """Population of each region, shape (U,), NaN where it is not known."""
    if "population" not in regions.units.columns:
        return np.full(regions.shape[1], np.nan)
    return regions.units["population"].to_numpy(np.float64)


def contested_share(regions: Panel, *, weight: NDArray[np.float64] | None = None) -> dict[int, NDArray[np.float64]]:
    """Share of each state's regions that are contested, shape (T,), by its Gleditsch-Ward number.

    Over the regions in the panel; NaN before a year of counts is known and after they end.

    Parameters
    ----------
    weight
        Weight of each region, such as its population, shape (U,), NaN where it is not known: a state of which a region
        has none has no share. Every region weighs the same by default.
    """
    lost = contested(regions)
    people = np.ones(regions.shape[1]) if weight is None else weight
    counted = rolling_sum(regions.observed, MEASURE_MONTHS) == MEASURE_MONTHS
    gwno = regions.units["gwno"].to_numpy(np.int64)
    out: dict[int, NDArray[np.float64]] = {}
    for state in np.unique(gwno):
        own = gwno == state
        share = np.average(lost[:, own], axis=1, weights=people[own])
        out[int(state)] = np.where(counted[:, own].all(axis=1), share, np.nan)
    return out


def _laid_over(countries: Panel, regions: Panel, told: dict[int, NDArray[np.float64]]) -> NDArray[np.float32]:
    """What is told of each state by the months of its regions, in those of the country panel; NaN elsewhere."""
    out = np.full(countries.shape, np.nan, np.float32)
    gwno = countries.units["gwno"].to_numpy(np.int64)
    shift = regions.months[0].ordinal - countries.months[0].ordinal
    months = np.arange(regions.shape[0]) + shift
    inside = (months >= 0) & (months < countries.shape[0])
    for state, values in told.items():
        for unit in np.flatnonzero(gwno == state):
            out[months[inside], unit] = values[inside]
    return np.where(countries.observed, out, np.nan)
