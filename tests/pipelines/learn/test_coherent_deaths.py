"""A country's deaths in the issue are the sum of those of its regions and of the rest."""

import datetime as dt
from dataclasses import replace

import made_panels
import numpy as np
import pandas as pd
import pytest

from faultline.features.blocks.build import build_features
from faultline.models.distributions.distribution import exceedance, window_samples
from faultline.pipelines.issue.rows import REST_CODE
from faultline.pipelines.issue.score import score_level
from faultline.pipelines.learn.coherent_deaths import courses_of, rest_of_country, shared_countries
from faultline.pipelines.learn.deaths import learn_deaths
from faultline.pipelines.learn.train import ModelVersion, train_level

pytestmark = pytest.mark.usefixtures("few_trees")
MONTHS = 110


def learned_of(panel):
    return learn_deaths(panel, build_features(panel), horizons=(1, 3))


@pytest.fixture(scope="module")
def regions():
    panel = made_panels.made_panel(7, n_units=12, n_months=MONTHS, n_countries=3)
    panel.observed[MONTHS - 5 :, 1] = False  # of the second country the data of one region end early
    return panel


@pytest.fixture(scope="module")
def countries():
    return made_panels.made_panel(8, n_units=12, n_months=MONTHS, level="country")


@pytest.fixture(scope="module")
def both(regions, countries):
    whole = scored(countries, learned_of(countries))
    return whole, scored(regions, learned_of(regions), whole.courses)


def scored(panel, deaths, countries=None):
    targets = ("violence_1", "violence_25")
    return score_level(
        train_level(panel, horizons=(1, 3), targets=targets),
        origin=panel.months[-1],
        issue_date=dt.date(1999, 3, 20),
        horizons=(1, 3),
        versions={target: ModelVersion("model", "1", "run") for target in targets},
        deaths=deaths,
        countries=countries,
    )


def test_a_country_is_shared_out_where_all_regions_are_forecast_from_its_month(regions, countries):
    at, origin = regions.last_observed, countries.last_observed
    number = regions.units["gwno"].to_numpy()
    assert set(shared_countries(regions, at, countries, origin)) == set(number) - {number[1]}
    later = replace(countries, months=countries.months + 1)
    assert shared_countries(regions, at, later, origin) == {}


def test_a_country_whose_region_holds_others_deaths_is_not_the_sum_of_its_regions(regions, countries):
    units = regions.units.assign(holds_others=np.arange(12) == 3)
    shared = shared_countries(replace(regions, units=units), regions.last_observed, countries, countries.last_observed)
    own = set(regions.units["gwno"])
    assert set(shared) == own - {regions.units["gwno"].iloc[1], regions.units["gwno"].iloc[3]}


def test_mean_deaths_of_a_country_are_those_of_its_regions_and_its_rest(regions, both):
    country, region = (level.table[level.table["target"].str.startswith("deaths")] for level in both)
    number = regions.units["gwno"].to_numpy()
    keys = ["gwno", "target", "horizon_months"]
    added = region.groupby(keys)["mean_deaths"].sum()
    own = country.set_index(keys)["mean_deaths"].reindex(added.index)
    coherent = np.ones(len(added), bool)  # one of them, whose region ends earlier, is bridged
    kinds = {"deaths", "deaths_total"}  # of regions, deaths by type are not known
    assert set(added[coherent].index.get_level_values("target")) == kinds
    np.testing.assert_allclose(added[coherent], own[coherent], rtol=1e-6)
    rest = region[region["admin1_code"].str.endswith(REST_CODE)]
    assert set(rest["gwno"]) == set(number)
    assert rest["rank"].isna().all()


def test_courses_of_a_country_are_those_of_its_regions_and_its_rest_added(regions, countries, both):
    whole, shared = (level.courses for level in both)
    number = regions.units["gwno"].to_numpy()
    for target, drawn in shared.drawn.items():
        assert shared.rest[target]
        for gwno, left in shared.rest[target].items():
            position = int(np.flatnonzero(countries.units["gwno"].to_numpy() == gwno)[0])
            added = drawn[number == gwno].sum(axis=0) + left
            np.testing.assert_array_equal(added, whole.drawn[target][position])


def test_state_based_deaths_are_never_above_all_in_any_course(both):
    country, region = both
    assert (country.courses.drawn["deaths_sb"] <= country.courses.drawn["deaths"]).all()
    assert set(region.courses.drawn) == {"deaths"}


def test_probabilities_of_violence_are_shares_of_the_courses(both):
    for level in both:
        keys = level.courses.panel.units["gwno" if level is both[0] else "name"]
        for target, threshold in (("violence_1", 1), ("violence_25", 25)):
            for horizon in (1, 3):
                rows = level.table[(level.table["target"] == target) & (level.table["horizon_months"] == horizon)]
                name = "gwno" if level is both[0] else "admin1_name"
                share = exceedance(window_samples(level.courses.drawn["deaths"], horizon), threshold)
                told = pd.Series(share, index=keys.to_numpy()).reindex(rows[name].to_numpy())
                np.testing.assert_allclose(rows["probability"], told, atol=0.01)


def test_courses_without_probabilities_to_agree_with_are_only_held_in_order(countries):
    courses = courses_of(learned_of(countries))
    assert (courses.drawn["deaths_sb"] <= courses.drawn["deaths"]).all()
    assert courses.rest == {"deaths": {}, "deaths_sb": {}}


def test_draws_are_multiplied_before_they_are_made_to_agree(countries):
    learned = learned_of(countries)
    plain = courses_of(learned).drawn
    factor = np.ones(countries.shape[1])
    factor[0] = 1.5
    moved = courses_of(learned, factors=dict.fromkeys(learned, factor)).drawn
    for target in learned:
        np.testing.assert_array_equal(moved[target][1:], plain[target][1:])
        assert moved[target][0].mean() == pytest.approx(1.5 * plain[target][0].mean(), rel=0.1)
    assert (moved["deaths_sb"] <= moved["deaths"]).all()


def test_the_rest_is_what_no_region_counts(regions, countries):
    inside = np.array([0, 3, 6, 9])
    rest = rest_of_country(regions, inside, countries, 0, "deaths")
    expected = np.maximum(countries.deaths[:, 0] - regions.deaths[:, inside].sum(axis=1), 0)
    np.testing.assert_array_equal(rest, expected)
    assert pd.Series(rest).gt(0).any()


def test_a_war_total_of_a_country_is_no_rest(regions, countries):
    told = made_panels.with_war_total(countries, 60, 0)
    assert rest_of_country(regions, np.array([0, 3, 6, 9]), told, 0, "deaths")[60] < 10_000
