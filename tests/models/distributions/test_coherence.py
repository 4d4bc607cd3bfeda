"""Parts add up to the whole, draw by draw."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from faultline.models.distributions.coherence import bottom_up, shared_out, top_down

counts = st.sampled_from([0.0, 0.0, 1.0, 2.0, 7.0, 30.0, 2_000.0])


@st.composite
def whole_and_parts(draw):
    parts, months, draws = draw(st.integers(1, 6)), draw(st.integers(1, 3)), draw(st.integers(1, 20))
    return (
        draw(arrays(np.float32, (months, draws), elements=counts)),
        draw(arrays(np.float32, (parts, months, draws), elements=counts)),
    )


@given(whole_and_parts())
def test_parts_are_whole_deaths_that_add_up_to_every_draw_of_the_country(made):
    country, parts = made
    shared = top_down(country, parts)
    assert shared.shape == parts.shape
    np.testing.assert_array_equal(shared.sum(axis=0), country)
    assert (shared >= 0).all()
    np.testing.assert_array_equal(shared, np.rint(shared))


@given(whole_and_parts())
def test_a_part_that_never_sees_a_death_gets_none_unless_no_part_ever_does(made):
    country, parts = made
    parts[0] = 0
    some = parts.mean(axis=-1).sum(axis=0) > 0
    assert (top_down(country, parts)[0][some] == 0).all()


def test_parts_that_add_up_already_stay_as_they_are():
    parts = np.array([[[1.0, 5.0, 0.0]], [[2.0, 2.0, 0.0]]], np.float32)
    np.testing.assert_array_equal(top_down(parts.sum(axis=0), parts), parts)


def test_a_bad_draw_of_the_country_is_a_bad_draw_of_its_parts():
    parts = np.array([[[9.0, 1.0]], [[1.0, 1.0]]], np.float32)  # the worse draw comes first
    country = np.array([[10.0, 40.0]], np.float32)  # and last in the country
    assert top_down(country, parts).tolist() == [[[5.0, 36.0]], [[5.0, 4.0]]]


def test_remainders_go_to_the_largest_fractions():
    shared = shared_out(np.array([10.0], np.float32), np.array([[0.5], [0.3], [0.2]]) * 7)
    assert shared.ravel().tolist() == [5, 3, 2]
    shared = shared_out(np.array([3.0], np.float32), np.array([[0.55], [0.35], [0.10]]))
    assert shared.ravel().tolist() == [2, 1, 0]


def test_a_sum_of_sorted_draws_is_wider_and_of_the_same_mean():
    parts = np.random.default_rng(0).poisson(3, (20, 2, 500)).astype(np.float32)
    alone, together = bottom_up(parts), bottom_up(parts, together=True)
    assert (together.std(axis=-1) > 3 * alone.std(axis=-1)).all()
    np.testing.assert_allclose(alone.mean(axis=-1), together.mean(axis=-1), rtol=1e-6)
