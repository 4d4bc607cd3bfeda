"""The pool of forecasters of deaths: members by hand, mixtures by their weights, one unit alone or in company."""

from __future__ import annotations

import made_panels
import numpy as np
import pytest
from scipy.stats import spearmanr

from faultline.features.blocks.build import build_features
from faultline.models.distributions.hurdle import HURDLE
from faultline.models.distributions.pool import MEMBERS, SamplePool, SamplePoolFamily, member_deaths
from faultline.models.distributions.pool_weights import LEADS, LEVELS, PoolWeights
from faultline.models.rows.recent_deaths import RECENT_MONTHS, UNSEEN, recent_deaths

LAST, UNITS = 99, 12


@pytest.fixture(scope="module")
def learned():
    panel = made_panels.made_panel(3, n_months=110, n_units=UNITS)
    features = build_features(panel)
    return panel, features, HURDLE.fit(panel, features, last=LAST, horizons=3, threads=1)


def only(**shares: float) -> PoolWeights:
    weight = np.array([shares.get(name.replace(" ", "_"), 0.0) for name in MEMBERS])
    return PoolWeights(np.broadcast_to(weight, (len(LEADS), len(LEVELS), len(MEMBERS))))


def pooled(learned, weights, draws=400):
    panel, features, hurdle = learned
    return SamplePool(hurdle, weights).samples(panel, features, at=np.full(UNITS, LAST), draws=draws)


def test_members_by_hand(learned):
    _, features, hurdle = learned
    recent = np.full((1, RECENT_MONTHS), UNSEEN)
    recent[0, :4] = 4, 0, UNSEEN, 9
    levels = (np.arange(6) + 0.5) / 6
    x = features.values[LAST, :1]
    assert member_deaths("12 months", hurdle, 0, x=x, recent=recent, levels=levels).tolist() == [[0, 0, 4, 4, 9, 9]]
    assert member_deaths("12 months, doubled", hurdle, 0, x=x, recent=recent, levels=levels).tolist() == [
        [0, 0, 8, 8, 18, 18]
    ]
    assert member_deaths("last month", hurdle, 0, x=x, recent=recent, levels=levels).tolist() == [[1, 3, 3, 4, 5, 7]]
    recent[:] = UNSEEN
    assert member_deaths("6 months", hurdle, 0, x=x, recent=recent, levels=levels).tolist() == [[0] * 6]


def test_all_weight_on_a_members_gives_that_member(learned):
    panel, _, _ = learned
    own = pooled(learned, only(**{"12_months": 1.0}))
    for unit in range(UNITS):
        last = np.sort(panel.deaths[LAST - 11 : LAST + 1, unit])
        np.testing.assert_allclose(own[unit, 1].mean(), last.mean(), rtol=0.02, atol=0.02)
        assert set(own[unit].ravel().tolist()) == set(last.tolist())


def test_a_mixture_holds_each_member_by_its_weight(learned):
    both = np.sort(pooled(learned, only(last_month=0.25, hurdle=0.75)), axis=-1)
    for name, share in (("last_month", 100), ("hurdle", 300)):
        part = np.sort(pooled(learned, only(**{name: 1.0}), draws=share), axis=-1)
        for unit, month in ((0, 0), (7, 2)):
            values, counts = np.unique(part[unit, month], return_counts=True)
            held = [(both[unit, month] == value).sum() for value in values]
            assert (np.array(held) >= counts).all()


def test_months_of_a_course_belong_together(learned):
    panel, features, hurdle = learned
    dependence = np.full((3, 3), 0.9) + 0.1 * np.eye(3)
    tied = SamplePool(type(hurdle)(hurdle.months, dependence, hurdle.outcome), only(hurdle=1.0))
    samples = tied.samples(panel, features, at=np.full(UNITS, LAST), draws=1_000)
    busy = int(np.argmax(panel.deaths[LAST - 11 : LAST + 1].sum(axis=0)))
    assert spearmanr(samples[busy, 0], samples[busy, 2])[0] > 0.6


def test_a_unit_alone_has_the_samples_that_it_has_in_company(learned):
    panel, features, hurdle = learned
    pool = SamplePoolFamily().around(hurdle, level=panel.level)
    together = pool.samples(panel, features, at=np.full(UNITS, LAST), draws=100)
    units = np.array([7, 2])
    month = np.full(2, LAST)
    alone = pool.draw(
        features.values[month, units],
        recent_deaths(panel, "deaths", month=month, unit=units),
        units=[str(panel.units.index[unit]) for unit in units],
        draws=100,
    )
    np.testing.assert_array_equal(alone, together[units])


def test_a_member_served_alone_is_that_member_whatever_the_weights(learned):
    panel, features, hurdle = learned
    mixed = SamplePool(hurdle, only(**{"12_months": 0.5, "hurdle": 0.5}))
    for name, member in {"conflictology": "12_months", "persistence": "last_month", "hurdle": "hurdle"}.items():
        alone = mixed.alone(name).samples(panel, features, at=np.full(UNITS, LAST), draws=400)
        np.testing.assert_array_equal(alone, pooled(learned, only(**{member: 1.0})))
    own = mixed.alone("conflictology").samples(panel, features, at=np.full(UNITS, LAST), draws=400)
    for unit in range(UNITS):
        assert set(own[unit, 0]) <= set(panel.deaths[LAST - 11 : LAST + 1, unit])
