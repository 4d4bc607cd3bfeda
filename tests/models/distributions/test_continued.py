"""Courses that go on beyond what was learned."""

import numpy as np

from faultline.models.distributions.continued import TAIL, continued, months_ahead, successors


def drawn(seed=3, units=4, months=12, draws=400):
    rng = np.random.default_rng(seed)
    level = rng.gamma(0.5, 40, (units, 1, draws))
    return rng.poisson(level * rng.gamma(4, 0.25, (units, months, draws))).astype(np.float32)


def test_what_was_drawn_stays_and_what_follows_is_what_another_course_of_the_unit_did_last():
    courses = drawn()
    follow = successors(courses, seed=0)
    long = continued(courses, 9, follow)
    assert long.shape == (4, 21, 400)
    assert (long[:, :12] == courses).all()
    for k in (0, 57, 399):
        assert (long[2, 12:18, k] == courses[2, -TAIL:, follow[2, k]]).all()
        assert (long[2, 18:, k] == courses[2, -TAIL : -TAIL + 3, follow[2, follow[2, k]]]).all()


def test_a_successor_is_as_bad_as_the_course_was():
    courses = drawn()
    total = courses[:, -TAIL:].sum(axis=1)
    after = continued(courses, TAIL, successors(courses, seed=0))[:, -TAIL:].sum(axis=1)
    for before, later in zip(total, after, strict=True):
        assert 0.6 < np.corrcoef(np.argsort(np.argsort(before)), np.argsort(np.argsort(later)))[0, 1] < 1
        assert abs(later.mean() / before.mean() - 1) < 0.1


def test_parts_that_go_on_as_their_whole_does_still_add_up_to_it():
    parts = drawn(units=3)
    whole = parts.sum(axis=0, keepdims=True)
    follow = successors(whole, seed=0)
    together = continued(parts, 12, np.repeat(follow, 3, axis=0)).sum(axis=0)
    assert (together == continued(whole, 12, follow)[0]).all()


def test_one_units_courses_move_no_others():
    courses = drawn()
    changed = courses.copy()
    changed[0] = changed[0, :, ::-1] * 3
    assert (successors(courses, seed=0)[1:] == successors(changed, seed=0)[1:]).all()


def test_months_ahead_are_those_that_were_learned_and_those_that_follow():
    courses = drawn()
    ahead = np.array([[1, 12, 13], [2, 2, 12], [12, 12, 12], [1, 2, 3]])
    told = months_ahead(courses, ahead, seed=0)
    assert told.shape == (4, 3, 400)
    long = continued(courses, 1, successors(courses, seed=0))
    for unit, months in enumerate(ahead):
        np.testing.assert_array_equal(told[unit], long[unit, months - 1])
