"""Weights of a pool of distributions: those that would have scored best, by how violent the unit has been of late.

The CRPS of a linear pool is a convex quadratic in its weights, w'Gw with G_ij = integral of (F_i - 1{y <= z})(F_j -
1{y <= z}) dz, and its ignorance, -log2 of the pooled probability of what came, is convex too; so there is one best set
of weights, which is found to the end. The two scores are added as shares of those of conflictology.

Weights are learned at two leads and go from one to the other in proportion to the log of the months ahead, so that no
forecast jumps from one month to the next because its weights do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import LinearConstraint, minimize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = [
    "LEADS",
    "LEVELS",
    "WEIGHTS_FILE",
    "PoolWeights",
    "best_weights",
    "crps_gram",
    "far",
    "pool_weights",
    "strata",
]

#: Mean monthly deaths of the last 12 months from which each stratum begins.
LEVELS = (0.0, 0.01, 20.0)
#: Months ahead at which weights are learned; between them they change smoothly, beyond the second no more.
LEADS = (1, 6)
#: Share of ignorance beside CRPS in what the weights minimise.
IGNORANCE_SHARE = 0.3
#: What was learned on origins up to 2017-12, one row a level, outcome, lead, stratum and member.
WEIGHTS_FILE = Path(__file__).parents[1] / "reference" / "pool_weights.csv"
_YEAR = 12


def strata(recent: NDArray[np.float64]) -> NDArray[np.int64]:
    """Position in `LEVELS` of each row of `recent_deaths`, shape (n,)."""
    mean = np.maximum(recent[:, :_YEAR], 0.0).sum(axis=1) / _YEAR
    return np.searchsorted(np.array(LEVELS), mean, side="right") - 1


def far(horizon: NDArray[np.int64] | int) -> NDArray[np.float64]:
    """How far a month ahead is on the way from the first lead to the second, in [0, 1], same shape.

    Examples
    --------
    >>> far(np.array([1, 2, 6, 12])).round(3).tolist()
    [0.0, 0.387, 1.0, 1.0]
    """
    near, distant = np.log(LEADS)
    return np.clip((np.log(horizon) - near) / (distant - near), 0.0, 1.0)


@dataclass(frozen=True)
class PoolWeights:
    """Weights of M members by lead and by stratum, shape (leads, strata, M); the last sums to 1."""

    table: NDArray[np.float64]

    def of(self, recent: NDArray[np.float64], horizon: int) -> NDArray[np.float64]:
        """Weights of each row of `recent_deaths`, shape (n, M), for the month ``horizon`` ahead."""
        share = far(horizon)
        return ((1 - share) * self.table[0] + share * self.table[1])[strata(recent)]


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
    distant: NDArray[np.float64],
    *,
    rival: tuple[float, float],
    ignorance_share: float = IGNORANCE_SHARE,
) -> NDArray[np.float64]:
    """Weights at both leads that minimise mean CRPS and ignorance, each as a share of the rival's, shape (2, M).

    Parameters
    ----------
    gram
        `crps_gram` of n rows, shape (n, M, M).
    share
        Probability that each member gives the bin of what came, shape (n, M), above 0.
    distant
        `far` of each row, shape (n,).
    rival
        Mean CRPS and IGN of the rival over all rows of the level, so that strata stay comparable.
    """
    members = gram.shape[1]
    each = np.stack([1 - distant, distant], axis=1)
    # a row's weights are a mean of those at both leads, so its CRPS is a quadratic in the two laid end to end
    blocks = np.einsum("na,nb,nij->aibj", each, each, gram, optimize=True) / len(gram)
    quadratic = blocks.reshape(2 * members, 2 * members) / rival[0]
    shares = np.einsum("na,ni->nai", each, share).reshape(len(share), 2 * members)

    def cost(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        pooled = shares @ w
        slope = -(shares / pooled[:, None]).mean(axis=0) / np.log(2)
        value = w @ quadratic @ w - ignorance_share * np.log2(pooled).mean() / rival[1]
        return float(value), 2 * quadratic @ w + ignorance_share * slope / rival[1]

    sums = np.repeat(np.eye(2), members, axis=1)
    found = minimize(
        cost,
        np.full(2 * members, 1 / members),
        jac=True,
        method="SLSQP",
        bounds=[(0.0, 1.0)] * 2 * members,
        constraints=LinearConstraint(sums, 1, 1),
        options={"maxiter": 500, "ftol": 1e-10},
    )
    w = np.clip(found.x, 0.0, None).reshape(2, members)
    return np.asarray(w / w.sum(axis=1, keepdims=True))


@cache
def _tables(file: Path) -> Mapping[tuple[str, str], PoolWeights]:
    table = pd.read_csv(file)
    order = ["month_ahead", "stratum_from_deaths"]
    return {
        (str(level), str(outcome)): PoolWeights(
            own.pivot_table(index=order, columns="position", values="weight")
            .to_numpy(np.float64)
            .reshape(len(LEADS), len(LEVELS), -1)
        )
        for (level, outcome), own in table.groupby(["level", "outcome"])
    }


def pool_weights(level: str, outcome: str) -> PoolWeights:
    """The package's weights of a level and outcome; those of countries and of all deaths where there are none."""
    tables = _tables(WEIGHTS_FILE)
    tried = ((level, outcome), (level, "deaths"), ("country", outcome), ("country", "deaths"))
    return next(tables[key] for key in tried if key in tables)
