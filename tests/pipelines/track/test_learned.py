"""What MLflow holds of a campaign of deaths: runs to the same standard as those of probabilities, and served models."""

import json
import os
from types import SimpleNamespace

import made_panels
import made_stores
import mlflow
import numpy as np
import pandas as pd
import pytest

from faultline.features.blocks.build import build_features
from faultline.features.tables.snapshot import BUNDLED, read_provenance
from faultline.models.distributions.distribution import summary
from faultline.models.distributions.pool import MEMBERS
from faultline.models.kinds import DISTRIBUTIONS
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.jobs.panel_export import panel_rows
from faultline.pipelines.learn.deaths import learn_deaths
from faultline.pipelines.learn.deaths_held_back import crps_rows, deaths_stratum_scores, hold_back_deaths
from faultline.pipelines.track import registry
from faultline.pipelines.track.learned import deaths_learned
from faultline.pipelines.track.promotion import compare, promote, rollback
from faultline.pipelines.track.records import HELD_BACK
from faultline.pipelines.track.store import log_runs, open_store

NAME = "faultline-region-deaths"
PLOTS = {"plots/pit.svg"} | {f"plots/reliability-and-precision-recall-{least}.svg" for least in (1, 25)}


def log(store, learned, held_back):
    told = deaths_learned(learned, held_back)
    scores = deaths_stratum_scores(learned["deaths"].panel, held_back)
    runs = log_runs(store, told, scores, parameters={"seed": 0}, data=read_provenance(BUNDLED))
    return registry.register_models(store, told, runs=runs)


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    here = os.getcwd()  # noqa: PTH109
    os.chdir(tmp_path_factory.mktemp("checkout"))
    try:
        store = open_store(Settings())
        panel = made_panels.made_panel(4, n_units=24, n_months=150, n_countries=12)
        features = build_features(panel)
        learned = learn_deaths(panel, features, targets=("deaths",))
        held_back = hold_back_deaths(panel, features, targets=("deaths",))
        versions = log(store, learned, held_back)
        yield SimpleNamespace(store=store, panel=panel, learned=learned, held_back=held_back, versions=versions)
    finally:
        os.chdir(here)


@pytest.fixture(scope="module")
def runs(logged):
    experiment = logged.store.client.get_experiment_by_name("region-deaths")
    found = logged.store.client.search_runs([experiment.experiment_id])
    return {run.data.params.get("forecaster", "campaign"): run for run in found}


def test_each_forecaster_is_a_run_under_that_of_the_campaign(logged, runs):
    assert set(runs) == {"campaign", *logged.held_back["deaths"].forecasters}
    above = runs.pop("campaign")
    assert {run.data.tags["mlflow.parentRunId"] for run in runs.values()} == {above.info.run_id}
    assert {run.info.status for run in runs.values()} == {"FINISHED"}
    runs["campaign"] = above
    steps = {metric.step for metric in logged.store.client.get_metric_history(above.info.run_id, "deaths/crps")}
    assert steps == {1, 3, 6, 12}


def test_everything_in_the_store_has_a_sentence_that_says_what_it_is(logged, runs):
    assert made_stores.undescribed(logged.store) == []
    said = {name: run.data.tags["mlflow.note.content"] for name, run in runs.items()}
    through = logged.panel.months[-1]
    assert said["hurdle"] == (
        f"The hurdle of deaths for regions, learned from data through {through}: its scores on origins held back from "
        "the campaign, by stratum and horizon."
    )
    assert said["campaign"] == (
        f"A campaign for regions, learned from data through {through}: under it a run for each forecaster of deaths."
    )


def test_runs_say_from_which_data_code_and_settings_they_came(logged, runs):
    provenance = read_provenance(BUNDLED)
    for name, run in runs.items():
        sums = {given.dataset.name: json.loads(given.dataset.profile)["sha256"] for given in run.inputs.dataset_inputs}
        # no model reads the leaders, and only the hurdle, which the pool mixes in, anything but the past deaths
        if name in {"campaign", "pool", "hurdle"}:
            assert sums == {table: about.sha256 for table, about in provenance.items() if table != "leaders"}
        else:
            assert run.data.params["blocks"] == ""
            assert not set(sums) & {"un_bases", "deployments", "coups", "transitions", "elections", "regimes"}
            assert {"country_month", "region_month"} < set(sums)
        assert run.data.tags["faultline.version"]
        assert run.data.params["data_through"] == str(logged.panel.months[-1])
    assert runs["hurdle"].data.params["hurdle.rounds"] == "75"
    assert runs["pool"].data.params["members"] == ", ".join(MEMBERS)
    assert runs["pool"].data.params["held_back_learned_through"] == logged.held_back["deaths"].learned_through


