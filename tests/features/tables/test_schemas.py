"""Contracts: what breaks one is said in one sentence, with file, row and column."""

import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.errors import DataError, SchemaError, UnknownNameError
from faultline.features.tables.schemas import SCHEMAS, validate
from faultline.features.tables.snapshot import TABLES


@pytest.fixture(scope="module")
def table():
    return pd.DataFrame(
        {
            "gwno": [475, 475, 625],
            "month": pd.to_datetime(["2012-01-01", "2012-02-01", "2012-01-01"]).astype("datetime64[s]"),
            "violence_type": ["sb", "sb", "ns"],
            "events": [1, 2, 3],
            "deaths": [10, 20, 30],
            "provisional": [False, False, True],
            "war_total": [False, False, False],
            "known_on": pd.to_datetime(["2012-01-31", "2012-02-29", "2012-01-31"]).astype("datetime64[s]"),
        }
    ).astype({"gwno": "int32", "events": "int32", "deaths": "int32", "violence_type": "str"})


def test_a_table_that_keeps_its_contract_is_handed_on_unchanged(table):
    pd.testing.assert_frame_equal(validate(table, "country_month"), table)


def changed(table, column, position, value):
    values = table[column].tolist()
    values[position] = value
    dtype = table[column].dtype
    return table.assign(**{column: pd.Series(values, table.index).astype(dtype)})


@pytest.mark.parametrize(
    ("spoil", "row", "column", "said"),
    [
        (lambda t: t.drop(columns="deaths"), None, "deaths", "the column is missing"),
        (lambda t: t.assign(z=1), None, "z", "no such column belongs there"),
        (lambda t: t[t.columns[::-1]], None, None, "must stand in this order"),
        (lambda t: t.assign(deaths=t["deaths"].astype(float)), None, "deaths", "holds float64 where int32 belongs"),
        (lambda t: t.assign(events="many"), None, "events", "holds str where int32 belongs"),
        (lambda t: changed(t, "deaths", 1, -1), 3, "deaths", "found -1, which is not in 0 to 2,000,000 (1 such row)"),
        (lambda t: changed(t, "violence_type", 2, "xx"), 4, "violence_type", "found 'xx', which is none of sb, ns, os"),
        (
            lambda t: changed(t, "month", 1, pd.Timestamp("2012-02-02")),
            3,
            "month",
            "found 2012-02-02, which is not the first day of a month",
        ),
        (lambda t: changed(t, "month", 1, pd.Timestamp("1945-01-01")), 3, "month", "is below 1946-01-01"),
        (lambda t: changed(t, "known_on", 1, pd.NaT), 3, "known_on", "the value is missing"),
        (
            lambda t: changed(t, "month", 1, pd.Timestamp("2012-01-01")),
            3,
            "gwno, month, violence_type",
            "the key (gwno 475, month 2012-01-01, violence_type 'sb') stood in an earlier row",
        ),
    ],
)
def test_a_broken_rule_is_one_error_with_row_and_column(table, spoil, row, column, said):
    with pytest.raises(SchemaError) as caught:
        validate(spoil(table), "country_month", file="made.csv")
    assert (caught.value.file, caught.value.row, caught.value.column) == ("made.csv", row, column)
    assert said in caught.value.problem
    assert caught.value.remedy


def test_rows_count_lines_in_text_files_and_records_elsewhere(table):
    bad = changed(table, "deaths", 1, -1)
    for file, row in (("made.tsv", 3), ("made.parquet", "record 2"), (None, "record 2")):
        with pytest.raises(SchemaError) as caught:
            validate(bad, "country_month", file=file)
        assert caught.value.row == row


def test_a_form_is_named():
    countries = bundled().countries.head(3)
    with pytest.raises(SchemaError, match=r"found 'usa', which is not of the form \^\[A-Z\]\{3\}\$"):
        validate(changed(countries, "iso3", 0, "usa"), "countries")


def test_an_unknown_table_offers_the_nearest_names(table):
    with pytest.raises(UnknownNameError, match="country_month"):
        validate(table, "contry_month")


@pytest.mark.parametrize("name", TABLES)
def test_every_contract_refuses_a_repeated_key_and_a_column_of_another_type(name):
    table = getattr(bundled(), name)
    with pytest.raises(SchemaError, match="stood in an earlier row"):
        validate(pd.concat([table, table.tail(1)], ignore_index=True), name)
    first = table.columns[0]
    with pytest.raises(SchemaError, match=f"column {first}"):
        validate(table.assign(**{first: 0.5}), name)


def test_every_column_is_described():
    for schema in SCHEMAS.values():
        assert schema.description
        assert all(column.description for column in schema.columns.values())


def test_errors_are_the_builtins_that_fit(table):
    with pytest.raises(ValueError, match="breaks its contract"):
        validate(table.drop(columns="deaths"), "country_month")
    assert issubclass(SchemaError, DataError)
