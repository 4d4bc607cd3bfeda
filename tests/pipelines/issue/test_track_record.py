"""The track record on a made panel: what was said, beside what happened, counted by hand."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_panels import made_panel

from faultline.features.errors import SourceError
from faultline.pipelines.issue.track_record import read_issues, read_record, running_skill, settle, track_record
from faultline.pipelines.issue.writing import previous_scores


@pytest.fixture(scope="module")
def panel():
    """Two countries from 1990-01 to 1990-06: u0 has 30 deaths in April alone, u1 none."""
    made = made_panel(1, n_months=6, n_units=2, level="country")
    values = {name: np.zeros((6, 2), np.float32) for name in made.values}  # noqa: PD011  # a dict of ours
    values["sb_deaths"][3, 0] = 30
    units = made.units.assign(gwno=[432, 436]).set_axis(["432", "436"])
    return replace(made, values=values, observed=np.ones((6, 2), bool), units=units)


def said(issue: str, horizon: int, chances: tuple[float, float], *, target: str = "violence_25") -> pd.DataFrame:
    first = pd.Period(issue, "M")
    counted = target.startswith("deaths")
    return pd.DataFrame(
        {
            "issue": issue,
            "made_on": pd.NaT,
            "location_code": ["MLI", "NER"],
            "location_name": ["Mali", "Niger"],
            "admin_level": 0,
            "admin1_code": pd.Series([None, None], dtype="str"),
            "admin1_name": pd.Series([None, None], dtype="str"),
            "gwno": [432, 436],
            "target": target,
            "horizon_months": horizon,
            "reference_period_start": first.start_time,
            "reference_period_end": (first + horizon - 1).end_time.normalize(),
            "probability": [np.nan, np.nan] if counted else list(chances),
            "baseline_probability": np.nan if counted else 0.5,
            "q05": list(chances) if counted else np.nan,
            "q50": list(chances) if counted else np.nan,
            "q95": list(chances) if counted else np.nan,
        }
    )


def test_each_forecast_meets_what_happened_in_its_own_months(panel):
    settled = settle(said("1990-03", 3, (0.8, 0.1)), {"country": panel})
    assert settled["outcome"].tolist() == [1.0, 0.0]
    assert settled["deaths"].tolist() == [30.0, 0.0]
    assert settled["brier"].tolist() == pytest.approx([0.04, 0.01])
    assert settled["baseline_brier"].tolist() == [0.25, 0.25]
    before, after = (settle(said(issue, 1, (0.8, 0.1)), {"country": panel}) for issue in ("1990-03", "1990-05"))
    assert before["outcome"].tolist() == after["outcome"].tolist() == [0.0, 0.0]


def test_forecasts_of_deaths_are_settled_by_the_deaths_of_their_months(panel):
    settled = settle(said("1990-04", 1, (12.0, 0.0), target="deaths"), {"country": panel})
    assert settled[["deaths", "q50"]].to_numpy().tolist() == [[30.0, 12.0], [0.0, 0.0]]
    assert settled["outcome"].isna().all()


def test_a_window_that_has_not_ended_is_not_settled(panel):
    assert len(settle(said("1990-05", 2, (0.8, 0.1)), {"country": panel})) == 2
    assert len(settle(said("1990-05", 3, (0.8, 0.1)), {"country": panel})) == 0
    hidden = replace(panel, observed=np.array([[True, True]] * 4 + [[True, False]] * 2))
    assert settle(said("1990-05", 2, (0.8, 0.1)), {"country": hidden})["location_code"].tolist() == ["MLI"]


def test_what_happens_after_a_window_changes_nothing(panel):
    later = {name: array.copy() for name, array in panel.values.items()}  # noqa: PD011
    later["sb_deaths"][5] = 999
    pd.testing.assert_frame_equal(
        settle(said("1990-03", 3, (0.8, 0.1)), {"country": panel}),
        settle(said("1990-03", 3, (0.8, 0.1)), {"country": replace(panel, values=later)}),
    )


def test_skill_runs_over_everything_settled_so_far(panel):
    issues = pd.concat([said("1990-04", 1, (0.8, 0.1)), said("1990-05", 1, (0.5, 0.5))])
    skill = running_skill(settle(issues, {"country": panel}))
    assert skill["issues"].tolist() == [1, 2]
    assert skill["forecasts"].tolist() == [2, 4]
    # errors .04 + .01 against .25 + .25, and then .25 + .25 more on either side
    assert skill["skill"].tolist() == pytest.approx([1 - 0.05 / 0.5, 1 - 0.55 / 1.0])
    assert skill["base_rate"].tolist() == [0.5, 0.25]


def test_issues_are_read_from_their_folder_up_to_one(panel, tmp_path):
    assert len(track_record(tmp_path, {"country": panel})) == 0
    assert len(running_skill(track_record(tmp_path, {"country": panel}))) == 0
    for issue in ("1990-03", "1990-04"):
        folder = tmp_path / f"issue={issue}"
        folder.mkdir()
        said(issue, 1, (0.8, 0.1)).drop(columns=["issue", "made_on"]).to_parquet(folder / "scores.parquet")
    about = {"issue": "1990-03", "made_on": "1990-03-20"}
    (tmp_path / "issue=1990-03" / "about.json").write_text(json.dumps(about), encoding="utf-8")
    record = track_record(tmp_path, {"country": panel})
    assert record["issue"].tolist() == ["1990-03"] * 2 + ["1990-04"] * 2
    assert record["made_on"].iloc[0] == pd.Timestamp("1990-03-20")
    assert record["made_on"].isna().tolist() == [False, False, True, True]
    assert set(track_record(tmp_path, {"country": panel}, before=pd.Period("1990-04", "M"))["issue"]) == {"1990-03"}


def test_a_broken_issue_is_named(panel, tmp_path):
    file = tmp_path / "issue=1990-03" / "scores.parquet"
    file.parent.mkdir()
    file.write_bytes(b"no parquet")
    with pytest.raises(SourceError, match="earlier issue cannot be read"):
        track_record(tmp_path, {"country": panel})


def test_a_folder_that_is_no_issue_stops_nobody(tmp_path):
    (tmp_path / "issue=2026-06.bak").mkdir()
    said("2026-06", 1, (0.1, 0.2)).to_parquet(tmp_path / "issue=2026-06.bak" / "scores.parquet")
    assert read_issues(tmp_path).empty
    assert previous_scores(tmp_path, pd.Period("2026-07", "M")) is None


def counted_by(source) -> Any:
    provenance = {name: SimpleNamespace(sources=({"name": source},)) for name in ("country_month", "region_month")}
    return SimpleNamespace(provenance=provenance)


@pytest.fixture
def made(monkeypatch):
    """Backfilled issues of 1990-03 and 1990-04."""
    rows = pd.concat([said(month, 1, (0.6, 0.3)) for month in ("1990-03", "1990-04")], ignore_index=True)
    rows = rows.assign(backfilled=True)

    def loaded(before, columns):
        own = rows[[name for name in rows.columns if name in columns]]
        return own if before is None else own[own["issue"] < str(before)]

    monkeypatch.setattr("faultline.pipelines.issue.track_record.load_backfilled", loaded)


@pytest.mark.usefixtures("made")
def test_live_issues_take_over_from_backfilled_ones(tmp_path, panel):
    folder = tmp_path / "issue=1990-04"
    folder.mkdir()
    said("1990-04", 1, (0.9, 0.1)).drop(columns=["issue", "made_on"]).to_parquet(folder / "scores.parquet")
    record = read_record(tmp_path, counted_by("UCDP Georeferenced Event Dataset"))
    told = settle(record, {"country": panel}).query("location_code == 'MLI'").set_index("issue")
    assert told["probability"].to_dict() == {"1990-03": 0.6, "1990-04": 0.9}
    assert told["backfilled"].to_dict() == {"1990-03": True, "1990-04": False}
    earlier = read_record(tmp_path, counted_by("UCDP"), before=pd.Period("1990-04", "M"))
    assert set(earlier["issue"]) == {"1990-03"}


@pytest.mark.usefixtures("made")
def test_backfilled_forecasts_are_not_held_to_what_others_count(tmp_path):
    none = read_record(tmp_path, counted_by("Armed Conflict Location & Event Data (ACLED)"))
    assert none.empty
    assert set(none.columns) == set(read_record(tmp_path, counted_by("UCDP")).columns)
