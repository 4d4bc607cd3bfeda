"""The served forecast of deaths: an MLflow pyfunc logged from this very file, with texts as its artifacts.

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

from faultline.features.errors import SchemaError

if TYPE_CHECKING:  # type checkers read the package itself, not the one installed from it
    from .deaths_model import DeathsModel
    from .distribution import summary
    from .recent_deaths import RECENT, UNSEEN
    from .served_rows import REMEDY, numbers
else:
    from faultline.models.deaths_model import DeathsModel
    from faultline.models.distribution import summary
    from faultline.models.recent_deaths import RECENT, UNSEEN
    from faultline.models.served_rows import REMEDY, numbers

__all__ = ["DeathsPyfunc", "deaths_frame", "deaths_signature"]

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


class DeathsPyfunc(PythonModel):
    """Serves a `DeathsModel`: one row in, one row out: mean, quantiles, thresholds of each month and window."""

    model: DeathsModel

    def load_context(self, context: Any) -> None:
        """Read the artifacts."""
        folder = Path(context.artifacts["model"])
        texts = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.is_file()}
        self.model = DeathsModel.from_texts(texts)

    def predict(  # pyright: ignore[reportIncompatibleMethodOverride]  # MLflow's own parameters have no types
        self,
        context: Any,  # noqa: ARG002  # MLflow hands it over
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,  # noqa: ARG002  # as above
    ) -> pd.DataFrame:
        """Forecast rows.

        Raises
        ------
        SchemaError
            If a column is missing or holds a value that is not finite, a month is none, or there are fewer than no
            deaths. MLflow's own signature check comes before.
        """
        values = numbers(model_input, _numeric(self.model))
        width = len(self.model.features)
        recent = values[:, width:]
        wrong = np.argwhere((recent < 0) & (recent != UNSEEN))
        if len(wrong):
            row, column = wrong[0]
            deaths = recent[row, column]
            msg = f"{deaths} deaths: expected a number of deaths, or {UNSEEN:.0f} for a month not observed."
            raise SchemaError(msg, row=f"{row}", column=RECENT[column], remedy=REMEDY)
        samples = self.model.pool.draw(
            values[:, :width].astype(np.float32),
            recent,
            units=model_input["unit"].astype("str").tolist(),
            seed=self.model.seed,
        )
        ids = {name: model_input[name].to_numpy() for name in _IDS}
        return pd.DataFrame({**ids, **summary(samples)}, index=model_input.index)


set_model(DeathsPyfunc())
