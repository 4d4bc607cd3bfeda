"""Distribution scores: cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from faultline.features.errors import CoverageError
from faultline.models.scores.samples import (
    crps_of_logs,
    crps_of_quantiles,
    ignorance,
    interval_score,
    mean_errors,
    randomised_pit,
    sample_scores,
)


def test_crps_of_two_samples_is_that_of_their_own_step_function():
    # mean |x - y| = 1, half the mean distance of all pairs (0, 2, 2, 0) = 1/2
    assert sample_scores(np.array([1.0]), np.array([[0.0, 2.0]]))["crps"][0] == pytest.approx(0.5)


def test_crps_of_a_sure_forecast_is_its_absolute_error():
    assert sample_scores(np.array([7.0]), np.full((1, 1000), 3.0))["crps"][0] == pytest.approx(4.0)


def test_crps_of_logs_is_the_crps_of_the_logs():
    rng = np.random.default_rng(4)
    y, samples = rng.poisson(5, 50).astype(float), rng.poisson(20, (50, 30)).astype(float)
    assert crps_of_logs(y, samples) == pytest.approx(sample_scores(np.log1p(y), np.log1p(samples))["crps"])
    # a sure forecast of nothing where e - 1 die is one log off
    assert crps_of_logs(np.array([np.e - 1]), np.zeros((1, 3))) == pytest.approx([1.0])


def test_the_mean_is_told_by_its_error_and_the_size_of_it():
    errors = mean_errors(np.array([10.0, 0.0]), np.array([[0.0, 4.0], [1.0, 5.0]]))
    assert errors["bias_mean"].tolist() == [-8, 3]
    assert errors["mae_mean"].tolist() == [8, 3]


def test_ignorance_adds_one_sample_to_each_of_eleven_bins():
    samples = np.concatenate([np.zeros(990), np.full(10, 1.0)])[None]
    assert ignorance(np.array([0.0]), samples)[0] == pytest.approx(-np.log2(991 / 1011))
    assert ignorance(np.array([2.0]), samples)[0] == pytest.approx(-np.log2(11 / 1011))
    assert ignorance(np.array([5000.0]), samples)[0] == pytest.approx(-np.log2(1 / 1011))


def test_a_bin_holds_its_lower_edge():
    assert ignorance(np.array([2.5]), np.array([[3.0]]))[0] == pytest.approx(-np.log2(2 / 12))
    assert ignorance(np.array([2.4]), np.array([[3.0]]))[0] == pytest.approx(-np.log2(1 / 12))


def test_interval_score_is_the_width_and_twenty_times_a_miss_at_90_percent():
    y, low, high = np.array([5.0, 12.0, -1.0]), np.zeros(3), np.full(3, 10.0)
    assert interval_score(y, low, high) == pytest.approx([10.0, 50.0, 30.0])


def test_interval_score_is_that_of_the_formula_to_the_last_digit():
    rng = np.random.default_rng(5)
    y, low = rng.integers(0, 200, 5_000).astype(float), rng.integers(0, 900, 5_000) / 7
    high = low + rng.integers(0, 900, 5_000) / 11
    misses = np.maximum(low - y, 0) + np.maximum(y - high, 0)
    assert interval_score(y, low, high).tolist() == ((high - low) + 2 / (1 - 0.9) * misses).tolist()
    assert interval_score(y[:1], low[:1], high[:1]).shape == (1,)
    assert interval_score(y[:0], low[:0], high[:0]).shape == (0,)


def test_mis_takes_the_5_and_95_percent_quantiles_as_numpy_has_them():
    samples = np.random.default_rng(1).gamma(0.5, 10, (7, 333))
    low, high = np.quantile(samples, [0.05, 0.95], axis=1)
    y = np.arange(7.0) * 10
    scores = sample_scores(y, samples)
    assert scores["mis"] == pytest.approx(interval_score(y, low, high))
    assert scores["covered_90"] == pytest.approx(((low <= y) & (y <= high)).astype(float))


def test_outcomes_drawn_from_the_forecast_are_covered_and_have_a_flat_pit():
    rng = np.random.default_rng(2)
    mean = rng.gamma(1, 20, (5000, 1))
    samples, y = rng.poisson(mean, (5000, 200)).astype(np.float32), rng.poisson(mean[:, 0]).astype(float)
    scores = sample_scores(y, samples)
    assert scores["covered_80"].mean() == pytest.approx(0.8, abs=0.05)
    assert np.histogram(scores["pit"], 5, (0, 1))[0] / 5000 == pytest.approx(np.full(5, 0.2), abs=0.02)


def test_pit_of_an_outcome_below_all_samples_is_zero():
    assert randomised_pit(np.array([0.0]), np.full((1, 9), 4.0))[0] == 0


def test_crps_of_the_median_alone_is_its_absolute_error():
    assert crps_of_quantiles(np.array([4.0]), np.array([[1.0]]), np.array([0.5]))[0] == pytest.approx(3.0)


def test_samples_that_are_not_numbers_are_refused():
    with pytest.raises(CoverageError, match="finite"):
        sample_scores(np.array([1.0]), np.array([[np.nan, 1.0]]))
    with pytest.raises(CoverageError, match="do not belong"):
        sample_scores(np.array([1.0, 2.0]), np.zeros((1, 3)))
