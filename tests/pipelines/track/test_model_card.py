"""Model cards say what facts of foreign forces and transitions add when an issue is made, or that it was refused."""

import json
from dataclasses import replace

import made_panels
import numpy as np
import pandas as pd
import pytest

from faultline.features.blocks.build import build_features
from faultline.models.distributions.conflictology import CONFLICTOLOGY
from faultline.models.learners import kept_effects
from faultline.models.learners.kept_effects import COURSE
from faultline.pipelines.learn.deaths import LearnedDeaths
from faultline.pipelines.track.model_card import _effects, deaths_card


@pytest.mark.parametrize(("served", "said"), [(True, "| sanctions | +0.500 | +0.171 to +0.829 |"), (False, "Refused")])
def test_the_card_tells_the_coefficients_of_a_served_layer_and_of_a_refused_one_that_it_is(
    tmp_path, monkeypatch, served, said
):
    made = made_panels.made_panel(0, level="country")
    panel = replace(made, months=pd.period_range(end="2026-05", periods=made.shape[0], freq="M"))
    names = build_features(panel, blocks=("effects",)).names
    about = {"level": "country", "target": "violence_25"}
    layer = {**about, "horizon": 3, "learned_through": "2025-12", "ridge": 30.0}
    learned = {"coefficient": [0.5 * (name == "effect_sanctions") for name in names]}
    learned["covariance"] = (0.04 * np.eye(len(names)))[np.tril_indices(len(names))].tolist()
    file = tmp_path / "effects.json"
    file.write_text(
        json.dumps({"features": names, "verdicts": [about | {"served": served}], "layers": [layer | learned]})
    )
    monkeypatch.setattr(kept_effects, "EFFECTS_FILE", file)
    assert said in "\n".join(_effects(panel, "violence_25", [1, 3, 12]))
    assert _effects(panel, "violence_25", [1, 12]) == []  # no layer at these


def test_the_card_of_a_pool_of_deaths_tells_its_layer_too(tmp_path, monkeypatch):
    made = made_panels.made_panel(0, level="country")
    panel = replace(made, months=pd.period_range(end="2026-05", periods=made.shape[0], freq="M"))
    features = build_features(panel)
    about = {"level": "country", "target": "deaths"}
    layer = {**about, "horizon": COURSE, "learned_through": "2025-12", "ridge": 30.0}
    learned = {"coefficient": [0.5], "covariance": [0.04]}
    file = tmp_path / "effects.json"
    known = {"features": ["effect_sanctions"], "verdicts": [about | {"served": True}], "layers": [layer | learned]}
    file.write_text(json.dumps(known))
    monkeypatch.setattr(kept_effects, "EFFECTS_FILE", file)
    forecaster = CONFLICTOLOGY.fit(panel, features, last=panel.shape[0] - 1)
    fitted = LearnedDeaths("pool", "deaths", panel, features, forecaster, None, 0)
    card = deaths_card(fitted, None, "pool", pd.DataFrame())
    assert "in logs of deaths of every month, ridge 30" in card
    assert "| sanctions | +0.500 | +0.171 to +0.829 |" in card
    assert "sanctions" not in deaths_card(fitted, None, "persistence", pd.DataFrame())
