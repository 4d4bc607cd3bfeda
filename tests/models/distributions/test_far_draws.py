"""Draws far beyond a unit's record: seen where nothing speaks for them, and named after the analog that had as many."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import made_panels
import numpy as np
import pytest

from faultline.features.blocks.build import build_features
from faultline.models.distributions.conflictology import CONFLICTOLOGY
from faultline.models.distributions.far_draws import FarDraw, far_draws, mean_too_high, whereabouts
from faultline.models.distributions.hurdle import HURDLE
from faultline.models.distributions.pool import SAMPLE_POOL

if TYPE_CHECKING:
    from faultline.features.panels.panel import Panel

LAST, UNITS = 99, 12
AT = np.full(UNITS, LAST)


@pytest.fixture(scope="module")
def panel() -> Panel:
    made = made_panels.made_panel(3, n_months=110, n_units=UNITS)
    # a unit that never had more than a death a month, beside units that had many
    for name in ("sb_deaths", "ns_deaths", "os_deaths"):
        made.values[name][:, 0] = 0.0
    made.values["sb_deaths"][::5, 0] = 1.0
    return made


@pytest.fixture(scope="module")
def hurdle(panel):
    return HURDLE.fit(panel, build_features(panel), last=LAST, horizons=2, threads=1)


def far_of(fitted, panel, samples):
    return far_draws(fitted, panel, build_features(panel), samples, outcome="deaths", at=AT)


def drawn(deaths: float, *, unit: int = 0) -> np.ndarray:
    samples = np.zeros((UNITS, 2, 100), np.float32)
    samples[unit, 1, 7] = deaths
    return samples


def test_ten_times_the_record_and_few_deaths_need_no_precedent(panel):
    fitted = CONFLICTOLOGY.fit(panel, build_features(panel), last=LAST, horizons=2)
    assert panel.deaths[: LAST + 1, 0].max() == 1
    assert far_of(fitted, panel, drawn(25)) == ()
    assert far_of(fitted, panel, drawn(26)) == (FarDraw(0, 2, 26.0, None),)
    record = float(panel.deaths[: LAST + 1, 1].max())
    assert far_of(fitted, panel, drawn(10 * record, unit=1)) == ()
    assert [far.unit for far in far_of(fitted, panel, drawn(10 * record + 1, unit=1))] == [1]


def test_what_came_later_is_no_record(panel):
    later = replace(panel, values={name: values.copy() for name, values in panel.values.items()})
    later.values["sb_deaths"][LAST + 1 :, 0] = 1e4
    fitted = CONFLICTOLOGY.fit(panel, build_features(panel), last=LAST, horizons=2)
    assert far_of(fitted, later, drawn(26)) == far_of(fitted, panel, drawn(26))


@pytest.mark.parametrize("family", [HURDLE, SAMPLE_POOL])
def test_a_draw_that_an_analog_had_has_a_precedent_and_a_larger_one_has_none(panel, hurdle, family):
    fitted = hurdle if family is HURDLE else SAMPLE_POOL.around(hurdle, level="country")
    worst = hurdle.months[1].followed.max()
    (one,) = far_of(fitted, panel, drawn(worst + 1))
    assert one.analog is None
    near = replace(hurdle.months[1], followed=np.full_like(hurdle.months[1].followed, 40.0))
    known = replace(hurdle, months=(hurdle.months[0], near))
    fitted = known if family is HURDLE else SAMPLE_POOL.around(known, level="country")
    (one,) = far_of(fitted, panel, drawn(40))
    assert one.analog is not None
    assert far_of(fitted, panel, drawn(41))[0].analog is None


def test_every_analog_is_found_where_it_had_its_deaths(panel, hurdle):
    for ahead, month in enumerate(hurdle.months, 1):
        for position in np.flatnonzero(month.followed >= 10).tolist():
            found = whereabouts(hurdle, panel, "deaths", FarDraw(0, ahead, 1.0, position), last=LAST)
            assert found is not None
            unit, when = found
            assert panel.deaths[when, unit] == month.followed[position]
            assert when <= LAST


def test_of_many_months_with_as_many_deaths_the_one_with_the_analogs_past_is_named(panel, hurdle):
    month = hurdle.months[0]
    position = int(month.followed.argmax())
    unit, when = whereabouts(hurdle, panel, "deaths", FarDraw(0, 1, 1.0, position), last=LAST) or (-1, -1)
    other = replace(panel, values={name: values.copy() for name, values in panel.values.items()})
    quiet = next(u for u in range(1, UNITS) if u != unit)
    for name in ("ns_deaths", "os_deaths"):
        other.values[name][when:, quiet] = 0.0
    other.values["sb_deaths"][LAST, quiet] = month.followed[position]  # as many deaths, after another past
    assert whereabouts(hurdle, other, "deaths", FarDraw(0, 1, 1.0, position), last=LAST) == (unit, when)


def test_an_analog_that_the_data_no_longer_hold_is_not_named(panel, hurdle):
    position = int(hurdle.months[0].followed.argmax())
    revised = replace(panel, values={name: 2 * values for name, values in panel.values.items()})
    assert whereabouts(hurdle, revised, "deaths", FarDraw(0, 1, 1.0, position), last=LAST) is None
    assert whereabouts(hurdle, panel, "deaths", FarDraw(0, 1, 1.0, None), last=LAST) is None


def test_a_mean_is_too_high_above_its_95_percent_quantile_and_25_deaths():
    samples = np.zeros((3, 100), np.float32)
    samples[0, 0], samples[1, 0], samples[2] = 2500, 2600, 1e6
    assert mean_too_high(samples).tolist() == [False, True, False]
