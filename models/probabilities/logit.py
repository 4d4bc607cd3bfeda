"""A logit on a few lags of violence: the small model that published work finds hard to beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import expit

from ..learners.calibration import log_odds_of
from ..learners.linear import CONSTANT, as_json, fit_ridge, from_json, needs_both_outcomes

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ..rows.design import Design, Inputs

__all__ = ["LOGIT", "Logit", "LogitFamily"]

#: The features it may use, if the inputs have them. Chosen on origins up to 2017.
FEATURES = (
    "deaths_1",
    "deaths_3",
    "deaths_12",
    "deaths_60",
    "events_12",
    "months_25_60",
    "since_1",
    "neighbour_deaths_12",
    "country_deaths_12",
)


def _terms(inputs: Inputs, features: tuple[str, ...]) -> NDArray[np.float64]:
    past = [log_odds_of(inputs.climatology), log_odds_of(inputs.persistence)]
    return np.column_stack([*past, inputs.columns(features).astype(np.float64)])


def _standard(terms: NDArray[np.float64], mean: ArrayLike, scale: ArrayLike) -> NDArray[np.float64]:
    """Standardise terms (n, k); what was not coded counts as the mean of what was, and moves nothing."""
    standard = (terms - np.asarray(mean)) / np.asarray(scale)
    return np.where(np.isnan(terms), 0.0, standard)


@dataclass(frozen=True)
class Logit:
    """A fitted logit: log-odds = constant + sum of coefficient x standardised term.

    Attributes
    ----------
    terms
        ``climatology`` and ``persistence`` (as log-odds), then features.
    mean, scale
        By which each term is standardised.
    constant, coefficient, standard_error
        In log-odds; errors clustered by country.
    """

    terms: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    constant: float
    coefficient: tuple[float, ...]
    standard_error: tuple[float, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Features among its terms."""
        return self.terms[2:]

    def _weighted(self, inputs: Inputs) -> NDArray[np.float64]:
        return _standard(_terms(inputs, self.terms[2:]), self.mean, self.scale) * np.array(self.coefficient)

    def probability(self, inputs: Inputs) -> NDArray[np.float64]:
        """Probability that the target happens, shape (n,)."""
        return np.asarray(expit(self.constant + self._weighted(inputs).sum(axis=1)))

    def contributions(self, inputs: Inputs) -> NDArray[np.float64] | None:
        """Each feature's term in the log-odds against the mean row, shape (n, F); the target's own past is left out."""
        weighted = self._weighted(inputs)
        out = np.zeros((len(inputs), len(inputs.names)))
        for position, name in enumerate(self.terms[2:], start=2):
            out[:, inputs.names.index(name)] = weighted[:, position]
        return out

    def table(self) -> tuple[str, pd.DataFrame]:
        """Its coefficients and their standard errors, the constant first."""
        told = {
            "term": ["constant", *self.terms],
            "coefficient": [self.constant, *self.coefficient],
            "standard_error": [np.nan, *self.standard_error],
        }
        return "coefficients.csv", pd.DataFrame(told)

    def state(self) -> dict[str, Any]:
        """Terms and coefficients."""
        return as_json(self)


@dataclass(frozen=True)
class LogitFamily:
    """Learns a logit by maximum likelihood (statsmodels GLM, binomial).

    Attributes
    ----------
    features
        The features it may use, if the inputs have them.
    ridge
        Weight of the sum of squared coefficients of standardised terms, in rows. The default keeps coefficients
        finite where the few events are separated perfectly, and does little else.
    """

    name: str = "logit"
    features: tuple[str, ...] = FEATURES
    ridge: float = 1.0

    def fit(self, design: Design, *, seed: int = 0, threads: int = 1) -> Logit:  # noqa: ARG002  # nothing random here
        """Learn from rows with known outcomes.

        Raises
        ------
        CoverageError
            If the outcomes are all the same.
        """
        needs_both_outcomes(design.y, "a logit")
        features = tuple(name for name in self.features if name in design.inputs.names)
        terms = _terms(design.inputs, features)
        terms[:, np.isnan(terms).all(axis=0)] = 0.0
        mean, scale = np.nanmean(terms, axis=0), np.nanstd(terms, axis=0)
        varies = scale > CONSTANT
        scale = np.where(varies, scale, 1.0)
        standard = _standard(terms, mean, scale)
        fitted = fit_ridge(standard, varies, design.y, design.country, ridge=self.ridge)
        return Logit(
            terms=("climatology", "persistence", *features),
            mean=tuple(mean.tolist()),
            scale=tuple(scale.tolist()),
            **vars(fitted),
        )

    def load(self, state: dict[str, Any]) -> Logit:
        """Bring a logit back."""
        return Logit(**from_json(state))


LOGIT = LogitFamily()
