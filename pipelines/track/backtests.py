"""A backtest as MLflow runs: one for it, and under it one for each forecaster of each target.

Metrics are named ``stratum/score`` with the horizon in months as the step, as those of a campaign are, so that the same
charts compare forecasters. A backtest that is in the store already is not logged again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.targets.build import TARGETS
from ...models.kinds import DISTRIBUTIONS, PROBABILITIES
from ...models.scores.samples import MEANS
from ..backtest.fragmentation import forecasters_of
from ..base.csv_files import csv_text
from .records import RunRecord, forecaster_record
from .run_plots import plots_of
from .store import find_run, log_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ...features.tables.snapshot import Provenance
    from ..backtest.deaths import DeathsBacktest
    from ..backtest.engine import Backtest
    from .store import Store

__all__ = ["track_backtest", "track_deaths_backtest"]

#: Says of a run of a backtest what it was made from, so that nobody logs it twice.
_SAME = "faultline.backtest"
_SHOWN = ("all", "at risk", "hard onset")


def track_backtest(
    store: Store, result: Backtest, *, level: str, parameters: Mapping[str, object], data: Mapping[str, Provenance]
) -> list[str]:
    """Log a backtest of probabilities, of which the tables are written, in an experiment a family of targets.

    Returns
    -------
    Names of the experiments.
    """
    scores = pd.read_parquet(result.folder / "scores.parquet")
    families: dict[str, list[str]] = {}
    for target in result.rows["target"].unique():
        families.setdefault(f"{level}-{TARGETS[target].experiment}-backtest", []).append(str(target))
    for experiment, targets in families.items():
        if _known(store, experiment, result.folder):
            continue
        log_tree(
            store,
            experiment,
            _parent(result.folder, result.rows, parameters),
            _probability_records(result, scores, targets, parameters),
            tags={"faultline.level": level},
            data=data,
        )
    return list(families)


def track_deaths_backtest(
    store: Store,
    result: DeathsBacktest,
    *,
    level: str,
    parameters: Mapping[str, object],
    data: Mapping[str, Provenance],
) -> list[str]:
    """Log a backtest of deaths, of which the tables are written.

    Returns
    -------
    Names of the experiments.
    """
    experiment = f"{level}-{TARGETS[result.rows['target'].iloc[0]].experiment}-backtest"
    if not _known(store, experiment, result.folder):
        log_tree(
            store,
            experiment,
            _parent(result.folder, result.rows, parameters),
            _deaths_records(result, parameters),
            tags={"faultline.level": level},
            data=data,
        )
    return [experiment]


def _same(folder: Path) -> str:
    return hashlib.sha256((folder / "fingerprint.json").read_bytes()).hexdigest()


def _known(store: Store, experiment: str, folder: Path) -> bool:
    return find_run(store, experiment, _SAME, _same(folder)) is not None


def _parent(folder: Path, rows: pd.DataFrame, parameters: Mapping[str, object]) -> RunRecord:
    """The run of the backtest itself: its page and tables, without the parts."""
    return RunRecord(
        name=f"backtest {rows['year'].min()} to {rows['year'].max()}",
        parameters=parameters,
        tags={"faultline.kind": "backtest", _SAME: _same(folder)},
        metrics=(),
        files={
            file.name: file.read_bytes()
            for file in sorted(folder.iterdir())
            if file.is_file() and not file.name.startswith(".")
        },
    )


def _probability_records(
    result: Backtest, scores: pd.DataFrame, targets: list[str], parameters: Mapping[str, object]
) -> Iterator[tuple[tuple[str, str], RunRecord]]:
    for target in targets:
        rows = result.rows[result.rows["target"] == target]
        for name in forecasters_of(rows, result.forecasters):
            own = scores[(scores["target"] == target) & (scores["forecaster"] == name)]
            files: dict[str, str | bytes] = {"scores.csv": csv_text(own)}
            files |= plots_of(PROBABILITIES, rows, name, title=f"{target}, {name}, backtest")
            yield forecaster_record(target, name, parameters=parameters, metrics=_stepped(own), files=files)


def _stepped(scores: pd.DataFrame) -> Iterator[tuple[str, float, int]]:
    """Scores of everyone, of those at risk and of hard onsets, by horizon."""
    shown = scores[scores["stratum"].isin(_SHOWN) & scores["value"].str.startswith("h=")]
    numeric = [name for name in shown.columns if pd.api.types.is_float_dtype(shown[name])]
    for _, row in shown.iterrows():
        stratum = str(row["stratum"]).replace(" ", "_")
        for name in numeric:
            if np.isfinite(row[name]):
                yield f"{stratum}/{name}", float(row[name]), int(str(row["value"]).removeprefix("h="))


def _deaths_records(
    result: DeathsBacktest, parameters: Mapping[str, object]
) -> Iterator[tuple[tuple[str, str], RunRecord]]:
    scores = pd.read_parquet(result.folder / "scores.parquet")
    for (target, name), rows in result.rows.groupby(["target", "forecaster"], sort=False):
        own = scores[(scores["target"] == target) & (scores["forecaster"] == name)]
        files: dict[str, str | bytes] = {"scores.csv": csv_text(own)}
        for protocol, some in rows.groupby("protocol"):
            title = f"{target}, {name}, backtest ({protocol})"
            files |= plots_of(DISTRIBUTIONS, some, str(name), title=title, which=f"-{protocol}")
        metrics = _stepped_deaths(rows)
        yield forecaster_record(str(target), str(name), parameters=parameters, metrics=metrics, files=files)


def _stepped_deaths(rows: pd.DataFrame) -> Iterator[tuple[str, float, int]]:
    """Mean scores by horizon: of both protocols, and in the rolling one of hard onsets and without war totals."""
    rolling = rows[rows["protocol"] == "rolling"]
    strata = {
        "all": rolling,
        "hard_onset": rolling[rolling["hard_onset"]],
        "without_war_totals": rolling[~rolling["war_total"]] if rolling["war_total"].any() else rolling[:0],
        "challenge": rows[rows["protocol"] == "challenge"],
    }
    for stratum, some in strata.items():
        for horizon, means in some.groupby("horizon_months")[list(MEANS)].mean().iterrows():
            for name, value in means.items():
                yield f"{stratum}/{name}", float(value), int(str(horizon))
