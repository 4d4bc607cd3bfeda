"""What an effects layer costs or gains: Brier of probabilities, CRPS of deaths, with history's and with the layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from ...models.scores.comparison import bootstrap_means
from ...models.scores.samples import crps_of_quantiles

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ...models.learners.effects import Shift

__all__ = ["Deaths", "Events", "Outcomes", "Score", "score_of"]

#: Rows of levels that are scored at once.
_ROWS: Final = 4_096


@dataclass(frozen=True)
class Score:
    """A layer's score beside history's on some rows, all means.

    Attributes
    ----------
    history
        Score of history's forecasts: Brier, or CRPS of deaths.
    change
        Relative change of it with the layer, negative is better, with its 90 % interval ``low`` to ``high``.
    rows, countries
        How many.
    moved
        Mean absolute change of the probability, or of the factor of deaths, on rows that a fact moves.
    """

    history: float
    change: float
    low: float
    high: float
    rows: int
    countries: int
    moved: float


@dataclass(frozen=True)
class Events:
    """Events with their probabilities; scored by Brier."""

    y: NDArray[np.float64]
    history: NDArray[np.float64]
    counts: bool = False

    @property
    def before(self) -> NDArray[np.float64]:
        """Brier score of history's forecast."""
        return (self.history - self.y) ** 2

    def after(self, rows: NDArray[np.bool_], shift: Shift) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Brier score of what the layer makes of it and by how much it moves it, as many as ``rows`` (n,) are true."""
        before = self.history[rows]
        moved = shift.moved(before)
        return (moved - self.y[rows]) ** 2, np.abs(moved - before)


@dataclass(frozen=True)
class Deaths:
    """Deaths with evenly spaced levels of their forecast distribution, (n, K), from the lowest; scored by CRPS."""

    y: NDArray[np.float64]
    levels: NDArray[np.float32]
    counts: bool = True

    @cached_property
    def history(self) -> NDArray[np.float64]:
        """Mean of the forecast."""
        return self.levels.mean(axis=1, dtype=np.float64)

    @cached_property
    def before(self) -> NDArray[np.float64]:
        """CRPS of history's forecast."""
        return _crps(self.y, self.levels)

    def after(self, rows: NDArray[np.bool_], shift: Shift) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """CRPS of the draws times the layer's factor, and how far that is from one."""
        factor, _, _ = shift.factors()
        score, by = self.before[rows], np.abs(factor - 1)
        moved = by > 0
        at = np.flatnonzero(rows)[moved]
        score[moved] = _crps(self.y[at], self.levels[at] * factor[moved, None])
        return score, by


#: What came in n rows, and what history had forecast.
Outcomes = Events | Deaths


def _crps(y: NDArray[np.float64], levels: NDArray[np.floating]) -> NDArray[np.float64]:
    """CRPS of evenly spaced levels, shape (n,): twice the pinball loss at the middles of their steps."""
    middles = (np.arange(levels.shape[1]) + 0.5) / levels.shape[1]
    starts = range(0, len(y), _ROWS)
    parts = [crps_of_quantiles(y[at : at + _ROWS], levels[at : at + _ROWS], middles) for at in starts]
    return np.concatenate(parts) if parts else np.zeros(0)


def score_of(rows: pd.DataFrame, seed: int) -> Score:
    """Score rows of ``country, before, after, moved``."""
    miss, after, by, country = (rows[name].to_numpy() for name in ("before", "after", "moved", "country"))
    change, countries = after - miss, len(np.unique(country))
    low = high = np.nan
    if countries > 1:
        # the same draws of countries for both, so that each draw's change is relative to its own score
        relative = bootstrap_means(change, country, seed=seed) / bootstrap_means(miss, country, seed=seed)
        low, high = np.quantile(relative, [0.05, 0.95])
    return Score(
        history=float(miss.mean()),
        change=float(change.mean() / miss.mean()) if miss.any() else 0.0,
        low=float(low),
        high=float(high),
        rows=len(rows),
        countries=countries,
        moved=float(by[by > 0].mean()) if by.any() else 0.0,
    )
