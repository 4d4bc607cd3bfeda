"""Which features are empty where facts were not coded, over all of them."""

import numpy as np
import pytest
from made_bundled import bundled, bundled_panel

from faultline.features.blocks.build import BLOCKS, FRAGMENTATION_BLOCKS, FURTHER_BLOCKS, build_features
from faultline.features.blocks.coded import MAY_BE_EMPTY

SNAPSHOT = bundled()


@pytest.fixture(scope="module")
def features():
    panel = bundled_panel("country")
    return panel, build_features(panel, blocks=(*BLOCKS, *FRAGMENTATION_BLOCKS, *FURTHER_BLOCKS))


def test_the_features_of_facts_and_no_others_are_empty_where_nothing_was_coded(features):
    _, built = features
    empty = {name for name in built.names if np.isnan(built.column(name)).any()}
    assert empty == set(MAY_BE_EMPTY)


def test_the_flags_say_where_features_are_empty(features):
    panel, built = features
    for flag, name in (("deployments", "foreign_forces"), ("transitions", "sanctions")):
        coded = built.column(f"facts_coded_{flag}") > 0
        np.testing.assert_array_equal(coded, ~np.isnan(built.column(name)))
        assert coded[-1].sum() == {"deployments": 52, "transitions": 50}[flag]
        np.testing.assert_array_equal(coded, panel.values[f"{flag}_coded"] > 0)


def test_coups_and_regimes_are_told_of_every_country(features):
    _, built = features
    for name in ("coups_120", "since_coup", "coup_attempt_decay", "regime"):
        assert not np.isnan(built.column(name)).any()


def test_elections_are_told_of_every_country_until_reign_ends(features):
    panel, built = features
    known = ~np.isnan(built.column("since_election"))
    germany = known[:, panel.units.index.get_loc("260")]
    niger = known[:, panel.units.index.get_loc("436")]
    assert str(panel.months[np.flatnonzero(germany)[-1]]) == "2021-03"
    assert niger.all()


def test_regions_are_told_what_their_country_is():
    panel = bundled_panel("region")
    built = build_features(panel)
    nigeria = panel.units["gwno"].to_numpy() == 475
    indonesia = panel.units["iso3"].to_numpy() == "IDN"  # not coded
    told = built.column("foreign_forces")
    assert not np.isnan(told[:, nigeria]).any()  # coded since 2005, before the counts begin
    assert np.isnan(told[:, indonesia]).all()
