"""An issue: one month's scores with what was learned and what a reader must not miss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

__all__ = ["Issued"]


@dataclass(frozen=True)
class Issued:
    """What a run made.

    Attributes
    ----------
    issue
        The month after the origin, the first that is forecast.
    folder
        Where its files lie.
    scores
        The flat table.
    skill
        Scores of every forecaster on held-back origins.
    warnings
        What a reader must not miss.
    """

    issue: pd.Period
    origin: pd.Period
    folder: Path
    scores: pd.DataFrame
    skill: pd.DataFrame
    warnings: tuple[str, ...]
