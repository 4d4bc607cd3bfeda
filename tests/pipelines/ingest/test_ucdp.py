"""Fetching a made release: from a server and from files, into a snapshot that the main job can use."""

import datetime as dt
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from made_bundled import bundled
from made_release import AROUND_ZONES, CANDIDATES, EVENTS, NAMED, csv_text, write_boundaries, write_zones, zipped
from made_server import Server, serving

from faultline.features.errors import ConfigError, CoverageError, DataError, SourceError
from faultline.features.panels.regions import region_panel
from faultline.features.tables.snapshot import load_snapshot, read_provenance
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.ingest import ucdp_files
from faultline.pipelines.ingest.counted_regions import RegionsWanted
from faultline.pipelines.ingest.data_check import check_data
from faultline.pipelines.ingest.ucdp import fetch_ucdp
from faultline.pipelines.ingest.ucdp_files import ReleaseWanted

TODAY = dt.date(2026, 11, 24)
QUIET = Progress.on_stderr(quiet=True)
RELEASE = zipped(csv_text(EVENTS))


@pytest.fixture
def boundaries(tmp_path: Path) -> Path:
    return write_boundaries(tmp_path / "made.geojson")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ucdp_files, "CHECKSUMS", {"26.1": hashlib.sha256(RELEASE).hexdigest()})
    with serving() as state:
        state.files["/ged/ged261-csv.zip"] = RELEASE
        state.files["/candidateged/GEDEvent_v26_0_1.csv"] = csv_text(CANDIDATES, header=False).encode()
        yield state


def fetch(server: Server, boundaries: Path, folder: Path, dissolve: dict[str, str] | None = None, **wanted):
    settings = Settings(boundaries=boundaries, ucdp_url=server.url)
    release = ReleaseWanted(cache=folder / "cache", **wanted)
    regions = RegionsWanted(None, dissolve=dissolve or {})
    return fetch_ucdp(settings, QUIET, today=TODAY, release=release, regions=regions, out=folder / "out")


def test_a_download_becomes_a_snapshot(server: Server, boundaries: Path, tmp_path: Path):
    fetched = fetch(server, boundaries, tmp_path)
    snapshot = load_snapshot(fetched.out)
    assert snapshot.country_month["deaths"].sum() == 85 + 9
    assert snapshot.country_month.loc[snapshot.country_month["provisional"], "deaths"].sum() == 9
    assert fetched.known.data_through == pd.Timestamp("2026-01-31")
    assert all(finding.fault == "" for finding in check_data(fetched.out, today=TODAY))
    pd.testing.assert_frame_equal(snapshot.coups, bundled().coups)  # what is not of violence is the bundled one's
    panel = region_panel(snapshot)
    assert list(panel.units.index) == ["NER-1", "NER-2", "NGA-1", "NGA-2"]
    assert panel.observed.all()
    assert panel.provisional.sum() == 1
    assert panel.provisional[-1]


def test_provenance_says_where_it_comes_from_and_nothing_of_this_machine(
    server: Server, boundaries: Path, tmp_path: Path
):
    fetched = fetch(server, boundaries, tmp_path, dissolve={"NER": "region"})
    provenance = read_provenance(fetched.out)["region_sides"]
    assert [source["version"] for source in provenance.sources[:2]] == ["26.1", "26.0.1"]
    assert provenance.sources[0]["files"] == {"ged261-csv.zip": hashlib.sha256(RELEASE).hexdigest()}
    assert provenance.losses["deaths_known_to_the_country_only"] == 30
    assert "--dissolve NER=region" in provenance.build_command
    assert str(tmp_path) not in (fetched.out / "provenance.json").read_text(encoding="utf-8")
    listed = pd.read_csv(fetched.out / "unallocated.csv").set_index("iso3")
    assert listed.loc["NGA", "deaths_unallocated"] == 35


