"""The weights of the pool of deaths: what is locked stays out, and the file is what the pool reads."""

from __future__ import annotations

import made_panels
import numpy as np
import pandas as pd
import pytest

from faultline.features.blocks.build import build_features
from faultline.features.errors import CoverageError
from faultline.models.distributions import pool_weights
from faultline.models.distributions.hurdle import HurdleFamily
from faultline.models.distributions.pool import MEMBERS
from faultline.pipelines.backtest import weigh as module

pytestmark = pytest.mark.usefixtures("few_trees")


@pytest.fixture(scope="module")
def weighed():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FIRST", 2015)
        yield [module.weigh_panel(panel, build_features(panel), outcome="deaths") for panel in panels()]


def panels():
    panel = made_panels.made_panel(6, n_units=12, n_months=340, level="country")
    locked = panel.position(pd.Period("2018-01", "M"))
    return panel, made_panels.changed(panel, 7, slice(locked, None))


def test_what_came_after_2017_changes_no_weight(weighed):
    first, second = weighed
    np.testing.assert_array_equal(first.weights.table, second.weights.table)
    pd.testing.assert_frame_equal(first.checked, second.checked)


def test_how_large_a_war_total_is_changes_no_weight(monkeypatch):
    monkeypatch.setattr(module, "FIRST", 2016)
    panel = panels()[0]
    month, tables = panel.position(pd.Period("2016-01", "M")), []
    for deaths in (2_000, 114_614):
        told = made_panels.with_war_total(panel, month, 3, deaths=deaths)
        tables.append(module.weigh_panel(told, build_features(told), outcome="deaths").weights.table)
    np.testing.assert_array_equal(*tables)


def test_weights_are_checked_on_years_that_they_do_not_know(weighed):
    checked = weighed[0].checked
    assert sorted(checked["year"].unique()) == [2016, 2017]
    assert set(checked["forecaster"]) == {"pool", *MEMBERS}
    best = checked.groupby("forecaster")["crps"].mean()
    assert best["pool"] < best.drop("pool").median()


def test_too_little_history_is_an_error(monkeypatch):
    monkeypatch.setattr(HurdleFamily, "fit", lambda *_, **__: (_ for _ in ()).throw(CoverageError("too short.")))
    panel, _ = panels()
    with pytest.raises(CoverageError, match="too little history"):
        module.weigh_panel(panel, build_features(panel), outcome="deaths")


def test_weights_take_the_place_of_older_ones_and_come_back_from_the_file(weighed, tmp_path, monkeypatch):
    file = tmp_path / "weights.csv"
    module.write_weights(weighed[:1], file)
    table = module.write_weights(weighed[1:], file)
    assert not table.duplicated(["level", "outcome", "month_ahead", "stratum_from_deaths", "member"]).any()
    monkeypatch.setattr(pool_weights, "WEIGHTS_FILE", file)
    read = pool_weights.pool_weights("country", "deaths")
    np.testing.assert_allclose(read.table, weighed[1].weights.table, atol=6e-5)
    assert not list(tmp_path.glob(".*"))


def test_the_page_shows_weights_and_every_year(weighed):
    page = module.weights_page(weighed[:1])
    assert "`deaths`, country" in page
    assert "| 2016 |" in page
    assert "| all, IGN |" in page
