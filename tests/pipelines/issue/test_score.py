"""From fitted models to the flat table."""

import datetime as dt
import json
from typing import Any

import made_panels
import numpy as np
import pandas as pd
import pytest

from faultline.features.errors import SchemaError
from faultline.features.targets.build import TARGETS
from faultline.models.distributions.model import DeathsModel
from faultline.models.rows.design import label
from faultline.models.rows.recent_deaths import recent_deaths
from faultline.pipelines.issue.agreement import coherent
from faultline.pipelines.issue.classes import risk_class
from faultline.pipelines.issue.score import score_level
from faultline.pipelines.learn.deaths import learn_deaths
from faultline.pipelines.learn.train import ModelVersion, train_level

VIOLENCE = ("violence_1", "violence_25")


@pytest.fixture(scope="module")
def campaign():
    panel = made_panels.made_panel(4, n_units=24, n_months=120, n_countries=12)
    panel.observed[100:, 1] = False  # its data end 19 months early
    return train_level(panel, horizons=(1, 3), targets=("violence_1", "violence_25"))


@pytest.fixture(scope="module")
def deaths(campaign):
    return learn_deaths(campaign.panel, campaign.features, horizons=(1, 3))


def scored(campaign, **kwargs):
    origin = campaign.panel.months[-1]
    versions = {target: ModelVersion(f"model-{target}", "1", "run") for target in campaign.models}
    given: dict[str, Any] = {
        "origin": origin,
        "issue_date": dt.date(2000, 1, 20),
        "horizons": (1, 3),
        "versions": versions,
    }
    return score_level(campaign, **(given | kwargs)).table


def test_every_unit_target_and_horizon_has_one_row(campaign):
    scores = scored(campaign)
    counts = scores.groupby(["target", "horizon_months"]).size()
    assert counts.to_dict() == {(target, h): 24 for target in ("violence_1", "violence_25") for h in (1, 3)}


def test_deaths_have_a_row_for_every_month_and_window(campaign, deaths):
    scores = scored(campaign, deaths=deaths)
    counts = scores[scores["target"].str.startswith("deaths")].groupby(["target", "horizon_months"]).size().to_dict()
    months = {("deaths", h): 24 for h in range(1, 13)}
    assert counts == months | {("deaths_total", h): 24 for h in (1, 3)}
    row = scores[(scores["target"] == "deaths") & (scores["horizon_months"] == 3) & (scores["admin1_code"] == "u5")]
    assert row["reference_period_start"].item() == pd.Timestamp("2000-03-01")
    assert row["reference_period_end"].item() == pd.Timestamp("2000-03-31")


def test_a_window_of_one_month_is_that_month_and_means_add_up(campaign, deaths):
    scores = scored(campaign, deaths=deaths).set_index(["target", "horizon_months", "admin1_code"]).sort_index()
    numbers = ["mean_deaths", "q05", "q25", "q50", "q75", "q95"]
    month, window = (scores.loc[(target, 1), numbers] for target in ("deaths", "deaths_total"))
    pd.testing.assert_frame_equal(month, window)
    flat = scores.reset_index().sort_values("admin1_code")
    months = flat[(flat["target"] == "deaths") & (flat["horizon_months"] <= 3)]
    window = flat[(flat["target"] == "deaths_total") & (flat["horizon_months"] == 3)]
    added = months.groupby("admin1_code")["mean_deaths"].sum()
    np.testing.assert_allclose(added.to_numpy(), window["mean_deaths"].to_numpy(), rtol=1e-6)


def test_one_death_is_never_less_likely_than_25(campaign):
    table = scored(campaign)
    less, more = (table.index[(table["target"] == target) & (table["admin1_code"] == "u5")] for target in VIOLENCE)
    table.loc[more, ["prob_low", "probability", "prob_high"]] = 0.9998, 0.9999, 0.99995
    table = table.sample(frac=1, random_state=0)
    assert (table.loc[less, "probability"] < 0.9998).all()
    mended = coherent(table)
    assert (mended.loc[less, ["prob_low", "probability", "prob_high"]] == [0.9998, 0.9999, 0.99995]).all(axis=None)
    assert (mended.loc[less, "rank"] == 1).all()
    assert (mended.loc[less, "risk_class"] == 5).all()
    others = table.index.difference(less)
    pd.testing.assert_series_equal(mended.loc[others, "probability"], table.loc[others, "probability"])


def test_models_of_deaths_come_back_from_their_texts_with_the_same_samples(deaths):
    learned = deaths["deaths"]
    assert learned.name == "pool"
    again = DeathsModel.from_texts(learned.model.texts())
    at = learned.panel.last_observed
    first, second = (
        pool.samples(learned.panel, learned.features, at=at, draws=100)
        for pool in (learned.forecaster, again.forecaster)
    )
    np.testing.assert_array_equal(first, second)
    units = np.array([3, 7])
    alone = again.forecaster.draw(
        learned.features.values[at[units], units],  # noqa: PD011  # an array of ours
        recent_deaths(learned.panel, "deaths", month=at[units], unit=units),
        units=[str(learned.panel.units.index[u]) for u in units],
        draws=100,
    )
    np.testing.assert_array_equal(alone, first[units])


