"""Twelve horizons of LightGBM from shared bins against a fit from scratch through scikit-learn; prints a table.

``python benchmarks/horizons.py`` runs each way in a process of its own, so that its peak memory is its own. The
features are made: as many regions and months as Africa has, as sparse as real counts. Both ways learn
as many and as large trees from the same labels, two fits at a time with one thread each.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import lightgbm as lgb
import numpy as np

from faultline.features.blocks.build import Feature, FeatureArrays
from faultline.models.learners.binned import Trees, bin_features
from faultline.models.probabilities.boosting import LIGHTGBM
from faultline.pipelines.base.markdown import table_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

REGIONS, MONTHS, FEATURES, HORIZONS, THREADS = 800, 449, 40, 12, 2
SHARE_OF_ZEROS = 0.6
SHARED, SCRATCH = "bins shared by all horizons", "scikit-learn, each horizon from scratch"
ASKED = "30 s, 3 times the matrix"


def made_features() -> FeatureArrays:
    """Logs of counts of which six in ten are zero, (T, U, F) float32."""
    rng = np.random.default_rng(0)
    values = np.empty((MONTHS, REGIONS, FEATURES), np.float32)
    for month in range(MONTHS):  # month by month, so that making them takes no memory that would hide the fits'
        amount = rng.gamma(0.3, 10, values.shape[1:])
        values[month] = np.log1p(np.where(rng.random(amount.shape) < SHARE_OF_ZEROS, 0.0, amount))
    named = tuple(Feature(f"x{k}", f"feature {k}", 1) for k in range(FEATURES))
    return FeatureArrays(named, ("history",) * FEATURES, values)


def made_labels(features: FeatureArrays, horizon: int) -> NDArray[np.bool_]:
    """Labels that rise with five features and with the horizon, (T - H, U); one in twenty-five or so is true."""
    rng = np.random.default_rng(horizon)
    labels = np.empty((MONTHS - horizon, REGIONS), np.bool_)
    for month in range(len(labels)):
        total = features.values[month, :, :5].sum(axis=1)
        labels[month] = rng.random(REGIONS) < 1 / (1 + np.exp(-(total - 9 + horizon / 12) / 2))
    return labels


def shared_bins(features: FeatureArrays, labels: dict[int, NDArray[np.bool_]]) -> Callable[[int], lgb.Booster]:
    """Fits of the package."""
    binned = bin_features(features, np.ones((MONTHS, REGIONS), np.bool_))
    trees = Trees(
        rounds=LIGHTGBM.rounds,
        leaves=LIGHTGBM.leaves,
        rows_a_leaf=LIGHTGBM.rows_a_leaf,
        learning_rate=LIGHTGBM.learning_rate,
        l2=LIGHTGBM.l2,
    )

    month, unit = np.divmod(np.arange(MONTHS * REGIONS), REGIONS)

    def fit(horizon: int) -> lgb.Booster:
        y = labels[horizon].ravel()
        return binned.train(month[: len(y)], unit[: len(y)], y, trees=trees, seed=0)

    return fit


def from_scratch(features: FeatureArrays, labels: dict[int, NDArray[np.bool_]]) -> Callable[[int], lgb.Booster]:
    """Fits as a notebook would make them."""

    def fit(horizon: int) -> lgb.Booster:
        y = labels[horizon]
        model = lgb.LGBMClassifier(
            n_estimators=LIGHTGBM.rounds,
            num_leaves=LIGHTGBM.leaves,
            min_child_samples=LIGHTGBM.rows_a_leaf,
            learning_rate=LIGHTGBM.learning_rate,
            colsample_bytree=0.7,
            reg_lambda=LIGHTGBM.l2,
            monotone_constraints=[1] * FEATURES,
            random_state=0,
            n_jobs=1,
            verbosity=-1,
        )
        model.fit(features.values[: len(y)].reshape(-1, FEATURES), y.ravel())
        return model.booster_

    return fit


def measure(what: str) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds, and peak memory over the feature matrix in this process."""
    peak: Callable[[], int] = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # noqa: E731
    lgb.LGBMClassifier(n_estimators=1, verbosity=-1).fit(
        np.eye(50), np.arange(50) % 2
    )  # what is loaded once and for all
    before = peak()
    features = made_features()
    labels = {horizon: made_labels(features, horizon) for horizon in range(1, HORIZONS + 1)}
    prepare = shared_bins if what == SHARED else from_scratch
    started, worked = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        boosters = list(pool.map(prepare(features, labels), labels))
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    assert {booster.num_trees() for booster in boosters} == {LIGHTGBM.rounds}  # noqa: S101  # both did all the work
    return seconds, cpu, (peak() - before) / features.values.nbytes


def in_own_process(what: str) -> tuple[float, float, float]:
    """The same in a process of its own."""
    own = [sys.executable, "-P", __file__, "--only", what]
    seconds, cpu, memory = map(float, subprocess.check_output(own, text=True).split())  # noqa: S603  # this very script
    return seconds, cpu, memory


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[SHARED, SCRATCH], help="measure one way in this process")
    only = parser.parse_args().only
    if only:
        print(*measure(only))
        return
    found = {what: in_own_process(what) for what in (SHARED, SCRATCH)}
    print(f"{HORIZONS} horizons, {REGIONS} regions x {MONTHS} months x {FEATURES} features, ", end="")
    print(f"{LIGHTGBM.rounds} trees each, two fits at a time; asked: {ASKED}.\n")
    rows: list[tuple[str, ...]] = []
    for what, (seconds, cpu, memory) in found.items():
        ratio = partial(np.divide, (seconds, memory))((found[SHARED][0], found[SHARED][2]))
        rows.append((what, f"{seconds:.1f} s", f"{cpu:.1f} s", f"{memory:.2f}", *(f"{each:.2f}" for each in ratio)))
    head = ("way", "time", "CPU time", "memory, in feature matrices", "time, ratio", "memory, ratio")
    print(*table_lines(head, rows), sep="\n")


if __name__ == "__main__":
    main()
