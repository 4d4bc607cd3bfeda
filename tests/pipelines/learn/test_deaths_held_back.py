"""Forecasts of deaths that were held back, and what is told of them."""

from dataclasses import replace

import made_panels
import numpy as np
import pandas as pd
import pytest

from faultline.features.blocks.build import build_features
from faultline.models.distributions.conflictology import CONFLICTOLOGY
from faultline.models.scores.samples import sample_scores
from faultline.pipelines.learn.deaths_held_back import COMPARED, crps_rows, deaths_stratum_scores, hold_back_deaths

pytestmark = pytest.mark.usefixtures("few_trees")
SEED = 5


def hold_back(panel):
    return hold_back_deaths(panel, build_features(panel), targets=("deaths",), seed=SEED)


@pytest.fixture(scope="module")
def panel():
    made = made_panels.made_panel(4, n_units=24, n_months=150, n_countries=8)
    made.units["iso3"] = made.units["iso3"].replace({"AAA": "MLI", "AAB": "NER"})
    return made


@pytest.fixture(scope="module")
def held_back(panel):
    return hold_back(panel)["deaths"]


def test_every_forecaster_is_asked_at_the_end_of_each_quarter_held_back(panel, held_back):
    assert held_back.learned_through == str(panel.months[150 - 1 - 36])
    assert set(held_back.forecasters) == set(COMPARED)
    origins = pd.PeriodIndex(held_back.rows["origin"].unique(), freq="M")
    assert set(origins.month) == {3, 6, 9, 12}
    assert origins.min() >= pd.Period(held_back.learned_through, "M")
    assert len(origins) == 36 // 3
    counts = held_back.rows.groupby("forecaster").size().to_dict()
    assert counts == dict.fromkeys(held_back.forecasters, counts["pool"])


def test_what_came_after_changes_no_forecaster(panel, held_back):
    later = 150 - 36
    turned = {name: np.concatenate([now[:later], now[later:][::-1]]) for name, now in panel.values.items()}  # noqa: PD011
    other = replace(panel, values=turned)
    again = hold_back(other)["deaths"]
    past, at = build_features(panel), np.full(24, later - 1)
    for name, fitted in held_back.forecasters.items():
        mine, theirs = (known.samples(panel, past, at=at, draws=50) for known in (fitted, again.forecasters[name]))
        assert np.array_equal(mine, theirs), name
    assert not held_back.rows["y"].equals(again.rows["y"])


def test_its_crps_is_that_of_the_samples_against_what_came(panel, held_back):
    table = crps_rows(held_back)
    assert list(table.columns) == ["horizon_months", "origin", "unit", "country", "y", *held_back.forecasters]
    assert not table[["horizon_months", "origin", "unit"]].duplicated().any()
    origin = panel.position(pd.Period("1999-12", "M"))
    fitted = CONFLICTOLOGY.fit(panel, build_features(panel), outcome="deaths", last=origin)
    samples = fitted.samples(panel, build_features(panel), at=np.full(24, origin), seed=SEED + origin)
    own = table[(table["origin"] == "1999-12") & (table["horizon_months"] == 6)].set_index("unit")
    unit = panel.units.index.get_indexer(own.index)
    y = panel.deaths[origin + 6, unit].astype(float)
    assert own["y"].tolist() == y.tolist()
    np.testing.assert_allclose(own["conflictology"], sample_scores(y, samples[unit, 5])["crps"], rtol=1e-6)


def test_scores_are_means_over_the_rows_of_a_stratum(panel, held_back):
    scores = deaths_stratum_scores(panel, {"deaths": held_back})
    assert {"all", "sahel"} <= set(scores["stratum"])
    key = {"target": "deaths", "horizon_months": 3, "stratum": "sahel", "forecaster": "pool"}
    (found,) = scores[(scores[list(key)] == pd.Series(key)).all(axis=1)].to_dict("records")
    rows = held_back.rows[(held_back.rows["horizon_months"] == 3) & held_back.rows["country"].isin(["MLI", "NER"])]
    mean = rows.groupby("forecaster")["crps"].mean().astype(float)
    assert found["n"] == (rows["forecaster"] == "pool").sum()
    assert found["crps"] == pytest.approx(mean["pool"], rel=1e-5)
    assert found["crps_skill_conflictology"] == pytest.approx(1 - mean["pool"] / mean["conflictology"], rel=1e-4)
    assert found["crps_skill_persistence"] == pytest.approx(1 - mean["pool"] / mean["persistence"], rel=1e-4)
    pool = rows[rows["forecaster"] == "pool"]
    assert found["brier_25"] == pytest.approx(((pool["p_25"] - (pool["y"] >= 25)) ** 2).mean(), rel=1e-4)


def test_errors_of_the_mean_and_scores_without_war_totals_are_told(panel, held_back):
    month = held_back.rows["month"].iloc[-1]
    marked = held_back.rows.assign(war_total=held_back.rows["month"] == month)
    scores = deaths_stratum_scores(panel, {"deaths": replace(held_back, rows=marked)})
    own = scores[(scores["forecaster"] == "pool") & (scores["horizon_months"] == 12)].set_index("stratum")
    rows = marked[(marked["forecaster"] == "pool") & (marked["horizon_months"] == 12)]
    assert own.loc["all", "bias_mean"] == pytest.approx(rows["bias_mean"].mean(), rel=1e-4)
    assert own.loc["without_war_totals", "mae_mean"] == pytest.approx(
        rows.loc[~rows["war_total"], "mae_mean"].mean(), rel=1e-4
    )
    assert own.loc["without_war_totals", "n"] == len(rows) - rows["war_total"].sum() < len(rows)


def test_with_too_little_history_there_is_nothing_to_hold_back():
    small = made_panels.made_panel(4, n_units=6, n_months=45)
    assert hold_back_deaths(small, build_features(small)) == {}
    assert deaths_stratum_scores(small, {}).empty
