"""Risk classes 1 to 5: probabilities cut at thresholds that never move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["RISK_CLASS_EDGES", "risk_class"]

#: Probabilities at which the next risk class begins; they never move, so that classes compare over time.
RISK_CLASS_EDGES = (0.02, 0.10, 0.30, 0.60)


def risk_class(probability: NDArray[np.float64]) -> NDArray[np.int64]:
    """Risk class 1 to 5 by the fixed thresholds `RISK_CLASS_EDGES`, shape (n,).

    Examples
    --------
    >>> risk_class(np.array([0.01, 0.02, 0.5, 0.9])).tolist()
    [1, 2, 4, 5]
    """
    return np.searchsorted(np.array(RISK_CLASS_EDGES), probability, side="right") + 1
