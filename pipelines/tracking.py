"""MLflow: where campaigns are logged and models registered. No other module of the pipelines knows it."""

from __future__ import annotations

import logging
import os
import tempfile
import warnings
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Metric
from mlflow.utils.logging_utils import disable_logging

from ..features.targets import TARGETS
from ..models import serving
from ..models.design import label
from ..models.hazard import Hazard
from ..models.risk import RARE_TARGETS, families_of, pool_of
from .score import ModelVersion, inputs_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .settings import Settings
    from .train import Campaign

__all__ = ["EXPERIMENTS", "Store", "open_store"]

#: Experiment of each target family; levels are kept apart.
EXPERIMENTS = {
    **dict.fromkeys(("violence_1", "violence_25", "escalation"), "violence"),
    **dict.fromkeys(RARE_TARGETS, "fragmentation"),
}
_REQUIRED = ("lightgbm", "mlflow", "numpy", "pandas", "pandera", "scikit-learn", "scipy", "statsmodels")
_EXAMPLE_ROWS = 5


@dataclass(frozen=True)
class Store:
    """An open MLflow store."""

    client: MlflowClient
    artifacts: str | None

    def experiment(self, name: str) -> str:
        """Id of an experiment, made if it does not exist."""
        found = self.client.get_experiment_by_name(name)
        return found.experiment_id if found else self.client.create_experiment(name, artifact_location=self.artifacts)


def open_store(settings: Settings) -> Store:
    """Open the store of the settings, making a local one where there is none."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    disable_logging()  # its lines about versions and migrations would break into the progress
    logging.getLogger("alembic").setLevel(logging.ERROR)
    local = settings.tracking_uri is None
    if local:
        settings.mlruns.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(settings.store_uri)
    mlflow.set_registry_uri(settings.store_uri)
    artifacts = (settings.mlruns / "artifacts").resolve().as_uri() if local else None
    return Store(MlflowClient(), artifacts)


def log_campaign(
    store: Store, campaign: Campaign, *, parameters: Mapping[str, Any], data_versions: Mapping[str, str]
) -> dict[str, ModelVersion]:
    """Log a level's campaign and register its models.

    One parent run a target with the pool's model, and under it a run for each forecaster, each with its scores stepped
    by horizon.

    Returns
    -------
    The registered version of each target.
    """
    skill = pd.DataFrame(campaign.skill_rows())
    versions: dict[str, ModelVersion] = {}
    for target in campaign.models:
        rows = skill[skill["target"] == target]
        experiment = store.experiment(f"{campaign.panel.level}-{EXPERIMENTS[target]}")
        with mlflow.start_run(experiment_id=experiment, run_name=f"{target} {campaign.panel.months[-1]}") as parent:
            mlflow.log_params({**parameters, "target": target, "pooled": "+".join(pool_of(families_of(target)))})
            mlflow.set_tags({"faultline.level": campaign.panel.level, "faultline.target": target, **data_versions})
            mlflow.log_text(rows.to_csv(index=False), "scores.csv")
            _log_scores(store.client, parent.info.run_id, rows[rows["forecaster"] == "pool"])
            for horizon, model in campaign.models[target].horizons.items():
                hazard = model.members.get("hazard")
                if isinstance(hazard, Hazard):
                    mlflow.log_text(hazard.coefficients().to_csv(index=False), f"hazard-coefficients-h{horizon}.csv")
            for forecaster in (*families_of(target), "pool"):
                name = f"{target} {forecaster}"
                with mlflow.start_run(experiment_id=experiment, run_name=name, nested=True) as child:
                    mlflow.log_params({"target": target, "forecaster": forecaster, **parameters})
                    _log_scores(store.client, child.info.run_id, rows[rows["forecaster"] == forecaster])
            versions[target] = _register(campaign, target, parent.info.run_id)
    return versions


def _log_scores(client: MlflowClient, run_id: str, rows: pd.DataFrame) -> None:
    numeric = [c for c in rows.columns if pd.api.types.is_float_dtype(rows[c])]
    now = int(pd.Timestamp.now("UTC").timestamp() * 1000)
    metrics = [
        Metric(f"{column}.{row['stratum'].replace(' ', '_')}", float(row[column]), now, int(row["horizon_months"]))
        for _, row in rows.iterrows()
        for column in numeric
        if pd.notna(row[column])
    ]
    client.log_batch(run_id, metrics=metrics)


def _register(campaign: Campaign, target: str, run_id: str) -> ModelVersion:
    model = campaign.models[target]
    panel = campaign.panel
    unit = pd.RangeIndex(panel.shape[1]).to_numpy()[panel.last_observed >= 0][:_EXAMPLE_ROWS]
    month = panel.last_observed[unit]
    inputs = {h: inputs_at(campaign, label(panel, TARGETS[target], h), month, unit) for h in model.horizons}
    example = serving.serving_frame(
        model,
        unit=panel.units.index.to_numpy()[unit],
        month=panel.months[month].astype(str).to_numpy(),
        inputs=inputs,
    )
    name = f"faultline-{panel.level}-{target}"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "model"
        folder.mkdir()
        for file, text in model.texts().items():
            (folder / file).write_text(text, encoding="utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            info = mlflow.pyfunc.log_model(
                name=target,
                python_model=serving.__file__,
                artifacts={"model": str(folder)},
                signature=serving.serving_signature(model),
                input_example=example,
                registered_model_name=name,
                pip_requirements=[f"{package}=={version(package)}" for package in _REQUIRED],
            )
    return ModelVersion(name, str(info.registered_model_version), run_id)
