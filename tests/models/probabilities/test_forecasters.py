"""Every family through the one interface, on made data with a known law."""

import json
from dataclasses import replace

import lightgbm as lgb
import made_panels
import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from faultline.features.blocks.build import BLOCKS, build_features
from faultline.features.errors import CoverageError, LookAheadError, SchemaError
from faultline.features.targets.build import TARGETS
from faultline.models.learners import binned as binned_module
from faultline.models.learners.binned import Trees, bin_features
from faultline.models.probabilities.boosting import LIGHTGBM
from faultline.models.probabilities.learning import SharedFeatures, evaluate, fit_members, learn, score_table
from faultline.models.probabilities.logit import LogitFamily
from faultline.models.probabilities.risk import FAMILIES, POOLED, RiskModel
from faultline.models.rows.design import Design, Inputs, label
from faultline.pipelines.learn.train import train_level


def made_design(seed=0, n=4000):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3)).astype(np.float32)
    y = (rng.random(n) < expit(-1 + 1.5 * x[:, 0] - x[:, 1])).astype(float)
    half = np.full(n, 0.5)
    return Design(
        Inputs(("a", "b", "c"), x, half, half),
        y,
        np.arange(n),
        np.zeros(n, int),
        rng.integers(0, 30, n),
        np.ones(n, bool),
        (1, -1, 0),
    )


def test_the_logit_finds_the_coefficients_that_statsmodels_finds():
    design = made_design()
    fitted = LogitFamily(features=("a", "b", "c")).fit(design)
    reference = sm.GLM(design.y, sm.add_constant(design.inputs.x.astype(float)), family=sm.families.Binomial()).fit()
    slopes = np.array(fitted.coefficient[2:]) / np.array(fitted.scale[2:])
    np.testing.assert_allclose(slopes, reference.params[1:], rtol=0.01, atol=0.005)
    np.testing.assert_allclose(
        fitted.probability(design.inputs), reference.predict(sm.add_constant(design.inputs.x.astype(float))), atol=2e-3
    )


def test_clustered_errors_agree_with_statsmodels():
    design = made_design()
    fitted = LogitFamily(features=("a", "b", "c")).fit(design)
    standard = (design.inputs.x - design.inputs.x.mean(axis=0)) / design.inputs.x.std(axis=0)
    reference = sm.GLM(design.y, sm.add_constant(standard), family=sm.families.Binomial()).fit(
        cov_type="cluster", cov_kwds={"groups": design.country, "use_correction": False}
    )
    np.testing.assert_allclose(fitted.standard_error[2:], reference.bse[1:], rtol=0.02)


def test_what_was_not_coded_moves_no_logit_and_tells_it_nothing():
    design = made_design()
    x = design.inputs.x.copy()
    x[::3, 1], x[:, 2] = np.nan, np.nan
    gaps = replace(design, inputs=replace(design.inputs, x=x))
    fitted = LogitFamily(features=("a", "b", "c")).fit(gaps)
    assert fitted.coefficient[3] < -0.5  # learned from the rows that are known
    assert fitted.coefficient[4] == 0  # known of none
    assert fitted.mean[3] == pytest.approx(np.nanmean(x[:, 1].astype(float)))
    moved = fitted.contributions(gaps.inputs)
    assert (moved[::3, 1] == 0).all()
    assert (moved[1::3, 1] != 0).all()
    assert np.isfinite(fitted.probability(gaps.inputs)).all()


def test_a_logit_survives_perfect_separation():
    design = made_design(n=400)
    fitted = LogitFamily(features=("a",)).fit(replace(design, y=(design.inputs.x[:, 0] > 0).astype(float)))
    assert np.isfinite(fitted.coefficient).all()


@given(st.integers(0, 2**32 - 1), st.sampled_from([0, 1]))
@settings(max_examples=10, deadline=None)
def test_the_booster_never_goes_against_a_feature_s_direction(seed, feature):
    design = made_design(seed % 5, n=1500)
    booster = LIGHTGBM.fit(design)
    rng = np.random.default_rng(seed)
    x = np.repeat(rng.normal(size=(1, 3)).astype(np.float32), 50, axis=0)
    x[:, feature] = np.linspace(-3, 3, 50)
    steps = np.diff(booster.probability(replace(design.inputs, x=x)))
    assert (steps * design.directions[feature] >= -1e-12).all()


