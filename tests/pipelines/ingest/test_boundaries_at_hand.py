"""Polygons that were fetched are drawn with, without being named, where they fit."""

import zipfile

import geopandas as gpd
import pytest
import shapely
from made_issue import write_issue
from made_scores import made_scores
from made_server import serving
from typer.testing import CliRunner

import faultline as fl
from faultline.features.errors import ConfigError
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.cli.main import app
from faultline.pipelines.ingest.boundaries import NATURAL_EARTH
from faultline.pipelines.ingest.boundaries_at_hand import BoundariesAtHand, boundaries_at_hand, named_boundaries

BORNO, BESIDE = "NG-BO", "NG-YO"
#: Natural Earth's own codes and names of the two.
NATURAL_EARTHS = {"adm1_code": ["NGA-2839", "NGA-2841"], "name": ["Borno", "Yobe"], "adm0_a3": "NGA", "region": None}


def outlines(file, codes, **columns):
    squares = [shapely.box(12 + i, 11, 13 + i, 13) for i in range(len(codes))]
    named = columns or {"adm1_code": codes, "name": codes}
    gpd.GeoDataFrame(named, index=range(len(codes)), geometry=squares, crs=4326).to_file(file)
    return file


def command(*arguments):
    done = CliRunner().invoke(app, [*arguments, "--quiet"])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def user(tmp_path, monkeypatch, cut):
    """A folder of the user's own, and Natural Earth's server on this machine with two regions of Nigeria."""
    outlines(tmp_path / "ne_10m_admin_1_states_provinces.shp", [BORNO, BESIDE], **NATURAL_EARTHS)
    zipped = tmp_path / "served.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        for part in tmp_path.glob("ne_10m*"):
            archive.write(part, part.name)
    monkeypatch.setenv("FAULTLINE_SNAPSHOT", str(cut))
    monkeypatch.setenv("FAULTLINE_DATA", str(tmp_path / "data"))
    with serving() as server:
        server.files[f"/{NATURAL_EARTH}"] = zipped.read_bytes()
        monkeypatch.setenv("FAULTLINE_NATURAL_EARTH_URL", server.url)
        yield tmp_path


def drawn(chart):
    spec = chart.to_dict()
    return {
        row["key"]: layer["mark"]["type"]
        for layer in spec["layer"][1:]
        for row in layer["data"]["values"]
        if "probability" in row
    }


def test_what_was_fetched_is_drawn_by_the_brief_and_the_map_without_being_named(user):
    out = user / "issues"
    folder = write_issue(out, "2026-06")
    scores = made_scores()
    codes = {"NGA-2839": BORNO, "NGA-2841": BESIDE}
    scores.assign(admin1_code=scores["admin1_code"].replace(codes)).to_parquet(folder / "scores.parquet", index=False)
    command("report", "--out", str(out), "--to", str(user / "before.html"))
    assert "One circle for each region" in (user / "before.html").read_text(encoding="utf-8")
    assert set(drawn(fl.plot_map(level="region", out=out)).values()) == {"circle"}

    said = command("fetch", "boundaries", "--cache", str(user / "cache"))
    assert "2 polygons in" in said
    assert "--boundaries" not in said
    command("report", "--out", str(out), "--to", str(user / "after.html"))
    text = (user / "after.html").read_text(encoding="utf-8")
    assert "Regions are drawn with the boundaries file at hand" in text
    assert '"polygons":[{' in text
    assert drawn(fl.plot_map(level="region", out=out)) == {BORNO: "geoshape", BESIDE: "geoshape"}

    named = outlines(user / "mine.geojson", [BORNO])
    assert drawn(fl.plot_map(level="region", out=out, boundaries=named)) == {BORNO: "geoshape", BESIDE: "circle"}


def test_a_kept_file_that_does_not_fit_or_cannot_be_read_is_left_alone_but_a_named_one_is_not(user):
    other = outlines(user / "other.gpkg", ["FRA-1"])
    broken = user / "broken.gpkg"
    broken.write_text("no", encoding="utf-8")
    for kept in (other, broken, user / "nowhere.gpkg"):
        assert BoundariesAtHand(None, kept).file_for([BORNO]) is None
        assert BoundariesAtHand(other, kept).file_for([BORNO]) == other
    assert BoundariesAtHand(None, other).file_for(["FRA-1", BORNO]) == other
    assert BoundariesAtHand(None, other).file_for([]) is None


def test_fetched_polygons_serve_to_count_events_too(user):
    with pytest.raises(ConfigError, match="faultline fetch boundaries"):
        named_boundaries(Settings())
    command("fetch", "boundaries", "--cache", str(user / "cache"))
    assert named_boundaries(Settings()) == boundaries_at_hand(Settings()).kept
    assert named_boundaries(Settings(boundaries=user / "mine.geojson")) == user / "mine.geojson"
