"""Forecasts of deaths in the main job: learned, and put in rows of the flat table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...features.errors import CoverageError
from ...features.targets.build import TARGETS, targets_of
from ...models.distributions.conflictology import CONFLICTOLOGY
from ...models.distributions.distribution import QUANTILES, summary
from ...models.distributions.model import DeathsModel
from ...models.distributions.pool import SAMPLE_POOL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...models.distributions.distribution import SampleForecaster

__all__ = ["MONTHS", "LearnedDeaths", "deaths_rows", "learn_deaths"]

#: Months ahead that are forecast one by one; more where a longer window is asked for.
MONTHS = 12


@dataclass(frozen=True)
class LearnedDeaths:
    """A fitted forecaster of deaths of one level.

    Attributes
    ----------
    name
        ``pool``, or ``conflictology`` where there is too little history to learn from.
    model
        What is registered; None for conflictology.
    """

    name: str
    target: str
    panel: Panel
    features: FeatureArrays
    forecaster: SampleForecaster
    model: DeathsModel | None
    seed: int


def learn_deaths(
    panel: Panel,
    features: FeatureArrays,
    *,
    targets: tuple[str, ...] | None = None,
    horizons: Iterable[int] = (),
    seed: int = 0,
    threads: int = 2,
    done: Callable[[], None] = lambda: None,
) -> dict[str, LearnedDeaths]:
    """Learn the deaths of a level by everything up to the panel's end.

    Parameters
    ----------
    targets
        Targets of deaths, all of them by default.
    horizons
        Windows that are asked for; at least `MONTHS` months are learned.
    done
        Called after each target.

    Raises
    ------
    CoverageError
        If there is not even a year of history.
    """
    last, ahead = panel.shape[0] - 1, max(MONTHS, *horizons, 1)
    learned: dict[str, LearnedDeaths] = {}
    for asked in targets_of(panel.level, targets, kind="deaths"):
        target, outcome, name, model = asked.name, asked.counts, SAMPLE_POOL.name, None
        try:
            forecaster = SAMPLE_POOL.fit(
                panel, features, outcome=outcome, last=last, horizons=ahead, seed=seed, threads=threads
            )
            model = DeathsModel(panel.level, target, features.names, forecaster, str(panel.months[-1]), seed)
        except CoverageError:
            name = CONFLICTOLOGY.name
            forecaster = CONFLICTOLOGY.fit(panel, features, outcome=outcome, last=last, horizons=ahead)
        learned[target] = LearnedDeaths(name, target, panel, features, forecaster, model, seed)
        done()
    return learned


def deaths_rows(
    target: str, courses: NDArray[np.float32], *, horizons: Iterable[int]
) -> list[tuple[str, int, dict[str, NDArray[np.float64]]]]:
    """Mean and quantiles of every month ahead and of the windows asked for, from the same courses (U, H, K).

    Returns
    -------
    Target, months, and ``mean_deaths``, ``q05`` to ``q95``, ``severe_deaths`` of every unit, each of shape (U,). The
    row of a month has the target ``deaths`` and speaks of that month; that of a window has the target ``deaths_total``.
    """
    told = summary(courses)
    wanted = [("month", target, h) for h in range(1, courses.shape[1] + 1)]
    total = next(each.name for each in TARGETS.values() if each.total_of == target)
    wanted += [("total", total, h) for h in horizons]
    rows: list[tuple[str, int, dict[str, NDArray[np.float64]]]] = []
    for kind, name, h in wanted:
        values = {"mean_deaths": told[f"{kind}_mean_h{h}"]}
        values |= {quantile: told[f"{kind}_{quantile}_h{h}"] for quantile in QUANTILES}
        values["severe_deaths"] = told[f"{kind}_severe_h{h}"]
        rows.append((name, h, values))
    return rows
