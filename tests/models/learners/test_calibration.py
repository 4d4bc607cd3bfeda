"""Calibration on made forecasts whose distortion is known."""

import json

import numpy as np
from scipy.special import expit

from faultline.models.learners.calibration import Calibration, fit_calibration, log_odds_of


def distorted(seed=0, n=20_000, countries=60):
    rng = np.random.default_rng(seed)
    truth = expit(rng.normal(-1, 1.5, n))
    y = (rng.random(n) < truth).astype(float)
    raw = expit((log_odds_of(truth) - 0.5) / 0.8)  # so that truth = 0.5 + 0.8 x raw, in log-odds
    return raw, truth, y, rng.integers(0, countries, n)


def test_it_undoes_a_known_distortion():
    raw, truth, y, country = distorted()
    fitted = fit_calibration(raw, y, country)
    assert abs(fitted.intercept - 0.5) < 0.1
    assert abs(fitted.slope - 0.8) < 0.05
    assert np.abs(fitted.probability(raw) - truth).max() < 0.03


def test_its_interval_holds_the_truth_about_nine_times_in_ten():
    inside = []
    for seed in range(40):
        raw, truth, y, country = distorted(seed, n=3000)
        low, high = fit_calibration(raw, y, country, seed=seed).interval(raw)
        inside.append(np.mean((low <= truth) & (truth <= high)))
    assert 0.75 < np.mean(inside) < 0.99


def test_without_events_it_stays_near_what_it_was_given():
    raw = np.full(500, 0.01)
    fitted = fit_calibration(raw, np.zeros(500), np.arange(500) % 50)
    assert 0 < fitted.probability(raw)[0] < 0.01


def test_it_comes_back_from_json():
    raw, _, y, country = distorted(n=2000)
    fitted = fit_calibration(raw, y, country, draws=20)
    assert Calibration.load(json.loads(json.dumps(fitted.state()))) == fitted


def test_it_is_the_same_for_the_same_seed_whatever_the_order_of_rows():
    raw, _, y, country = distorted(n=2000)
    order = np.random.default_rng(1).permutation(len(raw))
    one, two = fit_calibration(raw, y, country), fit_calibration(raw[order], y[order], country[order])
    np.testing.assert_allclose(one.draws, two.draws, atol=1e-6)
