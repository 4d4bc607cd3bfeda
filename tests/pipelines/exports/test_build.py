"""Exporting: what was chosen, whole or not at all."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from made_scores import made_issue

from faultline.features.errors import ConfigError, SourceError, UnknownNameError
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.exports.build import export_issue

QUIET = Progress.on_stderr(quiet=True)


def test_every_format_lies_in_one_folder_with_what_they_are(exported):
    # GDAL leaves notes of its own beside a file that another test has read
    assert {path.name for path in exported.iterdir() if not path.name.endswith(".aux.xml")} == {
        *("about.json", "geojson", "hubverse", "scores.csv", "scores.csv-metadata.json", "scores.gpkg"),
        *("scores.parquet", "scores.xlsx", "views"),
    }


def test_an_export_made_again_keeps_the_older_one(issue, snapshot, tmp_path):
    for _ in range(2):
        export_issue(issue, snapshot, tmp_path, QUIET, formats=("csv",))
    assert {path.name for path in tmp_path.iterdir()} == {"issue=2026-06", "superseded"}


def test_only_what_was_chosen_is_written(issue, snapshot, tmp_path):
    folder = export_issue(issue, snapshot, tmp_path, QUIET, formats=("parquet",), level="region", units=["Borno"])
    assert set(pd.read_parquet(folder / "scores.parquet")["admin1_code"]) == {"NG-BO"}


def test_an_error_half_way_leaves_nothing(issue, snapshot, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("faultline.pipelines.exports.build.write_gpkg", fail)
    with pytest.raises(OSError, match="No space"):
        export_issue(issue, snapshot, tmp_path, QUIET, formats=("csv", "gpkg"))
    assert list(tmp_path.iterdir()) == []


def test_the_issue_itself_is_not_replaced(issue, snapshot, tmp_path):
    (tmp_path / "issue=2026-06").mkdir()
    (tmp_path / "issue=2026-06" / "brief.html").write_text("")
    with pytest.raises(ConfigError, match="is the issue itself"):
        export_issue(issue, snapshot, tmp_path, QUIET)


def test_an_issue_named_so_as_to_lead_outside_moves_nothing(issue, snapshot, tmp_path):
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "kept.txt").write_text("kept", encoding="utf-8")
    led = dataclasses.replace(issue, name="x/../../victim")
    with pytest.raises(SourceError, match="no name of a file or folder"):
        export_issue(led, snapshot, tmp_path / "to", QUIET, formats=("csv",))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["kept.txt", "victim"]


def test_a_format_that_is_not_there_gives_the_nearest(issue, snapshot, tmp_path):
    with pytest.raises(UnknownNameError, match="'geojson'"):
        export_issue(issue, snapshot, tmp_path, QUIET, formats=("geojsn",))


def test_the_command_writes_and_refuses(tmp_path):
    made_issue(tmp_path / "predictions")
    command = [str(Path(sys.executable).with_name("faultline")), "export"]
    plain = os.environ | {"COLUMNS": "100", "NO_COLOR": "1"}
    done = subprocess.run(
        [*command, "--format", "csv", "--format", "hubverse", "--level", "country"],
        cwd=tmp_path, capture_output=True, text=True, env=plain, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "exports/issue=2026-06"
    assert (tmp_path / "exports" / "issue=2026-06" / "scores.csv").exists()
    wrong = subprocess.run(
        [*command, "--target", "violence_52", "--to", "other"],
        cwd=tmp_path, capture_output=True, text=True, env=plain, check=False,
    )  # fmt: skip
    assert wrong.returncode == 2
    assert "did you mean 'violence_25'" in wrong.stderr
    assert not (tmp_path / "other").exists()
