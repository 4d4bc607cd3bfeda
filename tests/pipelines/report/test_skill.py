"""What the brief says about how good its numbers are."""

import numpy as np
import pytest

from faultline.pipelines.report.skill import skill_tables
from faultline.pipelines.report.wording import Wording

ENGLISH = Wording.of("en")


def test_a_pool_that_beats_persistence_everywhere_is_said_to(skill):
    countries, regions = skill_tables(skill(pool=0.9), ENGLISH)
    sentence, good = countries.sentences[0]
    assert sentence == (
        "For countries, the pool beat persistence on \u201cat least 25 deaths\u201d at every horizon checked: "
        "it took away 10% of persistence's Brier error."
    )
    assert good
    assert regions.sentences[0][0].startswith("For regions")


@pytest.mark.parametrize("pool", [1.0, 1.1])
def test_a_pool_that_does_not_beat_persistence_is_said_not_to(skill, pool: float):
    countries, _ = skill_tables(skill(pool=pool), ENGLISH)
    sentence, good = countries.sentences[0]
    assert "did NOT beat persistence" in sentence
    assert not good
    assert not any(row.beaten for row in countries.rows)


def test_scores_on_the_at_risk_set_are_named_as_such(skill):
    countries, _ = skill_tables(skill(), ENGLISH)
    assert "a new armed group, at risk only" in [row.event for row in countries.rows]
    assert "\u201ca new armed group, at risk only\u201d" in countries.sentences[2][0]


def test_the_members_of_rare_events_share_the_columns_of_the_others(skill):
    table = skill()
    rare = table["target"] == "new_armed_actor"
    named = table["forecaster"].astype("str")
    own = named.where(~(rare & named.isin(["logit", "lightgbm"])), "rare_" + named)
    shared = skill_tables(table.assign(forecaster=own), ENGLISH)
    assert set(own) >= {"rare_logit", "rare_lightgbm"}
    assert shared == skill_tables(table, ENGLISH)


def test_the_at_risk_set_is_named_in_french(skill):
    countries, _ = skill_tables(skill(), Wording.of("fr"))
    assert "nouveau groupe armé, lieux à risque seulement" in [row.event for row in countries.rows]


def test_horizons_at_which_the_pool_fails_are_named(skill):
    table = skill(pool=0.9)
    failing = (table["forecaster"] == "pool") & (table["horizon_months"] == 1)
    table.loc[failing, "brier_skill_persistence"] = -0.02
    countries, _ = skill_tables(table, ENGLISH)
    assert (
        "at 3 months, 6 months and 12 months ahead, but did NOT beat it at 1 month ahead" in countries.sentences[0][0]
    )


def test_a_pool_that_climatology_beats_is_said_to_be_beaten(skill):
    table = skill(pool=0.9)
    failing = (table["forecaster"] == "pool") & (table["target"] == "new_armed_actor") & (table["horizon_months"] <= 3)
    table.loc[failing, "brier_skill_climatology"] = -0.03
    said = dict(skill_tables(table, ENGLISH)[0].sentences)
    (sentence,) = [text for text in said if "climatology" in text]
    assert "on \u201ca new armed group, at risk only\u201d at 1 month and 3 months ahead" in sentence
    assert not said[sentence]


def test_the_smallest_brier_score_of_a_row_is_found(skill):
    countries, _ = skill_tables(skill(pool=0.96), ENGLISH)
    assert countries.forecasters[countries.rows[0].best] == "Logit"
    assert "12 have a single forecaster that scored better than the pool" in countries.sentences[-1][0]


def test_a_skill_that_was_not_measured_is_not_praised(skill):
    countries, _ = skill_tables(skill().assign(brier_skill_persistence=np.nan), ENGLISH)
    assert "was not compared with persistence" in countries.sentences[0][0]
    assert not countries.sentences[0][1]


def test_without_a_check_there_is_no_table(skill):
    assert skill_tables(skill().head(0), ENGLISH) == ()
