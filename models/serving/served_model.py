"""The served model: an MLflow pyfunc of either kind of forecast, brought back from JSON and LightGBM texts.

`ServedModel` is the one name that a logged model imports (`models/serving/logged.py`). Stores outlive layouts: whatever
else moves in this package, a model that was logged before still loads as long as
``faultline.models.serving.ServedModel`` stands. Nothing of a model is pickled.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd  # noqa: TC002  # MLflow reads the annotations of `predict`
from mlflow.pyfunc.model import PythonModel

from ..kinds import DISTRIBUTIONS, PROBABILITIES, kind_of
from . import deaths, probabilities
from .saved_model import model_from_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.models import ModelSignature

    from ..distributions.model import DeathsModel
    from ..probabilities.risk import RiskModel

__all__ = ["LOGGED", "Served", "ServedModel", "served_as"]

#: File that MLflow keeps a copy of beside each model.
LOGGED: Final = Path(__file__).with_name("logged.py")


@dataclass(frozen=True)
class Served:
    """How a kind of forecast is served: its columns in and out, rows of a panel in these, and its answer to rows."""

    signature: Callable[[Any], ModelSignature]
    frame: Callable[..., pd.DataFrame]
    answer: Callable[[Any, pd.DataFrame], pd.DataFrame]


_SERVED = {
    PROBABILITIES.name: Served(probabilities.serving_signature, probabilities.serving_frame, probabilities.answer),
    DISTRIBUTIONS.name: Served(deaths.deaths_signature, deaths.deaths_frame, deaths.answer),
}


def served_as(model: RiskModel | DeathsModel) -> Served:
    """How a model is served."""
    return _SERVED[kind_of(model).name]


class ServedModel(PythonModel):
    """Serves a `RiskModel` or a `DeathsModel`: one row in, one row out, with columns for every horizon."""

    model: RiskModel | DeathsModel

    def load_context(self, context: Any) -> None:
        """Read the artifacts.

        Raises
        ------
        SchemaError
            If they are not the texts of a model that this version of the package reads.
        """
        folder = Path(context.artifacts["model"])
        texts = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.is_file()}
        self.model = model_from_texts(texts, described=f"in {folder}")

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
            deaths. MLflow's own check of the signature comes before: it refuses missing columns and other types, and
            leaves columns out that the signature does not name. A unit that was never seen is forecast like any other:
            its name tells nothing.
        """
        return served_as(self.model).answer(self.model, model_input)
