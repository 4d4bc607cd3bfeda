"""Features binned once for probabilities: a fit takes its rows out of the shared bytes.

`~faultline.models.binned` gives rows that are not learned from no weight, which is faster but lets them fill leaves.
Probabilities are calibrated on rows that are held back, so that here nothing at all of those rows may reach a fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lightgbm as lgb
import numpy as np

from ..features.errors import LookAheadError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..features.blocks import FeatureArrays
    from .binned import Trees

__all__ = ["BinnedRows", "bin_rows"]


#: What the bins depend on; a fit must be given the same.
_BINS: dict[str, Any] = {"max_bin": 255, "feature_pre_filter": False, "force_row_wise": True, "verbosity": -1}


@dataclass(frozen=True)
class BinnedRows:
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

        Raises
        ------
        LookAheadError
            If a row was left out when the features were binned.
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
        at = self.row[month, unit]
        if (at < 0).any():
            month_, unit_ = month[at < 0][0], unit[at < 0][0]
            msg = f"the features of month {month_} and unit {unit_} were not binned, but are to be learned from."
            raise LookAheadError(msg)
        chosen = self.data.subset(at.tolist(), params=parameters)
        chosen.construct()
        chosen.set_label(y)
        return lgb.train(parameters, chosen, num_boost_round=trees.rounds)


def bin_rows(features: FeatureArrays, rows: NDArray[np.bool_], *, edges: NDArray[np.bool_] | None = None) -> BinnedRows:
    """Bin the features of some origins; edges are found in these rows alone, or in fewer of them.

    Parameters
    ----------
    features
        Features over the panel.
    rows
        Shape (T, U): origins up to the training cut-off. A later one would show the future in the edges of the bins.
    edges
        Shape (T, U): origins that the edges are found in, where a part of ``rows`` is to be forecast first.
    """
    place = np.full(rows.shape, -1, np.int64)
    place[rows] = np.arange(int(rows.sum()))

    # the label is a placeholder: every fit sets its own
    def dataset(which: NDArray[np.bool_], reference: lgb.Dataset | None) -> lgb.Dataset:
        return lgb.Dataset(
            features.values[which],
            np.zeros(int(which.sum())),
            reference=reference,
            feature_name=list(features.names),
            params={**_BINS, "num_threads": 1},
            free_raw_data=True,
        )

    data = dataset(rows, None if edges is None else dataset(edges, None).construct())
    data.construct()
    return BinnedRows(data, place, tuple(feature.monotone for feature in features.features))
