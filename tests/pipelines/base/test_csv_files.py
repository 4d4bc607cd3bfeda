"""CSV that is safe to open, from one writer."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import faultline
from faultline.pipelines.base.csv_files import csv_file, csv_text, in_place_of_older, spreadsheet_safe


@given(st.text(max_size=8))
def test_no_cell_is_run_as_a_formula(text):
    safe = spreadsheet_safe(pd.DataFrame({"name": pd.Series([text], dtype="str"), "n": [-1.5]}))
    assert not safe["name"][0].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert safe["name"][0] in (text, "'" + text)
    assert safe["n"][0] == -1.5


@pytest.mark.parametrize("dtype", ["str", "object", "category"])
def test_formulas_are_quoted_whatever_the_columns_type_and_in_its_name(tmp_path, dtype):
    table = pd.DataFrame({"=1+1": pd.Series(["=cmd()", "Mali", None], dtype=dtype), "n": [-1.5, 2.0, 3.0]})
    expected = "'=1+1,n\n'=cmd(),-1.5\nMali,2.0\n,3.0\n"
    assert csv_text(table) == expected
    csv_file(table, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == expected.encode()
    assert table.columns[0] == "=1+1"


def test_no_other_module_writes_csv():
    package, ways = Path(faultline.__file__).parent, (".to_csv(", "csv.writer(", "DictWriter(")
    files = [file for part in ("features", "models", "pipelines") for file in (package / part).rglob("*.py")]
    found = {file.name for file in files if any(way in file.read_text("utf-8") for way in ways)}
    assert found == {"csv_files.py"}


def test_rows_take_the_place_of_all_older_ones_of_their_keys_and_the_others_stay(tmp_path):
    file = tmp_path / "a.csv"
    made = pd.DataFrame({"level": ["country", "region"], "target": "deaths", "n": [7, 8]})
    assert in_place_of_older(made, file, ["level", "target"]) is made
    file.write_text("level,target,n\ncountry,deaths,1\ncountry,deaths,2\ncountry,deaths_sb,3\n", encoding="utf-8")
    assert in_place_of_older(made, file, ["level", "target"]).to_numpy().tolist() == [
        ["country", "deaths_sb", 3],
        ["country", "deaths", 7],
        ["region", "deaths", 8],
    ]
