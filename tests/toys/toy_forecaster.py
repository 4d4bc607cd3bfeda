"""A made forecaster of probabilities: climatology and persistence, weighed by one number that it learns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from faultline.models.rows.design import Design, Inputs


@dataclass(frozen=True)
class Toy:
    """Fitted."""

    share: float
    columns: tuple[str, ...] = ()

    def probability(self, inputs: Inputs) -> NDArray[np.float64]:
        return self.share * inputs.climatology + (1 - self.share) * inputs.persistence

    def contributions(self, inputs: Inputs) -> None: ...

    def table(self) -> tuple[str, pd.DataFrame]:
        return "shares.csv", pd.DataFrame({"share": [self.share]})

    def state(self) -> dict[str, Any]:
        return {"share": self.share}


@dataclass(frozen=True)
class ToyFamily:
    """Tries a few shares."""

    name: str = "toy"
    shares: tuple[float, ...] = (0.25, 0.5, 0.75)

    def fit(self, design: Design, *, seed: int = 0, threads: int = 1) -> Toy:  # noqa: ARG002  # the interface's
        errors = {share: np.mean((Toy(share).probability(design.inputs) - design.y) ** 2) for share in self.shares}
        return Toy(min(errors, key=errors.__getitem__))

    def load(self, state: dict[str, Any]) -> Toy:
        return Toy(**state)


TOY = ToyFamily()
