"""Polygons for the maps, from a file that the user has."""

import geopandas as gpd
import pytest
import shapely
from typer.testing import CliRunner

from faultline.features.errors import SchemaError, SourceError
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.cli.main import app
from faultline.pipelines.ingest.boundaries import fetch_boundaries


def quiet() -> Progress:
    return Progress.on_stderr(quiet=True)


def write(path, shapes, crs=4326):
    gpd.GeoDataFrame({"adm1_code": [f"X-{i}" for i in range(len(shapes))]}, geometry=shapes, crs=crs).to_file(path)
    return path


def test_polygons_are_written_in_degrees_with_their_codes(tmp_path):
    box = gpd.GeoSeries([shapely.box(0, 0, 2, 2), shapely.Point(1, 1)], crs=4326).to_crs(3857)
    file = write(tmp_path / "mine.geojson", list(box), crs=3857)
    out = tmp_path / "new" / "admin1.gpkg"
    done = CliRunner().invoke(app, ["fetch", "boundaries", "--file", str(file), "--out", str(out), "--quiet"])
    assert done.exit_code == 0, done.output
    assert "1 polygons in" in done.output
    table = gpd.read_file(out)
    assert table["adm1_code"].tolist() == ["X-0"]
    assert table.total_bounds == pytest.approx([0, 0, 2, 2], abs=1e-6)
    assert [path.name for path in out.parent.iterdir()] == ["admin1.gpkg"]


def test_a_file_without_polygons_is_refused(tmp_path):
    file = write(tmp_path / "points.geojson", [shapely.Point(1, 1)])
    with pytest.raises(SchemaError, match="no polygon"):
        fetch_boundaries(Settings(), quiet(), file=file, out=tmp_path / "a.gpkg")
    assert not (tmp_path / "a.gpkg").exists()


def test_a_file_that_is_no_map_is_refused(tmp_path):
    file = tmp_path / "note.geojson"
    file.write_text("hello", encoding="utf-8")
    with pytest.raises(SourceError, match="cannot be read as boundaries"):
        fetch_boundaries(Settings(), quiet(), file=file, out=tmp_path / "a.gpkg")
