"""Persistence as a distribution: a Poisson on the last month's deaths, the challenge's ``last`` benchmark.

After a war total, which is no month's deaths, on what the unit had usually by then.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..rows.death_rows import history_rows
from .distribution import DRAWS, FromRows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from .distribution import SampleForecaster

__all__ = ["LAST_VALUE", "LastValue", "LastValueFamily"]


@dataclass(frozen=True)
class LastValue(FromRows):
    """A Poisson whose mean is the deaths of the last month."""

    outcome: str
    horizons: int

    def draw(
        self,
        x: NDArray[np.float32],  # noqa: ARG002  # the interface's argument
        recent: NDArray[np.float64],
        *,
        units: Sequence[str],
        draws: int = DRAWS,
        seed: int = 0,
    ) -> NDArray[np.float32]:
        """Sample from what is known of n units, shape (n, H, draws)."""
        streams = np.random.SeedSequence(seed).spawn(len(units))  # one a unit, so that one's data move no other's
        return np.stack(
            [
                np.random.default_rng(stream).poisson(mean, (self.horizons, draws)).astype(np.float32)
                for stream, mean in zip(streams, np.maximum(recent[:, 0], 0.0), strict=True)
            ]
        )

    def state(self) -> dict[str, Any]:
        """How it draws."""
        return asdict(self)


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
        learned: Mapping[str, SampleForecaster] | None = None,  # noqa: ARG002  # the interface's argument
    ) -> LastValue:
        """Give the forecaster.

        Raises
        ------
        CoverageError
            If there is too little history.
        """
        history_rows(panel, last=last, horizons=horizons)
        return LastValue(outcome, horizons)

    def load(self, state: Mapping[str, Any]) -> LastValue:
        """Bring back what `LastValue.state` gave."""
        return LastValue(state["outcome"], state["horizons"])


LAST_VALUE = LastValueFamily()
