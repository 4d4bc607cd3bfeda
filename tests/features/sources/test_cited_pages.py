"""Which pages cannot show the fact that cites them."""

import pandas as pd
import pytest

from faultline.features.errors import SchemaError
from faultline.features.sources.cited_pages import page_day, refuse_pages_that_cannot_show


def rows(page, *, second="", confidence="high"):
    return pd.DataFrame({"source_url": [page], "second_source": [second], "confidence": [confidence]}, index=[7])


def check(raw, tmp_path, *, when="2022-11-09", known="2022-11-09", precision="day"):
    date, told = (pd.Series(pd.to_datetime([day]), raw.index) for day in (when, known))
    refuse_pages_that_cannot_show(raw, date, told, pd.Series([precision], raw.index), tmp_path / "mine.csv")


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://koaci.com/article/2021/10/12/mali/kidal_154609.html", "2021-10-12"),
        ("https://fr.sputniknews.africa/20221108/macron-1056756009.html", "2022-11-08"),
        ("https://pouvoirsafrique.com/2021/4/1/tchad", "2021-04-01"),
        ("https://undocs.org/S/RES/2149(2014)", None),
        ("https://example.org/2021/02/30/no-such-day", None),
        ("https://example.org/id/120221108", None),
        ("https://www.reuters.com/article/idUSL5N0EI21I20130606", "2013-06-06"),
    ],
)
def test_an_address_may_tell_the_day_of_its_page(address, day):
    assert page_day(address) == (None if day is None else pd.Timestamp(day))


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("https://www.sanctionsmap.eu/", "the root of a site"),
        ("https://www.sanctionsmap.eu", "the root of a site"),
        ("https://peacekeeping.un.org/en/troop-and-police-contributors", "a list of pages"),
        ("https://example.blogspot.com/search?max-results=7", "a list of pages"),
    ],
)
@pytest.mark.parametrize("column", ["source_url", "second_source"])
def test_roots_and_lists_are_refused_with_line_and_column(page, problem, column, tmp_path):
    raw = rows("https://example.org/a").assign(**{column: page, "confidence": "low"})
    with pytest.raises(SchemaError, match=problem) as refused:
        check(raw, tmp_path)
    assert "row 7" in str(refused.value)
    assert column in str(refused.value)


def test_high_confidence_wants_a_page_that_is_no_older_than_the_fact(tmp_path):
    older = "https://example.org/20221108/told-for-the-next-day"
    with pytest.raises(SchemaError, match="older than the fact"):
        check(rows(older), tmp_path)
    check(rows(older, confidence="medium"), tmp_path)
    check(rows(older, second="https://example.org/later"), tmp_path)
    check(rows("https://example.org/?p=1"), tmp_path)


def test_a_page_of_the_same_month_or_of_the_day_it_was_known_may_show_the_fact(tmp_path):
    page = "https://example.org/2022/11/08/told"
    check(rows(page), tmp_path, when="2022-11-30", known="2022-11-30", precision="month")
    check(rows(page), tmp_path, when="2022-12-31", known="2022-12-31", precision="year")
    check(rows(page), tmp_path, when="2023-01-29", known="2022-11-08")
    with pytest.raises(SchemaError, match="older than the fact"):
        check(rows(page), tmp_path, when="2022-12-31", known="2022-12-31", precision="month")
