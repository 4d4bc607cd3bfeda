"""The table of what was searched, and what is refused in it."""

import pytest

from faultline.features.errors import SchemaError
from faultline.features.sources.facts_coverage import read_facts_coverage

HEADER = "iso3,gwno,kind,first_year,searched_until,note\n"


def test_a_row_without_a_country_is_of_every_country(tmp_path):
    file = tmp_path / "coverage.csv"
    file.write_text(f"{HEADER},0,coups,1950,2026-02-28,\nMLI,432,deployments,2005,2025-06-30,thin\n")
    table = read_facts_coverage(file)
    assert table["gwno"].tolist() == [0, 432]
    assert table["iso3"].isna().tolist() == [True, False]
    assert table["note"].tolist()[1] == "thin"


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("MLI,432,bases,2005,2025-06-30,", "kind", "which is none of"),
        ("NER,432,deployments,2005,2025-06-30,", "iso3", "which is not the country of gwno"),
        ("MLI,0,deployments,2005,2025-06-30,", "iso3", "which is not the country of gwno"),
        ("MLI,432,deployments,2005,,", "searched_until", "where a date"),
        ("MLI,432,deployments,2026,2025-06-30,", "searched_until", "before first_year"),
        ("MLI,432,coups,1950,2025-06-30,", "gwno, kind", "stands in line 2 already"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused_with_its_place(tmp_path, row, column, words):
    file = tmp_path / "coverage.csv"
    file.write_text(f"{HEADER}MLI,432,coups,1950,2026-02-28,\n{row}\n")
    with pytest.raises(SchemaError, match=words) as refused:
        read_facts_coverage(file)
    assert (refused.value.file, refused.value.row, refused.value.column) == (file, 3, column)
