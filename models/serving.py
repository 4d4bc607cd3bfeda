"""The served model: an MLflow pyfunc logged from this very file, with JSON and LightGBM texts as its artifacts.

MLflow runs the file by itself, outside the package, so its imports are absolute; nothing here is pickled.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from mlflow.models import ModelSignature, set_model
from mlflow.pyfunc.model import PythonModel
from mlflow.types import ColSpec, Schema, TensorSpec

if TYPE_CHECKING:  # type checkers read the package itself, not the one installed from it
    from .design import Inputs
    from .risk import RiskModel
    from .served_rows import numbers
else:
    from faultline.models.design import Inputs
    from faultline.models.risk import RiskModel
    from faultline.models.served_rows import numbers

__all__ = ["RiskPyfunc", "serving_frame", "serving_signature"]

_OUTPUTS = ("probability", "prob_low", "prob_high", "baseline_probability")


def _numeric(model: RiskModel) -> list[str]:
    past = [f"{name}_h{horizon}" for horizon in model.horizons for name in ("climatology", "persistence")]
    return [*model.features, *past]


def serving_signature(model: RiskModel) -> ModelSignature:
    """Columns in and out: ``unit`` and ``month`` as text, every number as double."""
    inputs: list[ColSpec | TensorSpec] = [ColSpec("string", "unit"), ColSpec("string", "month")]
    inputs += [ColSpec("double", name) for name in _numeric(model)]
    outputs: list[ColSpec | TensorSpec] = [ColSpec("string", "unit"), ColSpec("string", "month")]
    outputs += [ColSpec("double", f"{name}_h{horizon}") for horizon in model.horizons for name in _OUTPUTS]
    return ModelSignature(Schema(inputs), Schema(outputs))


def serving_frame(model: RiskModel, *, unit: np.ndarray, month: np.ndarray, inputs: dict[int, Inputs]) -> pd.DataFrame:
    """Lay inputs out as the served model takes them.

    Parameters
    ----------
    unit, month
        Unit id and month (``YYYY-MM``) of each row, shape (n,).
    inputs
        By horizon; the features are the same in all of them.
    """
    any_horizon = inputs[next(iter(model.horizons))]
    columns: dict[str, Any] = {"unit": unit.astype(str), "month": month.astype(str)}
    x = any_horizon.columns(model.features).astype(np.float64)
    columns |= {name: x[:, position] for position, name in enumerate(model.features)}
    for horizon in model.horizons:
        columns[f"climatology_h{horizon}"] = inputs[horizon].climatology
        columns[f"persistence_h{horizon}"] = inputs[horizon].persistence
    return pd.DataFrame(columns)


class RiskPyfunc(PythonModel):
    """Serves a `RiskModel`: one row in, one row out, with columns for every horizon."""

    model: RiskModel

    def load_context(self, context: Any) -> None:
        """Read the artifacts."""
        folder = Path(context.artifacts["model"])
        texts = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.is_file()}
        self.model = RiskModel.from_texts(texts)

    def predict(  # pyright: ignore[reportIncompatibleMethodOverride]  # MLflow's own parameters have no types
        self,
        context: Any,  # noqa: ARG002  # MLflow hands it over
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,  # noqa: ARG002  # as above
    ) -> pd.DataFrame:
        """Score rows.

        Raises
        ------
        SchemaError
            If a column is missing or holds a value that is not finite, or a month is none. MLflow's own check of the
            signature comes before: it refuses missing columns and other types, and leaves columns out that the
            signature does not name. A unit that was never seen is scored like any other: its name tells nothing.
        """
        numbers(model_input, _numeric(self.model))
        out = {"unit": model_input["unit"].to_numpy(), "month": model_input["month"].to_numpy()}
        x = model_input[list(self.model.features)].to_numpy(np.float32)
        for horizon, fitted in self.model.horizons.items():
            past = {
                name: model_input[f"{name}_h{horizon}"].to_numpy(np.float64) for name in ("climatology", "persistence")
            }
            scored = fitted.forecast(Inputs(names=self.model.features, x=x, **past))
            columns = (scored.probability, scored.low, scored.high, scored.baseline)
            out |= {f"{name}_h{horizon}": values for name, values in zip(_OUTPUTS, columns, strict=True)}
        return pd.DataFrame(out, index=model_input.index)


set_model(RiskPyfunc())
