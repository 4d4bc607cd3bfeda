"""Writing an issue: whole or not at all, nothing lost, safe to open."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultline.features.errors import SourceError
from faultline.pipelines.export import issue_folder, previous_scores, spreadsheet_safe, write_scores, writing_aside

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


@given(st.text(max_size=8))
def test_no_cell_is_run_as_a_formula(text):
    safe = spreadsheet_safe(pd.DataFrame({"name": pd.Series([text], dtype="str"), "n": [-1.5]}))
    assert not safe["name"][0].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert safe["name"][0] in (text, "'" + text)
    assert safe["n"][0] == -1.5


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
