"""A made forecaster of deaths: the mean of the last months by a factor that it reads off a feature, as a Poisson."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from faultline.models.distributions.distribution import DRAWS, FromRows, Makeup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from faultline.features.blocks.build import FeatureArrays
    from faultline.features.panels.panel import Panel


@dataclass(frozen=True)
class ToyDeaths(FromRows):
    """Fitted."""

    outcome: str
    horizons: int
    column: int

    @property
    def makeup(self) -> Makeup:
        return Makeup(reads_features=True)

    def draw(
        self,
        x: NDArray[np.float32],
        recent: NDArray[np.float64],
        *,
        units: Sequence[str],
        draws: int = DRAWS,
        seed: int = 0,
    ) -> NDArray[np.float32]:
        mean = np.nanmean(recent, axis=1) + np.nan_to_num(x[:, self.column].astype(np.float64)).clip(0, 1)
        drawn = np.random.default_rng(seed).poisson(mean[:, None, None], (len(units), self.horizons, draws))
        return drawn.astype(np.float32)

    def state(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class ToyDeathsFamily:
    """Learns nothing."""

    name: str = "toy"

    def fit(  # noqa: PLR0913, RUF100  # the interface's arguments
        self,
        panel: Panel,  # noqa: ARG002
        features: FeatureArrays,  # noqa: ARG002
        *,
        outcome: str = "deaths",
        last: int,  # noqa: ARG002
        horizons: int = 12,
        seed: int = 0,  # noqa: ARG002
        threads: int = 2,  # noqa: ARG002
        learned: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> ToyDeaths:
        return ToyDeaths(outcome, horizons, 0)

    def load(self, state: Mapping[str, Any]) -> ToyDeaths:
        return ToyDeaths(state["outcome"], state["horizons"], state["column"])


TOY_DEATHS = ToyDeathsFamily()
