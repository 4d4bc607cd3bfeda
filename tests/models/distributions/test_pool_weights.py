"""Weights of a pool: the CRPS as a quadratic, the best weights by known answers, and the strata."""

from __future__ import annotations

import numpy as np
import pytest
import scoringrules
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from faultline.models.distributions.pool import MEMBERS
from faultline.models.distributions.pool_weights import (
    LEADS,
    LEVELS,
    PoolWeights,
    best_weights,
    crps_gram,
    pool_weights,
    strata,
)
from faultline.models.rows.recent_deaths import RECENT_MONTHS, UNSEEN

DRAWS = hnp.arrays(np.float32, (1, 3, 6), elements=st.integers(0, 9).map(float))


@given(drawn=DRAWS, y=st.integers(0, 12), counts=st.lists(st.integers(0, 4), min_size=3, max_size=3))
@settings(max_examples=60, deadline=None)
def test_the_quadratic_is_the_crps_of_the_mixture(drawn, y, counts):
    if not sum(counts):
        counts = [1, 1, 1]
    w = np.array(counts) / sum(counts)
    gram = crps_gram(np.array([float(y)]), drawn)[0]
    mixture = np.concatenate([np.tile(drawn[0, m], count) for m, count in enumerate(counts)])
    expected = scoringrules.crps_ensemble(np.array([float(y)]), mixture[None].astype(float), estimator="qd")[0]
    assert w @ gram @ w == pytest.approx(expected, abs=1e-6)


def test_all_weight_goes_to_a_member_that_is_always_right():
    rng = np.random.default_rng(0)
    y = rng.poisson(5, 400).astype(float)
    drawn = np.stack([np.repeat(y[:, None], 20, axis=1), rng.poisson(5, (400, 20))], axis=1).astype(np.float32)
    distant = np.resize([0.0, 0.5, 1.0], 400)
    found = best_weights(crps_gram(y, drawn), np.array([[0.99, 0.3]] * 400), distant, rival=(1.0, 1.0))
    np.testing.assert_allclose(found, [[1, 0], [1, 0]], atol=1e-3)


def test_members_that_are_alike_share_and_one_that_errs_the_other_way_is_taken_in():
    rng = np.random.default_rng(1)
    y = rng.poisson(10, 2_000).astype(float)
    low, high = (rng.poisson(mean, (2_000, 100)) for mean in (7, 13))
    drawn = np.stack([low, high], axis=1).astype(np.float32)
    distant = np.resize([0.0, 0.5, 1.0], 2_000)
    found = best_weights(crps_gram(y, drawn), np.full((2_000, 2), 0.5), distant, rival=(1.0, 1.0))
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (found > 0.3).all()


def test_no_set_of_weights_on_a_grid_is_better():
    rng = np.random.default_rng(2)
    y = rng.poisson(3, 300).astype(float)
    drawn = rng.poisson([[[1], [3], [8]]], (300, 3, 40)).astype(np.float32)
    gram, share = crps_gram(y, drawn), rng.uniform(0.05, 0.9, (300, 3))
    rival = (float(gram[:, 1, 1].mean()), float(-np.log2(share[:, 1]).mean()))

    def cost(w: np.ndarray) -> float:
        return w @ gram.mean(axis=0) @ w / rival[0] - 0.3 * np.log2(share @ w).mean() / rival[1]

    best = cost(best_weights(gram, share, np.zeros(300), rival=rival)[0])
    grid = [np.array([a, b, 20 - a - b]) / 20 for a in range(21) for b in range(21 - a)]
    assert best <= min(cost(w) for w in grid) + 1e-9


def test_strata_go_by_the_mean_of_the_last_twelve_months():
    recent = np.full((5, RECENT_MONTHS), UNSEEN)
    recent[:, 0] = 0, 1, 24, 240, 2_400
    recent[:, 12] = 10_000  # too long ago
    assert strata(recent).tolist() == [0, 1, 1, 2, 2]


def test_weights_go_by_stratum_and_smoothly_from_one_lead_to_the_other():
    rng = np.random.default_rng(4)
    values = rng.dirichlet(np.ones(4), (len(LEADS), len(LEVELS)))
    recent = np.zeros((2, RECENT_MONTHS))
    recent[1, :12] = 30
    weights = PoolWeights(values)
    path = np.stack([weights.of(recent, horizon) for horizon in range(1, 15)])
    np.testing.assert_array_equal(path[0], values[0, [0, 2]])
    np.testing.assert_allclose(path[5:], np.broadcast_to(values[1, [0, 2]], (9, 2, 4)))
    np.testing.assert_allclose(path.sum(axis=2), 1)
    steps, way = np.abs(np.diff(path, axis=0)), np.abs(values[1] - values[0])[[0, 2]]
    assert (steps <= 0.4 * way + 1e-12).all()  # log 2 of log 6; two bands went all the way in one step


@pytest.mark.parametrize("level", ["country", "region"])
@pytest.mark.parametrize("outcome", ["deaths", "sb_deaths", "os_deaths"])
def test_the_package_has_whole_weights_for_every_level_and_outcome(level, outcome):
    values = pool_weights(level, outcome).table
    assert values.shape == (len(LEADS), len(LEVELS), len(MEMBERS))
    assert (values >= 0).all()
    np.testing.assert_allclose(values.sum(axis=-1), 1, atol=1e-3)
