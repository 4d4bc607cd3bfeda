"""The backtest: a killed run goes on, and nobody else's parts are taken for its own."""

from __future__ import annotations

from typing import Any

import made_panels
import pandas as pd
import pytest
from made_bundled import bundled_panel
from rich.console import Console
from typer.testing import CliRunner

from faultline.features.blocks.build import build_features
from faultline.features.errors import ConfigError, UnknownNameError
from faultline.features.targets.build import TARGETS
from faultline.pipelines.backtest import engine as module
from faultline.pipelines.backtest import parts
from faultline.pipelines.backtest.tables import write_tables
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.cli.main import app

OPTIONS: dict[str, Any] = {"targets": ("violence_25",), "horizons": (1,), "first": 2024, "last": 2025}


@pytest.fixture
def fast(monkeypatch):
    """Forecast years by a made rule: what is held here is the parts, not the models."""

    def year_of(_panel, _features, target, *, year, horizons, **_):
        rows = [
            {"target": target.name, "horizon_months": h, "origin": f"{year}-01", "unit": str(u), "country": c}
            | {"year": year, "month": 12 * year + k, "at_risk": True, "hard_onset": k == 0, "y": float((u + k) % 2)}
            | {"climatology": 0.5, "persistence": 0.4, "pool": 0.1 + 0.8 * ((u + k) % 2)}
            for h in horizons
            for u, c in enumerate(("MLI", "NER", "BFA"))
            for k in range(4)
        ]
        return pd.DataFrame(rows)

    monkeypatch.setattr(module, "forecast_year", year_of)
    monkeypatch.setattr(module, "build_features", lambda _, **__: None)
    monkeypatch.setattr(module, "panel_of", lambda _, level, **__: bundled_panel(level))
    monkeypatch.setattr(parts, "code_digest", lambda _: "the same code")


QUIET = Progress(Console(stderr=True), quiet=True)


@pytest.mark.usefixtures("fast")
def test_a_killed_run_goes_on_to_the_same_result(tmp_path):
    whole = module.backtest(Settings(), QUIET, out=tmp_path / "whole", **OPTIONS)

    def kill(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        module.backtest(Settings(), QUIET, out=tmp_path / "cut", part_done=kill, **OPTIONS)
    done = []
    resumed = module.backtest(Settings(), QUIET, out=tmp_path / "cut", part_done=done.append, **OPTIONS)
    assert [file.name for file in done] == ["violence_25-2025.parquet"]
    pd.testing.assert_frame_equal(resumed.rows, whole.rows)


@pytest.mark.usefixtures("fast")
def test_parts_of_another_seed_are_refused_with_what_to_do(tmp_path):
    module.backtest(Settings(), QUIET, out=tmp_path, **OPTIONS)
    with pytest.raises(ConfigError, match=r"other seed.*--out"):
        module.backtest(Settings(seed=1), QUIET, out=tmp_path, **OPTIONS)


@pytest.mark.usefixtures("fast")
def test_the_page_tells_skill_and_differences(tmp_path):
    result = module.backtest(Settings(), QUIET, out=tmp_path, **OPTIONS)
    page = write_tables(result, title="Backtest").read_text()
    # Brier .01 against .25
    assert "| all | all horizons | pool | 24 | 0.500 | 0.0100 (0.0100 to 0.0100) | +96.0% |" in page
    assert "## Differences of Brier" in page
    scores = pd.read_parquet(result.folder / "scores.parquet").query("forecaster == 'pool'")
    # of three units a month all are called, of which half are true
    wide = scores.query("stratum == 'all' and value == 'h=1'")
    assert wide[["precision_5", "recall_5"]].to_numpy().tolist() == [[0.5, 1.0]]
    assert scores.query("stratum == 'country'")["precision_5"].isna().all()


def test_two_runs_and_one_or_two_threads_give_the_same_forecasts():
    panel = made_panels.made_panel(4, n_units=14, n_months=160, level="country")
    features = build_features(panel)

    def run(threads):
        made = [
            module.forecast_year(panel, features, TARGETS[name], year=2002, horizons=(1, 2, 3), threads=threads)
            for name in ("violence_1", "violence_25")
        ]
        return pd.concat(made, ignore_index=True)

    once = run(1)
    assert once[["lightgbm", "pool, calibrated"]].nunique().min() > 50
    pd.testing.assert_frame_equal(run(1), once, check_exact=True)
    pd.testing.assert_frame_equal(run(2), once, check_exact=True)


def test_the_command_takes_both_levels_in_turn(monkeypatch, tmp_path):
    levels = []

    def run_backtests(*_, level, **__):
        levels.append(level)
        return [tmp_path / level]

    monkeypatch.setattr("faultline.pipelines.jobs.backtesting.run_backtests", run_backtests)
    done = CliRunner().invoke(app, ["backtest", "--level", "all", "--no-track", "--quiet"])
    assert done.exit_code == 0, done.output
    assert levels == ["country", "region"]


def test_a_target_that_one_of_both_levels_lacks_is_refused_before_either_is_backtested(monkeypatch, tmp_path):
    monkeypatch.setattr("faultline.pipelines.jobs.backtesting.run_backtests", lambda *_, **__: pytest.fail("began"))
    done = CliRunner().invoke(app, ["backtest", "--level", "all", "--targets", "contestation", "--out", str(tmp_path)])
    assert isinstance(done.exception, UnknownNameError)
    assert "country target 'contestation'" in str(done.exception)
