"""Opening an issue from wherever it lies."""

import re
import shutil
import tarfile
import zipfile

import pandas as pd
import pytest
from made_scores import made_issue, made_scores

from faultline.features.errors import SchemaError, SourceError, UnknownNameError
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.issue.opening import default_out, issues_in, open_issue


@pytest.fixture
def out(tmp_path):
    made_issue(tmp_path / "predictions", "2026-05", shift=0.1)
    made_issue(tmp_path / "predictions", "2026-06")
    (tmp_path / "predictions" / "superseded").mkdir()
    (tmp_path / "predictions" / "issue=2026-07").mkdir()  # without scores it is no issue
    return tmp_path / "predictions"


def same(opened):
    assert opened.name == "2026-06"
    pd.testing.assert_frame_equal(opened.scores, made_scores())


def test_latest_a_month_a_folder_and_a_folder_of_issues(out):
    assert list(issues_in(out)) == ["2026-05", "2026-06"]
    for issue in ("latest", "2026-06", out / "issue=2026-06", out, str(out / "issue=2026-06" / "scores.parquet")):
        same(open_issue(issue, out=out))
    assert open_issue("2026-05", out=out).name == "2026-05"


def test_archives_are_read_without_unpacking_them(out, tmp_path):
    folder = out / "issue=2026-06"
    with zipfile.ZipFile(tmp_path / "issue.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"../../somewhere/{file.name}")
    with tarfile.open(tmp_path / "issue.tar", "w") as archive:
        archive.add(folder, arcname=folder.name)
    with tarfile.open(tmp_path / "issue.tar.gz", "w:gz") as archive:
        archive.add(folder, arcname=folder.name)
    before = sorted(tmp_path.rglob("*"))
    for name in ("issue.zip", "issue.tar", "issue.tar.gz"):
        same(open_issue(tmp_path / name))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "about",
    ['{"issue": "x/../../victim"}', '{"issue": "../2026-06"}', '{"issue": ["2026-06"]}', '["2026-06"]', "[" * 10**5],
)
def test_an_archive_that_names_its_issue_otherwise_than_by_a_month_is_refused(out, tmp_path, about):
    with zipfile.ZipFile(tmp_path / "issue.zip", "w") as archive:
        archive.write(out / "issue=2026-06" / "scores.parquet", "scores.parquet")
        archive.writestr("about.json", about)
    with pytest.raises(SourceError, match=r"issue\.zip"):
        open_issue(tmp_path / "issue.zip")


def test_an_archive_that_unpacks_without_end_is_refused(out, tmp_path, monkeypatch):
    monkeypatch.setattr("faultline.pipelines.issue.opening._MOST", 1000)
    for form in ("zip", "gztar"):
        file = shutil.make_archive(str(tmp_path / "issue"), form, out / "issue=2026-06")
        with pytest.raises(SourceError, match="unpacks to"):
            open_issue(file)


def test_an_archive_of_two_issues_or_none_is_refused(out, tmp_path):
    shutil.make_archive(str(tmp_path / "both"), "zip", out)
    with pytest.raises(SourceError, match="found 2 of them"):
        open_issue(tmp_path / "both.zip")
    (tmp_path / "empty").mkdir()
    shutil.make_archive(str(tmp_path / "none"), "tar", tmp_path / "empty")
    with pytest.raises(SourceError, match="found none"):
        open_issue(tmp_path / "none.tar")


@pytest.mark.parametrize("name", ["issue.zip", "issue.tar.gz", "scores.parquet"])
def test_a_file_that_is_cut_off_is_named(out, tmp_path, name):
    if name.startswith("issue"):
        form = "zip" if name.endswith("zip") else "gztar"
        shutil.make_archive(str(tmp_path / "issue"), form, out / "issue=2026-06")
    else:
        shutil.copy(out / "issue=2026-06" / name, tmp_path / name)
    file = tmp_path / name
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(SourceError, match=re.escape(name)):
        open_issue(file)


def test_names_that_are_not_there_give_the_nearest(out, tmp_path):
    with pytest.raises(UnknownNameError, match=r"'2026-0[56]' or '2026-0[56]'"):
        open_issue("2026-04", out=out)
    with pytest.raises(UnknownNameError, match="'latest'"):
        open_issue("lates", out=out)
    with pytest.raises(SourceError, match="no issue in that folder"):
        open_issue("latest", out=tmp_path)
    with pytest.raises(SourceError, match=r"nowhere/scores\.parquet"):
        open_issue(tmp_path / "nowhere" / "scores.parquet")


def test_a_table_of_something_else_is_refused(tmp_path):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "other.parquet")
    with pytest.raises(SchemaError, match="location_code"):
        open_issue(tmp_path / "other.parquet")
    made_scores().iloc[:0].to_parquet(tmp_path / "none.parquet")
    with pytest.raises(SchemaError, match="no rows"):
        open_issue(tmp_path / "none.parquet")


def test_issues_lie_where_the_settings_say(monkeypatch):
    assert default_out() == Settings().out
    monkeypatch.setenv("FAULTLINE_OUT", "elsewhere")
    assert default_out() == Settings().out


@pytest.mark.filterwarnings("ignore")  # MLflow's own
def test_an_mlflow_run_gives_the_issue_that_it_holds(out, tmp_path, monkeypatch):
    from faultline.pipelines.track.store import log_issue, open_store  # noqa: PLC0415  # MLflow warns on import

    monkeypatch.setenv("FAULTLINE_MLRUNS", str(tmp_path / "mlruns"))
    store = open_store(Settings())
    run = log_issue(store, out / "issue=2026-06", issue="2026-06")
    for name in (run, f"runs:/{run}"):
        same(open_issue(name))
    other = store.client.create_run(store.experiment("issues")).info.run_id
    with pytest.raises(SourceError, match="holds no issue's scores"):
        open_issue(other)
    with pytest.raises(SourceError, match="cannot be read"):
        open_issue("runs:/" + 32 * "0")
