"""Events of the outlook: the definitions, at-risk sets and all, and one rule for labels and for draws."""

from dataclasses import replace

import made_panels
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultline.features.targets.build import TARGETS, targets_of

OUTLOOK = [name for name, target in TARGETS.items() if target.drawn]
#: Deaths by month of one unit: quiet, 30, quiet, 120, then 90 and 80, and 1,000 at the end.
DEATHS = [0, 0, 0, 30, 0, 0, 0, 120, 90, 80, 0, 1_000]


def panel_of(deaths, months=60):
    """A unit with so many quiet months before its deaths."""
    panel = made_panels.made_panel(0, n_units=1, n_months=months + len(deaths), n_countries=1)
    values = {name: np.zeros_like(array) for name, array in panel.values.items()}
    values["sb_deaths"][months:, 0] = deaths
    panel.observed[:] = True
    return replace(panel, values=values)


def told(name, horizon, months=60):
    """Labels of the unit from the last quiet month on."""
    return TARGETS[name].label(panel_of(DEATHS), horizon)[months - 1 :, 0]


NAN = float("nan")


@pytest.mark.parametrize(
    ("name", "horizon", "wanted"),
    [
        ("violence_100", 1, [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, NAN]),
        ("violence_100", 3, [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, NAN, NAN, NAN]),
        ("violence_1000", 2, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, NAN, NAN]),
        # 30 in the last 3 months: 25 was reached, and is not crossed anew
        ("crossing_25", 1, [0, 0, 0, 1, NAN, NAN, NAN, 1, NAN, NAN, NAN, NAN, NAN]),
        ("crossing_100", 1, [0, 0, 0, 0, 0, 0, 0, 1, NAN, NAN, NAN, NAN, NAN]),
        # told only where the same number of months before had 25
        ("rise_30", 1, [NAN, NAN, NAN, NAN, 0, NAN, NAN, NAN, 0, 0, 0, NAN, NAN]),
        ("fall_30", 1, [NAN, NAN, NAN, NAN, 1, NAN, NAN, NAN, 0, 0, 1, NAN, NAN]),
        ("rise_30", 2, [NAN, NAN, NAN, NAN, 0, 0, NAN, NAN, 1, 0, 1, NAN, NAN]),
        ("worst_in_5_years", 1, [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, NAN]),
    ],
)
def test_labels_are_those_of_the_definition(name, horizon, wanted):
    np.testing.assert_array_equal(told(name, horizon), wanted)


@pytest.mark.parametrize(("after", "rises", "falls"), [(129, 0, 0), (130, 1, 0), (70, 0, 1), (71, 0, 0)])
def test_a_rise_is_1_3_times_and_a_fall_0_7_times_at_least(after, rises, falls):
    panel = panel_of([100, after])
    at = panel.shape[0] - 2
    assert TARGETS["rise_30"].label(panel, 1)[at, 0] == rises
    assert TARGETS["fall_30"].label(panel, 1)[at, 0] == falls


def test_a_worst_month_needs_five_observed_years_25_deaths_and_a_record():
    label = TARGETS["worst_in_5_years"].label
    assert np.isnan(label(panel_of([24, 25, 25, 26], months=58), 1)[:59, 0]).all()
    assert label(panel_of([24, 25, 25, 26]), 1)[59:63, 0].tolist() == [0, 1, 0, 1]


def test_a_unit_that_was_not_observed_lately_has_no_crossing_rise_or_worst_month():
    panel = panel_of(DEATHS)
    panel.observed[62, 0] = False  # two months before the first deaths end
    at = 64
    assert {name: np.isnan(TARGETS[name].label(panel, 3)[at, 0]) for name in OUTLOOK} == {
        **dict.fromkeys(("violence_100", "violence_1000"), False),
        **dict.fromkeys(("crossing_25", "crossing_100", "rise_30", "fall_30", "worst_in_5_years"), True),
    }


@pytest.mark.parametrize("name", OUTLOOK)
@given(seed=st.integers(0, 2**32 - 1), horizon=st.sampled_from([1, 3, 6]))
@settings(max_examples=15)
def test_draws_that_are_what_came_give_the_label(name, seed, horizon):
    panel = made_panels.made_panel(seed)
    rule = TARGETS[name].drawn
    at = 70
    came = panel.deaths[at + 1 : at + 1 + horizon].T[:, :, None].astype(np.float32)
    chance = rule.chance(np.repeat(came, 3, axis=2), rule.reference(panel, horizon)[at])
    np.testing.assert_array_equal(chance, TARGETS[name].label(panel, horizon)[at])


def test_a_chance_is_a_share_of_the_courses():
    rule = TARGETS["rise_30"].drawn
    courses = np.array([[[50, 131, 130, 129]], [[0, 0, 0, 0]]], np.float32)
    np.testing.assert_array_equal(rule.chance(courses, np.array([100.0, NAN])), [0.5, NAN])


def test_nobody_learns_what_is_read_from_draws():
    learned = {target.name for level in ("country", "region") for target in targets_of(level, kind=None)}
    assert not learned & set(OUTLOOK)


@pytest.mark.parametrize("horizon", [1, 3, 6, 12])
@pytest.mark.parametrize("name", OUTLOOK)
def test_what_is_recalled_of_draws_is_the_reference_where_every_month_is_known(name, horizon):
    event = TARGETS[name].drawn
    panel = made_panels.made_panel(5, n_units=8, n_months=80)
    panel.observed[:] = True
    before = np.repeat(panel.deaths[-60:].T[:, :, None], 3, axis=2).astype(np.float32)  # three draws that are alike
    recalled = event.recalled(before, horizon)
    for draw in range(3):
        np.testing.assert_array_equal(recalled[:, draw], event.reference(panel, horizon)[-1])
    courses = np.random.default_rng(0).poisson(20, (8, horizon, 3)).astype(np.float32)
    np.testing.assert_array_equal(event.chance(courses, recalled), event.chance(courses, recalled[:, 0]))


def test_where_the_past_was_drawn_a_chance_is_of_the_draws_in_which_it_can_happen():
    event = TARGETS["rise_30"].drawn
    courses = np.full((2, 1, 4), 100, np.float32)
    past = np.array([[30, 60, 90, 10], [30, 10, 10, 10]], np.float32)[:, None]  # 10 deaths are too few to rise from
    chance = event.chance(courses, event.recalled(past, 1))
    assert chance[0] == pytest.approx(2 / 3)  # 39 and 78 are passed, 117 is not
    assert np.isnan(chance[1])  # it can in one draw of four alone
