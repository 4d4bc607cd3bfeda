"""Scores of probabilities against outcomes.

Lower is better for Brier and log score; skill is 1 - score / score of the opponent. Sources: Brier (1950); Murphy
(1973) for skill; Naeini et al. (2015) for the expected calibration error, here with bins of equal mass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "binary_scores",
    "calibration_error_by_chance",
    "expected_calibration_error",
    "precision_recall_each_month",
    "reliability_table",
    "skill",
]


def skill(score: float, opponent: float) -> float:
    """Give 1 - score / opponent's score; NaN where the opponent is perfect.

    Examples
    --------
    >>> round(skill(0.08, 0.10), 2)
    0.2
    """
    return 1 - score / opponent if opponent > 0 else float("nan")


def reliability_table(
    y: NDArray[np.float64], probability: NDArray[np.float64], *, bins: int = 10
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Mean forecast, observed frequency and count in bins of equal mass, each of shape (bins,) or fewer.

    Rows are put in order of the forecast and cut into parts of equal size, the last ones larger by at most one row.
    """
    order = np.argsort(probability, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    forecast = np.array([probability[part].mean() for part in parts])
    observed = np.array([y[part].mean() for part in parts])
    return forecast, observed, np.array([len(part) for part in parts], np.int64)


def expected_calibration_error(y: NDArray[np.float64], probability: NDArray[np.float64], *, bins: int = 10) -> float:
    """Mean distance of forecast and frequency over bins of equal mass, weighted by their rows.

    Examples
    --------
    >>> expected_calibration_error(np.array([0.0, 1.0]), np.array([0.5, 0.5]), bins=1)
    0.0
    """
    forecast, observed, count = reliability_table(y, probability, bins=bins)
    return float(np.average(np.abs(forecast - observed), weights=count)) if len(y) else float("nan")


def calibration_error_by_chance(probability: NDArray[np.float64], *, draws: int = 100, seed: int = 0) -> float:
    """Mean `expected_calibration_error` of outcomes that come just as often as they are said to, independently.

    Of n rows a forecaster who is never wrong about a probability still shows about this error. Rows that hang together,
    as a country's months do, count as fewer.

    Examples
    --------
    >>> sure, open_ = np.tile([0.0, 1.0], 200), np.full(400, 0.5)
    >>> calibration_error_by_chance(sure), 0.05 < calibration_error_by_chance(open_) < 0.08
    (0.0, True)
    """
    random = np.random.default_rng(seed)
    came = random.random((draws, len(probability))) < probability
    return float(np.mean([expected_calibration_error(y, probability) for y in came.astype(np.float64)]))


def precision_recall_each_month(
    y: NDArray[np.float64], probability: NDArray[np.float64], month: NDArray[np.int64], top: int
) -> tuple[float, float]:
    """Precision and recall of calling the ``top`` highest forecasts of every month, all months counted together.

    Parameters
    ----------
    month
        What is called together, shape (n,): a month, or a month and horizon. Ties go to the row that stands first.
    """
    order = np.lexsort((-probability, month))
    start = np.flatnonzero(np.r_[True, np.diff(month[order]) != 0])
    place = np.arange(len(y)) - np.repeat(start, np.diff(np.r_[start, len(y)]))
    called = order[place < top]
    hits, total = float(y[called].sum()), float(y.sum())
    return hits / max(len(called), 1), hits / total if total else float("nan")


def binary_scores(y: NDArray[np.float64], probability: NDArray[np.float64]) -> dict[str, float]:
    """All scores of one forecaster.

    Parameters
    ----------
    y
        Outcomes 0 or 1, shape (n,).
    probability
        Forecasts in [0, 1], shape (n,).

    Returns
    -------
    ``n``, ``base_rate``, ``brier``, ``log_score`` (nats), ``auc``, ``average_precision``, ``calibration_error``. AUC
    and average precision are NaN where only one outcome occurred.

    Examples
    --------
    >>> scores = binary_scores(np.array([0.0, 1.0]), np.array([0.2, 0.6]))
    >>> round(scores["brier"], 6)  # mean of .2^2 and .4^2
    0.1
    """
    both = 0 < y.sum() < len(y)
    nan = float("nan")
    return {
        "n": float(len(y)),
        "base_rate": float(y.mean()) if len(y) else nan,
        "brier": float(brier_score_loss(y, probability, pos_label=1)) if len(y) else nan,
        "log_score": float(log_loss(y, np.clip(probability, 1e-6, 1 - 1e-6), labels=[0, 1])) if len(y) else nan,
        "auc": float(roc_auc_score(y, probability)) if both else nan,
        "average_precision": float(average_precision_score(y, probability)) if both else nan,
        "calibration_error": expected_calibration_error(y, probability),
    }
