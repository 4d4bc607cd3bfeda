"""Rows whose windows start in the month after the issue date, where data end months before it."""

import datetime as dt
from dataclasses import replace

import made_panels
import numpy as np
import pandas as pd
import pytest

from faultline.features.blocks.build import build_features
from faultline.features.targets.build import TARGETS
from faultline.pipelines.issue.believable import faults
from faultline.pipelines.issue.from_today import months_between, rows_from_today, windows_left_out
from faultline.pipelines.issue.rows import Origins
from faultline.pipelines.issue.score import score_level
from faultline.pipelines.issue.selection import of_windows, starts_later
from faultline.pipelines.issue.watchlist import watchlist
from faultline.pipelines.learn.deaths import learn_deaths
from faultline.pipelines.learn.train import ModelVersion, train_level

pytestmark = pytest.mark.usefixtures("few_trees")
MONTHS, GAP, HORIZONS = 122, 9, (1, 3)
READ = ("violence_1", "violence_25", "escalation")
#: The data end in February 2000.
AS_PLANNED, LATE = dt.date(2000, 3, 20), dt.date(2000, 8, 20)
KEY = ["admin_level", "gwno", "admin1_code", "target", "horizon_months"]


class Made:
    """Countries and their regions, of which nothing is known for the last months, learned once."""

    def __init__(self):
        self.countries = made_panels.made_panel(8, n_units=12, n_months=MONTHS, level="country")
        whole = made_panels.made_panel(7, n_units=12, n_months=MONTHS, n_countries=3)
        self.regions = whole.until(whole.months[-GAP - 1])
        self.learned = {
            panel.level: (
                train_level(panel, horizons=HORIZONS, targets=READ),
                learn_deaths(panel, build_features(panel), horizons=HORIZONS),
            )
            for panel in (self.countries, self.regions)
        }

    def scored(self, issue_date, previous=None):
        tables, drawn = [], None
        for campaign, deaths in self.learned.values():
            scored = score_level(
                campaign,
                origin=self.countries.months[-1],
                issue_date=issue_date,
                horizons=HORIZONS,
                versions={target: ModelVersion("model", "1", "run") for target in READ},
                previous=previous,
                deaths=deaths,
                countries=drawn,
            )
            tables.append(scored.table)
            drawn = drawn or scored.courses
        return pd.concat(tables, ignore_index=True), drawn


@pytest.fixture(scope="module")
def made():
    return Made()


@pytest.fixture(scope="module")
def late(made):
    return made.scored(LATE)[0]


@pytest.fixture(scope="module")
def planned(made):
    return made.scored(AS_PLANNED)[0]


def test_windows_from_the_end_of_the_data_stay_as_they_are_whenever_it_is_issued(late, planned):
    by_day = ["forecast_issue_date", "warning"]
    assert not starts_later(planned).any()
    pd.testing.assert_frame_equal(
        of_windows(late, "data").reset_index(drop=True).drop(columns=by_day), planned.drop(columns=by_day)
    )


def test_later_windows_start_in_the_month_after_the_issue_and_say_what_lies_between(late):
    rows = late[starts_later(late)]
    assert (rows["months_between"] == 6).all()
    assert (rows["data_through"] == pd.Timestamp("2000-02-29")).all()
    windows = rows[~rows["target"].isin(["deaths", "deaths_sb"])]
    assert (windows["reference_period_start"] == pd.Timestamp("2000-09-01")).all()
    ends = {1: "2000-09-30", 3: "2000-11-30"}
    assert (windows["reference_period_end"] == pd.to_datetime(windows["horizon_months"].map(ends))).all()
    month = rows[(rows["target"] == "deaths") & (rows["horizon_months"] == 2)]
    assert (month["reference_period_start"] == pd.Timestamp("2000-10-01")).all()
    assert (month["reference_period_end"] == pd.Timestamp("2000-10-31")).all()


def test_every_target_that_courses_tell_has_them_once_and_ranks_of_its_own(late):
    rows = late[starts_later(late)]
    drawn = {name for name, target in TARGETS.items() if target.drawn}
    assert set(rows["target"]) == {*READ, *drawn, "deaths", "deaths_total", "deaths_sb", "deaths_sb_total"}
    assert not rows.duplicated(KEY).any()
    for level, units in ((0, 12), (1, 12)):
        some = rows[(rows["admin_level"] == level) & (rows["target"] == "violence_25") & (rows["horizon_months"] == 3)]
        assert len(some) == units
        assert some["rank"].min() == 1
        assert some["baseline_probability"].between(0, 1).all()


