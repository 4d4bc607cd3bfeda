"""Scores on cases worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultline.models.scores.probabilities import (
    binary_scores,
    expected_calibration_error,
    precision_recall_each_month,
    reliability_table,
    skill,
)

Y = np.array([1.0, 0.0, 1.0, 0.0])
P = np.array([0.9, 0.8, 0.6, 0.1])


def test_binary_scores_by_hand():
    scores = binary_scores(Y, P)
    assert scores["n"] == 4
    assert scores["base_rate"] == 0.5
    assert scores["brier"] == pytest.approx((0.01 + 0.64 + 0.16 + 0.01) / 4)
    assert scores["log_score"] == pytest.approx(-np.mean(np.log([0.9, 0.2, 0.6, 0.9])))
    assert scores["auc"] == pytest.approx(3 / 4)
    assert scores["average_precision"] == pytest.approx((1 + 2 / 3) / 2)


def test_ranking_scores_are_nan_where_only_one_outcome_occurred():
    scores = binary_scores(np.zeros(4), P)
    assert np.isnan(scores["auc"])
    assert np.isnan(scores["average_precision"])
    assert scores["brier"] == pytest.approx(np.mean(P**2))


def test_calibration_error_is_the_mean_gap_over_bins():
    assert expected_calibration_error(Y, P, bins=2) == pytest.approx((abs(0.35 - 0.5) + abs(0.85 - 0.5)) / 2)
    forecast, observed, count = reliability_table(Y, P, bins=2)
    assert forecast.tolist() == pytest.approx([0.35, 0.85])
    assert observed.tolist() == [0.5, 0.5]
    assert count.tolist() == [2, 2]


def test_top_k_counts_hits():
    month = np.zeros(4, np.int64)
    assert precision_recall_each_month(Y, P, month, 1) == (1.0, 0.5)
    assert precision_recall_each_month(Y, P, month, 3) == (2 / 3, 1.0)


def test_top_k_of_each_month_counts_hits_of_all_months_together():
    y = np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.0])
    p = np.array([0.9, 0.8, 0.1, 0.2, 0.7, 0.6])
    month = np.array([5, 5, 5, 2, 2, 2])  # called: .9 of month 5 and .7 of month 2
    assert precision_recall_each_month(y, p, month, 1) == (1.0, 2 / 3)
    assert precision_recall_each_month(y, p, month, 2) == (2 / 4, 2 / 3)
    assert precision_recall_each_month(y, p, month, 9) == (3 / 6, 1.0)


@given(st.floats(0.001, 1), st.floats(0.001, 1))
def test_skill_is_positive_exactly_where_the_score_is_lower(score, opponent):
    assert (skill(score, opponent) > 0) == (score < opponent)


def test_skill_against_a_perfect_opponent_is_not_a_number():
    assert np.isnan(skill(0.1, 0.0))
