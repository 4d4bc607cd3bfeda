"""MLflow: the runs and the registered models of forecasts of deaths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mlflow
import numpy as np

from ...features.targets.build import TARGETS
from ...models.kinds import DISTRIBUTIONS
from ...models.serving.deaths import deaths_frame, deaths_signature
from ..learn.deaths_held_back import deaths_stratum_scores
from ..learn.train import ModelVersion
from . import registry
from .deaths_records import deaths_records
from .effects_records import with_effects
from .records import POOL, campaign_record
from .store import log_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...features.tables.snapshot import Provenance
    from ...models.distributions.model import DeathsModel
    from ..learn.deaths import LearnedDeaths
    from ..learn.deaths_held_back import HeldBackDeaths
    from .store import Store

__all__ = ["log_deaths", "register_deaths"]

_EXAMPLE_ROWS = 5


def log_deaths(
    store: Store,
    learned: Mapping[str, LearnedDeaths],
    held_back: Mapping[str, HeldBackDeaths],
    *,
    parameters: Mapping[str, Any],
    data: Mapping[str, Provenance],
) -> dict[str, ModelVersion]:
    """Log a campaign's forecasts of deaths as a run, under it a run for each forecaster, and register the pools.

    Parameters
    ----------
    learned
        Conflictology, which stands in where there is too little history, learns nothing and is not logged.
    held_back
        By target, as far as there is enough history.
    data
        Provenance of each table that was learned from; logged as MLflow datasets.

    Returns
    -------
    The registered version of each target that has one.
    """
    models = {target: fitted.model for target, fitted in learned.items() if fitted.model is not None}
    if not models:
        return {}
    logged = {target: learned[target] for target in models}
    first = next(iter(logged.values()))
    panel = first.panel
    scores = deaths_stratum_scores(panel, {target: held_back[target] for target in logged if target in held_back})
    runs = log_tree(
        store,
        f"{panel.level}-{TARGETS[next(iter(learned))].experiment}",
        campaign_record(DISTRIBUTIONS, panel, first.features, targets=logged, scores=scores, parameters=parameters),
        with_effects(deaths_records(logged, held_back, scores, parameters), panel.level, str(panel.months[-1])),
        tags={"faultline.level": panel.level},
        data=data,
    )
    return {
        target: register_deaths(store, logged[target], model, run_id=runs[target, POOL])
        for target, model in models.items()
    }


def register_deaths(
    store: Store, fitted: LearnedDeaths, model: DeathsModel, *, run_id: str, forecaster: str = POOL
) -> ModelVersion:
    """Log a model of deaths to a run and register it as a new version, served by this forecaster."""
    panel = fitted.panel
    name = registry.model_name(panel.level, model.target)
    unit = np.flatnonzero(panel.last_observed >= 0)[:_EXAMPLE_ROWS]
    month = panel.last_observed[unit]
    example = deaths_frame(model, panel, fitted.features, month=month, unit=unit)
    tags = {"level": model.level, "target": model.target, "trained_through": model.trained_through}
    version = ""
    with mlflow.start_run(run_id=run_id):
        version = registry.log_texts(
            store,
            model.texts(),
            name=name,
            signature=deaths_signature(model),
            example=example,
            tags={registry.SERVED_BY: forecaster, **tags},
        )
    return ModelVersion(name, version, run_id)
