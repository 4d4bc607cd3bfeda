"""What each served model is made of: its members, their weights, and the blocks that they read."""

import json

import made_panels
import numpy as np
import pytest

from faultline.features.blocks.build import build_features
from faultline.models.distributions.pool import MEMBERS
from faultline.models.probabilities.risk import HorizonModel, RiskModel
from faultline.pipelines.learn.deaths import learn_deaths
from faultline.pipelines.learn.held_back import stratum_scores
from faultline.pipelines.learn.served import deaths_blocks, served_models
from faultline.pipelines.learn.train import Campaign, train_level
from faultline.pipelines.track.learned import probabilities_learned
from faultline.pipelines.track.model_card import columns_of, model_card
from faultline.pipelines.track.records import forecaster_records


@pytest.fixture(scope="module")
def campaign():
    panel = made_panels.made_panel(4, n_units=24, n_months=120, n_countries=12)
    return train_level(panel, horizons=(1, 3), targets=("violence_25",), all_blocks=True)


@pytest.fixture(scope="module")
def learned():
    panel = made_panels.made_panel(4, n_units=24, n_months=150, n_countries=12)
    return learn_deaths(panel, build_features(panel), targets=("deaths",))


def test_the_pool_of_regions_says_its_own_weights_and_blocks(campaign):
    (told,) = served_models(campaign)
    assert (told["level"], told["target"]) == ("region", "violence_25")
    assert told["parts"] == [{"horizons": [1, 3], "members": {"logit": 0.5, "lightgbm": 0.5}}]
    assert told["blocks"] == ["history", "neighbours", "deployments", "transitions"]
    assert json.loads(json.dumps(told)) == told


def test_the_card_of_a_model_that_reads_facts_says_for_how_many_units_they_are_coded(campaign):
    scores = stratum_scores(campaign)
    panel = campaign.panel
    coded = [int((panel.values[f"{kind}_coded"][-1] > 0).sum()) for kind in ("deployments", "transitions")]
    card = model_card(campaign, "violence_25", "pool", scores)
    assert f"foreign forces of {coded[0]} and the political transitions of {coded[1]} of 24 units" in card
    assert "not coded" in card
    assert "not coded" not in model_card(campaign, "violence_25", "logit", scores)


def test_a_model_that_serves_persistence_at_one_horizon_says_so_there_and_reads_no_block_for_it(campaign):
    fitted = campaign.models["violence_25"]
    alone = {h: model.alone("persistence", model.calibration) for h, model in fitted.horizons.items()}
    mixed = RiskModel("region", "violence_25", fitted.features, {1: fitted.horizons[1], 3: alone[3]}, "1999-12")
    only = RiskModel("region", "violence_25", fitted.features, alone, "1999-12")
    (told,) = served_models(Campaign(campaign.panel, campaign.features, {"violence_25": mixed}, {}))
    assert [part["members"] for part in told["parts"]] == [{"logit": 0.5, "lightgbm": 0.5}, {"persistence": 1.0}]
    (told,) = served_models(Campaign(campaign.panel, campaign.features, {"violence_25": only}, {}))
    assert told["blocks"] == []


def test_a_logit_alone_reads_the_blocks_of_its_terms_and_not_all_that_it_was_offered(campaign):
    fitted = campaign.models["violence_25"].horizons[3]
    alone = HorizonModel(3, fitted.members, fitted.calibration, {"logit": 1.0})
    model = RiskModel("region", "violence_25", campaign.features.names, {3: alone}, "1999-12")
    (told,) = served_models(Campaign(campaign.panel, campaign.features, {"violence_25": model}, {}))
    assert told["blocks"] == ["history", "neighbours"]


def test_cards_and_runs_of_baselines_list_no_blocks_and_agree_with_one_another(campaign):
    scores = stratum_scores(campaign)
    records = {name: record for (_, name), record in forecaster_records(probabilities_learned(campaign), scores, {})}
    assert columns_of(campaign, "violence_25", "climatology") == ()
    for name in ("climatology", "persistence"):
        assert records[name].blocks == ()
        assert records[name].parameters["blocks"] == ""
        assert records[name].parameters["feature_count"] == 0
        assert "the target's own past alone" in model_card(campaign, "violence_25", name, scores)
    assert records["logit"].blocks == ("history", "neighbours")
    for name in ("logit", "lightgbm", "pool"):
        assert f"in the blocks {records[name].parameters['blocks']}." in str(records[name].files["model-card.md"])


def test_the_pool_of_deaths_says_its_members_by_lead_and_recent_deaths(campaign, learned):
    told = served_models(campaign, learned)[-1]
    weights = learned["deaths"].forecaster.weights.table
    assert [(part["months_ahead"], part["mean_deaths_from"]) for part in told["parts"]] == [
        (lead, least) for lead in (1, 6) for least in (0.0, 0.01, 20.0)
    ]
    for part, of in zip(told["parts"], weights.reshape(-1, len(MEMBERS)), strict=True):
        assert sum(part["members"].values()) == pytest.approx(1, abs=0.001)
        given = [part["members"].get(name, 0.0) for name in MEMBERS]
        np.testing.assert_allclose(given, of, atol=1e-4)
    assert told["blocks"] == ["history", "neighbours", "deployments", "transitions"]
    assert deaths_blocks(learned["deaths"], "conflictology") == ()
    assert deaths_blocks(learned["deaths"], "hurdle") == tuple(told["blocks"])


def test_where_too_little_is_known_of_deaths_the_units_own_past_is_all_there_is(campaign):
    panel = made_panels.made_panel(4, n_units=6, n_months=30)
    learned = learn_deaths(panel, build_features(panel), targets=("deaths",))
    told = served_models(campaign, learned)[-1]
    assert told["parts"] == [{"members": {"conflictology": 1.0}}]
    assert told["blocks"] == []