def test_they_contradict_one_another_no_more_than_others_do(late):
    assert list(faults(late)) == []
    broken = late.copy()
    broken.loc[starts_later(late) & (late["target"] == "deaths_total"), "mean_deaths"] = 1e6
    assert next(faults(broken))[0] == "a mean is above its 95 % quantile"


def test_a_country_stays_the_sum_of_its_regions_and_what_is_outside_them(late):
    rows = late[starts_later(late) & (late["target"] == "deaths_total")]
    for (_, _), some in rows[rows["gwno"].isin(rows.loc[rows["admin_level"] == 1, "gwno"])].groupby(
        ["gwno", "horizon_months"]
    ):
        of_country = some.loc[some["admin_level"] == 0, "mean_deaths"].item()
        assert some.loc[some["admin_level"] == 1, "mean_deaths"].sum() == pytest.approx(of_country, rel=1e-5)


def test_a_month_further_ahead_is_read_from_the_same_courses(made, late):
    courses = made.scored(AS_PLANNED)[1]
    unit = 3
    told = late[starts_later(late) & (late["admin_level"] == 0) & (late["target"] == "deaths")]
    told = told[told["gwno"] == courses.panel.units["gwno"].iloc[unit]].set_index("horizon_months")["q50"]
    assert [told[1], told[4]] == [np.median(courses.drawn["deaths"][unit, lead]) for lead in (6, 9)]


def test_a_rise_is_told_against_what_was_drawn_of_the_months_between(made):
    courses = made.scored(AS_PLANNED)[1]
    flat = np.full_like(courses.drawn["deaths"], 30.0)
    flat[:, :6] = 60.0  # the months between; before them there were others, which do not count
    drawn = {"deaths": flat, "deaths_sb": np.zeros_like(flat)}
    month = np.full(12, MONTHS - 1)
    rows = made_rows(replace(courses, drawn=drawn), month)
    fell = rows[(rows["target"] == "fall_30") & (rows["horizon_months"] == 3)]
    assert len(fell) == 12
    assert (fell["deaths_before"] == 180).all()
    assert (fell["probability"] > 0.75).all()  # all courses do; a share is the unit's own past
    assert rows.loc[rows["target"] == "crossing_25", "probability"].empty


def made_rows(courses, month, horizons=HORIZONS):
    versions = {target: ModelVersion("model", "1", "run") for target in ("deaths", "deaths_sb")}
    origins = Origins(np.arange(len(month)), month, LATE)
    nothing = pd.DataFrame({"target": [], "horizon_months": []})
    return rows_from_today(nothing, courses, origins, horizons, versions, panel=courses.panel)


def test_a_unit_whose_data_end_before_the_others_has_none(made):
    courses = made.scored(AS_PLANNED)[1]
    month = np.full(12, MONTHS - 1)
    month[2] -= 5
    rows = made_rows(courses, month)
    assert set(rows["gwno"]) == set(courses.panel.units["gwno"].drop(courses.panel.units.index[2]))


def test_a_window_that_is_longer_than_what_was_learned_is_told_too(made):
    courses = made.scored(AS_PLANNED)[1]
    rows = made_rows(courses, np.full(12, MONTHS - 1), horizons=(3, 18, 20))
    totals = rows[rows["target"] == "deaths_total"]
    assert set(totals["horizon_months"]) == {3, 18}  # 20 and 6 are more than 24
    q50 = totals.pivot_table(index="gwno", columns="horizon_months", values="q50")
    assert (q50[18] >= q50[3]).all()


def test_change_is_told_against_the_same_kind_of_window(made, late):
    again = made.scored(LATE, previous=late)[0]
    rows = again[again["probability"].notna()]
    assert (rows["change_since_last_issue"] == 0).all()


def test_lists_take_windows_still_to_come(late):
    lists = watchlist(of_windows(late, "today"))
    assert (lists["months_between"] == 6).all()
    assert not lists.duplicated(["admin_level", "list", "location_code", "admin1_code"]).any()


def test_windows_that_reach_too_far_are_left_out_and_named(made):
    scores = made.scored(dt.date(2001, 12, 20))[0]
    later = scores[starts_later(scores)]
    assert set(later.loc[later["target"] == "violence_25", "horizon_months"]) == {1}
    assert windows_left_out(scores) == (
        "22 months lie between the data and this issue: no windows from today of 3 months, which would reach more "
        "than 24 months beyond the data"
    )


@pytest.mark.parametrize(("day", "between"), [("2026-06-20", 0), ("2026-07-01", 2), ("2026-11-30", 6)])
def test_nothing_lies_between_where_the_issue_is_made_in_the_month_after_its_data(day, between):
    assert months_between(pd.Period("2026-05", "M"), dt.date.fromisoformat(day)) == between
