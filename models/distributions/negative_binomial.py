"""Negative binomial regression of each month ahead on the logs of the unit's own last months.

A statsmodels GLM with log link, first with the dispersion 1; the dispersion (one a horizon) is then found by maximum
likelihood, and the line again with it. Samples are a Poisson of a gamma; the gammas of one course belong together by a
Gaussian copula. Cameron & Trivedi (2013), "Regression Analysis of Count Data", chapter 3.
"""

from __future__ import annotations

import warnings
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import statsmodels.api as sm
from scipy.optimize import minimize, minimize_scalar
from scipy.special import gammaincinv, gammaln, ndtri
from scipy.stats import nbinom

from ..rows.death_rows import history_rows, known_pairs, ordinary_deaths
from ..rows.recent_deaths import own_past, own_past_of_panel
from .copula import correlated_uniforms, correlation
from .distribution import DRAWS, FromRows
from .hurdle import BURN_IN_MONTHS, LATER_MONTHS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from .distribution import SampleForecaster

__all__ = ["NEGATIVE_BINOMIAL", "NegativeBinomial", "NegativeBinomialFamily", "dispersion", "most_likely"]

#: No month is forecast to be worse than this many times the worst one of the history learned from.
CEILING = 2.0
#: Dispersions that are looked at, as logs.
_LOG_DISPERSIONS = (-3.0, 5.0)
#: Largest log of a mean that a fit may pass through, so that its first steps cannot overflow.
_MOST = 14.0
_ARRAYS = ("coefficients", "dispersions", "dependence")
_LEVELS = np.linspace(0, 1, 4_002)[1:-1]


@dataclass(frozen=True)
class NegativeBinomial(FromRows):
    """Fitted coefficients (H, 6) of `own_past`, dispersions (H,), and the copula's correlation (H, H)."""

    coefficients: NDArray[np.float64]
    dispersions: NDArray[np.float64]
    dependence: NDArray[np.float64]
    ceiling: float
    outcome: str

    @property
    def horizons(self) -> int:
        """Months ahead."""
        return len(self.coefficients)

    def draw(
        self,
        x: NDArray[np.float32],  # noqa: ARG002  # the interface's argument
        recent: NDArray[np.float64],
        *,
        units: Sequence[str],
        draws: int = DRAWS,
        seed: int = 0,
    ) -> NDArray[np.float32]:
        """Sample from what is known of n units, shape (n, H, draws)."""
        past = own_past(recent)
        uniform = correlated_uniforms(self.dependence, units=units, draws=draws, seed=seed)
        mean = np.empty(uniform.shape)
        for h, (slope, alpha) in enumerate(zip(self.coefficients, self.dispersions, strict=True)):
            centre = np.minimum(np.exp(np.minimum(past @ slope, _MOST)), self.ceiling)
            stretch = np.interp(uniform[:, h], _LEVELS, gammaincinv(1 / alpha, _LEVELS) * alpha)
            mean[:, h] = np.minimum(centre[:, None] * stretch, self.ceiling)
        streams = [np.random.default_rng((seed + 1, zlib.crc32(unit.encode()))) for unit in units]
        return np.stack([rng.poisson(own).astype(np.float32) for rng, own in zip(streams, mean, strict=True)])

    def state(self) -> dict[str, Any]:
        """Everything that it learned."""
        arrays = {name: getattr(self, name).tolist() for name in _ARRAYS}
        return {**arrays, "ceiling": self.ceiling, "outcome": self.outcome}


