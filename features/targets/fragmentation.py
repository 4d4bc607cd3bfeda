"""Labels of fragmentation: contested regions, divided territory, new armed actors, and either of the last two.

All measure change, so each refers to what was there up to t; what must happen for the label to be 1 happens in
(t, t + H] alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..panels.actors import NO_EVENTS, active_groups, by_unit, with_forerunners
from ..panels.control import MEASURE_MONTHS, contested
from ..transforms import rolling_sum, window_sum
from .violence import observed_window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..arrays import BoolArray
    from ..panels.panel import Panel

__all__ = [
    "AT_RISK_DEATHS",
    "AT_RISK_MONTHS",
    "NEW_ACTOR_ABSENT",
    "SHARE_RISE",
    "TFI_RISE",
    "TFI_WINDOW",
    "armed_conflict",
    "contestation",
    "contested_share_known",
    "contested_share_rises",
    "deadly_newcomers",
    "fragmentation",
    "new_armed_actor",
    "territorial_fragmentation",
    "tfi_known",
    "uncontested",
]

#: Rise of the territorial fragmentation index that counts, and the window over which it is told, months.
TFI_RISE, TFI_WINDOW = 0.10, 12
#: Rise of the share of regions contested that counts.
SHARE_RISE = 0.10
_ROUNDING = 1e-6
#: Months of history in which a new armed actor must not have been seen, and deaths that make it one.
NEW_ACTOR_ABSENT, NEW_ACTOR_DEATHS = 60, 25
#: Deaths in fighting in the last 12 months (UCDP's threshold of an armed conflict) from which a country is at risk of a
#: new actor.
AT_RISK_DEATHS, AT_RISK_MONTHS = 25, 12


def uncontested(panel: Panel) -> BoolArray:
    """Regions that were in no month of (t - 12, t] contested, where it can happen anew, shape (T, U)."""
    return panel.observed & (rolling_sum(contested(panel), MEASURE_MONTHS) == 0)


def contestation(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Label 1 where an uncontested region becomes contested in a month of (t, t + H], shape (T, U).

    Contested is told at the end of each month from the twelve before, so the first months of the window look back
    across t. Regions contested within the last 12 months have no label.
    """
    control_lost = contested(panel).astype(np.float64)
    happened = np.zeros(panel.shape, bool)
    for ahead in range(1, horizon + 1):
        happened[:-ahead] |= control_lost[ahead:] > 0
    known = observed_window(panel, horizon) & uncontested(panel)
    known[: 2 * MEASURE_MONTHS - 2] = False
    return np.where(known, happened, np.nan)


def tfi_known(panel: Panel) -> BoolArray:
    """Countries with region events up to t, shape (T, U)."""
    return panel.observed & ~np.isnan(panel.values["tfi"])


def territorial_fragmentation(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Label 1 where TFI over (t, t + 12] exceeds TFI over (t - 12, t] by 0.10 or more, shape (T, U).

    NaN where it is not known who fought, and at any other horizon than 12 months: the index is told over a year.
    """
    return _rise(panel, np.asarray(panel.values["tfi"], np.float64), horizon, least=TFI_RISE)


def contested_share_known(panel: Panel) -> BoolArray:
    """Countries whose contested regions are known up to t, of both years that are compared, shape (T, U)."""
    return panel.observed & ~np.isnan(_mean_share(panel))


def contested_share_rises(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Label 1 where the share of regions contested rises by 0.10 or more within 12 months, shape (T, U).

    Its mean over (t, t + 12] against its mean over (t - 12, t]; NaN where no region events exist, and at any other
    horizon.
    """
    return _rise(panel, _mean_share(panel), horizon, least=SHARE_RISE)


def _mean_share(panel: Panel) -> NDArray[np.float64]:
    share = np.asarray(panel.values["contested_share"], np.float64)
    mean = rolling_sum(np.nan_to_num(share), TFI_WINDOW).astype(np.float64) / TFI_WINDOW
    return np.where(rolling_sum(~np.isnan(share), TFI_WINDOW) == TFI_WINDOW, mean, np.nan)


def _rise(panel: Panel, measure: NDArray[np.float64], horizon: int, *, least: float) -> NDArray[np.float64]:
    """1 where a measure of the year to t has risen by ``least`` twelve months later, NaN where either is not known."""
    label = np.full(panel.shape, np.nan)
    if horizon == TFI_WINDOW < panel.shape[0]:
        rise = measure[TFI_WINDOW:] - measure[:-TFI_WINDOW]
        label[:-TFI_WINDOW] = np.where(np.isnan(rise), np.nan, rise >= least - _ROUNDING)
    return np.where(observed_window(panel, horizon), label, np.nan)


def new_armed_actor(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Label 1 where an organised non-state group new to the unit causes 25 deaths in (t, t + H], shape (T, U).

    New: in the 60 months up to t it had no event in the unit, and neither had a group that it was renamed or merged
    from, as was known by the end of the window. Origins with less than 60 months of history have no label.
    """
    happened = by_unit(deadly_newcomers(panel, horizon), panel.actors, panel.shape[1]) > 0
    known = observed_window(panel, horizon)
    known[: NEW_ACTOR_ABSENT - 1] = False
    return np.where(known, happened, np.nan)


def deadly_newcomers(panel: Panel, horizon: int) -> BoolArray:
    """Pairs of group and unit that make `new_armed_actor` 1, shape (T, P); false where a window runs past the data."""
    actors = panel.actors
    deadly = window_sum(actors.deaths, horizon) >= NEW_ACTOR_DEATHS
    before = rolling_sum(actors.events, NEW_ACTOR_ABSENT)
    return deadly & (with_forerunners(before, actors, ahead=horizon) < NO_EVENTS)


def fragmentation(panel: Panel, horizon: int) -> NDArray[np.float64]:
    """Label 1 where `territorial_fragmentation`, `contested_share_rises` or `new_armed_actor` is 1, shape (T, U).

    Of its territorial parts the first is told where it is known who fought, the second wherever regions are counted;
    where there are no region events it rests on `new_armed_actor` alone.
    """
    newcomer = new_armed_actor(panel, horizon)
    either = newcomer == 1
    for territorial in (territorial_fragmentation, contested_share_rises):
        either |= territorial(panel, horizon) == 1
    known = ~np.isnan(newcomer) if horizon == TFI_WINDOW else np.zeros(panel.shape, bool)
    return np.where(known, either, np.nan)


def armed_conflict(panel: Panel) -> BoolArray:
    """Units with armed conflict in the last 12 months, shape (T, U).

    At least 25 deaths in state-based and non-state fighting, as UCDP counts an armed conflict (attacks on civilians are
    no fighting), and an organised non-state group active.
    """
    fighting = panel.values["sb_deaths"] + panel.values["ns_deaths"]
    violent = rolling_sum(fighting, AT_RISK_MONTHS) >= AT_RISK_DEATHS
    armed = active_groups(panel.actors, panel.shape[1], months=AT_RISK_MONTHS) > 0
    return panel.observed & violent & armed
