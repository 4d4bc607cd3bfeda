"""Names of regions: one place is one region, outlines go to the region that names them, faults are one error."""

import made_sources
import pytest

from faultline.features.errors import SchemaError, SourceError
from faultline.features.sources.admin1_units import UNITS_FILE, read_admin1_outlines, read_admin1_units
from faultline.features.sources.deployments import natural_earth_regions

OUTLINES = "boundaries/africa-admin1-naturalearth.geojson"


@pytest.fixture(scope="module")
def units():
    return read_admin1_units()


def region(units, iso3, name):
    return units.set_index(["ucdp_iso3", "ucdp_adm_1"]).loc[(iso3, name), "region_id"]


def test_spellings_and_new_names_of_a_place_are_one_region(units):
    assert region(units, "SDN", "Northern Darfur state") == region(units, "SDN", "North Darfur state") == "SD-DN"
    assert region(units, "CAF", "Ouaka province") == region(units, "CAF", "Ouaka prefecture") == "CF-UK"
    assert region(units, "BFA", "Soum region") == region(units, "BFA", "Sahel region") == "BF-12"
    assert region(units, "PHL", "Compostela Valley province") == region(units, "PHL", "Davao de Oro province")
    assert region(units, "YEM", "Ta'izz governorate") == region(units, "YEM", "Taiz governorate")


def test_what_lies_in_south_sudan_today_belongs_to_it(units):
    there = units[(units["ucdp_iso3"] == "SDN") & (units["iso3"] == "SSD")]
    assert set(there["gwno"]) == {626}
    assert region(units, "SDN", "Unity state") == region(units, "SSD", "Unity state")


def test_replaced_regions_are_none_and_the_sahel_is_whole(units):
    assert region(units, "COD", "Orientale province") == ""
    sahel = units[units["iso3"].isin(["MLI", "BFA", "NER"])].drop_duplicates("region_id")
    assert sahel.groupby("iso3").size().to_dict() == {"BFA": 13, "MLI": 10, "NER": 8}
    assert sahel.set_index("name").loc[["Zinder", "Plateau-Central"], "region_id"].tolist() == ["NE-7", "BF-11"]
    assert sahel.set_index("name").loc["Mopti", "p_code"] == "ML05"


def test_every_region_has_one_code_and_codes_of_our_own_stand_only_where_iso_has_none(units):
    regions = units[units["region_id"] != ""].drop_duplicates("region_id")
    own = regions[regions["iso_3166_2"] == ""]
    assert (
        regions["iso_3166_2"].where(regions["iso_3166_2"] != "", regions["region_id"]) == regions["region_id"]
    ).all()
    assert own["region_id"].str.match(r"[A-Z]{3}-[a-z]").all()
    assert len(own) < 20
    assert units["ucdp_iso3"].nunique() == 55


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("BF-12,Sahel,439,BFA,BF-12,BF56,Sahel\n", "BF-12,Other,439,BFA,BF-12,BF56,Sahel\n", "name"),
        ("MLI,Mopti region,ML-5", "MLI,Mopti region,mopti!", "region_id"),
        ("MLI,Kayes region,", "MLI,Mopti region,", "ucdp_iso3, ucdp_adm_1"),
        ("MLI,Mopti region,ML-5,Mopti,432", "MLI,Mopti region,ML-5,Mopti,many", "gwno"),
    ],
)
def test_a_fault_is_one_error_with_its_line(tmp_path, old, new, column):
    file, text = tmp_path / "units.csv", UNITS_FILE.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_admin1_units(file)
    assert (caught.value.file, caught.value.column) == (file, column)
    assert caught.value.row is not None


def test_outlines_are_those_that_regions_name_and_slivers_are_left_out(tmp_path, units):
    file = made_sources.write_world(tmp_path) / OUTLINES
    outlines, region_of = read_admin1_outlines(file, units)
    assert outlines["region_id"].tolist() == ["NG-LA", "NG-OG", "SD-KH", "SS-UY"]
    assert outlines["gwno"].tolist() == [475, 475, 625, 626]
    assert region_of == {"NGA-1": "NG-LA", "NGA-2": "NG-OG", "SDN-1": "SD-KH", "SDS-1": "SS-UY"}
    assert outlines["boundary_version"].str.match(r"naturalearth-10m-admin1-[0-9a-f]{8}$").all()


@pytest.mark.parametrize(
    ("content", "kind", "column"),
    [
        ("", SourceError, None),
        ('{"type": "FeatureCollection", "features": [{"type": "Fea', SourceError, None),
        (made_sources.SQUARES[:1] * 2, SchemaError, "adm1_code"),
    ],
)
def test_a_broken_boundary_file_is_one_error(tmp_path, content, kind, column):
    file = made_sources.write_world(tmp_path) / OUTLINES
    if isinstance(content, list):
        content = made_sources.geojson(content)
    file.write_text(content, encoding="utf-8")
    with pytest.raises(kind) as caught:
        read_admin1_outlines(file, read_admin1_units())
    assert (caught.value.file, caught.value.column) == (file, column)


@pytest.mark.parametrize("column", ["adm1_code", "adm0_a3", "region", "name"])
def test_a_boundary_file_without_a_column_is_one_error(tmp_path, column):
    file = made_sources.write_world(tmp_path) / OUTLINES
    file.write_text(file.read_text(encoding="utf-8").replace(f'"{column}"', '"other"'), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_admin1_outlines(file, read_admin1_units())
    assert (caught.value.file, caught.value.column) == (file, column)


def test_the_real_provinces_of_burkina_faso_are_its_regions_and_menaka_has_no_outline_of_its_own(shared_data, units):
    outlines, region_of = read_admin1_outlines(shared_data / OUTLINES, units)
    assert outlines["region_id"].str.startswith("BF-").sum() == 13
    assert region_of["BFA-2806"] == "BF-12"  # Soum
    assert region_of["MLI-2690"] == "ML-7"
    assert "ML-9" not in set(outlines["region_id"])
    assert natural_earth_regions() == region_of  # what the package carries is what the outlines say
