"""ViEWS's ids of countries: either names of the columns, and broken tables."""

import pytest

from faultline.features.errors import SchemaError, SourceError
from faultline.pipelines.base.views_ids import read_views_ids


@pytest.mark.parametrize("header", ["gwno,country_id,name", "gwcode,id,name"])
def test_either_names_of_the_columns_are_understood_and_states_that_are_not_asked_for_may_stand_there_twice(
    tmp_path, header
):
    file = tmp_path / "countries.csv"
    file.write_text(f"{header}\n432,50,Mali\n678,1,Yemen\n678,2,Yemen\n,3,nowhere\n")
    assert read_views_ids(file, states=(432, 436)) == {432: 50}
    with pytest.raises(SchemaError, match=r"row 4.*twice"):
        read_views_ids(file, states=(432, 678))
    with pytest.raises(SchemaError, match=r"row 5.*whole number"):
        read_views_ids(file)


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"none\.csv"):
        read_views_ids(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("gwno,number\n432,50\n", "row 1, column country_id: there is no column country_id"),
        ("gwno,country_id\n432,50\n436,fifty\n", "row 3, column country_id: expected a whole number, not 'fifty'"),
        ("gwno,country_id\n432,50\n432,51\n", "row 3, column gwno: expected each number once"),
        ("gwno,country_id\n432,50\n436,50\n", "row 3, column country_id: expected each number once"),
    ],
)
def test_a_broken_table_is_named_by_row_and_column(tmp_path, text, says):
    file = tmp_path / "crosswalk.csv"
    file.write_text(text)
    with pytest.raises(SchemaError) as caught:
        read_views_ids(file)
    assert says in str(caught.value)
