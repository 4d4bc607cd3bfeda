"""What is told of a unit's facts: an absence is told only of countries where facts were searched."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from faultline.pipelines.issue.country_facts import CODED, PARTS
from faultline.pipelines.report import write_brief
from faultline.pipelines.report.forecasts import forecasts
from faultline.pipelines.report.histories import History
from faultline.pipelines.report.units import unit_data
from faultline.pipelines.report.wording import Wording


def coded(*rows):
    table = pd.DataFrame(rows, columns=list(CODED))
    return table.assign(searched_until=pd.to_datetime(table["searched_until"]).astype("datetime64[s]"))


@pytest.fixture
def contents(make):
    return make(
        coded=coded(
            ("AAA", "deployments", "2026-04-30", 0.0, 0.0),
            ("AAA", "transitions", "2026-04-30", 0.0, 0.0),
            ("BBB", "deployments", "2025-06-30", 0.0, 0.0),
            ("BBB", "transitions", None, 0.0, 0.0),
            ("CCC", "deployments", None, 13_250.0, 58.0),
            ("CCC", "transitions", None, 13_250.0, 58.0),
        )
    )


def told(contents, lang="en"):
    wording = Wording.of(lang)
    made = unit_data(contents, forecasts(contents.scores, wording), {}, wording)
    searched = {country: [made["sentences"][i] for i in at] for country, at in made["searched"].items()}
    return {**made, "searched": searched}


def test_an_absence_of_facts_is_told_only_where_all_kinds_were_searched(contents):
    assert contents.issue_date == dt.date(2026, 6, 10)
    assert told(contents)["coded"] == ["AAA"]
    assert told(contents)["searched"]["AAA"] == []


def test_what_is_not_coded_is_said_beside_what_is_known_of_un_bases(contents):
    forces, un, steps = told(contents)["searched"]["CCC"]
    assert forces.startswith("Foreign forces are not coded here")
    assert un == "On the last maps of UN bases: 13,250 troops in 58 places."
    assert steps.startswith("Steps of transition are not coded here")
    forces, _, steps = told(contents, "fr")["searched"]["CCC"]
    assert "non codé" in forces
    assert "non codé" in steps


def test_a_search_that_ended_90_days_ago_is_marked(contents):
    old, not_coded = told(contents)["searched"]["BBB"]
    assert old.startswith("Foreign forces were searched until 30 June 2025, 345 days before this issue")
    assert "not coded" in not_coded


def test_the_latest_figure_of_a_force_is_told_and_one_that_was_old_at_its_end_is_marked(make):
    def force(name, people, counted_on):
        stays = name == "D"  # it is drawn a year beyond the origin
        days = {"start": "2014-08-01", "end": "2027-05-31" if stays else "2022-08-15", "counted_on": counted_on}
        row = {"location_code": "AAA", "force": name, "sender": "French", "goes_on": stays, "people": people}
        return row | {column: pd.Timestamp(day) for column, day in days.items()}

    forces = pd.DataFrame(
        [
            force("A", 5100.0, "2020-08-31"),
            force("B", 900.0, "2020-07-31"),
            force("C", None, None),
            force("D", 10.0, "2024-06-30"),
        ]
    )
    words = [row["words"] for row in told(make(forces=forces))["forces"]["AAA"]]
    assert words == [
        "A (French): August 2014 to August 2022; 5,100 people (August 2020)",
        "B (French): August 2014 to August 2022; 900 people (July 2020, a figure over 24 months old)",
        "C (French): August 2014 to August 2022",
        "D (French): since August 2014; 10 people (June 2024)",
    ]


def test_the_share_of_people_in_contested_regions_is_told_below_their_number_where_it_is_known(make):
    known = {"groups": 2, "effective_groups": 1.8, "new_groups": 0, "regions": 10, "contested": 7}
    known |= {"contested_share_population": 0.355, "regions_through": "2024-12"}
    unknown = known | {"location_code": "BBB", "contested_share_population": np.nan}
    contents = make(parts=pd.DataFrame([{"location_code": "AAA", **known}, unknown]).reindex(columns=list(PARTS)))
    mine, others = (told(contents)["parts"][code] for code in ("AAA", "BBB"))
    assert mine[-2:] == [
        ["Regions contested, December 2024", "7 of 10"],
        ["Share of its people who live in these", "36%"],
    ]
    assert others == mine[:-1]
    assert told(contents, "fr")["parts"]["AAA"][-1] == ["Part de la population qui y vit", "36\u00a0%"]


def test_the_page_carries_the_sentences_to_its_reader(contents, tmp_path):
    html = write_brief(contents, tmp_path / "b.html").read_text(encoding="utf-8")
    assert "13,250 troops in 58 places" in html
    assert 'class="fine searched"' in html


def test_deaths_so_far_and_ahead_come_back_from_their_runs_of_zeros(make):
    def spread(values):
        return [each for value in values for each in ([0] * -value if (value or 0) < 0 else [value])]

    contents, wording = make(), Wording.of("en")
    scores, own = contents.scores.copy(), contents.history["location_code"] == "AAA"
    first = (scores["target"] == "deaths") & (scores["location_code"] == "AAA") & (scores["horizon_months"] == 1)
    scores.loc[first, ["q05", "q25", "q50"]] = 0.0
    series = contents.history[own].set_index("month")["deaths"].where(lambda deaths: deaths.index.month > 3, 0)
    made = unit_data(
        make(scores=scores),
        forecasts(scores, wording),
        {(0, "AAA"): History(series)},
        wording,
    )["units"]["0:AAA"]
    assert made["past"][0] == f"{series.index[0]:%Y-%m}"
    assert min(made["past"][1]) == -3
    assert spread(made["past"][1]) == series.tolist()
    assert made["ahead"][1][:3] == [-3, 60, 1234]
    assert spread(made["ahead"][1])[5:] == [2, 10, 33, 60, 1234] * 11