def test_months_that_are_not_out_yet_end_the_candidates(server: Server, boundaries: Path, tmp_path: Path):
    server.files["/candidateged/GEDEvent_v26_0_3.csv"] = b"after a month that is missing"
    fetched = fetch(server, boundaries, tmp_path)
    assert [vintage.version for vintage in fetched.known.vintages] == ["26.1", "26.0.1"]
    assert all("v26_0_11" not in path for path, _ in server.asked)  # November is not over


def test_a_file_of_joined_months_is_preferred(server: Server, boundaries: Path, tmp_path: Path):
    joined = [{"id": 201, "date_start": "2026-03-05", "date_end": "2026-03-05", "best": 2, "low": 2, "high": 2}]
    server.files["/candidateged/GEDEvent_v26_01_26_03.csv"] = csv_text(joined).encode()
    fetched = fetch(server, boundaries, tmp_path)
    assert [vintage.version for vintage in fetched.known.vintages] == ["26.1", "26.01.26.03"]


def test_cut_connections_do_not_matter(server: Server, boundaries: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)
    server.cuts = 3
    assert len(fetch(server, boundaries, tmp_path).known.events) == 9


@pytest.mark.parametrize("fault", ["checksum", "refused", "broken"])
def test_a_fault_leaves_an_older_snapshot_as_it_was(server: Server, boundaries: Path, tmp_path: Path, fault: str):
    fetch(server, boundaries, tmp_path, candidates=False)
    before = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    (tmp_path / "cache" / "ged261-csv.zip").unlink()
    if fault == "refused":
        server.status = 403
    elif fault == "checksum":
        server.files["/ged/ged261-csv.zip"] = b"not the release"
    else:
        server.files["/candidateged/GEDEvent_v26_0_1.csv"] = b"not,a,table\n"
    with pytest.raises(DataError):
        fetch(server, boundaries, tmp_path)
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "made.geojson", "out"]


def test_files_of_the_user_are_told_by_name_or_version(server: Server, boundaries: Path, tmp_path: Path):
    release, candidates = tmp_path / "my-release.csv", tmp_path / "GEDEvent_v26_0_1.csv"
    release.write_text(csv_text(EVENTS), encoding="utf-8")
    candidates.write_text(csv_text(CANDIDATES), encoding="utf-8")
    fetched = fetch(server, boundaries, tmp_path, files=(release, candidates))
    assert [vintage.version for vintage in fetched.known.vintages] == ["26.1", "26.0.1"]
    assert server.asked == []
    assert any("2 countries only" in warning for warning in fetched.warnings)
    with pytest.raises(CoverageError, match=r"runs to 2026-12-31.*--version"):
        fetch(server, boundaries, tmp_path, files=(release,), version="27.1")
    with pytest.raises(ConfigError, match=r"both UCDP GED 26\.1"):
        fetch(server, boundaries, tmp_path, files=(release, tmp_path / "another.csv"))
    with pytest.raises(SourceError, match="no such file"):
        fetch(server, boundaries, tmp_path, files=(tmp_path / "none.csv",))


def test_as_of_names_the_release_that_was_out(server: Server, boundaries: Path, tmp_path: Path):
    assert len(fetch(server, boundaries, tmp_path, as_of=pd.Timestamp("2026-07-01")).known.vintages) == 2
    with pytest.raises(SourceError, match="ged251"):
        fetch(server, boundaries, tmp_path, as_of=pd.Timestamp("2026-02-01"))


def test_deaths_outside_every_region_are_said_and_zones_hold_those_of_both_states(tmp_path: Path):
    release = tmp_path / "ged261.csv"
    release.write_text(csv_text([*AROUND_ZONES, {**EVENTS[7], "latitude": 10, "longitude": 7}]), encoding="utf-8")
    zones = write_zones(tmp_path / "zones.geojson")
    settings, regions = Settings(boundaries=zones), RegionsWanted(None, id_column="code")
    wanted = ReleaseWanted((release,), candidates=False)
    fetched = fetch_ucdp(settings, QUIET, today=TODAY, release=wanted, regions=regions, out=tmp_path / "out")
    line = "Nigeria: 12 % of its deaths are at known places in no region, and count for the country alone"
    assert line in fetched.warnings
    found = {finding.table: finding.warning for finding in check_data(fetched.out, today=TODAY)}
    assert found["region_month"] == line
    panel = region_panel(load_snapshot(fetched.out))
    assert panel.deaths.sum(axis=0).tolist() == [45, 50]
    assert panel.units["holds_others"].to_dict() == {"south": False, "zone": True}


