"""Transitions month by month: the timetable as it was announced, polls, sanctions, blocs, regimes."""

import pandas as pd
import pytest

from faultline.features.facts.transitions import FARTHEST_MONTHS, regime_values, transition_values

MONTHS = pd.period_range("2020-01", "2023-12", freq="M")
MALI = pd.Index([432])


def facts(*rows):
    table = pd.DataFrame(rows, columns=["fact", "date", "announced_end", "subject", "known_on"])
    dates = {
        "date": table["date"],
        "announced_end": table["announced_end"],
        "known_on": table["known_on"].fillna(table["date"]),
    }
    typed = {name: pd.to_datetime(column).astype("datetime64[s]") for name, column in dates.items()}
    return table.assign(**typed, gwno=432)


def elections(*rows):
    table = pd.DataFrame(rows, columns=["election_id", "event", "date", "known_on"]).assign(office="X")
    typed = {name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in ("date", "known_on")}
    return table.assign(**typed, gwno=432)


COUPS = pd.DataFrame(
    {
        "gwno": [432],
        "successful": [True],
        "date": pd.to_datetime(["2020-08-18"]).astype("datetime64[s]"),
        "known_on": pd.to_datetime(["2020-08-18"]).astype("datetime64[s]"),
    }
)
NO_FACTS = facts(("charter", "2020-01-01", None, None, None))
NO_ELECTIONS = elections(("1", "assumed", "2020-01-01", "2020-01-01"))


def values(transitions, polls=NO_ELECTIONS, coups=COUPS[:0]):
    made = transition_values(transitions, polls, coups, countries=MALI, months=MONTHS)
    return pd.DataFrame({name: array[:, 0] for name, array in made.items()}, index=MONTHS)


def test_the_announced_end_is_the_one_known_at_the_time():
    made = values(
        facts(
            ("transition_began", "2020-09-25", None, None, None),
            ("timetable_announced", "2020-09-12", "2022-03-25", None, None),
            ("postponement", "2022-01-01", "2026-12-31", None, "2022-02-03"),
            ("timetable_announced", "2022-06-06", "2024-03-26", None, None),
            ("transition_ended", "2023-10-01", None, None, None),
        )
    )
    assert made["transition"].ne(0).idxmax() == pd.Period("2020-09", "M")
    assert made.loc["2020-09", "transition_left"] == 18
    assert list(made.loc["2022-01", ["transition_left", "transition_postponements"]]) == [2, 0]
    assert list(made.loc["2022-02", ["transition_left", "transition_postponements"]]) == [FARTHEST_MONTHS, 1]
    assert made.loc["2022-02", "transition_slip"] == 57
    assert list(made.loc["2022-06", ["transition_left", "transition_slip", "transition_age"]]) == [21, 24, 21]
    assert (made.loc["2023-10":, ["transition", "transition_postponements", "transition_slip"]] == 0).all(axis=None)


def test_an_overdue_transition_counts_below_zero():
    made = values(facts(("transition_began", "2020-02-01", "2020-06-30", None, None)))
    assert made.loc["2020-04":"2020-09", "transition_left"].tolist() == [2, 1, 0, -1, -2, -3]


@pytest.mark.parametrize("fate", ["held", "postponed", "coup"])
def test_a_poll_that_is_set_counts_down_until_it_is_held_put_off_or_swept_away(fate):
    rows = [("election_set", "2020-03-10", "2020-12-27", "presidential", None)]
    rows += [("election_held", "2020-08-02", None, "presidential", None)] if fate == "held" else []
    rows += [("postponement", "2020-08-02", None, "presidential", None)] if fate == "postponed" else []
    made = values(facts(*rows), coups=COUPS if fate == "coup" else COUPS[:0])["months_to_election"]
    assert made.loc["2020-02":"2020-04"].tolist() == [FARTHEST_MONTHS, 9, 8]
    assert made.loc["2020-07":"2020-08"].tolist() == [5, FARTHEST_MONTHS]


def test_a_polling_day_may_stand_as_the_date_of_the_fact():
    made = values(facts(("election_set", "2020-12-27", None, "presidential", "2020-03-10")))["months_to_election"]
    assert made.loc["2020-02":"2020-04"].tolist() == [FARTHEST_MONTHS, 9, 8]


def test_an_election_is_pending_from_its_announcement_to_its_day_and_no_longer_than_two_years():
    polls = elections(
        ("1", "announced", "2020-03-01", "2020-03-31"),
        ("1", "held", "2020-06-07", "2020-06-07"),
        ("2", "announced", "2021-01-10", "2021-01-10"),
    )
    made = values(NO_FACTS, polls)
    assert MONTHS[made["election_pending"] > 0].astype(str).tolist() == [
        *("2020-03", "2020-04", "2020-05"),
        *pd.period_range("2021-01", "2022-12", freq="M").astype(str),
    ]
    assert MONTHS[made["election_held"] > 0].astype(str).tolist() == ["2020-06"]


def test_sanctions_and_exits_from_blocs_are_counted_by_body():
    made = values(
        facts(
            ("sanctions_imposed", "2020-02-01", None, "ECOWAS", None),
            ("sanctions_imposed", "2020-03-01", None, "EU", None),
            ("sanctions_lifted", "2020-05-01", None, "ECOWAS", None),
            ("bloc_exit_announced", "2020-02-10", None, "ECOWAS", None),
            ("bloc_exit_effective", "2020-04-10", None, "ECOWAS", "2020-02-10"),
        )
    )
    assert made.loc["2020-01":"2020-05", "sanctions"].tolist() == [0, 1, 2, 2, 1]
    assert made.loc["2020-01":"2020-05", "bloc_exits_announced"].tolist() == [0, 1, 1, 0, 0]
    assert made.loc["2020-01":"2020-05", "bloc_exits"].tolist() == [0, 0, 0, 1, 1]


def test_the_regime_is_that_of_the_last_year_known():
    regimes = pd.DataFrame(
        {
            "gwno": 432,
            "year": [2019, 2020],
            "regime": [2, 0],
            "known_on": pd.to_datetime(["2020-03-31", "2021-03-31"]).astype("datetime64[s]"),
        }
    )
    made = pd.Series(regime_values(regimes, countries=MALI, months=MONTHS)[:, 0], index=MONTHS)
    assert made.loc[["2020-02", "2020-03", "2021-02", "2021-03", "2023-12"]].tolist() == [1, 2, 2, 0, 0]
