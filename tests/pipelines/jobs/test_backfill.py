"""Past origins made again: which they are, what each is told, and that nothing later moves a forecast."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.errors import ConfigError
from faultline.features.panels.build import panel_of
from faultline.features.tables.snapshot import load_snapshot
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.issue.backfilled import load_backfilled
from faultline.pipelines.jobs.backfill import Origin, as_released, backfill, origins_of


@pytest.fixture(scope="module")
def snapshot():
    return bundled()


def origin(month, *levels):
    return Origin(pd.Period(month, "M"), frozenset(levels))


def test_countries_are_made_to_the_month_before_the_newest_and_regions_as_far_as_they_can_be_checked(snapshot):
    origins = origins_of(snapshot, 36)
    months = {level: [str(o.month) for o in origins if level in o.levels] for level in ("country", "region")}
    assert [(len(own), own[0], own[-1]) for own in months.values()] == [
        (36, "2023-05", "2026-04"),
        (36, "2021-10", "2024-09"),
    ]
    with pytest.raises(ConfigError, match="--months 500"):
        origins_of(snapshot, 500)


@pytest.mark.parametrize(("month", "known"), [("2024-05", "2022-12"), ("2024-06", "2023-12"), ("2026-05", "2024-12")])
def test_regions_are_known_to_the_end_of_the_year_before_the_release(snapshot, month, known):
    released = as_released(snapshot, origin(month))
    assert str(panel_of(released, "region", as_of=pd.Period(month, "M")).months[-1]) == known
    spans = released.region_coverage.groupby("gwno")["first_month"].count()
    assert (spans == 2).all()  # what was counted after a gap stays, for those who come after it


def later_changed(snapshot, month):
    """The snapshot with other deaths in every month after one."""
    after = {
        name: getattr(snapshot, name).assign(
            **{
                column: lambda t, column=column: t[column].mask(t["month"] > month.start_time, t[column] * 3 + 7)
                for column in getattr(snapshot, name).columns
                if column.endswith(("deaths", "events"))
            }
        )
        for name in ("country_month", "region_month")
    }
    return replace(snapshot, **after)


@pytest.mark.parametrize("level", ["country", "region"])
def test_what_an_origin_is_told_does_not_change_with_what_came_later(snapshot, level):
    asked = origin("2023-11", level)
    one, other = (
        panel_of(as_released(each, asked), level, as_of=asked.month)
        for each in (snapshot, later_changed(snapshot, asked.month))
    )
    np.testing.assert_array_equal(one.observed, other.observed)
    for name, values in one.values.items():  # noqa: PD011  # a dict of ours
        np.testing.assert_array_equal(values, other.values[name], err_msg=name)  # noqa: PD011


@pytest.mark.slow
@pytest.mark.usefixtures("few_trees")
def test_no_forecast_changes_with_what_came_later_and_all_are_marked(cut, tmp_path, monkeypatch):
    snapshot, newest = load_snapshot(cut), pd.Period("2018-06", "M")
    counted = snapshot.country_month[snapshot.country_month["month"] <= newest.start_time]
    coverage = snapshot.region_coverage.groupby("gwno", as_index=False).first()
    coverage = coverage.assign(last_month=pd.Timestamp("2017-12-01").as_unit(coverage["last_month"].dt.unit))
    then = replace(snapshot, country_month=counted, region_coverage=coverage)
    made = {}
    for name, each in (("as it was", then), ("otherwise", later_changed(then, pd.Period("2018-05", "M")))):
        monkeypatch.setattr("faultline.pipelines.jobs.backfill.load_snapshot", lambda _, each=each: each)
        file = backfill(Settings(), Progress.on_stderr(quiet=True), months=1, to=tmp_path / name)
        made[name] = load_backfilled(file)
    one, other = made.values()
    assert one.groupby("admin_level")["issue"].unique().map(list).tolist() == [["2018-06"], ["2017-10"]]
    assert one["backfilled"].all()
    pd.testing.assert_frame_equal(one, other)
