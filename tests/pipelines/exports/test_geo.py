"""GeoJSON and GeoPackage: valid, in place, and the same keys and values as the flat table."""

import json

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from made_scores import made_later

from faultline.features.errors import ConfigError, SourceError
from faultline.features.tables.snapshot import BUNDLED, load_table, read_provenance
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.exports.build import ExportOptions, export_issue
from faultline.pipelines.issue.opening import OpenedIssue
from faultline.pipelines.issue.scores_csv import read_scores_csv

QUIET = Progress.on_stderr(quiet=True)


@pytest.fixture(scope="module")
def boundaries(tmp_path_factory):
    """A square for one region, drawn clockwise, the wrong way round for RFC 7946."""
    file = tmp_path_factory.mktemp("boundaries") / "regions.geojson"
    square = shapely.Polygon([(12, 11), (12, 13), (14, 13), (14, 11)])
    gpd.GeoDataFrame({"code": ["NG-BO"]}, geometry=[square], crs=4326).to_file(file, driver="GeoJSON")
    return file


@pytest.fixture(scope="module")
def drawn(issue, snapshot, boundaries, tmp_path_factory):
    options = ExportOptions(boundaries=boundaries)
    return export_issue(
        issue, snapshot, tmp_path_factory.mktemp("drawn"), QUIET, formats=("geojson", "gpkg"), options=options
    )


def collection(folder, name):
    return json.loads((folder / "geojson" / f"{name}.geojson").read_text(encoding="utf-8"))


def test_geojson_keeps_rfc_7946(exported, drawn):
    for folder in (exported, drawn):
        for file in (folder / "geojson").glob("*.geojson"):
            whole = json.loads(file.read_text(encoding="utf-8"))
            assert whole["type"] == "FeatureCollection"
            assert "crs" not in whole
            ids = [feature["id"] for feature in whole["features"]]
            assert len(set(ids)) == len(ids) > 0
            for feature in whole["features"]:
                assert set(feature) == {"type", "id", "properties", "geometry"}
                shape = shapely.geometry.shape(feature["geometry"])
                west, south, east, north = shape.bounds
                assert -180 <= west <= east <= 180
                assert -90 <= south <= north <= 90
                for part in getattr(shape, "geoms", [shape]):
                    assert part.geom_type == "Point" or part.exterior.is_ccw


def test_geojson_carries_the_flat_tables_keys_and_values(exported, scores):
    whole = collection(exported, "country_violence_25")
    wanted = scores[(scores["admin_level"] == 0) & (scores["target"] == "violence_25")]
    assert [list(feature["properties"]) for feature in whole["features"]] == [list(scores.columns)] * len(wanted)
    back = pd.DataFrame([feature["properties"] for feature in whole["features"]])
    assert back["probability"].tolist() == pytest.approx(wanted["probability"].tolist())
    assert back["reference_period_end"].tolist() == wanted["reference_period_end"].dt.strftime("%Y-%m-%d").tolist()
    assert back["location_name"].tolist() == wanted["location_name"].tolist()
    assert back["mean_deaths"].isna().all()
    assert whole["metadata"]["licence"] == "CC-BY-4.0"
    assert whole["metadata"]["columns"]["probability"]["unit"] == "probability, 0 to 1"
    assert whole["features"][0]["id"] == "MLI|violence_25|1"


def test_a_unit_stands_at_its_centre(exported):
    regions = load_table(BUNDLED, "regions", read_provenance(BUNDLED)["regions"]).set_index("region_id")
    feature = next(f for f in collection(exported, "region_violence_1")["features"] if f["id"].startswith("NG-BO"))
    borno = regions.loc["NG-BO"]
    assert feature["geometry"]["coordinates"] == pytest.approx([borno["lon"], borno["lat"]], abs=1e-5)