def test_without_polygons_events_are_in_the_bundled_regions_by_the_names_of_ucdp(tmp_path: Path):
    file = tmp_path / "ged261.csv"
    file.write_text(csv_text(NAMED), encoding="utf-8")
    release = ReleaseWanted((file,), candidates=False)
    fetched = fetch_ucdp(Settings(), QUIET, today=TODAY, release=release, out=tmp_path / "out")
    snapshot, base = load_snapshot(fetched.out), bundled()
    pd.testing.assert_frame_equal(snapshot.regions, base.regions)
    pd.testing.assert_frame_equal(snapshot.region_neighbours, base.region_neighbours)
    assert fetched.regions == len(base.regions)
    panel = region_panel(snapshot)
    assert panel.observed.all()
    assert panel.months[-1] == pd.Period("2025-12")
    deaths = pd.Series(panel.deaths.sum(axis=0), panel.units.index)
    assert deaths[deaths > 0].to_dict() == {"ML-5": 20, "ML-7": 8, "NG-BO": 20}
    listed = fetched.unallocated.set_index("iso3")[["deaths_unallocated", "deaths_outside"]].T.to_dict("list")
    assert listed == {"MLI": [9, 0], "KEN": [11, 11], "NGA": [0, 0]}
    sources = [source.get("short") for source in read_provenance(fetched.out)["region_month"].sources]
    assert sources[0] == "UCDP GED"
    assert all(finding.fault == "" for finding in check_data(fetched.out, today=TODAY))


