"""Counts by region: names that are one place, candidate events, neighbours, spans of months; and the real ones."""

import made_sources
import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.errors import SchemaError, SourceError
from faultline.features.sources.admin1 import read_admin1
from faultline.features.sources.admin1_counts import Span, read_counts
from faultline.features.sources.admin1_units import read_admin1_outlines, read_admin1_units
from faultline.features.sources.ucdp import read_countries

MEASURES = ["sb_events", "ns_events", "os_events", "deaths"]


def spans(folder):
    return [
        (
            folder / "ucdp" / "candidate" / f"GEDEvent_v26_0_{month}.csv",
            Span(f"candidate {month}", *[pd.Timestamp(2026, month, 1)] * 2),
        )
        for month in (1, 2)
    ]


def read(folder):
    units = read_admin1_units()
    return read_admin1(
        folder / "ucdp" / "admin1-month-25.1.parquet",
        folder / "ucdp" / "admin1-places-26.1.csv",
        spans(folder),
        units=units,
        outlines=read_admin1_outlines(folder / "boundaries" / "africa-admin1-naturalearth.geojson", units)[0],
        countries=read_countries(folder / "ucdp" / "states.yaml"),
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return read(made_sources.write_world(tmp_path_factory.mktemp("world")))


def counted(made, region, month):
    rows = made.region_month
    here = rows["region_id"].isna() if region is None else rows["region_id"] == region
    return rows.loc[here & (rows["month"] == pd.Timestamp(month)), MEASURES].to_numpy().tolist()


def test_two_names_of_a_region_are_added_up(made):
    assert counted(made, "SD-DN", "2012-03") == [[3, 0, 0, 23]]


def test_an_event_of_a_region_that_left_belongs_to_its_state_of_today(made):
    assert counted(made, "SS-UY", "2011-02") == [[1, 0, 0, 4]]
    assert made.region_month.set_index("region_id").loc["SS-UY", "gwno"] == 626


def test_an_event_of_a_replaced_region_is_known_to_the_country_only(made):
    assert counted(made, None, "2012-05") == [[0, 1, 0, 2]]
    assert made.losses["events_of_replaced_regions"] == 1


def test_candidate_events_are_placed_by_name_then_by_the_nearest_centre(made):
    assert counted(made, "NG-OG", "2026-01") == [[1, 0, 0, 11]]
    assert counted(made, "NG-LA", "2026-01") == [[0, 0, 1, 2]]
    assert counted(made, None, "2026-01") == [[1, 0, 0, 1]]
    assert counted(made, "SD-KH", "2026-02") == [[1, 0, 0, 9]]
    assert made.region_month["month"].max() == pd.Timestamp("2026-02-01")
    assert made.losses["candidate 1: events_placed_by_the_nearest_centre"] == 1
    assert made.losses["candidate 1: deaths_in_no_region"] == 1


def test_months_that_two_candidate_files_cover_are_one_span_after_the_gap(made):
    nigeria = made.region_coverage[made.region_coverage["gwno"] == 475]
    assert nigeria["first_month"].dt.strftime("%Y-%m").tolist() == ["2010-01", "2026-01"]
    assert nigeria["last_month"].dt.strftime("%Y-%m").tolist() == ["2024-12", "2026-02"]
    assert nigeria["source"].tolist() == ["UCDP GED 25.1", "candidate 1 and candidate 2"]


def test_outlines_that_touch_are_neighbours_and_others_touch_the_nearest_centres(made):
    pairs = set(made.region_neighbours.itertuples(index=False, name=None))
    assert ("SD-KH", "SS-UY") in pairs
    assert ("NG-LA", "NG-OG") in pairs
    assert all((b, a) in pairs for a, b in pairs)
    near = made.region_neighbours.groupby("region_id").size().drop(["NG-LA", "NG-OG", "SD-KH", "SS-UY"])
    assert (near >= 4).all()


def test_the_centre_is_the_mean_of_the_events_and_where_there_were_none_a_point_inside(made):
    assert made.regions.set_index("region_id").loc["NG-LA", ["lat", "lon"]].tolist() == [6.5, 3.4]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("Atlantis", "Deep state", "2012-01", 1, 0, 0, 1), "country"),
        (("Nigeria", "Deep state", "2012-01", 1, 0, 0, 1), "unit"),
        (("Nigeria", "Lagos state", "2025-01", 1, 0, 0, 1), "month"),
        (("Nigeria", "Lagos state", "2012-01", 1, 0, 0, -1), "deaths"),
    ],
)
def test_a_fault_in_the_counts_is_one_error(tmp_path, row, column):
    folder = made_sources.write_world(tmp_path)
    file = made_sources.admin_1_counts(folder, [made_sources.ADMIN_1[0], row])
    with pytest.raises(SchemaError) as caught:
        read(folder)
    assert (caught.value.file, caught.value.column) == (file, column)


@pytest.mark.parametrize("content", [None, b"", b"PAR1 no more"])
def test_counts_that_are_missing_or_no_parquet_are_one_error(tmp_path, content):
    folder = made_sources.write_world(tmp_path)
    file = folder / "ucdp" / "admin1-month-25.1.parquet"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        read(folder)
    assert caught.value.file == file


def test_a_fault_in_a_candidate_file_is_one_error_with_its_line(tmp_path):
    folder = made_sources.write_world(tmp_path)
    file = spans(folder)[1][0]
    file.write_text(file.read_text(encoding="utf-8").replace(",9\n", ",many\n"), encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read(folder)
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, 2, "best")


def test_the_real_counts_come_out_as_they_went_in(shared_data):
    snapshot = bundled()
    rows = snapshot.region_month
    real = rows[rows["month"] <= "2024-12-01"]
    raw = read_counts(shared_data / "ucdp" / "admin1-month-25.1.parquet", snapshot.countries)
    assert len(raw) == 31_311
    assert real["deaths"].sum() == raw["deaths"].sum()
    assert real[MEASURES[:3]].sum().sum() == raw[MEASURES[:3]].sum().sum()


def test_real_regions_lie_where_they_are_known_to():
    snapshot = bundled()
    regions = snapshot.regions.set_index("region_id")
    for code, place in {"NG-BO": (11.7, 13.2), "SD-KH": (15.6, 32.5), "ML-5": (14.5, -3.6)}.items():
        assert (regions["lat"][code], regions["lon"][code]) == pytest.approx(place, abs=0.6)
    pairs = snapshot.region_neighbours
    near = {
        code: set(regions.loc[pairs.loc[pairs["region_id"] == code, "neighbour"].tolist(), "name"])
        for code in ("NG-BO", "NE-6")
    }
    assert {"Adamawa", "Yobe", "Gombe"} <= near["NG-BO"]
    assert {"Sahel", "Gao"} <= near["NE-6"]


def test_the_regions_of_mali_hold_what_the_country_does_but_what_is_known_to_it_only():
    snapshot = bundled()
    rows, whole = snapshot.region_month, snapshot.country_month
    for gwno, share in ((432, 0.975), (439, 0.978), (436, 0.994), (475, 0.984)):
        inside = rows.loc[(rows["gwno"] == gwno) & (rows["month"] <= "2024-12-01"), "deaths"].sum()
        years = whole["month"].between("2010-01-01", "2024-12-01")
        assert inside / whole.loc[(whole["gwno"] == gwno) & years, "deaths"].sum() == pytest.approx(share, abs=0.002)
