"""Events told from the tables of facts."""

import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.facts.happenings import COLUMNS, EVENTS, happenings

LAST = pd.Period("2026-05", "M")


@pytest.fixture(scope="module")
def snapshot():
    return bundled()


def told(snapshot, deployments=None, transitions=None):
    """Events of made facts, beside tables without any."""
    tables = (snapshot.deployments, snapshot.transitions, snapshot.elections, snapshot.coups)
    deployments, transitions, elections, coups = (
        table[:0] if made is None else made
        for table, made in zip(tables, (deployments, transitions, None, None), strict=True)
    )
    return happenings(deployments, transitions, elections, coups, last=LAST)


@pytest.fixture(scope="module")
def events(snapshot):
    made = happenings(snapshot.deployments, snapshot.transitions, snapshot.elections, snapshot.coups, last=LAST)
    assert list(made.columns) == list(COLUMNS)
    assert set(made["event"]) == set(EVENTS)
    return made


def forces(snapshot, *rows):
    """Facts of Mali: deployment, class, fact, date, initiator, regions."""
    base = snapshot.deployments.iloc[[0] * len(rows)].reset_index(drop=True)
    columns = ["deployment", "actor_class", "fact", "date", "initiator", "regions"]
    made = pd.DataFrame([(*row, None, None)[: len(columns)] for row in rows], columns=columns)
    made["date"] = pd.to_datetime(made["date"]).astype("datetime64[s]")
    given = {"mission": made["deployment"], "known_on": made["date"], "iso3": "MLI", "gwno": 432}
    return base.assign(**made, **given, fact_id=[f"f{i}" for i in range(len(rows))])


def days(events, event):
    return [(row.what, str(row.date.date())) for row in events[events["event"] == event].itertuples()]


def test_a_force_comes_once_and_leaves_when_all_of_it_does(snapshot):
    made = forces(
        snapshot,
        ("a", "french", "arrival", "2013-01-11"),
        ("a", "french", "arrival", "2013-01-26", None, "ML-7"),
        ("a", "french", "departure", "2021-11-15", "sender", "ML-8"),
        ("a", "french", "departure", "2022-08-15", "host"),
    )
    events = told(snapshot, made)
    assert days(events, "arrival") == [("a", "2013-01-11")]
    assert days(events, "departure") == [("a", "2022-08-15")]
    assert events.loc[events["event"] == "departure", ["classes", "initiator"]].to_numpy().tolist() == [
        ["french", "host"]
    ]


@pytest.mark.parametrize(("successor", "left"), [("2014-08-31", []), ("2014-09-01", [("a", "2014-07-31")])])
def test_a_force_under_another_name_within_a_month_has_not_left(snapshot, successor, left):
    made = forces(
        snapshot,
        ("a", "french", "arrival", "2013-01-11"),
        ("a", "french", "departure", "2014-07-31", "sender"),
        ("b", "french", "arrival", successor),
    )
    assert days(told(snapshot, made), "departure") == left


@pytest.mark.parametrize(("came", "month"), [("2014-08-15", ["2016-08-15"]), ("2018-08-15", ["2018-08-15"])])
def test_russians_within_two_years_of_a_western_end_take_its_place(snapshot, came, month):
    made = forces(
        snapshot,
        ("a", "eu", "arrival", "2010-01-11"),
        ("a", "eu", "departure", "2016-08-15", "sender"),
        ("w", "russian", "arrival", came),
    )
    found = told(snapshot, made)
    found = found[found["event"] == "west_to_russia"]
    assert found["date"].dt.strftime("%Y-%m-%d").tolist() == month
    late = made.assign(date=made["date"] + pd.to_timedelta([0, 0, 800 if came > "2016" else -800], unit="D"))
    assert "west_to_russia" not in set(told(snapshot, late)["event"])


def test_western_forces_left_and_russians_came_in_these_countries(events):
    found = events[events["event"] == "west_to_russia"].set_index("iso3")
    assert found["date"].dt.strftime("%Y-%m").to_dict() == {
        "CAF": "2018-01",  # Sangaris ended in October 2016, Wagner came in January 2018
        "MLI": "2022-06",  # Wagner since December 2021; Takuba ended in June, Barkhane in August 2022
        "BFA": "2024-01",  # Sabre ended in February 2023
        "NER": "2024-04",
    }
    assert "Operation Sangaris (2016-10-31, some stay under another name)" in found.loc["CAF", "what"]
    assert found.loc["CAF", "initiator"] == "sender"
    assert "host" in found.loc["MLI", "initiator"]
    assert all(found["source"].str.len() > 0)
    assert all(found["source_url"].str.startswith("http"))


def test_coups_have_the_page_of_the_curated_fact_where_there_is_one(events):
    gabon = events[(events["event"] == "coup") & (events["date"] == "2023-08-30")]
    assert gabon["iso3"].tolist() == ["GAB"]
    assert gabon["source_url"].str.startswith("http").all()
    old = events[(events["event"] == "attempt") & (events["date"] == "2012-01-26")]
    assert old["source"].tolist() == ["Powell & Thyne 2023-09-08"]


def test_a_transition_is_overdue_from_the_month_after_its_end_unless_it_was_put_off_before(events):
    overdue = events[events["event"] == "transition_overdue"]
    mali = overdue[overdue["iso3"] == "MLI"]
    # The transition of 2022 was to end on 26 March 2024; that of 2020 was put off before its end in February 2022.
    assert mali["date"].dt.strftime("%Y-%m").tolist() == ["2013-08", "2024-04"]
    assert mali["what"].iloc[-1] == "to end by 2024-03-26"


def test_a_vote_put_off_is_one_of_either_table_and_a_transition_put_off_is_none(snapshot, events):
    postponed = snapshot.transitions[snapshot.transitions["fact"] == "postponement"]
    votes = postponed[~postponed["subject"].isin(["transition"])]
    delays = (snapshot.elections["event"] == "delayed").sum()
    assert (events["event"] == "election_postponed").sum() == len(votes) + delays