def test_the_booster_takes_columns_by_name_not_by_place():
    design = made_design()
    booster = LIGHTGBM.fit(design)
    turned = replace(design.inputs, names=("c", "a", "b"), x=design.inputs.x[:, [2, 0, 1]])
    np.testing.assert_array_equal(booster.probability(turned), booster.probability(design.inputs))
    with pytest.raises(SchemaError, match="lack"):
        booster.probability(replace(design.inputs, names=("a", "b", "other")))


def test_the_booster_is_the_same_with_one_thread_and_two():
    design = made_design()
    one, two = (LIGHTGBM.fit(design, seed=3, threads=threads) for threads in (1, 2))
    np.testing.assert_array_equal(one.probability(design.inputs), two.probability(design.inputs))


@pytest.mark.parametrize("name", POOLED)
def test_learning_from_one_kind_of_outcome_is_refused(name):
    design = made_design(n=300)
    with pytest.raises(CoverageError, match="all 300 outcomes are the same"):
        FAMILIES[name].fit(replace(design, y=np.zeros(300)))


@pytest.mark.parametrize("name", POOLED)
def test_contributions_add_up_to_the_log_odds(name):
    design = made_design()
    fitted = (LogitFamily(features=("a", "b", "c")) if name == "logit" else FAMILIES[name]).fit(design)
    odds = logit(fitted.probability(design.inputs))
    rest = odds - fitted.contributions(design.inputs).sum(axis=1)
    np.testing.assert_allclose(rest, rest[0], atol=1e-5)


def learned(panel, horizon=3, target="violence_25"):
    return learn(
        label(panel, TARGETS[target], horizon),
        build_features(panel),
        last=panel.shape[0] - 1,
        evaluation_months=12,
    )