def test_with_boundaries_polygons_are_drawn_and_the_rest_stay_points(drawn):
    kinds = {f["id"].split("|")[0]: f["geometry"]["type"] for f in collection(drawn, "region_violence_1")["features"]}
    assert kinds == {"NG-BO": "Polygon", "NG-YO": "Point"}
    countries = collection(drawn, "country_violence_1")["features"]
    assert {f["geometry"]["type"] for f in countries} <= {"Polygon", "MultiPolygon"}


def test_gdal_reads_the_geojson(exported):
    for file in (exported / "geojson").glob("*.geojson"):
        info = pyogrio.read_info(file)
        assert info["features"] > 0
        assert info["crs"] == "EPSG:4326"


def test_the_geopackage_reads_back(exported, drawn, scores):
    layers = dict(pyogrio.list_layers(exported / "scores.gpkg").tolist())
    assert set(layers.values()) == {"Point"}
    assert {"country_violence_25", "country_deaths", "region_violence_1"} <= set(layers)
    back = pd.concat(pyogrio.read_dataframe(exported / "scores.gpkg", layer=name) for name in layers)
    assert len(back) == len(scores)
    key = ["admin_level", "target", "horizon_months", "gwno", "admin1_code"]
    ordered = [table.assign(admin1_code=table["admin1_code"].fillna("")) for table in (back, scores)]
    left, right = (table.sort_values(key, ignore_index=True) for table in ordered)
    for name in ("location_name", "top_drivers", "warning"):
        assert left[name].fillna("").tolist() == right[name].fillna("").tolist()
    for name in ("probability", "q50"):
        assert left[name].tolist() == pytest.approx(right[name].tolist(), nan_ok=True)
    assert left["risk_class"].isna().tolist() == right["risk_class"].isna().tolist()
    drawn_layers = dict(pyogrio.list_layers(drawn / "scores.gpkg").tolist())
    assert drawn_layers["region_violence_1"] == "MultiPolygon"
    assert drawn_layers["region_violence_1_points"] == "Point"


def test_the_geopackage_says_what_it_is(exported):
    info = pyogrio.read_info(exported / "scores.gpkg", layer="country_violence_25")
    assert json.loads(info["dataset_metadata"]["faultline"])["risk_class_edges"] == [0.02, 0.1, 0.3, 0.6]
    assert "at least 25 deaths" in info["layer_metadata"]["DESCRIPTION"]
    assert info["crs"] == "EPSG:4326"


def test_boundaries_without_the_regions_are_refused_and_nothing_is_left(issue, snapshot, tmp_path, boundaries):
    other = tmp_path / "other.geojson"
    gpd.read_file(boundaries).assign(code="elsewhere").to_file(other, driver="GeoJSON")
    for file, error in ((other, ConfigError), (tmp_path / "none.geojson", SourceError)):
        with pytest.raises(error, match=file.name):
            export_issue(
                issue,
                snapshot,
                tmp_path / "to",
                QUIET,
                formats=("csv", "gpkg"),
                options=ExportOptions(boundaries=file),
            )
    assert not (tmp_path / "to").exists() or list((tmp_path / "to").iterdir()) == []


def test_windows_from_today_are_features_of_their_own(snapshot, tmp_path):
    both = OpenedIssue("2026-06", "made", made_later(), {})
    folder = export_issue(both, snapshot, tmp_path, QUIET, formats=("geojson", "csv"), windows="all")
    ids = [feature["id"] for feature in collection(folder, "country_violence_25")["features"]]
    assert len(set(ids)) == len(ids) == 18
    assert "MLI|violence_25|3|6" in ids
    assert len(read_scores_csv(folder / "scores.csv")) == len(made_later())


def test_an_export_is_of_windows_that_follow_on_the_data_unless_others_are_asked_for(snapshot, scores, tmp_path):
    both = OpenedIssue("2026-06", "made", made_later(), {})
    folder = export_issue(both, snapshot, tmp_path, QUIET, formats=("csv",))
    assert read_scores_csv(folder / "scores.csv").equals(scores)
