"""The facts of a country that the brief tells are those known at its origin, by the targets' own rules."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.panels.countries import country_panel
from faultline.features.panels.regions import region_panel
from faultline.features.targets.build import TARGETS
from faultline.pipelines.issue.country_facts import country_facts

ORIGIN = pd.Period("2023-06", "M")


@pytest.fixture(scope="module")
def panels():
    snapshot = bundled()
    return snapshot, country_panel(snapshot, as_of=ORIGIN), region_panel(snapshot, as_of=ORIGIN)


@pytest.fixture(scope="module")
def facts(panels):
    return country_facts(*panels, origin=ORIGIN, years=5)


def test_announced_withdrawals_are_told_with_their_dates_and_ends(facts):
    mali = facts.announced[facts.announced["location_code"] == "MLI"].sort_values("date")
    minusma = mali[mali["force"] == "MINUSMA"]
    # Mali asked the Security Council on 16 June 2023; resolution 2690 of 30 June set the end of the year
    assert minusma["date"].dt.strftime("%Y-%m-%d").tolist() == ["2023-06-16", "2023-06-30"]
    assert minusma["announced_end"].isna().tolist() == [True, False]
    assert minusma["announced_end"].iloc[1] == pd.Timestamp("2023-12-31")
    assert set(mali["sender"]) == {"UN", "French", "EU", "African regional"}
    assert set(mali["force"]) <= set(facts.forces.loc[facts.forces["location_code"] == "MLI", "force"])


def test_a_withdrawal_announced_after_the_origin_is_not_told(panels):
    snapshot, countries, regions = panels
    earlier = country_facts(snapshot, countries, regions, origin=ORIGIN - 1, years=5).announced
    assert "MINUSMA" not in set(earlier.loc[earlier["location_code"] == "MLI", "force"])


def test_at_risk_of_a_new_armed_actor_is_who_the_target_says(facts, panels):
    _, countries, _ = panels
    at_risk = TARGETS["new_armed_actor"].at_risk(countries)[-1]
    assert facts.at_risk == set(countries.units["iso3"][at_risk])
    assert {"MLI", "SDN", "ETH"} <= facts.at_risk
    assert "UKR" not in facts.at_risk  # a war between states, the deadliest of the year
    deaths = np.array(countries.deaths)[-12:].sum(axis=0)
    quiet = set(countries.units["iso3"][deaths < 25])
    assert not facts.at_risk & quiet


def test_war_totals_up_to_the_origin_are_told_with_their_own_events_and_deaths(facts):
    totals = facts.war_totals.set_index(["location_code", "month"])
    assert totals.loc[("ETH", "2021-01"), ["events", "deaths"]].tolist() == [21, 114_614]
    assert totals.loc[("ETH", "2022-08"), ["events", "deaths"]].tolist() == [58, 159_450]
    assert facts.war_totals["month"].max() <= "2023-06"
    assert ("MEX", "2023-01") in totals.index
    assert ("MEX", "2024-01") not in totals.index


def test_the_share_of_people_in_contested_regions_is_told_where_populations_are_known(panels):
    snapshot, countries, regions = panels
    peopled = replace(regions, units=regions.units.assign(population=1.0).where(regions.units["iso3"] == "MLI"))
    peopled.units["gwno"] = regions.units["gwno"]
    parts = country_facts(snapshot, countries, peopled, origin=ORIGIN, years=5).parts.set_index("location_code")
    alike = parts["contested"] / parts["regions"]
    assert parts["contested_share_population"]["MLI"] == pytest.approx(alike["MLI"])
    assert 0.3 < alike["MLI"] < 1
    assert parts["contested_share_population"].drop("MLI").isna().all()


def test_until_when_facts_were_searched_is_told_as_of_the_origin_and_where_they_were_not_nothing(facts):
    coded = facts.coded.set_index(["location_code", "kind"])
    assert coded.loc[("MLI", "deployments"), "searched_until"] == pd.Timestamp("2023-06-30")
    for country in ("PER", "IDN", "CYP"):
        assert coded.loc[country, "searched_until"].isna().all(), country
    assert coded.loc[("GIN", "deployments"), "searched_until"] is pd.NaT
    assert coded.loc[("GIN", "transitions"), "searched_until"] == pd.Timestamp("2023-06-30")
    assert coded.loc[("CYP", "deployments"), "un_troops"] > 500
    assert coded.loc[("LBN", "deployments"), "un_troops"] > 8_000
    assert coded.loc[("PER", "deployments"), "un_bases"] == 0
