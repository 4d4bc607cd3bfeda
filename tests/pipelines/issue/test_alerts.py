"""Alerts fire where they should, by what was known, and a trigger sheet counts what they would have done."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_panels import changed, counted, made_panel

from faultline.features.errors import ConfigError, CoverageError
from faultline.pipelines.issue.alert_rules import Contested, Forecast, NewActor, Novelty, Surprise, read_rules
from faultline.pipelines.issue.alerts import COLUMNS, FRESH, alerts, signal
from faultline.pipelines.issue.trigger_sheet import trigger_sheet

NONE = pd.DataFrame(
    columns=["probability", "admin_level", "target", "horizon_months", "location_code", "admin1_code", "data_through"]
)
NOVEL = Novelty(kind="novelty", months=12, floor=25)


def quiet(deaths: Mapping[tuple[int, int], float], *, n_months: int = 60):
    """A panel of countries in which only these months and units have deaths."""
    panel = made_panel(1, n_months=n_months, n_units=3, level="country")
    values = {name: np.zeros_like(array) for name, array in panel.values.items()}  # noqa: PD011  # a dict of ours
    for (month, unit), number in deaths.items():
        values["sb_deaths"][month, unit] = number
    return replace(panel, values=values, observed=np.ones(panel.shape, bool))


def forecast(panel, rows: dict[tuple[int, int], dict[str, float]], target: str, horizon: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "admin_level": 0,
                "location_code": panel.units["iso3"].iloc[unit],
                "admin1_code": None,
                "target": target,
                "horizon_months": horizon,
                "data_through": panel.months[month].end_time.normalize(),
                **numbers,
            }
            for (month, unit), numbers in rows.items()
        ]
    )


def test_novelty_asks_for_more_than_any_month_before_and_for_the_floor():
    panel = quiet({(20, 0): 30, (30, 0): 30, (31, 0): 31, (50, 0): 24, (40, 1): 25})
    fired = signal(NOVEL, panel, NONE).fired
    assert list(zip(*np.nonzero(fired), strict=True)) == [(20, 0), (31, 0), (40, 1)]
    assert not signal(NOVEL, panel, NONE).known[:12].any()


@pytest.mark.parametrize(
    "rule", [NOVEL, NewActor(kind="new_actor"), Contested(kind="contested", months=6)], ids=lambda rule: rule.kind
)
@pytest.mark.parametrize("level", ["country", "region"])
def test_no_rule_sees_a_later_month(rule, level):
    panel = made_panel(3, level=level)
    later = changed(panel, 9, slice(60, None), lineage=False)
    assert (signal(rule, panel, NONE).fired[:60] == signal(rule, later, NONE).fired[:60]).all()


def test_a_group_is_new_for_three_months_unless_it_was_there_in_the_five_years_before():
    panel = made_panel(2, n_months=90, n_units=2, level="country")
    events = np.zeros((90, 2), np.float32)
    events[[70, 71], 0] = 1
    events[[5, 70], 1] = 1
    events[40, 1] = 1  # within 60 months
    unit = np.array([0, 1])
    actors = replace(
        panel.actors,
        actor=np.array([7, 8]),
        unit=unit,
        events=events,
        deaths=10 * events,
        lineage=panel.actors.lineage.until(0),
    )
    fired = signal(
        NewActor(kind="new_actor", months=3, floor=5),
        replace(panel, actors=actors, observed=np.ones((90, 2), bool)),
        NONE,
    ).fired
    assert np.flatnonzero(fired[:, 0]).tolist() == [70, 71, 72]
    assert not fired[:, 1].any()
    assert not signal(NewActor(kind="new_actor"), counted(panel), NONE).known.any()


def test_a_forecast_fires_from_its_threshold_on_and_a_surprise_outside_the_range_of_the_issue_before():
    panel = quiet({})
    shown = forecast(panel, {(50, 0): {"probability": 0.6}, (50, 1): {"probability": 0.59}}, "rise_30", 6)
    rule = Forecast(kind="forecast", target="rise_30", horizon=6, at_least=0.6)
    assert list(zip(*np.nonzero(signal(rule, panel, shown).fired), strict=True)) == [(50, 0)]
    ranges = {"q05": 10.0, "q50": 50.0, "q95": 100.0}
    rows = {(50, u): ranges for u in range(3)} | {
        (51, u): {**ranges, "q50": median} for u, median in enumerate((126.0, 124.0, 50.0))
    }
    surprise = Surprise(kind="surprise", floor=25)
    fired = signal(surprise, panel, forecast(panel, rows, "deaths_total", 3)).fired
    assert list(zip(*np.nonzero(fired), strict=True)) == [(51, 0)]


def test_alerts_are_of_fresh_months_and_say_value_and_threshold():
    panel = quiet({(59, 0): 40, (59 - FRESH - 1, 1): 40})
    table = alerts({"novelty": NOVEL}, {"country": panel}, NONE, origin=panel.months[-1])
    assert list(table.columns) == list(COLUMNS)
    assert table[["rule", "location_name", "value", "threshold"]].to_numpy().tolist() == [
        ["novelty", "unit 0", 40.0, 25.0]
    ]
    later = panel.months[-1] + FRESH + 1
    assert alerts({"novelty": NOVEL}, {"country": panel}, NONE, origin=later).empty


def test_what_an_earlier_issue_said_is_no_alert_of_this_one():
    panel = quiet({})
    rules = {"rise": Forecast(kind="forecast", target="rise_30", horizon=6, at_least=0.6)}
    shown = forecast(panel, {(58, 0): {"probability": 0.9}, (59, 1): {"probability": 0.9}}, "rise_30", 6)
    assert alerts(rules, {"country": panel}, shown, origin=panel.months[-1])["location_name"].tolist() == ["unit 1"]


def test_a_trigger_sheet_counts_right_and_false_alarms_lead_and_the_worst_miss():
    deaths = {(20, 0): 30, (23, 0): 60, (40, 0): 30, (30, 1): 500}
    sheet = trigger_sheet("novelty", NOVEL, quiet(deaths), NONE)
    # month 20 fires and 60 come 3 months later; 23 is the same alert; 40 and unit 1's 30 fire for nothing
    assert (sheet.alerts, sheet.right) == (3, 1)
    assert sheet.false_per_right == 2
    assert sheet.lead == 3
    assert sheet.seen < sheet.episodes
    assert sheet.missed == "unit 1 after 1992-01"
    assert sheet.missed_deaths == 500
    words = sheet.in_words()
    assert "fired 3 times in 3 countries" in words
    assert "2.0 false alarms for each right one" in words
    assert "Worst miss: unit 1 after 1992-01, 500 deaths." in words


def test_a_rule_on_forecasts_cannot_be_tried_without_issues_of_the_past():
    rule = Forecast(kind="forecast", target="rise_30", horizon=6, at_least=0.6)
    with pytest.raises(CoverageError, match="faultline backfill"):
        trigger_sheet("rise", rule, quiet({}), NONE)


def test_the_packages_own_rules_cover_what_an_analyst_asks():
    assert {rule.kind for rule in read_rules().values()} == {
        "novelty",
        "forecast",
        "new_actor",
        "contested",
        "surprise",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a]\nkind = 'novelty'\nmonths = 0\n", "rule 'a', field months"),
        ("[a]\nkind = 'novelty'\nmonths = 12\nflor = 3\n", "rule 'a', field flor"),
        ("[a]\nkind = 'novel'\n", "rule 'a', field kind"),
        ("[a]\nkind = 'contested'\nevent = 'rise_3'\n", "'rise_30'"),
        ("[a\n", "cannot be read"),
        ("", "holds no rule"),
    ],
)
def test_a_rule_that_is_none_is_refused_with_its_name_and_field(tmp_path, text, said):
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        read_rules(file)
