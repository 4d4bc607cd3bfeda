"""Learning one horizon: train, score on later origins, calibrate on them, then learn again from all that is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ...features.errors import CoverageError
from ...features.targets.build import TARGETS
from ..learners.binned import bin_features
from ..learners.calibration import fit_calibration
from ..scores.probabilities import binary_scores, skill
from .risk import FAMILIES, UNCALIBRATED, HorizonModel, families_of, pool_of, pooled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from ...features.arrays import BoolArray
    from ...features.blocks.build import FeatureArrays
    from ..learners.binned import BinnedFeatures
    from ..rows.design import Design, Labelled
    from .forecaster import Family, Forecaster

__all__ = [
    "BURN_IN_MONTHS",
    "Evaluation",
    "Learned",
    "SharedFeatures",
    "clusters",
    "evaluate",
    "fit_members",
    "learn",
    "score_table",
]

#: Origins before this many months of history are not learned from: their windows are cut short.
BURN_IN_MONTHS = 24
#: With fewer countries than this a bootstrap over countries says nothing, and units are drawn instead.
FEWEST_COUNTRIES = 10


@dataclass(frozen=True)
class Evaluation:
    """Forecasts of every forecaster on origins that none of them learned from.

    Attributes
    ----------
    design
        The rows, with outcomes.
    probabilities
        By forecaster, each of shape (n,); ``pool`` is the pool before calibration.
    """

    design: Design
    probabilities: Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Learned:
    """A fitted horizon with the evaluation that its calibration rests on."""

    model: HorizonModel
    evaluation: Evaluation


@dataclass(frozen=True)
class SharedFeatures:
    """Features of one training cut-off, binned once for every horizon and target that learns from the same blocks.

    Attributes
    ----------
    features
        Features over the panel.
    observed
        Shape (T, U): rows that may be learned from.
    last
        Position of the last month that may be used.
    """

    features: FeatureArrays
    observed: BoolArray
    last: int
    _made: dict[tuple[str, ...], tuple[FeatureArrays, BinnedFeatures]] = field(default_factory=dict, repr=False)

    def of(self, blocks: Iterable[str]) -> tuple[FeatureArrays, BinnedFeatures]:
        """Features of some blocks, as they are and in bins."""
        key = tuple(sorted(set(blocks)))
        if key not in self._made:
            chosen = self.features.of_blocks(key)
            rows = self.observed.copy()
            rows[:BURN_IN_MONTHS], rows[self.last + 1 :] = False, False
            self._made[key] = chosen, bin_features(chosen, rows)
        return self._made[key]


def fit_members(
    design: Design, *, families: Mapping[str, Family] = FAMILIES, seed: int = 0, threads: int = 1
) -> dict[str, Forecaster]:
    """Fit every family on the same rows.

    Raises
    ------
    CoverageError
        If the outcomes are all the same.
    """
    return {name: family.fit(design, seed=seed, threads=threads) for name, family in families.items()}


def evaluate(members: Mapping[str, Forecaster], design: Design) -> Evaluation:
    """Score rows with every member and their pool."""
    probabilities = {name: member.probability(design.inputs) for name, member in members.items()}
    return Evaluation(design, {**probabilities, "pool": pooled(probabilities)})


def clusters(design: Design) -> NDArray[np.int64]:
    """What a bootstrap draws as a whole, shape (n,): countries, or units where there are too few countries."""
    few = len(np.unique(design.country)) < FEWEST_COUNTRIES
    return design.unit if few else design.country


def learn(
    labelled: Labelled,
    features: FeatureArrays,
    *,
    last: int,
    evaluation_months: int,
    binned: BinnedFeatures | None = None,
    seed: int = 0,
) -> Learned:
    """Learn one target at one horizon from what was known at the end of month ``last``.

    The last ``evaluation_months`` labelled origins are held back: members fitted on windows that ended before the
    first of them are scored there, and the pool is calibrated there. Then the members are fitted again on all rows.

    Parameters
    ----------
    labelled
        Labels over the panel.
    features
        Features over the panel.
    last
        Position of the origin: no window that ends later is used.
    binned
        The same features in bins, shared with other horizons and targets (`SharedFeatures`); binned here if not given.

    Raises
    ------
    CoverageError
        If there is too little history to learn from.
    """
    newest = last - labelled.horizon
    first_held_back = newest - evaluation_months + 1
    if binned is None:
        shared = SharedFeatures(features, labelled.observed, last=last)
        binned = shared.of(features.block)[1]
    early = labelled.design(features, labelled.training_rows(BURN_IN_MONTHS, first_held_back), binned=binned)
    held_back = labelled.design(features, labelled.origins(first_held_back, newest))
    if not len(held_back):
        msg = f"no origin of the {evaluation_months} months held back has a label of {labelled.target} to be judged by."
        raise CoverageError(msg, remedy="Choose an origin by which more is known of it.")
    families = families_of(labelled.target, labelled.level)
    early_members = fit_members(early, families=families, seed=seed)
    evaluation = evaluate(early_members, held_back)
    calibration = fit_calibration(evaluation.probabilities["pool"], held_back.y, clusters(held_back), seed=seed)
    if TARGETS[labelled.target].rare or labelled.level in UNCALIBRATED:
        # of rare events a few years hold so few spells that recalibration follows chance: on origins of 2003 to 2017 it
        # cost skill, and moving the level alone gained no more than one standard error over years. So the pool is
        # served as learned, with the spread that recalibrating it would have
        calibration = calibration.centred()
    everything = labelled.design(features, labelled.training_rows(BURN_IN_MONTHS, last), binned=binned)
    members = fit_members(everything, families=families, seed=seed)
    pool = pool_of(families)
    return Learned(HorizonModel(labelled.horizon, members, calibration, dict.fromkeys(pool, 1 / len(pool))), evaluation)


def score_table(evaluation: Evaluation, *, at_risk_only: bool = False) -> list[dict[str, float | str]]:
    """Scores of every forecaster, one dict each, with Brier skill against persistence and climatology."""
    design = evaluation.design
    rows = design.at_risk if at_risk_only else np.ones(len(design), bool)
    scored = {
        name: binary_scores(design.y[rows], probability[rows]) for name, probability in evaluation.probabilities.items()
    }
    return [
        {
            "forecaster": name,
            **scores,
            "brier_skill_persistence": skill(scores["brier"], scored["persistence"]["brier"]),
            "brier_skill_climatology": skill(scores["brier"], scored["climatology"]["brier"]),
        }
        for name, scores in scored.items()
    ]
