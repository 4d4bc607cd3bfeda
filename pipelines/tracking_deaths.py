"""MLflow: the run and the registered model of each forecast of deaths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mlflow
import numpy as np

from ..models import serving_deaths
from ..models.recent_deaths import recent_deaths
from . import registry
from .deaths import DEATHS
from .score import ModelVersion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..models.deaths_model import DeathsModel
    from .deaths import LearnedDeaths
    from .tracking import Store

__all__ = ["register_deaths"]

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
            versions[target] = ModelVersion(name, _register(store, fitted, fitted.model, name), run.info.run_id)
    return versions


def _register(store: Store, fitted: LearnedDeaths, model: DeathsModel, name: str) -> str:
    panel = fitted.panel
    unit = np.flatnonzero(panel.last_observed >= 0)[:_EXAMPLE_ROWS]
    month = panel.last_observed[unit]
    example = serving_deaths.deaths_frame(
        model,
        unit=panel.units.index.to_numpy()[unit],
        month=panel.months[month].astype(str).to_numpy(),
        x=fitted.features.values[month, unit],
        recent=recent_deaths(panel, DEATHS[fitted.target], month=month, unit=unit),
    )
    return registry.log_texts(
        store,
        model.texts(),
        name=name,
        code=serving_deaths.__file__,
        signature=serving_deaths.deaths_signature(model),
        example=example,
        tags={"level": model.level, "target": model.target, "trained_through": model.trained_through},
    )
