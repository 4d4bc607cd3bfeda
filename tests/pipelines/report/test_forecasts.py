"""Forecasts as the brief reads them from the scores."""

from faultline.pipelines.report.forecasts import MAIN_TARGET, forecasts
from faultline.pipelines.report.script_data import score_records
from faultline.pipelines.report.wording import Wording


def test_what_facts_add_to_deaths_stands_beside_one_probability_of_the_same_window(make):
    found = forecasts(make().scores)
    with_deaths = [each for each in found if each.target == MAIN_TARGET and each.deaths[1] > 0]
    assert with_deaths
    assert {each.deaths_effects for each in with_deaths} == {(0.05, -0.02, 0.12)}
    assert {each.effects for each in with_deaths} == {(0.012, -0.008, 0.031)}
    said = (
        "foreign forces and transitions: +5.0% of deaths, \N{MINUS SIGN}2.0 to +12.0, "
        "most by: a coup attempt (May 2024)"
    )
    records = score_records(found, Wording.of("en"))
    assert {each["target"] for each in records if said in each["drivers"]} == {MAIN_TARGET}


def test_scores_of_before_deaths_had_effects_can_be_read(make):
    scores = make().scores
    older = scores.drop(columns=[name for name in scores.columns if name.startswith("effects_")])
    assert {each.deaths_note for each in forecasts(older)} == {""}
