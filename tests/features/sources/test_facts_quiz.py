"""The events with which the facts are questioned: what is read, and what is refused."""

import pytest

from faultline.features.errors import SchemaError
from faultline.features.sources.facts_quiz import (
    QUIZ_FILE,
    read_facts_quiz,
    read_facts_rechecked,
    read_facts_sample,
)

ROWS = """\
MLI,2022-08-15,day,departure,french,last soldiers leave,https://example.org/a,yes,yes,
SDN,2019-08-17,month,agreement_signed|charter,,power-sharing deal,https://example.org/b,yes,no,a note
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "quiz.csv"
    path.write_text(QUIZ_FILE.read_text(encoding="utf-8").splitlines()[0] + "\n" + ROWS, encoding="utf-8")
    return path


def test_an_event_may_be_told_as_more_than_one_kind_of_fact(file):
    quiz = read_facts_quiz(file)
    assert quiz["kind"].tolist() == [("departure",), ("agreement_signed", "charter")]
    assert quiz["at_first"].tolist() == [True, False]
    assert quiz["date"].dt.strftime("%Y-%m-%d").tolist() == ["2022-08-15", "2019-08-17"]


@pytest.mark.parametrize(
    ("old", "new", "row", "column"),
    [
        ("MLI,2022", "XXX,2022", 2, "iso3"),
        ("2022-08-15", "", 2, "date"),
        ("15,day", "15,hour", 2, "date_precision"),
        ("signed|charter", "signed|chart", 3, "kind"),
        ("power-sharing deal", " ", 3, "event"),
        ("https://example.org/b", "a book", 3, "source_url"),
        ("yes,no", "yes,maybe", 3, "at_first"),
    ],
)
def test_a_broken_event_is_one_error(*, file, old, new, row, column):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_facts_quiz(file)
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, row, column)


@pytest.mark.parametrize(
    ("row", "column"),
    [("coups,a,shown,", "table"), ("deployments,a,fine,", "verdict"), ("deployments,b,wrong,", "table, fact_id")],
)
def test_a_broken_row_of_the_sample_is_one_error(*, tmp_path, row, column):
    path = tmp_path / "sample.csv"
    path.write_text(f"table,fact_id,verdict,note\ndeployments,b,shown,\n{row}\n", encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_facts_sample(path)
    assert (caught.value.file, caught.value.row, caught.value.column) == (path, 3, column)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("one,deployments,a,right,https://example.org/a,", "seed"),
        ("1,coups,a,right,https://example.org/a,", "table"),
        ("1,deployments,a,fine,https://example.org/a,", "verdict"),
        ("1,deployments,b,wrong,https://example.org/a,", "seed, table, fact_id"),
        ("1,deployments,a,wrong,,contradicted by hearsay", "page"),
    ],
)
def test_a_broken_row_of_a_draw_is_one_error(*, tmp_path, row, column):
    path = tmp_path / "rechecked.csv"
    path.write_text(f"seed,table,fact_id,verdict,page,note\n1,deployments,b,not_at_hand,,\n{row}\n", encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_facts_rechecked(path)
    assert (caught.value.file, caught.value.row, caught.value.column) == (path, 3, column)
