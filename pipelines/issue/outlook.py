"""Rows of the targets that are read from draws of deaths: how bad it can get, what crosses, rises and falls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.targets.build import DRAWN_FROM, TARGETS, base_rate, label_history
from ...features.transforms import rolling_sum
from ...models.distributions.events import event_probability, spread
from .rows import Origins, frame_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from ..learn.coherent_deaths import Courses
    from ..learn.train import ModelVersion

__all__ = ["DrawnPast", "rows_of_outlook"]


@dataclass(frozen=True)
class DrawnPast:
    """What was drawn of the months up to the origin, of units of which it is not known.

    Attributes
    ----------
    panel
        With the months up to the origin, by which rows are dated.
    unit
        Positions of the units, shape (n,).
    before
        Deaths of the months up to the origin, shape (n, B, K), the same where they are known.
    """

    panel: Panel
    unit: NDArray[np.int64]
    before: NDArray[np.float32]


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
    frames: list[pd.DataFrame] = []
    for target in TARGETS.values():
        if target.drawn is None or panel.level not in target.levels:
            continue
        for horizon in (horizon for horizon in horizons if horizon <= drawn.shape[1]):
            labels = target.label(panel, horizon)
            history = label_history(labels, horizon)
            climatology = history.climatology[known, unit]
            deaths = rolling_sum(panel.deaths, horizon)[known, unit]
            reference = target.drawn.reference(panel, horizon)[known, unit]
            p = event_probability(target.drawn, drawn[unit, :horizon], reference, climatology)
            if past is not None and shared.any():
                before = past.before[place[shared]]
                recalled = target.drawn.recalled(before, horizon)
                courses_of = drawn[unit[shared], :horizon]
                p[shared] = event_probability(target.drawn, courses_of, recalled, climatology[shared])
                deaths[shared] = np.median(before[:, -horizon:].sum(axis=1), axis=1)
            there = ~np.isnan(p)
            at = Origins(unit[there], origins.month[there], origins.issue_date)
            frame = frame_of(panel if past is None else past.panel, at, target.name, horizon)
            low, high = spread(p[there], target=target.name, horizon=horizon)
            frame["probability"], frame["prob_low"], frame["prob_high"] = p[there], low, high
            frame["baseline_probability"] = history.persistence[known, unit][there]
            frame["base_rate"] = base_rate(labels, horizon)[known][there]
            frame["deaths_before"] = deaths[there]
            frame["model_name"], frame["model_version"], frame["run_id"] = version.name, version.version, version.run_id
            frames.append(frame)
    return frames
