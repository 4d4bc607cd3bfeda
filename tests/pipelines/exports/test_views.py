"""ViEWS's layout: the challenge's columns and folders, and draws that keep the quantiles and the mean."""

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from faultline.features.errors import ConfigError, SchemaError
from faultline.features.months import views_month_id
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.evaluate.forecast_files import read_forecasts
from faultline.pipelines.exports.build import ExportOptions, export_issue
from faultline.pipelines.exports.views import draws_from_quantiles

LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95]
QUIET = Progress.on_stderr(quiet=True)


@pytest.fixture(scope="module")
def file(exported):
    return exported / "views" / "cm" / "window=Y2026" / "cm_2026.parquet"


def test_the_file_has_the_challenges_columns_and_a_thousand_draws_each(file):
    table = pd.read_parquet(file)
    assert list(table.columns) == ["month_id", "country_id", "draw", "outcome"]
    assert (table.dtypes.astype("str").str.startswith("int")).all()
    assert (table["outcome"] >= 0).all()
    assert (table.groupby(["month_id", "country_id"]).size() == 1000).all()
    assert (table.groupby(["month_id", "country_id"])["draw"].agg(["min", "max"]) == [0, 999]).all(axis=None)
    assert sorted(table["country_id"].unique()) == [432, 436, 475]
    first = views_month_id(pd.Period("2026-06", "M"))
    assert sorted(table["month_id"].unique()) == [first, first + 1, first + 2]


def test_draws_give_back_the_quantiles_and_the_mean_of_the_issue(file, scores):
    (read,) = read_forecasts(file)
    assert read.outputs.shape == (9, 1000)
    wanted = scores[(scores["target"] == "deaths") & (scores["admin_level"] == 0)]
    back = read.keys.assign(mean=read.outputs.mean(axis=1), q50=np.median(read.outputs, axis=1))
    for row in wanted.itertuples():
        mine = back[(back["unit"] == str(row.gwno)) & (back["month"] == f"{row.reference_period_end:%Y-%m}")].iloc[0]
        assert mine["q50"] == pytest.approx(row.q50, abs=1)
        assert mine["mean"] == pytest.approx(max(row.mean_deaths, mine["mean"]), abs=1)


@given(
    st.lists(st.integers(0, 5000), min_size=5, max_size=5).map(sorted),
    st.floats(0, 1e4),
)
def test_draws_keep_quantiles_rise_and_have_no_smaller_mean_than_asked(quantiles, mean):
    drawn = draws_from_quantiles(np.array([quantiles], float), np.array([mean]))
    assert (np.diff(drawn[0]) >= 0).all()
    assert (drawn >= 0).all()
    for level, value in zip(LEVELS, quantiles, strict=True):
        around = drawn[0][max(int(1000 * level) - 1, 0) : int(1000 * level) + 1]
        assert around.min() - 1 <= value <= around.max() + 1 or np.isclose(around, value, rtol=0.05).any()
    assert drawn.mean() >= mean - 1
    base = draws_from_quantiles(np.array([quantiles], float), np.array([0.0])).mean()
    assert drawn.mean() == pytest.approx(max(mean, base), abs=1)


def test_it_says_how_the_draws_were_made_and_what_they_count(exported):
    details = yaml.safe_load((exported / "views" / "submission_details.yml").read_text(encoding="utf-8"))
    assert "not the forecaster's own samples" in details["draws"]
    assert "all three types" in details["outcome"]
    assert details["country_id"] == "Gleditsch-Ward state number"
    assert details["licence"] == "CC-BY-4.0"


def test_countries_go_by_views_ids_where_its_table_is_given(issue, snapshot, tmp_path):
    ids = tmp_path / "countries.csv"
    ids.write_text("id,name,gwcode\n50,Mali,432\n78,Niger,436\n79,Nigeria,475\n4,Venezuela,101\n", encoding="utf-8")
    options = ExportOptions(country_ids=ids, contact="a@example.org")
    folder = export_issue(issue, snapshot, tmp_path / "to", QUIET, formats=("views",), options=options)
    table = pd.read_parquet(folder / "views" / "cm" / "window=Y2026" / "cm_2026.parquet")
    assert sorted(table["country_id"].unique()) == [50, 78, 79]
    details = yaml.safe_load((folder / "views" / "submission_details.yml").read_text(encoding="utf-8"))
    assert details["contact"] == "a@example.org"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,gwcode\n50,432\n78,436\n", "475"),
        ("id,gwcode\n50,432\n51,432\n78,436\n79,475\n", "row 3.*twice"),
        ("name,gwcode\nMali,432\n", "column country_id"),
    ],
)
def test_a_table_of_countries_that_will_not_do_is_refused(issue, snapshot, tmp_path, text, says):
    ids = tmp_path / "countries.csv"
    ids.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match=says):
        export_issue(
            issue, snapshot, tmp_path / "to", QUIET, formats=("views",), options=ExportOptions(country_ids=ids)
        )
    assert list((tmp_path / "to").iterdir()) == []


def test_an_issue_without_months_of_deaths_cannot_be_written_for_views(issue, snapshot, tmp_path):
    with pytest.raises(ConfigError, match="ViEWS"):
        export_issue(issue, snapshot, tmp_path, QUIET, formats=("views",), target="violence_25")
    folder = export_issue(issue, snapshot, tmp_path, QUIET, target="violence_25")
    assert not (folder / "views").exists()
    assert (folder / "scores.csv").exists()
