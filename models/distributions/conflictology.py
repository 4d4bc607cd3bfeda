"""Conflictology: a unit's own last twelve windows as the forecast distribution of its deaths.

The benchmark of Hegre et al. (2025), "The 2023/24 VIEWS prediction challenge": simple and hard to beat. A war total
is no month's deaths: what the unit had usually by then stands in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...features.transforms import rolling_sum
from ..rows.death_rows import history_rows, ordinary_deaths
from .distribution import DRAWS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel

__all__ = ["CONFLICTOLOGY", "WINDOWS", "ConflictologyFamily", "conflictology", "drawn_months"]

#: Past windows that make up the distribution.
WINDOWS = 12


def conflictology(panel: Panel, horizon: int, *, at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sample the deaths in (t, t + H] with the totals of the last twelve windows of H months that ended by t.

    Parameters
    ----------
    panel
        T months x U units.
    horizon
        H, months.
    at
        Position of the origin of each unit, shape (U,).

    Returns
    -------
    Samples of shape (U, 12); NaN for windows that began before the unit was observed.
    """
    totals = rolling_sum(ordinary_deaths(panel, "deaths"), horizon)
    complete = rolling_sum(panel.observed, horizon) == horizon
    totals = np.where(complete, totals, np.nan)
    ends = at[:, None] - np.arange(WINDOWS)[None, :]
    units = np.arange(len(at))[:, None]
    return np.where(ends >= 0, totals[np.maximum(ends, 0), units], np.nan)


def drawn_months(
    panel: Panel,
    outcome: str,
    *,
    at: NDArray[np.int64],
    months: int | None,
    horizons: int,
    draws: int,
    seed: int,
) -> NDArray[np.float32]:
    """Draw each month ahead from a unit's own observed months up to ``at``, with replacement, shape (U, H, draws).

    Parameters
    ----------
    months
        How many of the last months are drawn from; all of them if None. A unit without any is given zeros.
    """
    deaths = ordinary_deaths(panel, outcome)
    rng = np.random.default_rng(seed)
    out = np.zeros((len(at), horizons, draws), np.float32)
    for unit, origin in enumerate(at):
        first = 0 if months is None else max(origin - months + 1, 0)
        seen = deaths[first : origin + 1, unit][panel.observed[first : origin + 1, unit]]
        pick = rng.random((horizons, draws), np.float32)  # drawn for every unit, so that one's data move no other's
        if len(seen):
            out[unit] = seen[np.minimum((pick * len(seen)).astype(np.int64), len(seen) - 1)]
    return out


@dataclass(frozen=True)
class Drawn:
    """Draws from a unit's own past."""

    outcome: str
    months: int | None
    horizons: int

    def samples(
        self,
        panel: Panel,
        features: FeatureArrays,  # noqa: ARG002  # the interface's argument
        *,
        at: NDArray[np.int64],
        draws: int = DRAWS,
        seed: int = 0,
    ) -> NDArray[np.float32]:
        """Sample the deaths of each month ahead, shape (U, H, draws)."""
        return drawn_months(
            panel, self.outcome, at=at, months=self.months, horizons=self.horizons, draws=draws, seed=seed
        )


@dataclass(frozen=True)
class ConflictologyFamily:
    """Learns nothing: the last ``months`` months of a unit are its forecast, all of them (climatology) if None."""

    name: str = "conflictology"
    months: int | None = WINDOWS

    def fit(
        self,
        panel: Panel,
        features: FeatureArrays,  # noqa: ARG002  # the interface's argument
        *,
        outcome: str = "deaths",
        last: int,
        horizons: int = 12,
        seed: int = 0,  # noqa: ARG002  # the interface's argument
        threads: int = 2,  # noqa: ARG002  # the interface's argument
    ) -> Drawn:
        """Give the forecaster.

        Raises
        ------
        CoverageError
            If there is too little history.
        """
        history_rows(panel, last=last, horizons=horizons)
        return Drawn(outcome, self.months, horizons)


CONFLICTOLOGY = ConflictologyFamily()
