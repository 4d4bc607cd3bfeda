"""Rows of regions that are forecast from their country's newest month."""

import datetime as dt

import made_panels
import numpy as np
import pandas as pd
import pytest

from faultline.features.blocks.build import build_features
from faultline.features.targets.build import TARGETS
from faultline.models.distributions.distribution import exceedance, window_samples
from faultline.pipelines.issue.believable import faults
from faultline.pipelines.issue.bridged import bridged_table, dated
from faultline.pipelines.issue.score import score_level
from faultline.pipelines.learn.bridging import Bridges
from faultline.pipelines.learn.deaths import learn_deaths
from faultline.pipelines.learn.train import ModelVersion, train_level

pytestmark = pytest.mark.usefixtures("few_trees")
MONTHS, GAP = 122, 9
READ = ("violence_1", "violence_25")
ISSUED = dt.date(2000, 3, 20)


def scored(panel, targets, countries=None):
    return score_level(
        train_level(panel, horizons=(1, 3), targets=targets),
        origin=made_panels.made_panel(1, n_months=MONTHS).months[-1],
        issue_date=ISSUED,
        horizons=(1, 3),
        versions={target: ModelVersion("model", "1", "run") for target in targets},
        deaths=learn_deaths(panel, build_features(panel), horizons=(1, 3)),
        countries=countries,
    )


@pytest.fixture(scope="module")
def regions():
    panel = made_panels.made_panel(7, n_units=12, n_months=MONTHS, n_countries=3)
    return panel.until(panel.months[-GAP - 1])


@pytest.fixture(scope="module")
def both(regions):
    whole = scored(made_panels.made_panel(8, n_units=12, n_months=MONTHS, level="country"), READ)
    return whole, scored(regions, READ, whole.courses)


@pytest.fixture(scope="module")
def table(both):
    return both[1].table


def test_what_is_read_from_the_draws_says_that_it_is_bridged_as_well(table):
    drawn = table[table["target"].isin([name for name, target in TARGETS.items() if target.drawn])]
    assert {"violence_100", "worst_in_5_years"} <= set(drawn["target"])
    assert drawn["warning"].str.contains("bridged: 9 months to").all()
    assert (drawn["bridged_months"] == GAP).all()


def test_rows_speak_of_the_months_after_the_newest_of_the_country(both, table):
    newest = both[0].table["data_through"].max()
    read = table[table["target"].isin(READ) | table["target"].str.startswith("deaths")]
    assert (read["data_through"] == newest).all()
    assert (read.loc[read["target"].isin(READ), "reference_period_start"] == newest + pd.Timedelta(days=1)).all()
    assert (read["bridged_months"] == GAP).all()
    assert read.loc[~read["admin1_code"].str.endswith("-rest"), "warning"].str.contains("bridged: 9 months to").all()


def test_no_row_is_missing_and_none_contradicts_another(regions, both, table):
    assert not list(faults(pd.concat([both[0].table, table])))
    counted = table[table["target"].isin(READ)].groupby(["target", "horizon_months"])["admin1_code"].nunique()
    assert (counted == regions.shape[1]).all()


def test_probabilities_are_shares_of_the_courses_with_an_interval_around_them(both, table):
    names = both[1].courses.panel.units.index
    for target, threshold in (("violence_1", 1), ("violence_25", 25)):
        for horizon in (1, 3):
            rows = table[(table["target"] == target) & (table["horizon_months"] == horizon)]
            share = exceedance(window_samples(both[1].courses.drawn["deaths"], horizon), threshold)
            told = pd.Series(share, index=names).reindex(rows["admin1_code"].to_numpy())
            np.testing.assert_allclose(rows["probability"], told, atol=0.001)
            assert (rows["prob_low"] <= rows["probability"]).all()
            assert (rows["prob_high"] >= rows["probability"]).all()
            assert rows["baseline_probability"].notna().all()


def test_deaths_of_a_country_are_those_of_its_regions_and_its_rest(both):
    country, region = (level.table[level.table["target"].str.startswith("deaths")] for level in both)
    keys = ["gwno", "target", "horizon_months"]
    region = region[region["target"].isin(("deaths", "deaths_total"))]
    added = region.groupby(keys)["mean_deaths"].sum()
    own = country.set_index(keys)["mean_deaths"].reindex(added.index)
    np.testing.assert_allclose(added, own, rtol=1e-6)


def test_an_escalation_is_told_against_what_each_course_had_before_and_what_no_course_tells_stays(regions):
    before = np.zeros((1, 12, 4), np.float32)
    before[0, -3:] = [0, 4, 10, 30]  # 0, 12, 30 and 90 in the last three months
    ahead = np.zeros((1, 3, 4), np.float32)
    ahead[0, 0] = 60  # at least twice the first three
    months = pd.PeriodIndex([regions.months[-1]] * 1)
    origin = regions.months[-1] + GAP
    bridges = Bridges(
        origin, np.array([2]), np.array([GAP]), np.array([5.0]), months, before, ahead, np.zeros(1, np.float32), {}
    )
    countries = made_panels.made_panel(8, n_units=12, n_months=MONTHS, level="country")
    rows = pd.DataFrame(
        {
            "admin1_code": regions.units.index[[2, 1, 2]],
            "target": ["escalation", "escalation", "contestation"],
            "horizon_months": [3, 3, 12],
            "baseline_probability": 0.1,
            "probability": 0.2,
        }
    )
    told = bridged_table(rows, dated(regions, countries, bridges), bridges, ISSUED)
    told = told.set_index(["target", "admin1_code"])["probability"]
    bridged, other = regions.units.index[[2, 1]]
    assert told["escalation", bridged] == (3 + 0.5) / 5
    assert told["escalation", other] == told["contestation", bridged] == 0.2
