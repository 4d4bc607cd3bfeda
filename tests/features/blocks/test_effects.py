"""Features of the effects layer: recency of what happened, nothing where nothing did, empty where nobody looked."""

import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled_panel

from faultline.features.blocks.build import build_features
from faultline.features.blocks.coded import MAY_BE_EMPTY


@pytest.fixture(scope="module")
def world():
    panel = bundled_panel("country")
    return panel, build_features(panel, blocks=("effects",))


def told(world, iso3, month):
    panel, features = world
    row = features.values[panel.position(pd.Period(month, "M")), list(panel.units["iso3"]).index(iso3)]  # noqa: PD011
    return dict(zip(features.names, row.tolist(), strict=True))


def test_each_lies_between_nothing_and_one(world):
    told_of = world[1].values  # noqa: PD011  # an array of ours
    values = told_of[np.isfinite(told_of)]
    assert (values.min(), values.max()) == (0, 1)


def test_mali_is_told_its_history_and_recency_fades_by_half_in_a_year(world):
    before, after, later = (told(world, "MLI", month) for month in ("2021-11", "2022-09", "2023-09"))
    names = ("effect_russian_arrival", "effect_sponsor_switch", "effect_western_departure")
    assert [before[name] for name in names] == [0, 0, 0]
    assert told(world, "MLI", "2021-12")["effect_russian_arrival"] == 1  # Wagner came in December 2021
    assert after["effect_western_departure"] > 0.9  # the last French soldier left on 15 August 2022
    assert later["effect_western_departure"] == pytest.approx(after["effect_western_departure"] / 2)
    assert after["effect_host_exit"] > 0.9
    assert after["effect_sponsor_switch"] > 0.9
    assert after["effect_exit_after_coup"] == 1


def test_where_ongoing_violence_is_missing_the_interaction_is_nothing(world):
    gabon = told(world, "GAB", "2023-09")  # a coup in August 2023, without war
    assert gabon["effect_coup"] > 0.9
    assert gabon["effect_coup_violent"] == 0
    assert told(world, "NER", "2023-09")["effect_coup_violent"] == told(world, "NER", "2023-09")["effect_coup"]


def test_outside_coded_country_years_every_one_is_empty(world):
    assert set(world[1].names) <= set(MAY_BE_EMPTY)
    assert np.isnan(list(told(world, "PER", "2015-10").values())).all()
    assert np.isnan(list(told(world, "MLI", "1999-10").values())).all()
