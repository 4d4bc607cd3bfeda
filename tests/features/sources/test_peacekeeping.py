"""UN bases: maps of one month, years, states of the time, and broken files."""

import made_sources
import pandas as pd
import pytest

from faultline.features.errors import SchemaError, SourceError
from faultline.features.sources.admin1_units import read_admin1_outlines, read_admin1_units
from faultline.features.sources.peacekeeping import COUNTRY_GWNO, read_un_bases
from faultline.features.sources.ucdp import read_countries

LAST = pd.Timestamp("2026-05-31")
MONTHLY, YEARLY = "deployments/geopko-2.1-monthly.csv", "deployments/geopko-2.3-yearly.csv"


@pytest.fixture
def world(tmp_path):
    return made_sources.write_world(tmp_path)


def read(world):
    return read_un_bases(
        world / MONTHLY,
        world / YEARLY,
        countries=read_countries(world / "ucdp" / "states.yaml"),
        outlines=read_admin1_outlines(world / "boundaries" / "africa-admin1-naturalearth.geojson", read_admin1_units())[
            0
        ],
        last=LAST,
    )


def test_a_place_on_several_maps_of_a_month_counts_once_with_its_largest_number(world):
    bases = read(world).un_bases
    here = bases[bases["mission"] == "UNMIS"].set_index("location")
    assert here["troops"].to_dict() == {"Juba": 450, "unnamed": 0, "unnamed (2)": 150}
    assert here["region_id"].to_dict() == {"Juba": "SS-UY", "unnamed": "SD-KH", "unnamed (2)": "SD-KH"}
    assert (here["known_on"] == "2010-06-30").all()


def test_since_2021_the_largest_number_of_the_year_stands_at_december(world):
    bases = read(world).un_bases
    here = bases[bases["mission"] == "UNMISS"]
    assert len(here) == 1  # 2020 is the monthly file's
    assert (here["month"].item(), here["troops"].item()) == (pd.Timestamp("2022-12-01"), 1200)


def test_a_base_is_in_the_state_of_its_month(world):
    bases = read(world).un_bases
    assert bases.loc[bases["mission"] == "UNMIK", "gwno"].item() == 345  # Kosovo in December 2007


def test_what_is_unknown_or_repeated_is_counted(world):
    assert read(world).losses == {
        "rows_with_unknown_troops": 2,
        "rows_without_coordinates": 0,
        "rows_that_repeat_a_place": 3,
        "rows_of_years_that_the_monthly_file_covers": 1,
    }


@pytest.mark.parametrize(
    ("name", "old", "new", "kind", "row", "column"),
    [
        (MONTHLY, "30.5,300", "30.5,-3", SchemaError, 2, "troops"),
        (MONTHLY, "30.5,300", "30.5,many", SchemaError, 2, "troops"),
        (MONTHLY, "Kosovo", "Atlantis", SchemaError, 6, "country"),
        (MONTHLY, "UNMIK,2007", "UNMIK,2021", SchemaError, 6, "year, month"),
        (MONTHLY, "42.7", "142.7", SchemaError, 6, "latitude"),
        (MONTHLY, "no.troops", "troops", SchemaError, 1, "no.troops"),
        (MONTHLY, ",21.2,0\n", "", SourceError, 6, None),
        (YEARLY, "UNMISS,2022,South Sudan,Juba,11.5,30.5,1200", ",2022,Sudan,Juba,1,3,1200", SchemaError, 4, "mission"),
        (YEARLY, "UNMISS,2020", "UNMISS,2027", SchemaError, 2, "year"),
    ],
)
def test_a_broken_file_is_one_error(*, world, name, old, new, kind, row, column):
    file = world / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(kind) as caught:
        read(world)
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, row, column)
    assert caught.value.remedy


def test_the_names_of_countries_mean_what_the_real_file_says(shared_data):
    raw = pd.read_csv(shared_data / MONTHLY, usecols=["country", "gnwo"], dtype=str).drop_duplicates()
    for country, gwno in raw.itertuples(index=False, name=None):
        assert str(COUNTRY_GWNO[country]) in gwno.split(",")


def test_the_real_files_have_their_known_sums(shared_data):
    bases = read(shared_data)
    table = bases.un_bases
    assert bases.losses["rows_with_unknown_troops"] == 502 + 4
    assert (table["month"].min(), table["month"].max()) == (pd.Timestamp("1994-01-01"), pd.Timestamp("2024-12-01"))
    mali = table[(table["mission"] == "MINUSMA") & (table["month"] == "2022-12-01")]
    assert (len(mali), mali["troops"].sum()) == (12, 18_520)
    # Ménaka has no outline of its own: its base stands in Gao's
    assert set(mali["region_id"].dropna()) >= {"ML-5", "ML-6", "ML-7", "ML-8"}
