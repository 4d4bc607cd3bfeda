"""The covariate gate: which blocks of features are worth learning from.

The protocol is fixed here, before anything is looked at. Blocks are added one by one, in the order of `BLOCKS`, to
those kept so far. The score is the mean Brier score of the equal-weight pool over all units and over H = 1, 3, 6 and
12 (those at which the target is defined); of rare targets over the rows at risk. A block is proposed if it lowers the
score on the origins of the first era, and kept if it lowers the score on those of the second, which proposed nothing,
in at least nine of ten bootstrap draws over countries. Where the second era holds fewer than `FEWEST_COUNTRIES`
countries the gate decides nothing: regions of one country share its covariates and its war, so that drawing them says
nothing of other countries. A block that is not decided on is not kept. Both eras end before 2018: what came later is
locked, and decides nothing. Regions are counted from 2010 on, so that their eras are shorter and begin later.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from ...features.blocks.build import BLOCKS, FRAGMENTATION_BLOCKS, build_features
from ...features.errors import CoverageError
from ...features.panels.build import panel_of
from ...features.tables.snapshot import load_snapshot
from ...features.targets.build import targets_of
from ...models.probabilities.learning import BURN_IN_MONTHS, FEWEST_COUNTRIES, SharedFeatures
from ...models.probabilities.risk import families_of, pool_of
from ...models.rows.design import label
from ...models.scores.comparison import bootstrap_means
from ..learn.train import HORIZONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...features.targets.build import Target
    from ...models.learners.binned import BinnedFeatures
    from ...models.probabilities.forecaster import Forecaster
    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["CONFIRMED", "ERAS", "REFIT_YEARS", "Verdict", "gate_target", "try_blocks"]

#: By level, first and last year of the origins on which blocks are proposed, and of those on which they are confirmed.
ERAS = {"country": ((2006, 2011), (2012, 2017)), "region": ((2014, 2015), (2016, 2017))}
#: Models are learned anew every so many years.
REFIT_YEARS = 2
#: Share of the bootstrap draws in which a block must lower the score of the confirming era.
CONFIRMED = 0.9
_SEEN = "history"


@dataclass(frozen=True)
class Verdict:
    """What came of one block.

    Attributes
    ----------
    score
        Mean Brier before the block, in the choosing and in the confirming era.
    difference
        Change of it with the block, in either era; negative is better.
    countries
        Countries in the confirming era.
    low, high
        90 % interval of the change in the confirming era; NaN where there are too few countries.
    better
        Share of the bootstrap draws in which the block lowers the score there; NaN where there are too few countries.
    """

    level: str
    target: str
    block: str
    kept: bool
    rows: int
    score: tuple[float, float]
    difference: tuple[float, float]
    countries: int
    low: float
    high: float
    better: float

    @property
    def decided(self) -> bool:
        """Whether there were countries enough to keep or refuse the block."""
        return self.countries >= FEWEST_COUNTRIES


@dataclass(frozen=True)
class _Misses:
    """Squared errors of the pool on the same rows, with era and country of each, all of shape (n,)."""

    miss: NDArray[np.float64]
    confirming: NDArray[np.bool_]
    country: NDArray[np.int64]


def gate_target(
    panel: Panel, target: Target, *, seed: int = 0, threads: int = 1, done: Callable[[], None] = lambda: None
) -> list[Verdict]:
    """Try every block for one target.

    Parameters
    ----------
    panel
        T months x U units.
    target
        What is forecast.
    threads
        Fits that run at once.
    done
        Called after each block, the first one too.

    Returns
    -------
    One verdict for each block but the history of violence, without which there is no model.

    Raises
    ------
    CoverageError
        If there is too little history before or in either era.
    """
    rare = target.rare
    always = [_SEEN, *(FRAGMENTATION_BLOCKS if rare else ())]
    features = build_features(panel, blocks=(*BLOCKS, *FRAGMENTATION_BLOCKS) if rare else None)
    run = _Run(panel, target, seed, threads)
    kept, before = list(always), run.misses(features.of_blocks(always))
    done()
    out: list[Verdict] = []
    for block in (name for name in BLOCKS if name != _SEEN):
        after = run.misses(features.of_blocks([*kept, block]))
        verdict = _judge(panel.level, target.name, block, before, after, seed=seed)
        out.append(verdict)
        if verdict.kept:
            kept, before = [*kept, block], after
        done()
    return out


def try_blocks(settings: Settings, progress: Progress, *, level: str, targets: tuple[str, ...]) -> list[Verdict]:
    """Try every block for some targets of a level, on the settings' snapshot.

    Raises
    ------
    UnknownNameError
        If a target does not exist at the level.
    CoverageError
        If the data do not reach over both eras.
    """
    snapshot = load_snapshot(settings.snapshot)
    chosen = targets_of(level, targets)
    panel = panel_of(snapshot, level, territory=any(target.rare for target in chosen))
    out: list[Verdict] = []
    for target in chosen:
        with progress.stage(f"gate, {level}, {target.name}", len(BLOCKS)) as done:
            out += gate_target(panel, target, seed=settings.seed, threads=settings.threads, done=done)
    return out


def _judge(level: str, target: str, block: str, before: _Misses, after: _Misses, *, seed: int) -> Verdict:
    late = before.confirming
    change = after.miss - before.miss
    countries = len(np.unique(before.country[late]))
    differences = float(change[~late].mean()), float(change[late].mean())
    low = high = better = np.nan
    if countries >= FEWEST_COUNTRIES:
        draws = bootstrap_means(change[late], before.country[late], seed=seed)
        better = float((draws < 0).mean())
        low, high = np.quantile(draws, [0.05, 0.95])
    return Verdict(
        level=level,
        target=target,
        block=block,
        kept=differences[0] < 0 and better >= CONFIRMED,
        rows=len(change),
        score=(float(before.miss[~late].mean()), float(before.miss[late].mean())),
        difference=differences,
        countries=countries,
        low=float(low),
        high=float(high),
        better=better,
    )


@dataclass(frozen=True)
class _Run:
    """One target's forecasts of both eras, learned with other features each time."""

    panel: Panel
    target: Target
    seed: int
    threads: int

    def misses(self, features: FeatureArrays) -> _Misses:
        horizons = [h for h in HORIZONS if self.target.horizons is None or h in self.target.horizons]
        choosing, confirming = ERAS[self.panel.level]
        years = range(choosing[0], confirming[1] + 1, REFIT_YEARS)
        jobs = [(year, horizon) for year in years for horizon in horizons]
        shared: dict[int, BinnedFeatures] = {}
        for year in years:
            last = self.panel.position(pd.Period(f"{year - 1}-12", "M"))
            bins = SharedFeatures(features, self.panel.observed, last=last)
            shared[year] = bins.of(features.block)[1]
        with threadpool_limits(1), ThreadPoolExecutor(max_workers=self.threads) as pool:
            parts = list(pool.map(lambda job: self._part(features, shared[job[0]], *job), jobs))
        return _Misses(
            np.concatenate([part.miss for part in parts]),
            np.concatenate([part.confirming for part in parts]),
            np.concatenate([part.country for part in parts]),
        )

    def _part(self, features: FeatureArrays, binned: BinnedFeatures, year: int, horizon: int) -> _Misses:
        labelled = label(self.panel, self.target, horizon)
        last = self.panel.position(pd.Period(f"{year - 1}-12", "M"))
        rows = labelled.origins(last, last + 12 * REFIT_YEARS - 1)
        if self.target.rare:
            rows &= labelled.at_risk
        if not rows.any():
            msg = f"no window of {self.target.name} at H={horizon} has an outcome after {year - 1}-12."
            raise CoverageError(msg, remedy=f"The gate needs data from before {ERAS[self.panel.level][0][0]} to 2018.")
        learned = labelled.design(features, labelled.training_rows(BURN_IN_MONTHS, last), binned=binned)
        families = families_of(self.target.name, self.panel.level)
        members: Mapping[str, Forecaster] = {
            name: families[name].fit(learned, seed=self.seed) for name in pool_of(families)
        }
        design = labelled.design(features, rows)
        pool = np.mean([member.probability(design.inputs) for member in members.values()], axis=0)
        late = np.full(len(design), year >= ERAS[self.panel.level][1][0])
        return _Misses((pool - design.y) ** 2, late, design.country)
