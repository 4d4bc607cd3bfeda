"""Drivers in words: they say whether the thing was there, and whether there was little or much of it."""

import numpy as np
import pytest
from made_panels import made_panel

from faultline.features.blocks.build import BLOCKS, FRAGMENTATION_BLOCKS, FURTHER_BLOCKS, FeatureArrays, build_features
from faultline.features.blocks.feature import LATELY_CAP, SINCE_CAP, Feature
from faultline.features.facts.deployments import FARTHEST_MONTHS
from faultline.features.facts.distances import FARTHEST_KM
from faultline.models.probabilities.driver_words import AMOUNTS, amount_of, usual
from faultline.models.probabilities.explain import top_drivers

COUPS = Feature("coup_decay", "successful coups, fading by half in 24 months")
DEATHS = Feature("deaths_3", "deaths, last 3 months", 1)
LAST_COUP = Feature("since_coup", "a successful coup", kind="since")


def told(features: tuple[Feature, ...], past: list[list[float]], row: list[float], moved: list[float]) -> str:
    """Drivers of one row, each feature a block of its own, against a past of months x features of one unit."""
    values = np.array(past, np.float32)[:, None, :]
    arrays = FeatureArrays(features, tuple(feature.name for feature in features), values)
    against = usual(arrays, np.ones(values.shape[:2], bool))
    return top_drivers(np.array([moved]), np.array([row], np.float32), arrays, against=against)[0]


def test_where_there_was_no_coup_its_absence_lowers_the_score():
    past = [[1.0, 0.0], [0.0, 0.0], [0.0, 6.0], [0.0, 2.0]]
    assert told((COUPS, DEATHS), past, row=[0.0, 5.0], moved=[-0.3, 0.9]) == (
        "raised by many deaths, last 3 months; lowered by the absence of successful coups, fading by half in 24 months"
    )


@pytest.mark.parametrize(
    ("deaths", "words"),
    [(0, "the absence of deaths"), (1, "few deaths"), (3, "some deaths"), (4.5, "many deaths")],
)
def test_deaths_are_none_few_some_or_many_against_the_mean_of_all_and_of_those_with_any(deaths, words):
    # mean of all 2, of those with any 4
    past = [[0.0], [0.0], [2.0], [6.0]]
    assert told((DEATHS,), past, row=[deaths], moved=[0.5]) == f"raised by {words}, last 3 months"


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (SINCE_CAP, "20 years or more since a successful coup, if ever"),
        (230, "the long time since a successful coup"),
        (2, "the short time since a successful coup"),
    ],
)
def test_the_time_since_a_coup_is_long_or_short_or_there_was_none(months, words):
    past = np.log1p([[SINCE_CAP], [SINCE_CAP], [60.0], [100.0]]).tolist()
    assert told((LAST_COUP,), past, row=[np.log1p(months)], moved=[-0.5]) == f"lowered by {words}"


def test_a_date_that_has_passed_is_said_to_have_passed_and_changes_go_up_or_down():
    end = Feature("transition_left", "the announced end of the transition", kind="until")
    assert amount_of(end, -5.0, everywhere=1.0, where_any=20.0) == "past"
    assert amount_of(end, float(FARTHEST_MONTHS), everywhere=1.0, where_any=20.0) == "none"
    troops = Feature("foreign_troops_change_3", "foreign troops over 3 months", kind="change")
    assert [amount_of(troops, x, everywhere=0.1, where_any=1.0) for x in (-0.2, 0.0, 0.2)] == ["little", "none", "much"]


def test_what_was_not_coded_is_said_to_be_so_and_not_to_be_absent():
    troops = Feature("french_troops", "French troops")
    past = [[0.0], [np.nan], [5.0], [np.nan]]
    assert told((troops,), past, row=[np.nan], moved=[0.5]) == "raised by the lack of coded facts on French troops"
    assert told((troops,), past, row=[0.0], moved=[0.5]) == "raised by the absence of French troops"
    built = FeatureArrays((troops,), ("deployments",), np.array(past, np.float32)[:, :, None])
    usually = usual(built, np.ones((4, 1), bool))
    assert usually.everywhere.tolist() == [2.5]  # of the months that are known


def test_words_of_none_name_the_caps_of_what_is_counted():
    assert f"{SINCE_CAP // 12} years" in AMOUNTS["since"]["none"]
    assert f"{FARTHEST_KM:,.0f} km" in AMOUNTS["near"]["none"]
    assert f"{FARTHEST_MONTHS // 12} years" in AMOUNTS["until"]["none"]
    assert LATELY_CAP == 12
    assert "a year" in AMOUNTS["lately"]["none"]


@pytest.mark.parametrize("level", ["country", "region"])
def test_every_feature_can_be_told_at_whatever_value_it_has(level):
    panel = made_panel(1, level=level)
    features = build_features(panel, blocks=[*BLOCKS, *FRAGMENTATION_BLOCKS, *FURTHER_BLOCKS])
    against = usual(features, panel.observed)
    x = features.values[-1]
    for at, feature in enumerate(features.features):
        moved = np.zeros(x.shape)
        moved[:, at] = 1.0
        for text in top_drivers(moved, x, features, against=against):
            assert feature.what in text
