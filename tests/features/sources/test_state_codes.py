"""Codes of states, by cases that are often got wrong."""

import pandas as pd
import pytest

from faultline.features.sources.state_codes import cow_to_gwno, gwno_by_iso3, iso3_by_gwno, state_at


@pytest.mark.parametrize(
    ("gwno", "iso3"),
    [
        (260, "DEU"),
        (265, "DDR"),
        (315, "CSK"),
        (316, "CZE"),
        (340, "SRB"),
        (345, "YUG"),
        (347, "XKX"),
        (365, "RUS"),
        (437, "CIV"),
        (490, "COD"),
        (626, "SSD"),
        (678, "YEM"),
        (680, "YMD"),
        (713, "TWN"),
        (816, "VNM"),
        (860, "TLS"),
    ],
)
def test_iso_codes_of_awkward_states(gwno, iso3):
    assert iso3_by_gwno()[gwno] == iso3
    assert gwno_by_iso3()[iso3] == gwno


def test_no_two_states_share_an_iso_code():
    codes = list(iso3_by_gwno().values())
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("cow", "day", "gwno"),
    [
        (255, "1995-01-01", 260),
        (679, "1995-01-01", 678),
        (345, "2006-12-31", 345),
        (345, "2007-01-01", 340),
        (970, "2000-01-01", 971),
        (475, "2000-01-01", 475),
    ],
)
def test_correlates_of_war_numbers(cow, day, gwno):
    assert cow_to_gwno(cow, pd.Timestamp(day)) == gwno


def test_a_place_belongs_to_its_predecessor_before_its_state_existed():
    first = {340: "2007-01-01", 345: "1946-01-01", 347: "2008-02-01", 436: "1960-01-01"}
    countries = pd.DataFrame({"gwno": list(first), "first_month": pd.to_datetime(list(first.values()))})
    month = pd.Series(pd.to_datetime(["2007-12-01", "2008-02-01", "1950-01-01"]))
    assert state_at(pd.Series([347, 347, 436]), month, countries).tolist() == [345, 347, 436]
