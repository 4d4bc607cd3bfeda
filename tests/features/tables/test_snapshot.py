"""The bundled snapshot: what it holds, and what is refused."""

import hashlib
import json
import shutil
from dataclasses import FrozenInstanceError

import pandas as pd
import pytest

from faultline.features.errors import SourceError
from faultline.features.tables import snapshot as module
from faultline.features.tables.snapshot import BUNDLED, PROVENANCE_FILE, TABLES, load_snapshot


@pytest.fixture(scope="module")
def snapshot():
    return load_snapshot()


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(BUNDLED, tmp_path / "snapshot")


def test_it_holds_the_known_sums(snapshot):
    deaths = snapshot.country_month.groupby("violence_type")["deaths"].sum()
    assert deaths.to_dict() == {"ns": 414_102, "os": 1_297_735, "sb": 2_634_998}
    whole = snapshot.region_sides[snapshot.region_sides["gwno"].isin([475, 625, 626])]
    assert whole["deaths"].sum() == 57_032 + 106_270
    counted = snapshot.region_month[snapshot.region_month["month"] <= "2024-12-01"]
    assert counted.groupby("gwno")["deaths"].sum()[[432, 439, 436]].tolist() == [15_276, 17_104, 6_080]
    assert len(snapshot.countries) == 201
    assert len(snapshot.regions) == 934
    assert snapshot.coups["source"].str.startswith("Powell & Thyne").sum() == 491


def test_country_deaths_of_years_known_from_elsewhere(snapshot):
    # Rwanda's genocide, and the year before Sudan's war and its first year, as GED 26.1 counts them.
    table = snapshot.country_month
    by_year = table.groupby(["gwno", table["month"].dt.year])["deaths"].sum()
    assert by_year[517, 1994] > 500_000
    assert by_year[625, 2023] == 14_770
    assert table["month"].min() == pd.Timestamp("1989-01-01")
    assert table["month"].max() == pd.Timestamp("2026-05-01")
    assert (table["provisional"] == (table["month"] >= "2026-01-01")).all()


def test_tables_refer_to_what_is_there(snapshot):
    states, actors = set(snapshot.countries["gwno"]), set(snapshot.actors["actor_id"])
    regions = set(snapshot.regions["region_id"])
    for table in (
        snapshot.country_month,
        snapshot.actor_month,
        snapshot.region_month,
        snapshot.region_sides,
        snapshot.un_bases,
    ):
        assert set(table["gwno"]) <= states
    assert set(snapshot.actor_month["actor_id"]) <= actors
    assert set(snapshot.actor_lineage["actor_id"]) | set(snapshot.actor_lineage["predecessor_id"]) <= actors
    for table in (snapshot.region_month, snapshot.region_sides, snapshot.un_bases):
        assert set(table["region_id"].dropna()) <= regions
    assert set(snapshot.region_neighbours["region_id"]) <= regions
    assert set(snapshot.country_neighbours["neighbour"]) <= states
    assert set(snapshot.regions["gwno"]) == set(snapshot.region_coverage["gwno"])


def test_nothing_is_known_before_its_month_ends(snapshot):
    for table in (
        snapshot.country_month,
        snapshot.actor_month,
        snapshot.region_month,
        snapshot.region_sides,
        snapshot.un_bases,
    ):
        assert (table["known_on"] == table["month"] + pd.offsets.MonthEnd(0)).all()


def test_every_table_says_where_it_comes_from(snapshot):
    assert set(snapshot.provenance) == set(TABLES)
    assert set(snapshot.checksums) == set(TABLES)
    for name, provenance in snapshot.provenance.items():
        assert provenance.rows == len(snapshot[name])
        assert provenance.build_command == "faultline snapshot build --from ../shared/data"
        assert provenance.method
        for source in provenance.sources:
            assert source["name"]
            assert source["version"]
            assert source["licence"]
            assert source["citation"]
            assert all(len(checksum) == 64 for checksum in source["files"].values())
    assert snapshot.provenance["country_month"].data_through == "2026-05-31"
    assert snapshot.provenance["region_month"].data_through == "2024-12-31"
    assert snapshot.provenance["region_sides"].data_through == "2023-12-31"
    assert snapshot.provenance["actor_month"].losses["unmapped_dyads"] == 95


def test_it_is_small_and_names_no_machine():
    assert sum(file.stat().st_size for file in BUNDLED.iterdir()) < 1_000_000
    text = (BUNDLED / PROVENANCE_FILE).read_text(encoding="utf-8")
    assert "/work" not in text
    assert "/home" not in text


def test_it_cannot_be_changed(snapshot):
    with pytest.raises(FrozenInstanceError):
        snapshot.coups = snapshot.actors


@pytest.mark.parametrize("name", [*(f"{table}.parquet" for table in TABLES), PROVENANCE_FILE])
def test_a_missing_file_is_one_error(copy, name):
    (copy / name).unlink()
    with pytest.raises(SourceError, match="there is no such file") as caught:
        load_snapshot(copy)
    assert caught.value.file == copy / name
    assert "faultline snapshot build" in str(caught.value)


@pytest.mark.parametrize("name", ["country_month.parquet", "actor_month.parquet"])
def test_a_file_that_is_cut_off_or_changed_is_one_error(copy, name):
    file = copy / name
    whole = file.read_bytes()
    for content in (whole[:-1], b"", whole[:50] + b"x" + whole[51:]):
        file.write_bytes(content)
        with pytest.raises(SourceError, match="cut off or changed") as caught:
            load_snapshot(copy)
        assert caught.value.file == file


@pytest.mark.parametrize("content", ["", "{", "[]", '{"tables": {}}', '{"tables": {"countries": {"rows": 1}}}', "\x00"])
def test_a_broken_provenance_is_one_error(copy, content):
    file = copy / PROVENANCE_FILE
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        load_snapshot(copy)
    assert caught.value.file == file


def test_a_file_that_is_no_parquet_is_one_error_though_its_checksum_is_right(copy):
    content = b"not a table"
    (copy / "coups.parquet").write_bytes(content)
    listed = json.loads((copy / PROVENANCE_FILE).read_text(encoding="utf-8"))

    listed["tables"]["coups"]["sha256"] = hashlib.sha256(content).hexdigest()
    (copy / PROVENANCE_FILE).write_text(json.dumps(listed), encoding="utf-8")
    with pytest.raises(SourceError, match="not Parquet"):
        load_snapshot(copy)


def test_the_same_bytes_are_held_to_their_contract_once_a_process(copy, monkeypatch):
    again = load_snapshot(copy)

    def refuse(*_, **__):
        raise AssertionError

    monkeypatch.setattr(module, "validate", refuse)
    pd.testing.assert_frame_equal(load_snapshot(copy).country_month, again.country_month)
    table = pd.read_parquet(copy / "coups.parquet").iloc[1:]
    table.to_parquet(copy / "coups.parquet")
    told = json.loads((copy / "provenance.json").read_text(encoding="utf-8"))
    told["tables"]["coups"]["sha256"] = hashlib.sha256((copy / "coups.parquet").read_bytes()).hexdigest()
    (copy / "provenance.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(AssertionError):
        load_snapshot(copy)
