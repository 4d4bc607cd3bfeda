"""Windows after the origin that the data cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..transforms import window_sum

if TYPE_CHECKING:
    from ..arrays import BoolArray
    from ..panels.panel import Panel

__all__ = ["observed_window"]


def observed_window(panel: Panel, horizon: int) -> BoolArray:
    """Origins whose unit is observed at t and in every month of (t, t + H], shape (T, U)."""
    return panel.observed & (window_sum(panel.observed, horizon) == horizon)
