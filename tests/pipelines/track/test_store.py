"""What MLflow holds of a campaign."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import made_stores
import pandas as pd
import pytest

from faultline.features.tables.snapshot import BUNDLED, read_provenance
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.learn.held_back import forecast_rows, stratum_scores
from faultline.pipelines.track.records import HELD_BACK, RunRecord
from faultline.pipelines.track.store import log_issue, log_tree, open_store
from faultline.pipelines.track.store_paths import settle_paths

FORECASTERS = ("climatology", "persistence", "logit", "lightgbm", "pool")


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkout")
    here = os.getcwd()  # noqa: PTH109
    os.chdir(folder)
    try:
        store = open_store(Settings())
        campaign = made_stores.made_campaign()
        runs, versions = made_stores.logged(store, campaign)
        yield SimpleNamespace(store=store, campaign=campaign, runs=runs, versions=versions, folder=folder)
    finally:
        os.chdir(here)


def all_runs(logged):
    experiment = logged.store.client.get_experiment_by_name("region-violence")
    return logged.store.client.search_runs([experiment.experiment_id])


def run_of(logged, target, forecaster):
    (found,) = [
        run
        for run in all_runs(logged)
        if (run.data.params.get("target"), run.data.params.get("forecaster")) == (target, forecaster)
    ]
    return found


def test_a_campaign_is_one_run_and_each_forecaster_of_each_target_a_run_under_it(logged):
    runs = all_runs(logged)
    (parent,) = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    children = [run for run in runs if run is not parent]
    assert {run.data.tags["mlflow.parentRunId"] for run in children} == {parent.info.run_id}
    assert sorted((run.data.params["target"], run.data.params["forecaster"]) for run in children) == sorted(
        (target, forecaster) for target in made_stores.TARGETS for forecaster in FORECASTERS
    )
    assert {run.info.status for run in runs} == {"FINISHED"}


def test_everything_in_the_store_has_a_sentence_that_says_what_it_is(logged, tmp_path):
    (tmp_path / "brief.html").write_text("<p>A brief</p>")
    issue = log_issue(logged.store, tmp_path, issue="2000-01")
    try:
        assert made_stores.undescribed(logged.store) == []
        said = logged.store.client.get_run(issue).data.tags["mlflow.note.content"]
        assert said == "The issue of 2000-01: its scores, its skill table and its brief."
    finally:
        logged.store.client.delete_run(issue)


def test_runs_say_from_which_data_and_code_they_came(logged):
    run = run_of(logged, "violence_25", "lightgbm")
    datasets = {given.dataset.name: given.dataset for given in run.inputs.dataset_inputs}
    provenance = read_provenance(BUNDLED)
    assert {"country_month", "region_month"} < set(datasets) < set(provenance)
    for name, dataset in datasets.items():
        assert dataset.digest == provenance[name].sha256[:36]
        assert json.loads(dataset.profile)["sha256"] == provenance[name].sha256
    assert "26.1" in json.dumps(json.loads(datasets["country_month"].profile)["versions"])
    assert run.data.params["leaves"] == "6"
    assert run.data.params["data_through"] == "1999-12"
    commit = run.data.tags.get("mlflow.source.git.commit")
    assert commit is None or len(commit) == 40
    assert run.data.tags["faultline.version"]


def test_runs_list_the_tables_that_the_blocks_of_their_own_model_read_and_no_others(logged):
    def tables(run):
        return {given.dataset.name for given in run.inputs.dataset_inputs}

    # of regions the gate keeps history and neighbours
    forces, rule = {"un_bases", "deployments", "facts_coverage"}, {"coups", "transitions", "elections", "regimes"}
    for target in ("violence_1", "violence_25"):
        assert not tables(run_of(logged, target, "pool")) & {*forces, *rule, "leaders"}
    (parent,) = [run for run in all_runs(logged) if "mlflow.parentRunId" not in run.data.tags]
    assert not tables(parent) & {*forces, *rule}
    assert set(parent.data.params["blocks"].split(", ")) == {"history", "neighbours"}


@pytest.mark.parametrize(
    ("block", "read"),
    [
        ("transitions", {"coups", "transitions", "elections", "regimes", "facts_coverage"}),
        ("deployments", {"un_bases", "deployments", "facts_coverage"}),
        ("neighbours", {"country_neighbours", "region_neighbours"}),
    ],
)
def test_a_model_that_is_told_a_block_lists_the_tables_that_the_block_reads(logged, block, read):
    provenance = read_provenance(BUNDLED)
    plain, told = (
        RunRecord(name=f"told {blocks}", parameters={}, tags={}, metrics=(), files={}, blocks=blocks)
        for blocks in (("history",), ("history", block))
    )
    runs = log_tree(logged.store, "region-blocks", told, [("plain", plain), ("told", told)], tags={}, data=provenance)
    tables = {
        key: {given.dataset.name for given in logged.store.client.get_run(run).inputs.dataset_inputs}
        for key, run in runs.items()
    }
    assert tables["told"] - tables["plain"] == read
    assert {"country_month", "region_month"} <= tables["plain"] <= tables["told"] < set(provenance)


def test_metrics_are_stepped_by_horizon_and_told_apart_by_stratum(logged):
    run = run_of(logged, "violence_25", "pool")
    skill = stratum_scores(logged.campaign)
    chosen = {"stratum": "all", "target": "violence_25", "forecaster": "pool"}
    skill = skill[(skill[list(chosen)] == pd.Series(chosen)).all(axis=1)].set_index("horizon_months")
    history = logged.store.client.get_metric_history(run.info.run_id, "all/brier")
    assert {metric.step: metric.value for metric in history} == skill["brier"].to_dict()
    assert {name.split("/")[0] for name in run.data.metrics if "/" in name} == {"all", "sahel"}


def test_metrics_of_all_units_have_a_name_for_each_horizon_so_that_tables_of_runs_show_them(logged):
    skill = stratum_scores(logged.campaign)
    everywhere = skill[(skill["stratum"] == "all") & (skill["target"] == "violence_25")]
    for forecaster, rows in everywhere.groupby("forecaster"):
        metrics = run_of(logged, "violence_25", forecaster).data.metrics
        for row in rows.itertuples():
            assert metrics[f"brier_h{row.horizon_months:02}"] == row.brier
            assert metrics[f"auc_h{row.horizon_months:02}"] == row.auc
    (parent,) = [run for run in all_runs(logged) if "mlflow.parentRunId" not in run.data.tags]
    pool = everywhere[everywhere["forecaster"] == "pool"].set_index("horizon_months")
    assert {h: parent.data.metrics[f"violence_25/brier_h{h:02}"] for h in made_stores.HORIZONS} == dict(pool["brier"])
    # found by a search, which knows the last step of a stepped metric alone
    chosen = f"params.target = 'violence_25' and metrics.brier_h01 <= {pool['brier'][1]}"
    experiment = logged.store.client.get_experiment_by_name("region-violence").experiment_id
    found = logged.store.client.search_runs([experiment], chosen)
    best = everywhere[(everywhere["horizon_months"] == 1) & (everywhere["brier"] <= pool["brier"][1])]
    assert {run.data.params["forecaster"] for run in found} == set(best["forecaster"])


def test_artifacts_are_plots_tables_and_a_card(logged):
    client = logged.store.client

    def files(run_id):
        return {file.path for file in client.list_artifacts(run_id)} | {
            file.path for file in client.list_artifacts(run_id, "plots")
        }

    everywhere = {"plots/reliability-and-precision-recall.svg", "scores.csv", "model-card.md"}
    own = {
        "climatology": set(),
        "logit": {"coefficients.csv"},
        "lightgbm": {"feature-importance.csv"},
        "pool": {"calibration.csv", HELD_BACK},
    }
    for forecaster, extra in own.items():
        assert files(run_of(logged, "violence_1", forecaster).info.run_id) >= everywhere | extra
    run = run_of(logged, "violence_1", "lightgbm").info.run_id
    table = pd.read_csv(client.download_artifacts(run, "feature-importance.csv"))
    assert table["gain"].is_monotonic_decreasing or set(table["horizon_months"]) == {1, 3}
    assert set(table.loc[table["gain"] > 0, "feature"]) <= set(logged.campaign.features.names)


def test_forecasters_have_colours_of_their_own_the_same_in_every_target(logged):
    colours = {
        target: [run_of(logged, target, name).data.tags["mlflow.runColor"] for name in FORECASTERS]
        for target in made_stores.TARGETS
    }
    first, second = colours.values()
    assert first == second
    assert len(set(first)) == len(FORECASTERS)


def test_held_back_forecasts_come_back_as_they_were(logged):
    run = run_of(logged, "violence_25", "pool").info.run_id
    kept = pd.read_parquet(logged.store.client.download_artifacts(run, HELD_BACK))
    pd.testing.assert_frame_equal(kept, forecast_rows(logged.campaign, "violence_25"))
    evaluation = logged.campaign.evaluations["violence_25", 3]
    assert kept.loc[kept["horizon_months"] == 3, "pool"].tolist() == evaluation.probabilities["pool"].tolist()


def test_a_second_campaign_adds_runs_to_the_same_experiment(logged):
    before = len(all_runs(logged))
    open_store(Settings())
    assert len(all_runs(logged)) == before


LOAD = """
import json, os, sys
import mlflow
mlflow.set_tracking_uri(f"sqlite:///{sys.argv[1]}/mlruns/mlflow.db")
told = []
for here in sys.argv[2:]:
    os.chdir(here)
    model = mlflow.pyfunc.load_model("models:/faultline-region-violence_25/1")
    told.append(model.predict(model.input_example)["probability_h3"].tolist())
    chosen = "params.forecaster = 'lightgbm' and params.target = 'violence_1'"
    (run,) = mlflow.search_runs(search_all_experiments=True, filter_string=chosen).run_id
    assert mlflow.MlflowClient().list_artifacts(run, "plots")
