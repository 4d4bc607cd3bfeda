"""Training one level: panel and features once, then every target at every horizon."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from ...features.blocks.build import BLOCKS, FRAGMENTATION_BLOCKS, build_features
from ...features.errors import CoverageError
from ...features.targets.build import targets_of
from ...models.probabilities.kept_blocks import kept_blocks
from ...models.probabilities.learning import Evaluation, Learned, SharedFeatures, learn
from ...models.probabilities.risk import RiskModel
from ...models.rows.design import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...features.targets.target import Target

__all__ = [
    "EVALUATION_MONTHS",
    "HORIZONS",
    "RARE_EVALUATION_MONTHS",
    "Campaign",
    "ModelVersion",
    "train_fragmentation",
    "train_level",
]

#: Horizons in months that are scored by default.
HORIZONS = (1, 3, 6, 12)
#: Latest labelled origins held back to score and calibrate.
EVALUATION_MONTHS = {"country": 36, "region": 36}
#: The same for rare events, of which a few years hold too few.
RARE_EVALUATION_MONTHS = {"country": 60, "region": 60}


@dataclass(frozen=True)
class Campaign:
    """All models of one level, learned in one go.

    Attributes
    ----------
    panel, features
        What they were learned from; each target only from the blocks that the covariate gate kept for it.
    models
        Risk model by target.
    evaluations
        Held-back forecasts by target and horizon.
    """

    panel: Panel
    features: FeatureArrays
    models: Mapping[str, RiskModel]
    evaluations: Mapping[tuple[str, int], Evaluation]


def train_level(
    panel: Panel,
    *,
    horizons: Iterable[int] = HORIZONS,
    targets: tuple[str, ...] | None = None,
    seed: int = 0,
    threads: int = 2,
    done: Callable[[], None] = lambda: None,
    optional: tuple[str, ...] = (),
    all_blocks: bool = False,
) -> Campaign:
    """Learn every target of a level at every horizon.

    Parameters
    ----------
    panel
        T months x U units; nothing after its last month exists.
    horizons
        Months ahead.
    targets
        Names; by default all of the level but those of fragmentation, which `train_fragmentation` learns.
    threads
        Fits that run at once.
    done
        Called after each target and horizon.
    optional
        Names of targets that are left out where there is too little history to learn them.
    all_blocks
        Learn from the blocks that the covariate gate refused too: no better a forecast, but one that they can move.

    Raises
    ------
    CoverageError
        If there is too little history to learn from.
    """
    names = targets or tuple(t.name for t in targets_of(panel.level) if not t.rare)
    asked = targets_of(panel.level, names)
    rare = any(target.rare for target in asked)
    features = build_features(panel, blocks=(*BLOCKS, *FRAGMENTATION_BLOCKS) if rare else None)
    months = (RARE_EVALUATION_MONTHS if rare else EVALUATION_MONTHS)[panel.level]
    last, ahead = panel.shape[0] - 1, tuple(horizons)
    wanted = {(t, horizon) for t in asked for horizon in ahead if t.horizons is None or horizon in t.horizons}
    shared = SharedFeatures(features, panel.observed, last=last)
    told = {
        name: shared.of(features.block if all_blocks else kept_blocks(panel.level, name, blocks=features.block))
        for name in names
    }

    def one(target: Target, horizon: int) -> Learned:
        own, binned = told[target.name]
        labelled = label(panel, target, horizon)
        return learn(labelled, own, binned=binned, last=last, evaluation_months=months, seed=seed)

    learned = _fit_each(one, wanted, threads=threads, optional=optional, done=done)
    models = {
        name: _model_of(panel, name, told[name][0].names, {h: learned[name, h] for h in ahead if (name, h) in learned})
        for name in names
        if any(key[0] == name for key in learned)
    }
    return Campaign(panel, features, models, {key: learned[key].evaluation for key in sorted(learned)})


def _model_of(panel: Panel, target: str, features: tuple[str, ...], learned: Mapping[int, Learned]) -> RiskModel:
    return RiskModel(
        level=panel.level,
        target=target,
        features=features,
        horizons={horizon: each.model for horizon, each in learned.items()},
        trained_through=str(panel.months[-1]),
    )


def _fit_each(
    one: Callable[[Target, int], Learned],
    wanted: Iterable[tuple[Target, int]],
    *,
    threads: int,
    optional: tuple[str, ...],
    done: Callable[[], None],
) -> dict[tuple[str, int], Learned]:
    """Learn each target and horizon; what has too little history is left out where it is optional."""
    learned: dict[tuple[str, int], Learned] = {}
    # fits are independent and each uses one core: two at once are faster than one on two cores, and never differ
    with threadpool_limits(1), ThreadPoolExecutor(max_workers=threads) as pool:
        jobs = {pool.submit(one, *key): key for key in sorted(wanted, key=lambda key: (key[0].name, key[1]))}
        try:
            for job in as_completed(jobs):
                target, horizon = jobs[job]
                try:
                    learned[target.name, horizon] = job.result()
                except CoverageError:
                    if target.name not in optional:
                        raise
                done()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return learned


def train_fragmentation(
    panel: Panel,
    *,
    horizons: Iterable[int] = HORIZONS,
    seed: int = 0,
    threads: int = 2,
    done: Callable[[], None] = lambda: None,
    all_blocks: bool = False,
) -> Campaign:
    """Learn the targets of fragmentation of a level, as far as its history allows.

    Targets of which too few things happened in the region events at hand are left out; `new_armed_actor` never is.

    Parameters
    ----------
    panel
        Countries with their territory (`~faultline.features.panels.territory.with_territory`), or regions.
    horizons, seed, threads, done, all_blocks
        As `train_level` takes them.

    Raises
    ------
    CoverageError
        If there is too little history to learn from.
    """
    rare = [target for target in targets_of(panel.level) if target.rare]
    return train_level(
        panel,
        horizons=horizons,
        targets=tuple(target.name for target in rare),
        seed=seed,
        threads=threads,
        done=done,
        optional=tuple(target.name for target in rare if target.optional),
        all_blocks=all_blocks,
    )


@dataclass(frozen=True)
class ModelVersion:
    """Name, version and run under which a model is registered."""

    name: str
    version: str
    run_id: str
