"""Armed actors fight when UCDP says that they did, under the names by which their country knows them."""

import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.panels.countries import known_by
from faultline.pipelines.issue.armed_actors import ACTORS, MOST_ROWS, armed_actors

MALI, BURKINA_FASO, NIGERIA, SUDAN = 432, 439, 475, 625


def month(text):
    return pd.Period(text, "M")


def told(gwno, first, last):
    snapshot = bundled()
    own = snapshot.actor_month[snapshot.actor_month["gwno"] == gwno]
    names = dict(zip(snapshot.actors["actor_id"], snapshot.actors["name"], strict=True))
    return armed_actors(own, snapshot.actor_lineage, names, first=month(first), last=month(last))


def span(table, actor):
    own = table[table["actor"] == actor]
    return f"{own['start'].min():%Y-%m}", f"{own['end'].max() - pd.Timedelta(days=1):%Y-%m}"


@pytest.fixture(scope="module")
def mali():
    return told(MALI, "2012-01", "2025-12")


def test_the_rebels_of_2012_the_alliance_of_2017_and_the_front_of_2024_stand_in_their_months(mali):
    assert span(mali, "CMA (MNLA)")[0] == "2012-01"  # the attack on Menaka, 17 January 2012
    assert span(mali, "MUJAO") == ("2012-06", "2013-08")  # Gao, 27 June 2012; al-Murabitun from 22 August 2013
    assert span(mali, "Ansar Dine") == ("2012-01", "2017-01")
    assert span(mali, "JNIM") == ("2017-03", "2025-12")  # founded on 2 March 2017
    assert span(mali, "IS Sahel")[0] == "2017-02"
    assert span(mali, "FLA")[0] == "2023-08"  # under the CMA's own name until 30 November 2024


def test_forerunners_stand_below_who_carries_them_on_and_lines_are_ordered_by_deaths(mali):
    rows = mali.drop_duplicates("row").set_index("row")
    assert rows["actor"].tolist()[:7] == ["JNIM", "AQIM", "Ansar Dine", "MUJAO", "IS Sahel", "FLA", "CMA (MNLA)"]
    assert rows["into"].tolist()[:7] == ["", "JNIM", "JNIM", "JNIM", "", "", "FLA"]
    assert len(rows) == MOST_ROWS
    assert rows["deaths"][0] > rows["deaths"][4] > rows["deaths"][5]


def test_a_run_is_of_months_without_a_gap_and_all_of_them_make_the_months(mali):
    lengths = pd.PeriodIndex(mali["end"], freq="M").asi8 - pd.PeriodIndex(mali["start"], freq="M").asi8
    by_actor = mali.assign(length=lengths).groupby("actor")
    assert (by_actor["length"].sum() == by_actor["months"].first()).all()
    for _, runs in mali.groupby("actor"):
        assert (runs["start"].to_numpy()[1:] > runs["end"].to_numpy()[:-1]).all()
    mujao = mali[mali["actor"] == "MUJAO"]
    assert mujao["months"].iloc[0] == 9
    assert mujao["deaths"].iloc[0] == pytest.approx(354.17, abs=0.01)


def test_a_group_that_fights_on_beside_its_heir_is_not_said_to_have_gone_into_it():
    nigeria, sudan = told(NIGERIA, "2012-01", "2025-12"), told(SUDAN, "2021-06", "2026-05")
    assert set(nigeria.loc[nigeria["actor"].isin(["JAS", "ISWAP"]), "into"]) == {""}
    assert sudan.loc[sudan["actor"] == "RSF", "into"].iloc[0] == "SFA"  # the pact of Nairobi, 23 February 2025


def test_nothing_later_than_the_month_asked_for_is_told_and_nothing_of_nothing():
    snapshot, last = bundled(), month("2016-12")
    known = known_by(snapshot.actor_month, last)
    names = dict(zip(snapshot.actors["actor_id"], snapshot.actors["name"], strict=True))
    every = armed_actors(known, known_by(snapshot.actor_lineage, last), names, first=month("2012-01"), last=last)
    assert "JNIM" not in set(every["actor"])
    assert set(every.loc[every["gwno"] == MALI, "into"]) <= {"", "al-Murabitun", "AQIM"}
    assert every["end"].max() <= pd.Timestamp("2017-01-01")
    assert every.groupby("gwno")["row"].max().max() == MOST_ROWS - 1
    none = armed_actors(known.iloc[:0], snapshot.actor_lineage, names, first=month("2012-01"), last=last)
    assert (tuple(none.columns), len(none)) == (ACTORS, 0)
