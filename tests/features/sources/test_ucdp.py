"""UCDP by country: a made world, the real files' known sums, and broken files."""

import made_sources
import pandas as pd
import pytest

from faultline.features.errors import SchemaError, SourceError
from faultline.features.sources.boundaries import country_outlines
from faultline.features.sources.ucdp import read_countries, read_country_month, read_release


@pytest.fixture
def ucdp(tmp_path):
    return made_sources.write_world(tmp_path) / "ucdp"


@pytest.fixture
def release(ucdp):
    return read_release(ucdp / "meta.yaml")


def test_states_since_1989_with_the_month_in_which_they_came_or_went(ucdp, release):
    countries = read_countries(ucdp / "states.yaml", outlines=country_outlines(), release=release).set_index("gwno")
    assert countries.index.tolist() == [2, 265, 340, 345, 347, 436, 475, 501, 625, 626]
    assert countries.loc[265, "last_month"] == pd.Timestamp("1990-10-01")
    assert countries.loc[626, "first_month"] == pd.Timestamp("2011-07-01")
    assert countries.loc[345, "last_month"] == pd.Timestamp("2006-12-01")
    assert countries.loc[340, "first_month"] == pd.Timestamp("2007-01-01")
    assert countries["last_month"].isna().sum() == 8  # all but East Germany and Yugoslavia
    assert countries["lat"][475] == pytest.approx(9, abs=3)
    assert countries["lon"][475] == pytest.approx(8, abs=3)
    assert countries["lat"].isna()[265]


def test_country_month_is_long_without_empty_types(ucdp, release):
    table = read_country_month(ucdp / "country-month.csv", release=release)
    assert len(table) == 7
    march = table[(table["gwno"] == 475) & (table["month"] == "2015-03-01")].set_index("violence_type")
    assert march["deaths"].to_dict() == {"ns": 3, "os": 20, "sb": 100}
    assert (march["known_on"] == "2015-03-31").all()
    assert table.loc[table["provisional"], "month"].tolist() == [pd.Timestamp("2026-01-01")]


def spoil(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "kind", "row", "column"),
    [
        ("475,2015,4,2,5", "475,2015,4,2,-5", SchemaError, 4, "sb_deaths"),
        ("475,2015,4,2,5", "475,2015,4,2,5.5", SchemaError, 4, "sb_deaths"),
        ("475,2015,4,2,5", "475,2015,4,0,5", SchemaError, 4, "sb_deaths"),
        ("475,2015,4,2,5", "1475,2015,4,2,5", SchemaError, 4, "gwno"),
        ("475,2015,4", "475,2015,13", SchemaError, 4, "month"),
        ("475,2026,1,", "475,2026,6,", SchemaError, 5, "year, month"),
        ("475,2015,4", "475,2015,3", SchemaError, 4, "gwno, month"),
        (",0,0,0,0,1\n", ",0,0,0,0,\n", SchemaError, 5, "provisional"),
        (",0,0,0,0,1\n", ",0,0", SourceError, 5, None),
        ("475,2026,1,1,7,0,0,0,0,1\n", "", SourceError, 4, None),
        ("sb_deaths", "sb_dead", SchemaError, 1, "sb_deaths"),
    ],
)
def test_a_broken_country_month_is_one_error(*, ucdp, release, old, new, kind, row, column):
    file = ucdp / "country-month.csv"
    spoil(file, old, new)
    with pytest.raises(kind) as caught:
        read_country_month(file, release=release)
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, row, column)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("old", "new", "kind", "row", "column"),
    [
        ("gwno: 436", "gwno: 998", SchemaError, "gwno 998", "gwno"),
        ("from: 1956", "from: soon", SchemaError, "gwno 625", "system"),
        ("to: 1990", "to: 1940", SchemaError, "gwno 265", "system"),
        ("name: Niger\n", "nom: Niger\n", SchemaError, "gwno 436", "name"),
    ],
)
def test_a_broken_registry_of_states_is_one_error(*, ucdp, old, new, kind, row, column):
    spoil(ucdp / "states.yaml", old, new)
    with pytest.raises(kind) as caught:
        read_countries(ucdp / "states.yaml")
    assert (caught.value.row, caught.value.column) == (row, column)


def test_a_release_with_a_broken_date_is_refused(ucdp):
    spoil(ucdp / "meta.yaml", "2026-05-31", "31 May 2026")
    with pytest.raises(SchemaError) as caught:
        read_release(ucdp / "meta.yaml")
    assert caught.value.column == "data_through"


def test_the_real_release_keeps_every_death_of_the_file(shared_data):
    folder = shared_data / "ucdp"
    release = read_release(folder / "meta.yaml")
    table = read_country_month(folder / "country-month.csv", release=release)
    raw = pd.read_csv(folder / "country-month.csv")
    for kind in ("sb", "ns", "os"):
        rows = table[table["violence_type"] == kind]
        assert rows["deaths"].sum() == raw[f"{kind}_deaths"].sum()
        assert rows["events"].sum() == raw[f"{kind}_events"].sum()
    assert table["deaths"].sum() == 4_346_835
    assert (release.version, release.data_through) == ("26.1", pd.Timestamp("2026-05-31"))


def test_in_every_month_the_real_states_have_codes_of_their_own_and_their_events_are_in_their_time(shared_data):
    folder = shared_data / "ucdp"
    release = read_release(folder / "meta.yaml")
    countries = read_countries(folder / "states.yaml", outlines=country_outlines(), release=release)
    assert len(countries) == 201
    last = countries["last_month"].fillna(pd.Timestamp("2026-05-01"))
    for month in pd.date_range("1989-01-01", "2026-05-01", freq="MS"):
        here = countries[(countries["first_month"] <= month) & (last >= month)]
        assert here["iso3"].is_unique
    events = read_country_month(folder / "country-month.csv", release=release).merge(countries, on="gwno", how="left")
    assert (events["month"] >= events["first_month"]).all()
    assert (events["month"] <= events["last_month"].fillna(pd.Timestamp("2026-05-01"))).all()
