"""Hubverse: a hub of one issue that the hubverse's readers open, or whose files go into a hub of one's own.

Model output as in the hubverse's documentation, config by its schema v5.0.1. A round is a date of origin, the day
before the first window: units whose data end earlier belong to a round of their own, and so do windows from today.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from ...features.errors import ConfigError
from ..base.csv_files import csv_file
from .about import LICENCE
from .places import unit_keys

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .about import About

__all__ = ["hub_rows", "write_hubverse"]

SCHEMA_VERSION = "v5.0.1"
_SCHEMA_URL = "https://raw.githubusercontent.com/hubverse-org/schemas/main/{version}/{kind}-schema.json"
_QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
#: Days after the origin up to which a hub that is made from this takes submissions: data of a month are out by then.
_DUE_DAYS = 366
_COLUMNS = pa.schema(
    [
        ("origin_date", pa.date32()),
        ("target", pa.string()),
        ("horizon", pa.int32()),
        ("location", pa.string()),
        ("target_end_date", pa.date32()),
        ("output_type", pa.string()),
        ("output_type_id", pa.string()),
        ("value", pa.float64()),
    ]
)
_KEYS = ["origin_date", "target", "horizon", "location", "target_end_date"]
_TEAM_MODEL = re.compile(r"[A-Za-z0-9_]{1,16}-[A-Za-z0-9_]{1,16}")
_REPOSITORY = re.compile(r"(?P<owner>[A-Za-z0-9-]+)/(?P<name>[\w.-]+)", re.ASCII)


def hub_rows(scores: pd.DataFrame) -> pd.DataFrame:
    """Turn the flat table into model output: one row a unit, target, horizon and output.

    Targets that happen or not are a ``pmf`` of ``no`` and ``yes``; deaths are their ``mean`` and five ``quantile``.
    ``output_type_id`` is text, empty for means.
    """
    location = scores["iso_3166_2"].where(scores["admin_level"] == 1).fillna(unit_keys(scores))
    keys = pd.DataFrame(
        {
            "origin_date": _origins(scores).dt.date,
            "target": scores["target"].astype("str"),
            "horizon": scores["horizon_months"].astype("int32"),
            "location": location.astype("str"),
            "target_end_date": scores["reference_period_end"].dt.date,
        }
    )
    parts: list[pd.DataFrame] = []
    event = scores["probability"].notna()
    yes = scores.loc[event, "probability"].astype("float64")
    for name, value in (("no", 1 - yes), ("yes", yes)):
        parts.append(keys[event].assign(output_type="pmf", output_type_id=name, value=value))
    counted = scores["mean_deaths"].notna() & ~event
    parts.append(
        keys[counted].assign(output_type="mean", output_type_id=None, value=scores.loc[counted, "mean_deaths"])
    )
    for name, level in _QUANTILES.items():
        parts.append(
            keys[counted].assign(output_type="quantile", output_type_id=f"{level:g}", value=scores.loc[counted, name])
        )
    rows = pd.concat(parts, ignore_index=True)
    return rows.sort_values([*_KEYS, "output_type", "output_type_id"], kind="stable", ignore_index=True)


def _origins(scores: pd.DataFrame) -> pd.Series:
    """The last day before each row's months ahead begin."""
    months = pd.PeriodIndex(scores["data_through"], freq="M") + scores["months_between"].to_numpy(np.int64)
    return pd.Series(months.end_time.normalize(), index=scores.index)


