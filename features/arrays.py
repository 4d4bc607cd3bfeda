"""Types of arrays and levels that all floors share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float32] | NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

__all__ = ["BoolArray", "FloatArray", "Level"]

Level = Literal["country", "region"]
