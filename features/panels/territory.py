"""What the regions' events tell of their countries, carried over to the country panel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .control import territory_index

if TYPE_CHECKING:
    from .panel import Panel

__all__ = ["with_territory"]


def with_territory(countries: Panel, regions: Panel) -> Panel:
    """Give the country panel the territorial fragmentation index as the value ``tfi``, shape (T, U).

    It is NaN where no region events exist, so that a model can tell "not divided" from "not known".

    Parameters
    ----------
    countries, regions
        Both as of the same month or the regions as of an earlier one; the regions' data may end earlier.
    """
    tfi = np.full(countries.shape, np.nan, np.float32)
    gwno = countries.units["gwno"].to_numpy(np.int64)
    shift = regions.months[0].ordinal - countries.months[0].ordinal
    months = np.arange(regions.shape[0]) + shift
    inside = (months >= 0) & (months < countries.shape[0])
    for state, index in territory_index(regions).items():
        for unit in np.flatnonzero(gwno == state):
            tfi[months[inside], unit] = index[inside]
    return replace(countries, values={**countries.values, "tfi": np.where(countries.observed, tfi, np.nan)})
