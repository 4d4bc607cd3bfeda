"""A logistic regression with a weak ridge on standardised columns: what the logit and the hazard share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import statsmodels.api as sm
from scipy.special import expit

from ...features.errors import CoverageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["CONSTANT", "Coefficients", "as_json", "fit_ridge", "from_json", "needs_both_outcomes"]

#: Smallest standard deviation of a column that still tells rows apart.
CONSTANT = 1e-6


@dataclass(frozen=True)
class Coefficients:
    """Fitted coefficients of k columns in log-odds, and their standard errors: 0 where a column does not vary."""

    constant: float
    coefficient: tuple[float, ...]
    standard_error: tuple[float, ...]


def needs_both_outcomes(y: NDArray[np.float64], what: str) -> None:
    """Refuse outcomes of one kind.

    Raises
    ------
    CoverageError
        If the outcomes, shape (n,), are all the same.
    """
    if len(np.unique(y)) < 2:  # noqa: PLR2004  # it takes both outcomes to learn
        msg = f"{what} cannot be learned: all {len(y):,} outcomes are the same."
        raise CoverageError(msg, remedy="Choose a later origin or more countries.")


def fit_ridge(
    standard: NDArray[np.float64],
    varies: NDArray[np.bool_],
    y: NDArray[np.float64],
    cluster: NDArray[np.int64],
    *,
    ridge: float,
) -> Coefficients:
    """Learn by maximum likelihood (statsmodels GLM, binomial) with a ridge.

    Parameters
    ----------
    standard
        Standardised columns, shape (n, k).
    varies
        Which of them vary, shape (k,).
    y, cluster
        Outcome and country of each row, shape (n,); errors are clustered by country.
    ridge
        Weight of the sum of squared coefficients, in rows.
    """
    x = np.asarray(sm.add_constant(standard[:, varies], has_constant="add"), np.float64)
    penalty = np.r_[0.0, np.full(int(varies.sum()), ridge / len(y))]
    model = sm.GLM(y, x, family=sm.families.Binomial())
    fitted = np.asarray(model.fit_regularized(alpha=penalty, L1_wt=0.0, opt_method="BFGS").params)
    coefficient, error = np.zeros(len(varies)), np.zeros(len(varies))
    coefficient[varies] = fitted[1:]
    error[varies] = _clustered_errors(x, y, fitted, cluster)[1:]
    return Coefficients(float(fitted[0]), tuple(coefficient.tolist()), tuple(error.tolist()))


def _clustered_errors(
    x: NDArray[np.float64], y: NDArray[np.float64], beta: NDArray[np.float64], cluster: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Sandwich standard errors clustered by country (Liang & Zeger 1986), shape (k,)."""
    p = expit(x @ beta)
    bread = np.linalg.pinv((x * (p * (1 - p))[:, None]).T @ x)
    scores = x * (y - p)[:, None]
    order = np.argsort(cluster, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(cluster[order]) != 0])
    sums = np.add.reduceat(scores[order], starts, axis=0)
    return np.sqrt(np.maximum(np.diag(bread @ (sums.T @ sums) @ bread), 0))


def as_json(fitted: object) -> dict[str, Any]:
    """Attributes of a fitted forecaster, tuples as lists."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in vars(fitted).items()}


def from_json(state: Mapping[str, Any]) -> dict[str, Any]:
    """What `as_json` gave, lists as tuples again."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in state.items()}
