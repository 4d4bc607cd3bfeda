"""Model cards say what facts of foreign forces and transitions add when an issue is made, or that it was refused."""

import json
from dataclasses import replace

import made_panels
import numpy as np
import pandas as pd
import pytest

from faultline.features.blocks.build import build_features
from faultline.models.learners import kept_effects
from faultline.pipelines.track.model_card import _effects


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
