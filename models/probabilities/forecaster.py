"""The one interface of all forecasters.

A family learns from a `Design` and gives a fitted forecaster; a fitted forecaster turns `Inputs` into probabilities
and itself into plain texts and numbers, from which `load` makes it again, bit for bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from ..rows.design import Design, Inputs

__all__ = ["Family", "Forecaster"]


class Forecaster(Protocol):
    """A fitted forecaster of one target at one horizon."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the features that it reads; none if it goes by the target's own past alone."""
        ...

    def probability(self, inputs: Inputs) -> NDArray[np.float64]:
        """Probability that the target happens, shape (n,), of n rows."""
        ...

    def contributions(self, inputs: Inputs) -> NDArray[np.float64] | None:
        """Share of each feature in the log-odds, shape (n, F), in the order of the inputs; None if it has none."""
        ...

    def table(self) -> tuple[str, pd.DataFrame] | None:
        """What it learned, to be looked at, and the name of its file; None if it learns nothing."""
        ...

    def state(self) -> dict[str, Any]:
        """Everything that it learned, as JSON can hold it."""
        ...


class Family(Protocol):
    """How one kind of forecaster is learned and brought back."""

    @property
    def name(self) -> str:
        """The family's name, in tables and runs."""
        ...

    def fit(self, design: Design, *, seed: int = 0, threads: int = 1) -> Forecaster:
        """Learn from rows with known outcomes.

        Raises
        ------
        CoverageError
            If there are no rows, or all outcomes are the same.
        """
        ...

    def load(self, state: dict[str, Any]) -> Forecaster:
        """Bring back what `Forecaster.state` gave."""
        ...
