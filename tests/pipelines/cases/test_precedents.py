"""Precedents: which cases there are, what followed, and against what."""

import io
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled
from rich.console import Console

import faultline as fl
from faultline.features.errors import ConfigError, UnknownNameError
from faultline.pipelines.cases import precedents_words as words
from faultline.pipelines.cases.aftermath import COLUMNS, compared
from faultline.pipelines.cases.precedents import past_of, precedents_of, questions_of
from faultline.pipelines.cases.precedents_chart import MOST_SHOWN, draw_cases, monthly, write_picture
from faultline.pipelines.cases.precedents_page import write_page
from faultline.pipelines.cases.precedents_table import precedents_table, write_table
from faultline.pipelines.cases.questions import Question, question_words
from faultline.pipelines.cli.main import main
from faultline.pipelines.cli.precedents import print_precedents


@pytest.fixture(scope="module")
def snapshot():
    return bundled()


@pytest.fixture(scope="module")
def past(snapshot):
    return past_of(snapshot)


@pytest.fixture(scope="module")
def west(past):
    return precedents_of(past, Question("west_to_russia"))


def by(table, name):
    """Rows of a table by a column."""
    return {row[name]: row for row in table.to_dict("records")}


def rows(*cases):
    """A case and one control a row: case, deaths before and after of both."""
    told = []
    for name, before, after, other_before, other_after in cases:
        for role, first, then in (("case", before, after), ("control", other_before, other_after)):
            rise = float(then >= 1.3 * first) if first >= 25 else np.nan
            told.append({"case": name, "role": role, "deaths_before": first, "deaths_after": then, "rise": rise})
    table = pd.DataFrame(told, columns=list(COLUMNS))
    return table.assign(
        state=table["role"].map({"case": "compared"}),
        new_actors_after=0.0,
        contested_before=np.nan,
        contested_after=np.nan,
    )


def test_growth_of_cases_over_that_of_controls_is_a_ratio():
    made = by(compared(rows(("AAA 2001-01", 99, 199, 99, 99), ("BBB 2001-01", 99, 799, 99, 199))), "measure")
    growth = made["growth"]
    assert growth["of_cases"] == pytest.approx(4.0)  # 2 and 8
    assert growth["of_controls"] == pytest.approx(np.sqrt(2))
    assert growth["difference"] == pytest.approx(4 / np.sqrt(2))
    assert (made["rise"]["of_cases"], made["rise"]["of_controls"]) == (1.0, 0.5)
    assert made["contested"]["cases"] == 0


def test_below_five_countries_there_is_no_interval():
    four = rows(*[(f"{code} 2001-01", 99, 199, 99, 99) for code in ("AAA", "BBB", "CCC", "DDD")])
    more = rows(*[(f"{code} 2001-01", 99, 199, 99, 99) for code in ("AAA", "BBB", "CCC", "DDD", "EEE")])
    again = rows(*[(f"AAA {year}-01", 99, 199, 99, 99) for year in range(2001, 2009)])
    few, one, enough = (by(compared(made), "measure")["growth"] for made in (four, again, more))
    assert (few["countries"], one["countries"], one["cases"]) == (4, 1, 8)
    assert np.isnan([few["low"], few["high"], one["low"], one["high"]]).all()
    assert (enough["low"], enough["high"]) == pytest.approx((2.0, 2.0))


def test_without_a_case_nothing_is_compared():
    empty = compared(rows())
    assert empty["cases"].tolist() == [0, 0, 0, 0]
    assert empty["difference"].isna().all()


def test_deaths_around_a_case_are_those_that_ucdp_counts(snapshot, west):
    mali = by(west.cases, "case")["MLI 2022-06"]
    counted = snapshot.country_month[snapshot.country_month["gwno"] == 432].groupby("month")["deaths"].sum()
    assert mali["deaths_before"] == counted["2021-06":"2022-05"].sum()
    assert mali["deaths_after"] == counted["2022-07":"2023-06"].sum()
    assert mali["deaths"][12] == counted["2022-06-01"]
    assert mali["rise"] == 0
    assert mali["contested_before"] == pytest.approx(0.7)


