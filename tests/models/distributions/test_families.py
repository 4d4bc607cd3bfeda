"""Every family of forecasters of deaths: it comes back from its texts, and can be served by itself."""

from __future__ import annotations

import made_panels
import numpy as np
import pandas as pd
import pytest

from faultline.features.blocks.build import build_features
from faultline.models.distributions.distribution import summary
from faultline.models.distributions.families import SAMPLE_FAMILIES
from faultline.models.distributions.model import DeathsModel
from faultline.models.serving.deaths import answer, deaths_frame, deaths_signature

UNITS, MONTHS = 8, 100


@pytest.fixture(scope="module")
def world():
    panel = made_panels.made_panel(4, n_units=UNITS, n_months=MONTHS, n_countries=4)
    panel.observed[90:95, 2] = False
    return panel, build_features(panel)


@pytest.fixture(scope="module")
def models(world):
    panel, features = world
    learned = {}
    for name, family in SAMPLE_FAMILIES.items():
        learned[name] = family.fit(panel, features, last=MONTHS - 1, horizons=2, learned=learned)
    return {
        name: DeathsModel(panel.level, "deaths", features.names, fitted, str(panel.months[-1]), 7, name)
        for name, fitted in learned.items()
    }


@pytest.mark.parametrize("name", SAMPLE_FAMILIES)
def test_a_forecaster_comes_back_from_its_texts_with_the_same_samples(world, models, name):
    panel, features = world
    model = models[name]
    again = DeathsModel.from_texts(model.texts())
    assert (again.family, again.forecaster.horizons, again.forecaster.outcome) == (name, 2, "deaths")
    for at in (MONTHS - 1, 60):
        first, second = (
            one.forecaster.samples(panel, features, at=np.full(UNITS, at), draws=50, seed=3) for one in (model, again)
        )
        assert first.shape == (UNITS, 2, 50)
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", SAMPLE_FAMILIES)
def test_a_forecaster_that_is_served_by_itself_says_what_it_draws_for_the_panel(world, models, name):
    panel, features = world
    model = models[name]
    at = np.full(UNITS, MONTHS - 1)
    rows = deaths_frame(model, panel, features, month=at, unit=np.arange(UNITS))
    signature = deaths_signature(model)
    assert signature.inputs.input_names() == list(rows.columns)
    told = answer(model, rows)
    assert signature.outputs.input_names() == list(told.columns)
    expected = pd.DataFrame(summary(model.forecaster.samples(panel, features, at=at, seed=7)))
    pd.testing.assert_frame_equal(told.drop(columns=["unit", "month"]), expected)


def test_months_of_ones_own_past_are_drawn_alike_and_months_not_observed_are_not(world, models):
    """As a plain loop over the panel's months draws them."""
    panel, features = world
    for name, months in (("conflictology", 12), ("climatology", None)):
        drawn = models[name].forecaster.samples(panel, features, at=np.full(UNITS, 96), draws=40, seed=5)
        rng = np.random.default_rng(5)
        for unit in range(UNITS):
            own = [t for t in range(97) if panel.observed[t, unit] and t > 96 - (months or 97)]
            pick = rng.random((2, 40), np.float32)
            place = np.minimum((pick * len(own)).astype(np.int64), len(own) - 1)
            np.testing.assert_array_equal(drawn[unit], panel.deaths[np.array(own)[place], unit])
