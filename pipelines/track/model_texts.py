"""A model logged as texts, no pickle, and registered as a new version with what the UI says of it."""

from __future__ import annotations

import tempfile
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlflow

from ...features.errors import SchemaError
from ...models.serving.served_model import LOGGED
from ..base.source_revision import source_revision
from . import descriptions
from .effects_records import effects_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from mlflow.models import ModelSignature

    from .store import Store

__all__ = ["CHAMPION", "SERVED_BY", "log_texts"]

#: Alias of the version that scores.
CHAMPION = "champion"
#: Tag of a version with the forecaster that it serves; versions of earlier releases, without it, serve the pool.
SERVED_BY = "faultline.forecaster"
_REQUIRED = ("lightgbm", "mlflow", "numpy", "pandas", "pandera", "scikit-learn", "scipy", "statsmodels")


def log_texts(
    store: Store,
    texts: Mapping[str, str],
    *,
    name: str,
    signature: ModelSignature,
    example: pd.DataFrame,
    tags: Mapping[str, str],
) -> str:
    """Log a model of texts to the active run and register it as a new version, which it gives.

    Parameters
    ----------
    texts
        The model by file name.
    tags
        Of the model and its version; those of the code and of the target's effects layer are added.

    Raises
    ------
    SchemaError
        If MLflow kept no signature.
    """
    revision = source_revision()
    origin = {"faultline.version": revision.version, "git.commit": revision.commit or "not from a checkout"}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "model"
        folder.mkdir()
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8")
        info: Any = mlflow.pyfunc.log_model(
            name=tags["target"],
            python_model=str(LOGGED),
            artifacts={"model": str(folder)},
            signature=signature,
            input_example=example,
            registered_model_name=name,
            pip_requirements=[f"{package}=={installed(package)}" for package in _REQUIRED],
            tags={**tags, **effects_tags(tags["level"], tags["target"], tags["trained_through"]), **origin},
        )
    if info.signature is None or not info.signature.inputs or not info.signature.outputs:
        msg = f"MLflow kept no signature of {name} in {store.uri}."
        raise SchemaError(msg, remedy="Please report it.")
    version = str(info.registered_model_version)
    level, target = tags["level"], tags["target"]
    store.client.update_registered_model(name, descriptions.of_model(level, target, CHAMPION))
    said = descriptions.of_version(level, target, tags[SERVED_BY], tags["trained_through"])
    store.client.update_model_version(name, version, said)
    store.client.set_logged_model_tags(info.model_id, {descriptions.NOTE: said})
    return version
