"""Writing an issue: whole or not at all, nothing lost, safe to open."""

import subprocess
import sys

import pandas as pd
import pytest

from faultline.features.errors import SourceError
from faultline.pipelines.base.whole import ready
from faultline.pipelines.issue.opening import issues_in
from faultline.pipelines.issue.writing import (
    issue_folder,
    previous_scores,
    settle,
    write_scores,
    writing_aside,
)

JUNE = pd.Period("2026-06", "M")


def test_a_folder_appears_whole(tmp_path):
    with writing_aside(issue_folder(tmp_path, JUNE)) as aside:
        (aside / "a.txt").write_text("a")
        assert not issue_folder(tmp_path, JUNE).exists()
    assert (tmp_path / "issue=2026-06" / "a.txt").read_text() == "a"
    assert [path.name for path in tmp_path.iterdir()] == ["issue=2026-06"]


def test_an_error_leaves_the_earlier_issue_untouched_and_nothing_beside_it(tmp_path):
    with writing_aside(issue_folder(tmp_path, JUNE)) as aside:
        (aside / "a.txt").write_text("first")

    def fail_half_way():
        with writing_aside(issue_folder(tmp_path, JUNE)) as aside:
            (aside / "a.txt").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert (tmp_path / "issue=2026-06" / "a.txt").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["issue=2026-06"]


def test_an_issue_made_again_keeps_the_older_one(tmp_path):
    for text in ("first", "second", "third"):
        with writing_aside(issue_folder(tmp_path, JUNE)) as aside:
            (aside / "a.txt").write_text(text)
    assert (tmp_path / "issue=2026-06" / "a.txt").read_text() == "third"
    kept = sorted((tmp_path / "superseded").iterdir())
    assert [(folder / "a.txt").read_text() for folder in kept] == ["first", "second"]


KILLED = """
import os, signal, sys
from pathlib import Path
from faultline.pipelines.issue.writing import writing_aside

rename, out = Path.rename, Path(sys.argv[1])

def until_killed(path, target):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return rename(path, target)

for left, where in enumerate(sorted(out.iterdir())):
    if child := os.fork():
        os.waitpid(child, 0)
        continue
    Path.rename = until_killed
    with writing_aside(where / "issue=2026-06") as aside:
        (aside / "scores.parquet").write_text("new")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_at_any_point_of_the_swap_loses_neither_issue(tmp_path):
    for at in range(4):  # before each of the three renames, and after the last
        folder = tmp_path / str(at) / "issue=2026-06"
        folder.mkdir(parents=True)
        (folder / "scores.parquet").write_text("old")
        write_may(folder.parent)
    subprocess.run([sys.executable, "-P", "-c", KILLED, str(tmp_path)], check=True)
    seen = []
    for at in range(4):
        out = tmp_path / str(at)
        assert list(issues_in(out)) == ["2026-05", "2026-06"]  # what a reader finds before anything is mended
        seen.append((issues_in(out)["2026-06"] / "scores.parquet").read_text())
        settle(out)
        assert issues_in(out)["2026-06"] == out / "issue=2026-06"
        kept = [file.read_text() for file in out.glob("superseded/issue=2026-06.*/scores.parquet")]
        assert sorted([(out / "issue=2026-06" / "scores.parquet").read_text(), *kept]) == (
            ["new", "old"] if at else ["old"]
        )
    assert seen == ["old", "old", "new", "new"]


def write_may(out):
    (out / "issue=2026-05").mkdir()
    (out / "issue=2026-05" / "scores.parquet").write_text("May")


def test_the_next_run_mends_what_a_killed_one_left(tmp_path):
    waiting = ready(issue_folder(tmp_path, JUNE))
    waiting.mkdir()
    (waiting / "a.txt").write_text("whole")
    with writing_aside(issue_folder(tmp_path, JUNE - 1)):
        pass
    assert (issue_folder(tmp_path, JUNE) / "a.txt").read_text() == "whole"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["issue=2026-05", "issue=2026-06"]


def write(out, month, probability):
    with writing_aside(issue_folder(out, pd.Period(month, "M"))) as aside:
        write_scores(pd.DataFrame({"probability": [probability]}), aside, {})


def test_the_issue_before_is_the_latest_earlier_one(tmp_path):
    assert previous_scores(tmp_path, JUNE) is None
    for month, probability in (("2026-03", 0.3), ("2026-05", 0.5), ("2026-06", 0.6), ("2026-07", 0.7)):
        write(tmp_path, month, probability)
    assert previous_scores(tmp_path, JUNE)["probability"].tolist() == [0.5]


def test_scores_that_cannot_be_read_are_named(tmp_path):
    write(tmp_path, "2026-05", 0.5)
    file = tmp_path / "issue=2026-05" / "scores.parquet"
    file.write_bytes(file.read_bytes()[:50])
    with pytest.raises(SourceError, match=r"scores\.parquet"):
        previous_scores(tmp_path, JUNE)
