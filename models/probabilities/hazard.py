"""A discrete-time hazard: the log-odds of the event as a smooth function of the time since the last one.

Beck, Katz & Tucker (1998) for binary time-series cross-sections: a logit with a spline of the time since. The spline
is natural and cubic, so that it goes on as a straight line beyond its outer knots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import expit

from ...features.errors import CoverageError
from ..learners.linear import CONSTANT, as_json, fit_ridge, from_json, needs_both_outcomes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..rows.design import Design, Inputs

__all__ = ["HAZARD", "Hazard", "HazardFamily", "natural_spline"]

#: Clocks, the first that the inputs have: log of one plus the months since.
CLOCKS = ("territory_since_contested", "field_since_deadly_debut", "since_25")
#: Covariates beside the clock, as few as the independent spells allow.
COVARIATES = ("deaths_12", "deaths_60", "neighbour_deaths_12", "field_groups_60", "field_deadly_debut_rate")
#: Knots of the spline, as months since.
KNOTS = (6.0, 24.0, 60.0, 180.0)


def natural_spline(x: NDArray[np.float64], knots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Basis of a natural cubic spline without the constant, shape (n, K - 1) for K knots.

    Hastie, Tibshirani & Friedman (2009), eq. 5.4 and 5.5: x itself and K - 2 functions that are cubic between the
    outer knots and straight beyond them.

    Examples
    --------
    >>> basis = natural_spline(np.array([5.0, 6.0, 7.0]), np.array([0.0, 1.0, 2.0]))
    >>> np.diff(basis[:, 1], n=2).round(9).tolist()  # straight beyond the last knot
    [0.0]
    """

    def d(k: int) -> NDArray[np.float64]:
        cubes = np.maximum(x - knots[k], 0) ** 3 - np.maximum(x - knots[-1], 0) ** 3
        return cubes / (knots[-1] - knots[k])

    return np.column_stack([x, *(d(k) - d(len(knots) - 2) for k in range(len(knots) - 2))])


@dataclass(frozen=True)
class Hazard:
    """A fitted hazard: log-odds = constant + spline(clock) + sum of coefficient x covariate, all standardised.

    Attributes
    ----------
    clock, covariates
        Names of the features.
    mean, scale
        By which each column of spline and covariates is standardised.
    constant, coefficient, standard_error
        In log-odds; errors clustered by country.
    """

    clock: str
    covariates: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    constant: float
    coefficient: tuple[float, ...]
    standard_error: tuple[float, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Its clock and its covariates."""
        return (self.clock, *self.covariates)

    def _weighted(self, inputs: Inputs) -> NDArray[np.float64]:
        columns = _columns(inputs, self.clock, self.covariates)
        return (columns - np.array(self.mean)) / np.array(self.scale) * np.array(self.coefficient)

    def probability(self, inputs: Inputs) -> NDArray[np.float64]:
        """Probability that the target happens, shape (n,)."""
        return np.asarray(expit(self.constant + self._weighted(inputs).sum(axis=1)))

    def contributions(self, inputs: Inputs) -> NDArray[np.float64] | None:
        """Each feature's part of the log-odds against the mean row, shape (n, F); the spline's is the clock's."""
        weighted = self._weighted(inputs)
        out = np.zeros((len(inputs), len(inputs.names)))
        splines = weighted.shape[1] - len(self.covariates)
        out[:, inputs.names.index(self.clock)] = weighted[:, :splines].sum(axis=1)
        for position, name in enumerate(self.covariates, start=splines):
            out[:, inputs.names.index(name)] += weighted[:, position]
        return out

    def table(self) -> tuple[str, pd.DataFrame]:
        """Its `coefficients`."""
        return "coefficients.csv", self.coefficients()

    def coefficients(self) -> pd.DataFrame:
        """Table of terms with coefficient (log-odds a standard deviation), clustered standard error and z."""
        splines = len(self.coefficient) - len(self.covariates)
        terms = [*(f"spline {k + 1} of {self.clock}" for k in range(splines)), *self.covariates]
        table = pd.DataFrame({"term": terms, "coefficient": self.coefficient, "standard_error": self.standard_error})
        error = table["standard_error"]
        return table.assign(z=table["coefficient"] / error.where(error > 0))

    def state(self) -> dict[str, Any]:
        """Terms and coefficients."""
        return as_json(self)


def _columns(inputs: Inputs, clock: str, covariates: tuple[str, ...]) -> NDArray[np.float64]:
    x = inputs.columns((clock, *covariates)).astype(np.float64)
    return np.column_stack([natural_spline(x[:, 0], np.log1p(np.array(KNOTS))), x[:, 1:]])


@dataclass(frozen=True)
class HazardFamily:
    """Learns a hazard by maximum likelihood with a weak ridge.

    Attributes
    ----------
    covariates
        Beside the clock, where the inputs have them.
    ridge
        Weight of the sum of squared coefficients, in rows.
    """

    name: str = "hazard"
    covariates: tuple[str, ...] = COVARIATES
    ridge: float = 10.0

    def fit(self, design: Design, *, seed: int = 0, threads: int = 1) -> Hazard:  # noqa: ARG002  # nothing random here
        """Learn from rows with known outcomes.

        Raises
        ------
        CoverageError
            If the outcomes are all the same, or no clock is among the features.
        """
        needs_both_outcomes(design.y, "a hazard")
        there = design.inputs.names
        clocks = [name for name in CLOCKS if name in there]
        if not clocks:
            msg = f"a hazard needs one of the features {', '.join(CLOCKS)}."
            raise CoverageError(msg, remedy="Build the blocks of the armed field.")
        covariates = tuple(name for name in self.covariates if name in there)
        columns = _columns(design.inputs, clocks[0], covariates)
        mean, scale = columns.mean(axis=0), columns.std(axis=0)
        varies = scale > CONSTANT
        scale = np.where(varies, scale, 1.0)
        fitted = fit_ridge((columns - mean) / scale, varies, design.y, design.country, ridge=self.ridge)
        return Hazard(
            clock=clocks[0],
            covariates=covariates,
            mean=tuple(mean.tolist()),
            scale=tuple(scale.tolist()),
            **vars(fitted),
        )

    def load(self, state: dict[str, Any]) -> Hazard:
        """Bring a hazard back."""
        return Hazard(**from_json(state))


HAZARD = HazardFamily()
