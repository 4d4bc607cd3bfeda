"""What a run rests on: its tables as MLflow's datasets, with version, checksum and columns, and its code as tags."""

from __future__ import annotations

import json
import time
from getpass import getuser
from typing import TYPE_CHECKING

from mlflow.entities import Dataset, DatasetInput, InputTag
from mlflow.exceptions import MlflowException

from ...features.tables.schemas import SCHEMAS
from ..base.source_revision import source_revision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlflow import MlflowClient

    from ...features.tables.snapshot import Provenance

__all__ = ["datasets_of", "log_datasets", "source_tags"]

#: MLflow takes no longer digest.
_DIGEST = 36
_FORCES, _RULE = ("deployments", "force_classes"), ("transitions",)
_AROUND = ("neighbours", "armed_field", "territory")
#: Blocks of features that read a table; every model rests on the tables that are not named here.
_READ_BY = {
    **dict.fromkeys(("country_neighbours", "region_neighbours"), _AROUND),
    **dict.fromkeys(("un_bases", "deployments"), _FORCES),
    **dict.fromkeys(("coups", "transitions", "elections", "regimes"), _RULE),
    "facts_coverage": (*_FORCES, *_RULE, "coded"),
    "leaders": (),  # kept for people to read
}
#: Times that datasets are logged before it is an error.
_TRIES = 5


def log_datasets(client: MlflowClient, run: str, inputs: list[DatasetInput]) -> None:
    """Log datasets; of processes that log the same new ones at once, MLflow lets one through and fails the others."""
    for attempt in range(1, _TRIES + 1):
        try:
            client.log_inputs(run, inputs)
        except MlflowException:
            if attempt == _TRIES:
                raise
            time.sleep(0.2 * attempt)
        else:
            return


def datasets_of(data: Mapping[str, Provenance], blocks: tuple[str, ...] | None) -> list[DatasetInput]:
    """One dataset a table that the blocks read: version and sources, checksum, size and columns."""
    made: list[DatasetInput] = []
    for name, about in data.items():
        if blocks is not None and name in _READ_BY and not set(blocks) & set(_READ_BY[name]):
            continue
        versions = {source["name"]: source["version"] for source in about.sources}
        columns = [{"name": column, "type": str(kind.dtype)} for column, kind in SCHEMAS[name].columns.items()]
        profile = {
            "rows": about.rows,
            "sha256": about.sha256,
            "data_through": about.data_through,
            "versions": versions,
            "method": about.method,
        }
        dataset = Dataset(
            name=name,
            digest=about.sha256[:_DIGEST],
            source_type="local",
            source=json.dumps({"uri": f"{name}.parquet"}),
            schema=json.dumps({"mlflow_colspec": columns}),
            profile=json.dumps(profile),
        )
        made.append(DatasetInput(dataset, [InputTag("mlflow.data.context", "training")]))
    return made


def source_tags() -> dict[str, str]:
    """What the UI shows as the source of a run."""
    revision = source_revision()
    tags = {
        "mlflow.user": getuser(),
        "mlflow.source.name": "faultline",
        "mlflow.source.type": "LOCAL",
        "faultline.version": revision.version,
    }
    if revision.commit:
        tags |= {"mlflow.source.git.commit": revision.commit, "faultline.git.changed": str(revision.changed).lower()}
    return tags
