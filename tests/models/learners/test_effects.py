"""The effects layer: what is there is found, shrinkage leaves nothing, and where no fact is known no score moves."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit
from scipy.special import logit as log_odds

from faultline.models.learners.effects import EffectsLayer, Exposure, fit_effects

NAMES = ("came", "left", "coup")
TRUE = np.array([1.0, 0.0, -0.6])


def made(n=20_000, countries=30, seed=0):
    rng = np.random.default_rng(seed)
    x = (rng.random((n, 3)) < 0.2).astype(np.float64)
    history, violent = rng.uniform(0.02, 0.6, n), rng.random(n) < 0.4
    y = (rng.random(n) < expit(log_odds(history) + x @ TRUE)).astype(np.float64)
    return Exposure(x, violent), y, history, rng.integers(0, countries, n)


def test_a_planted_effect_is_found_within_its_interval():
    layer = fit_effects(*made(), names=NAMES, ridge=1.0)
    assert np.abs(layer.coefficient - TRUE).max() < 0.15
    assert (np.abs(layer.coefficient - TRUE) < 3 * layer.error).all()
    assert (layer.error < 0.1).all()


def test_a_forecast_that_is_wrong_alike_with_and_without_a_fact_gives_the_fact_no_effect():
    exposure, _, history, country = made()
    rng = np.random.default_rng(5)
    y = (rng.random(len(history)) < expit(log_odds(history) + 0.7 + 0.5 * exposure.violent)).astype(np.float64)
    layer = fit_effects(exposure, y, history, country, names=NAMES, ridge=1.0)
    assert np.abs(layer.coefficient).max() < 0.15


def test_strong_shrinkage_changes_no_probability():
    exposure, y, history, country = made(2_000)
    layer = fit_effects(exposure, y, history, country, names=NAMES, ridge=1e12)
    np.testing.assert_allclose(layer.shift(exposure.x).moved(history), history, rtol=0, atol=1e-6)
    weak, strong = (fit_effects(exposure, y, history, country, names=NAMES, ridge=r) for r in (1, 100))
    assert np.abs(strong.coefficient).sum() < np.abs(weak.coefficient).sum()


def test_without_shrinkage_it_is_the_maximum_likelihood_of_statsmodels_with_its_clustered_errors():
    exposure, y, history, country = made(3_000)
    layer = fit_effects(exposure, y, history, country, names=NAMES, ridge=1e-9)
    design = np.column_stack([np.ones(len(y)), exposure.violent, exposure.x])
    model = sm.GLM(y, design, family=sm.families.Binomial(), offset=log_odds(history))
    fitted = model.fit(cov_type="cluster", cov_kwds={"groups": country, "use_correction": False})
    np.testing.assert_allclose(layer.coefficient, fitted.params[2:], atol=1e-4)
    np.testing.assert_allclose(layer.error, fitted.bse[2:] * np.sqrt(30 / 29), rtol=1e-3)


def made_deaths(n, seed=1):
    """Deaths around a forecast mean, negative binomial with a spread of its own."""
    exposure, _, _, country = made(n)
    rng = np.random.default_rng(seed)
    history = rng.lognormal(1, 1.5, n)
    y = rng.negative_binomial(0.7, 0.7 / (0.7 + history * np.exp(exposure.x @ TRUE))).astype(np.float64)
    return exposure, y, history, country


def test_of_deaths_without_shrinkage_it_is_statsmodels_negative_binomial_with_its_clustered_errors():
    exposure, y, history, country = made_deaths(4_000)
    layer = fit_effects(exposure, y, history, country, names=NAMES, ridge=1e-9, counts=True)
    design = np.column_stack([np.ones(len(y)), exposure.violent, exposure.x])
    family = sm.families.NegativeBinomial(alpha=1.0)
    model = sm.GLM(y, design, family=family, offset=np.log(np.maximum(history, 0.1)))
    fitted = model.fit(tol=1e-12, cov_type="cluster", cov_kwds={"groups": country, "use_correction": False})
    np.testing.assert_allclose(layer.coefficient, fitted.params[2:], atol=2e-4)
    np.testing.assert_allclose(layer.error, fitted.bse[2:] * np.sqrt(30 / 29), rtol=1e-3)


def test_a_planted_factor_of_deaths_is_found_and_what_multiplies_them_is_bounded():
    layer = fit_effects(*made_deaths(40_000), names=NAMES, ridge=1.0, counts=True)
    assert np.abs(layer.coefficient - TRUE).max() < 0.1
    factor, low, high = layer.shift(np.array([[0, 0, 1.0], [5.0, 0, 0], [0, 0, 0], [np.nan] * 3])).factors()
    assert factor[0] == pytest.approx(np.exp(-0.6), rel=0.1)
    assert (low[0] < factor[0] < high[0], factor[1]) == (True, 2.0)
    for each in (factor, low, high):
        assert each[2:].tolist() == [1.0, 1.0]


def test_where_nothing_is_coded_or_nothing_happened_a_score_stays_as_it_is_to_the_last_bit():
    layer = EffectsLayer(NAMES, TRUE, np.eye(3) / 4, 1.0)
    history = np.array([0.1, 0.3000000000000001, 0.00001])
    shift = layer.shift(np.array([[np.nan] * 3, [0, 0, 0], [0, np.nan, 0]]))
    for moved in (shift.moved(history), *shift.interval(history)):
        np.testing.assert_array_equal(moved, history)


def test_what_is_added_has_an_interval_around_it():
    layer = EffectsLayer(NAMES, TRUE, np.eye(3) / 4, 1.0)
    shift = layer.shift(np.array([[1.0, 0, 0]]))
    assert shift.moved(0.5).item() == pytest.approx(expit(1.0))
    low, high = shift.interval(0.5)
    assert (low.item(), high.item()) == pytest.approx((expit(1 - 1.645 / 2), expit(1 + 1.645 / 2)), abs=1e-3)


def test_one_country_says_nothing_of_others():
    exposure, y, history, _ = made(500)
    layer = fit_effects(exposure, y, history, np.zeros(500, np.int64), names=NAMES, ridge=1.0)
    assert layer.coefficient.tolist() == [0, 0, 0]