def test_a_risk_model_comes_back_from_its_texts_bit_for_bit():
    panel = made_panels.made_panel(1, n_units=30)
    features = build_features(panel)
    fitted = learned(panel)
    model = RiskModel("region", "violence_25", features.names, {3: fitted.model}, "1997-06")
    back = RiskModel.from_texts(json.loads(json.dumps(model.texts())))
    inputs = fitted.evaluation.design.inputs
    first, second = model.horizons[3].forecast(inputs), back.horizons[3].forecast(inputs)
    for name in ("probability", "low", "high", "baseline"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert (first.low <= first.probability).all()
    assert (first.probability <= first.high).all()
    assert back.features == model.features


def test_what_each_forecaster_learned_is_a_table_of_its_own_and_of_the_pool_it_is_the_calibration():
    panel = made_panels.made_panel(1, n_units=30)
    fitted = learned(panel).model
    model = RiskModel("region", "violence_25", build_features(panel).names, {3: fitted}, "1997-06")
    assert model.tables("climatology") == model.tables("persistence") == {}
    (gains,) = model.tables("lightgbm").values()
    assert gains["gain"].is_monotonic_decreasing
    assert set(gains["feature"]) == set(fitted.members["lightgbm"].columns)
    terms = model.tables("logit")["coefficients.csv"]
    assert terms["term"].tolist() == ["constant", "climatology", "persistence", *fitted.members["logit"].columns]
    pool = model.tables("pool")["calibration.csv"]
    assert (pool["slope"].item(), pool["horizon_months"].item()) == (fitted.calibration.slope, 3)


@pytest.mark.parametrize("horizon", [1, 3])
def test_what_is_learned_at_t_does_not_change_with_later_data(horizon):
    panel = made_panels.made_panel(2, n_units=30, n_months=110)
    later = made_panels.changed(panel, 9, slice(91, None))
    features, later_features = build_features(panel), build_features(later)
    first, second = (
        learn(label(p, TARGETS["violence_25"], horizon), f, last=90, evaluation_months=12).model.calibration
        for p, f in ((panel, features), (later, later_features))
    )
    assert first == second


def test_held_back_origins_begin_where_training_windows_have_ended():
    panel = made_panels.made_panel(2, n_units=30)
    labelled = label(panel, TARGETS["violence_25"], 6)
    last = panel.shape[0] - 1
    first_held_back = last - 6 - 12 + 1
    months = np.nonzero(labelled.training_rows(24, first_held_back))[0]
    assert months.max() + 6 == first_held_back
    assert months.min() == 24
    held_back = learned(panel, horizon=6).evaluation.design.month
    assert held_back.min() == first_held_back
    assert held_back.max() == last - 6


def test_the_pool_is_the_mean_of_its_members_and_skill_is_against_the_baselines():
    design = made_design()
    evaluation = evaluate(fit_members(design), design)
    mean = (evaluation.probabilities["logit"] + evaluation.probabilities["lightgbm"]) / 2
    np.testing.assert_allclose(evaluation.probabilities["pool"], mean)
    table = {row["forecaster"]: row for row in score_table(evaluation)}
    assert table["persistence"]["brier_skill_persistence"] == 0
    expected = 1 - np.mean((mean - design.y) ** 2) / np.mean((0.5 - design.y) ** 2)
    assert table["pool"]["brier_skill_climatology"] == pytest.approx(expected)


def test_bins_shared_by_horizons_and_targets_give_what_bins_of_ones_own_give():
    panel = made_panels.made_panel(4, n_units=30)
    features = build_features(panel)
    last = panel.shape[0] - 1
    binned = SharedFeatures(features, panel.observed, last=last).of(features.block)[1]
    for target, horizon in (("violence_25", 1), ("violence_1", 6)):
        labelled = label(panel, TARGETS[target], horizon)
        alone, shared = (
            learn(labelled, features, last=last, evaluation_months=12, binned=given).evaluation.probabilities["pool"]
            for given in (None, binned)
        )
        np.testing.assert_array_equal(alone, shared)


def test_two_threads_learn_from_shared_bins_what_one_learns():
    panel = made_panels.made_panel(4, n_units=30, n_months=130, level="country")
    names = ("violence_25", "escalation")
    one, two = (train_level(panel, horizons=(1, 2, 3), targets=names, threads=threads).models for threads in (1, 2))
    assert {name: model.texts() for name, model in one.items()} == {name: model.texts() for name, model in two.items()}


def test_bins_do_not_know_what_comes_after_the_cut_off():
    panel = made_panels.made_panel(4, n_units=30, n_months=140)
    later = made_panels.changed(panel, 5, slice(92, None))
    bins = [SharedFeatures(build_features(each), each.observed, last=91).of(BLOCKS)[1] for each in (panel, later)]
    month, unit = np.nonzero(panel.observed & (np.arange(140) >= 24)[:, None] & (np.arange(140) < 80)[:, None])
    y = (panel.deaths[month, unit] > 0).astype(float)
    first, second = (each.train(month, unit, y, trees=Trees(rounds=5), seed=0).model_to_string() for each in bins)
    assert first == second


def binned_rows(n_months=140):
    """Bins of a made panel with the place of each of their rows, and labels that follow the last month's deaths."""
    panel = made_panels.made_panel(4, n_units=30, n_months=n_months)
    features = build_features(panel)
    rows = panel.observed & (np.arange(n_months) >= 24)[:, None]
    month, unit = np.nonzero(rows)
    y = (np.random.default_rng(0).random(len(month)) < expit(features.column("deaths_1")[month, unit] - 2)).astype(
        float
    )
    return bin_features(features, rows), features, month, unit, y


def trees_of(booster):
    return booster.model_to_string().split("\nparameters:")[0]


def test_shared_bins_of_all_rows_give_the_trees_of_a_plain_fit():
    binned, features, month, unit, y = binned_rows()
    shared = binned.train(month, unit, y, trees=Trees(rounds=20, rows_a_leaf=50), seed=3)
    plain = lgb.train(
        {
            "objective": "binary",
            "num_leaves": 6,
            "min_data_in_leaf": 50,
            "learning_rate": 0.06,
            "lambda_l2": 1.0,
            "feature_fraction": 0.7,
            "monotone_constraints": [feature.monotone for feature in features.features],
            "feature_pre_filter": False,
            "seed": 3,
            "num_threads": 1,
            "force_row_wise": True,
            "verbosity": -1,
        },
        lgb.Dataset(features.values[month, unit], y, feature_name=list(features.names)),
        num_boost_round=20,
    )
    assert trees_of(shared) == trees_of(plain)


def test_a_fit_leaves_nothing_behind_in_the_bins_that_it_used():
    binned, _, month, unit, y = binned_rows()
    small = Trees(rounds=10, rows_a_leaf=20)
    fresh = trees_of(binned.train(month, unit, y, trees=small, seed=0))
    early = month < 110
    binned.train(month[early], unit[early], 1 - y[early], trees=replace(small, monotone=False), seed=1)
    assert len(binned._made) == 1
    assert trees_of(binned.train(month, unit, y, trees=small, seed=0)) == fresh


def test_rows_without_weight_hardly_move_what_the_others_teach():
    binned, features, month, unit, y = binned_rows()
    early = month < 110
    small = Trees(rounds=30, rows_a_leaf=50)
    shared = binned.train(month[early], unit[early], y[early], trees=small, seed=0)
    rows = binned.rows & (np.arange(140) < 110)[:, None]
    own = bin_features(features, rows).train(month[early], unit[early], y[early], trees=small, seed=0)
    assert trees_of(shared) != trees_of(own)
    x = features.values[month[~early], unit[~early]]
    miss = [np.mean((np.asarray(booster.predict(x)) - y[~early]) ** 2) for booster in (shared, own)]
    assert miss[0] == pytest.approx(miss[1], rel=0.02)


def test_bins_laid_out_by_column_give_the_trees_of_those_laid_out_by_row(monkeypatch):
    binned, features, month, unit, y = binned_rows()
    by_row = binned.train(month, unit, y, trees=Trees(rounds=10), seed=0)
    monkeypatch.setattr(binned_module, "ROWS_KEPT_TWICE", 0)
    by_column = bin_features(features, binned.rows).train(month, unit, y, trees=Trees(rounds=10), seed=0)
    assert "[force_col_wise: 1]" in by_column.model_to_string()
    assert trees_of(by_row) == trees_of(by_column)


def test_rows_that_were_not_binned_are_never_learned_from():
    panel = made_panels.made_panel(4)
    binned = SharedFeatures(build_features(panel), panel.observed, last=60).of(BLOCKS)[1]
    with pytest.raises(LookAheadError, match="month 61"):
        binned.train(np.array([30, 61]), np.array([1, 1]), np.array([0.0, 1.0]), trees=Trees(), seed=0)


def test_an_escalation_is_not_held_to_rise_with_violence():
    panel = made_panels.made_panel(4)
    features = build_features(panel)
    for target, held in (("escalation", False), ("violence_25", True)):
        assert any(label(panel, TARGETS[target], 3).design(features, panel.observed).directions) is held


def test_a_region_s_pool_is_served_as_learned():
    panel = made_panels.made_panel(1, n_units=30)
    fitted = learned(panel)
    inputs = fitted.evaluation.design.inputs
    members = {name: fitted.model.members[name].probability(inputs) for name in POOLED}
    expected = np.clip((members["logit"] + members["lightgbm"]) / 2, 0.002, 0.998)
    np.testing.assert_allclose(fitted.model.forecast(inputs).probability, expected)


@pytest.mark.parametrize("level", ["country", "region"])
def test_the_members_of_a_pool_weigh_the_same(level):
    panel = made_panels.made_panel(1, n_units=30, level=level)
    found = learned(panel).evaluation.probabilities
    np.testing.assert_allclose(found["pool"], (found["logit"] + found["lightgbm"]) / 2)
