"""Forecasts of probabilities as they are served: what goes in, what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.targets.build import TARGETS
from ..rows.design import Inputs, label
from .rows import ids_of, numbers, signature

if TYPE_CHECKING:
    from mlflow.models import ModelSignature
    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ..probabilities.risk import RiskModel

__all__ = ["answer", "serving_frame", "serving_signature"]

_OUTPUTS = ("probability", "prob_low", "prob_high", "baseline_probability")


def _numeric(model: RiskModel) -> list[str]:
    past = [f"{name}_h{horizon}" for horizon in model.horizons for name in ("climatology", "persistence")]
    return [*model.features, *past]


def serving_signature(model: RiskModel) -> ModelSignature:
    """Columns in and out."""
    return signature(_numeric(model), [f"{name}_h{horizon}" for horizon in model.horizons for name in _OUTPUTS])


def serving_frame(
    model: RiskModel, panel: Panel, features: FeatureArrays, *, month: NDArray[np.int64], unit: NDArray[np.int64]
) -> pd.DataFrame:
    """Lay inputs out as the served model takes them.

    Parameters
    ----------
    month, unit
        Positions in the panel of each row, shape (n,).
    """
    target = TARGETS[model.target]
    inputs = {horizon: label(panel, target, horizon).inputs(features, month, unit) for horizon in model.horizons}
    any_horizon = inputs[next(iter(model.horizons))]
    columns = ids_of(panel, month, unit)
    x = any_horizon.columns(model.features).astype(np.float64)
    columns |= {name: x[:, position] for position, name in enumerate(model.features)}
    for horizon in model.horizons:
        columns[f"climatology_h{horizon}"] = inputs[horizon].climatology
        columns[f"persistence_h{horizon}"] = inputs[horizon].persistence
    return pd.DataFrame(columns)


def answer(model: RiskModel, rows: pd.DataFrame) -> pd.DataFrame:
    """Score rows as `serving_frame` lays them out: for each horizon a probability, its interval and the baseline.

    Raises
    ------
    SchemaError
        If a column is missing or holds a value that is not finite, or a month is none.
    """
    numbers(rows, _numeric(model))
    out = {"unit": rows["unit"].to_numpy(), "month": rows["month"].to_numpy()}
    x = rows[list(model.features)].to_numpy(np.float32)
    for horizon, fitted in model.horizons.items():
        past = {name: rows[f"{name}_h{horizon}"].to_numpy(np.float64) for name in ("climatology", "persistence")}
        scored = fitted.forecast(Inputs(names=model.features, x=x, **past))
        columns = (scored.probability, scored.low, scored.high, scored.baseline)
        out |= {f"{name}_h{horizon}": values for name, values in zip(_OUTPUTS, columns, strict=True)}
    return pd.DataFrame(out, index=rows.index)
