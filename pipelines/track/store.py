"""MLflow's runs: where campaigns are written down. `registry` has its models; no other module knows MLflow."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from mlflow.utils.logging_utils import disable_logging

from ...features.errors import SourceError
from ...features.targets.build import TARGETS
from . import descriptions
from .descriptions import ISSUES, NOTE
from .effects_records import with_effects
from .local_database import write_ahead
from .provenance import datasets_of, log_datasets, source_tags
from .records import POOL, campaign_record, forecaster_records
from .store_paths import artifact_root, settle_paths

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    import pandas as pd

    from ...features.tables.snapshot import Provenance
    from ..base.settings import Settings
    from .records import LearnedTarget, RunRecord

__all__ = [
    "Store",
    "fetch_issue",
    "find_run",
    "log_issue",
    "log_runs",
    "log_tree",
    "newest_campaign",
    "open_store",
]

_Key = TypeVar("_Key")

#: Colour of each forecaster in the UI's charts, the same in every campaign (Okabe & Ito 2008).
_COLOURS = {
    "climatology": "#999999",
    "persistence": "#56b4e9",
    "conflictology": "#cc79a7",
    **dict.fromkeys(("logit", "rare_logit", "negative binomial"), "#e69f00"),
    **dict.fromkeys(("lightgbm", "rare_lightgbm", "hurdle"), "#009e73"),
    "hazard": "#0072b2",
    "pool": "#d55e00",
}
#: MLflow takes no more at once.
_MOST_METRICS = 1000


@dataclass(frozen=True)
class Store:
    """An open MLflow store; ``mlruns`` is its folder, None on a server."""

    client: MlflowClient
    uri: str
    mlruns: Path | None

    def experiment(self, name: str) -> str:
        """Id of an experiment, made if it does not exist."""
        found = self.client.get_experiment_by_name(name)
        if found is None:
            location = artifact_root(self.mlruns) if self.mlruns else None
            try:
                # the tag makes the UI show training runs, not traces
                tags = {"mlflow.experimentKind": "custom_model_development", NOTE: descriptions.of_experiment(name)}
                self.client.create_experiment(name, artifact_location=location, tags=tags)
                self._describe_default()
            except MlflowException:  # another process was faster
                if self.client.get_experiment_by_name(name) is None:
                    raise
            if self.mlruns:
                settle_paths(self.mlruns)
            found = self.client.get_experiment_by_name(name)
        return found.experiment_id  # pyright: ignore[reportOptionalMemberAccess]  # it was just made

    def _describe_default(self) -> None:
        default = self.client.get_experiment_by_name("Default")
        if default is not None and default.lifecycle_stage == "active" and NOTE not in default.tags:
            self.client.set_experiment_tag(default.experiment_id, NOTE, descriptions.DEFAULT)


def open_store(settings: Settings) -> Store:
    """Open the store of the settings, making a local one where there is none.

    Raises
    ------
    ConfigError
        If a tracking server was named and does not answer.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    disable_logging()  # its lines about versions and migrations would break into the progress
    logging.getLogger("alembic").setLevel(logging.ERROR)
    local = settings.tracking_uri is None
    if local:
        settings.mlruns.mkdir(parents=True, exist_ok=True)
        settle_paths(settings.mlruns)
        write_ahead(settings.database)
    mlflow.set_tracking_uri(settings.store_uri)
    mlflow.set_registry_uri(settings.store_uri)
    if local:  # MLflow hands its URI on to child processes, whose own folder and settings may name another store
        os.environ.pop("MLFLOW_TRACKING_URI", None)
        os.environ.pop("MLFLOW_REGISTRY_URI", None)
    return Store(MlflowClient(), settings.store_uri, settings.mlruns if local else None)


def log_runs(
    store: Store,
    learned: Sequence[LearnedTarget],
    scores: pd.DataFrame,
    *,
    parameters: Mapping[str, Any],
    data: Mapping[str, Provenance],
) -> dict[str, str]:
    """Log a campaign as a run, and under it a run for each forecaster of each target, in the experiment of the family.

    Parameters
    ----------
    learned
        What was learned, of one kind and level; if nothing was, nothing is logged.
    scores
        Of its forecasters, as `~faultline.pipelines.track.records.forecaster_records` takes them.
    data
        Provenance of each table that was learned from; logged as MLflow datasets.

    Returns
    -------
    Run of each target's pool, for its model.
    """
    if not learned:
        return {}
    panel, family = learned[0].panel, TARGETS[learned[0].target].experiment
    level, through = panel.level, str(panel.months[-1])
    runs = log_tree(
        store,
        f"{level}-{family}",
        campaign_record(learned, scores, parameters),
        with_effects(forecaster_records(learned, scores, parameters), level, through),
        tags={"faultline.level": level},
        data=data,
    )
    return {target: run for (target, name), run in runs.items() if name == POOL}


