"""Outlines of countries and of a user's regions, and who borders on whom."""

import geopandas as gpd
import made_sources
import pandas as pd
import pytest

from faultline.features.errors import SchemaError, SourceError
from faultline.features.sources import boundaries
from faultline.features.sources.boundaries import country_neighbours, country_outlines, read_outlines, region_at
from faultline.features.sources.state_codes import iso3_by_gwno


@pytest.fixture(scope="module")
def outlines():
    return country_outlines()


@pytest.fixture(scope="module")
def neighbours(outlines):
    countries = pd.DataFrame({"gwno": sorted(iso3_by_gwno())})
    table = country_neighbours(outlines, countries)
    codes = iso3_by_gwno()
    return {iso3: {codes[n] for n in table.loc[table["gwno"] == gwno, "neighbour"]} for gwno, iso3 in codes.items()}


def test_every_outline_has_a_code_of_its_own(outlines):
    assert len(outlines) == 175  # 177 shapes; Northern Cyprus and Somaliland are drawn with their states
    assert outlines["iso3"].is_unique
    assert outlines["iso3"].str.fullmatch("[A-Z]{3}").all()
    assert {"FRA", "NOR", "XKX", "CYP", "SOM"} <= set(outlines["iso3"])
    assert outlines.crs.to_epsg() == 4326
    assert outlines.set_index("iso3").loc["SOM", "name"] == "Somalia"


def test_territories_outside_the_state_system_have_no_number(outlines):
    without = set(outlines.loc[outlines["gwno"].isna(), "iso3"])
    assert {"ESH", "PSE", "GRL", "ATA"} <= without
    assert not without & {"YEM", "CZE", "VNM", "SRB", "XKX", "SSD", "TWN"}


@pytest.mark.parametrize(
    ("iso3", "expected"),
    [
        ("NGA", {"BEN", "NER", "CMR"}),  # Lake Chad parts it from Chad at this scale
        ("MLI", {"DZA", "NER", "BFA", "CIV", "GIN", "SEN", "MRT"}),
        ("SSD", {"SDN", "ETH", "KEN", "UGA", "COD", "CAF"}),
        ("LSO", {"ZAF"}),
        ("CSK", {"DEU", "DDR", "POL", "UKR", "HUN", "AUT"}),
        ("DDR", {"DEU", "POL", "CSK", "CZE"}),
        ("YMD", {"YEM", "SAU", "OMN"}),
        ("JPN", set()),
    ],
)
def test_neighbours_are_those_of_the_map(neighbours, iso3, expected):
    assert neighbours[iso3] == expected


def test_western_sahara_and_the_west_bank_count_to_the_states_that_ucdp_counts_them_to(neighbours):
    assert "MRT" in neighbours["MAR"]
    assert "JOR" in neighbours["ISR"]


def test_neighbourhood_is_mutual(neighbours):
    assert all(a in neighbours[b] for a, others in neighbours.items() for b in others)


def test_a_wheel_without_outlines_is_one_error(monkeypatch, tmp_path):
    monkeypatch.setattr(boundaries, "files", lambda _: tmp_path)
    with pytest.raises(SourceError, match="pyogrio lacks the outlines") as caught:
        country_outlines()
    assert "boundaries file of your own" in str(caught.value)


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg"])
def test_a_users_outlines_are_read_in_degrees(tmp_path, suffix):
    file = tmp_path / f"mine{suffix}"
    squares = gpd.GeoDataFrame.from_features(made_sources.SQUARES, crs=4326)
    squares.to_crs(3857 if suffix == ".gpkg" else 4326).to_file(file)
    regions = read_outlines(file, id_column="adm1_code")
    assert regions["region_id"].tolist()[:2] == ["NGA-1", "NGA-2"]
    assert regions.total_bounds.tolist() == pytest.approx([0, 5, 31, 13])


@pytest.mark.parametrize(
    ("features", "column", "row"),
    [
        (made_sources.SQUARES, "code", None),
        (made_sources.SQUARES[:2] + made_sources.SQUARES[:1], "adm1_code", "feature 3"),
        (
            [{"type": "Feature", "properties": {"adm1_code": None}, "geometry": made_sources.SQUARES[0]["geometry"]}],
            "adm1_code",
            "feature 1",
        ),
        (
            [
                {
                    "type": "Feature",
                    "properties": {"adm1_code": "A"},
                    "geometry": {"type": "Point", "coordinates": [0, 0]},
                }
            ],
            "geometry",
            "feature 1",
        ),
    ],
)
def test_outlines_that_cannot_be_used_are_one_error(tmp_path, features, column, row):
    file = tmp_path / "mine.geojson"
    file.write_text(made_sources.geojson(features), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_outlines(file, id_column="code" if column == "code" else "adm1_code")
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, row, column)


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b'{"type": "FeatureCollection", "fea'])
def test_a_file_that_holds_no_outlines_is_one_error(tmp_path, content):
    file = tmp_path / "mine.geojson"
    file.write_bytes(content)
    with pytest.raises(SourceError):
        read_outlines(file, id_column="code")
    with pytest.raises(SourceError, match="no such file"):
        read_outlines(tmp_path / "yours.geojson", id_column="code")


def test_a_point_is_in_the_region_that_covers_it_and_on_a_border_in_the_first():
    squares = gpd.GeoDataFrame.from_features(made_sources.SQUARES, crs=4326).rename(columns={"adm1_code": "region_id"})
    region = region_at(pd.Series([5.5, 5.5, 0.0, float("nan")]), pd.Series([0.5, 1.0, 0.0, 0.0]), squares)
    assert region.fillna("none").tolist() == ["NGA-1", "NGA-1", "none", "none"]
