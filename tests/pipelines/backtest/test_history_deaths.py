"""What the pool of deaths would have said of past origins: out of sample, in order, whole parts, war totals aside."""

from dataclasses import replace

import made_panels
import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.targets.build import TARGETS
from faultline.pipelines.backtest import history_deaths as module
from faultline.pipelines.backtest.history_deaths import AHEAD, LEVELS, history_deaths, level_names
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings

SNAPSHOT = bundled()


@pytest.fixture(scope="module")
def panel():
    made = made_panels.made_panel(1, n_months=110, n_units=4, level="country")
    months = pd.period_range(end="2026-05", periods=110, freq="M")
    war_total = np.zeros(made.shape, bool)
    panel = replace(made, months=months)
    war_total[panel.position(pd.Period("2025-07", "M")), 2] = True
    return replace(panel, war_total=war_total)


@pytest.fixture(autouse=True)
def lately(monkeypatch):
    monkeypatch.setattr(module, "FIRST_YEARS", {"country": 2024})


def forecast(panel, out):
    quiet = Progress.on_stderr(quiet=True)
    asked = [TARGETS["deaths"]]
    return history_deaths(panel, asked, snapshot=SNAPSHOT, settings=Settings(), progress=quiet, out=out)


@pytest.fixture(scope="module")
def rows(panel, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "FIRST_YEARS", {"country": 2024})
        return forecast(panel, tmp_path_factory.mktemp("parts"))


def test_every_month_ahead_that_is_over_is_forecast_but_for_war_totals(panel, rows):
    assert set(rows["horizon_months"]) == set(AHEAD)
    ahead = rows["month"] + rows["horizon_months"]
    assert ahead.max() == panel.shape[0] - 1
    assert panel.months[rows["month"].min()] == pd.Period("2023-12", "M")
    assert not panel.war_total[ahead, rows["unit"]].any()
    assert not rows.duplicated(["horizon_months", "month", "unit"]).any()
    np.testing.assert_array_equal(rows["y"], panel.deaths[ahead, rows["unit"]])
    of_a_month = rows[(rows["horizon_months"] == 1) & (rows["month"] == panel.position(pd.Period("2025-06", "M")))]
    assert 2 not in set(of_a_month["unit"])


def test_levels_are_in_order(rows):
    levels = rows[level_names()].to_numpy()
    assert levels.shape[1] == LEVELS
    assert (np.diff(levels, axis=1) >= 0).all()
    assert (levels >= 0).all()


def test_what_came_later_changes_no_forecast(panel, rows, tmp_path):
    changed = {name: array.copy() for name, array in panel.values.items()}  # noqa: PD011  # a dict of ours
    for name in ("sb_deaths", "ns_deaths", "os_deaths"):
        changed[name][panel.position(pd.Period("2025-01", "M")) :] += 50
    other = forecast(replace(panel, values=changed), tmp_path)
    before = rows["month"] < panel.position(pd.Period("2025-01", "M"))
    np.testing.assert_array_equal(rows.loc[before, level_names()], other.loc[before, level_names()])
    assert not np.array_equal(rows[level_names()], other[level_names()])


def test_parts_at_hand_are_not_made_again(panel, tmp_path, monkeypatch):
    first = forecast(panel, tmp_path)
    monkeypatch.setattr(module, "build_features", pytest.fail)
    pd.testing.assert_frame_equal(forecast(panel, tmp_path), first)
