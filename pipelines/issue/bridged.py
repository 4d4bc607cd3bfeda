"""Rows of regions that are forecast from their country's newest month, in place of those from their own last one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import beta

from ...features.months import last_day, month_range
from ...features.targets.build import TARGETS
from ...features.targets.violence import ESCALATION_DEATHS, ESCALATION_FACTOR, ESCALATION_WINDOW
from .rows import DrawnPast, Origins, frame_of

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from ..learn.bridging import Bridges
    from ..learn.coherent_deaths import Courses

__all__ = [
    "BRIDGED",
    "bridged_courses",
    "bridged_months",
    "bridged_notes",
    "bridged_table",
    "chance",
    "dated",
    "drawn_past",
]

#: Name of what makes such rows, and the word by which a note of them is known.
BRIDGED = "bridged"
_ESCALATION = "escalation"


def dated(panel: Panel, countries: Panel, bridges: Bridges) -> Panel:
    """The regions' panel with months up to their country's newest, for rows that say when they speak of."""
    months = month_range(panel.months[0], bridges.origin)
    provisional = pd.Series(countries.provisional, index=countries.months).reindex(months, fill_value=False)
    return replace(panel, months=months, provisional=provisional.to_numpy(bool))


def drawn_past(panel: Panel, bridges: Bridges) -> DrawnPast:
    """What the outlook holds the courses against; ``panel`` as `dated` gives it. The record stands as a first month."""
    record = np.broadcast_to(bridges.record[:, None, None], (len(bridges.unit), 1, bridges.before.shape[2]))
    return DrawnPast(panel, bridges.unit, np.concatenate([record, bridges.before], axis=1))


def bridged_courses(courses: Courses, bridges: Bridges) -> Courses:
    """Courses of a level with those of bridged regions, and of what lies outside them, in place."""
    drawn = courses.drawn["deaths"].copy()
    ahead = min(drawn.shape[1], bridges.ahead.shape[1])
    drawn[bridges.unit, :ahead] = bridges.ahead[:, :ahead]
    rest = {**courses.rest["deaths"], **bridges.rest}
    return replace(courses, drawn={**courses.drawn, "deaths": drawn}, rest={**courses.rest, "deaths": rest})


def bridged_notes(bridges: Bridges) -> dict[int, str]:
    """Say, by position of the region, that it is bridged and how."""
    told = zip(bridges.unit.tolist(), bridges.months.tolist(), bridges.through, strict=True)
    return {
        unit: f"{BRIDGED}: {months} months to {bridges.origin} not known by region, the last known is {through}"
        for unit, months, through in told
    }


def bridged_table(table: pd.DataFrame, panel: Panel, bridges: Bridges, issue_date: dt.date) -> pd.DataFrame:
    """Probabilities of bridged regions, read from their courses, in place of those from their own last month.

    What no course tells, such as contestation, stays as it is. The interval of a probability p is that of n months of
    which p n were such, n the `~faultline.models.distributions.bridge.evidence`: the 5 % and 95 % quantile of
    Beta(p n + 1/2, (1 - p) n + 1/2).

    Parameters
    ----------
    table
        Rows of a level, as the models give them.
    panel
        As `dated` gives it.
    """
    place = pd.Index(panel.units.index[bridges.unit]).get_indexer(pd.Index(table["admin1_code"]))
    frames: list[pd.DataFrame] = []
    replaced = np.zeros(len(table), bool)
    for (target, horizon), rows in table.assign(place=place)[place >= 0].groupby(["target", "horizon_months"]):
        told = chance(str(target), bridges.before, bridges.ahead, int(str(horizon)))
        if told is None:
            continue
        at = rows["place"].to_numpy(np.int64)
        unit = bridges.unit[at]
        origins = Origins(unit, np.full(len(at), len(panel.months) - 1), issue_date, bridged_notes(bridges))
        frame = frame_of(panel, origins, str(target), int(str(horizon)))
        p, n = told[at], bridges.evidence[at]
        low, high = (beta.ppf(level, p * n + 0.5, (1 - p) * n + 0.5) for level in (0.05, 0.95))
        frame["probability"], frame["prob_low"], frame["prob_high"] = p, np.minimum(low, p), np.maximum(high, p)
        frame["baseline_probability"] = rows["baseline_probability"].to_numpy()
        frame["model_name"], frame["model_version"], frame["run_id"] = BRIDGED, str(bridges.origin), ""
        frames.append(frame)
        replaced[rows.index] = True
    return pd.concat([table[~replaced], *frames], ignore_index=True)


def chance(
    target: str, before: NDArray[np.float32], ahead: NDArray[np.float32], horizon: int
) -> NDArray[np.float64] | None:
    """Probability of a learned target within the window, shape (n,); None where courses do not tell it.

    A share of K courses counts as (k + 1/2) / (K + 1): what no course does is unlikely, not impossible.

    Parameters
    ----------
    before, ahead
        Deaths of the months up to the window and from then on, shapes (n, B, K) and (n, H, K).
    """
    total = ahead[:, :horizon].sum(axis=1)
    threshold = TARGETS[target].threshold
    if horizon > ahead.shape[1] or (threshold is None and target != _ESCALATION):
        return None
    happens = total >= (ESCALATION_DEATHS if threshold is None else threshold)
    if target == _ESCALATION:
        lately = before[:, -ESCALATION_WINDOW:].sum(axis=1)
        happens &= total >= ESCALATION_FACTOR * np.maximum(lately, 1.0)
    return (happens.sum(axis=1) + 0.5) / (happens.shape[1] + 1)


def bridged_months(table: pd.DataFrame, panel: Panel, bridges: Bridges) -> pd.Series:
    """Months up to the origin that are not known of a row's region; missing where it is not bridged."""
    number = panel.units["gwno"].to_numpy(np.int64)[bridges.unit]
    months = pd.Series(bridges.months, index=number).groupby(level=0).first()
    there = (table["admin_level"] == 1) & (table["data_through"] == pd.Timestamp(last_day(bridges.origin)))
    return table["gwno"].map(months).where(there)
