"""Rows of the targets that are read from draws of deaths: how bad it can get, what crosses, rises and falls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.targets.build import DRAWN_FROM, TARGETS, base_rate, label_history
from ...models.distributions.events import AHEAD_SPREAD_FILE, SPREAD_FILE, event_probability, recalibrated, spread
from .rows import deaths_before, frame_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..learn.coherent_deaths import Courses
    from ..learn.train import ModelVersion
    from .rows import DrawnPast, Origins

__all__ = ["rows_of_outlook"]


def rows_of_outlook(
    courses: Courses,
    origins: Origins,
    horizons: Iterable[int],
    version: ModelVersion,
    *,
    past: DrawnPast | None = None,
) -> list[pd.DataFrame]:
    """Rows of every target that is told by deaths, of the units where it can happen.

    Parameters
    ----------
    courses
        Draws of deaths, as they are behind all other rows of the level.
    origins
        Units with the months that they are scored from.
    horizons
        Windows, months; one that is longer than the courses is left out.
    version
        The model of the deaths.
    past
        What was drawn of the months before, where it is not known; by default it is known of every unit.
    """
    panel, drawn = courses.panel, courses.drawn[DRAWN_FROM]
    unit, known = origins.unit, np.minimum(origins.month, panel.last_observed[origins.unit])
    place = np.full(len(unit), -1) if past is None else pd.Index(past.unit).get_indexer(pd.Index(unit))
    shared = place >= 0
    # taken once: courses of all regions are large
    apart, together = drawn[unit[~shared]], drawn[unit[shared]]
    before = None if past is None else past.before[place[shared]]
    frames: list[pd.DataFrame] = []
    for target in TARGETS.values():
        if target.drawn is None or panel.level not in target.levels:
            continue
        for horizon in (horizon for horizon in horizons if horizon <= drawn.shape[1]):
            labels = target.label(panel, horizon)
            history = label_history(labels, horizon)
            climatology = history.climatology[known, unit]
            deaths = deaths_before(panel.deaths, origins, horizon, past)
            reference = target.drawn.reference(panel, horizon)[known, unit]
            p = np.empty(len(unit))
            p[~shared] = event_probability(target.drawn, apart[:, :horizon], reference[~shared], climatology[~shared])
            if before is not None:
                recalled = target.drawn.recalled(before, horizon)
                p[shared] = event_probability(target.drawn, together[:, :horizon], recalled, climatology[shared])
            there = ~np.isnan(p)
            at = replace(origins, unit=unit[there], month=origins.month[there])
            frame = frame_of(panel if past is None else past.panel, at, target.name, horizon)
            told, measured = p[there], SPREAD_FILE
            if origins.between:
                told, measured = recalibrated(told, target=target.name, horizon=horizon), AHEAD_SPREAD_FILE
            low, high = spread(told, target=target.name, horizon=horizon, file=measured)
            frame["probability"], frame["prob_low"], frame["prob_high"] = told, low, high
            frame["baseline_probability"] = history.persistence[known, unit][there]
            frame["base_rate"] = base_rate(labels, horizon)[known][there]
            frame["deaths_before"] = deaths[there]
            frame["model_name"], frame["model_version"], frame["run_id"] = version.name, version.version, version.run_id
            frames.append(frame)
    return frames
