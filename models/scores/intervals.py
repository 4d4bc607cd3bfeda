"""How sure the scores of rare events are: AUC, average precision, Brier skill and calibration error, redrawn.

Whole clusters (countries) are drawn with replacement, never rows. A draw is a weight for each row, so that all draws
are scored at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .comparison import LEVEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SCORES", "score_draws", "score_intervals"]

#: Scores that are redrawn, by the names of `~faultline.models.scores.probabilities.binary_scores`.
SCORES = ("auc", "average_precision", "brier_skill_climatology", "brier_skill_base_rate", "calibration_error")
DRAWS, BINS = 300, 10


def score_intervals(
    y: NDArray[np.float64],
    probability: NDArray[np.float64],
    climatology: NDArray[np.float64],
    cluster: NDArray[np.int64],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, tuple[float, float]]:
    """90 % intervals of `SCORES` by bootstrap over clusters.

    Parameters
    ----------
    y, probability, climatology
        Outcomes, forecasts and the opponent's forecasts, shape (n,).
    cluster
        What is drawn as a whole, shape (n,).

    Returns
    -------
    Lower and upper end by score; NaN where there are fewer than two clusters or only one outcome.

    Examples
    --------
    >>> y, p = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0.1, 0.9, 0.2, 0.8])
    >>> ends = score_intervals(y, p, np.full(4, 0.5), np.array([0, 0, 1, 1]))
    >>> ends["auc"]
    (1.0, 1.0)
    >>> [round(end, 6) for end in ends["brier_skill_climatology"]]  # 1 - .04 / .25 and 1 - .01 / .25
    [0.84, 0.96]
    """
    names, code = np.unique(cluster, return_inverse=True)
    if len(names) < 2 or not 0 < y.sum() < len(y):  # noqa: PLR2004  # one cluster says nothing of others
        return dict.fromkeys(SCORES, (float("nan"), float("nan")))
    rng = np.random.default_rng(seed)
    weight = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=draws)[:, code].astype(np.float64)
    found = score_draws(y, probability, climatology, weight)
    tail = (1 - LEVEL) / 2
    ends = {name: np.nanquantile(values, [tail, 1 - tail]) for name, values in found.items()}
    return {name: (float(low), float(high)) for name, (low, high) in ends.items()}


def score_draws(
    y: NDArray[np.float64],
    probability: NDArray[np.float64],
    climatology: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> dict[str, NDArray[np.float64]]:
    """`SCORES` under each of B sets of weights, each of shape (B,); NaN where a set holds one outcome only.

    ``brier_skill_base_rate`` is the skill over the base rate of the rows themselves, the best constant in hindsight.

    Parameters
    ----------
    weight
        Of each row in each set, shape (B, n). The bins of the calibration error are those of the unweighted rows.
    """
    order = np.argsort(probability, kind="stable")
    y, p, opponent, weight = y[order], probability[order], climatology[order], weight[:, order]
    starts = np.flatnonzero(np.r_[True, np.diff(p) > 0])
    hit = np.add.reduceat(weight * y, starts, axis=1)
    miss = np.add.reduceat(weight * (1 - y), starts, axis=1)
    hits, misses = hit.sum(axis=1), miss.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        below = np.cumsum(miss, axis=1) - miss
        auc = ((below + miss / 2) * hit).sum(axis=1) / (hits * misses)
        above = np.cumsum(hit[:, ::-1], axis=1)
        called = above + np.cumsum(miss[:, ::-1], axis=1)
        precision = np.divide(above, called, out=np.zeros_like(above), where=called > 0)
        average = (hit[:, ::-1] * precision).sum(axis=1) / hits
        brier = weight @ (p - y) ** 2
        skill = 1 - brier / (weight @ (opponent - y) ** 2)
        constant = 1 - brier / (hits * misses / (hits + misses))
    edges = np.cumsum([0, *(len(part) for part in np.array_split(p, min(BINS, len(p))))])[:-1]
    apart = np.abs(np.add.reduceat(weight * (p - y), edges, axis=1)).sum(axis=1) / weight.sum(axis=1)
    one = (hits == 0) | (misses == 0)
    return {
        name: np.where(one, np.nan, values)
        for name, values in zip(SCORES, (auc, average, skill, constant, apart), strict=True)
    }
