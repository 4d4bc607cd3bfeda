"""The backtest of deaths: rows and scores by hand, both protocols, and parts that outlive a killed run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import made_panels
import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from faultline.features.blocks.build import build_features
from faultline.models.distributions.distribution import Makeup
from faultline.pipelines.backtest import deaths as module
from faultline.pipelines.backtest.deaths import DeathsBacktest, forecast_deaths
from faultline.pipelines.backtest.deaths_tables import (
    PERSISTENCE,
    calibration_table,
    deaths_differences,
    deaths_scores,
    threshold_scores,
    write_deaths_tables,
)
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings

QUIET = Progress(Console(stderr=True), quiet=True)


@dataclass(frozen=True)
class Oracle:
    """Forecasts h deaths, surely, for the month h ahead, and remembers what it was shown."""

    makeup = Makeup()
    name: str
    seen: list[tuple[int, int]]

    def fit(self, _panel: Any, _features: Any, *, last: int, horizons: int, **_: Any) -> Oracle:
        self.seen.append((last, horizons))
        return self

    def samples(self, panel: Any, _features: Any, **_: Any) -> np.ndarray:
        ahead = np.arange(1, self.seen[-1][1] + 1, dtype=np.float32)
        return np.broadcast_to(ahead[None, :, None], (panel.shape[1], len(ahead), 5)).copy()


@pytest.fixture(scope="module")
def panel():
    return made_panels.made_panel(3, n_months=264, n_units=4)


@pytest.fixture(scope="module")
def forecast(panel):
    oracle = Oracle("oracle", [])
    families: dict[str, Any] = {"conflictology": oracle, "climatology": oracle}
    made = forecast_deaths(panel, build_features(panel), "deaths", year=2008, families=families)
    return made, oracle


def test_models_learn_by_december_and_by_october(panel, forecast):
    _, oracle = forecast
    first = panel.months[0]
    december = pd.Period("2007-12", "M").ordinal - first.ordinal
    assert sorted(set(oracle.seen)) == [(december - 2, 14), (december, 12)]


def test_months_are_scored_by_hand(panel, forecast):
    rows, _ = forecast
    one = rows[(rows["protocol"] == "rolling") & (rows["forecaster"] == "climatology")]
    assert set(one["horizon_months"]) == set(range(1, 13))
    row = one[(one["origin"] == "2007-12") & (one["horizon_months"] == 3)].iloc[0]
    y = float(panel.deaths[panel.position(pd.Period("2008-03", "M")), panel.units.index.get_loc(row["unit"])])
    assert row["y"] == y
    assert row["crps"] == pytest.approx(abs(y - 3))  # the CRPS of a sure forecast is its absolute error
    assert (row["p_1"], row["p_25"]) == (1, 0)
    assert (row["bias_mean"], row["mae_mean"]) == (3 - y, abs(3 - y))
    assert row["crps_log"] == pytest.approx(abs(np.log1p(y) - np.log1p(3)))
    assert not one["war_total"].any()
    challenge = rows[rows["protocol"] == "challenge"]
    assert set(challenge["origin"]) == {"2007-10"}
    ends = {str(pd.Period(str(row.origin), "M") + int(str(row.horizon_months))) for row in challenge.itertuples()}
    assert ends == {f"2008-{month:02}" for month in range(1, 13)}


def test_every_score_is_told_with_and_without_war_totals(panel, tmp_path):
    unit, month = panel.units.index[1], panel.position(pd.Period("2008-05", "M"))
    told = made_panels.with_war_total(panel, month, 1)
    oracle = Oracle("oracle", [])
    families: dict[str, Any] = {"conflictology": oracle, "climatology": oracle}
    rows = forecast_deaths(told, build_features(told), "deaths", year=2008, families=families)
    marked = rows[rows["war_total"]]
    assert set(marked["unit"]) == {unit}
    assert (marked["y"] >= 114_614).all()
    assert set(marked["month"]) == {month}
    result = DeathsBacktest(tmp_path, rows)
    key = {"protocol": "challenge", "stratum": "all", "value": "all horizons", "forecaster": "climatology"}
    table = deaths_scores(result)
    some = table[(table[list(key)] == pd.Series(key)).all(axis=1)].set_index("war_totals")
    mine = rows[(rows["protocol"] == "challenge") & (rows["forecaster"] == "climatology")]
    assert some["n"].to_dict() == {"with": 48, "without": 47}  # four units, twelve months
    for score in ("crps", "mae_mean"):  # of a sure forecast both are its absolute error
        off = (mine["y"] - mine["horizon_months"]).abs()
        assert some[score].to_dict() == pytest.approx({"with": off.mean(), "without": off[~mine["war_total"]].mean()})
    off = mine["horizon_months"] - mine["y"]
    assert some["bias_mean"].to_dict() == pytest.approx({"with": off.mean(), "without": off[~mine["war_total"]].mean()})
    for others in (threshold_scores(result), calibration_table(result), deaths_differences(result)):
        assert set(others["war_totals"]) == {"with", "without"}
    page = write_deaths_tables(result, title="Deaths").read_text(encoding="utf-8")
    assert "| all | all horizons | without | climatology | 47 |" in page


def test_without_a_war_total_no_score_is_told_twice(forecast, tmp_path):
    assert set(deaths_scores(DeathsBacktest(tmp_path, forecast[0]))["war_totals"]) == {"with"}


def test_persistence_of_a_threshold_adds_one(forecast, tmp_path):
    rows, _ = forecast
    scores = threshold_scores(DeathsBacktest(tmp_path, rows)).set_index(["protocol", "threshold", "forecaster"])
    y = rows[(rows["protocol"] == "rolling") & (rows["forecaster"] == "climatology")]["y"].to_numpy() >= 25
    assert scores["brier"].to_dict()["rolling", 25, PERSISTENCE] == pytest.approx(float(np.mean((1 / 14 - y) ** 2)))


def test_calibration_by_hand(tmp_path):
    rows = pd.DataFrame(
        {
            "protocol": "rolling",
            "target": "deaths",
            "forecaster": "pool",
            "horizon_months": [1, 1, 1, 2],
            "y": [0.0, 30.0, 2.0, 0.0],
            "war_total": False,
            "pit": [0.5, 0.96, 0.9, 0.3],
            "p_1": [0.0, 1.0, 1.0, 0.5],
            "p_25": 0.0,
            "covered_50": [1.0, 0.0, 0.0, 1.0],
            "covered_80": [1.0, 0.0, 1.0, 1.0],
            "covered_90": 1.0,
        }
    )
    table = calibration_table(DeathsBacktest(tmp_path, rows))
    both, first, _ = table.to_dict("records")
    assert (both["value"], first["value"]) == ("all horizons", "h=1")
    assert (both["covered_50"], both["covered_80"]) == (0.5, 0.75)
    assert [both[f"pit_{level}"] for level in (50, 80, 90)] == [0.5, 0.75, 0.75]
    assert first["calibration_error_1"] == 0
    assert first["calibration_error_25"] == pytest.approx(1 / 3)


def test_a_killed_run_goes_on_and_the_page_tells_the_scores(forecast, tmp_path, monkeypatch):
    made, _ = forecast
    monkeypatch.setattr(module, "build_features", lambda _: None)
    monkeypatch.setattr(module, "forecast_deaths", lambda *_args, year, **_: made.assign(year=year))

    def kill(_):
        raise KeyboardInterrupt

    options: dict[str, Any] = {"targets": ("deaths",), "first": 2024, "last": 2025, "out": tmp_path}
    with pytest.raises(KeyboardInterrupt):
        module.backtest_deaths(Settings(), QUIET, part_done=kill, **options)
    done: list[str] = []
    result = module.backtest_deaths(Settings(), QUIET, part_done=lambda file: done.append(file.name), **options)
    assert done == ["deaths-2025.parquet"]
    scores = deaths_scores(result)
    assert set(scores["value"]) >= {"2024", "2025", "h=1", "all horizons"}
    assert {(row.stratum, row.value) for row in scores.itertuples()} >= {("at risk", "h=3")}
    page = write_deaths_tables(result, title="Deaths").read_text(encoding="utf-8")
    assert "## `deaths`, challenge" in page
    assert "## Differences of CRPS from conflictology" in page