def test_matched_months_are_of_the_region_searched_and_far_from_any_like_event(past, west):
    controls = west.rows[west.rows["role"] == "control"]
    assert west.cases["state"].eq("compared").all()
    codes = past.coverage.loc[past.coverage["kind"] == "deployments"].set_index("iso3")
    months = pd.PeriodIndex(controls["month"], freq="M")
    assert set(controls["iso3"]) <= set(codes.index)
    last = pd.PeriodIndex(codes.loc[controls["iso3"], "searched_until"], freq="M")
    assert (months + 12 <= last).all()
    assert ((months - 12).year >= codes.loc[controls["iso3"], "first_year"].to_numpy()).all()
    for case in west.cases.to_dict("records"):
        own = months[controls["iso3"] == case["iso3"]]
        assert all(abs((month - pd.Period(case["month"], "M")).n) > 24 for month in own)


def test_a_second_coup_within_two_years_belongs_to_the_case_of_the_first(past):
    coups = precedents_of(past, Question("coup"))
    cases = by(coups.cases, "case")
    assert cases["MLI 2012-03"]["also"] == ""
    assert cases["MLI 2020-08"]["also"] == "2021-05-24"
    assert "MLI 2021-05" not in cases
    assert cases["NER 2023-07"]["state"] == "compared"
    assert coups.uncoded == 0


def test_a_window_that_is_not_over_is_said_and_not_counted(past):
    russians = precedents_of(past, Question("arrival", ("russian",)))
    madagascar = by(russians.cases, "case")["MDG 2025-12"]
    assert madagascar["state"] == "not over"
    assert np.isnan(madagascar["deaths_after"])
    assert russians.summary["cases"].max() == len(russians.cases) - 1
    assert "1 whose window is not over, not compared: MDG 2025-12" in words.counted(russians)


def test_a_total_of_a_war_booked_on_one_month_is_compared_with_nothing(past):
    sanctions = precedents_of(past, Question("sanctions"))
    assert by(sanctions.cases, "case")["ETH 2021-09"]["state"] == "not known"


def test_facts_of_countries_that_were_not_searched_are_left_out_and_counted(past):
    coded = past.coverage[past.coverage["iso3"] != "NER"]
    found = precedents_of(replace(past, coverage=coded), Question("west_to_russia"))
    assert "NER" not in set(found.rows["iso3"])
    assert found.uncoded == 1


def test_nothing_known_later_enters_what_is_told_as_of_a_month(snapshot):
    month = pd.Period("2022-12", "M")
    end = month.end_time
    then = past_of(snapshot, as_of=month)
    names = ("country_month", "actor_month", "region_month", "deployments", "transitions", "elections", "coups")
    tables = {name: getattr(snapshot, name) for name in (*names, "un_bases", "actor_lineage")}
    earlier = replace(snapshot, **{name: table[table["known_on"] <= end] for name, table in tables.items()})
    cut = past_of(earlier, as_of=month)
    for question in (Question("west_to_russia"), Question("coup")):
        pd.testing.assert_frame_equal(precedents_of(then, question).rows, precedents_of(cut, question).rows)
    west = precedents_of(then, Question("west_to_russia"))
    assert west.cases["case"].tolist() == ["CAF 2018-01", "MLI 2022-06"]
    assert west.cases["state"].tolist()[-1] == "not over"


