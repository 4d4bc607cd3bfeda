"""Figures for reports: they show what the issues say, and hold it as a table."""

import altair as alt
import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled
from made_scores import made_issue

import faultline as fl
from faultline.features.errors import CoverageError, UnknownNameError
from faultline.features.panels.build import both_panels


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("predictions")
    made_issue(folder, "2026-05", shift=0.1)
    made_issue(folder, "2026-06")
    made_issue(folder, "2024-01")
    return folder


def shown(chart: alt.LayerChart) -> pd.DataFrame:
    """The table behind a chart."""
    assert isinstance(chart.data, pd.DataFrame)
    return chart.data


def test_compare_issues_gives_the_change_of_each_unit(out):
    chart = fl.compare_issues("2026-05", "2026-06", target="violence_25", horizon=12, out=out)
    table = shown(chart)
    assert set(table["unit"]) == {"Mali", "Nigeria", '=HYPERLINK("http://x","Niger")'}
    assert table["change"].tolist() == pytest.approx([-0.1] * 3)
    assert (table["after"] - table["before"]).tolist() == pytest.approx(table["change"].tolist())
    regions = fl.compare_issues("2026-05", level="region", units=iter(["Borno"]), out=out)
    assert shown(regions)["unit"].tolist() == ["Borno, NGA"]
    assert len(shown(fl.compare_issues("2026-05", top=1, out=out))) == 1
    with pytest.raises(CoverageError, match="no unit has a probability of deaths"):
        fl.compare_issues("2026-05", target="deaths", horizon=1, out=out)


def test_plot_fan_joins_the_record_to_the_forecast(out):
    chart = fl.plot_fan("MLI", out=out, history_months=12)
    record, ahead = (shown(chart).dropna(subset=name) for name in ("deaths", "q50"))
    assert record["month"].tolist() == pd.date_range("2025-06-01", "2026-05-01", freq="MS").tolist()
    assert ahead["month"].tolist() == pd.date_range("2026-06-01", "2026-08-01", freq="MS").tolist()
    assert ahead["q50"].tolist() == [10, 20, 30]
    counted = bundled().country_month
    counted = counted[(counted["gwno"] == 432) & (counted["month"] == pd.Timestamp("2026-05-01"))]
    assert record["deaths"].iloc[-1] == counted["deaths"].sum() > 0


def test_plot_fan_draws_nothing_after_the_issues_data(out):
    record = shown(fl.plot_fan("MLI", "2024-01", out=out)).dropna(subset="deaths")
    assert record["month"].max() == pd.Timestamp("2023-12-01")
    borno = shown(fl.plot_fan("Borno", out=out, history_months=6)).dropna(subset="deaths")
    assert borno["month"].max() == pd.Timestamp("2019-12-01")
    assert borno["deaths"].sum() > 0


@pytest.mark.parametrize("level", ["country", "region"])
def test_plot_map_draws_every_unit_in_its_class(out, level):
    chart = fl.plot_map(level=level, target="violence_25", horizon=12, out=out)
    spec = chart.to_dict()
    values = [row for layer in spec["layer"][1:] for row in layer["data"]["values"]]
    scores = fl.load_scores(level=level, target="violence_25", horizon=12, out=out)
    assert sorted(row["probability"] for row in values) == pytest.approx(sorted(scores["probability"]))
    assert sorted(row["risk_class"] for row in values) == sorted(scores["risk_class"])
    assert spec["projection"]["type"] == ("equalEarth" if level == "country" else "azimuthalEqualArea")
    assert "at least 25 deaths within 12 months" in spec["title"]["text"]
    assert "data through" in spec["title"]["subtitle"]


def test_a_map_of_deaths_says_that_it_has_no_probability(out):
    with pytest.raises(CoverageError, match="no unit has a probability of deaths"):
        fl.plot_map(target="deaths", horizon=1, out=out)


def test_track_record_settles_what_is_over(out, monkeypatch):
    panels = both_panels(bundled())
    monkeypatch.setattr("faultline.pipelines.figures.record.both_panels", lambda _: panels)
    table = shown(fl.track_record(issues=out, target="violence_25", horizon=12))
    assert table["forecasts"].tolist() == [3]
    assert (table["settled_through"] == pd.Timestamp("2024-12-31")).all()
    assert np.allclose(table["skill"], 1 - table["brier"] / table["baseline_brier"])
    same = fl.track_record(issues=[out / "issue=2024-01"], target="violence_25", horizon=12)
    assert shown(same)["skill"].tolist() == table["skill"].tolist()


def test_the_record_of_a_unit_is_what_was_said_of_it_before_there_was_an_issue(tmp_path, monkeypatch):
    monkeypatch.setenv("FAULTLINE_OUT", str(tmp_path))
    chart = fl.track_record("Mali")
    table = shown(chart)
    assert set(table["location_code"]) == {"MLI"}
    assert set(table["admin_level"]) == {0}
    assert table["backfilled"].all()
    assert 30 <= len(table) <= 36
    assert table["deaths"].gt(0).all()
    title = chart.to_dict()["title"]
    assert title["text"].startswith(f"Mali: what was said of the next 3 months, and what happened, in {len(table)}")
    assert f"within the 90 % range in {table['inside'].sum()} of {len(table)} issues" in title["subtitle"][1]
    with pytest.raises(UnknownNameError, match="Mall"):
        fl.track_record("Mall")


def test_a_record_of_nothing_or_of_a_typo_is_refused(out, tmp_path):
    with pytest.raises(CoverageError, match="no forecast of these issues"):
        fl.track_record(issues=[out / "issue=2026-06"], target="violence_25", horizon=12)
    with pytest.raises(CoverageError, match="no forecast of these issues"):
        fl.track_record(issues=tmp_path)
    with pytest.raises(UnknownNameError, match="violence_25"):
        fl.track_record(issues=out, target="violence_2")


def test_a_figure_is_written_without_a_browser(out, tmp_path):
    for name in ("fan.png", "fan.svg"):
        fl.plot_fan("MLI", out=out).save(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 3000
