"""Courses of deaths: brought to probabilities, thinned where they must be, with means that are believable."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from faultline.models.distributions.distribution import THRESHOLDS, exceedance, window_samples
from faultline.models.distributions.tilting import SMALL_MEAN, in_order, tempered, tilted

WINDOWS = (1, 3)
DRAWS = 500


def courses(seed: int, *, rate: float = 6.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    whole = rng.poisson(rng.gamma(0.5, rate / 0.5, (2, 3, DRAWS))).astype(np.float32)
    return np.stack([whole, np.floor(whole / 2)])


def shares(drawn: np.ndarray) -> np.ndarray:
    found = [[exceedance(window_samples(drawn[0], window), k) for window in WINDOWS] for k in THRESHOLDS]
    return np.array(found).transpose(0, 2, 1)


chance = st.floats(0.0, 1.0)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 50), p=st.lists(chance, min_size=8, max_size=8))
def test_shares_of_courses_are_the_probabilities(seed, p):
    wanted = in_order(np.array(p).reshape(2, 2, 2))
    wanted[0] = np.maximum(wanted[0], wanted[1])
    drawn = tilted(courses(seed), wanted, WINDOWS)
    assert drawn.shape == (2, 2, 3, DRAWS)
    assert (drawn[1] <= drawn[0]).all()
    assert (drawn == np.rint(drawn)).all()
    # what raking of the two thresholds together leaves; the table then speaks of the courses' own share
    assert np.median(np.abs(shares(drawn) - wanted)) <= 0.01


def test_probabilities_near_those_of_the_courses_are_met_to_two_courses():
    before = courses(1)
    wanted = shares(before) * 0.9
    assert np.abs(shares(tilted(before, wanted, WINDOWS)) - wanted).max() <= 2 / DRAWS + 1e-9


def test_a_unit_whose_courses_all_have_deaths_can_be_told_that_it_may_see_none():
    before = courses(2) + 3
    wanted = np.array([[[0.2, 0.6]] * 2, [[0.05, 0.4]] * 2])
    after = shares(tilted(before, wanted, WINDOWS))
    np.testing.assert_allclose(after[0], wanted[0], atol=0.01)


def test_a_unit_without_deaths_in_any_course_can_be_told_that_it_may_see_some():
    wanted = np.array([[[0.1, 0.3]] * 2, [[0.02, 0.06]] * 2])
    after = shares(tilted(np.zeros((1, 2, 3, DRAWS), np.float32), wanted, WINDOWS))
    np.testing.assert_allclose(after, wanted, atol=0.01)


def test_a_course_that_is_told_to_reach_a_threshold_has_no_more_in_the_month_than_it_asks():
    before = np.zeros((1, 1, 3, DRAWS), np.float32)
    before[0, 0, 0] = 20
    after = tilted(before, np.array([[[1.0, 1.0]], [[0.1, 0.2]]]), WINDOWS)
    np.testing.assert_allclose(shares(after)[1], [[0.1, 0.2]], atol=0.01)
    assert after.max() == 25


def test_courses_that_agree_already_and_units_without_probabilities_stay_as_they_are():
    before = courses(3)
    wanted = shares(before)
    np.testing.assert_array_equal(tilted(before, wanted, WINDOWS), before)
    wanted[:, 1] = np.nan
    wanted[:, 0] *= 0.5
    np.testing.assert_array_equal(tilted(before, wanted, WINDOWS)[:, 1], before[:, 1])


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 50), worst=st.integers(1, 1_000_000), how_many=st.integers(0, 40))
def test_no_mean_is_above_what_is_likely(seed, worst, how_many):
    drawn = courses(seed, rate=2.0)
    drawn[:, 0, 1, :how_many] += worst  # a tail that no quantile sees
    after = tempered(drawn, WINDOWS)
    assert (after <= drawn).all()
    assert (after[1] <= after[0]).all()
    for values in [*after.transpose(2, 0, 1, 3), *(after[:, :, :w].sum(axis=2) for w in WINDOWS)]:
        limit = np.maximum(np.quantile(values, 0.95, axis=-1), SMALL_MEAN)
        assert (values.mean(axis=-1, dtype=np.float64) <= limit + 1e-9).all()
    np.testing.assert_array_equal(after >= 25, drawn >= 25)


def test_a_believable_tail_is_left_alone():
    drawn = courses(4)
    np.testing.assert_array_equal(tempered(drawn, WINDOWS), drawn)
