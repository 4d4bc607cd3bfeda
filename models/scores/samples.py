"""Scores of samples and quantiles against what happened, by the ViEWS prediction challenge.

Lower is better for CRPS, IGN and MIS. Sources: Gneiting & Raftery (2007), "Strictly proper scoring rules"; Hegre et
al. (2025), "The 2023/24 VIEWS prediction challenge"; Czado, Gneiting & Held (2009) for the randomised PIT of counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import scoringrules

from ...features.errors import CoverageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "COVERAGES",
    "IGNORANCE_BINS",
    "MEANS",
    "crps_of_logs",
    "crps_of_quantiles",
    "ignorance",
    "interval_score",
    "mean_errors",
    "randomised_pit",
    "sample_scores",
]

#: Lower edges of the challenge's bins of deaths; the last one is open.
IGNORANCE_BINS: Final = (0, 0.5, 2.5, 5.5, 10.5, 25.5, 50.5, 100.5, 250.5, 500.5, 1000.5)
#: Central intervals of which the coverage is told.
COVERAGES: Final = (0.5, 0.8, 0.9)
#: Scores of a row whose means tables tell.
MEANS: Final = (
    *("crps", "crps_log", "ign", "mis", "bias_mean", "mae_mean"),
    *("covered_50", "covered_80", "covered_90"),
)
#: Level of the interval of MIS.
INTERVAL: Final = 0.9
#: Rows scored at once: 4,096 rows of 1,000 samples are 16 MB.
_ROWS = 4_096


def ignorance(y: NDArray[Any], samples: NDArray[Any]) -> NDArray[np.float64]:
    """Score the bin that came true: IGN = -log2((k + 1) / (M + B)), shape (n,).

    k of the M samples fall in the bin of the outcome; there are B = 11 bins, to each of which one sample is added, so
    that no outcome is impossible. A bin holds its lower edge and not its upper one.

    Parameters
    ----------
    y
        Deaths, shape (n,).
    samples
        Shape (n, M).

    Examples
    --------
    >>> ignorance(np.array([0.0]), np.zeros((1, 5))).round(4).tolist()
    [1.415]
    """
    edges = np.array(IGNORANCE_BINS)
    at = np.clip(np.searchsorted(edges, y, side="right") - 1, 0, None)
    low = edges[at][:, None]
    high = np.append(edges, np.inf)[at + 1][:, None]
    hits = ((samples >= low) & (samples < high)).sum(axis=1)
    return -np.log2((hits + 1) / (samples.shape[1] + len(edges)))


def interval_score(
    y: NDArray[Any], low: NDArray[Any], high: NDArray[Any], *, level: float = INTERVAL
) -> NDArray[np.float64]:
    """Width and misses of a central interval: (u - l) + 2/a (l - y)+ + 2/a (y - u)+ with a = 1 - level, shape (n,).

    The mean over rows is MIS.

    Examples
    --------
    >>> interval_score(np.array([12.0]), np.array([0.0]), np.array([10.0])).round(6).tolist()
    [50.0]
    """
    # scoringrules gives one row as a number
    return np.atleast_1d(np.asarray(scoringrules.interval_score(y, low, high, 1 - level, backend="numpy"), np.float64))


def randomised_pit(y: NDArray[Any], samples: NDArray[Any], *, seed: int = 0) -> NDArray[np.float64]:
    """Draw F(y-) + v (F(y) - F(y-)) with v uniform, shape (n,): uniform where the forecasts are calibrated."""
    below = np.mean(samples < y[:, None], axis=1, dtype=np.float64)
    upto = np.mean(samples <= y[:, None], axis=1, dtype=np.float64)
    return below + np.random.default_rng(seed).random(len(y)) * (upto - below)


def crps_of_quantiles(y: NDArray[Any], quantiles: NDArray[Any], levels: NDArray[Any]) -> NDArray[np.float64]:
    """Twice the mean pinball loss of the quantiles, shape (n,): the CRPS as far as these levels show it.

    Parameters
    ----------
    quantiles
        Shape (n, Q).
    levels
        In (0, 1), shape (Q,).
    """
    return np.asarray(scoringrules.crps_quantile(y, quantiles, levels, backend="numpy"), np.float64)


def crps_of_logs(y: NDArray[Any], samples: NDArray[Any]) -> NDArray[np.float64]:
    """CRPS of log(1 + deaths), shape (n,): an error by so many times counts alike in small wars and in large ones.

    Bosse et al. (2023), "Scoring epidemiological forecasts on transformed scales".

    Examples
    --------
    >>> crps_of_logs(np.array([0.0]), np.expm1([[1.0, 1.0]])).round(6).tolist()
    [1.0]
    """
    out = np.empty(len(y))
    for start in range(0, len(y), _ROWS):
        rows = slice(start, start + _ROWS)
        x = np.log1p(np.sort(samples[rows], axis=1).astype(np.float64))
        out[rows] = scoringrules.crps_ensemble(
            np.log1p(y[rows]), x, sorted_ensemble=True, estimator="qd", backend="numpy"
        )
    return out


def mean_errors(y: NDArray[Any], samples: NDArray[Any]) -> dict[str, NDArray[np.float64]]:
    """Error of the mean of the samples, which CRPS and coverage do not see.

    Returns
    -------
    ``bias_mean`` (mean less outcome) and ``mae_mean`` (its size), each of shape (n,).

    Examples
    --------
    >>> {name: error.tolist() for name, error in mean_errors(np.array([5.0]), np.array([[0.0, 4.0]])).items()}
    {'bias_mean': [-3.0], 'mae_mean': [3.0]}
    """
    miss = samples.mean(axis=1, dtype=np.float64) - y
    return {"bias_mean": miss, "mae_mean": np.abs(miss)}


def sample_scores(y: NDArray[Any], samples: NDArray[Any], *, seed: int = 0) -> dict[str, NDArray[np.float64]]:
    """All scores of every row, from samples that are sorted once.

    Parameters
    ----------
    y
        Deaths, shape (n,).
    samples
        Shape (n, M).
    seed
        Of the randomised PIT.

    Returns
    -------
    ``crps`` (of the samples' own empirical distribution, scoringrules' "qd" estimator, as the challenge has it, not
    the "fair" one), ``ign``, ``mis``, ``covered_50``, ``covered_80``, ``covered_90`` (0 or 1; ends count as inside)
    and ``pit``, each of shape (n,). Quantiles are interpolated linearly between samples.

    Raises
    ------
    CoverageError
        If there are no samples, or one is not a number.

    Examples
    --------
    >>> scores = sample_scores(np.array([2.0]), np.array([[0.0, 2.0, 4.0]]))
    >>> scores["crps"].round(6).tolist()  # 4/3 - 16/18
    [0.444444]
    """
    if samples.ndim != 2 or samples.shape[1] == 0 or len(samples) != len(y):  # noqa: PLR2004  # rows x samples
        msg = f"{len(y):,} outcomes and samples of shape {samples.shape} do not belong together."
        raise CoverageError(msg)
    if not (np.isfinite(samples).all() and np.isfinite(y).all()):
        msg = "samples and outcomes must be finite numbers."
        raise CoverageError(msg)
    names = ("crps", "ign", "mis", *(f"covered_{round(100 * level)}" for level in COVERAGES))
    out = {name: np.empty(len(y)) for name in names}
    tails = [side for level in COVERAGES for side in ((1 - level) / 2, (1 + level) / 2)]
    for start in range(0, len(y), _ROWS):
        rows = slice(start, start + _ROWS)
        sure, x = np.asarray(y[rows], np.float64), np.sort(samples[rows], axis=1)
        out["crps"][rows] = scoringrules.crps_ensemble(
            sure, x.astype(np.float64), sorted_ensemble=True, estimator="qd", backend="numpy"
        )
        out["ign"][rows] = ignorance(sure, x)
        ends = _quantiles_of_sorted(x, tails)
        for position, level in enumerate(COVERAGES):
            low, high = ends[2 * position], ends[2 * position + 1]
            out[f"covered_{round(100 * level)}"][rows] = (low <= sure) & (sure <= high)
            if level == INTERVAL:
                out["mis"][rows] = interval_score(sure, low, high)
    return {**out, "pit": randomised_pit(y, samples, seed=seed)}


def _quantiles_of_sorted(x: NDArray[Any], levels: list[float]) -> NDArray[np.float64]:
    """As numpy's linear quantiles, but without sorting again; shape (Q, n)."""
    place = np.array(levels) * (x.shape[1] - 1)
    floor = np.floor(place).astype(np.int64)
    above = np.minimum(floor + 1, x.shape[1] - 1)
    low, high = x[:, floor].astype(np.float64), x[:, above].astype(np.float64)
    return (low + (high - low) * (place - floor)).T
