"""Redrawn scores: those of scikit-learn under the same weights, and countries drawn whole."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from faultline.models.scores.intervals import score_draws, score_intervals
from faultline.models.scores.probabilities import binary_scores, skill


def made(n=400):
    rng = np.random.default_rng(3)
    p = rng.integers(1, 40, n) / 40  # many ties
    y = (rng.random(n) < p).astype(float)
    return y, p, np.full(n, y.mean()), rng.integers(0, 20, n)


def test_with_equal_weights_they_are_the_scores_themselves():
    y, p, climatology, _ = made()
    found = score_draws(y, p, climatology, np.ones((1, len(y))))
    scores = binary_scores(y, p)
    for name in ("auc", "average_precision", "calibration_error"):
        assert found[name][0] == pytest.approx(scores[name])
    opponent = binary_scores(y, climatology)["brier"]
    assert found["brier_skill_climatology"][0] == pytest.approx(skill(scores["brier"], opponent))
    assert found["brier_skill_base_rate"][0] == pytest.approx(found["brier_skill_climatology"][0])  # a constant here


def test_weights_count_rows_as_often_as_they_say():
    y, p, climatology, _ = made()
    weight = np.random.default_rng(5).integers(0, 4, len(y)).astype(float)
    found = score_draws(y, p, climatology, weight[None])
    assert found["auc"][0] == pytest.approx(roc_auc_score(y, p, sample_weight=weight))
    assert found["average_precision"][0] == pytest.approx(average_precision_score(y, p, sample_weight=weight))


def test_the_interval_holds_the_score_and_is_wider_over_countries_than_over_rows():
    y, p, climatology, _ = made()
    # twenty countries of twenty rows that are copies of one another
    one = np.arange(len(y)) // 20 * 20
    y, p = y[one], p[one]
    wide = score_intervals(y, p, climatology, one)["auc"]
    narrow = score_intervals(y, p, climatology, np.arange(len(y)))["auc"]
    assert wide[0] < roc_auc_score(y, p) < wide[1]
    assert wide[1] - wide[0] > 2 * (narrow[1] - narrow[0])


def test_one_country_or_one_outcome_says_nothing():
    y, p, climatology, cluster = made()
    assert np.isnan(score_intervals(y, p, climatology, np.zeros(len(y), int))["auc"]).all()
    assert np.isnan(score_intervals(np.zeros(len(y)), p, climatology, cluster)["average_precision"]).all()