def test_what_regions_by_name_cannot_do_is_said(tmp_path: Path):
    file = tmp_path / "ged261.csv"
    file.write_text(csv_text(EVENTS), encoding="utf-8")
    release = ReleaseWanted((file,), candidates=False)
    for regions, message in (
        (RegionsWanted(dissolve={"BFA": "region"}), "--boundaries"),
        (RegionsWanted("Oceania"), "--region world"),
    ):
        with pytest.raises(ConfigError, match=message):
            fetch_ucdp(Settings(), QUIET, today=TODAY, release=release, regions=regions, out=tmp_path / "out")
    with pytest.raises(CoverageError, match=r"adm_1.*--boundaries"):
        fetch_ucdp(Settings(), QUIET, today=TODAY, release=release, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_another_folder_is_not_overwritten(server: Server, boundaries: Path, tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"thesis\.txt"):
        fetch(server, boundaries, tmp_path)


def test_the_command_writes_a_snapshot_and_says_how_to_use_it(boundaries: Path, tmp_path: Path):
    release = tmp_path / "ged261-csv.zip"
    release.write_bytes(RELEASE)
    command = [sys.executable, "-P", "-c", "from faultline.pipelines.cli.command import main; main()", "fetch", "ucdp"]
    options = ["--file", str(release), "--boundaries", str(boundaries), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, *options], capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200"}
    )
    assert done.returncode == 0, done.stderr
    assert "run --snapshot" in done.stdout
    assert "Nigeria" in done.stdout
    broken = subprocess.run(
        [*command, "--file", str(boundaries), "--boundaries", str(boundaries), "--out", str(tmp_path / "other")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert broken.returncode == 2
    assert "made.geojson" in broken.stderr
    assert "Traceback" not in broken.stderr
    assert not (tmp_path / "other").exists()


@pytest.fixture(scope="module")
def synthetic(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nigerian rows renamed as Malian and Nigerien ones stand in for a download; they teach nothing of Mali."""
    frame = pd.read_csv(shared_data / "ucdp" / "ged201-nigeria.csv", dtype="str", keep_default_na=False)
    frame = frame[~frame["date_start"].str.startswith("#")].iloc[:, 1:]
    names = frame["adm_1"].unique()
    towns = {
        "MLI": [(14.5, -4.2), (13.45, -6.27), (18.44, 1.41)],
        "NER": [(14.21, 1.45)],
    }  # Mopti, Ségou, Kidal; Tillabéri
    parts = []
    for gwno, places in ((432, towns["MLI"]), (436, towns["NER"])):
        which = frame["adm_1"].map({name: number % len(places) for number, name in enumerate(names)})
        parts.append(
            frame.assign(
                id=(frame["id"].str.removesuffix(".0").astype(int) + gwno * 1_000_000).astype("str"),
                country_id=str(gwno),
                latitude=which.map(lambda n, places=places: str(places[n][0])),
                longitude=which.map(lambda n, places=places: str(places[n][1])),
                **{
                    day: frame[day]
                    .str.replace(r"^\d{4}", lambda y: str(int(y[0]) + 6), regex=True)
                    .str.replace("02-29", "02-28")
                    for day in ("date_start", "date_end")
                },
            )
        )
    release = tmp_path_factory.mktemp("synthetic") / "ged261-csv.zip"
    release.write_bytes(zipped(pd.concat(parts).to_csv(index=False)))
    return release


def test_every_region_of_africa_is_in_the_panel_of_a_whole_release(shared_data: Path, synthetic: Path, tmp_path: Path):
    settings = Settings(boundaries=shared_data / "boundaries" / "africa-admin1-naturalearth.geojson")
    fetched = fetch_ucdp(
        settings,
        QUIET,
        today=TODAY,
        release=ReleaseWanted((synthetic,)),
        regions=RegionsWanted("Africa", dissolve={"BFA": "region"}),
        out=tmp_path / "out",
    )
    snapshot = load_snapshot(fetched.out)
    panel = region_panel(snapshot)
    assert fetched.regions == len(panel.units) == 889
    assert panel.units["gwno"].nunique() == 54
    assert (panel.units.groupby("iso3").size()[["MLI", "NER", "BFA"]] == [9, 8, 13]).all()
    deaths = pd.Series(panel.deaths.sum(axis=0), panel.units["name"])
    assert (deaths[["Mopti", "Ségou", "Kidal", "Tillabéri"]] > 0).all()
    there = snapshot.deployments["gwno"].isin(panel.units["gwno"])
    forces = snapshot.deployments.loc[there, "regions"].dropna().str.split(";").explode()
    assert set(forces) - {""} <= set(snapshot.regions["region_id"])  # curated facts keep their regions, merged ones too


@pytest.mark.slow
def test_mali_and_its_neighbour_are_scored_from_a_file_by_the_two_commands(
    shared_data: Path, synthetic: Path, tmp_path: Path
):
    outlines = gpd.read_file(shared_data / "boundaries" / "africa-admin1-naturalearth.geojson")
    outlines[outlines["adm0_a3"].isin(["MLI", "NER"])].to_file(tmp_path / "two.gpkg", driver="GPKG")

    def faultline(*arguments: str):
        command = str(Path(sys.executable).with_name("faultline"))
        done = subprocess.run([command, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    faultline("fetch", "ucdp", "--file", str(synthetic), "--boundaries", "two.gpkg", "--out", "own")
    faultline("run", "--snapshot", "own", "--level", "region", "--horizons", "1", "--boundaries", "two.gpkg")
    scores = pd.read_parquet(tmp_path / "predictions" / "issue=2026-01" / "scores.parquet")
    violence = scores[(scores["target"] == "violence_25") & (scores["months_between"] == 0)].set_index("admin1_name")
    assert len(violence) == 9 + 8
    assert violence.loc[["Mopti", "Ségou", "Kidal", "Tillabéri"], "probability"].between(0.001, 1).all()
    assert (violence["data_through"] == pd.Timestamp("2025-12-31")).all()
