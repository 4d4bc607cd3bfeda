"""A backtest sees a forecaster that an issue would not be written with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import made_panels
import numpy as np
import pytest

from faultline.features.blocks.build import build_features
from faultline.models.distributions.conflictology import CONFLICTOLOGY
from faultline.models.distributions.distribution import Makeup
from faultline.pipelines.backtest.breaches import believable_markdown, unbelievable
from faultline.pipelines.backtest.deaths import forecast_deaths

UNITS = 4


@dataclass(frozen=True)
class Broken:
    """Draws no deaths but for one course of the first unit, which has all the world's in the second month."""

    makeup = Makeup()
    horizons: int = 0
    name: str = "broken"

    def fit(self, _panel: Any, _features: Any, *, horizons: int, **_: Any) -> Broken:
        return Broken(horizons)

    def samples(self, panel: Any, _features: Any, **_: Any) -> np.ndarray:
        drawn = np.zeros((panel.shape[1], self.horizons, 100), np.float32)
        drawn[0, 1, 50] = 1_482_192
        return drawn


@pytest.fixture(scope="module")
def rows():
    panel = made_panels.made_panel(3, n_months=264, n_units=UNITS)
    families: dict[str, Any] = {"conflictology": CONFLICTOLOGY, "broken": Broken()}
    return forecast_deaths(panel, build_features(panel), "deaths", year=2008, families=families)


def test_a_forecaster_that_draws_what_never_was_is_counted_by_year(rows):
    counted: Any = unbelievable(rows).set_index(["protocol", "forecaster"]).to_dict("index")
    broken = counted["rolling", "broken"]
    assert (broken["year"], broken["mean_too_high"], broken["unheard_of"]) == (2008, 12, 12)  # of twelve origins each
    assert counted["challenge", "broken"]["unheard_of"] == 0  # it scores the third month and later ones
    believed = counted["rolling", "conflictology"]
    assert (believed["mean_too_high"], believed["unheard_of"]) == (0, 0)


def test_the_page_names_the_year_and_who_has_no_such_forecast(rows):
    page = believable_markdown(rows)
    assert "| rolling | deaths | broken | 2008 | 576 | 12 | 12 |" in page
    assert "None in any year: conflictology." in page
