"""A kind of forecast is a record: what its targets, models and pages differ by."""

import numpy as np
import pandas as pd
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


def test_risk_is_said_of_probabilities_and_read_off_the_months_before_of_deaths():
    rows = pd.DataFrame(
        {
            "at_risk": [True, False, True],
            "hard_onset": [True, False, False],
            "horizon_months": 1,
            "country": ["MLI", "NER", "NER"],
            "year": 2001,
        }
    )
    at_risk = {
        kind.name: [inside.tolist() for name, value, inside in kind.strata(rows) if (name, value) == ("at risk", "h=1")]
        for kind in KINDS
    }
    assert at_risk == {"probabilities": [[True, False, True]], "distributions": [[False, True, True]]}


def test_war_totals_are_told_apart_of_deaths_alone_and_risk_of_probabilities_alone():
    assert set(PROBABILITIES.held_back) ^ set(DISTRIBUTIONS.held_back) == {"at_risk", "without_war_totals"}
    rows = {"country": np.array(["MLI", "FRA"] * 60, object), "hard_onset": np.arange(120) < 60}
    more = rows | {"at_risk": np.arange(120) < 70, "war_total": np.arange(120) < 50}
    for kind in KINDS:
        assert [name for name, _ in kind.held_back_strata(more)] == ["all", *kind.held_back]


def test_of_distributions_alone_probabilities_are_read():
    assert PROBABILITIES.thresholds == ()
    assert DISTRIBUTIONS.thresholds == THRESHOLDS == (1, 25)
