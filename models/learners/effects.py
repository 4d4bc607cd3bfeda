"""The effects layer: what facts of foreign forces and of transitions add to a forecast from the history of violence.

Of a probability it is a logit whose offset is the log-odds of the history models' own forecast, out of sample; of a
count of deaths a log link whose offset is the log of its forecast mean. It is learned on the few features of
`~faultline.features.blocks.effects`, shrunk towards nothing by a ridge. The constant and the slope of ongoing violence
are learned beside them, not shrunk and not served: a coefficient says what months with a fact had over months without
one, and the layer moves no score where there is no fact or none was coded.

Coefficients maximise the log likelihood - ridge / 2 sum of b^2, by Newton's steps: that of an event, and of a count the
negative binomial with variance m + m^2, in which a row weighs m / (1 + m), at most one, as in a logit, so that a ridge
means much the same (Gourieroux, Monfort & Trognon 1984: the mean is learned right whatever the variance). Their
covariance is the sandwich of Liang & Zeger (1986) clustered by country at the penalised optimum: B M B with B the
inverse of the penalised information and M the sum over countries of the outer products of their scores, times
G / (G - 1) for G countries. It is the spread of the shrunk estimate; that shrinkage pulls towards nothing is not in it.
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

__all__ = ["INTERVAL", "MOST_TIMES", "RIDGES", "EffectsLayer", "Exposure", "Shift", "fit_effects"]

#: Ridges that are tried, from the weakest: a coefficient is shrunk as if by so many half-certain rows that deny it.
RIDGES: Final = (10.0, 30.0, 100.0, 300.0, 1_000.0, 3_000.0)
#: Share of the distribution that an interval holds.
INTERVAL: Final = 0.90
#: Facts multiply deaths by this at most, and divide them by it at most.
MOST_TIMES: Final = 2.0
#: Forecasts are kept this far from 0 and 1 before their log-odds are taken.
_FLOOR: Final = 1e-4
#: Fewest deaths of whose mean the log is taken: where none are likely, some still happen.
_FEWEST: Final = 0.1
_WIDTH: Final = float(norm.ppf((1 + INTERVAL) / 2))
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
    """What the layer adds to n rows, each of shape (n,): log-odds, or logs of deaths, and their standard errors."""

    added: NDArray[np.float64]
    error: NDArray[np.float64]

    def moved(self, probability: ArrayLike, *, times: float = 0.0) -> NDArray[np.float64]:
        """The probabilities moved, or moved by so many standard errors more; where nothing is added, as they are."""
        before = np.asarray(probability, np.float64)
        by = self.added + times * self.error
        moved = expit(log_odds(np.clip(before, _FLOOR, 1 - _FLOOR)) + by)
        return np.where((by == 0) | np.isnan(before), before, moved)

    def interval(self, probability: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """90 % interval of the moved probability, as far as it comes from the layer."""
        return self.moved(probability, times=-_WIDTH), self.moved(probability, times=_WIDTH)

    def factors(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """By what deaths are multiplied, within `MOST_TIMES`, with the ends of its 90 % interval."""
        most = np.log(MOST_TIMES)
        ends = (np.exp(np.clip(self.added + times * self.error, -most, most)) for times in (0.0, -_WIDTH, _WIDTH))
        middle, low, high = ends
        return middle, low, high


@dataclass(frozen=True)
class EffectsLayer:
    """A fitted layer of one level, target and horizon.

    Attributes
    ----------
    names
        Features, k of them.
    coefficient
        In log-odds, or in logs of deaths, shape (k,).
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
        """Each feature's share of the shift, shape (n, k)."""
        return np.nan_to_num(np.asarray(x, np.float64), nan=0.0) * self.coefficient


def fit_effects(
    exposure: Exposure,
    y: NDArray[np.float64],
    history: NDArray[np.float64],
    country: NDArray[np.int64],
    *,
    names: tuple[str, ...],
    ridge: float,
    counts: bool = False,
) -> EffectsLayer:
    """Learn what the features add to history's forecast.

    Parameters
    ----------
    exposure
        Features of n rows of coded country-months.
    y
        Outcomes, shape (n,): 0 or 1, or deaths.
    history
        Probabilities, or means of deaths, that the history models gave, not having seen the outcomes, shape (n,).
    country
        Cluster of each row, shape (n,).
    ridge
        Weight of half the sum of squared coefficients, in rows.
    counts
        Whether the outcomes are deaths.

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
    likelihood = _Likelihood.of(y, history, counts=counts)
    beta = _newton(design, likelihood, penalty)
    slope, weight = likelihood.bent(design @ beta)
    bread = np.linalg.inv((design * weight[:, None]).T @ design + np.diag(penalty))
    _, code = np.unique(country, return_inverse=True)
    clusters = int(code.max()) + 1
    scores = np.zeros((clusters, design.shape[1]))
    np.add.at(scores, code, design * slope[:, None])
    covariance = bread @ (scores.T @ scores) @ bread * clusters / (clusters - 1)
    own = slice(len(beside), None)
    return EffectsLayer(names, beta[own], covariance[own, own], ridge)


@dataclass(frozen=True)
class _Likelihood:
    """Of n outcomes around history's forecast: y eta - c log(1 + exp eta), c = 1 of an event and y + 1 of a count.

    The latter is the negative binomial of variance m + m^2, the geometric distribution, with log mean eta.
    """

    y: NDArray[np.float64]
    offset: NDArray[np.float64]
    times: NDArray[np.float64]

    @classmethod
    def of(cls, y: NDArray[np.float64], history: NDArray[np.float64], *, counts: bool) -> _Likelihood:
        if counts:
            return cls(y, np.log(np.maximum(history, _FEWEST)), y + 1)
        return cls(y, log_odds(np.clip(history, _FLOOR, 1 - _FLOOR)), np.ones(len(y)))

    def worth(self, added: NDArray[np.float64]) -> float:
        """Log likelihood, but for what does not depend on what is added to the offset."""
        eta = self.offset + added
        return float(self.y @ eta - self.times @ np.logaddexp(0.0, eta))

    def bent(self, added: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Slope in what is added, and information, by row."""
        p = expit(self.offset + added)
        return self.y - self.times * p, self.times * p * (1 - p)


def _newton(design: NDArray[np.float64], likelihood: _Likelihood, penalty: NDArray[np.float64]) -> NDArray[np.float64]:
    """Maximise the penalised likelihood, halving a step as often as it makes things worse."""

    def worth(beta: NDArray[np.float64]) -> float:
        return likelihood.worth(design @ beta) - float(beta**2 @ penalty) / 2

    beta = np.zeros(design.shape[1])
    best = worth(beta)
    for _ in range(_STEPS):
        slope, weight = likelihood.bent(design @ beta)
        uphill = design.T @ slope - penalty * beta
        step = np.linalg.solve((design * weight[:, None]).T @ design + np.diag(penalty), uphill)
        while worth(beta + step) < best - _CONVERGED and np.abs(step).max() > _CONVERGED:
            step = step / 2
        beta, best = beta + step, worth(beta + step)
        if np.abs(step).max() < _CONVERGED:
            break
    return beta
