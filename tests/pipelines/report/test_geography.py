"""Shapes as the maps want them."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from faultline.features.errors import ConfigError, SourceError
from faultline.pipelines.report.geography import frame_of, in_view, outline_features, region_features, shapes_of


def test_outer_rings_run_clockwise_whatever_they_were():
    square = shapely.box(0, 0, 10, 10)
    outlines = gpd.GeoDataFrame({"iso3": ["AAA", "BBB"]}, geometry=[square, shapely.reverse(square)], crs=4326)
    rings = [shapely.LinearRing(f["geometry"]["coordinates"][0]) for f in outline_features(outlines)]
    assert [shapely.is_ccw(ring) for ring in rings] == [False, False]


def test_antarctica_is_not_drawn():
    outlines = gpd.GeoDataFrame({"iso3": ["ATA"]}, geometry=[shapely.box(0, -90, 10, -70)], crs=4326)
    assert outline_features(outlines) == []


def test_a_frame_holds_outlines_and_points():
    frame, (lon, lat) = frame_of([shapely.box(0, 0, 4, 4)], pd.DataFrame({"lon": [8.0], "lat": [2.0]}))
    assert shapely.geometry.shape(frame["geometry"]).envelope.covers(shapely.box(0, 0, 8, 4))
    assert (lon, lat) == pytest.approx((4, 2), abs=0.1)


def test_only_countries_near_the_frame_come_into_view():
    frame, _ = frame_of([shapely.box(0, 0, 10, 10)], pd.DataFrame({"lon": [], "lat": []}))
    boxes = [shapely.box(0, 0, 10, 10), shapely.box(12, 0, 20, 10), shapely.box(60, 0, 70, 10)]
    outlines = gpd.GeoDataFrame({"iso3": ["AAA", "BBB", "CCC"]}, geometry=boxes, crs=4326)
    assert in_view(frame, shapes_of(outline_features(outlines), "iso3")) == ["AAA", "BBB"]


def test_the_column_with_the_regions_codes_is_found(tmp_path):
    file = tmp_path / "regions.geojson"
    table = gpd.GeoDataFrame(
        {"name": ["x", "y"], "code": ["R-1", "R-2"]},
        geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
        crs=4326,
    )
    table.to_file(file)
    assert [feature["key"] for feature in region_features(file, ["R-2"])] == ["R-2"]


def test_bundled_regions_are_drawn_by_the_outlines_of_natural_earth_that_they_name(tmp_path):
    file = tmp_path / "ne.geojson"
    squares = [shapely.box(i, 0, i + 1, 1) for i in range(4)]
    gpd.GeoDataFrame(
        {
            "adm1_code": ["MLI-1", "BFA-1", "BFA-2", "MLI+99?"],
            "adm0_a3": ["MLI", "BFA", "BFA", "MLI"],
            "name": ["Mopti", "Soum", "Oudalan", "Kidal"],
            "region": [None, "Sahel", "Sahel", None],  # of Burkina Faso's provinces two are in the region Sahel
            "iso_3166_2": ["ML-4", "BF-SOM", "BF-OUD", "ML-8"],  # another numbering than the bundled one
        },
        geometry=squares,
        crs=4326,
    ).to_file(file)
    features = {
        f["key"]: shapely.geometry.shape(f["geometry"]) for f in region_features(file, ["ML-5", "BF-12", "ML-9"])
    }
    assert set(features) == {"ML-5", "BF-12"}
    assert features["BF-12"].bounds == (1, 0, 3, 1)


def test_boundaries_of_other_regions_are_refused(tmp_path):
    file = tmp_path / "regions.geojson"
    gpd.GeoDataFrame({"code": ["R-1"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326).to_file(file)
    with pytest.raises(ConfigError, match="no column holds the codes of the scored regions"):
        region_features(file, ["S-1"])


def test_boundaries_that_cannot_be_read_are_named(tmp_path):
    file = tmp_path / "regions.geojson"
    file.write_text("nothing", encoding="utf-8")
    with pytest.raises(SourceError, match=r"regions\.geojson"):
        region_features(file, ["S-1"])
