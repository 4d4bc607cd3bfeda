"""Delimited files: what is read, and the one error that a broken file gives."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultline.features.errors import DataError, SchemaError, SourceError
from faultline.features.sources.delimited import (
    dates,
    decimals,
    first_of_month,
    read_delimited,
    refuse_duplicates,
    whole_numbers,
)

LAST = pd.Timestamp("2020-12-31")
WHOLE = 'id,note,deaths\n1,"one\nline more",10\n2,x,3\n'


@pytest.fixture
def write(tmp_path):
    def _write(content, name="made.csv"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return _write


def test_index_is_the_line_on_which_a_record_starts_although_a_field_runs_over_lines(write):
    frame = read_delimited(write(WHOLE), ("id", "deaths"))
    assert frame.index.tolist() == [2, 4]
    assert frame["deaths"].tolist() == ["10", "3"]


@pytest.mark.parametrize("content", ["\ufeffid,x\r\n1,é\r\n", "x,id\né,1\n", "id;x\n1;é\n".replace(";", ",")])
def test_marks_line_ends_and_the_order_of_columns_do_not_matter(write, content):
    assert read_delimited(write(content), ("id", "x")).to_dict("records") == [{"id": "1", "x": "é"}]


@pytest.mark.parametrize(
    ("content", "kind", "row", "column", "said"),
    [
        (b"", SourceError, None, None, "empty"),
        (b"id,deaths\n", SourceError, None, None, "no rows"),
        (b"id,deaths\n1,2\n3\n", SourceError, 3, None, "1 fields where the first line has 2"),
        (b"id,deaths\n1,2\n3,4,5\n", SourceError, 3, None, "3 fields where the first line has 2"),
        (b"id,deaths\n1,2\n3,4", SourceError, 3, None, "no line end"),
        (b'id,deaths\n1,2\n3,"4\n', SourceError, 3, None, "cut off or damaged"),
        (b"id,deaths\n1,2\n\xe9,2\n", SourceError, 3, None, "not utf-8 text"),
        (b"id,death\n1,2\n", SchemaError, 1, "deaths", "Is it 'death'?"),
        (b"id,deaths,deaths\n1,2,3\n", SchemaError, 1, "deaths", "more than once"),
    ],
)
def test_a_broken_file_is_one_error_with_file_row_and_column(*, write, content, kind, row, column, said):
    file = write(content)
    with pytest.raises(kind, match=said) as caught:
        read_delimited(file, ("id", "deaths"))
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, row, column)
    assert caught.value.remedy


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(SourceError, match=r"made\.csv: cannot read the file: there is no such file"):
        read_delimited(tmp_path / "made.csv", ("id",))


@given(cut=st.integers(0, len(WHOLE) - 1))
def test_a_file_cut_anywhere_but_at_the_end_of_a_record_is_refused(tmp_path_factory, cut):
    file = tmp_path_factory.getbasetemp() / "cut.csv"
    file.write_text(WHOLE[:cut], encoding="utf-8")
    if cut == WHOLE.index("2,x"):
        assert read_delimited(file, ("id",))["id"].tolist() == ["1"]
        return
    with pytest.raises(DataError):
        read_delimited(file, ("id", "deaths"))


def column(*values, name="deaths"):
    return pd.Series(values, index=range(2, len(values) + 2), dtype="str", name=name)


@pytest.mark.parametrize("bad", ["", "x", "1.5", "-1", "101", "1e2", "99999999999"])
def test_an_impossible_whole_number_names_its_line(tmp_path, bad):
    with pytest.raises(SchemaError) as caught:
        whole_numbers(column("84.0", bad), tmp_path, low=0, high=100)
    assert (caught.value.row, caught.value.column) == (3, "deaths")


def test_numbers_are_read(tmp_path):
    assert whole_numbers(column("84.0", "0"), tmp_path, low=0, high=100).tolist() == [84, 0]
    assert decimals(column("84.5", "-1"), tmp_path, low=-90, high=90).tolist() == [84.5, -1]


@pytest.mark.parametrize("bad", ["", "x", "91", "nan"])
def test_an_impossible_decimal_names_its_line(tmp_path, bad):
    with pytest.raises(SchemaError) as caught:
        decimals(column("1", bad), tmp_path, low=-90, high=90)
    assert caught.value.row == 3


@pytest.mark.parametrize("bad", ["", "2020-02-30", "2021-01-01", "1945-01-01", "01/02/2020"])
def test_an_impossible_or_future_date_names_its_line(tmp_path, bad):
    with pytest.raises(SchemaError) as caught:
        dates(column("2020-02-29 00:00:00.000", bad), tmp_path, last=LAST)
    assert caught.value.row == 3


@pytest.mark.parametrize(("year", "month"), [("2021", "1"), ("2020", "13"), ("2020", "0"), ("x", "1"), ("1945", "1")])
def test_an_impossible_or_future_month_names_its_line(tmp_path, year, month):
    with pytest.raises(SchemaError) as caught:
        first_of_month(column("2020", year, name="year"), column("12", month, name="month"), tmp_path, last=LAST)
    assert caught.value.row == 3


def test_a_repeated_key_names_both_lines(tmp_path):
    frame = pd.DataFrame({"a": [1, 2, 1], "b": [1, 1, 1]}, index=[2, 3, 7])
    with pytest.raises(SchemaError, match="stands in line 2 already") as caught:
        refuse_duplicates(frame, ["a", "b"], tmp_path)
    assert (caught.value.row, caught.value.column) == (7, "a, b")