def log_tree(
    store: Store,
    experiment: str,
    parent: RunRecord,
    children: Iterable[tuple[_Key, RunRecord]],
    *,
    tags: Mapping[str, str],
    data: Mapping[str, Provenance],
) -> dict[_Key, str]:
    """Log a run and its children.

    Parameters
    ----------
    experiment
        Its name; made if it does not exist.
    children
        By a key of the caller's.
    tags
        Of all of them; those of the code are added.
    data
        Tables; of each run those are logged that the blocks of its record read.

    Returns
    -------
    Run of each child.
    """
    where = experiment, store.experiment(experiment)
    common = {**tags, **source_tags()}
    with _run(store, where, parent, common, data) as above:
        under = {**common, "mlflow.parentRunId": above}
        runs: dict[_Key, str] = {}
        for key, record in children:
            with _run(store, where, record, under, data) as child:
                runs[key] = child
    return runs


def find_run(store: Store, experiment: str, tag: str, value: str) -> str | None:
    """Id of a finished run of an experiment that has this tag, None where there is none."""
    found = store.client.search_runs(
        [store.experiment(experiment)],
        f"tags.`{tag}` = '{value}' and attributes.status = 'FINISHED'",
        max_results=1,
    )
    return found[0].info.run_id if found else None


def newest_campaign(store: Store) -> str | None:
    """Id of the first experiment of the newest campaign: that of the violence of countries, if it has one.

    None where the store holds no campaign.
    """
    ids = [experiment.experiment_id for experiment in store.client.search_experiments()]
    asked, newest = "tags.`faultline.kind` = 'campaign'", ["attributes.start_time DESC"]
    found = store.client.search_runs(ids, asked, order_by=newest, max_results=1)
    if not found:
        return None
    origin = found[0].data.params.get("origin")
    if origin is None:
        return found[0].info.experiment_id
    same = store.client.search_runs(ids, f"{asked} and params.origin = '{origin}'", max_results=1000)
    return min((run.info.experiment_id for run in same), key=int)


@contextmanager
def _run(
    store: Store, where: tuple[str, str], record: RunRecord, tags: Mapping[str, str], data: Mapping[str, Provenance]
) -> Generator[str]:
    """Write a run down in an experiment, named with its id; it ends as failed if what is done inside fails."""
    client, (experiment, experiment_id) = store.client, where
    run = client.create_run(experiment_id, run_name=record.name).info.run_id
    try:
        now = int(time.time() * 1000)
        metrics = [Metric(name, value, now, step) for name, value, step in record.metrics]
        parameters = [Param(name, str(value)) for name, value in record.parameters.items()]
        colour = _COLOURS.get(record.tags.get("faultline.forecaster", ""))
        drawn = {"mlflow.runColor": colour} if colour else {}
        note = {NOTE: descriptions.of_run(experiment, record.name, record.tags, record.parameters)}
        given = [RunTag(name, value) for name, value in {**tags, **record.tags, **drawn, **note}.items()]
        client.log_batch(run, metrics[:_MOST_METRICS], parameters, given)
        for start in range(_MOST_METRICS, len(metrics), _MOST_METRICS):
            client.log_batch(run, metrics[start : start + _MOST_METRICS])
        log_datasets(client, run, datasets_of(data, record.blocks))
        with tempfile.TemporaryDirectory() as folder:
            for name, content in record.files.items():
                file = Path(folder, name)
                file.parent.mkdir(exist_ok=True)
                file.write_bytes(content.encode() if isinstance(content, str) else content)
            client.log_artifacts(run, folder)
        yield run
    except BaseException:
        client.set_terminated(run, "FAILED")
        raise
    client.set_terminated(run)


_ISSUE_FILES = ("scores.parquet", "about.json", "skill.csv", "brief.html")


def log_issue(store: Store, folder: Path, *, issue: str) -> str:
    """Log an issue's files as the artifacts of a run of its own, and return the run's id."""
    tags = {"faultline.issue": issue, NOTE: descriptions.of_issue(issue)}
    run = store.client.create_run(store.experiment(ISSUES), run_name=issue, tags=tags)
    for name in _ISSUE_FILES:
        if (folder / name).is_file():
            store.client.log_artifact(run.info.run_id, str(folder / name))
    store.client.set_terminated(run.info.run_id)
    return run.info.run_id


def fetch_issue(store: Store, run: str, into: Path) -> Path:
    """Fetch the scores of an issue's run into a folder.

    Raises
    ------
    SourceError
        If there is no such run or it is not that of an issue.
    """
    try:
        held = {artifact.path for artifact in store.client.list_artifacts(run)}
        for name in ("scores.parquet", "about.json"):
            if name in held:
                store.client.download_artifacts(run, name, str(into))
    except (MlflowException, OSError) as error:
        msg = f"the run cannot be read ({str(error).splitlines()[0].rstrip('.')})."
        raise SourceError(msg, file=f"runs:/{run}", remedy="Check its id and FAULTLINE_MLRUNS.") from error
    if "scores.parquet" not in held:
        msg = "the run holds no issue's scores."
        raise SourceError(msg, file=f"runs:/{run}", remedy=f"Name a run of the experiment {ISSUES!r}.")
    return into
