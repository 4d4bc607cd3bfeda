"""Verdicts on new groups: what is read and what is refused."""

import pandas as pd
import pytest

from faultline.features.errors import SchemaError
from faultline.features.sources.new_actors import NEW_ACTORS_FILE, read_new_actors

HEADER = NEW_ACTORS_FILE.read_text(encoding="utf-8").splitlines()[0]
ROWS = """\
12,New Name,475,2015-03,renamed,11 10,AFP,https://example.org/a,high,as announced
14,Leavers,475,2016-01,split,13,none found,,low,
16,Stranger,432,2017-10,not_judged,,none found,,low,
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "new_actors.csv"
    path.write_text(f"{HEADER}\n{ROWS}", encoding="utf-8")
    return path


def test_a_verdict_names_the_groups_that_it_speaks_of(file):
    table = read_new_actors(file)
    assert table["heir_of"].tolist() == [(11, 10), (13,), ()]
    assert table["first_month"].tolist() == [pd.Period(month, "M") for month in ("2015-03", "2016-01", "2017-10")]
    assert table["note"].isna().tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("old", "new", "row", "column"),
    [
        ("12,New", "twelve,New", 2, "actor_id"),
        ("New Name", " ", 2, "name"),
        (",475,2015", ",Mali,2015", 2, "gwno"),
        ("2015-03", "2015-13", 2, "first_month"),
        ("renamed", "rebranded", 2, "verdict"),
        ("11 10", "11;10", 2, "heir_of"),
        ("11 10", "", 2, "heir_of"),
        ("AFP", "", 2, "source"),
        ("https://example.org/a", "", 2, "source_url"),
        ("https://example.org/a", "a page", 2, "source_url"),
        ("13,none found,,low", "13,none found,,high", 3, "confidence"),
        ("13,none found,,low", "13,none found,https://example.org/b,low", 3, "source_url"),
        ("not_judged,,none found,,low", "not_judged,,none found,,sure", 4, "confidence"),
        ("16,Stranger,432", "14,Stranger,475", 4, "actor_id, gwno"),
    ],
)
def test_a_broken_row_is_one_error(*, file, old, new, row, column):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_new_actors(file)
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, row, column)
