"""Forecasts of deaths as they are served: what goes in, what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.errors import SchemaError
from ..distributions.distribution import summary
from ..rows.recent_deaths import UNSEEN, recent_deaths, recent_names
from .rows import IDS, REMEDY, ids_of, numbers, signature

if TYPE_CHECKING:
    from mlflow.models import ModelSignature
    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ..distributions.model import DeathsModel

__all__ = ["answer", "deaths_frame", "deaths_signature"]


def _numeric(model: DeathsModel) -> list[str]:
    return [*model.features, *_recent(model)]


def _recent(model: DeathsModel) -> tuple[str, ...]:
    return recent_names(model.forecaster.makeup.past)


def deaths_signature(model: DeathsModel) -> ModelSignature:
    """Columns in and out."""
    return signature(_numeric(model), summary(np.zeros((1, model.forecaster.horizons, 1), np.float32)))


def deaths_frame(
    model: DeathsModel, panel: Panel, features: FeatureArrays, *, month: NDArray[np.int64], unit: NDArray[np.int64]
) -> pd.DataFrame:
    """Lay inputs out as the served model takes them: features, and `recent_deaths` as far back as it looks.

    Parameters
    ----------
    month, unit
        Positions in the panel of each row, shape (n,).
    """
    columns = ids_of(panel, month, unit)
    fitted = model.forecaster
    recent = recent_deaths(panel, fitted.outcome, month=month, unit=unit, months=fitted.makeup.past)
    both = np.hstack([features.values[month, unit].astype(np.float64), recent])  # noqa: PD011  # an array of ours
    return pd.DataFrame(columns | {name: both[:, place] for place, name in enumerate(_numeric(model))})


def answer(model: DeathsModel, rows: pd.DataFrame) -> pd.DataFrame:
    """Forecast rows as `deaths_frame` lays them out: mean, quantiles and thresholds of each month and window.

    Raises
    ------
    SchemaError
        If a column is missing or holds a value that is not finite, a month is none, or there are fewer than no deaths.
    """
    values = numbers(rows, _numeric(model))
    width = len(model.features)
    recent = values[:, width:]
    wrong = np.argwhere((recent < 0) & (recent != UNSEEN))
    if len(wrong):
        row, column = wrong[0]
        msg = f"{recent[row, column]} deaths: expected a number of deaths, or {UNSEEN:.0f} for a month not observed."
        raise SchemaError(msg, row=f"{row}", column=_recent(model)[column], remedy=REMEDY)
    samples = model.forecaster.draw(
        values[:, :width].astype(np.float32),
        recent,
        units=rows["unit"].astype("str").tolist(),
        seed=model.seed,
    )
    ids = {name: rows[name].to_numpy() for name in IDS}
    return pd.DataFrame({**ids, **summary(samples)}, index=rows.index)
