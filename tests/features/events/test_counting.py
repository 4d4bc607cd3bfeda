"""Events counted into tables: by hand on a made world, and as the bundled tables were counted, on the real one."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from made_bundled import bundled
from made_release import AROUND_ZONES, EVENTS, csv_text, write_boundaries, write_zones

from faultline.features.events.counting import EventTables, event_tables
from faultline.features.events.placing import NEAR_KM, place_events, regions_at
from faultline.features.events.region_sets import Polygons
from faultline.features.events.vintages import known_events
from faultline.features.sources.admin1_units import read_admin1_outlines, read_admin1_units
from faultline.features.sources.ged_release import final_vintage, read_release_events
from faultline.features.sources.organisation import organisation_levels
from faultline.features.sources.region_outlines import read_world_regions

MARCH, APRIL, DECEMBER = (pd.Timestamp(f"2025-{month}-01") for month in ("03", "04", "12"))


@pytest.fixture(scope="module")
def countries() -> pd.DataFrame:
    return bundled().countries


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory, countries: pd.DataFrame) -> EventTables:
    folder = tmp_path_factory.mktemp("made")
    path = folder / "made.csv"
    path.write_text(csv_text(EVENTS), encoding="utf-8")
    outlines = read_world_regions(write_boundaries(folder / "made.geojson"), countries=countries).table
    release = read_release_events(path, final_vintage("26.1"), levels=organisation_levels(), organised_actors=set())
    return event_tables(known_events([release]), regions=Polygons(outlines))


def test_countries_are_counted_by_month_and_type(tables: EventTables):
    counted = tables.country_month.set_index(["gwno", "month", "violence_type"])[["events", "deaths"]].T.to_dict("list")
    assert counted[475, MARCH, "sb"] == [4, 10 + 2 + 30 + 3]
    assert counted[475, APRIL, "sb"] == [1, 4]
    assert counted[475, MARCH, "os"] == [1, 20]
    assert counted[475, DECEMBER, "sb"] == [1, 5]
    assert counted[436, MARCH, "ns"] == [1, 7]
    assert tables.country_month["deaths"].sum() == 85


def test_actors_are_the_nonstate_sides_and_one_sided_ones_too(tables: EventTables):
    counted = tables.actor_month.set_index(["actor_id", "gwno", "month", "violence_type"])["deaths"]
    assert counted[1051, 475, MARCH, "os"] == 20
    assert counted[1051, 475, MARCH, "sb"] == 45
    assert counted[783, 436, MARCH, "ns"] == counted[234, 436, MARCH, "ns"] == 7
    assert set(tables.actor_month["actor_id"]) == {1051, 783, 234}  # no government, no communal group
    assert not tables.actor_month["shared"].any()
    assert tables.actors.set_index("actor_id")["name"].to_dict()[1051] == "Made Group"


def test_a_side_named_by_two_groups_counts_as_both(tmp_path: Path, countries: pd.DataFrame):
    joint = {"id": 90, "side_b_new_id": 9901, "side_b": "Made Group, Nameless Men", "best": 8, "low": 8, "high": 8}
    path = tmp_path / "made.csv"
    path.write_text(csv_text([{}, joint]), encoding="utf-8")
    outlines = read_world_regions(write_boundaries(tmp_path / "made.geojson"), countries=countries).table
    release = read_release_events(path, final_vintage("26.1"), levels=organisation_levels(), organised_actors=set())
    tables = event_tables(known_events([release]), regions=Polygons(outlines))
    counted = tables.actor_month.set_index("actor_id")[["events", "deaths"]].T.to_dict("list")
    assert counted == {1051: [1.5, 10 + 4], 9901: [0.5, 4]}
    assert tables.actors.set_index("actor_id")["name"].to_dict() == {1051: "Made Group", 9901: "Nameless Men"}
    assert tables.country_month["events"].tolist() == [2]


def test_regions_are_by_point_in_polygon_and_the_rest_is_unallocated(tables: EventTables):
    by_region = tables.region_month.groupby("region_id", dropna=False)["deaths"].sum()
    assert by_region["NGA-1"] == 10 + 6 + 4 + 3  # with the one ten kilometres out at sea
    assert by_region["NGA-2"] == 20
    assert by_region["NER-1"] == 7
    assert by_region[by_region.index.isna()].iloc[0] == 30 + 5
    unallocated = tables.unallocated.set_index("gwno")
    assert unallocated.loc[475, "deaths_unallocated"] == 35
    assert unallocated.loc[475, "share_of_deaths"] == pytest.approx(35 / 78)
    assert unallocated.loc[436, "deaths_unallocated"] == 0
    assert tables.losses["events_placed_in_the_nearest_region"] == 1


def test_deaths_are_the_same_by_country_and_by_region(tables: EventTables):
    keys = ["gwno", "month", "violence_type"]
    by_country = tables.country_month.set_index(keys)["deaths"]
    pd.testing.assert_series_equal(tables.region_sides.groupby(keys)["deaths"].sum(), by_country, check_names=False)


def test_every_region_is_there_with_the_months_of_the_release(tables: EventTables):
    assert tables.regions["region_id"].tolist() == ["NER-1", "NER-2", "NGA-1", "NGA-2"]
    assert tables.regions["iso_3166_2"].fillna("").tolist() == ["NE-1", "NE-2", "NG-WE", ""]
    assert set(tables.region_coverage["last_month"]) == {DECEMBER}
    assert len(tables.region_neighbours) == 12  # four squares around a corner: each touches the three others


def test_points_are_placed_as_a_plain_loop_would(countries: pd.DataFrame, tmp_path: Path):
    outlines = read_world_regions(write_boundaries(tmp_path / "made.geojson"), countries=countries).table
    rng = np.random.default_rng(0)
    lat, lon = rng.uniform(-0.5, 2.5, (2, 500))
    slow = []
    for y, x in zip(lat, lon, strict=True):
        covering = [i for i, shape in enumerate(outlines.geometry) if shape.covers(shapely.Point(x, y))]
        slow.append(covering[0] if covering else -1)
    assert regions_at(lat, lon, outlines).tolist() == slow


def test_events_stay_in_the_state_that_ucdp_names(countries: pd.DataFrame, tmp_path: Path):
    outlines = read_world_regions(write_boundaries(tmp_path / "made.geojson"), countries=countries).table
    near, far = 1 + NEAR_KM / 111.2 - 0.05, 1.9
    rows = [{"id": 1, "latitude": near}, {"id": 2, "latitude": far}]
    path = tmp_path / "border.csv"
    path.write_text(csv_text(rows), encoding="utf-8")
    events = read_release_events(
        path, final_vintage("26.1"), levels=organisation_levels(), organised_actors=set()
    ).events
    placed = place_events(events, outlines)
    # Both points lie in Niger; Nigerian events near the border are placed on their own side of it.
    assert placed.events["region_id"].fillna("").tolist() == ["NGA-1", ""]
    assert placed.events["gwno"].tolist() == [475, 475]
    assert placed.losses["events_outside_every_region"] == 1


def test_a_region_across_a_border_holds_the_events_of_both_states(countries: pd.DataFrame, tmp_path: Path):
    zones = write_zones(tmp_path / "zones.geojson")
    path = tmp_path / "made.csv"
    path.write_text(csv_text(AROUND_ZONES), encoding="utf-8")
    release = read_release_events(path, final_vintage("26.1"), levels=organisation_levels(), organised_actors=set())
    for kept in (["zone", "south"], ["zone"]):  # a zone alone holds the events of states without any other region, too
        outlines = read_world_regions(zones, countries=countries, id_column="code").table
        outlines = outlines[outlines["region_id"].isin(kept)].reset_index(drop=True)
        tables = event_tables(known_events([release]), regions=Polygons(outlines))
        by_region = tables.region_month.groupby("region_id")["deaths"].sum()
        assert by_region["zone"] == 20 + 30
        assert tables.region_sides.groupby("gwno")["deaths"].sum().to_dict() == {436: 20, 475: 80}  # as of their states
        assert tables.country_month.groupby("gwno")["deaths"].sum().to_dict() == {436: 20, 475: 80}
        outside = tables.unallocated.set_index("gwno")["deaths_outside"]
        assert outside.to_dict() == {436: 0, 475: 10 if "south" in kept else 50}


@pytest.mark.parametrize(
    ("name", "version", "states"), [("ged201-nigeria.csv", "20.1", [475]), ("ged241-sudan.csv", "24.1", [625, 626])]
)
def test_real_events_are_counted_as_the_bundled_tables_were(
    shared_data: Path, name: str, version: str, states: list[int]
):
    base = bundled()
    boundaries = shared_data / "boundaries" / "africa-admin1-naturalearth.geojson"
    outlines = read_world_regions(boundaries, countries=base.countries, world_region="Africa").table
    assert len(outlines) == 921  # every polygon of Africa but six slivers
    release = read_release_events(
        shared_data / "ucdp" / name,
        final_vintage(version),
        levels=organisation_levels(),
        organised_actors=set(base.actors["actor_id"]),
    )
    units = read_admin1_units()
    region_of = read_admin1_outlines(boundaries, units)[1]
    counted = event_tables(known_events([release]), regions=Polygons(outlines)).region_sides
    keys = ["region_id", "gwno", "month", "violence_type", "side_a_id", "side_b_id"]
    counted = counted.assign(region_id=counted["region_id"].map(region_of).astype("str"))
    columns = [*keys, "organised", "events", "deaths"]
    pd.testing.assert_frame_equal(
        *(
            table.loc[table["gwno"].isin(states), columns].sort_values(keys, ignore_index=True)
            for table in (counted, base.region_sides)
        ),
        check_dtype=False,  # Parquet gives back milliseconds
    )
