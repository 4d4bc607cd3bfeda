"""Candidate counts beside later ones: what is read and refused, and that the bundled table is as UCDP's files say."""

import runpy

import pandas as pd
import pytest

from faultline.features.errors import SchemaError
from faultline.features.sources.revisions import REVISIONS_COLUMNS, REVISIONS_FILE, read_revisions

ROWS = """\
MLI,432,2025-01,25.0.1,100,26.1,110
NER,436,2025-01,25.0.1,0,26.1,4
MLI,432,2026-01,26.0.1,80,26.0.5,90
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "revisions.csv"
    path.write_text(f"{','.join(REVISIONS_COLUMNS)}\n{ROWS}", encoding="utf-8")
    return path


def test_a_count_is_final_if_a_yearly_release_made_it(file):
    table = read_revisions(file)
    assert table["final"].tolist() == [True, True, False]
    assert table["month"].tolist() == [pd.Period(month, "M") for month in ("2025-01", "2025-01", "2026-01")]
    assert table["later"].sum() - table["first"].sum() == 24


@pytest.mark.parametrize(
    ("old", "new", "row", "column"),
    [
        ("NER,436", "NER,432", 3, "iso3"),
        ("NER,436", "NER,Niger", 3, "gwno"),
        ("432,2025-01", "432,2025-13", 2, "month"),
        ("25.0.1,100", "25.1,100", 2, "first_release"),
        ("26.0.5", "final", 4, "later_release"),
        ("1,100,", "1,-1,", 2, "first"),
        ("0,26.1,4", "0,26.1,0", 3, "later"),
        ("0,26.1,4", "0,26.1,4.5", 3, "later"),
        ("432,2026-01", "432,2025-01", 4, "gwno, month"),
    ],
)
def test_a_broken_row_is_one_error(*, file, old, new, row, column):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_revisions(file)
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, row, column)


def test_the_bundled_table_is_what_the_sources_count(shared_data, root):
    counted = runpy.run_path(str(root / "benchmarks" / "revision.py"))["count"](shared_data)
    assert counted.to_csv(index=False, lineterminator="\n") == REVISIONS_FILE.read_text(encoding="utf-8")


def test_2025_grew_by_a_third_and_half_of_its_error_is_one_month_of_sudan():
    """Totals counted from UCDP's files apart from this code."""
    table = read_revisions()
    year = table[table["month"].dt.year == 2025]
    assert (year["first"].sum(), year["later"].sum()) == (181_331, 245_464)
    assert (year["first"] - year["later"]).abs().sum() == 113_249
    sudan = year[(year["iso3"] == "SDN") & (year["month"] == pd.Period("2025-10", "M"))]
    assert sudan[["first", "later"]].to_numpy().tolist() == [[4_675, 61_369]]
