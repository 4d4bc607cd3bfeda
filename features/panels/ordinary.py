"""What a unit had usually in the place of war totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..contracts.war_totals import USUAL_MONTHS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..arrays import FloatArray
    from .panel import Panel

__all__ = ["ordinary_by_type", "ordinary_deaths", "usual_instead", "violence_by_type"]


def usual_instead(values: NDArray[np.float32], panel: Panel) -> NDArray[np.float32]:
    """Monthly values with those of war totals replaced by what was usual by then, shape (T, U).

    Usual is the rounded mean of the up to twelve observed months before it that are no war totals; zero if there are
    none.
    """
    if not panel.war_total.any():
        return values
    instead = values.copy()
    known = panel.observed & ~panel.war_total
    for month, unit in np.argwhere(panel.war_total):
        before = np.flatnonzero(known[:month, unit])[-USUAL_MONTHS:]
        instead[month, unit] = np.round(values[before, unit].mean()) if len(before) else 0.0
    return instead


def ordinary_deaths(panel: Panel) -> NDArray[np.float32]:
    """Deaths of all types, with `usual_instead` of war totals, shape (T, U)."""
    if not panel.tells_deaths_by_type:
        return usual_instead(np.asarray(panel.deaths, np.float32), panel)
    by_type = ordinary_by_type(panel)
    return by_type["sb_deaths"] + by_type["ns_deaths"] + by_type["os_deaths"]


def violence_by_type(panel: Panel) -> tuple[str, Mapping[str, FloatArray]]:
    """What is known of violence by type, as the name of the measure and arrays such as ``sb_deaths``.

    That is deaths as of `ordinary_by_type`, or events, such as ``sb_events``, where deaths are not known by type.
    """
    return ("deaths", ordinary_by_type(panel)) if panel.tells_deaths_by_type else ("events", panel.values)


def ordinary_by_type(panel: Panel) -> dict[str, NDArray[np.float32]]:
    """Deaths by type, as ``sb_deaths``, with `usual_instead` of war totals."""
    arrays = panel.values  # a dict of ours
    names = ("sb_deaths", "ns_deaths", "os_deaths")
    return {name: usual_instead(np.asarray(arrays[name], np.float32), panel) for name in names}
