"""Features binned once: one LightGBM Dataset for every horizon and target of a training cut-off.

Binning a feature means finding its quantiles and writing one byte a row. Neither depends on what is learned, so that
both are done once. Each fit gives the Dataset its own labels, and the weight 0 to the rows that it must not see.
Rows are never taken out of it: in LightGBM 4.6 a Dataset that borrows its bins from a larger one can corrupt the heap.
"""

from __future__ import annotations

from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import lightgbm as lgb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..features.blocks import FeatureArrays

__all__ = ["BinnedFeatures", "Trees", "bin_features"]

#: With fewer rows than this share of all, binning the few is cheaper than passing over the many.
SHARE_WORTH_SHARING = 0.4


@dataclass(frozen=True)
class Trees:
    """How large a booster is and how it learns.

    Attributes
    ----------
    objective
        LightGBM's name of the loss.
    rounds
        Number of trees.
    l2
        Ridge on the value of each leaf.
    """

    objective: str = "binary"
    rounds: int = 150
    leaves: int = 6
    rows_a_leaf: int = 200
    learning_rate: float = 0.06
    l2: float = 1.0
    share_of_features: float = 0.7
    monotone: bool = True


#: What the bins depend on; a fit must be given the same.
_BINS: dict[str, Any] = {"max_bin": 255, "feature_pre_filter": False, "force_row_wise": True, "verbosity": -1}


@dataclass(frozen=True)
class BinnedFeatures:
    """Rows of one training cut-off in bins.

    Attributes
    ----------
    free
        Datasets of the same n rows that no fit is using; as many as fits may run at once.
    features
        Features over the panel, from which a fit of few rows takes its own.
    row
        Where an origin and unit stands in a Dataset, shape (T, U); -1 where it is left out.
    """

    free: SimpleQueue[lgb.Dataset]
    features: FeatureArrays
    row: NDArray[np.int64]

    def train(
        self, month: NDArray[np.int64], unit: NDArray[np.int64], y: NDArray[np.float64], *, trees: Trees, seed: int
    ) -> lgb.Booster:
        """Learn the labels of some rows, on one thread: fits run beside one another instead.

        Parameters
        ----------
        month, unit
            Positions of the rows, shape (n,), in order of month, then unit.
        y
            Labels, shape (n,).
        """
        parameters = {
            **_BINS,
            "objective": trees.objective,
            "num_leaves": trees.leaves,
            "min_data_in_leaf": min(trees.rows_a_leaf, max(len(y) // 40, 5)),
            "learning_rate": trees.learning_rate,
            "feature_fraction": trees.share_of_features,
            "lambda_l2": trees.l2,
            "monotone_constraints": [f.monotone for f in self.features.features] if trees.monotone else None,
            "seed": seed,
            "num_threads": 1,
            "deterministic": True,
        }
        total = int(self.row.max()) + 1
        if len(y) < SHARE_WORTH_SHARING * total:
            few = _dataset(self.features, self.features.values[month, unit], y)
            return lgb.train(parameters, few, num_boost_round=trees.rounds)
        labels, weights = np.zeros(total, np.float32), np.zeros(total, np.float32)
        labels[self.row[month, unit]], weights[self.row[month, unit]] = y, 1.0
        data = self.free.get()
        try:
            data.set_label(labels).set_weight(weights)
            return lgb.train(parameters, data, num_boost_round=trees.rounds)
        finally:
            self.free.put(data)


def bin_features(features: FeatureArrays, rows: NDArray[np.bool_], *, at_once: int = 1) -> BinnedFeatures:
    """Bin the features of some origins; edges are found in these rows alone.

    Parameters
    ----------
    features
        Features over the panel.
    rows
        Shape (T, U): origins up to the training cut-off. A later one would show the future in the edges of the bins.
    at_once
        Fits that may run at once; each needs a Dataset of its own, of one byte a row and feature.
    """
    place = np.full(rows.shape, -1, np.int64)
    place[rows] = np.arange(int(rows.sum()))
    free: SimpleQueue[lgb.Dataset] = SimpleQueue()
    values = features.values[rows]
    for _ in range(at_once):
        # the label is a placeholder: every fit sets its own
        free.put(_dataset(features, values, np.zeros(len(values))).construct())
    return BinnedFeatures(free, features, place)


def _dataset(features: FeatureArrays, values: NDArray[np.float32], y: NDArray[np.float64]) -> lgb.Dataset:
    return lgb.Dataset(
        values, y, feature_name=list(features.names), params={**_BINS, "num_threads": 1}, free_raw_data=True
    )