def write_hubverse(
    scores: pd.DataFrame, about: About, folder: Path, *, team_model: str, repository: str = "", contact: str = ""
) -> None:
    """Write the folder ``hubverse``: ``hub-config``, ``model-metadata``, ``auxiliary-data`` and ``model-output``.

    Parameters
    ----------
    team_model
        Name of the team and the model.
    repository
        The hub's own on GitHub, ``owner/name``. The schema wants the key and lets it be empty, as it is by default.
    contact
        E-mail address; left out if empty.

    Raises
    ------
    ConfigError
        If ``team_model`` is not ``team-model``, each of at most 16 letters, digits or underscores, or ``repository`` is
        not ``owner/name``.
    """
    if not _TEAM_MODEL.fullmatch(team_model):
        msg = f"--team-model: {team_model!r} is not team-model, each of up to 16 letters, digits or underscores."
        raise ConfigError(f"{msg} Write it such as faultline-pool.")
    where = _REPOSITORY.fullmatch(repository)
    if repository and where is None:
        raise ConfigError(f"--hub-repository: {repository!r} is not owner/name. Write it such as our-team/our-hub.")
    hub, rows = folder / "hubverse", hub_rows(scores)
    output = hub / "model-output" / team_model
    for made in (output, hub / "hub-config", hub / "model-metadata", hub / "auxiliary-data"):
        made.mkdir(parents=True)
    for origin, part in rows.groupby("origin_date"):
        table = pa.Table.from_pandas(part, schema=_COLUMNS, preserve_index=False).replace_schema_metadata()
        pq.write_table(table, output / f"{origin}-{team_model}.parquet", compression="zstd")
    _json(hub / "hub-config" / "admin.json", _admin(about, where.groupdict() if where else {}, contact))
    _json(hub / "hub-config" / "tasks.json", _tasks(rows, scores, about))
    _json(hub / "hub-config" / "model-metadata-schema.json", _MODEL_SCHEMA)
    _json(hub / "about.json", about.as_json())
    metadata = yaml.safe_dump(_model(scores, about, team_model), sort_keys=False, allow_unicode=True, width=100)
    (hub / "model-metadata" / f"{team_model}.yml").write_text(metadata, encoding="utf-8")
    csv_file(_locations(scores), hub / "auxiliary-data" / "locations.csv")


def _json(file: Path, content: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _admin(about: About, repository: dict[str, str], contact: str) -> dict[str, Any]:
    return {
        "schema_version": _SCHEMA_URL.format(version=SCHEMA_VERSION, kind="admin"),
        "name": about.title,
        "maintainer": "faultline contributors",
        "contact": {"name": "faultline contributors"} | ({"email": contact} if contact else {}),
        "repository": {"host": "github", **repository} if repository else {},
        "file_format": ["parquet"],
        "timezone": "Africa/Bamako",  # UTC all year, for which the schema has no name of its own
        "model_output_dir": "model-output",
        "citation": "; ".join(source["citation"] for source in about.sources if source["citation"]),
    }


def _tasks(rows: pd.DataFrame, scores: pd.DataFrame, about: About) -> dict[str, Any]:
    rounds = [str(date) for date in sorted(rows["origin_date"].unique())]
    tasks = [
        _task(part, scores[scores["target"] == target], str(target), about)
        for target, part in rows.groupby("target", sort=True)
    ]
    return {
        "schema_version": _SCHEMA_URL.format(version=SCHEMA_VERSION, kind="tasks"),
        "rounds": [
            {
                "round_id_from_variable": True,
                "round_id": "origin_date",
                "model_tasks": [
                    {**task, "task_ids": {"origin_date": {"required": None, "optional": rounds}, **task["task_ids"]}}
                    for task in tasks
                ],
                "submissions_due": {"relative_to": "origin_date", "start": 0, "end": _DUE_DAYS},
                "last_data_date": rounds[-1],
            }
        ],
        "output_type_id_datatype": "character",
        "derived_task_ids": ["target_end_date"],
    }


def _task(part: pd.DataFrame, scores: pd.DataFrame, target: str, about: About) -> dict[str, Any]:
    def optional(column: str) -> dict[str, Any]:
        values = sorted(part[column].unique().tolist())
        return {"required": None, "optional": [str(v) if column == "target_end_date" else v for v in values]}

    event = (part["output_type"] == "pmf").all()
    window = (scores["reference_period_start"] <= _origins(scores) + pd.Timedelta(days=1)).all()
    ahead = not (window and (scores["horizon_months"] > 1).any())
    what = about.targets[target]
    span = "in the month that many months ahead" if ahead else "in all months up to that many months ahead together"
    shown = {
        "target_id": target,
        "target_name": (what if len(what) <= 100 else what[:97] + "...")[:100],  # noqa: PLR2004  # the schema's limit
        "target_units": "probability" if event else "deaths",
        "target_keys": {"target": target},
        "description": f"{what}, {span} (UCDP best estimates).",
        "target_type": "binary" if event else "continuous",
        "is_step_ahead": True,
        "time_unit": "month",
    }
    value = {"type": "double", "minimum": 0}
    kinds: dict[str, Any] = (
        {"pmf": {"output_type_id": {"required": ["no", "yes"]}, "is_required": True, "value": {**value, "maximum": 1}}}
        if event
        else {
            "mean": {"output_type_id": {"required": None}, "is_required": True, "value": value},
            "quantile": {
                "output_type_id": {"required": list(_QUANTILES.values())},
                "is_required": True,
                "value": value,
            },
        }
    )
    return {
        "task_ids": {
            "target": {"required": [target], "optional": None},
            **{name: optional(name) for name in ("horizon", "location", "target_end_date")},
        },
        "output_type": kinds,
        "target_metadata": [shown],
    }


_MODEL_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Model metadata",
    "type": "object",
    "properties": {
        name: {"type": "string"}
        for name in ("team_name", "team_abbr", "model_name", "model_abbr", "model_version", "license", "methods")
    },
    "required": ["team_abbr", "model_abbr", "license"],
}


