"""Outlines of regions from a user's file: which are kept, merged, or refused."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from made_bundled import bundled
from made_release import write_boundaries, write_zones

from faultline.features.errors import ConfigError, DataError, SchemaError
from faultline.features.sources.region_outlines import read_world_regions


@pytest.fixture(scope="module")
def countries() -> pd.DataFrame:
    return bundled().countries


@pytest.fixture
def boundaries(tmp_path: Path) -> Path:
    return write_boundaries(tmp_path / "made.geojson")


def test_slivers_without_a_name_are_left_out_and_counted(boundaries: Path, countries: pd.DataFrame):
    read = read_world_regions(boundaries, countries=countries)
    assert read.table["region_id"].tolist() == ["NER-1", "NER-2", "NGA-1", "NGA-2"]
    assert read.losses["polygons_without_a_name"] == 1


def test_a_country_can_be_dissolved_by_a_column(boundaries: Path, countries: pd.DataFrame):
    read = read_world_regions(boundaries, countries=countries, dissolve={"NER": "region"})
    assert read.table["region_id"].tolist() == ["NER-North", "NGA-1", "NGA-2"]
    assert read.table.to_crs(6933).area.iloc[0] / 1e6 == pytest.approx(2 * 111.2 * 110.6, rel=0.01)
    assert read.merged == {"NER-1": "NER-North", "NER-2": "NER-North"}
    everywhere = read_world_regions(boundaries, countries=countries, dissolve={"*": "region"})
    assert everywhere.table["region_id"].tolist() == ["NER-North", "NGA-1", "NGA-2"]  # others have no value there


def test_a_geopackage_with_other_names_and_another_projection_is_read(boundaries: Path, countries: pd.DataFrame):
    renamed = {"adm1_code": "GID_1", "name": "NAME_1", "adm0_a3": "GID_0"}
    shapes = gpd.read_file(boundaries).rename(columns=renamed).to_crs(3857)
    file = boundaries.with_name("other.gpkg")
    shapes.to_file(file, driver="GPKG")
    table = read_world_regions(file, countries=countries).table
    assert table["gwno"].tolist() == [436, 436, 475, 475]
    assert table.total_bounds.round(6).tolist() == [0, 0, 2, 2]


def test_the_id_column_can_be_named(boundaries: Path, countries: pd.DataFrame):
    file = boundaries.with_name("own.geojson")
    gpd.read_file(boundaries).rename(columns={"adm1_code": "kode"}).to_file(file)
    with pytest.raises(SchemaError, match="--id-column"):
        read_world_regions(file, countries=countries)
    assert len(read_world_regions(file, countries=countries, id_column="kode").table) == 4


def test_polygons_with_nothing_but_a_code_are_placed_in_states(tmp_path: Path, countries: pd.DataFrame):
    file = tmp_path / "codes.gpkg"
    places = {"a": (-4, 14), "b": (-3.1, 14.4), "c": (9.4, 4.4), "sea": (-30, 0)}  # Mali, Mali, off Cameroon's coast
    squares = [shapely.box(x, y, x + 0.1, y + 0.1) for x, y in places.values()]
    gpd.GeoDataFrame({"code": list(places)}, geometry=squares, crs=4326).to_file(file, driver="GPKG")
    read = read_world_regions(file, countries=countries, id_column="code")
    assert read.table.set_index("name")["iso3"].to_dict() == {"a": "MLI", "b": "MLI", "c": "CMR"}
    assert read.losses["polygons_outside_the_state_system"] == 1


def test_a_polygon_across_a_border_is_the_state_s_with_most_of_it_and_says_the_other(
    tmp_path: Path, countries: pd.DataFrame
):
    read = read_world_regions(write_zones(tmp_path / "zones.geojson"), countries=countries, id_column="code")
    told = read.table.set_index("region_id")[["gwno", "also_in"]].T.to_dict("list")
    assert told == {"south": [475, ""], "zone": [436, "475"]}
    merged = read_world_regions(
        write_zones(tmp_path / "zones.geojson"), countries=countries, id_column="code", dissolve={"NER": "name"}
    )
    assert merged.table.set_index("region_id")["also_in"].to_dict() == {"NER-Across-the-border": "475", "south": ""}


def test_no_region_of_one_country_is_taken_for_one_across_borders(
    shared_data: Path, tmp_path: Path, countries: pd.DataFrame
):
    named = gpd.read_file(shared_data / "boundaries" / "africa-admin1-naturalearth.geojson")
    named = named[named["adm0_a3"].isin(["MLI", "NER", "BFA", "NGA", "MWI", "UGA"])]
    unnamed = named[["adm1_code", "name", "geometry"]]
    unnamed.to_file(tmp_path / "unnamed.gpkg", driver="GPKG")
    read = read_world_regions(tmp_path / "unnamed.gpkg", countries=countries).table
    assert (read["also_in"] == "").all()


def test_what_cannot_be_done_is_said(boundaries: Path, countries: pd.DataFrame):
    with pytest.raises(ConfigError, match="no region 'Oceania' of the world"):
        read_world_regions(boundaries, countries=countries, world_region="Oceania")
    with pytest.raises(SchemaError, match="no polygon of the file lies in"):
        read_world_regions(boundaries, countries=countries, world_region="Americas")
    with pytest.raises(SchemaError, match="no such column to dissolve by"):
        read_world_regions(boundaries, countries=countries, dissolve={"NER": "province"})
    with pytest.raises(ConfigError, match="no regions of 'BFA'"):
        read_world_regions(boundaries, countries=countries, dissolve={"BFA": "region"})
    for file in (boundaries.with_name("none.geojson"), Path(__file__)):
        with pytest.raises(DataError, match="cannot read the outlines"):
            read_world_regions(file, countries=countries)