print(json.dumps(told))
"""


def probabilities(store, *folders):
    """What stock MLflow reads from a store, in each of some folders in turn."""
    done = subprocess.run(
        [sys.executable, "-P", "-W", "ignore", "-c", LOAD, *map(str, (store, *folders))],
        cwd=folders[0],
        capture_output=True,
        text=True,
        env=os.environ | {"MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def by_stock_mlflow(logged, tmp_path_factory):
    """Probabilities as read in a folder elsewhere, and in the store's."""
    return probabilities(logged.folder, tmp_path_factory.mktemp("elsewhere"), logged.folder)


def test_models_and_artifacts_load_with_stock_mlflow_from_any_folder(by_stock_mlflow):
    elsewhere, here = by_stock_mlflow
    assert elsewhere == here


@pytest.mark.parametrize("kept", ["absolutely", "relatively, as by earlier releases"])
def test_a_moved_checkout_loads_its_models_with_stock_mlflow_from_any_folder_once_it_was_opened(
    logged, by_stock_mlflow, tmp_path, monkeypatch, kept
):
    moved = tmp_path / "else where"
    shutil.copytree(logged.folder / "mlruns", moved / "mlruns")
    if kept != "absolutely":
        place_relatively(moved / "mlruns" / "mlflow.db", (logged.folder / "mlruns" / "artifacts").as_posix())
    hidden = logged.folder.rename(logged.folder.with_name("hidden"))
    try:
        with monkeypatch.context() as elsewhere:
            elsewhere.chdir(moved)
            assert settle_paths(Path("mlruns"))
            assert settle_paths(Path("mlruns")) == 0
        assert probabilities(moved, moved, tmp_path) == by_stock_mlflow
    finally:
        hidden.rename(logged.folder)


def place_relatively(database, root):
    """Name the artifacts of a store by paths relative to its checkout."""
    places = {"experiments": "artifact_location", "runs": "artifact_uri"}
    places |= {"logged_models": "artifact_location", "model_versions": "storage_location"}
    with closing(sqlite3.connect(database)) as connection, connection:
        for table, column in places.items():
            change = f"UPDATE {table} SET {column} = replace({column}, ?, 'mlruns/artifacts')"  # noqa: S608  # ours
            assert connection.execute(change, (root,)).rowcount
