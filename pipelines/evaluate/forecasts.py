"""Forecasts and outcomes, whatever file they stood in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["KEYS", "NO_LEVELS", "Actuals", "Forecasts", "Kind"]

Kind = Literal["samples", "probability", "quantiles", "mean"]

#: What a forecast is of: unit, last month of its window (``YYYY-MM``), target and horizon in months (0: not said).
KEYS = ["unit", "month", "target", "horizon"]
#: Levels of forecasts that are no quantiles.
NO_LEVELS: Final = np.zeros(0)


@dataclass(frozen=True)
class Forecasts:
    """Forecasts of one kind out of one file.

    Attributes
    ----------
    file
        Where they stood.
    kind
        What ``outputs`` hold.
    keys
        `KEYS` of n rows, none of them twice.
    outputs
        Shape (n, K): K samples, K quantiles, or one probability or mean.
    levels
        Of the quantiles, shape (K,), rising; else empty.
    """

    file: Path
    kind: Kind
    keys: pd.DataFrame
    outputs: NDArray[np.float64]
    levels: NDArray[np.float64]


@dataclass(frozen=True)
class Actuals:
    """What happened: `KEYS` that the file has and ``outcome``."""

    file: Path
    table: pd.DataFrame

    @property
    def keys(self) -> list[str]:
        """The keys that the file has."""
        return [name for name in KEYS if name in self.table.columns]
