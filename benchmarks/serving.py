"""Speed and memory of serving, and the share of MLflow's logging in training; prints a table, asserts nothing.

``python benchmarks/serving.py`` runs each measurement in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from typing import TYPE_CHECKING, Any

import pandas as pd

from faultline.features.panels.build import both_panels
from faultline.features.tables.snapshot import load_snapshot
from faultline.pipelines.base.markdown import table_lines
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.jobs.panel_export import panel_rows
from faultline.pipelines.learn.deaths import learn_deaths
from faultline.pipelines.learn.deaths_held_back import deaths_stratum_scores, hold_back_deaths
from faultline.pipelines.learn.held_back import stratum_scores
from faultline.pipelines.learn.train import train_fragmentation, train_level
from faultline.pipelines.track import registry
from faultline.pipelines.track.learned import deaths_learned, probabilities_learned
from faultline.pipelines.track.store import log_runs, open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from faultline.features.panels.panel import Panel
    from faultline.pipelines.learn.deaths import LearnedDeaths
    from faultline.pipelines.learn.deaths_held_back import HeldBackDeaths
    from faultline.pipelines.track.records import LearnedTarget

COUNTRIES, CELLS, LOGGING = (
    "load a champion, score the world",
    "score 10,677 cells x 12 horizons",
    "log what `run` trains",
)
MANY = 10_677


def registered(level: str, horizons: tuple[int, ...]) -> tuple[registry.ModelVersion, pd.DataFrame, object]:
    """A registered model of a level, with rows to ask it about."""
    snapshot = load_snapshot()
    origin = pd.Period(snapshot.country_month["month"].max(), "M")
    panel = both_panels(snapshot, as_of=origin)[level]
    campaign = train_level(panel, horizons=horizons, targets=("violence_25",))
    store = open_store(Settings())
    learned = probabilities_learned(campaign)
    runs = log_runs(store, learned, stratum_scores(campaign), parameters={}, data=snapshot.provenance)
    version = registry.register_models(store, learned, runs=runs)["violence_25"]
    since = None if level == "country" else pd.Period("1990-01", "M")
    rows = panel_rows(campaign.models["violence_25"], panel, origin=origin, since=since)
    return version, rows, store


def measure_serving(what: str) -> str:
    """Load a model through MLflow and score rows; the model is made in a process of its own."""
    import mlflow  # noqa: PLC0415  # its import is no part of scoring

    rows = pd.read_parquet("rows.parquet")
    open_store(Settings())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    started = time.perf_counter()
    (name,) = [model.name for model in mlflow.MlflowClient().search_registered_models()]
    given = mlflow.pyfunc.load_model(f"models:/{name}@champion").predict(rows)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    size = f"{len(given):,} rows, {sum(c.startswith('probability') for c in given.columns)} horizons"
    return f"| {what} | {size} | {seconds:.1f} s | {peak:.2f} GB (before: {before:.2f}) |"


def prepare(what: str) -> None:
    """Make the model and the rows of a measurement in the current folder."""
    country = what == COUNTRIES
    version, rows, store = registered(*(("country", (1, 3, 6, 12)) if country else ("region", tuple(range(1, 13)))))
    registry.make_champion(store, version, reason="the benchmark asks for it")  # pyright: ignore[reportArgumentType]
    chosen = rows if country else rows.tail(MANY)
    chosen.reset_index(drop=True).to_parquet("rows.parquet")


def measure_logging() -> str:
    """Train, score and log what `faultline run` does, of both levels, into a new store."""
    snapshot = load_snapshot()
    origin = pd.Period(snapshot.country_month["month"].max(), "M")
    panels = both_panels(snapshot, as_of=origin)
    clock = {"training": 0.0, "logging": 0.0}
    used = dict(clock)

    def timed(what: str, job: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        result = job()
        clock[what] += time.perf_counter() - wall
        used[what] += time.process_time() - cpu
        return result

    def log(learned: tuple[LearnedTarget, ...], scores: pd.DataFrame) -> None:
        runs = log_runs(store, learned, scores, parameters={}, data=snapshot.provenance)
        registry.register_models(store, learned, runs=runs)

    def log_deaths(panel: Panel, learned: dict[str, LearnedDeaths], held_back: dict[str, HeldBackDeaths]) -> None:
        log(deaths_learned(learned, held_back), deaths_stratum_scores(panel, held_back))

    store = timed("logging", lambda: open_store(Settings()))
    for panel in panels.values():
        for train in (train_level, train_fragmentation):
            campaign = timed("training", lambda panel=panel, train=train: train(panel))
            scores = timed("training", lambda campaign=campaign: stratum_scores(campaign))
            timed("logging", lambda campaign=campaign, scores=scores: log(probabilities_learned(campaign), scores))
            if train is train_level:
                learned = timed("training", lambda c=campaign: learn_deaths(c.panel, c.features))
                held_back = timed("training", lambda c=campaign: hold_back_deaths(c.panel, c.features))
                timed("logging", lambda panel=panel, told=(learned, held_back): log_deaths(panel, *told))
    share = clock["logging"] / clock["training"]
    cpu = used["logging"] / used["training"]
    size = f"training {clock['training']:.1f} s"
    return f"| {LOGGING} | {size} | {clock['logging']:.1f} s | {share:.0%} of training ({cpu:.0%} of its CPU time) |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[COUNTRIES, CELLS, LOGGING], help="measure one thing in this process")
    parser.add_argument("--prepare", action="store_true", help="make the model of the measurement instead")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    if options.prepare:
        prepare(options.only)
    elif options.only:
        print(measure_logging() if options.only == LOGGING else measure_serving(options.only))
    else:
        print(*table_lines(("what", "size", "time", "memory, or share"), ()), sep="\n")
        for each in (COUNTRIES, CELLS, LOGGING):
            own = [sys.executable, os.path.abspath(__file__), "--only", each]  # noqa: PTH100
            with tempfile.TemporaryDirectory() as folder:
                if each != LOGGING:
                    subprocess.run([*own, "--prepare"], cwd=folder, check=True)  # noqa: S603  # this very script
                print(subprocess.check_output(own, cwd=folder, text=True).strip(), flush=True)  # noqa: S603
