"""A thousand damaged files for each reader of events, registries, bases and outlines: a table, or one clear error.

And no row is lost without being counted.
"""

import csv
import io

import made_acled
import made_sources
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from made_bundled import bundled
from made_damage import attempt, damaged, is_clear, so_many
from made_release import CANDIDATES, EVENTS, csv_text, write_boundaries

from faultline.features.errors import DataError
from faultline.features.sources.acled import read_acled
from faultline.features.sources.admin1 import read_admin1
from faultline.features.sources.admin1_counts import Span
from faultline.features.sources.admin1_units import read_admin1_outlines, read_admin1_units
from faultline.features.sources.boundaries import read_outlines
from faultline.features.sources.ged_columns import GED
from faultline.features.sources.ged_release import candidate_vintage, final_vintage, read_release_events
from faultline.features.sources.organisation import organisation_levels
from faultline.features.sources.peacekeeping import read_un_bases
from faultline.features.sources.region_outlines import read_world_regions
from faultline.features.sources.registries import read_registry
from faultline.features.sources.ucdp import Release, read_countries, read_country_month, read_release
from faultline.features.sources.ucdp_actors import read_actors

LEVELS, COUNTRIES = organisation_levels(), bundled().countries
#: The columns that are read, and one that is not: a damaged file is the sooner one that tells.
COLUMNS = (*(names[0] for names in GED.columns.values()), "source_article")
RELEASE = Release("26.1", pd.Timestamp("2026-05-31"), pd.Timestamp("2025-12-31"), {})
A_THOUSAND = so_many(1000)


def events_of(vintage):
    return lambda file: read_release_events(file, vintage, levels=LEVELS, organised_actors=set())


def left_out(losses):
    """Rows that a reader says it left out."""
    return sum(number for reason, number in losses.items() if reason.startswith(("rows_", "candidates_")))


def acled_of(file):
    return read_acled(file, today=pd.Timestamp("2024-06-15"))


ACLED_ROWS = [
    made_acled.protest("a", "2024-01-01"),
    {},
    {"event_id_cnty": "MLI2", "fatalities": 0},
    {"event_id_cnty": "MLI3", "actor2": "Civilians (Mali)", "inter2": "7", "event_type": "Violence against civilians"},
    made_acled.protest("b", "2024-03-31"),
]
EVENT_READERS = {
    "release": (events_of(final_vintage("26.1")), csv_text(EVENTS, columns=COLUMNS)),
    "candidates": (events_of(candidate_vintage(2026, 1)), csv_text(CANDIDATES, columns=COLUMNS)),
    "candidates without a header": (events_of(candidate_vintage(2026, 1)), csv_text(CANDIDATES, header=False)),
    "acled": (acled_of, made_acled.export(ACLED_ROWS)),
}


def tried(name, tmp_path, data):
    reader, whole = EVENT_READERS[name]
    content, line = data.draw(damaged(whole.encode()))
    file = tmp_path / "events.csv"
    file.write_bytes(content)
    read, found = attempt(reader, file)
    if found is not None:
        assert is_clear(found, file, content), found
        if line is not None and found.row is not None:
            assert found.row <= line + 1  # a repeated id is found in the later of the two rows
        return
    records = sum(1 for line in content.splitlines() if line) - ("header" not in name)
    assert len(read.events) + left_out(read.losses) == records or b'"' in content or b"\r" in content


@pytest.mark.parametrize("name", [name for name in EVENT_READERS if name != "acled"])
@given(data=st.data())
@so_many(334)
def test_a_damaged_file_of_ucdps_events_is_a_table_or_one_error(name, tmp_path, data):
    tried(name, tmp_path, data)


@given(data=st.data())
@A_THOUSAND
def test_a_damaged_export_of_acled_is_a_table_or_one_error(tmp_path, data):
    tried("acled", tmp_path, data)


@given(data=st.data())
@A_THOUSAND
def test_damaged_counts_by_country_are_a_table_or_one_error(tmp_path, data):
    content, _ = data.draw(damaged(made_sources.COUNTRY_MONTH.encode()))
    file = tmp_path / "country-month.csv"
    file.write_bytes(content)
    table, found = attempt(lambda file: read_country_month(file, release=RELEASE), file)
    if found is not None:
        assert is_clear(found, file, content), found
        return
    for what in ("events", "deaths"):
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        assert table[what].sum() == sum(float(row[f"{kind}_{what}"]) for row in rows for kind in ("sb", "ns", "os"))


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    folder = made_sources.write_world(tmp_path_factory.mktemp("counted"))
    units = read_admin1_units()
    outlines = read_admin1_outlines(folder / "boundaries" / "africa-admin1-naturalearth.geojson", units)[0]
    return folder / "ucdp", units, outlines, read_countries(folder / "ucdp" / "states.yaml")