def test_a_model_of_deaths_whose_pool_has_other_members_is_refused(deaths):
    texts = deaths["deaths"].model.texts()
    head = json.loads(texts["model.json"])
    head["state"]["members"].pop()
    texts["model.json"] = json.dumps(head)
    with pytest.raises(SchemaError, match="other members"):
        DeathsModel.from_texts(texts)


def test_a_unit_whose_data_end_early_is_scored_from_there_and_marked_stale(campaign):
    scores = scored(campaign)
    late = scores[scores["admin1_code"] == "u1"]
    assert (late["data_through"] == pd.Timestamp("1998-04-30")).all()
    assert (late["reference_period_start"] == pd.Timestamp("1998-05-01")).all()
    assert late["warning"].str.startswith("stale: data end 1998-04-30, 630 days").all()
    others = scores[scores["admin1_code"] != "u1"]
    assert others["warning"].isna().all()  # 20 days old
    assert scored(campaign, issue_date=dt.date(2000, 2, 15))["warning"].notna().all()  # 46 days old


def test_numbers_hang_together(campaign):
    scores = scored(campaign)
    p = scores
    assert ((p["prob_low"] <= p["probability"]) & (p["probability"] <= p["prob_high"])).all()
    assert np.allclose(p["risk_score_0_10"], (10 * p["probability"]).round(2))
    assert (p["risk_class"].to_numpy() == risk_class(p["probability"].to_numpy())).all()
    top = p[(p["target"] == "violence_25") & (p["horizon_months"] == 3)].sort_values("rank")
    assert top["probability"].is_monotonic_decreasing


def test_quantiles_of_deaths_do_not_cross(campaign, deaths):
    rows = scored(campaign, deaths=deaths).query("target == 'deaths_total'")
    assert (np.diff(rows[["q05", "q25", "q50", "q75", "q95"]].to_numpy(), axis=1) >= 0).all()
    assert rows["probability"].isna().all()


def test_change_is_against_the_issue_before(campaign):
    scores = scored(campaign)
    assert scores["change_since_last_issue"].isna().all()
    before = scores.assign(probability=scores["probability"] - 0.01)
    again = scored(campaign, previous=before)
    changed = again.loc[again["target"] != "deaths", "change_since_last_issue"]
    assert np.allclose(changed, 0.01)


def test_change_is_told_only_of_what_the_issue_before_held(campaign):
    scores = scored(campaign)
    before = scores[(scores["target"] == "violence_25") & (scores["horizon_months"] == 3)]
    before = before[["admin_level", "gwno", "admin1_code", "target", "horizon_months", "probability"]]
    again = scored(campaign, previous=before.assign(probability=before["probability"] - 0.01))
    told = again["change_since_last_issue"].notna()
    assert (told == ((again["target"] == "violence_25") & (again["horizon_months"] == 3))).all()
    assert np.allclose(again.loc[told, "change_since_last_issue"], 0.01)


def test_drivers_name_features_in_words(campaign):
    drivers = scored(campaign)["top_drivers"].dropna()
    assert drivers.str.contains("raised by|lowered by").any()
    assert not drivers.str.contains("_").any()


def test_contributions_of_blocks_add_up_to_those_of_all_features(campaign):
    table = scored(campaign, horizons=(3,)).query("target == 'violence_25'")
    told = table["driver_blocks"].iloc[0].split("; ")
    assert [part.split()[0] for part in told] == list(dict.fromkeys(campaign.features.block))
    sums = [sum(float(part.split()[1]) for part in str(text).split("; ")) for text in table["driver_blocks"]]
    panel = campaign.panel
    last = panel.last_observed
    inputs = label(panel, TARGETS["violence_25"], 3).inputs(campaign.features, last, np.arange(len(last)))
    whole = campaign.models["violence_25"].horizons[3].contributions(inputs).sum(axis=1)
    np.testing.assert_allclose(np.sort(sums), np.sort(whole), atol=0.005 * len(told) + 1e-9)
    assert np.ptp(whole) > 0.1


def test_scoring_twice_gives_the_same_table(campaign):
    pd.testing.assert_frame_equal(scored(campaign), scored(campaign))


def test_risk_classes_begin_at_their_thresholds():
    assert risk_class(np.array([0, 0.0199, 0.02, 0.1, 0.3, 0.5999, 0.6, 1])).tolist() == [1, 1, 2, 3, 4, 4, 5, 5]
