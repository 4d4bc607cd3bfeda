"""What the history models would have said of past origins, learned anew every two years: the effects layer's offset.

Models of year y learned from windows that ended by December of y-1, from the blocks that the covariate gate kept, and
forecast the origins from that month on. Forecasts are as they are served: of countries after calibration on held-back
origins, of regions and rare targets as pooled. Each target and year is a part, so that a killed run goes on.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from ...models.probabilities.kept_blocks import kept_blocks
from ...models.probabilities.learning import BURN_IN_MONTHS, fit_members, learn
from ...models.probabilities.risk import UNCALIBRATED, families_of, pool_of, pooled
from ...models.rows.design import label
from ..learn.train import EVALUATION_MONTHS
from .parts import Parts, claim, fingerprint
from .told import Told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot
    from ...features.targets.target import Target
    from ...models.learners.binned import BinnedFeatures
    from ...models.probabilities.learning import SharedFeatures
    from ...models.rows.design import Design, Labelled
    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["FIRST_YEARS", "REFIT_YEARS", "history_forecasts"]

#: Models are learned anew every so many years.
REFIT_YEARS = 2
#: First year that is forecast, by level: facts are coded from 2005, and regions counted from 2010.
FIRST_YEARS = {"country": 2006, "region": 2014}


def history_forecasts(
    panel: Panel,
    targets: Iterable[Target],
    horizons: Iterable[int],
    *,
    snapshot: Snapshot,
    settings: Settings,
    progress: Progress,
    out: Path,
) -> pd.DataFrame:
    """Forecast every origin of a panel from `FIRST_YEARS` on that has an outcome.

    Parameters
    ----------
    panel
        T months x U units, with its territory where a target is rare.
    out
        Folder of the parts.

    Returns
    -------
    One row a target, horizon, origin and unit at risk of it: ``target, horizon_months, month, unit`` (positions in the
    panel), ``country`` (its code there), ``y`` and ``history``, the probability.

    Raises
    ------
    ConfigError
        If the folder holds parts made from other data, options or code.
    CoverageError
        If there is too little history to learn from.
    """
    chosen, ahead = list(targets), tuple(horizons)
    options = {"level": panel.level, "horizons": list(ahead)}
    claim(out, fingerprint(Path(__file__), snapshot, settings, **options))
    years = range(FIRST_YEARS[panel.level], panel.months[-1].year + 1, REFIT_YEARS)
    told, by_name = Told(panel), {target.name: target for target in chosen}

    def forecast(name: str, year: int) -> pd.DataFrame:
        shared = told.of(by_name[name], year)
        return _of_year(panel, by_name[name], ahead, shared, seed=settings.seed, threads=settings.threads)

    return Parts(out, f"history's forecasts, {panel.level}", tuple(by_name), years).made(forecast, progress)


def _of_year(
    panel: Panel, target: Target, horizons: tuple[int, ...], shared: SharedFeatures, *, seed: int, threads: int
) -> pd.DataFrame:
    told, binned = shared.of(kept_blocks(panel.level, target.name, blocks=shared.features.block))
    last = shared.last

    def one(horizon: int) -> pd.DataFrame:
        labelled = label(panel, target, horizon)
        rows = labelled.origins(last, last + 12 * REFIT_YEARS - 1)
        if target.rare:
            rows &= labelled.at_risk
        design = labelled.design(told, rows)
        return pd.DataFrame(
            {
                "target": target.name,
                "horizon_months": horizon,
                "month": design.month,
                "unit": design.unit,
                "country": design.country,
                "y": design.y,
                "history": _probability(labelled, told, binned, design, last=last, rare=target.rare, seed=seed),
            }
        )

    ahead = [horizon for horizon in horizons if target.horizons is None or horizon in target.horizons]
    with threadpool_limits(1), ThreadPoolExecutor(max_workers=threads) as pool:
        return pd.concat(list(pool.map(one, ahead)), ignore_index=True)


def _probability(
    labelled: Labelled,
    features: FeatureArrays,
    binned: BinnedFeatures,
    design: Design,
    *,
    last: int,
    rare: bool,
    seed: int,
) -> NDArray[np.float64]:
    """Forecast rows as a model that learned by the month at ``last`` is served, shape (n,)."""
    if not len(design):
        return np.zeros(0)
    level = labelled.level
    if not rare and level not in UNCALIBRATED:
        learned = learn(
            labelled, features, last=last, evaluation_months=EVALUATION_MONTHS[level], binned=binned, seed=seed
        )
        return learned.model.forecast(design.inputs).probability
    families = families_of(labelled.target, level)
    rows = labelled.design(features, labelled.training_rows(BURN_IN_MONTHS, last), binned=binned)
    members = fit_members(rows, families={name: families[name] for name in pool_of(families)}, seed=seed)
    return pooled({name: member.probability(design.inputs) for name, member in members.items()})
