"""Probabilities of events that are read from draws of deaths."""

import numpy as np
import pytest

from faultline.features.targets.build import TARGETS
from faultline.models.distributions.events import climatology_share, event_probability, recalibrated, spread

COURSES = np.array([[[0, 10, 200, 200]]], np.float32)
ONE = np.array([100.0])


def rule(name):
    found = TARGETS[name].drawn
    assert found is not None
    return found


def test_a_threshold_is_told_by_the_draws_alone_and_never_quite_impossible():
    p = event_probability(rule("violence_100"), COURSES, np.zeros(1), ONE * np.nan)
    assert p.tolist() == [2.5 / 5]
    never = event_probability(rule("violence_1000"), COURSES, np.zeros(1), ONE * np.nan)
    assert never.tolist() == [0.5 / 5]


def test_a_change_is_pooled_with_how_often_it_happened_the_more_the_longer_the_window():
    p = event_probability(rule("rise_30"), COURSES, ONE, np.array([0.3]))
    assert p == pytest.approx(0.9 * 0.5 + 0.1 * 0.3)
    shares = [climatology_share(horizon) for horizon in range(1, 25)]
    assert shares == sorted(shares)


def test_a_rise_and_a_fall_never_add_up_to_more_than_one():
    rise, fall = (rule(name) for name in ("rise_30", "fall_30"))
    courses = np.array([[[60, 60, 60, 200]]], np.float32)
    climatology = np.array([0.3]), np.array([0.7])
    both = [event_probability(each, courses, ONE, often) for each, often in zip((rise, fall), climatology, strict=True)]
    assert sum(both) <= 1 + 1 / 5


@pytest.mark.parametrize("name", [name for name, target in TARGETS.items() if target.drawn])
@pytest.mark.parametrize("horizon", [1, 3, 5, 6, 12, 24])
def test_every_event_has_a_spread_around_its_probability(name, horizon):
    p = np.array([0.0005, 0.01, 0.3, 0.9, 0.9995])
    low, high = spread(p, target=name, horizon=horizon)
    assert ((low >= 0) & (low <= p) & (p <= high) & (high <= 1)).all()
    assert (low[1:4] < p[1:4]).all()
    assert (high[1:4] > p[1:4]).all()


@pytest.mark.parametrize("horizon", [1, 3, 6, 12, 24])
def test_after_a_gap_what_changes_is_brought_to_how_often_it_came_and_thresholds_stay(horizon):
    p = np.linspace(0.01, 0.99, 99)
    for name in ("violence_100", "crossing_25"):
        assert recalibrated(p, target=name, horizon=horizon) is p
    rise, fall = (recalibrated(p, target=name, horizon=horizon) for name in ("rise_30", "fall_30"))
    assert (np.diff(rise) > 0).all()
    assert (np.diff(fall) > 0).all()
    assert (rise + fall[::-1]).max() < 1.1  # of a unit that surely does one of the two


def test_too_many_falls_were_said_of_a_month_after_a_gap():
    assert recalibrated(np.array([0.4]), target="fall_30", horizon=1).item() == pytest.approx(0.28, abs=0.01)
