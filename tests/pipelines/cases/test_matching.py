"""Matched months: windows around each month, and the nearest months in level and trend."""

import numpy as np
import pytest

from faultline.pipelines.cases.matching import CALIPER, CONTROLS, matched_months, windows, world_region


def test_the_windows_leave_the_month_of_the_event_out():
    deaths = np.arange(1.0, 11.0)[:, None]  # 1 to 10
    around = windows(deaths, np.ones((10, 1), bool), 2)
    assert around.before[4, 0] == 3 + 4
    assert around.after[4, 0] == 6 + 7
    assert around.level[4, 0] == pytest.approx(np.log(8))
    assert around.trend[4, 0] == pytest.approx(np.log(8) - np.log(4))
    assert np.isnan(around.before[:2, 0]).all()
    assert np.isnan(around.trend[3, 0])
    assert np.isnan(around.after[8:, 0]).all()
    assert around.after[7, 0] == 9 + 10


def test_a_window_with_a_month_that_is_not_known_is_not_known():
    usable = np.ones((10, 1), bool)
    usable[3] = False
    around = windows(np.ones((10, 1)), usable, 2)
    assert np.isnan(around.before[[4, 5], 0]).all()
    assert np.isnan(around.after[[1, 2], 0]).all()
    assert around.before[6, 0] == 2
    assert around.after[3, 0] == 2


def made(levels, months=40):
    """Countries with the same deaths every month: level by country, no trend."""
    deaths = np.tile(np.asarray(levels, float), (months, 1))
    return windows(deaths, np.ones(deaths.shape, bool), 2)


def test_controls_are_of_the_region_within_the_caliper_and_eligible():
    around = made([10, 10, 10, 17, 10])
    region = np.array([0, 0, 1, 0, 0])
    eligible = np.ones((40, 5), bool)
    eligible[:, [0, 4]] = False
    found = matched_months((20, 0), around, eligible, region)
    assert {unit for _, unit, _ in found} == {1}  # 2 is elsewhere, 3 at 1.65 times the level, 4 had an event
    assert np.log1p(34) - np.log1p(20) > CALIPER[0]


def test_the_nearest_in_level_come_first_then_the_nearest_in_time_and_no_month_is_used_twice():
    around = made([10, 12, 10])
    eligible = np.ones((40, 3), bool)
    eligible[:, 0] = False
    found = matched_months((20, 0), around, eligible, np.zeros(3, int))
    assert len(found) == CONTROLS
    assert [(month, unit) for month, unit, _ in found] == [(20, 2), (15, 2), (25, 2), (10, 2), (30, 2)]
    assert found[0][2] == 0


def test_a_rising_country_is_not_matched_with_a_falling_one():
    deaths = np.ones((12, 2)) * 10
    deaths[:4, 0], deaths[:4, 1] = 2, 50
    around = windows(deaths, np.ones(deaths.shape, bool), 4)
    eligible = np.array([[False, True]] * 12)
    assert around.level[8, 0] == around.level[8, 1]
    assert matched_months((8, 0), around, eligible, np.zeros(2, int)) == []


def test_a_case_whose_past_is_not_known_has_no_controls():
    around = made([10, 10])
    assert matched_months((1, 0), around, np.ones((40, 2), bool), np.zeros(2, int)) == []


def test_regions_of_the_world_go_by_the_first_number_of_each():
    gwno = np.array([2, 165, 200, 399, 402, 625, 626, 630, 651, 698, 700, 860, 900, 990])
    assert world_region(gwno).tolist() == [0, 0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5]
