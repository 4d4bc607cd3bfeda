"""Courses of deaths multiplied: whole, in the mean as asked, and untouched where nothing is asked."""

import numpy as np
import pytest

from faultline.models.distributions.scaling import scaled


@pytest.fixture
def courses():
    return np.random.default_rng(0).negative_binomial(0.5, 0.02, (3, 12, 1000)).astype(np.float32)


def test_the_mean_is_multiplied_and_deaths_stay_whole(courses):
    made = scaled(courses, np.array([1.03, 0.7, 2.0]))
    np.testing.assert_array_equal(made, np.rint(made))
    np.testing.assert_allclose(made.mean(axis=(1, 2)) / courses.mean(axis=(1, 2)), [1.03, 0.7, 2.0], rtol=1e-3)
    assert (made[courses == 0] == 0).all()


def test_where_the_factor_is_one_courses_stay_as_they_are(courses):
    assert scaled(courses, np.ones(3)) is courses
    made = scaled(courses, np.array([1.0, 1.5, 1.0]))
    np.testing.assert_array_equal(made[[0, 2]], courses[[0, 2]])


def test_a_part_multiplied_like_the_whole_stays_within_it(courses):
    part = np.floor(courses * 0.6)
    factor = np.array([1.1, 0.9, 1.4])
    assert (scaled(part, factor, seed=3) <= scaled(courses, factor, seed=3)).all()
