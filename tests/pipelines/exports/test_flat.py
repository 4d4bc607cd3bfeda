"""CSV, Parquet and Excel: what is read back is what was written, and nothing in it runs."""

import csv
import dataclasses
import json
import zipfile

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from made_scores import listed

from faultline.features.errors import SchemaError, SourceError
from faultline.features.tables.schemas import SCHEMAS
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.exports.build import export_issue
from faultline.pipelines.issue.scores_csv import read_scores_csv

KEYS = ["location_code", "admin_level", "admin1_code", "target", "horizon_months"]


def test_the_csv_reads_back_as_it_was(exported, scores):
    pd.testing.assert_frame_equal(read_scores_csv(exported / "scores.csv"), scores)


def test_no_cell_of_the_csv_runs_as_a_formula(exported):
    with (exported / "scores.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    risky = [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert all(float(cell) < 0 for cell in risky)  # numbers below zero, no text
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert any(cell.startswith("'+deaths") for cell in cells)


def test_what_stands_beside_the_csv_describes_each_column(exported, scores):
    described = json.loads((exported / "scores.csv-metadata.json").read_text(encoding="utf-8"))
    assert described["url"] == "scores.csv"
    assert described["dc:license"]["@id"] == "https://creativecommons.org/licenses/by/4.0/"
    columns = {column["name"]: column for column in described["tableSchema"]["columns"]}
    assert list(columns) == list(scores.columns)
    assert columns["reference_period_end"]["datatype"] == "date"
    assert columns["gwno"]["datatype"] == "integer"
    assert columns["probability"]["dc:description"].endswith("[probability, 0 to 1]")
    assert described["notes"][0]["risk_class_edges"] == [0.02, 0.1, 0.3, 0.6]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("2026-05-31", "31.5.2026", "data_through"),
        (",432,", ",Mali,", "gwno"),
        (",violence_1,1,", ",violence_1,99,", "row 2"),
    ],
)
def test_a_changed_csv_is_refused_with_its_column(exported, tmp_path, old, new, says):
    text = (exported / "scores.csv").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if old in line and i)
    lines.insert(1, lines.pop(at).replace(old, new))
    (tmp_path / "scores.csv").write_text("".join(lines), encoding="utf-8")
    with pytest.raises(SchemaError, match=says):
        read_scores_csv(tmp_path / "scores.csv")


def test_a_csv_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"none\.csv"):
        read_scores_csv(tmp_path / "none.csv")


def test_the_parquet_reads_back_as_it_was_and_describes_itself(exported, scores):
    pd.testing.assert_frame_equal(pd.read_parquet(exported / "scores.parquet"), scores)
    schema = pq.read_schema(exported / "scores.parquet")
    about = json.loads(schema.metadata[b"faultline"])
    assert about["licence"] == "CC-BY-4.0"
    assert about["issue"] == "2026-06"
    assert schema.field("q95").metadata[b"unit"].startswith(b"deaths")
    assert {name for name in about["columns"] if not about["columns"][name]["description"]} == set()
    assert list(about["columns"]) == list(SCHEMAS["scores"].columns)


def test_the_workbook_reads_back_with_its_types(exported, scores):
    back = pd.read_excel(exported / "scores.xlsx", sheet_name="scores", keep_default_na=False, na_values=[""])
    for name in ("location_code", "location_name", "admin1_code", "target", "top_drivers", "warning"):
        assert back[name].fillna("").tolist() == scores[name].fillna("").tolist(), name
    for name in ("probability", "q95", "horizon_months", "rank", "change_since_last_issue"):
        assert back[name].astype("float64").tolist() == pytest.approx(
            scores[name].astype("float64").tolist(), nan_ok=True
        ), name
    assert (back["reference_period_end"] == scores["reference_period_end"]).all()
    assert back["is_provisional"].tolist() == scores["is_provisional"].tolist()


