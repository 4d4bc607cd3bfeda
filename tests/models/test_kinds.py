"""A kind of forecast is a record: what its targets, models and pages differ by."""

import pytest

from faultline.features.targets.build import TARGETS
from faultline.models.distributions.distribution import THRESHOLDS
from faultline.models.kinds import DISTRIBUTIONS, KINDS, PROBABILITIES, kind_for


@pytest.mark.parametrize("target", TARGETS.values(), ids=lambda target: target.name)
def test_every_target_is_forecast_by_the_kind_that_it_names(target):
    assert kind_for(target.name) is (DISTRIBUTIONS if target.kind == "deaths" else PROBABILITIES)


def test_a_card_shows_the_score_by_which_a_champion_changes_and_those_of_the_campaign_that_it_can():
    for kind in KINDS:
        assert set(kind.headlines) <= {*kind.columns, "crps_skill_conflictology"}
        assert any(heading == kind.score for heading in kind.columns.values())


def test_of_distributions_alone_probabilities_are_read():
    assert PROBABILITIES.thresholds == ()
    assert DISTRIBUTIONS.thresholds == THRESHOLDS == (1, 25)
