"""GED event rows: the copies' quirks, and broken files."""

import made_sources
import pandas as pd
import pytest

from faultline.features.errors import SchemaError, SourceError
from faultline.features.sources.ged import CIVILIANS, read_events

LAST = pd.Timestamp("2019-12-31")


@pytest.fixture
def file(tmp_path):
    return made_sources.write_world(tmp_path) / "ucdp" / "ged201-nigeria.csv"


def test_tags_an_unnamed_column_and_numbers_with_a_point_are_understood(file):
    events = read_events(file, last=LAST)
    assert events["event_id"].tolist() == [1, 2, 3, 4, 5]
    assert events.index.tolist() == [3, 5, 6, 7, 8]  # the first runs over two lines
    assert events["violence_type"].tolist() == ["sb", "ns", "os", "ns", "ns"]
    assert events.loc[6, "side_b_id"] == CIVILIANS
    assert events.loc[5, "end"] == pd.Timestamp("2012-02-03")


@pytest.mark.parametrize(
    ("old", "new", "kind", "row", "column"),
    [
        ("2,2.0,2.0,5174", "2,1.0,2.0,5174", SchemaError, 5, "event_id"),
        ("2,2.0,2.0,5174", "2,2.0,4.0,5174", SchemaError, 5, "type_of_violence"),
        ("2012-02-03", "2012-01-03", SchemaError, 5, "date_end"),
        ("2012-02-03", "2022-01-03", SchemaError, 5, "date_end"),
        ("2012-02-03", "3 February", SchemaError, 5, "date_end"),
        (",10\n", ",-10\n", SchemaError, 3, "best"),
        (",10\n", ",many\n", SchemaError, 3, "best"),
        (",4.91,", ",491,", SchemaError, 7, "latitude"),
        (",2.0,4.91", ",9.0,4.91", SchemaError, 7, "where_prec"),
        ("where_prec", "precision", SchemaError, 1, "where_prec"),
        ("00:00:00.000,1\n", "", SourceError, 8, None),
    ],
)
def test_a_broken_file_is_one_error_with_the_line_of_the_event(*, file, old, new, kind, row, column):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(kind) as caught:
        read_events(file, last=LAST)
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, row, column)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("name", "events", "deaths", "first"),
    [("ged201-nigeria.csv", 4603, 57_032, "1990-09-25"), ("ged241-sudan.csv", 3822, 106_270, "1989-01-01")],
)
def test_the_real_files_have_their_known_sums(shared_data, name, events, deaths, first):
    table = read_events(shared_data / "ucdp" / name, last=pd.Timestamp("2023-12-31"))
    assert (len(table), table["deaths"].sum(), table["start"].min()) == (events, deaths, pd.Timestamp(first))