def _model(scores: pd.DataFrame, about: About, team_model: str) -> dict[str, Any]:
    team, model = team_model.split("-")
    served = scores[["model_name", "model_version"]].drop_duplicates().astype("str").sort_values(["model_name"])
    names = ", ".join(f"{name} (version {of})" for name, of in served.itertuples(index=False))
    return {
        "team_name": "faultline contributors",
        "team_abbr": team,
        "model_name": f"Faultline, issue {about.issue}",
        "model_abbr": model,
        "model_version": about.made_by,
        "license": LICENCE,
        "methods": " ".join(
            [
                f"Forecasts of these registered models: {names}. The model of each row stands in the flat table.",
                *map(_made_of, about.models),
            ]
        ),
        "data_sources": [source["source"] for source in about.sources],
        "models": [dict(model) for model in about.models],
    }


def _made_of(model: Mapping[str, Any]) -> str:
    """Say in a sentence what a model is made of."""
    parts: list[str] = []
    for part in model["parts"]:
        members = " + ".join(f"{weight:g} {name}" for name, weight in part["members"].items())
        where = ""
        if "horizons" in part:
            where = f" ({', '.join(map(str, part['horizons']))} months)"
        elif "months_ahead" in part:
            where = f" ({part['months_ahead']} months ahead, from {part['mean_deaths_from']:g} deaths a month on)"
        parts.append(members + where)
    reads = ", ".join(model["blocks"]) or "nothing further"
    return f"{model['target']} ({model['level']}): {'; '.join(parts)}; reads, beside its own past: {reads}."


def _locations(scores: pd.DataFrame) -> pd.DataFrame:
    region = scores["admin_level"] == 1
    table = pd.DataFrame(
        {
            "location": scores["iso_3166_2"].where(region).fillna(unit_keys(scores)).astype("str"),
            "location_name": scores["admin1_name"].where(region).fillna(scores["location_name"]),
            "level": np.where(region, "region", "country"),
            "admin1_code": scores["admin1_code"],
            "iso3": scores["location_code"],
            "gwno": scores["gwno"],
        }
    )
    return table.drop_duplicates("location").sort_values(["level", "location"], ignore_index=True)
