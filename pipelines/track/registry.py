"""MLflow's registered models: versions with their tags, and the alias of the champion. No stages."""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import mlflow
import numpy as np
import pandas as pd
from mlflow.artifacts import download_artifacts
from mlflow.exceptions import MlflowException

from ...features.errors import CoverageError, SourceError, UnknownNameError
from ...models.serving.saved_model import model_from_texts
from ...models.serving.served_model import served_as
from ..learn.train import ModelVersion
from .model_texts import CHAMPION, SERVED_BY, log_texts
from .records import HELD_BACK, POOL, SKILL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ...models.distributions.model import DeathsModel
    from ...models.probabilities.risk import RiskModel
    from .records import LearnedTarget
    from .store import Store

__all__ = ["CHAMPION", "champion", "model_names", "register_models"]

PREFIX = "faultline-"
_EXAMPLE_ROWS = 5
#: Where MLflow lays the texts of a model among its files.
_TEXTS = "artifacts/model"
_HISTORY = "faultline.champions"


def model_name(level: str, target: str) -> str:
    """Name under which the model of a level and target is registered."""
    return f"{PREFIX}{level}-{target}"


def register_models(
    store: Store, learned: Iterable[LearnedTarget], *, runs: Mapping[str, str]
) -> dict[str, ModelVersion]:
    """Log the model of each target to the run of its pool and register it as a new version.

    Raises
    ------
    SchemaError
        If MLflow kept no signature.
    """
    return {
        each.target: register_model(store, each, model=each.model, run_id=runs[each.target])
        for each in learned
        if each.target in runs
    }


def register_model(
    store: Store,
    learned: LearnedTarget,
    *,
    model: RiskModel | DeathsModel,
    run_id: str,
    forecaster: str = POOL,
) -> ModelVersion:
    """Log a model of a target to a run and register it as a new version, served by this forecaster."""
    panel, served = learned.panel, served_as(model)
    name = model_name(panel.level, learned.target)
    unit = np.flatnonzero(panel.last_observed >= 0)[:_EXAMPLE_ROWS]
    version = ""
    with mlflow.start_run(run_id=run_id):
        version = log_texts(
            store,
            model.texts(),
            name=name,
            signature=served.signature(model),
            example=served.frame(model, panel, learned.features, month=panel.last_observed[unit], unit=unit),
            tags={SERVED_BY: forecaster, **model.tags},
        )
    return ModelVersion(name, version, run_id)


def model_names(store: Store) -> list[str]:
    """Names of the registered models that are ours, sorted."""
    found = store.client.search_registered_models(f"name LIKE '{PREFIX}%'", max_results=1000)
    return sorted(model.name for model in found)


def latest(store: Store, name: str) -> ModelVersion:
    """Newest version of a model.

    Raises
    ------
    UnknownNameError
        If no such model is registered.
    """
    _known(store, name)
    found = store.client.search_model_versions(f"name='{name}'", max_results=1000)
    newest = max(found, key=lambda version: int(version.version))
    return ModelVersion(name, str(newest.version), newest.run_id or "")


def version_of(store: Store, name: str, version: str) -> ModelVersion:
    """One version of a model.

    Raises
    ------
    UnknownNameError
        If there is no such model or version.
    """
    _known(store, name)
    found = {str(v.version): v for v in store.client.search_model_versions(f"name='{name}'", max_results=1000)}
    if version not in found:
        raise UnknownNameError(f"version of {name}", version, found)
    return ModelVersion(name, version, found[version].run_id or "")


def _known(store: Store, name: str) -> None:
    names = model_names(store)
    if not names:
        msg = f"no model is registered in {store.uri}."
        raise CoverageError(msg, remedy="Train and register models with `faultline run`.")
    if name not in names:
        raise UnknownNameError("registered model", name, names)


def champion(store: Store, name: str) -> ModelVersion | None:
    """Version that has the alias of the champion, None where none has."""
    try:
        found = store.client.get_model_version_by_alias(name, CHAMPION)
    except MlflowException:
        return None
    return ModelVersion(name, str(found.version), found.run_id or "")


def make_champion(store: Store, version: ModelVersion, *, reason: str) -> None:
    """Move the alias of the champion to a version, and keep in a tag that it had it.

    Each time has a tag of its own, so that processes that promote at once overwrite nothing of one another's. Whoever
    gave the alias looks again whether the history ends with that version, so that it stays with the last one.
    """
    _give_alias(store, version)
    own = [key for key, _ in _history(store, version.name) if key != _HISTORY]
    # later than all others, whatever the clocks of other machines say
    after = int(own[-1].removeprefix(f"{_HISTORY}.").partition("-")[0]) + 1 if own else 0
    key = f"{_HISTORY}.{max(time.time_ns(), after)}-{os.getpid()}"
    store.client.set_registered_model_tag(version.name, key, version.version)
    note(store, version, reason)
    last, now = champions(store, version.name)[-1], champion(store, version.name)
    while now is None or now.version != last:
        _give_alias(store, version_of(store, version.name, last))
        last, now = champions(store, version.name)[-1], champion(store, version.name)


