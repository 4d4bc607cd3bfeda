"""The effects layer of deaths judged: a planted factor is found and served, a harmful one refused, no look-ahead."""

import made_panels
import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom

from faultline.features.blocks.build import build_features
from faultline.models.learners import kept_effects
from faultline.models.learners.effects import Shift
from faultline.models.learners.kept_effects import COURSE, layer_at
from faultline.pipelines.backtest.effects import judge
from faultline.pipelines.backtest.effects_file import read_effects, write_effects
from faultline.pipelines.backtest.effects_page import effects_markdown
from faultline.pipelines.backtest.effects_scores import Deaths
from faultline.pipelines.backtest.history_deaths import LEVELS, level_names

FACT = "effect_sanctions"


@pytest.fixture(scope="module")
def panel():
    return made_panels.coded_in_part()


@pytest.fixture(scope="module")
def features(panel):
    return build_features(panel, blocks=("effects",))


def forecasts(panel, features, *, effect, turned=None):
    """Rows 1 and 12 months ahead from December 2005 on; from the year ``turned`` on the fact does the reverse."""
    first, rng, parts = panel.position(pd.Period("2005-12", "M")), np.random.default_rng(0), []
    for lead in (1, 12):
        month, unit = (each.ravel() for each in np.mgrid[first : panel.shape[0] - lead, : panel.shape[1]])
        mean = rng.lognormal(2, 1, len(month))
        told = np.nan_to_num(features.column(FACT)[month, unit].astype(np.float64), nan=0.0)
        sign = np.where((turned is not None) & (panel.months.year.to_numpy()[month] >= (turned or 0)), -1, 1)
        y = rng.poisson(mean * np.exp(sign * effect * told) * rng.gamma(2, 1 / 2, len(month)))
        middles = (np.arange(LEVELS) + 0.5) / LEVELS
        levels = np.array(nbinom.ppf(middles, 2, (2 / (2 + mean))[:, None]), np.float32)
        where = {"target": "deaths", "horizon_months": lead, "month": month, "unit": unit}
        rows = pd.DataFrame({**where, "country": panel.country[unit], "y": y.astype(np.float32)})
        parts.append(rows.join(pd.DataFrame(levels, columns=level_names())))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def found(panel, features):
    return judge(panel, forecasts(panel, features, effect=0.6), "deaths", features=features)


def test_a_planted_factor_of_deaths_is_found_for_every_month_ahead_and_served(found):
    layer = found.layers[COURSE, "2017-12"]
    assert layer.coefficient[layer.names.index(FACT)] == pytest.approx(
        0.6, abs=0.25
    )  # shrunk by the ridge that was chosen
    assert set(found.ridges) == {COURSE}
    assert found.scores["decided", "coded"].high < 0
    assert found.served
    coded, every = (found.scores["decided", which].change for which in ("coded", "all"))
    assert coded < every < 0  # where nothing is coded nothing changes


def test_a_factor_that_turned_round_is_refused(panel, features):
    turned = forecasts(panel, features, effect=0.6, turned=2012)
    judged = judge(panel, turned, "deaths", features=features, ridges={COURSE: 10.0})
    assert judged.scores["decided", "coded"].high > 0.01
    assert not judged.served


def test_a_layer_learns_nothing_of_months_that_were_not_over(panel, features, found):
    rows = forecasts(panel, features, effect=0.6)
    later = rows["month"] + rows["horizon_months"] > panel.position(pd.Period("2017-12", "M"))
    rows.loc[later, "y"] = 1000
    other = judge(panel, rows, "deaths", features=features)
    then, now = (each.layers[COURSE, "2017-12"] for each in (found, other))
    np.testing.assert_array_equal(then.coefficient, now.coefficient)
    assert found.ridges == other.ridges
    assert not np.array_equal(found.layers[COURSE, "2023-12"].coefficient, other.layers[COURSE, "2023-12"].coefficient)


def test_deaths_are_scored_by_the_crps_of_draws_times_the_factor():
    told = Deaths(np.array([4.0, 4.0]), np.array([[0, 2], [0, 2]], np.float32))
    shift = Shift(np.array([0.0, np.log(2)]), np.zeros(2))
    score, by = told.after(np.ones(2, bool), shift)
    # E|X - y| - E|X - X'| / 2: (4 + 2) / 2 - 2 / 4, and of 0 and 4 (4 + 0) / 2 - 4 / 4
    np.testing.assert_allclose(told.before, [2.5, 2.5])
    np.testing.assert_allclose(score, [2.5, 1.0])
    np.testing.assert_allclose(by, [0, 1])
    assert told.history.tolist() == [1, 1]


def test_the_file_and_the_page_tell_deaths_beside_probabilities(found, features, tmp_path, monkeypatch):
    file = tmp_path / "effects.json"
    write_effects([found], features, file)
    monkeypatch.setattr(kept_effects, "EFFECTS_FILE", file)
    kept = layer_at("country", "deaths", COURSE, "2018-01")
    np.testing.assert_allclose(kept.coefficient, found.layers[COURSE, "2017-12"].coefficient, rtol=1e-5)
    page = effects_markdown(read_effects(file))
    assert "Served: `deaths` (country)." in page
    assert "| fact | deaths, any month |" in page
    assert "The served layers moved deaths by" in page
