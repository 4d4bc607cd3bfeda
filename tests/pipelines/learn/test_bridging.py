"""Regions whose country is known to a newer month are forecast from there."""

from dataclasses import replace

import made_panels
import numpy as np
import pytest

from faultline.features.blocks.build import build_features
from faultline.models.distributions.bridge import Bridge
from faultline.pipelines.learn.bridging import BEFORE, MOST_MONTHS, bridge_regions, regional_record
from faultline.pipelines.learn.coherent_deaths import courses_of
from faultline.pipelines.learn.deaths import learn_deaths

pytestmark = pytest.mark.usefixtures("few_trees")
MONTHS, GAP = 110, 9


@pytest.fixture(scope="module")
def whole():
    return made_panels.made_panel(7, n_units=12, n_months=MONTHS, n_countries=3)


@pytest.fixture(scope="module")
def countries():
    panel = made_panels.made_panel(8, n_units=12, n_months=MONTHS, level="country")
    return courses_of(learn_deaths(panel, build_features(panel), horizons=(1, 3)))


@pytest.fixture(scope="module")
def regions(whole):
    return whole.until(whole.months[-GAP - 1])


def later_of(whole, rows):
    """The panel of some months alone."""
    return replace(
        whole,
        months=whole.months[rows],
        values={name: array[rows] for name, array in whole.values.items()},  # a dict of ours
        observed=np.ones_like(whole.observed[rows]),
        provisional=whole.provisional[rows],
        war_total=whole.war_total[rows],
    )


def bridged(regions, countries, later=None):
    own = courses_of(learn_deaths(regions, build_features(regions), horizons=(1, 3)))
    return bridge_regions(own, replace(countries, later=later), windows=(1, 3), seed=5)


def test_courses_of_regions_and_rest_add_up_to_those_of_the_country(regions, countries):
    bridges = bridged(regions, countries)
    assert bridges.origin == countries.panel.months[-1]
    assert (bridges.months == GAP).all()
    assert set(bridges.through) == {regions.months[-1]}
    number = regions.units["gwno"].to_numpy()[bridges.unit]
    own = countries.panel.units["gwno"].to_numpy()
    assert set(number) == set(bridges.rest) == set(regions.units["gwno"])
    for gwno, left in bridges.rest.items():
        added = bridges.ahead[number == gwno].sum(axis=0) + left
        np.testing.assert_array_equal(added, countries.drawn["deaths"][np.flatnonzero(own == gwno)[0]])


def test_the_months_before_are_those_of_the_country_shared_out_and_what_is_known_of_them(regions, countries):
    bridges = bridged(regions, countries)
    assert bridges.before.shape[1] == BEFORE
    known = BEFORE - GAP
    np.testing.assert_array_equal(bridges.before[:, :known, 0], regions.deaths[-known:, bridges.unit].T)
    recorded = countries.panel.deaths[-GAP:]
    own = countries.panel.units["gwno"].to_numpy()
    number = regions.units["gwno"].to_numpy()[bridges.unit]
    for gwno in bridges.rest:
        most = recorded[:, np.flatnonzero(own == gwno)[0]]
        assert (bridges.before[number == gwno][:, known:].sum(axis=0) <= most[:, None]).all()


def test_nothing_after_the_origin_is_looked_at(whole, regions, countries):
    bridges = bridged(regions, countries)
    changed = made_panels.changed(whole, 3, slice(MONTHS - GAP, None)).until(regions.months[-1])
    np.testing.assert_array_equal(bridged(changed, countries).ahead, bridges.ahead)


def test_regions_known_to_the_same_month_are_not_bridged(whole, countries):
    assert bridged(whole, countries) is None


def test_regions_known_long_ago_only_are_not_bridged(whole, countries):
    assert bridged(whole.until(whole.months[-MOST_MONTHS - 1]), countries) is None
    assert bridged(whole.until(whole.months[-MOST_MONTHS]), countries) is not None


def test_months_known_after_a_gap_are_in_the_record_and_not_counted_as_bridged(whole, regions, countries):
    rows = slice(MONTHS - 4, MONTHS - 2)
    later = later_of(whole, rows)
    record = regional_record(regions, later)
    assert record.months[-1] == later.months[-1]
    np.testing.assert_array_equal(record.deaths[rows], whole.deaths[rows])
    assert record.known[rows].all()
    assert not record.known[MONTHS - GAP : MONTHS - 4].any()
    bridges = bridged(regions, countries, later)
    assert (bridges.months == GAP - 2).all()
    assert (bridges.through == later.months[-1]).all()
    assert (bridges.evidence > bridged(regions, countries).evidence).all()


def test_what_was_forecast_of_the_regions_is_taken_by_the_month(regions, countries, monkeypatch):
    how = Bridge([6.0], [0.0], [1.0], [40.0])
    monkeypatch.setattr("faultline.models.distributions.bridge.bridge", lambda *, forecast: how if forecast else None)
    own = courses_of(learn_deaths(regions, build_features(regions), horizons=(1, 3)))
    number = regions.units["gwno"].to_numpy()
    few, many = np.flatnonzero(number == number[0])[:2]
    drawn = np.zeros_like(own.drawn["deaths"])
    drawn[few, GAP], drawn[many, GAP] = 1, 3  # of the month after the gap
    told = replace(own, drawn={"deaths": drawn})
    bridges = bridge_regions(told, countries, windows=(1, 3), seed=5)
    less, more = (bridges.ahead[np.flatnonzero(bridges.unit == unit)[0], 0] for unit in (few, many))
    assert more.sum() > 2.5 * less.sum() > 0


def test_a_forecast_that_did_not_know_later_months_is_not_taken(whole, regions, countries):
    known = replace(countries, later=later_of(whole, slice(MONTHS - 4, MONTHS - 2)))
    own = courses_of(learn_deaths(regions, build_features(regions), horizons=(1, 3)))
    other = replace(own, drawn={"deaths": own.drawn["deaths"] + 100})
    first, second = (bridge_regions(each, known, windows=(1, 3), seed=5) for each in (own, other))
    np.testing.assert_array_equal(first.ahead, second.ahead)
    first, second = (bridge_regions(each, countries, windows=(1, 3), seed=5) for each in (own, other))
    assert (first.ahead != second.ahead).any()
