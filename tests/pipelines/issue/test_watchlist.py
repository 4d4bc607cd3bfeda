"""The lists of an issue: whom they name, in which order, and what stands beside each."""

import pandas as pd
import pytest
from made_scores import made_scores

from faultline.features.errors import UnknownNameError
from faultline.pipelines.cli.closing import _record, _table
from faultline.pipelines.issue.list_record import COLUMNS as LIST_RECORD
from faultline.pipelines.issue.watchlist import COLUMNS, LISTS, watchlist


def made(**columns):
    """Rows as of an issue: three countries and two regions with what every list is made of."""
    like = made_scores().query("target == 'violence_1' and horizon_months == 12")
    parts = [
        like.assign(target=target, horizon_months=horizon, base_rate=0.1, **columns)
        for target, horizon in (("rise_30", 6), ("fall_30", 6), ("crossing_25", 3), ("violence_1000", 12))
    ]
    deaths = {"probability": float("nan"), "q05": 5.0, "q95": 900.0, "mean_deaths": 300.0, "severe_deaths": 2_000.0}
    for horizon in (3, 6, 12):
        total = like.assign(target="deaths_total", horizon_months=horizon, **deaths)
        parts.append(total.assign(q50=20.0 * total["rank"], deaths_before=40.0))
    return pd.concat(parts, ignore_index=True)


def test_every_list_has_its_units_the_highest_first():
    listed = watchlist(made())
    assert tuple(listed.columns) == COLUMNS
    counts = listed.groupby(["admin_level", "list"]).size().to_dict()
    assert counts == {(level, name): units for level, units in ((0, 3), (1, 2)) for name in LISTS}
    rises = listed[(listed["list"] == "rise") & (listed["admin_level"] == 0)]
    assert rises["probability"].is_monotonic_decreasing
    assert rises["place"].tolist() == [1, 2, 3]
    most = listed[(listed["list"] == "most_deaths") & (listed["admin_level"] == 0)]
    assert most["q50"].tolist() == [60, 40, 20]
    assert most["location_code"].tolist() == ["NER", "NGA", "MLI"]


def test_a_list_tells_deaths_of_its_own_window_their_change_and_how_often_it_happens():
    row = watchlist(made(), names=["rise"]).iloc[0]
    assert (row["q50"], row["deaths_before"], row["change"], row["base_rate"]) == (20, 40, -0.5, 0.1)
    none_before = made().assign(deaths_before=0.0)
    assert watchlist(none_before)["change"].isna().all()


def test_where_1000_died_already_it_is_no_news():
    scores = made()
    nigeria = (scores["location_code"] == "NGA") & (scores["admin_level"] == 0) & (scores["target"] == "deaths_total")
    scores.loc[nigeria, "deaths_before"] = 1_000.0
    listed = watchlist(scores, names=["reach_1000"])
    assert "NGA" not in set(listed.loc[listed["admin_level"] == 0, "location_code"])
    assert "NGA" in set(watchlist(scores, names=["most_deaths"]).query("admin_level == 0")["location_code"])


def test_what_lies_outside_all_regions_is_no_place_to_watch():
    scores = made()
    scores.loc[(scores["admin1_name"] == "Borno") & (scores["target"] == "deaths_total"), "rank"] = pd.NA
    assert "Borno" not in set(watchlist(scores, names=["most_deaths"])["admin1_name"])


def test_the_nearest_window_that_was_scored_stands_in():
    scores = made().query("horizon_months != 6 or target == 'rise_30'")
    scores.loc[scores["target"] == "rise_30", "horizon_months"] = 3
    listed = watchlist(scores, names=["rise", "fall"], top=1)
    assert listed.groupby("list")["horizon_months"].unique().map(list).to_dict() == {"rise": [3]}


def test_an_issue_from_before_the_lists_has_what_it_scored():
    old = made_scores().drop(columns=["base_rate", "deaths_before", "severe_deaths"])
    assert watchlist(old).empty


def test_an_unknown_list_names_those_that_there_are():
    with pytest.raises(UnknownNameError, match="'quiet'"):
        watchlist(made(), names=["quite"])


@pytest.mark.parametrize("name", LISTS)
def test_every_list_can_be_printed(name):
    for level, rows in watchlist(made(), names=[name]).groupby("admin_level"):
        table = _table(rows, name, region=bool(level))
        assert table.row_count == len(rows)
        assert "months" in str(table.title)


def test_beside_a_list_stands_how_the_same_list_did():
    did = (0, "rise", "rise_30", 6, "2024-01", "2025-12", 24, 240, 90, 0.25)
    record = pd.DataFrame([did], columns=list(LIST_RECORD))
    listed = watchlist(made(), record=record)
    assert tuple(listed.columns) == COLUMNS
    told = listed[listed["record_named"].notna()]
    assert set(zip(told["admin_level"], told["list"], strict=True)) == {(0, "rise")}
    said = _record(told.iloc[0])
    assert said == (
        "  the same list of 24 earlier issues: of 240 named, 90 saw it (38%, against 25% of all that could be named)"
    )
    later = _record(told.assign(months_between=6).iloc[0])
    assert later == f"{said}; those windows followed on their data, and are easier to tell"
    other_window = record.assign(horizon_months=3)  # another question than the list's
    assert watchlist(made(), record=other_window)["record_named"].isna().all()


def test_a_printed_list_of_windows_from_today_says_from_when_on():
    rows = watchlist(made(), names=["rise"])
    assert "from 20" not in str(_table(rows, "rise", region=False).title)
    first = f"{rows['reference_period_start'].iloc[0]:%Y-%m}"
    assert f", from {first} on" in str(_table(rows.assign(months_between=6), "rise", region=False).title)
