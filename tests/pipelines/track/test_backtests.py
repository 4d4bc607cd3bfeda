"""What MLflow holds of a backtest."""

import os

import numpy as np
import pandas as pd
import pytest

from faultline.features.tables.snapshot import BUNDLED, read_provenance
from faultline.models.scores.samples import crps_of_logs, mean_errors, sample_scores
from faultline.pipelines.backtest.deaths import DeathsBacktest
from faultline.pipelines.backtest.deaths_tables import write_deaths_tables
from faultline.pipelines.backtest.engine import Backtest
from faultline.pipelines.backtest.parts import claim
from faultline.pipelines.backtest.tables import write_tables
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.track.backtests import track_backtest, track_deaths_backtest
from faultline.pipelines.track.store import open_store

COUNTRIES, MONTHS = ("BFA", "MLI", "NER", "TCD"), 12
PARAMETERS = {"level": "country", "seed": 3}


def probability_rows(target, forecasters):
    rng = np.random.default_rng(len(target))
    index = pd.MultiIndex.from_product([(1, 3), range(MONTHS), COUNTRIES], names=["horizon_months", "month", "country"])
    rows = index.to_frame(index=False)
    y = rng.integers(0, 2, len(rows)).astype(float)
    said = {name: np.clip(np.abs(y - miss - rng.uniform(0, 0.1, len(y))), 0, 1) for name, miss in forecasters.items()}
    where = {"target": target, "unit": rows["country"], "year": 2024, "at_risk": rows["country"] != "MLI"}
    return rows.assign(**where, origin="2024-01", hard_onset=rows["country"] == "BFA", y=y, **said)


def deaths_rows():
    rng = np.random.default_rng(0)
    parts = []
    for protocol, horizons in (("rolling", (1, 2)), ("challenge", (3,))):
        for name, rate in (("climatology", 9), ("conflictology", 5)):
            index = pd.MultiIndex.from_product([horizons, range(MONTHS), COUNTRIES])
            rows = index.to_frame(index=False, name=["horizon_months", "month", "country"])
            y, drawn = rng.poisson(5, len(rows)).astype(float), rng.poisson(rate, (len(rows), 50)).astype(float)
            shares = {f"p_{least}": (drawn >= least).mean(axis=1) for least in (1, 25)}
            where = {"protocol": protocol, "target": "deaths", "forecaster": name, "unit": rows["country"]}
            rows = rows.assign(**where, year=2024, origin="2024-01", hard_onset=rows["country"] == "BFA", y=y)
            scores = {**sample_scores(y, drawn), **mean_errors(y, drawn), "crps_log": crps_of_logs(y, drawn), **shares}
            believed = {"mean_too_high": False, "unheard_of": False}
            war_total = (rows["country"] == "TCD") & (rows["month"] == 0)
            parts.append(rows.assign(**scores, **believed, war_total=war_total))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    here = os.getcwd()  # noqa: PTH109
    os.chdir(tmp_path_factory.mktemp("checkout"))
    try:
        yield open_store(Settings())
    finally:
        os.chdir(here)


@pytest.fixture(scope="module")
def backtest(tmp_path_factory):
    folder = tmp_path_factory.mktemp("backtest")
    claim(folder, {"seed": 3})
    families = {"climatology": 0.4, "persistence": 0.3, "pool": 0.1}
    rows = [probability_rows("violence_25", families), probability_rows("new_armed_actor", {**families, "logit": 0.2})]
    result = Backtest(folder, pd.concat(rows, ignore_index=True), (*families, "logit"))
    write_tables(result, title="Backtest")
    return result


@pytest.fixture(scope="module")
def deaths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("deaths")
    claim(folder, {"seed": 4})
    result = DeathsBacktest(folder, deaths_rows())
    write_deaths_tables(result, title="Deaths")
    return result


def runs(store, experiment):
    found = store.client.search_runs([store.client.get_experiment_by_name(experiment).experiment_id])
    assert {run.info.status for run in found} == {"FINISHED"}
    return {run.info.run_name: run for run in found}


def files(store, run, folder=None):
    return {file.path for file in store.client.list_artifacts(run.info.run_id, folder)}


def test_each_family_is_an_experiment_and_each_forecaster_of_each_target_a_run(store, backtest):
    data = read_provenance(BUNDLED)
    told = track_backtest(store, backtest, level="country", parameters=PARAMETERS, data=data)
    assert told == ["country-violence-backtest", "country-fragmentation-backtest"]
    violence, fragmentation = (runs(store, name) for name in told)
    assert set(violence) == {
        "backtest 2024 to 2024",
        *(f"violence_25: {n}" for n in ("climatology", "persistence", "pool")),
    }
    # the logit forecast new actors alone
    assert "new_armed_actor: logit" in fragmentation
    parent, child = violence["backtest 2024 to 2024"], violence["violence_25: pool"]
    assert child.data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert child.data.params["seed"] == "3"
    assert files(store, parent) >= {"backtest.md", "scores.parquet", "differences.parquet", "fingerprint.json"}
    assert files(store, child, "plots") == {"plots/reliability-and-precision-recall.svg"}
    assert {given.dataset.name for given in child.inputs.dataset_inputs} == set(data)


def test_scores_are_stepped_by_horizon_and_told_apart_by_stratum(store, backtest):
    track_backtest(store, backtest, level="country", parameters=PARAMETERS, data={})
    run = runs(store, "country-violence-backtest")["violence_25: pool"]
    rows = backtest.rows[backtest.rows["target"] == "violence_25"]
    strata = {"all": rows["y"] >= 0, "at_risk": rows["at_risk"], "hard_onset": rows["hard_onset"]}
    for stratum, inside in strata.items():
        history = store.client.get_metric_history(run.info.run_id, f"{stratum}/brier")
        some = rows[inside]
        expected = ((some["pool"] - some["y"]) ** 2).groupby(some["horizon_months"]).mean()
        assert {metric.step: metric.value for metric in history} == pytest.approx(expected.to_dict())


def test_a_backtest_that_is_there_is_not_logged_again(store, backtest):
    track_backtest(store, backtest, level="country", parameters=PARAMETERS, data={})
    before = len(runs(store, "country-violence-backtest"))
    track_backtest(store, backtest, level="country", parameters=PARAMETERS, data={})
    found = store.client.search_runs([store.client.get_experiment_by_name("country-violence-backtest").experiment_id])
    assert len(found) == before


def test_distributions_have_a_pit_and_their_thresholds_a_reliability(store, deaths):
    told = track_deaths_backtest(store, deaths, level="country", parameters=PARAMETERS, data={})
    assert told == ["country-deaths-backtest"]
    child = runs(store, "country-deaths-backtest")["deaths: conflictology"]
    assert files(store, child, "plots") == {
        f"plots/{name}{protocol}.svg"
        for protocol in ("rolling", "challenge")
        for name in ("pit-", "reliability-and-precision-recall-1-", "reliability-and-precision-recall-25-")
    }
    history = store.client.get_metric_history(child.info.run_id, "all/crps")
    rows = deaths.rows[(deaths.rows["forecaster"] == "conflictology") & (deaths.rows["protocol"] == "rolling")]
    expected = rows.groupby("horizon_months")["crps"].mean().to_dict()
    assert {metric.step: metric.value for metric in history} == pytest.approx(expected)
    assert child.data.metrics["challenge/covered_90"] <= 1
    history = store.client.get_metric_history(child.info.run_id, "without_war_totals/mae_mean")
    expected = rows[~rows["war_total"]].groupby("horizon_months")["mae_mean"].mean().to_dict()
    assert {metric.step: metric.value for metric in history} == pytest.approx(expected)
