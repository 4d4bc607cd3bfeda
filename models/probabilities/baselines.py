"""Baselines, the opponent: climatology and persistence of the target's own past.

Both stand ready in the inputs, because what a unit's past was is a fact known at the origin, not something learned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..rows.design import Design, Inputs

__all__ = ["CLIMATOLOGY", "PERSISTENCE", "Baseline", "BaselineFamily"]


@dataclass(frozen=True)
class Baseline:
    """Hands on a column of the target's own past."""

    name: Literal["climatology", "persistence"]

    @property
    def columns(self) -> tuple[str, ...]:
        """None: it reads the target's own past alone."""
        return ()

    def probability(self, inputs: Inputs) -> NDArray[np.float64]:
        """Give the column, shape (n,)."""
        return inputs.climatology if self.name == "climatology" else inputs.persistence

    def contributions(self, inputs: Inputs) -> NDArray[np.float64] | None:  # noqa: ARG002  # the interface's argument
        """Give none: a baseline uses no features."""
        return None

    def table(self) -> None:
        """It learns nothing."""

    def state(self) -> dict[str, Any]:
        """Give an empty state: nothing is learned."""
        return {}


@dataclass(frozen=True)
class BaselineFamily:
    """Learns nothing."""

    name: Literal["climatology", "persistence"]

    def fit(self, design: Design, *, seed: int = 0, threads: int = 1) -> Baseline:  # noqa: ARG002  # the interface's
        """Give the baseline."""
        return Baseline(self.name)

    def load(self, state: dict[str, Any]) -> Baseline:  # noqa: ARG002  # the interface's argument
        """Give the baseline."""
        return Baseline(self.name)


CLIMATOLOGY = BaselineFamily("climatology")
PERSISTENCE = BaselineFamily("persistence")
