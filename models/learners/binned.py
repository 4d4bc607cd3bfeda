"""Features binned once: one LightGBM Dataset for every horizon and target of a training cut-off.

Binning a feature means finding its quantiles and writing one byte a row. Neither depends on what is learned, so that
both are done once. Each fit gives the Dataset its own labels, and the weight 0 to the rows that it must not learn from:
they have no gradient, and their outcomes are not even in it. What is left of them are their features, none later than
the cut-off, in the edges of the bins and in the number of rows of a leaf.
Rows are never taken out of it: in LightGBM 4.6 a Dataset that borrows its bins from a larger one can corrupt the heap.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, Any

import lightgbm as lgb
import numpy as np

from ...features.errors import LookAheadError

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays

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


#: Up to this many rows LightGBM keeps a second copy of the bins, row by row, which is a quarter faster; with more it
#: would take more memory than it is worth. The trees are the same, bit for bit.
ROWS_KEPT_TWICE = 200_000
#: What the bins depend on; a fit must be given the same.
_BINS: dict[str, Any] = {
    "max_bin": 255,
    "bin_construct_sample_cnt": 100_000,  # rows in which edges are sought: all of the world's countries; bounds memory
    "feature_pre_filter": False,
    "num_threads": 1,
    "deterministic": True,
    "verbosity": -1,
}


def _bins(rows: int) -> dict[str, Any]:
    return {**_BINS, "force_row_wise" if rows <= ROWS_KEPT_TWICE else "force_col_wise": True}


@dataclass(frozen=True)
class BinnedFeatures:
    """Rows of one training cut-off in bins; made by `bin_features`.

    Attributes
    ----------
    features
        Features over the panel.
    rows
        Which origins and units may be learned from, shape (T, U).
    row
        Where an origin and unit stands in a Dataset, shape (T, U); -1 where it is left out.
    total
        Rows of a Dataset.
    """

    features: FeatureArrays
    rows: NDArray[np.bool_]
    row: NDArray[np.int32]
    total: int
    _free: SimpleQueue[lgb.Dataset] = field(default_factory=SimpleQueue, repr=False)
    _made: list[lgb.Dataset] = field(default_factory=list, repr=False)
    _making: Lock = field(default_factory=Lock, repr=False)

    def train(
        self, month: NDArray[np.int64], unit: NDArray[np.int64], y: NDArray[Any], *, trees: Trees, seed: int
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
            If a row was not binned, since it lies after the training cut-off.
        """
        at = self.row[month, unit]
        if (at < 0).any():
            month_, unit_ = month[at < 0][0], unit[at < 0][0]
            msg = f"month {month_} and unit {unit_} lie after the training cut-off, but are to be learned from."
            raise LookAheadError(msg)
        few = len(y) < SHARE_WORTH_SHARING * self.total
        parameters = {
            **_bins(len(y) if few else self.total),
            "objective": trees.objective,
            "num_leaves": trees.leaves,
            "min_data_in_leaf": min(trees.rows_a_leaf, max(len(y) // 40, 5)),
            "learning_rate": trees.learning_rate,
            "feature_fraction": trees.share_of_features,
            "lambda_l2": trees.l2,
            "monotone_constraints": [f.monotone for f in self.features.features] if trees.monotone else None,
            "seed": seed,
        }
        if few:
            own = _dataset(self.features, self.features.values[month, unit], y)
            return lgb.train(parameters, own, num_boost_round=trees.rounds)
        with self._borrowed() as data:
            _relabel(data, at, y, total=self.total)
            return lgb.train(parameters, data, num_boost_round=trees.rounds)

    @contextmanager
    def _borrowed(self) -> Generator[lgb.Dataset]:
        """Lend a Dataset that no other fit is using, so that there are as many as fits that run at once."""
        try:
            data = self._free.get_nowait()
        except Empty:
            with self._making:  # one at a time, which bounds the memory; all have the edges of the first
                data = _dataset(
                    self.features,
                    _taken(self.features.values, self.rows),
                    np.zeros(self.total, np.float32),  # a placeholder: every fit sets its own labels
                    like=self._made[0] if self._made else None,
                ).construct()
                self._made.append(data)
        try:
            yield data
        finally:
            self._free.put(data)


def bin_features(features: FeatureArrays, rows: NDArray[np.bool_]) -> BinnedFeatures:
    """Bin the features of some origins, once a fit asks for them; edges are found in these rows alone.

    Parameters
    ----------
    features
        Features over the panel.
    rows
        Shape (T, U): origins up to the training cut-off. A later one would show the future in the edges of the bins.
    """
    total = int(rows.sum())
    place = np.full(rows.shape, -1, np.int32)
    place[rows] = np.arange(total, dtype=np.int32)
    return BinnedFeatures(features, rows, place, total)


def _taken(values: NDArray[np.float32], rows: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Chosen rows of ``values``, shape (n, F): without a copy where they are whole months one after another."""
    months = np.flatnonzero(rows.any(axis=1))
    if len(months) and rows[months[0] : months[-1] + 1].all():
        return values[months[0] : months[-1] + 1].reshape(-1, values.shape[2])
    return values[rows]


def _relabel(data: lgb.Dataset, at: NDArray[np.int32], y: NDArray[Any], *, total: int) -> None:
    """Give the rows ``at`` their labels, and all others no weight."""
    labels, weights = np.zeros(total, np.float32), np.zeros(total, np.float32)
    labels[at], weights[at] = y, 1.0
    data.set_label(labels)
    data.set_field("weight", weights)  # not set_weight, which leaves the last fit's weights where all are to be 1


def _dataset(
    features: FeatureArrays, values: NDArray[np.float32], y: NDArray[Any], *, like: lgb.Dataset | None = None
) -> lgb.Dataset:
    return lgb.Dataset(
        values,
        y,
        reference=like,
        feature_name=list(features.names),
        params=_bins(len(values)),
        free_raw_data=True,
    )
