"""Where nothing serves yet, what did best on held-back origins is made champion."""

from dataclasses import replace

import made_stores
import numpy as np
import pandas as pd
import pytest

from faultline.features.targets.build import TARGETS
from faultline.models.probabilities.risk import RiskModel
from faultline.models.rows.design import label
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.track import registry
from faultline.pipelines.track.first_champions import best_deaths, best_ordinary, best_rare, crown
from faultline.pipelines.track.learned import probabilities_learned
from faultline.pipelines.track.promotion import promote
from faultline.pipelines.track.store import open_store

NAME = "faultline-region-violence_25"


def forecasts(*, happened, **said):
    n = len(happened)
    about = {"country": [f"C{i:02}" for i in range(n)], "at_risk": True, "y": happened}
    return pd.DataFrame({**about, **{name: np.broadcast_to(p, n) for name, p in said.items()}})


def test_the_lowest_brier_score_of_those_at_risk_is_best_be_it_a_baselines():
    y = np.array([1.0, 0.0, 0.0, 0.0])
    rows = forecasts(happened=y, pool=0.5, climatology=0.25, logit=y)
    rows.loc[0, "at_risk"] = False
    chosen = best_ordinary(rows.assign(logit=1 - y), ("pool", "climatology", "logit"))
    assert chosen.name == "climatology"
    assert chosen.scores == pytest.approx({"pool": 0.25, "climatology": 0.0625, "logit": 1.0})
    assert chosen.rows == 3
    assert chosen.reason.startswith("first champion: climatology, by the Brier score on 3 held-back rows (climatology")


def test_of_rare_targets_what_harms_climatology_is_left_out_and_a_spell_does_not_decide():
    y = np.zeros(100)
    y[:4] = 1.0
    better = np.where(y == 1, 0.3, 0.03)
    rows = forecasts(happened=y, climatology=0.04, pool=better, wild=0.5, lucky=np.where(np.arange(100) < 1, 1.0, 0.04))
    chosen = best_rare(rows, ("pool", "climatology", "wild", "lucky"))
    assert chosen.name == "pool"
    assert set(chosen.scores) == {"pool", "climatology", "lucky"}  # 0.5 everywhere is surely worse than climatology
    assert chosen.scores["climatology"] == 1.0
    assert best_rare(forecasts(happened=y, climatology=0.04, pool=0.5), ("pool", "climatology")).name == "climatology"


def test_deaths_go_by_crps_over_all_rows_and_to_conflictology_where_there_are_none():
    said = {"pool": [1.0, 3.0], "hurdle": [2.0, 9.0], "persistence": [4.0, 4.0], "conflictology": [2.0, 1.0]}
    rows = pd.DataFrame(said)
    chosen = best_deaths(rows)
    assert (chosen.name, chosen.scores["pool"], chosen.scores["conflictology"]) == ("conflictology", 2.0, 1.5)
    assert best_deaths(None).name == "conflictology"
    assert "no forecasts were held back" in best_deaths(None).reason
    # what is no member of the pool, climatology among it, is a candidate too
    assert best_deaths(rows.assign(climatology=[0.0, 1.0])).name == "climatology"


@pytest.fixture
def crowned(tmp_path, monkeypatch):
    """A new store with a campaign in which climatology did best on violence_25, crowned."""
    monkeypatch.chdir(tmp_path)
    campaign = made_stores.made_campaign()
    evaluations = {
        key: replace(held, probabilities={**held.probabilities, "climatology": np.where(held.design.y > 0, 0.9, 0.1)})
        if key[0] == "violence_25"
        else held
        for key, held in campaign.evaluations.items()
    }
    campaign = replace(campaign, evaluations=evaluations)
    store = open_store(Settings())
    _, versions = made_stores.logged(store, campaign)
    crown(store, probabilities_learned(campaign), versions)
    return store, campaign, versions


def test_a_baseline_is_registered_served_and_challenged_like_the_pool(crowned):
    store, campaign, versions = crowned
    assert all(registry.champion(store, name) for name in registry.model_names(store))
    champion = registry.champion(store, NAME)
    assert champion is not None
    assert (champion.version, champion.run_id) == ("2", versions["violence_25"].run_id)
    assert store.client.get_model_version(NAME, "2").tags["faultline.forecaster"] == "climatology"
    said = store.client.get_model_version(NAME, "2").description
    assert said == f"The climatology of violence_25 for regions, learned from data through {campaign.panel.months[-1]}."
    about = store.client.get_registered_model(NAME).description
    assert about == "Forecasts of violence_25 for regions; `champion` is served."
    note = store.client.get_experiment_by_name("region-violence").tags["mlflow.note.content"]
    assert note.startswith("Campaigns of forecasters of violence, by region: a run for each campaign")
    model = registry.load_model(store, champion)
    assert isinstance(model, RiskModel)
    at, unit = np.array([60, 90]), np.array([0, 5])
    for horizon, fitted in model.horizons.items():
        inputs = label(campaign.panel, TARGETS["violence_25"], horizon).inputs(campaign.features, at, unit)
        told = fitted.forecast(inputs)
        expected = campaign.models["violence_25"].horizons[horizon].members["climatology"].probability(inputs)
        np.testing.assert_allclose(told.probability, expected, rtol=1e-9)
        assert (told.low <= told.probability).all()
        assert (told.probability <= told.high).all()
        assert not fitted.contributions(inputs).any()
    rows = registry.held_back(store, champion)
    assert (rows["pool"] == rows["climatology"]).all()
    assert not registry.held_back(store, versions["violence_25"])["pool"].equals(rows["pool"])
    crown(store, probabilities_learned(campaign), versions)  # what serves already is left alone
    assert registry.champions(store, NAME) == ["2"]
    assert "does not beat the champion" in promote(store, NAME, version="1").reason
