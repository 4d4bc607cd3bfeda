"""Rows of one training cut-off from which probabilities are learned; a fit that asks for a later one is refused.

`~faultline.models.binned` shares bins between fits and gives rows that are not learned from no weight, which is faster
but lets them fill leaves. Probabilities are calibrated on rows that are held back, so that here nothing at all of those
rows may reach a fit. Taking rows out of shared bins (``Dataset.subset``) corrupted the heap in LightGBM 4.6, so that
every fit bins its own rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lightgbm as lgb

from ..features.errors import LookAheadError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..features.blocks import FeatureArrays
    from .binned import Trees

__all__ = ["BinnedRows", "bin_rows"]


#: How rows are binned.
_BINS: dict[str, Any] = {"max_bin": 255, "feature_pre_filter": False, "force_row_wise": True, "verbosity": -1}


@dataclass(frozen=True)
class BinnedRows:
    """Rows of one training cut-off.

    Attributes
    ----------
    features
        Features over the panel.
    rows
        Which origins and units may be learned from, shape (T, U).
    directions
        Of each feature: 1 if more of it can only raise the forecast, -1 if only lower it, 0 if either.
    """

    features: FeatureArrays
    rows: NDArray[np.bool_]
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

        Raises
        ------
        LookAheadError
            If a row lies after the training cut-off.
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
        left_out = ~self.rows[month, unit]
        if left_out.any():
            month_, unit_ = month[left_out][0], unit[left_out][0]
            msg = f"month {month_} and unit {unit_} lie after the training cut-off, but are to be learned from."
            raise LookAheadError(msg)
        x = self.features.values[month, unit]
        names = list(self.features.names)
        chosen = lgb.Dataset(x, y, feature_name=names, params={**_BINS, "num_threads": 1}, free_raw_data=True)
        return lgb.train(parameters, chosen, num_boost_round=trees.rounds)


def bin_rows(features: FeatureArrays, rows: NDArray[np.bool_]) -> BinnedRows:
    """Name the origins that fits may take their rows from.

    Parameters
    ----------
    features
        Features over the panel.
    rows
        Shape (T, U): origins up to the training cut-off.
    """
    return BinnedRows(features, rows, tuple(feature.monotone for feature in features.features))
