"""The one interface of forecasters of deaths: a thousand samples of every month ahead.

Thresholds, quantiles and cumulative windows are read from the same samples, so that P(deaths >= 1) is never below
P(deaths >= 25), a longer window is never safer than a shorter one, and a country can be the sum of its regions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..rows.recent_deaths import RECENT_MONTHS, recent_deaths

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from .month_ahead import MonthAhead
    from .pool_weights import PoolWeights

__all__ = [
    "DRAWS",
    "QUANTILES",
    "THRESHOLDS",
    "FromRows",
    "Makeup",
    "SampleFamily",
    "SampleForecaster",
    "exceedance",
    "severe",
    "summary",
    "window_samples",
]

#: Samples of each unit and month.
DRAWS = 1_000
#: Share of the draws, the worst of them, of which `severe` is the mean.
SEVERE = 0.05
#: Deaths whose probability is read from samples.
THRESHOLDS = (1, 25)
#: Quantiles that tables show.
QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q95": 0.95}


@dataclass(frozen=True)
class Makeup:
    """What a fitted forecaster of deaths is made of, as far as others ask.

    Attributes
    ----------
    reads_features
        Whether it reads features, or goes by the units' own past alone.
    past, whole
        Months of its own past that a unit is drawn from in rows; ``whole`` if a panel's all are.
    months
        Its months ahead with their analogs; none if it goes by no analogs.
    members, weights
        Fitted forecasters in it by name, and how much each member counts, if it is a pool.
    alone
        What it is with all weight on one of its members, by name.
    tables
        Makes the tables of what it learned, by file name.
    """

    reads_features: bool = False
    past: int = RECENT_MONTHS
    whole: bool = False
    months: tuple[MonthAhead, ...] = ()
    members: Mapping[str, SampleForecaster] = field(default_factory=dict)
    weights: PoolWeights | None = None
    alone: Mapping[str, SampleForecaster] = field(default_factory=dict)
    tables: Callable[[], Mapping[str, pd.DataFrame]] = dict


class SampleForecaster(Protocol):
    """A fitted forecaster of monthly deaths."""

    @property
    def outcome(self) -> str:
        """What is counted, such as ``deaths``."""
        ...

    @property
    def horizons(self) -> int:
        """Months ahead, H."""
        ...

    @property
    def makeup(self) -> Makeup:
        """What it is made of."""
        ...

    def draw(
        self,
        x: NDArray[np.float32],
        recent: NDArray[np.float64],
        *,
        units: Sequence[str],
        draws: int = DRAWS,
        seed: int = 0,
    ) -> NDArray[np.float32]:
        """Sample from what is known of n units, shape (n, H, draws).

        Parameters
        ----------
        x
            Features, shape (n, F).
        recent
            `recent_deaths`, shape (n, `Makeup.past`) or more of the past.
        units
            Ids, n of them.
        """
        ...

    def state(self) -> dict[str, Any]:
        """Everything that it learned, as JSON can hold it; long texts by file name under ``texts``."""
        ...

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


class FromRows:
    """Draws for the units of a panel what is drawn from rows."""

    @property
    def makeup(self) -> Makeup:
        """It learned nothing that anyone asks about."""
        return Makeup()

    def samples(
        self: SampleForecaster,
        panel: Panel,
        features: FeatureArrays,
        *,
        at: NDArray[np.int64],
        draws: int = DRAWS,
        seed: int = 0,
    ) -> NDArray[np.float32]:
        """Sample the deaths of each month ahead, shape (U, H, draws); see `SampleForecaster.samples`."""
        units, makeup = np.arange(len(at)), self.makeup
        past = panel.shape[0] if makeup.whole else makeup.past
        recent = recent_deaths(panel, self.outcome, month=at, unit=units, months=past)
        ids = panel.units.index.astype("str").tolist()
        x = features.values[at, units]  # noqa: PD011  # an array of ours
        return self.draw(x, recent, units=ids, draws=draws, seed=seed)


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
        learned: Mapping[str, SampleForecaster] | None = None,
    ) -> SampleForecaster:
        """Learn months 1 to ``horizons`` ahead from what was known at the end of month ``last``.

        Parameters
        ----------
        outcome
            ``deaths`` of all three types, or one type such as ``sb_deaths``.
        last
            Position of the last month that may be used, for outcomes too.
        learned
            What other families learned of the same, by name, so that no one learns it twice.

        Raises
        ------
        CoverageError
            If there is too little history to learn from.
        """
        ...

    def load(self, state: Mapping[str, Any]) -> SampleForecaster:
        """Bring back what `SampleForecaster.state` gave, bit for bit."""
        ...


def window_samples(samples: NDArray[np.float32], horizon: int) -> NDArray[np.float32]:
    """Deaths over the months 1 to ``horizon``, shape (U, draws), of monthly samples (U, H, draws)."""
    return samples[:, :horizon].sum(axis=1)


def exceedance(samples: NDArray[np.float32], threshold: float) -> NDArray[np.float64]:
    """Share of the samples that reach a threshold, over the last axis."""
    return np.asarray(np.mean(samples >= threshold, axis=-1, dtype=np.float64))


def severe(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean of the worst 5 % of samples, over the last axis (expected shortfall; Rockafellar & Uryasev 2000).

    Examples
    --------
    >>> severe(np.arange(40, dtype=np.float32)).item()
    38.5
    """
    worst = max(round(SEVERE * samples.shape[-1]), 1)
    return np.partition(samples, -worst, axis=-1)[..., -worst:].mean(axis=-1, dtype=np.float64)


def summary(samples: NDArray[np.float32]) -> dict[str, NDArray[np.float64]]:
    """Mean, quantiles, `severe`, P(>= 1), P(>= 25) of each month and of the months up to it, each of shape (U,).

    Keys are such as ``month_q95_h3`` and ``total_mean_h3``; both kinds come from the same samples (U, H, draws).
    """
    out: dict[str, NDArray[np.float64]] = {}
    for h in range(samples.shape[1]):
        for kind, some in (("month", samples[:, h]), ("total", window_samples(samples, h + 1))):
            named = {"mean": some.mean(axis=1, dtype=np.float64), "severe": severe(some)}
            levels = np.quantile(some, list(QUANTILES.values()), axis=1).astype(np.float64)
            named |= dict(zip(QUANTILES, levels, strict=True))
            named |= {f"p{threshold}": exceedance(some, threshold) for threshold in THRESHOLDS}
            out |= {f"{kind}_{name}_h{h + 1}": values for name, values in named.items()}
    return out
