"""The picture of a scenario: each score as it is and under the scenario, with its interval and in its own unit."""

import pandas as pd
import pytest

from faultline.features.errors import ConfigError, CoverageError
from faultline.pipelines.cases.changes import Changes
from faultline.pipelines.cases.pictures import write_drawing
from faultline.pipelines.cases.scenario_chart import before_and_after, draw_moved

CHANGES = Changes(arrivals={"russian": pd.Period("2026-05", "M")})


@pytest.fixture
def table():
    kept = {"admin1_code": None, "name": "Chad", "horizon_months": 12, "moved_by": "arrival of Russian forces (+0.10)"}
    rows = [
        {"admin_level": 0, "target": "violence_25", "measure": "probability", "served": True, **kept}
        | {"as_is": 0.2, "scenario": 0.22, "difference": 0.02, "low": -0.01, "high": 0.05},
        {"admin_level": 0, "target": "deaths_total", "measure": "deaths", "served": False, **kept}
        | {"as_is": 40.0, "scenario": 44.0, "difference": 4.0, "low": -2.0, "high": 10.0},
        {"admin_level": 1, "target": "violence_25", "measure": "probability", "served": True, **kept}
        | {"as_is": 0.1, "scenario": 0.1, "difference": 0.0, "low": 0.0, "high": 0.0},
    ]
    return pd.DataFrame(rows)


def test_each_score_of_the_country_is_told_before_and_after_in_its_own_unit(table):
    told = before_and_after(table)
    assert told["chart"].unique().tolist() == [
        "violence_25, 12 months, %",
        "deaths_total, 12 months, deaths, not served",
    ]
    assert told["which"].tolist() == ["as is", "scenario"] * 2
    assert told["value"].tolist() == pytest.approx([20, 22, 40, 44])
    assert told["low"].tolist() == pytest.approx([20, 19, 40, 38])
    assert told["high"].tolist() == pytest.approx([20, 25, 40, 50])
    assert told["said"].tolist() == ["20.0 %", "22.0 % (19.0 % to 25.0 %)", "40.0", "44.0 (38.0 to 50.0)"]


def test_a_move_of_a_thousandth_of_a_point_does_not_look_as_far_as_one_of_three_points(table):
    small = table.iloc[[0]].assign(target="escalation", as_is=0.5, scenario=0.50001, low=0.0, high=0.00002)
    told = before_and_after(pd.concat([table, small])).drop_duplicates("chart").set_index("chart")
    span = (told["to"] - told["from"]).round(9)
    assert span["escalation, 12 months, %"] == span["violence_25, 12 months, %"] == 10.0
    assert span["deaths_total, 12 months, deaths, not served"] == 20.0
    alone = before_and_after(small)
    assert (alone["to"] - alone["from"]).round(9).tolist() == [2.0, 2.0]
    rare = before_and_after(small.assign(as_is=0.001, scenario=0.001))
    assert rare["from"].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("name", "starts"), [("moved.svg", b"<svg"), ("moved.png", b"\x89PNG")])
def test_the_picture_says_what_changes_and_that_it_is_no_cause(table, tmp_path, name, starts):
    drawn = draw_moved(table, "TCD", CHANGES, "2026-06")
    assert drawn["title"]["text"] == "TCD, issue 2026-06: russian forces arrive 2026-05"
    assert "not a causal effect" in drawn["title"]["subtitle"][-1]
    assert write_drawing(drawn, tmp_path / name).read_bytes().startswith(starts)


def test_what_cannot_be_drawn_is_refused(table, tmp_path):
    with pytest.raises(CoverageError, match="no score of TCD itself"):
        draw_moved(table[table["admin_level"] == 1], "TCD", CHANGES, "2026-06")
    with pytest.raises(ConfigError, match=r"neither \.png nor \.svg"):
        write_drawing({}, tmp_path / "moved.pdf")
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ConfigError, match="cannot write"):
        write_drawing(draw_moved(table, "TCD", CHANGES, "2026-06"), tmp_path / "file" / "moved.svg")