def test_the_workbook_has_a_frozen_header_formats_and_says_what_it_is(exported, scores):
    book = openpyxl.load_workbook(exported / "scores.xlsx")
    sheet = book["scores"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:AR{len(scores) + 1}"
    column = {str(cell.value): number for number, cell in enumerate(sheet[1], 1)}
    first = 2 + int(scores["probability"].notna().to_numpy().argmax())
    assert sheet.cell(first, column["probability"]).number_format == "0.0%"
    assert sheet.cell(2, column["data_through"]).number_format == "yyyy-mm-dd"
    said = {str(row[0]): str(row[1]) for row in book["about"].iter_rows(values_only=True) if row[0]}
    assert said["licence"].startswith("CC-BY-4.0")
    assert "0.02, 0.1, 0.3, 0.6" in said["risk classes"]
    assert said["violence_25"] == "probability of: at least 25 deaths within the horizon"
    assert book.properties.title == said["title"]


def test_no_cell_of_the_workbook_is_a_formula(exported):
    with zipfile.ZipFile(exported / "scores.xlsx") as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert all("<f>" not in sheet and "hyperlink" not in sheet.casefold() for sheet in sheets)
    cells = [cell for row in openpyxl.load_workbook(exported / "scores.xlsx")["scores"].iter_rows() for cell in row]
    risky = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-"))]
    assert risky
    assert all(cell.quotePrefix for cell in risky)


def test_no_csv_of_an_export_holds_a_formula(issue, snapshot, tmp_path):
    scores = issue.scores.assign(location_name="=1+1")
    made = dataclasses.replace(issue, scores=scores)
    folder = export_issue(
        made, snapshot, tmp_path, Progress.on_stderr(quiet=True), formats=("csv", "hubverse", "views")
    )
    files = sorted(folder.rglob("*.csv"))
    assert {file.name for file in files} == {"scores.csv", "locations.csv", "countries.csv"}
    for file in files:
        with file.open(encoding="utf-8", newline="") as rows:
            cells = {cell for row in csv.reader(rows) for cell in row}
        assert "'=1+1" in cells
        assert not {cell for cell in cells if cell.startswith(("=", "@"))}


def test_the_workbook_opens_on_a_readable_summary_of_the_lists(issue, snapshot, tmp_path):
    rows = pd.concat([issue.scores, listed().astype(issue.scores.dtypes)], ignore_index=True)
    made = dataclasses.replace(issue, scores=rows.drop_duplicates(KEYS, ignore_index=True))
    folder = export_issue(made, snapshot, tmp_path, Progress.on_stderr(quiet=True), formats=("xlsx",))
    book = openpyxl.load_workbook(folder / "scores.xlsx")
    assert book.sheetnames == ["summary", "scores", "about"]
    assert book.active.title == "summary"
    rows = [[cell.value for cell in row] for row in book["summary"].iter_rows()]
    at = next(i for i, row in enumerate(rows) if row[0] == "Countries: rise")
    assert rows[at + 2][:4] == ["place", "country", "probability", "how often to anyone"]
    assert rows[at + 3][3] == 0.123
    assert book["summary"].cell(at + 4, 3).number_format == "0%"
    assert any(row[0] == "Regions: most deaths" for row in rows)


def test_the_summary_names_a_unit_once_where_windows_of_both_kinds_are_exported(issue, snapshot, tmp_path):
    rows = pd.concat([issue.scores, listed().astype(issue.scores.dtypes)], ignore_index=True)
    rows = rows.drop_duplicates(KEYS, ignore_index=True)
    both = pd.concat([rows, rows.assign(months_between=6).astype(rows.dtypes)], ignore_index=True)
    made, quiet = dataclasses.replace(issue, scores=both), Progress.on_stderr(quiet=True)
    folder = export_issue(made, snapshot, tmp_path, quiet, formats=("xlsx",), windows="all")
    summary = [
        [cell.value for cell in row] for row in openpyxl.load_workbook(folder / "scores.xlsx")["summary"].iter_rows()
    ]
    at = next(i for i, row in enumerate(summary) if row[0] == "Countries: rise")
    named = [row[0] for row in summary[at + 3 : at + 7]]
    assert named[3] is None
    assert len(set(named[:3])) == 3