def test_a_country_is_asked_about_what_it_saw_in_the_last_two_years(past):
    asked = questions_of(past, "NER")
    assert Question("departure", ("us",), "host") in asked
    assert Question("sponsor_switch") in asked
    assert Question("departure", ("french",), "host") not in asked  # December 2023
    assert questions_of(past, "DNK") == []
    with pytest.raises(UnknownNameError, match="'MLI'"):
        questions_of(past, "MLL")


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"event": "departures"}, "did you mean 'departure'"),
        ({"event": "departure", "classes": ("frensh",)}, "did you mean 'french'"),
        ({"event": "departure", "initiator": "hosts"}, "did you mean 'host'"),
        ({"event": "coup", "classes": ("french",)}, "--class: 'coup' is not about a force"),
        ({"event": "arrival", "initiator": "host"}, "--initiator: 'arrival' is no end of a force"),
        ({"event": "coup", "within": 25}, "--within: 25 is not a number of months from 1 to 24"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(asked, error):
    with pytest.raises((ConfigError, UnknownNameError), match=error):
        Question(**asked)


def test_the_answer_says_how_few_cases_there_are(west):
    told = " ".join(words.answer(west))
    assert "no interval: 4 countries, fewer than 5" in told
    assert words.counted(west) == "4 cases in 4 countries."
    assert question_words(west.question) == "a western force leaves and Russians come"


def test_the_picture_shows_months_before_and_after_side_by_side(past, west, tmp_path):
    table = monthly(west)
    assert sorted(set(table["step"])) == list(range(-12, 13))
    assert list(dict.fromkeys(table["case"]))[1] == "Mali, 2022-06"
    mali = west.rows[west.rows["case"] == "MLI 2022-06"]
    matched = np.array(mali["deaths"].tolist()[1:], float).mean(axis=0)
    assert table.loc[table["case"] == "Mali, 2022-06", "matched"].tolist() == pytest.approx(matched)
    assert json.dumps(draw_cases(west), allow_nan=False)
    assert write_picture(west, tmp_path / "p.svg").read_text(encoding="utf-8").startswith("<svg")
    with pytest.raises(ConfigError, match=r"neither \.png nor \.svg"):
        write_picture(west, tmp_path / "p.pdf")
    coups = precedents_of(past, Question("coup"))
    assert monthly(coups)["case"].nunique() == MOST_SHOWN < len(coups.cases)


def test_files_hold_every_case_with_its_source_and_its_matched_months(west, tmp_path):
    table = pd.read_csv(write_table([west], tmp_path / "a.csv"))
    assert len(table) == len(west.rows)
    cases = table[table["role"] == "case"]
    assert cases["source"].notna().all()
    assert cases["controls"].sum() == (table["role"] == "control").sum()
    stored = pd.read_parquet(write_table([west], tmp_path / "a.parquet"))
    pd.testing.assert_frame_equal(stored.astype({"date": "datetime64[s]"}), precedents_table([west]))
    with pytest.raises(ConfigError, match=r"neither \.csv nor \.parquet"):
        write_table([west], tmp_path / "a.txt")


def test_the_page_lists_the_cases_of_each_question_with_their_pages(past, tmp_path):
    page, picture = write_page(past, tmp_path / "precedents.md")
    text = page.read_text(encoding="utf-8")
    for case in ("CAF 2018-01", "MLI 2022-06", "BFA 2024-01", "NER 2024-04"):
        assert f"- **{case}**: " in text
    assert "](http" in text
    assert words.NOT_CAUSAL in text
    assert picture.stat().st_size > 10_000


def test_precedents_from_python_carry_their_summary():
    table = fl.precedents(event="west_to_russia")
    assert set(table["role"]) == {"case", "control"}
    assert [row["measure"] for row in table.attrs["summary"]] == ["growth", "rise", "new_actors", "contested"]
    with pytest.raises(ConfigError, match="give a country or an event"):
        fl.precedents()


def test_the_terminal_shows_cases_what_followed_and_every_source(west):
    shown = io.StringIO()
    print_precedents(west, Console(file=shown, width=150))
    told = " ".join(shown.getvalue().split())
    assert "MLI 2022-06" in told
    assert "4 (4)" in told
    assert words.NOT_CAUSAL in told
    assert all(source in told for source in west.cases["source"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give a country, such as MLI, or --event, or --write"),
        (["MLI", "--event", "coup"], "only one of them"),
        (["MLI", "--class", "french"], "--class and --initiator go with --event"),
        (["MLI", "--picture", "a.png"], "--picture goes with --event"),
        (["--event", "departure", "--class", "frensh"], "did you mean 'french'"),
        (["--event", "coup", "--within", "0"], "--within: 0 is not a number of months"),
        (["--event", "coup", "--out", "a.txt"], "neither .csv nor .parquet"),
        (["--event", "coup", "--picture", "a.pdf"], "neither .png nor .svg"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_line(arguments, said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["precedents", *arguments])
    assert ended.value.code == 2
    assert said in " ".join(capsys.readouterr().err.split())
