"""The backtest of fragmentation: at-risk rows alone, spells beside rows, alarms, countries left out."""

from dataclasses import replace

import made_panels
import numpy as np
import pandas as pd
import pytest

from faultline.features.blocks.build import BLOCKS, FRAGMENTATION_BLOCKS, build_features
from faultline.features.targets.build import TARGETS
from faultline.pipelines.backtest import fragmentation as module
from faultline.pipelines.backtest.engine import Backtest
from faultline.pipelines.backtest.fragmentation import alarm_table, at_risk_table, leave_country_out
from faultline.pipelines.backtest.tables import write_tables


@pytest.fixture
def enough(monkeypatch):
    """Take the one made spell for enough: how scores are counted is held here, not when."""
    monkeypatch.setattr(module, "FEWEST_SPELLS", 1)


@pytest.fixture
def rows():
    """Twelve countries and six months; the first breaks out once, and one that is not at risk does always."""
    frame = pd.DataFrame(
        [
            {"target": "new_armed_actor", "horizon_months": 6, "origin": f"2020-{month:02}", "unit": str(unit)}
            | {"country": f"C{unit:02}", "year": 2020, "month": month, "at_risk": unit != 11, "hard_onset": False}
            | {"y": float(unit == 11 or (unit == 0 and month in {3, 4})), "climatology": 0.1, "persistence": 0.2}
            for month in range(1, 7)
            for unit in range(12)
        ]
    )
    return frame.assign(pool=np.where(frame["y"] == 1, 0.8, 0.05), logit=np.nan)


def test_four_spells_are_too_few_to_score(rows, tmp_path):
    few = rows.assign(y=rows["y"].where(rows["at_risk"], 0.0))
    table = at_risk_table(few, ("climatology", "pool"))
    assert table["spells"].tolist() == [1, 1]
    assert table.filter(regex="auc|skill|precision|calibration").isna().all(axis=None)
    page = write_tables(Backtest(tmp_path, few, ("climatology", "persistence", "pool")), title="Backtest").read_text()
    assert "| 6 | 66 | 1 | 0.030 | all | too few to score | - | - | - | - |" in page
    scores = pd.read_parquet(tmp_path / "scores.parquet")
    assert scores["base_rate"].notna().any()
    assert scores[["auc", "brier", "brier_low", "log_score"]].isna().all(axis=None)


def test_ten_spells_are_enough_but_not_of_nine_countries(rows):
    some = rows[rows["at_risk"]]
    many = some.assign(y=((some["month"] == 3) & (some["unit"] != "0")).astype(float))
    assert not module.too_few(many)
    assert module.too_few(many.assign(y=many["y"].where(many["unit"] != "1", 0.0)))
    assert module.too_few(many.assign(country=many["country"].replace({"C10": "C01", "C02": "C01"})))


@pytest.mark.usefixtures("enough")
def test_only_at_risk_rows_are_scored_and_spells_stand_beside_them(rows):
    table = at_risk_table(rows, ("climatology", "pool", "logit"))
    assert table["forecaster"].tolist() == ["climatology", "pool"]  # the logit does not forecast this target
    pool = table.to_dict("records")[1]
    assert (pool["rows"], pool["units"], pool["spells"]) == (66, 11, 1)
    assert pool["base_rate"] == pytest.approx(2 / 66)
    assert pool["auc"] == pytest.approx(1.0)
    brier, opponent = (2 * 0.2**2 + 64 * 0.05**2), (2 * 0.9**2 + 64 * 0.1**2)
    assert pool["brier_skill_climatology"] == pytest.approx(1 - brier / opponent)
    assert pool["brier_skill_climatology_low"] <= pool["brier_skill_climatology"]


def test_alarms_are_counted_among_the_at_risk(rows):
    five = alarm_table(rows).to_dict("records")[0]
    # two of 30 calls are true, and the spell was called a month before it had happened
    assert five["top"] == 5
    assert (five["false_per_true"], five["spells"], five["called"], five["lead_months"]) == (14.0, 1, 1, 2.0)


@pytest.mark.usefixtures("enough")
def test_the_page_begins_with_the_at_risk_set(rows, tmp_path):
    left_out = rows[rows["at_risk"]].drop(columns=["hard_onset", "logit"])
    result = Backtest(tmp_path, rows, ("climatology", "persistence", "pool", "logit"), left_out)
    page = write_tables(result, title="Backtest").read_text()
    assert page.index("At-risk rows.") < page.index("With the country left out") < page.index("All strata.")
    assert "| 6 | 66 | 1 | 0.030 | pool | 1.000 (1.000 to 1.000) |" in page
    assert "| 6 | 5 | 14.0 | 1 of 1 | 2 |" in page
    assert {file.name for file in tmp_path.glob("*.parquet")} >= {
        "at_risk.parquet",
        "alarms.parquet",
        "left_out.parquet",
    }


def test_a_country_left_out_is_forecast_from_the_others_alone(monkeypatch):
    panel = made_panels.made_panel(2, n_months=150, n_units=12, n_countries=3)
    features = build_features(panel, blocks=(*BLOCKS, *FRAGMENTATION_BLOCKS))
    chance = (np.random.default_rng(0).random(panel.shape) < 0.3).astype(float)
    chance[-6:] = np.nan
    target = replace(TARGETS["contestation"], label=lambda *_: chance, at_risk=lambda p: p.observed)
    learned_from: list[set[int]] = []
    fit = module.fit_members

    def noted(design, **options):
        learned_from.append(set(design.country.tolist()))
        return fit(design, **options)

    monkeypatch.setattr(module, "fit_members", noted)
    made = leave_country_out(panel, features, target, horizons=(6,))
    assert learned_from == [{1, 2}, {0, 2}, {0, 1}]
    assert made["unit"].nunique() == 12
    assert made["origin"].min() == str(panel.months[24])
    assert made["pool"].between(0, 1).all()
