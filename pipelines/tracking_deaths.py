"""MLflow: the run and the registered model of each forecast of deaths."""

from __future__ import annotations

import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlflow
import numpy as np

from ..models import serving_deaths
from ..models.counts import own_past
from ..models.death_rows import deaths_of
from .deaths import DEATHS
from .score import ModelVersion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..models.hurdle_texts import DeathsModel
    from .deaths import LearnedDeaths
    from .tracking import Store

__all__ = ["register_deaths"]

_REQUIRED = ("lightgbm", "mlflow", "numpy", "pandas", "pandera", "scikit-learn", "scipy", "statsmodels")
_EXAMPLE_ROWS = 5


def register_deaths(
    store: Store, learned: Mapping[str, LearnedDeaths], *, parameters: Mapping[str, Any]
) -> dict[str, ModelVersion]:
    """Log a run of each target and register its model; conflictology learns nothing and has no model.

    Returns
    -------
    The registered version of each target that has one.
    """
    versions: dict[str, ModelVersion] = {}
    for target, fitted in learned.items():
        if fitted.model is None:
            continue
        level = fitted.panel.level
        experiment = store.experiment(f"{level}-deaths")
        with mlflow.start_run(experiment_id=experiment, run_name=f"{target} {fitted.panel.months[-1]}") as run:
            mlflow.log_params({**parameters, "target": target, "forecaster": fitted.name})
            mlflow.set_tags({"faultline.level": level, "faultline.target": target})
            name = f"faultline-{level}-{target}"
            versions[target] = ModelVersion(name, _register(fitted, fitted.model, name), run.info.run_id)
    return versions


def _register(fitted: LearnedDeaths, model: DeathsModel, name: str) -> str:
    panel = fitted.panel
    unit = np.flatnonzero(panel.last_observed >= 0)[:_EXAMPLE_ROWS]
    month = panel.last_observed[unit]
    example = serving_deaths.deaths_frame(
        model,
        unit=panel.units.index.to_numpy()[unit],
        month=panel.months[month].astype(str).to_numpy(),
        x=fitted.features.values[month, unit],
        past=own_past(deaths_of(panel, DEATHS[fitted.target]))[month, unit],
    )
    with tempfile.TemporaryDirectory() as temporary, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path(temporary) / "model"
        folder.mkdir()
        for file, text in model.texts().items():
            (folder / file).write_text(text, encoding="utf-8")
        info = mlflow.pyfunc.log_model(
            name=fitted.target,
            python_model=serving_deaths.__file__,
            artifacts={"model": str(folder)},
            signature=serving_deaths.deaths_signature(model),
            input_example=example,
            registered_model_name=name,
            pip_requirements=[f"{package}=={version(package)}" for package in _REQUIRED],
        )
    return str(info.registered_model_version)
