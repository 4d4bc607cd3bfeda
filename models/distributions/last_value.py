"""Persistence as a distribution: a Poisson on the last month's deaths, the challenge's ``last`` benchmark.

After a war total, which is no month's deaths, on what the unit had usually by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..rows.death_rows import history_rows, ordinary_deaths
from .distribution import DRAWS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel

__all__ = ["LAST_VALUE", "LastValue", "LastValueFamily"]


@dataclass(frozen=True)
class LastValue:
    """A Poisson whose mean is the deaths of the last month."""

    outcome: str
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
        last = ordinary_deaths(panel, self.outcome)[at, np.arange(len(at))]
        streams = np.random.SeedSequence(seed).spawn(len(at))  # one a unit, so that one's data move no other's
        return np.stack(
            [
                np.random.default_rng(stream).poisson(mean, (self.horizons, draws)).astype(np.float32)
                for stream, mean in zip(streams, last, strict=True)
            ]
        )


@dataclass(frozen=True)
class LastValueFamily:
    """Learns nothing."""

    name: str = "persistence"

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
    ) -> LastValue:
        """Give the forecaster.

        Raises
        ------
        CoverageError
            If there is too little history.
        """
        history_rows(panel, last=last, horizons=horizons)
        return LastValue(outcome, horizons)


LAST_VALUE = LastValueFamily()
