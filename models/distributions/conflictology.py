"""Conflictology: a unit's own last twelve windows as the forecast distribution of its deaths.

The benchmark of Hegre et al. (2025), "The 2023/24 VIEWS prediction challenge": simple and hard to beat. A war total
is no month's deaths: what the unit had usually by then stands in its place.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from ...features.transforms import rolling_sum
from ..rows.death_rows import history_rows, ordinary_deaths
from ..rows.recent_deaths import UNSEEN
from .distribution import DRAWS, FromRows, Makeup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from .distribution import SampleForecaster

__all__ = ["CONFLICTOLOGY", "WINDOWS", "ConflictologyFamily", "conflictology"]

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


@dataclass(frozen=True)
class Drawn(FromRows):
    """Draws, with replacement, from a unit's own last ``months`` months, or from its whole history if None.

    Attributes
    ----------
    history
        Months that there were when it was made: served rows show as many where all of them are drawn from.
    """

    outcome: str
    months: int | None
    horizons: int
    history: int

    @property
    def makeup(self) -> Makeup:
        """How far it looks back."""
        return Makeup(past=self.months or self.history, whole=self.months is None)

    def draw(
        self,
        x: NDArray[np.float32],  # noqa: ARG002  # the interface's argument
        recent: NDArray[np.float64],
        *,
        units: Sequence[str],  # noqa: ARG002  # as above
        draws: int = DRAWS,
        seed: int = 0,
    ) -> NDArray[np.float32]:
        """Sample from what is known of n units, shape (n, H, draws). A unit without a month is given zeros."""
        rng = np.random.default_rng(seed)
        out = np.zeros((len(recent), self.horizons, draws), np.float32)
        for unit, own in enumerate(recent[:, : self.months]):
            pick = rng.random((self.horizons, draws), np.float32)  # for every unit, so that one's data move no other's
            seen = own[own != UNSEEN][::-1]
            if len(seen):
                out[unit] = seen[np.minimum((pick * len(seen)).astype(np.int64), len(seen) - 1)]
        return out

    def state(self) -> dict[str, Any]:
        """How it draws."""
        return asdict(self)


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
        learned: Mapping[str, SampleForecaster] | None = None,  # noqa: ARG002  # the interface's argument
    ) -> Drawn:
        """Give the forecaster.

        Raises
        ------
        CoverageError
            If there is too little history.
        """
        history_rows(panel, last=last, horizons=horizons)
        return Drawn(outcome, self.months, horizons, last + 1)

    def load(self, state: Mapping[str, Any]) -> Drawn:
        """Bring back what `Drawn.state` gave."""
        return Drawn(**{field.name: state[field.name] for field in fields(Drawn)})


CONFLICTOLOGY = ConflictologyFamily()
