"""Calibration of probabilities on a later block than training, with its own uncertainty.

Logistic recalibration (Cox 1958): log-odds' = a + b x log-odds. The interval of a probability comes from refitting
a and b on clusters drawn with replacement, countries where there are enough of them: rows of one country are not
independent, so rows are never resampled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.special import logit as log_odds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


__all__ = ["FLOOR", "Calibration", "fit_calibration", "log_odds_of"]

#: Prior of (a, b): centred on no change, as strong as a handful of events, so that thin blocks cannot run away.
PRIOR_MEAN, PRIOR_DEVIATION = (0.0, 1.0), (1.0, 0.25)
#: Share of the bootstrap that the interval holds.
INTERVAL = 0.90


@dataclass(frozen=True)
class Calibration:
    """A fitted map of probabilities.

    Attributes
    ----------
    intercept, slope
        a and b.
    draws
        (a, b) of each bootstrap draw, shape (B, 2).
    """

    intercept: float
    slope: float
    draws: tuple[tuple[float, float], ...]

    def probability(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        """Calibrated probability, shape (n,)."""
        return np.asarray(expit(self.intercept + self.slope * log_odds_of(raw)))

    def interval(
        self, raw: NDArray[np.float64], members: Sequence[NDArray[np.float64]] = ()
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """90 % interval of the calibrated probability, two arrays of shape (n,), around the probability itself.

        Parameters
        ----------
        raw
            The pool's forecasts, shape (n,).
        members
            Its members' own forecasts: where they disagree the interval is wider, as each is calibrated like the pool.
        """
        centre = self.probability(raw)
        if not self.draws:
            return centre, centre
        draws = np.array(self.draws)
        spread = np.concatenate([expit(draws[:, :1] + draws[:, 1:] * log_odds_of(each)) for each in (raw, *members)])
        tail = (1 - INTERVAL) / 2
        low, high = np.quantile(spread, [tail, 1 - tail], axis=0)
        return np.minimum(low, centre), np.maximum(high, centre)

    def centred(self) -> Calibration:
        """Give the map that changes no probability, with draws spread as these are."""
        draws = tuple((a - self.intercept, b - self.slope + 1.0) for a, b in self.draws)
        return Calibration(0.0, 1.0, draws)

    def table(self) -> tuple[str, pd.DataFrame]:
        """Its map, and the name of its file."""
        return "calibration.csv", pd.DataFrame({"intercept": [self.intercept], "slope": [self.slope]})

    def state(self) -> dict[str, Any]:
        """Everything, as JSON can hold it."""
        return {"intercept": self.intercept, "slope": self.slope, "draws": [list(draw) for draw in self.draws]}

    @classmethod
    def load(cls, state: dict[str, Any]) -> Calibration:
        """Bring a calibration back."""
        return cls(state["intercept"], state["slope"], tuple((a, b) for a, b in state["draws"]))


def fit_calibration(
    raw: NDArray[np.float64],
    y: NDArray[np.float64],
    cluster: NDArray[np.int64],
    *,
    draws: int = 100,
    seed: int = 0,
) -> Calibration:
    """Fit the map and its bootstrap over countries.

    Parameters
    ----------
    raw
        Forecasts of the block, shape (n,).
    y
        Outcomes, shape (n,).
    cluster
        What is drawn as a whole: the country of each row, shape (n,).
    draws
        Number of bootstrap draws.
    """
    x, weight, hits, group = _grouped(log_odds_of(raw), y, cluster)
    groups = np.unique(group)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=draws)
    times = np.vstack([np.ones(len(groups)), drawn])[:, np.searchsorted(groups, group)]
    a, b = _newton(x, times * weight, times * hits)
    return Calibration(float(a[0]), float(b[0]), tuple(zip(a[1:].tolist(), b[1:].tolist(), strict=True)))


def _grouped(
    x: NDArray[np.float64], y: NDArray[np.float64], cluster: NDArray[np.int64], *, bins: int = 200
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Sum rows up by cluster and narrow bin of x: the likelihood is the same to the width of a bin, and far smaller."""
    edges = np.quantile(x, np.linspace(0, 1, bins + 1)[1:-1])
    key = cluster * bins + np.searchsorted(edges, x)
    keys, inverse = np.unique(key, return_inverse=True)
    weight = np.bincount(inverse).astype(np.float64)
    hits = np.bincount(inverse, y).astype(np.float64)
    return np.bincount(inverse, x) / weight, weight, hits, (keys // bins).astype(np.int64)


def _newton(
    x: NDArray[np.float64], weight: NDArray[np.float64], hits: NDArray[np.float64], *, steps: int = 12
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Penalised logistic fits of all draws at once; weight and hits have shape (B, n)."""
    a, b = np.full(len(weight), PRIOR_MEAN[0]), np.full(len(weight), PRIOR_MEAN[1])
    precision = [1 / deviation**2 for deviation in PRIOR_DEVIATION]
    for _ in range(steps):
        p = expit(a[:, None] + b[:, None] * x)
        miss = hits - weight * p
        curve = weight * p * (1 - p)
        g0 = miss.sum(axis=1) - precision[0] * (a - PRIOR_MEAN[0])
        g1 = miss @ x - precision[1] * (b - PRIOR_MEAN[1])
        h00, h01, h11 = curve.sum(axis=1) + precision[0], curve @ x, curve @ x**2 + precision[1]
        determinant = h00 * h11 - h01**2
        a, b = a + (h11 * g0 - h01 * g1) / determinant, b + (h00 * g1 - h01 * g0) / determinant
    return a, b


#: Probabilities of the target's own past are kept this far from 0 and 1 before their log-odds are taken.
FLOOR = 0.002


def log_odds_of(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds of a probability kept inside [FLOOR, 1 - FLOOR]."""
    return np.asarray(log_odds(np.clip(probability, FLOOR, 1 - FLOOR)))
