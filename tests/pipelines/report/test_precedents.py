"""Precedents in the brief: what is told of a country with a recent event, in both languages."""

import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.facts.happenings import EVENTS
from faultline.features.panels.build import both_panels
from faultline.pipelines.report import write_brief
from faultline.pipelines.report.precedents import PRECEDENTS, like_events, precedent_lines
from faultline.pipelines.report.wording import Wording


def made(**changes):
    row = {
        "location_code": "AAA",
        "event": "departure",
        "classes": "french",
        "by_host": True,
        "cases": 6,
        "countries": 6,
    }
    row |= {"month": pd.Timestamp("2025-09-01"), "of_cases": 1.2, "of_controls": 0.5, "low": 1.5, "high": 3.75}
    row |= {"rises": 4, "rises_of_cases": 0.5, "rises_of_controls": 0.1}
    return pd.DataFrame([row | changes], columns=list(PRECEDENTS))


def line(table, lang="en"):
    return precedent_lines(table, Wording.of(lang))["AAA"][0]


def test_a_line_says_how_many_cases_what_followed_and_against_what():
    assert line(made()) == (
        "departure of foreign forces (French, at the host's demand), here in September 2025: 6 compared, countries: 6; "
        "deaths after were 1.20 times those before, and 0.50 times in matched months (90% interval of the ratio of the "
        "two 1.50 to 3.75). Up by 30% or more: 50% of the 4 with 25 deaths or more before, 10% of matched months."
    )


def test_few_cases_are_said_to_be_few_and_none_to_be_none():
    few = line(made(cases=3, countries=3, low=float("nan"), high=float("nan"), rises=0))
    assert few.endswith("0.50 times in matched months (too few countries for an interval).")
    assert line(made(cases=0, countries=0, event="coup", classes="", by_host=False)) == (
        "coup, here in September 2025: no case can be compared yet."
    )


def test_french_says_it_in_french():
    said = line(made(), "fr")
    assert said.startswith("départ de forces étrangères (français, à la demande du pays hôte), ici en septembre 2025")
    assert "1,20 fois" in said
    for event in EVENTS:
        assert line(made(event=event, classes=""), "fr") != line(made(event=event, classes=""))


def test_the_page_carries_the_lines_and_what_they_are_not(make, tmp_path):
    html = write_brief(make(precedents=made()), tmp_path / "b.html").read_text(encoding="utf-8")
    assert "here in September 2025: 6 compared" in html
    assert "No cause is shown." in html
    assert 'class="unit-precedents"' in html


@pytest.fixture(scope="module")
def told():
    snapshot = bundled()
    return like_events(snapshot, both_panels(snapshot, as_of=pd.Period("2024-03", "M")))


def test_a_country_is_told_of_its_own_events_of_two_years_alone(told):
    niger = told[told["location_code"] == "NER"].set_index(["event", "classes"])
    assert niger.loc[("coup", ""), "month"] == pd.Timestamp("2023-07-01")
    assert niger.loc[("departure", "french"), "month"] == pd.Timestamp("2023-12-01")
    assert niger.loc[("departure", "french"), "by_host"]
    assert ("west_to_russia", "") not in niger.index  # the Russians came in April 2024
    assert "DNK" not in set(told["location_code"])
    assert set(told["event"]) <= set(EVENTS)
    assert (told["month"] >= "2022-04-01").all()


def test_below_five_countries_the_brief_has_no_interval(told):
    few = told["countries"] < 5
    assert told.loc[few, "low"].isna().all()
    assert told.loc[~few, ["low", "high"]].notna().all(axis=None)
