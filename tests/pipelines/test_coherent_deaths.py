"""A country's deaths in the issue are the sum of those of its regions and of the rest."""

import datetime as dt
from dataclasses import replace

import made_panels
import numpy as np
import pandas as pd
import pytest

from faultline.features.blocks import build_features
from faultline.pipelines.coherent_deaths import SharedOut, rest_of_country, share_out, shared_countries
from faultline.pipelines.deaths import learn_deaths
from faultline.pipelines.score import REST_CODE, ModelVersion, score_level
from faultline.pipelines.train import train_level

MONTHS = 110


def learned_of(panel):
    return learn_deaths(panel, build_features(panel), targets=("deaths",), horizons=(1, 3))


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
    whole = learned_of(countries)
    return whole, share_out(learned_of(regions), whole)


def scored(panel, deaths):
    return score_level(
        train_level(panel, horizons=(1,), targets=("violence_1",)),
        origin=panel.months[-1],
        issue_date=dt.date(1999, 3, 20),
        horizons=(1, 3),
        versions={"violence_1": ModelVersion("model", "1", "run")},
        deaths=deaths,
    )


def test_a_country_is_shared_out_where_all_regions_are_forecast_from_its_month(regions, countries):
    at, origin = regions.last_observed, countries.last_observed
    number = regions.units["gwno"].to_numpy()
    assert set(shared_countries(regions, at, countries, origin)) == set(number) - {number[1]}
    later = replace(countries, months=countries.months + 1)
    assert shared_countries(regions, at, later, origin) == {}


def test_mean_deaths_of_a_country_are_those_of_its_regions_and_its_rest(regions, countries, both):
    whole, shared = both
    country, region = (
        table[table["target"].str.startswith("deaths")] for table in (scored(countries, whole), scored(regions, shared))
    )
    number = regions.units["gwno"].to_numpy()
    keys = ["gwno", "target", "horizon_months"]
    added = region.groupby(keys)["mean_deaths"].sum()
    own = country.set_index(keys)["mean_deaths"].reindex(added.index)
    coherent = added.index.get_level_values("gwno") != number[1]
    assert set(added[coherent].index.get_level_values("target")) == {"deaths", "deaths_total"}
    np.testing.assert_allclose(added[coherent], own[coherent], rtol=1e-6)
    assert not np.allclose(added[~coherent], own[~coherent], rtol=0.01)
    rest = region[region["admin1_code"].str.endswith(REST_CODE)]
    assert set(rest["gwno"]) == set(number) - {number[1]}
    assert rest["rank"].isna().all()


def test_samples_of_a_country_are_those_of_its_regions_and_its_rest_added(regions, countries, both):
    whole, shared = both
    forecaster = shared["deaths"].forecaster
    assert isinstance(forecaster, SharedOut)
    at = np.maximum(regions.last_observed, 0)
    drawn, rest = forecaster.with_rest(regions, shared["deaths"].features, at=at, seed=0)
    learned = whole["deaths"]
    of_country = learned.forecaster.samples(countries, learned.features, at=countries.last_observed, seed=learned.seed)
    number = regions.units["gwno"].to_numpy()
    for gwno, left in rest.items():
        position = int(np.flatnonzero(countries.units["gwno"].to_numpy() == gwno)[0])
        np.testing.assert_array_equal(drawn[number == gwno].sum(axis=0) + left, of_country[position])


def test_the_rest_is_what_no_region_counts(regions, countries):
    inside = np.array([0, 3, 6, 9])
    rest = rest_of_country(regions, inside, countries, 0, "deaths")
    expected = np.maximum(countries.deaths[:, 0] - regions.deaths[:, inside].sum(axis=1), 0)
    np.testing.assert_array_equal(rest, expected)
    assert pd.Series(rest).gt(0).any()
