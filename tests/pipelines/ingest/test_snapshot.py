"""Building the snapshot: the same bytes each time, and whole or not at all."""

import made_sources
import pytest

from faultline.features.errors import ConfigError, SchemaError, SourceError
from faultline.features.tables.snapshot import BUNDLED, TABLES, load_snapshot
from faultline.pipelines.ingest import snapshot as building
from faultline.pipelines.ingest.snapshot import build_snapshot
from faultline.pipelines.ingest.snapshot_files import replacing


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return made_sources.write_world(tmp_path_factory.mktemp("world"))


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_building_twice_gives_identical_bytes(world, tmp_path):
    provenance = build_snapshot(world, tmp_path / "one")
    build_snapshot(world, tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert tuple(provenance) == TABLES


def test_what_is_built_loads_with_its_provenance(world, tmp_path):
    provenance = build_snapshot(world, tmp_path / "deep" / "snapshot")
    snapshot = load_snapshot(tmp_path / "deep" / "snapshot")
    assert snapshot.provenance == provenance
    assert snapshot.country_month["deaths"].sum() == 148
    assert provenance["country_month"].first_month == "2015-03"
    assert provenance["countries"].first_month is None
    assert sorted(path.name for path in (tmp_path / "deep").iterdir()) == ["snapshot"]


def test_an_older_snapshot_is_replaced(world, tmp_path):
    out = tmp_path / "snapshot"
    build_snapshot(world, out)
    (out / "coups.parquet").write_bytes(b"old")
    build_snapshot(world, out)
    assert "gwno" in load_snapshot(out).coups.columns


SOURCES = [
    "ucdp/meta.yaml",
    "ucdp/states.yaml",
    "ucdp/country-month.csv",
    "ucdp/dyad-month.csv",
    "ucdp/dyads.yaml",
    "ucdp/nonstate.yaml",
    "ucdp/conflicts.yaml",
    "ucdp/actor-22.1.csv",
    "ucdp/ged201-nigeria.csv",
    "ucdp/ged241-sudan.csv",
    "transitions/powell-thyne-coups-2023.09.08.tsv",
    "transitions/electionlist_3_21.csv",
    "transitions/leaderlist_3_21.csv",
    "transitions/regimes-of-the-world.csv",
    "deployments/geopko-2.1-monthly.csv",
    "deployments/geopko-2.3-yearly.csv",
    "boundaries/africa-admin1-naturalearth.geojson",
]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        *((name, "missing") for name in SOURCES),
        (SOURCES[2], "empty"),
        (SOURCES[2], "encoding"),
        (SOURCES[-1], "encoding"),
    ],
)
def test_a_broken_source_is_one_error_and_leaves_the_older_snapshot_as_it_was(tmp_path, name, fault):
    world = made_sources.write_world(tmp_path / "world")
    out = tmp_path / "snapshot"
    out.mkdir()
    (out / "coups.parquet").write_bytes(b"older")
    file = world / name
    if fault == "missing":
        file.unlink()
    else:
        file.write_bytes(b"" if fault == "empty" else "gwno,år\n".encode("latin-1") + file.read_bytes())
    with pytest.raises((SourceError, SchemaError)) as caught:
        build_snapshot(world, out)
    assert caught.value.file == file
    assert caught.value.remedy
    assert contents(out) == {"coups.parquet": b"older"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["snapshot", "world"]


def test_an_error_while_writing_leaves_the_older_snapshot_as_it_was(world, tmp_path, monkeypatch):
    out = tmp_path / "snapshot"
    build_snapshot(world, out)
    before = contents(out)

    def full(*_):
        raise OSError(28, "No space left on device")

    for broken in ("write_table", "write_provenance"):
        with monkeypatch.context() as patched:
            patched.setattr(building, broken, full)
            with pytest.raises(OSError, match="No space"):
                build_snapshot(world, out)
        assert contents(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["snapshot"]


def test_an_older_snapshot_is_put_back_where_the_new_one_cannot_take_its_place(tmp_path):
    out = tmp_path / "snapshot"
    out.mkdir()
    (out / "coups.parquet").write_bytes(b"older")
    with pytest.raises(FileNotFoundError), replacing(out) as fresh:
        fresh.rmdir()
    assert contents(out) == {"coups.parquet": b"older"}


def test_a_folder_of_something_else_is_left_alone(world, tmp_path):
    (tmp_path / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(ConfigError, match=r"thesis\.docx"):
        build_snapshot(world, tmp_path)
    with pytest.raises(ConfigError, match="it is a file"):
        build_snapshot(world, tmp_path / "thesis.docx")
    assert contents(tmp_path) == {"thesis.docx": b"years of work"}


def test_a_missing_folder_of_sources_is_one_error(tmp_path):
    with pytest.raises(SourceError, match="no such folder"):
        build_snapshot(tmp_path / "none", tmp_path / "snapshot")


def test_a_snapshot_too_large_to_carry_is_refused(world, tmp_path, monkeypatch):
    monkeypatch.setattr(building, "_LARGEST_BYTES", 1000)
    with pytest.raises(ConfigError, match="at most 1,000"):
        build_snapshot(world, tmp_path / "snapshot")
    assert not list(tmp_path.iterdir())


def test_the_bundled_snapshot_is_what_the_real_sources_give(shared_data, tmp_path):
    build_snapshot(shared_data, tmp_path / "snapshot")
    assert contents(tmp_path / "snapshot") == contents(BUNDLED)
