"""Forecasts of deaths as they are served: what goes in, what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema, TensorSpec

from ...features.errors import SchemaError
from ..distributions.distribution import summary
from ..rows.recent_deaths import RECENT, UNSEEN
from .rows import REMEDY, numbers

if TYPE_CHECKING:
    from ..distributions.model import DeathsModel

__all__ = ["answer", "deaths_frame", "deaths_signature"]

_IDS = ("unit", "month")


def _numeric(model: DeathsModel) -> list[str]:
    return [*model.features, *RECENT]


def deaths_signature(model: DeathsModel) -> ModelSignature:
    """Columns in and out: ``unit`` and ``month`` as text, every number as double."""
    ids: list[ColSpec | TensorSpec] = [ColSpec("string", name) for name in _IDS]
    inputs = [*ids, *(ColSpec("double", name) for name in _numeric(model))]
    told = summary(np.zeros((1, len(model.pool.hurdle.months), 1), np.float32))
    return ModelSignature(Schema(inputs), Schema([*ids, *(ColSpec("double", name) for name in told)]))


def deaths_frame(
    model: DeathsModel, *, unit: np.ndarray, month: np.ndarray, x: np.ndarray, recent: np.ndarray
) -> pd.DataFrame:
    """Lay inputs out as the served model takes them.

    Parameters
    ----------
    unit, month
        Unit id and month (``YYYY-MM``) of each row, shape (n,).
    x, recent
        Features (n, F) and `recent_deaths` (n, 60): -1 where the unit was not observed.
    """
    columns: dict[str, Any] = {"unit": unit.astype(str), "month": month.astype(str)}
    both = np.hstack([x.astype(np.float64), recent])
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
        raise SchemaError(msg, row=f"{row}", column=RECENT[column], remedy=REMEDY)
    samples = model.pool.draw(
        values[:, :width].astype(np.float32),
        recent,
        units=rows["unit"].astype("str").tolist(),
        seed=model.seed,
    )
    ids = {name: rows[name].to_numpy() for name in _IDS}
    return pd.DataFrame({**ids, **summary(samples)}, index=rows.index)