@pytest.mark.parametrize("name", ["candidate/GEDEvent_v26_0_1.csv", "admin1-month-25.1.parquet"])
@given(data=st.data())
@so_many(100)
def test_damaged_counts_by_region_are_tables_or_one_error(name, counted, data):
    folder, units, outlines, countries = counted
    file = folder / name
    whole = file.read_bytes()
    content, _ = data.draw(damaged(whole))
    file.write_bytes(content)
    january = Span("candidate", *[pd.Timestamp(2026, 1, 1)] * 2)
    try:
        read, found = attempt(
            lambda _: read_admin1(
                folder / "admin1-month-25.1.parquet",
                folder / "admin1-places-26.1.csv",
                [(folder / "candidate" / "GEDEvent_v26_0_1.csv", january)],
                units=units,
                outlines=outlines,
                countries=countries,
            ),
            file,
        )
    finally:
        file.write_bytes(whole)
    if found is not None:
        assert found.file == file
        assert found.remedy
        return
    assert (read.region_month["deaths"] >= 0).all()


@pytest.mark.parametrize("name", ["dyad-month.csv", "actor-22.1.csv", "dyads.yaml", "nonstate.yaml", "conflicts.yaml"])
@given(data=st.data())
@so_many(200)
def test_damaged_files_of_actors_are_tables_or_one_error(name, world, data):
    folder, whole, country_month = world
    file = folder / name
    content, _ = data.draw(damaged(whole[name], separator=b": " if name.endswith("yaml") else b","))
    file.write_bytes(content)
    try:
        read, found = attempt(lambda _: read_actors(folder, country_month=country_month, release=RELEASE), file)
    finally:
        file.write_bytes(whole[name])
    if found is not None:
        assert found.file == file
        assert found.remedy
        return
    if name == "dyad-month.csv":
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert read.losses["deaths_without_a_dyad"] == 148 - sum(float(row["deaths"]) for row in rows)
    if name == "actor-22.1.csv":
        # a damaged field may name one link more than the eight of the whole file
        assert len(read.actor_lineage) + sum(read.lineage_losses.values()) <= 9


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = made_sources.write_world(tmp_path_factory.mktemp("world")) / "ucdp"
    country_month = read_country_month(folder / "country-month.csv", release=read_release(folder / "meta.yaml"))
    return folder, {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}, country_month


REGISTRY = yaml.safe_dump(made_sources.NONSTATE).encode()


@given(damage=damaged(REGISTRY, separator=b": "))
@A_THOUSAND
def test_a_damaged_registry_is_records_or_one_error(tmp_path, damage):
    content, _ = damage
    file = tmp_path / "registry.yaml"
    file.write_bytes(content)
    records, found = attempt(lambda file: read_registry(file, {"id": int, "side_a": str, "countries": list}), file)
    if found is not None:
        assert found.file == file
        assert found.remedy
        return
    assert records is not None
    assert len(records) == len(yaml.load(content, Loader=yaml.CSafeLoader))  # as safe, and the reader's


@pytest.mark.parametrize("which", ["monthly", "yearly"])
@given(data=st.data())
@so_many(500)
def test_damaged_maps_of_bases_are_a_table_or_one_error(which, maps, data):
    folder, outlines = maps
    whole = {"monthly": made_sources.MONTHLY.encode(), "yearly": made_sources.YEARLY.encode()}
    content, _ = data.draw(damaged(whole[which]))
    files = {name: folder / f"{name}.csv" for name in whole}
    for name, file in files.items():
        file.write_bytes(content if name == which else whole[name])
    last = pd.Timestamp("2026-05-31")
    read, found = attempt(
        lambda _: read_un_bases(**files, countries=COUNTRIES, outlines=outlines, last=last), files[which]
    )
    if found is not None:
        assert is_clear(found, files[which], content), found
        return
    texts = {**whole, which: content}.values()
    records = sum(sum(1 for line in text.splitlines() if line) - 1 for text in texts)
    counted = read.losses["rows_that_repeat_a_place"] + read.losses["rows_of_years_that_the_monthly_file_covers"]
    assert len(read.un_bases) + counted == records or b'"' in content or b"\r" in content


@pytest.fixture(scope="module")
def maps(tmp_path_factory):
    folder = tmp_path_factory.mktemp("maps")
    file = folder / "squares.geojson"
    file.write_text(made_sources.geojson(made_sources.SQUARES), encoding="utf-8")
    return folder, read_outlines(file, id_column="adm1_code")


@pytest.fixture(scope="module")
def squares(tmp_path_factory):
    file = write_boundaries(tmp_path_factory.mktemp("squares") / "squares.geojson")
    return file, file.read_bytes()


@given(data=st.data())
@A_THOUSAND
def test_damaged_outlines_are_regions_or_one_error(squares, data):
    file, whole = squares
    content, _ = data.draw(damaged(whole, separator=b", "))
    file.write_bytes(content)
    regions, found = attempt(lambda file: read_world_regions(file, countries=COUNTRIES), file)
    if found is not None:
        assert found.file == file
        assert found.remedy
        return
    features = content.count(b'"type": "Feature",')
    assert len(regions.table) + sum(regions.losses.values()) == features


@pytest.mark.parametrize("name", EVENT_READERS)
def test_the_whole_file_is_read(name, tmp_path):
    reader, whole = EVENT_READERS[name]
    file = tmp_path / "events.csv"
    file.write_text(whole, encoding="utf-8")
    read = reader(file)
    assert len(read.events) > 0
    assert isinstance(attempt(reader, tmp_path / "none.csv")[1], DataError)
