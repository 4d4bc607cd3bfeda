"""Features binned once: one LightGBM Dataset for every horizon and target of a training cut-off.

Binning a feature means finding its quantiles and writing one byte a row. Neither depends on what is learned, so that
both are done once; each fit takes its rows out of the bytes and is given its own labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lightgbm as lgb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..features.blocks import FeatureArrays

__all__ = ["BinnedFeatures", "Trees", "bin_features"]


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
    data
        The Dataset of n rows.
    row
        Where an origin and unit stands in it, shape (T, U); -1 where it is left out.
    directions
        Of each feature: 1 if more of it can only raise the forecast, -1 if only lower it, 0 if either.
    """

    data: lgb.Dataset
    row: NDArray[np.int64]
    directions: tuple[int, ...]

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
            "monotone_constraints": list(self.directions) if trees.monotone else None,
            "seed": seed,
            "num_threads": 1,
            "deterministic": True,
        }
        chosen = self.data.subset(self.row[month, unit].tolist(), params=parameters)
        chosen.construct()
        chosen.set_label(y)
        return lgb.train(parameters, chosen, num_boost_round=trees.rounds)


def bin_features(features: FeatureArrays, rows: NDArray[np.bool_]) -> BinnedFeatures:
    """Bin the features of some origins; edges are found in these rows alone.

    Parameters
    ----------
    features
        Features over the panel.
    rows
        Shape (T, U): origins up to the training cut-off. A later one would show the future in the edges of the bins.
    """
    place = np.full(rows.shape, -1, np.int64)
    place[rows] = np.arange(int(rows.sum()))
    # the label is a placeholder: every fit sets its own
    data = lgb.Dataset(
        features.values[rows],
        np.zeros(int(rows.sum())),
        feature_name=list(features.names),
        params={**_BINS, "num_threads": 1},
        free_raw_data=True,
    )
    data.construct()
    return BinnedFeatures(data, place, tuple(feature.monotone for feature in features.features))
