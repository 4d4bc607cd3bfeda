"""The public API: quick to import, and typed."""

import json
import subprocess
import sys

import pandas as pd
import pytest
from made_scores import made_issue, made_later, made_scores

import faultline as fl
from faultline import features, models
from faultline.features.errors import UnknownNameError
from faultline.features.tables.schemas import validate

SLOW = ("mlflow", "lightgbm", "matplotlib", "sklearn", "altair", "geopandas", "pandera", "pydantic", "statsmodels")


def loaded(script):
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"{script}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout))


def test_importing_faultline_imports_nothing_slow():
    modules = loaded("import faultline, faultline.features, faultline.models")
    assert not modules & {*SLOW, "pandas", "numpy", "scipy"}


def test_loading_scores_imports_pandas_and_nothing_slower(tmp_path):
    folder = made_issue(tmp_path)
    modules = loaded(f"import faultline\nfaultline.load_scores({str(folder)!r}, target='violence_25')")
    assert "pandas" in modules
    assert not modules & set(SLOW)


def test_load_scores_gives_a_typed_table_of_what_was_chosen(tmp_path, monkeypatch):
    made_issue(tmp_path / "predictions")
    monkeypatch.chdir(tmp_path)
    scores = fl.load_scores(issue="latest", level="region", target="violence_25")
    assert scores.attrs["issue"] == "2026-06"
    assert set(scores["admin1_name"]) == {"Borno", "-1+1"}
    validate(scores, "scores")
    assert pd.api.types.is_datetime64_dtype(scores["data_through"])
    assert scores["risk_class"].dtype == "Int8"
    whole = fl.load_scores(out="predictions")
    pd.testing.assert_frame_equal(whole, made_scores())


def test_a_typo_gives_the_nearest_name(tmp_path):
    made_issue(tmp_path)
    with pytest.raises(UnknownNameError, match="'violence_25'"):
        fl.load_scores(target="violence_2S", out=tmp_path)
    with pytest.raises(AttributeError, match="load_scores"):
        fl.load_score  # noqa: B018


@pytest.mark.parametrize("package", [fl, features, models], ids=lambda package: package.__name__)
def test_every_public_name_is_there_and_told(package):
    for name in package.__all__:
        public = getattr(package, name)
        assert name in dir(package)
        if callable(public):
            assert public.__doc__
        else:
            assert f"import {name}" in package.__doc__ or f", {name}" in package.__doc__


@pytest.mark.parametrize("package", [features, models], ids=lambda package: package.__name__)
def test_what_a_researcher_is_offered_has_an_example(package):
    told = {name for name in package.__all__ if callable(getattr(package, name))}
    assert told
    assert not {name for name in told if f"{name}(" not in getattr(package, name).__doc__.split(">>> ", 1)[-1]}
    with pytest.raises(AttributeError, match=f"it has .*{min(told)}"):
        package.nothing  # noqa: B018


def test_a_watchlist_says_what_to_watch_and_from_which_issue(tmp_path):
    made_issue(tmp_path)
    listed = fl.watchlist("most_deaths", out=tmp_path)
    assert listed.attrs == {"issue": "2026-06"}
    assert listed.empty  # it has no windows of 12 months
    with pytest.raises(UnknownNameError, match="'most_deaths'"):
        fl.watchlist("most_death", out=tmp_path)


def test_scores_are_of_windows_that_follow_on_the_data_and_lists_of_those_from_today(tmp_path):
    both = made_later()
    folder = made_issue(tmp_path)
    both.to_parquet(folder / "scores.parquet", index=False)
    pd.testing.assert_frame_equal(fl.load_scores(out=tmp_path), made_scores())
    assert len(fl.load_scores(out=tmp_path, windows="all")) == len(both)
    totals = both[both["target"] == "violence_25"].assign(target="violence_1000", horizon_months=12, deaths_before=0.0)
    made = totals.drop_duplicates(["location_code", "admin1_code", "months_between"])
    made.to_parquet(folder / "scores.parquet", index=False)
    assert set(fl.watchlist("reach_1000", level="country", out=tmp_path)["months_between"]) == {6}
    assert set(fl.watchlist("reach_1000", level="country", out=tmp_path, windows="data")["months_between"]) == {0}
