"""Speed and memory of the features and of the main job; prints a table, asserts nothing.

``python benchmarks/speed.py`` runs each measurement in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from faultline.features.blocks.build import build_features
from faultline.features.panels.countries import country_panel
from faultline.features.panels.panel import ActorArrays, Lineage, Panel
from faultline.features.tables.snapshot import load_snapshot
from faultline.pipelines.base.markdown import table_lines

COUNTRY, CELLS, RUN = "features, world's countries", "features, 10,677 cells (made)", "faultline run"


def made_cells(n_units: int = 10_677, n_months: int = 449) -> Panel:
    """A panel as large as PRIO-GRID over Africa, with made counts as sparse as real ones and eight neighbours each."""
    rng = np.random.default_rng(0)
    side = int(np.ceil(np.sqrt(n_units)))
    cell = np.arange(n_units)
    steps = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if (dy, dx) != (0, 0)]
    pairs = [(cell, cell + dy * side + dx) for dy, dx in steps]
    rows, columns = (np.concatenate([pair[i] for pair in pairs]) for i in (0, 1))
    inside = (columns >= 0) & (columns < n_units)
    shape = (n_months, n_units)

    def counts(rate: float) -> np.ndarray:
        return (rng.poisson(rate, shape) * rng.integers(1, 30, shape)).astype(np.float32)

    names = [f"{kind}_{what}" for kind in ("sb", "ns", "os") for what in ("events", "deaths")]
    zeros = np.zeros(shape, np.float32)
    classes = ("un", "regional", "eu", "french", "russian", "us", "other")
    forces = [f"{name}_{what}" for name in classes for what in ("troops", "forces", "distance")]
    of_country = ("coup_attempts", "coups_successful", "regime", "withdrawals_announced", "months_to_withdrawal")
    states = ("transition", "transition_age", "transition_left", "transition_postponements", "transition_slip")
    polls = ("election_pending", "months_to_election", "election_held")
    abroad = ("sanctions", "bloc_exits_announced", "bloc_exits")
    others = dict.fromkeys((*forces, "un_bases", *of_country, *states, *polls, *abroad), zeros)
    coded = (f"{name}_coded" for name in ("deployments", "transitions", "elections", "un"))
    others |= dict.fromkeys(coded, np.ones(shape, np.float32))
    pair_unit = np.sort(rng.integers(0, n_units, 3000))
    acting = (rng.poisson(0.02, (n_months, 3000))).astype(np.float32)
    return Panel(
        level="region",
        units=pd.DataFrame({"gwno": 400 + cell % 54}, index=pd.Index(cell.astype(str))),
        months=pd.period_range("1989-01", periods=n_months, freq="M"),
        values={**{name: counts(0.01) for name in names}, **others},
        observed=np.ones(shape, bool),
        neighbours=sparse.csr_array(
            (np.ones(int(inside.sum()), np.float32), (rows[inside], columns[inside])), shape=(n_units, n_units)
        ),
        actors=ActorArrays(np.arange(3000), pair_unit, acting, acting * 3, Lineage.none()),
        provisional=np.zeros(n_months, bool),
    )


def measure(what: str) -> str:
    """One measurement in this process: size and seconds."""
    panel = country_panel(load_snapshot()) if what == COUNTRY else made_cells()
    started = time.perf_counter()
    features = build_features(panel)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return f"| {what} | {' x '.join(map(str, (*panel.shape, len(features.names))))} | {seconds:.2f} s | {peak:.2f} GB |"


def measure_run() -> str:
    """The main job as a user starts it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(Path(sys.executable).with_name("faultline")), "run", "--quiet"]
        started = time.perf_counter()
        subprocess.run(  # noqa: S603  # our own command
            command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    return f"| {RUN} | all levels and targets, 4 horizons | {seconds:.1f} s | {peak:.2f} GB |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[COUNTRY, CELLS, RUN], help="measure one thing in this process")
    only = parser.parse_args().only
    if only:
        print(measure_run() if only == RUN else measure(only))
    else:
        print(*table_lines(("what", "size", "time", "peak memory"), ()), sep="\n")
        for each in (COUNTRY, CELLS, RUN):
            own = [sys.executable, __file__, "--only", each]
            print(subprocess.check_output(own, text=True).strip())  # noqa: S603  # this very script
