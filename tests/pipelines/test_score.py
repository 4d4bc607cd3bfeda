"""From fitted models to the flat table."""

import datetime as dt
from typing import Any

import made_panels
import numpy as np
import pandas as pd
import pytest

from faultline.pipelines.score import ModelVersion, risk_class, score_level
from faultline.pipelines.train import train_level


@pytest.fixture(scope="module")
def campaign():
    panel = made_panels.made_panel(4, n_units=24, n_months=120, n_countries=12)
    panel.observed[100:, 1] = False  # its data end 19 months early
    return train_level(panel, horizons=(1, 3), targets=("violence_1", "violence_25"))


def scored(campaign, **kwargs):
    origin = campaign.panel.months[-1]
    versions = {target: ModelVersion(f"model-{target}", "1", "run") for target in campaign.models}
    given: dict[str, Any] = {
        "origin": origin,
        "issue_date": dt.date(2000, 1, 20),
        "horizons": (1, 3),
        "versions": versions,
    }
    return score_level(campaign, **(given | kwargs))


def test_every_unit_target_and_horizon_has_one_row(campaign):
    scores = scored(campaign)
    counts = scores.groupby(["target", "horizon_months"]).size()
    assert counts.to_dict() == {
        (target, horizon): 24 for target in ("deaths", "violence_1", "violence_25") for horizon in (1, 3)
    }


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
    p = scores[scores["target"] != "deaths"]
    assert ((p["prob_low"] <= p["probability"]) & (p["probability"] <= p["prob_high"])).all()
    assert np.allclose(p["risk_score_0_10"], (10 * p["probability"]).round(2))
    assert (p["risk_class"].to_numpy() == risk_class(p["probability"].to_numpy())).all()
    top = p[(p["target"] == "violence_25") & (p["horizon_months"] == 3)].sort_values("rank")
    assert top["probability"].is_monotonic_decreasing
    deaths = scores[scores["target"] == "deaths"]
    assert (np.diff(deaths[["q05", "q25", "q50", "q75", "q95"]].to_numpy(), axis=1) >= 0).all()
    assert deaths["probability"].isna().all()


def test_deaths_are_the_last_twelve_windows(campaign):
    panel = campaign.panel
    scores = scored(campaign)
    row = scores[(scores["target"] == "deaths") & (scores["horizon_months"] == 3) & (scores["admin1_code"] == "u5")]
    windows = [panel.deaths[t - 2 : t + 1, 5].sum() for t in range(108, 120)]
    assert row["mean_deaths"].item() == pytest.approx(np.mean(windows))
    assert row["q95"].item() == pytest.approx(np.quantile(windows, 0.95))


def test_change_is_against_the_issue_before(campaign):
    scores = scored(campaign)
    assert scores["change_since_last_issue"].isna().all()
    before = scores.assign(probability=scores["probability"] - 0.01)
    again = scored(campaign, previous=before)
    changed = again.loc[again["target"] != "deaths", "change_since_last_issue"]
    assert np.allclose(changed, 0.01)


def test_drivers_name_features_in_words(campaign):
    drivers = scored(campaign)["top_drivers"].dropna()
    assert drivers.str.contains("raised by|lowered by").any()
    assert not drivers.str.contains("_").any()


def test_scoring_twice_gives_the_same_table(campaign):
    pd.testing.assert_frame_equal(scored(campaign), scored(campaign))


def test_risk_classes_begin_at_their_thresholds():
    assert risk_class(np.array([0, 0.0199, 0.02, 0.1, 0.3, 0.5999, 0.6, 1])).tolist() == [1, 1, 2, 3, 4, 4, 5, 5]
