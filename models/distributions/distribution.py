"""The one interface of forecasters of deaths: a thousand samples of every month ahead.

Thresholds, quantiles and cumulative windows are read from the same samples, so that P(deaths >= 1) is never below
P(deaths >= 25), a longer window is never safer than a shorter one, and a country can be the sum of its regions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel

__all__ = ["DRAWS", "QUANTILES", "SampleFamily", "SampleForecaster", "exceedance", "summary", "window_samples"]

#: Samples of each unit and month.
DRAWS = 1_000
#: Quantiles that tables show.
QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q95": 0.95}


class SampleForecaster(Protocol):
    """A fitted forecaster of monthly deaths."""

    def samples(
        self, panel: Panel, features: FeatureArrays, *, at: NDArray[np.int64], draws: int = DRAWS, seed: int = 0
    ) -> NDArray[np.float32]:
        """Sample the deaths of each month ahead.

        Parameters
        ----------
        panel, features
            T months x U units; nothing after ``at`` is looked at.
        at
            Position of the origin of each unit, shape (U,).
        draws
            Samples of each unit and month.

        Returns
        -------
        Shape (U, H, draws): sample k of month 1..H is one possible course, so that its months belong together.
        """
        ...


class SampleFamily(Protocol):
    """How one kind of forecaster of deaths is learned."""

    @property
    def name(self) -> str:
        """The family's name, in tables and runs."""
        ...

    def fit(
        self,
        panel: Panel,
        features: FeatureArrays,
        *,
        outcome: str = "deaths",
        last: int,
        horizons: int = 12,
        seed: int = 0,
        threads: int = 2,
    ) -> SampleForecaster:
        """Learn months 1 to ``horizons`` ahead from what was known at the end of month ``last``.

        Parameters
        ----------
        outcome
            ``deaths`` of all three types, or one type such as ``sb_deaths``.
        last
            Position of the last month that may be used, for outcomes too.

        Raises
        ------
        CoverageError
            If there is too little history to learn from.
        """
        ...


def window_samples(samples: NDArray[np.float32], horizon: int) -> NDArray[np.float32]:
    """Deaths over the months 1 to ``horizon``, shape (U, draws), of monthly samples (U, H, draws)."""
    return samples[:, :horizon].sum(axis=1)


def exceedance(samples: NDArray[np.float32], threshold: float) -> NDArray[np.float64]:
    """Share of the samples that reach a threshold, over the last axis."""
    return np.asarray(np.mean(samples >= threshold, axis=-1, dtype=np.float64))


def summary(samples: NDArray[np.float32]) -> dict[str, NDArray[np.float64]]:
    """Mean, quantiles and P(>= 1), P(>= 25) of each month and of the months up to it, each of shape (U,).

    Keys are such as ``month_q95_h3`` and ``total_mean_h3``; both kinds come from the same samples (U, H, draws).
    """
    out: dict[str, NDArray[np.float64]] = {}
    for h in range(samples.shape[1]):
        for kind, some in (("month", samples[:, h]), ("total", window_samples(samples, h + 1))):
            named = {"mean": some.mean(axis=1, dtype=np.float64)}
            levels = np.quantile(some, list(QUANTILES.values()), axis=1).astype(np.float64)
            named |= dict(zip(QUANTILES, levels, strict=True))
            named |= {f"p{threshold}": exceedance(some, threshold) for threshold in (1, 25)}
            out |= {f"{kind}_{name}_h{h + 1}": values for name, values in named.items()}
    return out
