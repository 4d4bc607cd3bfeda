"""Rows of the targets that are read from draws of deaths: how bad it can get, what crosses, rises and falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...features.targets.build import DRAWN_FROM, TARGETS, base_rate, label_history
from ...features.transforms import rolling_sum
from ...models.distributions.events import event_probability, spread
from .rows import Origins, frame_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from ..learn.coherent_deaths import Courses
    from ..learn.train import ModelVersion

__all__ = ["rows_of_outlook"]


def rows_of_outlook(
    courses: Courses, origins: Origins, horizons: Iterable[int], version: ModelVersion
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
    """
    panel, drawn = courses.panel, courses.drawn[DRAWN_FROM]
    windows = [horizon for horizon in horizons if horizon <= drawn.shape[1]]
    frames: list[pd.DataFrame] = []
    for target in TARGETS.values():
        if target.drawn is None or panel.level not in target.levels:
            continue
        for horizon in windows:
            reference = target.drawn.reference(panel, horizon)[origins.month, origins.unit]
            there = ~np.isnan(reference)
            unit, month = origins.unit[there], origins.month[there]
            labels = target.label(panel, horizon)
            past = label_history(labels, horizon)
            climatology = past.climatology[month, unit]
            p = event_probability(target.drawn, drawn[unit, :horizon], reference[there], climatology)
            ends = spread(p, target=target.name, horizon=horizon)
            frame = frame_of(panel, Origins(unit, month, origins.issue_date), target.name, horizon)
            frame["probability"], frame["prob_low"], frame["prob_high"] = p, *ends
            frame["baseline_probability"] = past.persistence[month, unit]
            frame["base_rate"] = base_rate(labels, horizon)[month]
            frame["deaths_before"] = rolling_sum(panel.deaths, horizon)[month, unit]
            frame["model_name"], frame["model_version"], frame["run_id"] = version.name, version.version, version.run_id
            frames.append(frame)
    return frames
