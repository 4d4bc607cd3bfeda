"""Coups: codes, the mended date, and broken files."""

import made_sources
import pandas as pd
import pytest

from faultline.features.errors import SchemaError, SourceError
from faultline.features.sources.coups import read_coups

NAME = "transitions/powell-thyne-coups-2023.09.08.tsv"


@pytest.fixture
def file(tmp_path):
    return made_sources.write_world(tmp_path) / NAME


def test_codes_are_gleditsch_and_wards_and_the_mended_date_is_on_record(file):
    coups = read_coups(file).coups
    assert coups["gwno"].tolist() == [436, 436, 678]
    assert coups["date"].dt.strftime("%Y-%m-%d").tolist() == ["2021-03-31", "2023-07-26", "1995-01-09"]
    assert coups["successful"].tolist() == [False, True, False]
    assert (coups["known_on"] == coups["date"]).all()
    mended = coups["source"] == "Powell & Thyne 2023-09-08; the list has 2023-06-26"
    assert mended.tolist() == [False, True, False]


def test_the_lists_own_gleditsch_and_ward_number_comes_first(file):
    file.write_text(made_sources.COUPS.replace("\t679\t\t", "\t679\t680\t"), encoding="utf-8")
    assert read_coups(file).coups["gwno"].tolist() == [436, 436, 680]


@pytest.mark.parametrize(
    ("old", "new", "kind", "row", "column"),
    [
        ("1995\t1\t9\t1", "1995\t1\t9\t3", SchemaError, 4, "coup"),
        ("1995\t1\t9\t1", "1995\t2\t30\t1", SchemaError, 4, "year, month, day"),
        ("1995\t1\t9\t1", "2023\t9\t9\t1", SchemaError, 4, "year, month, day"),
        ("679", "one", SchemaError, 4, "ccode"),
        ('"Niger"\t436\t\t\t2023\t6\t26', '"Niger"\t436\t\t\t2021\t3\t31', SchemaError, 3, "gwno, date"),
        ('9\t1\t"V2023.09.08"', '9\t1\t"V2022.09.08"', SchemaError, 4, "version"),
        ("V2023.09.08", "latest", SourceError, 2, "version"),
        ("ccode_gw", "gwcode", SchemaError, 1, "ccode_gw"),
        ('9\t1\t"V2023.09.08"\n', "9", SourceError, 4, None),
    ],
)
def test_a_broken_list_is_one_error(*, file, old, new, kind, row, column):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(kind) as caught:
        read_coups(file)
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, row, column)
    assert caught.value.remedy


def test_the_real_list_has_its_known_sums(shared_data):
    coups = read_coups(shared_data / NAME)
    assert len(coups.coups) == 491
    assert coups.coups["successful"].sum() == 245
    assert coups.data_through == pd.Timestamp("2023-09-08")
    niger = coups.coups[(coups.coups["gwno"] == 436) & (coups.coups["date"] >= "2023-01-01")]
    assert niger["date"].tolist() == [pd.Timestamp("2023-07-26")]
    mali = coups.coups[(coups.coups["gwno"] == 432) & (coups.coups["date"] >= "2012-01-01")]
    assert mali["date"].dt.strftime("%Y-%m-%d").tolist() == ["2012-03-22", "2012-05-01", "2020-08-18", "2021-05-24"]
