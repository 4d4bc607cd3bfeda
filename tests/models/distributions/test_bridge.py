"""Regions that add up to their country, told from what is known of them up to an older month."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultline.models.distributions.bridge import (
    Bridge,
    RegionalPast,
    bridge,
    bridged,
    evidence,
    evidence_gap,
    likely,
)

MONTHS, REGIONS, DRAWS = 72, 4, 400
HOW = Bridge([1.0, 6.0, 18.0], [0.3, 0.3, 0.3], [0.2, 0.2, 0.2], [60.0, 40.0, 20.0])
NOBODY_TOUCHES = np.zeros((REGIONS, REGIONS))


def hidden(gap, months=MONTHS):
    known = np.ones(months, bool)
    known[months - gap :] = False
    return known


def past_of(seed, known, neighbours=NOBODY_TOUCHES):
    deaths = np.random.default_rng(seed).negative_binomial(0.5, 0.03, (MONTHS, REGIONS + 1)).astype(float)
    return RegionalPast(deaths, known, neighbours)


def country_of(seed, months=3):
    return np.random.default_rng(seed).negative_binomial(1, 0.01, (months, DRAWS)).astype(np.float32)


@settings(max_examples=25)
@given(st.integers(0, 1_000), st.integers(1, 40))
def test_regions_and_rest_are_whole_deaths_that_add_up_to_every_draw_of_the_country(seed, gap):
    country = country_of(seed)
    told = np.stack([country_of(seed + n) for n in range(REGIONS)])
    parts = bridged(country, past_of(seed, hidden(gap)), told, seed=[seed], how=HOW)
    assert parts.shape == (REGIONS + 1, *country.shape)
    np.testing.assert_array_equal(parts.sum(axis=0), country)
    assert (parts >= 0).all()
    np.testing.assert_array_equal(parts, np.rint(parts))


def test_what_is_not_known_by_region_changes_nothing():
    past = past_of(1, hidden(9))
    other = RegionalPast(np.where(past.known[:, None], past.deaths, 1e6), past.known, past.neighbours)
    for how in (HOW, Bridge([6.0], [0.0], [0.0], [40.0]), Bridge([6.0], [1.0], [0.0], [40.0])):
        mine, theirs = (bridged(country_of(2), each, seed=[3], how=how) for each in (past, other))
        np.testing.assert_array_equal(mine, theirs)


def test_uncertainty_of_a_share_grows_with_the_gap():
    deaths = np.random.default_rng(0).poisson(30, (MONTHS, REGIONS + 1)).astype(float)  # shares that never change
    country = np.full((1, 4_000), 1_000, np.float32)
    spread = [
        bridged(country, RegionalPast(deaths, hidden(gap), NOBODY_TOUCHES), seed=[1], how=bridge())[0, 0].std()
        for gap in (1, 6, 12, 18, 24, 36)
    ]
    assert (np.diff(spread) > 0).all()
    assert spread[-1] > 1.5 * spread[0]


def test_draws_that_go_by_what_was_forecast_of_the_regions_are_shared_out_as_it_was():
    told = np.zeros((REGIONS, 3, DRAWS), np.float32)
    told[1], told[2] = 30, 10
    past = RegionalPast(np.zeros((MONTHS, REGIONS + 1)), hidden(6), NOBODY_TOUCHES)
    country = np.full((3, DRAWS), 100, np.float32)
    parts = bridged(country, past, told, seed=[1], how=Bridge([6.0], [0.0], [1.0], [40.0]))
    np.testing.assert_array_equal(parts[:, 0, 0], [0, 75, 25, 0, 0])
    np.testing.assert_array_equal(parts, np.broadcast_to(parts[:, :1, :1], parts.shape))


def test_shares_follow_the_known_months_of_late():
    deaths = np.zeros((MONTHS, REGIONS + 1))
    deaths[:-18, 0] = 20
    deaths[-18:, 1] = 20  # violence has moved, as two months after the gap tell
    country = np.full((3, DRAWS), 300, np.float32)
    told = hidden(17)
    told[-5:-3] = True
    before, after = (
        bridged(country, RegionalPast(deaths, known, NOBODY_TOUCHES), seed=[1], how=HOW).mean(axis=(1, 2))
        for known in (hidden(18), told)
    )
    assert before[1] < 10
    assert after[1] > 60


def test_a_region_beside_violence_is_given_more_than_one_far_from_it():
    touching = NOBODY_TOUCHES.copy()
    touching[0, 1] = touching[1, 0] = 1
    deaths = np.zeros((MONTHS, REGIONS + 1))
    deaths[:, 0] = 20
    past = RegionalPast(deaths, hidden(6), touching)
    mean = bridged(np.full((1, 2_000), 500, np.float32), past, seed=[1], how=Bridge([6.0], [0.0], [0.0], [40.0])).mean(
        axis=(1, 2)
    )
    assert mean[1] > 1.5 * mean[2]


@pytest.mark.parametrize("gap", [0, 1, 17, 30])
def test_the_gap_is_the_number_of_months_hidden_at_the_end(gap):
    assert evidence_gap(hidden(gap, 600)) == pytest.approx(gap, abs=1e-6)


def test_months_known_after_a_gap_shorten_it():
    known = hidden(17, 600)
    known[-5:-3] = True
    assert 8 < evidence_gap(known) < 17
    assert evidence(known) == pytest.approx(evidence(hidden(17, 600)) + np.exp(-4 / 12) + np.exp(-3 / 12))


def test_a_mean_made_by_a_tail_goes_to_the_other_parts():
    country = np.full((2, 1_000), 2_000, np.float32)
    parts = np.zeros((3, *country.shape), np.float32)
    parts[0, :, :40] = 2_000  # four draws in a hundred: a mean of 80, and a 95 % quantile of nothing
    parts[1] = country - parts[0]
    held = likely(parts, country, (1, 2))
    np.testing.assert_array_equal(held.sum(axis=0), country)
    assert held[0].mean(axis=1).max() <= 25
    np.testing.assert_array_equal(likely(held, country, (1, 2)), held)


@pytest.mark.parametrize("forecast", [False, True])
def test_what_was_learned_is_less_sure_of_older_shares(forecast):
    learned = bridge(forecast=forecast)
    assert any(learned.own_forecast) is forecast
    assert list(learned.gap) == sorted(learned.gap)
    assert (np.diff(learned.concentration) <= 0).all()
    assert all(0 <= past + told <= 1 for past, told in zip(learned.own_past, learned.own_forecast, strict=True))
    assert learned.at(48)[2] < learned.at(24)[2]