@dataclass(frozen=True)
class NegativeBinomialFamily:
    """Learns a regression at every horizon."""

    name: str = "negative binomial"

    def fit(
        self,
        panel: Panel,
        features: FeatureArrays,  # noqa: ARG002  # the interface's argument
        *,
        outcome: str = "deaths",
        last: int,
        horizons: int = 12,
        seed: int = 0,
        threads: int = 2,  # noqa: ARG002  # the interface's argument
        learned: Mapping[str, SampleForecaster] | None = None,  # noqa: ARG002  # the interface's argument
    ) -> NegativeBinomial:
        """Learn months 1 to ``horizons`` ahead.

        Raises
        ------
        CoverageError
            If there is too little history to learn from.
        """
        history_rows(panel, last=last, horizons=horizons)
        deaths = ordinary_deaths(panel, outcome)[: last + 1]  # no war total moves the line or the ceiling
        first = BURN_IN_MONTHS if last > 2 * (BURN_IN_MONTHS + horizons) else 0
        past = own_past_of_panel(panel, outcome)
        coefficients, dispersions = [], []
        scores = np.full((horizons, *past.shape[:2]), np.nan)
        for horizon in range(1, horizons + 1):
            month, unit = known_pairs(panel, horizon, first=first, last=last)
            y, x = deaths[month + horizon, unit].astype(np.float64), past[month, unit]
            slope, alpha = _learn(x, y)
            coefficients.append(slope)
            dispersions.append(alpha)
            late = month > last - horizon - LATER_MONTHS
            scores[horizon - 1, month[late], unit[late]] = _normal_scores(
                x[late], y[late], slope, alpha, seed + horizon
            )
        ceiling = float(CEILING * max(deaths.max(), 1.0))
        return NegativeBinomial(np.array(coefficients), np.array(dispersions), correlation(scores), ceiling, outcome)

    def load(self, state: Mapping[str, Any]) -> NegativeBinomial:
        """Bring back what `NegativeBinomial.state` gave."""
        arrays = {name: np.array(state[name], np.float64) for name in _ARRAYS}
        return NegativeBinomial(**arrays, ceiling=state["ceiling"], outcome=state["outcome"])


def dispersion(y: NDArray[np.float64], mean: NDArray[np.float64]) -> float:
    """Most likely alpha of counts with variance mean + alpha x mean^2, given their means, each of shape (n,)."""

    def cost(log_alpha: float) -> float:
        size = np.exp(-log_alpha)
        gammas = gammaln(y + size) - gammaln(size)
        return -float(np.sum(gammas + y * np.log(mean / (mean + size)) - size * np.log1p(mean / size)))

    return float(np.exp(minimize_scalar(cost, bounds=_LOG_DISPERSIONS, method="bounded").x))


def most_likely(
    x: NDArray[np.float64], y: NDArray[np.float64], start: NDArray[np.float64], alpha: float
) -> NDArray[np.float64]:
    """Most likely coefficients (k,) at the dispersion ``alpha``, for rows ``x`` (n, k), counts ``y`` (n,).

    Counts that leap from nothing to thousands can throw the weighted least squares of statsmodels past the largest
    float; the same likelihood is then climbed by a search that bounds the logs of the means.
    """
    family = sm.families.NegativeBinomial(alpha=alpha)
    try:
        slope = np.asarray(sm.GLM(y, x, family=family).fit(start_params=start, maxiter=50).params, np.float64)
    except (ValueError, np.linalg.LinAlgError):
        slope = np.full(x.shape[1], np.nan)
    if np.isfinite(slope).all():
        return slope

    scale = np.maximum(np.abs(x).max(axis=0), 1e-9)
    scaled = x / scale

    def cost(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        log_mean = np.minimum(scaled @ at, _MOST)
        spread = 1 + alpha * np.exp(log_mean)
        likelihood = y * log_mean - (y + 1 / alpha) * np.log(spread)
        return -float(likelihood.mean()), -scaled.T @ ((y - np.exp(log_mean)) / spread) / len(y)

    nearby = np.linalg.lstsq(scaled, np.log1p(y), rcond=None)[0]
    return np.asarray(minimize(cost, nearby, jac=True, method="BFGS").x / scale, np.float64)


def _learn(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # steps of the search may overflow; its end is checked by its scores
        slope, alpha = np.zeros(x.shape[1]), 1.0
        slope[0] = np.log(max(y.mean(), 1e-3))
        for _ in range(2):
            slope = most_likely(x, y, slope, alpha)
            alpha = dispersion(y, np.exp(np.clip(x @ slope, -_MOST, _MOST)))
    return slope, alpha


def _normal_scores(
    x: NDArray[np.float64], y: NDArray[np.float64], slope: NDArray[np.float64], alpha: float, seed: int
) -> NDArray[np.float64]:
    """Where in its forecast each outcome fell, randomised within its count, as normal scores, shape (n,)."""
    size = 1 / alpha
    chance = size / (size + np.exp(np.clip(x @ slope, -_MOST, _MOST)))
    low, high = nbinom.cdf(y - 1, size, chance), nbinom.cdf(y, size, chance)
    level = low + np.random.default_rng(seed).random(len(y)) * (high - low)
    return np.asarray(ndtri(np.clip(level, 1e-4, 1 - 1e-4)))


NEGATIVE_BINOMIAL = NegativeBinomialFamily()