def _give_alias(store: Store, version: ModelVersion) -> None:
    _twice(store.client.set_registered_model_alias, version.name, CHAMPION, version.version)


def _twice(write: Callable[..., object], *what: str) -> None:
    """Write once more where another process wrote the same first row in between: now it is there to be changed."""
    try:
        write(*what)
    except MlflowException:
        write(*what)


def unmake_champion(store: Store, name: str, *, reason: str) -> ModelVersion:
    """Give the alias back to the version that had it before.

    Raises
    ------
    CoverageError
        If none had it before.
    """
    history, now = _history(store, name), champion(store, name)
    mine = [position for position, (_, version) in enumerate(history) if now and version == now.version]
    left = history.pop(mine[-1]) if mine else None
    if not history:
        msg = f"{name} has no earlier champion to go back to."
        raise CoverageError(msg, remedy="Choose a version with `faultline promote --version N --force --because ...`.")
    back = version_of(store, name, history[-1][1])
    store.client.set_registered_model_alias(name, CHAMPION, back.version)
    if left and left[0] == _HISTORY:
        earlier = [version for key, version in history if key == _HISTORY]
        store.client.set_registered_model_tag(name, _HISTORY, json.dumps(earlier))
    elif left:
        store.client.delete_registered_model_tag(name, left[0])
    note(store, back, reason)
    return back


def champions(store: Store, name: str) -> list[str]:
    """Versions that had the alias, oldest first; the last one has it now."""
    return [version for _, version in _history(store, name)]


def _history(store: Store, name: str) -> list[tuple[str, str]]:
    """Tag and version of each time that a version became champion, oldest first."""
    tags = store.client.get_registered_model(name).tags
    # before each had a tag of its own, one held the list
    earlier = [(_HISTORY, str(version)) for version in json.loads(tags.get(_HISTORY, "[]"))]
    return earlier + sorted((key, str(version)) for key, version in tags.items() if key.startswith(f"{_HISTORY}."))


def note(store: Store, version: ModelVersion, reason: str) -> None:
    """Write a decision down, in a tag of the version and of its run."""
    _twice(store.client.set_model_version_tag, version.name, version.version, "faultline.decision", reason)
    if version.run_id:
        _twice(store.client.set_tag, version.run_id, "faultline.decision", reason)


def load_model(store: Store, version: ModelVersion) -> RiskModel | DeathsModel:
    """Load a registered version from its texts, by the installed code: not by MLflow, which would run what lies there.

    Raises
    ------
    SourceError
        If its artifacts are missing.
    SchemaError
        If they are damaged or of another version of the package.
    """
    described = f"{version.name} version {version.version} in {store.uri}"
    with tempfile.TemporaryDirectory() as temporary:
        folder = download(store, version, Path(temporary) / "version") / _TEXTS
        try:
            texts = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}
        except (OSError, UnicodeDecodeError) as error:
            msg = f"the model {described} cannot be loaded ({error})."
            raise SourceError(msg, remedy="Check that the store's artifacts are there.") from error
    return model_from_texts(texts, described=described)


def download(store: Store, version: ModelVersion, folder: Path) -> Path:
    """Copy a version's own files into a folder.

    Raises
    ------
    SourceError
        If they are missing.
    """
    folder.mkdir(parents=True)
    uri = f"models:/{version.name}/{version.version}"
    try:
        return Path(download_artifacts(uri, dst_path=str(folder), tracking_uri=store.uri))
    except (MlflowException, OSError) as error:
        msg = f"the files of {version.name} version {version.version} are missing ({error})."
        raise SourceError(msg, remedy="Check that the store's artifacts are there.") from error


def skill_of(store: Store, version: ModelVersion) -> pd.DataFrame:
    """Scores of every forecaster of the version's target on the held-back origins, as an issue's ``skill.csv``.

    Raises
    ------
    SourceError
        If the run or its file is missing.
    """
    return _table(store, version, SKILL, pd.read_csv)


def has_held_back(store: Store, version: ModelVersion) -> bool:
    """Whether a version's run keeps what was said of held-back origins; with too little history there are none."""
    return any(file.path == HELD_BACK for file in store.client.list_artifacts(version.run_id))


def held_back(store: Store, version: ModelVersion) -> pd.DataFrame:
    """What every forecaster of the version's campaign said of the held-back origins, or of deaths its CRPS there.

    The column ``pool`` is that of the forecaster that the version serves, whichever it is.

    Raises
    ------
    SourceError
        If the run or its file is missing.
    """
    table = _table(store, version, HELD_BACK, pd.read_parquet)
    served = store.client.get_model_version(version.name, version.version).tags.get(SERVED_BY, POOL)
    return table.assign(**{POOL: table[served]})


def _table(store: Store, version: ModelVersion, file: str, read: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return read(store.client.download_artifacts(version.run_id, file, folder))
        except (MlflowException, OSError) as error:
            msg = f"run {version.run_id} of {version.name} version {version.version} has no {file} ({error})."
            raise SourceError(msg, remedy="Train it again with `faultline run`.") from error