def test_metrics_are_stepped_by_horizon_and_told_apart_by_stratum(logged, runs):
    scores = deaths_stratum_scores(logged.panel, logged.held_back)
    own = scores[(scores["forecaster"] == "conflictology") & (scores["stratum"] == "all")]
    history = logged.store.client.get_metric_history(runs["conflictology"].info.run_id, "all/crps")
    assert {metric.step: metric.value for metric in history} == own.set_index("horizon_months")["crps"].to_dict()
    means = logged.store.client.get_metric_history(runs["conflictology"].info.run_id, "all/mae_mean")
    assert {metric.step: metric.value for metric in means} == own.set_index("horizon_months")["mae_mean"].to_dict()
    assert {"all/bias_mean", "all/crps_log"} <= set(runs["pool"].data.metrics)
    assert "all/covered_90" in runs["pool"].data.metrics
    assert {name.split("/")[0] for name in runs["pool"].data.metrics if "/" in name} == set(scores["stratum"])
    by_name = {h: runs["conflictology"].data.metrics[f"crps_h{h:02}"] for h in (1, 3, 6, 12)}
    assert by_name == own.set_index("horizon_months")["crps"].to_dict()
    pools = scores[(scores["forecaster"] == "pool") & (scores["stratum"] == "all")].set_index("horizon_months")
    assert runs["campaign"].data.metrics["deaths/crps_h12"] == pools["crps"][12]


def test_artifacts_are_plots_tables_and_a_card(logged, runs):
    client = logged.store.client
    own = {
        "persistence": set(),
        "hurdle": {"feature-importance.csv", "coefficients.csv"},
        "pool": {"weights.csv", HELD_BACK},
    }
    for forecaster, extra in own.items():
        run = runs[forecaster].info.run_id
        files = {file.path for where in (None, "plots") for file in client.list_artifacts(run, where)}
        assert files >= {"scores.csv", "model-card.md"} | PLOTS | extra
    weights = pd.read_csv(client.download_artifacts(runs["pool"].info.run_id, "weights.csv"))
    sums = weights.groupby(["month_ahead", "from_deaths"])["weight"].sum()
    np.testing.assert_allclose(sums, 1, atol=1e-3)  # they are kept to 4 places
    gains = pd.read_csv(client.download_artifacts(runs["hurdle"].info.run_id, "feature-importance.csv"))
    assert set(gains["horizon_months"]) == set(range(1, 13))
    assert set(gains["feature"]) <= set(logged.learned["deaths"].features.names)
    kept = pd.read_parquet(client.download_artifacts(runs["pool"].info.run_id, HELD_BACK))
    pd.testing.assert_frame_equal(kept, crps_rows(logged.held_back["deaths"]), check_dtype=False)
    card = client.download_artifacts(runs["pool"].info.run_id, "model-card.md")
    with open(card, encoding="utf-8") as file:  # noqa: PTH123
        text = file.read()
    assert "registered and served" in text
    assert "| 12 | all |" in text


def test_it_is_promoted_only_if_it_beats_persistence_conflictology_and_the_champion(logged):
    rows = crps_rows(logged.held_back["deaths"])
    expected = {c.opponent: c.beaten for c in compare(rows, kind=DISTRIBUTIONS)}
    assert {"persistence", "conflictology"} <= set(expected)
    first = promote(logged.store, NAME)
    assert first.promoted == all(expected.values())
    assert "CRPS" in first.reason
    if not first.promoted:
        promote(logged.store, NAME, because="the tests need a champion")
    log(logged.store, logged.learned, logged.held_back)
    again = promote(logged.store, NAME)
    assert not again.promoted
    assert "does not beat the champion: CRPS +0.00000" in again.reason
    assert logged.store.client.get_model_version(NAME, "2").tags["faultline.decision"] == again.reason
    promote(logged.store, NAME, because="the tests need a second one")
    assert registry.champion(logged.store, NAME).version == "2"
    assert "version 1 is the champion again instead of version 2" in rollback(logged.store, NAME, because="enough")


@pytest.fixture(scope="module")
def asked(logged):
    rows = panel_rows(logged.learned["deaths"].model, logged.panel, origin=logged.panel.months[-1])
    os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] = "false"
    try:
        return mlflow.pyfunc.load_model(f"models:/{NAME}/{logged.versions['deaths'].version}"), rows
    finally:
        del os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"]


def test_served_it_gives_the_same_numbers_bit_for_bit_in_any_order_of_columns(logged, asked):
    model, rows = asked
    learned = logged.learned["deaths"]
    given = model.predict(rows)
    unit = learned.panel.units.index.get_indexer(rows["unit"])
    samples = learned.forecaster.samples(learned.panel, learned.features, at=learned.panel.last_observed)
    for name, values in summary(samples).items():
        assert given[name].tolist() == values[unit].tolist()
    pd.testing.assert_frame_equal(model.predict(rows[rows.columns[::-1]].assign(something="else")), given)
    assert model.metadata.signature.inputs.input_names() == list(rows.columns)
    assert model.metadata.signature.outputs.input_names() == list(given.columns)
    assert len(model.input_example) == 5


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"deaths_12": np.inf}, r"column deaths_12: the value inf is not a finite number"),
        ({"month": "May 2026"}, "'May 2026' is no month"),
        ({"deaths_3_months_ago": -2.0}, "column deaths_3_months_ago: -2.0 deaths"),
        ({"deaths_12": "many"}, "deaths_12"),
        ({"deaths_12": None}, "deaths_12"),
    ],
)
def test_rows_that_it_cannot_take_are_refused_by_name(asked, change, says):
    model, rows = asked
    (name,) = change
    wrong = rows.drop(columns=name) if change[name] is None else rows.assign(**change)
    with pytest.raises((ValueError, mlflow.MlflowException), match=says):
        model.predict(wrong)
