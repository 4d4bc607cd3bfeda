"""Rows that are read from the draws of deaths: whom they speak of, and that they contradict no other row."""

import datetime as dt

import made_panels
import numpy as np
import pandas as pd
import pytest

from faultline.features.targets.build import TARGETS
from faultline.pipelines.issue.agreement import WITHIN
from faultline.pipelines.issue.believable import faults
from faultline.pipelines.issue.score import score_level
from faultline.pipelines.learn.deaths import learn_deaths
from faultline.pipelines.learn.train import ModelVersion, train_level

HORIZONS = (1, 3)
OUTLOOK = [name for name, target in TARGETS.items() if target.drawn]


@pytest.fixture(scope="module")
def campaign():
    panel = made_panels.made_panel(4, n_units=24, n_months=120, n_countries=12)
    panel.observed[100:, 1] = False  # its data end 19 months early
    return train_level(panel, horizons=HORIZONS, targets=("violence_1", "violence_25"))


@pytest.fixture(scope="module")
def scores(campaign):
    versions = {name: ModelVersion(f"model-{name}", "1", "run") for name in (*campaign.models, "deaths")}
    return score_level(
        campaign,
        origin=campaign.panel.months[-1],
        issue_date=dt.date(2000, 1, 20),
        horizons=HORIZONS,
        versions=versions,
        deaths=learn_deaths(campaign.panel, campaign.features, targets=("deaths",), horizons=HORIZONS),
    ).table


@pytest.mark.parametrize("name", OUTLOOK)
@pytest.mark.parametrize("horizon", HORIZONS)
def test_a_target_has_a_row_for_each_unit_where_it_can_happen(campaign, scores, name, horizon):
    panel = campaign.panel
    reference = TARGETS[name].drawn.reference(panel, horizon)[panel.last_observed, np.arange(24)]
    rows = scores[(scores["target"] == name) & (scores["horizon_months"] == horizon)]
    assert set(rows["admin1_code"]) == set(panel.units.index[~np.isnan(reference)])
    assert rows["probability"].between(0, 1).all()
    assert ((rows["prob_low"] <= rows["probability"]) & (rows["probability"] <= rows["prob_high"])).all()
    assert rows["baseline_probability"].between(0, 1).all()
    assert rows["model_name"].eq("model-deaths").all()
    assert sorted(rows["rank"]) == sorted((-rows["probability"]).rank(method="min"))


def test_a_unit_whose_data_end_early_is_told_from_there(scores):
    late = scores[scores["target"].isin(OUTLOOK) & (scores["admin1_code"] == "u1")]
    assert (late["data_through"] == pd.Timestamp("1998-04-30")).all()
    assert late["warning"].str.startswith("stale").all()


def test_no_row_contradicts_another(scores):
    assert not [what for what, _ in faults(scores)]
    wide = scores.pivot_table(index=["admin1_code", "horizon_months"], columns="target", values="probability")
    for upper, lower in WITHIN:
        if {upper, lower} <= set(wide):
            assert (wide[lower] <= wide[upper] + 1e-9)[wide[lower].notna()].all(), lower
    # where fewer than 25 died in 3 months, to reach 25 is to cross
    crossing = wide["crossing_25"].notna()
    assert np.allclose(wide.loc[crossing, "crossing_25"], wide.loc[crossing, "violence_25"], atol=0.011)
    both = (wide["rise_30"] + wide["fall_30"]).dropna()
    assert (both <= 1.001).all()


def test_a_likelier_event_than_one_that_holds_it_is_no_issue(scores):
    broken = scores.copy()
    broken.loc[broken["target"] == "violence_1000", "probability"] = 1.0
    assert "an event is less likely than one that it holds" in [what for what, _ in faults(broken)]


def test_severe_is_the_mean_of_the_worst_draws_and_beyond_the_quantiles(scores):
    counted = scores[scores["target"].isin(("deaths", "deaths_total"))]
    assert (counted["severe_deaths"] >= counted["q95"]).all()
    assert scores.loc[scores["probability"].notna(), "severe_deaths"].isna().all()
