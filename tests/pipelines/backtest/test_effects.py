"""The effects layer judged: a planted effect is found and served, a harmful one refused, nothing looks ahead."""

import json
from dataclasses import replace

import made_panels
import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from scipy.special import logit as log_odds

from faultline.features.blocks.build import build_features
from faultline.features.errors import CoverageError
from faultline.models.learners import kept_effects
from faultline.models.learners.kept_effects import effects_served, layer_at
from faultline.pipelines.backtest.effects import judge
from faultline.pipelines.backtest.effects_file import read_effects, write_effects
from faultline.pipelines.backtest.effects_page import effects_markdown

FACT = "effect_sanctions"


@pytest.fixture(scope="module")
def panel():
    return made_panels.coded_in_part()


@pytest.fixture(scope="module")
def features(panel):
    return build_features(panel, blocks=("effects",))


def forecasts(panel, features, *, effect, seed=0, turned=None, horizon=3):
    """Rows from December 2005 on, of which history knows all but what the fact adds; ``turned`` from a year on."""
    first = panel.position(pd.Period("2005-12", "M"))
    month, unit = (each.ravel() for each in np.mgrid[first : panel.shape[0] - horizon, : panel.shape[1]])
    rng = np.random.default_rng(seed)
    history = rng.uniform(0.05, 0.5, len(month))
    told = np.nan_to_num(features.column(FACT)[month, unit].astype(np.float64), nan=0.0)
    sign = np.where((turned is not None) & (panel.months.year.to_numpy()[month] >= (turned or 0)), -1, 1)
    y = (rng.random(len(month)) < expit(log_odds(history) + sign * effect * told)).astype(np.float64)
    parts = {"target": "violence_25", "horizon_months": horizon, "month": month, "unit": unit}
    return pd.DataFrame({**parts, "country": panel.country[unit], "y": y, "history": history})


@pytest.fixture(scope="module")
def found(panel, features):
    return judge(panel, forecasts(panel, features, effect=1.5), "violence_25", features=features)


def test_a_planted_effect_is_found_is_better_and_is_served(found):
    layer = found.layers[3, "2017-12"]
    assert layer.coefficient[layer.names.index(FACT)] == pytest.approx(1.5, abs=0.4)
    assert found.scores["decided", "coded"].high < 0
    assert found.served
    assert found.scores["decided", "coded"].countries == 20  # four are not coded
    assert found.scores["decided", "all"].countries == 24
    coded, every = (found.scores["decided", which].change for which in ("coded", "all"))
    assert coded < every < 0  # where nothing is coded nothing changes


def test_an_effect_that_turned_round_is_refused(panel, features):
    turned = judge(
        panel, forecasts(panel, features, effect=1.5, turned=2012), "violence_25", features=features, ridges={3: 10.0}
    )
    assert turned.scores["decided", "coded"].high > 0.01
    assert not turned.served


def test_without_an_effect_little_moves(panel, features):
    none = judge(panel, forecasts(panel, features, effect=0.0), "violence_25", features=features)
    assert abs(none.scores["decided", "coded"].change) < 0.01
    assert none.scores["decided", "coded"].moved < 0.05


def test_what_came_after_a_month_changes_no_layer_learned_by_it(panel, features, found):
    rows = forecasts(panel, features, effect=1.5)
    later = rows["month"] + 3 > panel.position(pd.Period("2017-12", "M"))
    rows.loc[later, "y"] = 1 - rows.loc[later, "y"]
    other = judge(panel, rows, "violence_25", features=features)
    then, now = (each.layers[3, "2017-12"] for each in (found, other))
    np.testing.assert_array_equal(then.coefficient, now.coefficient)
    assert found.ridges == other.ridges
    assert not np.array_equal(found.layers[3, "2023-12"].coefficient, other.layers[3, "2023-12"].coefficient)


def test_without_any_coded_row_there_is_nothing_to_judge(panel, features):
    rows = forecasts(panel, features, effect=1.0)
    with pytest.raises(CoverageError, match="no origin of violence_25"):
        judge(panel, rows[rows["unit"] >= 20], "violence_25", features=features)


def test_the_file_gives_back_the_layer_that_an_origin_could_have_known(found, features, tmp_path, monkeypatch):
    file = tmp_path / "effects.json"
    write_effects([found], features, file)
    write_effects([replace(found, target="violence_1")], features, file)  # beside the other
    monkeypatch.setattr(kept_effects, "EFFECTS_FILE", file)
    json.loads(file.read_text(), parse_constant=pytest.fail)  # no NaN, which is no JSON
    assert effects_served("country", "violence_25") is True
    assert effects_served("country", "escalation") is None
    assert layer_at("country", "violence_25", 3, "2017-11") is None
    assert layer_at("country", "violence_25", 6, "2026-05") is None
    for origin, learned in (("2017-12", "2017-12"), ("2019-11", "2017-12"), ("2024-06", "2023-12")):
        kept, made = layer_at("country", "violence_25", 3, origin), found.layers[3, learned]
        np.testing.assert_allclose(kept.coefficient, made.coefficient, rtol=1e-5)
        np.testing.assert_allclose(kept.covariance, made.covariance, rtol=1e-3, atol=1e-12)
    page = effects_markdown(read_effects(file))
    assert "not a causal effect" in page
    assert "Served: `violence_1` (country), `violence_25` (country)." in page
    assert "| sanctions in force |" in page


def test_the_layers_that_are_served_know_the_features_that_there_are_and_the_page_is_theirs(features, root):
    known = read_effects()
    assert tuple(known["features"]) == features.names
    page = (root / "docs" / "effects.md").read_text(encoding="utf-8")
    assert page == effects_markdown(known), "write it with `faultline effects --page docs/effects.md`"
