"""Weights of a pool of distributions: those that would have scored best, by how violent the unit has been of late.

The CRPS of a linear pool is a convex quadratic in its weights, w'Gw with G_ij = integral of (F_i - 1{y <= z})(F_j -
1{y <= z}) dz, and its ignorance, -log2 of the pooled probability of what came, is convex too; so there is one best set
of weights, which is found to the end. The two scores are added as shares of those of conflictology.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import minimize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["BANDS", "LEVELS", "WEIGHTS_FILE", "PoolWeights", "best_weights", "crps_gram", "pool_weights", "strata"]

#: Mean monthly deaths of the last 12 months from which each stratum begins.
LEVELS = (0.0, 0.01, 20.0)
#: Months ahead from which each band begins.
BANDS = (1, 3)
#: Share of ignorance beside CRPS in what the weights minimise.
IGNORANCE_SHARE = 0.3
#: What was learned on origins up to 2017-12, one row a level, outcome, band, stratum and member.
WEIGHTS_FILE = Path(__file__).parent / "reference" / "pool_weights.csv"
_YEAR = 12


def strata(recent: NDArray[np.float64]) -> NDArray[np.int64]:
    """Position in `LEVELS` of each row of `recent_deaths`, shape (n,)."""
    mean = np.maximum(recent[:, :_YEAR], 0.0).sum(axis=1) / _YEAR
    return np.searchsorted(np.array(LEVELS), mean, side="right") - 1


@dataclass(frozen=True)
class PoolWeights:
    """Weights of M members by band of months ahead and by stratum, shape (bands, strata, M); the last sums to 1."""

    table: NDArray[np.float64]

    def of(self, recent: NDArray[np.float64], horizon: int) -> NDArray[np.float64]:
        """Weights of each row of `recent_deaths`, shape (n, M), for the month ``horizon`` ahead."""
        band = int(np.searchsorted(np.array(BANDS), horizon, side="right")) - 1
        return self.table[band, strata(recent)]


def crps_gram(y: NDArray[np.float64], draws: NDArray[np.float32]) -> NDArray[np.float64]:
    """G_ij of each row: the CRPS of a pool with weights w is w'Gw, shape (n, M, M).

    Parameters
    ----------
    y
        Deaths, shape (n,).
    draws
        Of M members, shape (n, M, k).

    Examples
    --------
    >>> crps_gram(np.array([2.0]), np.array([[[0.0], [3.0]]], np.float32)).tolist()
    [[[2.0, 0.0], [0.0, 1.0]]]
    """
    n, members, k = draws.shape
    out = np.zeros((n, members, members))
    for row in np.flatnonzero((draws.max(axis=(1, 2)) > 0) | (y > 0)):
        ordered = np.sort(draws[row], axis=1).astype(np.float64)
        points = np.unique(np.append(ordered, y[row]))
        below = np.stack([np.searchsorted(own, points[:-1], side="right") for own in ordered]) / k
        apart = below - (points[:-1] >= y[row])
        out[row] = (apart * np.diff(points)) @ apart.T
    return out


def best_weights(
    gram: NDArray[np.float64],
    share: NDArray[np.float64],
    *,
    rival: tuple[float, float],
    ignorance_share: float = IGNORANCE_SHARE,
) -> NDArray[np.float64]:
    """Weights that minimise mean CRPS and ignorance, each as a share of the rival's, shape (M,).

    Parameters
    ----------
    gram
        `crps_gram` of n rows, shape (n, M, M).
    share
        Probability that each member gives the bin of what came, shape (n, M), above 0.
    rival
        Mean CRPS and IGN of the rival over all rows of the level, so that strata stay comparable.
    """
    quadratic, members = gram.mean(axis=0) / rival[0], gram.shape[1]

    def cost(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        pooled = share @ w
        slope = -(share / pooled[:, None]).mean(axis=0) / np.log(2)
        value = w @ quadratic @ w - ignorance_share * np.log2(pooled).mean() / rival[1]
        return float(value), 2 * quadratic @ w + ignorance_share * slope / rival[1]

    found = minimize(
        cost,
        np.full(members, 1 / members),
        jac=True,
        method="SLSQP",
        bounds=[(0.0, 1.0)] * members,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": np.ones_like},
        options={"maxiter": 500, "ftol": 1e-10},
    )
    w = np.clip(found.x, 0.0, None)
    return np.asarray(w / w.sum())


@cache
def _tables(file: Path) -> Mapping[tuple[str, str], PoolWeights]:
    table = pd.read_csv(file)
    order = ["band_from_month", "stratum_from_deaths"]
    return {
        (str(level), str(outcome)): PoolWeights(
            own.pivot_table(index=order, columns="position", values="weight")
            .to_numpy(np.float64)
            .reshape(len(BANDS), len(LEVELS), -1)
        )
        for (level, outcome), own in table.groupby(["level", "outcome"])
    }


def pool_weights(level: str, outcome: str) -> PoolWeights:
    """The package's weights of a level and outcome; those of countries and of all deaths where there are none."""
    tables = _tables(WEIGHTS_FILE)
    tried = ((level, outcome), (level, "deaths"), ("country", outcome), ("country", "deaths"))
    return next(tables[key] for key in tried if key in tables)
