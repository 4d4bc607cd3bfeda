"""Which rows of the flat table rest on data by region. Apart from `selection`, which must stay quick to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...features.targets.build import told_from_regions
from .selection import LEVELS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["rests_on_regions"]


def rests_on_regions(scores: pd.DataFrame) -> pd.Series:
    """Whether each row rests on data by region: those of regions, and of countries what is told from theirs."""
    return (scores["admin_level"] == LEVELS["region"]) | scores["target"].map(told_from_regions).astype("bool")
