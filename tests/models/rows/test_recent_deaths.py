"""A unit's own last months: newest first, with gaps told, and what is derived from them."""

from __future__ import annotations

import made_panels
import numpy as np

from faultline.models.rows.recent_deaths import (
    RECENT_MONTHS,
    UNSEEN,
    own_past,
    own_past_of_panel,
    recent_deaths,
    recent_names,
)


def test_the_newest_month_comes_first_and_what_was_not_observed_is_told_apart():
    panel = made_panels.made_panel(3, n_months=80, n_units=4)
    panel.observed[70, 2] = False
    recent = recent_deaths(panel, "deaths", month=np.array([75, 3]), unit=np.array([2, 1]))
    assert recent.shape == (2, RECENT_MONTHS) == (2, len(recent_names()))
    expected = panel.deaths[75 - np.arange(RECENT_MONTHS), 2].astype(float)
    expected[5] = UNSEEN
    np.testing.assert_array_equal(recent[0], expected)
    np.testing.assert_array_equal(recent[1, :4], panel.deaths[[3, 2, 1, 0], 1])
    assert (recent[1, 4:] == UNSEEN).all()


def test_own_past_by_hand():
    recent = np.full((1, RECENT_MONTHS), UNSEEN)
    recent[0, :3] = 3, 0, 6
    constant, *means, restless = own_past(recent)[0]
    assert constant == 1
    np.testing.assert_allclose(np.expm1(means), [3, 3, 1.5, 0.75])
    logs = np.log1p([3, 0, 6] + [0] * 9)
    assert np.isclose(restless, logs.std())


def test_own_past_of_a_panel_is_that_of_its_rows():
    panel = made_panels.made_panel(3, n_months=40, n_units=5)
    month, unit = np.array([0, 11, 39]), np.array([4, 0, 2])
    rows = own_past(recent_deaths(panel, "deaths", month=month, unit=unit))
    np.testing.assert_array_equal(own_past_of_panel(panel, "deaths")[month, unit], rows)
