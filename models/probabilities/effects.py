"""The effects layer: what facts of foreign forces and of transitions add to a forecast from the history of violence.

A logit whose offset is the log-odds of the history models' own forecast, out of sample, on the few features of
`~faultline.features.blocks.effects`, shrunk towards nothing by a ridge. The constant and the slope of ongoing violence
are learned beside them, not shrunk and not served: a coefficient says what months with a fact had over months without
one, and the layer moves no score where there is no fact or none was coded.

Coefficients maximise sum of y log p + (1 - y) log(1 - p) - ridge / 2 sum of b^2, by Newton's steps. Their covariance is
the sandwich of Liang & Zeger (1986) clustered by country at the penalised optimum: B M B with B the inverse of the
penalised information and M the sum over countries of the outer products of their scores, times G / (G - 1) for G
countries. It is the spread of the shrunk estimate and leaves out that shrinkage pulls towards nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.special import expit
from scipy.special import logit as log_odds
from scipy.stats import norm

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["INTERVAL", "RIDGES", "EffectsLayer", "Exposure", "Shift", "fit_effects"]

#: Ridges that are tried, from the weakest: a coefficient is shrunk as if by so many half-certain rows that deny it.
RIDGES: Final = (10.0, 30.0, 100.0, 300.0, 1_000.0, 3_000.0)
#: Share of the distribution that an interval holds.
INTERVAL: Final = 0.90
#: Forecasts are kept this far from 0 and 1 before their log-odds are taken.
_FLOOR: Final = 1e-4
_STEPS: Final = 50
_CONVERGED: Final = 1e-8


@dataclass(frozen=True)
class Exposure:
    """Features of n rows, and where the violence of each was ongoing.

    Attributes
    ----------
    x
        Shape (n, k); NaN where the facts were not coded.
    violent
        Shape (n,).
    """

    x: NDArray[np.float64]
    violent: NDArray[np.bool_]


@dataclass(frozen=True)
class Shift:
    """What the layer adds to n rows: log-odds and their standard errors, each of shape (n,)."""

    log_odds: NDArray[np.float64]
    error: NDArray[np.float64]

    def moved(self, probability: ArrayLike, *, times: float = 0.0) -> NDArray[np.float64]:
        """The probabilities moved, or moved by so many standard errors more; where nothing is added, as they are."""
        before = np.asarray(probability, np.float64)
        by = self.log_odds + times * self.error
        moved = expit(log_odds(np.clip(before, _FLOOR, 1 - _FLOOR)) + by)
        return np.where((by == 0) | np.isnan(before), before, moved)

    def interval(self, probability: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """90 % interval of the moved probability, as far as it comes from the layer."""
        times = float(norm.ppf((1 + INTERVAL) / 2))
        return self.moved(probability, times=-times), self.moved(probability, times=times)


@dataclass(frozen=True)
class EffectsLayer:
    """A fitted layer of one level, target and horizon.

    Attributes
    ----------
    names
        Features, k of them.
    coefficient
        In log-odds, shape (k,).
    covariance
        Clustered by country, shape (k, k).
    ridge
        By which they were shrunk.
    """

    names: tuple[str, ...]
    coefficient: NDArray[np.float64]
    covariance: NDArray[np.float64]
    ridge: float

    @property
    def error(self) -> NDArray[np.float64]:
        """Standard errors, shape (k,)."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    def shift(self, x: NDArray[Any]) -> Shift:
        """What features of n rows (n, k) add; a feature whose facts were not coded adds nothing."""
        told = np.nan_to_num(np.asarray(x, np.float64), nan=0.0)
        variance = np.einsum("ij,jk,ik->i", told, self.covariance, told)
        return Shift(told @ self.coefficient, np.sqrt(np.maximum(variance, 0.0)))

    def parts(self, x: NDArray[Any]) -> NDArray[np.float64]:
        """Each feature's share of the shift in log-odds, shape (n, k)."""
        return np.nan_to_num(np.asarray(x, np.float64), nan=0.0) * self.coefficient


def fit_effects(
    exposure: Exposure,
    y: NDArray[np.float64],
    history: NDArray[np.float64],
    country: NDArray[np.int64],
    *,
    names: tuple[str, ...],
    ridge: float,
) -> EffectsLayer:
    """Learn what the features add to history's forecast.

    Parameters
    ----------
    exposure
        Features of n rows of coded country-months.
    y
        Outcomes, shape (n,), 0 or 1.
    history
        Probabilities that the history models gave, not having seen the outcomes, shape (n,).
    country
        Cluster of each row, shape (n,).
    ridge
        Weight of half the sum of squared coefficients, in rows.

    Returns
    -------
    The layer; of fewer than two countries it adds nothing and knows no error.
    """
    k = len(names)
    if len(np.unique(country)) < 2:  # noqa: PLR2004  # one country says nothing of others
        return EffectsLayer(names, np.zeros(k), np.zeros((k, k)), ridge)
    told = np.nan_to_num(exposure.x, nan=0.0)
    varies = exposure.violent.any() and not exposure.violent.all()
    beside = [np.ones(len(y)), *([exposure.violent.astype(np.float64)] if varies else [])]
    design = np.column_stack([*beside, told])
    # what is served beside them is held by next to nothing, so that outcomes which are all the same stay finite
    penalty = np.r_[np.full(len(beside), 1e-3), np.full(k, ridge)]
    offset = log_odds(np.clip(history, _FLOOR, 1 - _FLOOR))
    beta = _newton(design, y, offset, penalty)
    p = expit(offset + design @ beta)
    bread = np.linalg.inv((design * (p * (1 - p))[:, None]).T @ design + np.diag(penalty))
    _, code = np.unique(country, return_inverse=True)
    clusters = int(code.max()) + 1
    scores = np.zeros((clusters, design.shape[1]))
    np.add.at(scores, code, design * (y - p)[:, None])
    covariance = bread @ (scores.T @ scores) @ bread * clusters / (clusters - 1)
    own = slice(len(beside), None)
    return EffectsLayer(names, beta[own], covariance[own, own], ridge)


def _newton(
    design: NDArray[np.float64], y: NDArray[np.float64], offset: NDArray[np.float64], penalty: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Maximise the penalised likelihood, halving a step as often as it makes things worse."""

    def worth(beta: NDArray[np.float64]) -> float:
        eta = offset + design @ beta
        return float(y @ eta - np.logaddexp(0.0, eta).sum() - beta**2 @ penalty / 2)

    beta, best = np.zeros(design.shape[1]), -np.inf
    best = worth(beta)
    for _ in range(_STEPS):
        p = expit(offset + design @ beta)
        slope = design.T @ (y - p) - penalty * beta
        step = np.linalg.solve((design * (p * (1 - p))[:, None]).T @ design + np.diag(penalty), slope)
        while worth(beta + step) < best - _CONVERGED and np.abs(step).max() > _CONVERGED:
            step = step / 2
        beta, best = beta + step, worth(beta + step)
        if np.abs(step).max() < _CONVERGED:
            break
    return beta
