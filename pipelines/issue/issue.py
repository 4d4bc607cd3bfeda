"""An issue: one month's scores with what was learned and what a reader must not miss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
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
    models
        What the models behind the scores are made of, from `~faultline.pipelines.learn.served.served_models`.
    lists
        How the lists of earlier issues did, from `~faultline.pipelines.issue.list_record.list_record`, once it is told.
    """

    issue: pd.Period
    origin: pd.Period
    folder: Path
    scores: pd.DataFrame
    skill: pd.DataFrame
    warnings: tuple[str, ...]
    models: tuple[Mapping[str, Any], ...] = ()
    lists: pd.DataFrame | None = None
