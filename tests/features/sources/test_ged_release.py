"""UCDP's event files as they come: columns of all years, no header, HXL tags, and what is left out of candidates."""

import re
from pathlib import Path

import pandas as pd
import pytest
from made_bundled import bundled
from made_release import CANDIDATES, EVENTS, csv_text, zipped

from faultline.features.errors import ConfigError, DataError, SchemaError, SourceError
from faultline.features.sources.event_files import read_event_file
from faultline.features.sources.ged_columns import GED, ORDER
from faultline.features.sources.ged_release import (
    EventRelease,
    candidate_vintage,
    final_vintage,
    read_release_events,
    vintage_of_file,
)
from faultline.features.sources.organisation import is_organised, organisation_levels
from faultline.features.sources.registries import read_registry

FINAL, CANDIDATE = final_vintage("26.1"), candidate_vintage(2026, 1)


def read(path: Path, content: str | bytes, vintage=FINAL) -> EventRelease:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_release_events(path, vintage, levels=organisation_levels(), organised_actors={1051})


@pytest.fixture
def expected(tmp_path: Path) -> pd.DataFrame:
    return read(tmp_path / "expected.csv", csv_text(EVENTS)).events


def test_a_release_becomes_the_canonical_table(expected: pd.DataFrame):
    assert len(expected) == 8
    first = expected.iloc[0]
    assert (first["gwno"], first["violence_type"], first["deaths"], first["low"], first["high"]) == (
        475,
        "sb",
        10,
        8,
        12,
    )
    assert first["known_on"] == pd.Timestamp("2026-06-30")
    assert expected["side_a_state"].tolist() == [True, True, False, True, False, False, True, True]
    assert expected["side_b_id"].tolist()[2] == 9999
    assert expected["organised"].tolist() == [True, True, True, True, False, True, True, True]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(zipped(csv_text(EVENTS)), id="a zip"),
        pytest.param(csv_text(EVENTS, header=False), id="no header"),
        pytest.param("\ufeff" + csv_text(EVENTS).replace("\n", "\r\n"), id="byte order mark and Windows line ends"),
        pytest.param(
            csv_text(EVENTS, renamed={f"{n}_new_id": f"{n}_id" for n in ("dyad", "side_a", "side_b", "conflict")}),
            id="ids as named before there were new ones",
        ),
        pytest.param(
            csv_text(EVENTS, renamed={"best": "best_est", "low": "low_est", "high": "high_est"}), id="old estimates"
        ),
        pytest.param(
            csv_text([{**event, "active_year": "1"} for event in EVENTS]), id="an active year of 0 and 1, not true"
        ),
        pytest.param(csv_text(EVENTS, columns=tuple(reversed(ORDER))), id="another order of columns"),
        pytest.param(csv_text(EVENTS, columns=tuple(c for c in ORDER if c != "code_status")), id="no status"),
    ],
)
def test_all_layouts_give_the_same_table(tmp_path: Path, content: str | bytes, expected: pd.DataFrame):
    pd.testing.assert_frame_equal(read(tmp_path / "layout", content).events, expected)


def test_hdx_copies_have_tags_an_index_and_decimals(tmp_path: Path, expected: pd.DataFrame):
    columns = ("", *ORDER)
    tags = ",".join("#date+start" if column == "date_start" else "" for column in columns)
    header, *rows = csv_text(EVENTS, columns=columns).splitlines()
    content = "\n".join([header, tags, *(re.sub(r",475,", ",475.0,", row) for row in rows)]) + "\n"
    release = read(tmp_path / "hdx.csv", content)
    pd.testing.assert_frame_equal(release.events, expected)
    assert release.losses["rows_of_hxl_tags"] == 1


def test_a_list_of_states_is_text(tmp_path: Path):
    release = read(tmp_path / "list.csv", csv_text([{"gwnoa": "645, 200", "gwnob": "640"}]))
    assert release.events[["side_a_state", "side_b_state"]].to_numpy().all()


def test_odd_estimates_and_repeated_rows_are_counted_not_refused(tmp_path: Path):
    release = read(tmp_path / "odd.csv", csv_text([*EVENTS, EVENTS[0]]))
    assert len(release.events) == 8
    assert release.losses["rows_that_repeat_another"] == 1
    assert release.losses["events_whose_best_estimate_is_not_between_low_and_high"] == 1


def test_candidates_that_are_no_events_yet_are_left_out_and_counted(tmp_path: Path):
    release = read(tmp_path / "candidates.csv", csv_text(CANDIDATES), CANDIDATE)
    assert release.events["event_id"].tolist() == ["8", "101"]
    assert release.events["provisional"].all()
    counted = {name: number for name, number in release.losses.items() if number and name != "files_without_a_header"}
    assert counted == {
        "candidates_still_to_be_checked": 1,
        "deaths_of_candidates_still_to_be_checked": 11,
        "candidates_without_actors": 1,
        "deaths_of_candidates_without_actors": 13,
        "rows_after_the_months_of_the_file": 1,
        "events_whose_best_estimate_is_not_between_low_and_high": 1,
    }


@pytest.mark.parametrize(
    ("event", "column", "found"),
    [
        ({"type_of_violence": 4}, "type_of_violence", "'4'"),
        ({"dyad_new_id": ""}, "dyad_id", "''"),
        ({"latitude": 91}, "latitude", "'91'"),
        ({"date_start": "10/03/2025"}, "date_start", "10/03/2025"),
        ({"date_start": "2025-03-11"}, "date_end", "before the event starts"),
        ({"date_start": "2026-01-01", "date_end": "2026-01-01"}, "date_start", "after the end of the data"),
        ({"best": -1}, "best", "'-1'"),
        ({"best": 10**12}, "best", "where a whole number belongs"),
        ({"country_id": "NGA"}, "country_id", "'NGA'"),
        ({"id": 1, "best": 11}, "id", "with other facts"),
    ],
)
def test_impossible_values_are_named_with_their_line(tmp_path: Path, event: dict[str, object], column: str, found: str):
    with pytest.raises(SchemaError) as error:
        read(tmp_path / "bad.csv", csv_text([{}, {"id": 2, **event}]))
    assert (error.value.row, error.value.column) == (3, column)
    assert found in str(error.value)
    assert "bad.csv" in str(error.value)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(csv_text([]), "no rows", id="a header alone"),
        pytest.param(csv_text(EVENTS)[:-40], "cut off", id="cut within a row"),
        pytest.param(zipped(csv_text(EVENTS))[:-200], "zip", id="a zip that was cut off"),
        pytest.param(csv_text([{"side_a": "Côte"}]).encode("latin-1"), "utf-8", id="latin-1"),
        pytest.param("a,b\n1,2\n", "names none of the columns", id="another file"),
        pytest.param(csv_text(EVENTS, renamed={"best": "worst"}), "missing", id="a column by another name"),
    ],
)
def test_broken_files_give_one_clear_error(tmp_path: Path, content: str | bytes, problem: str):
    with pytest.raises(DataError) as error:
        read(tmp_path / "broken", content)
    assert problem in str(error.value)
    assert "broken" in str(error.value.file)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(SourceError, match="no such file"):
        read_event_file(tmp_path / "none.zip", GED)


def test_lines_are_those_of_the_file_where_notes_span_several(tmp_path: Path):
    rows = [{"source_article": "one\ntwo\nthree"}, {"id": 2, "best": "x"}]
    with pytest.raises(SchemaError) as error:
        read(tmp_path / "notes.csv", csv_text(rows))
    assert error.value.row == 5


@pytest.mark.parametrize(
    ("name", "version", "known_on"),
    [
        ("ged261-csv.zip", "26.1", "2026-06-30"),
        ("GEDEvent_v17_1.csv", "17.1", "2017-06-30"),
        ("GEDEvent_v26_0_4.csv", "26.0.4", "2026-05-20"),
        ("GEDEvent_v25_0_12.csv", "25.0.12", "2026-01-20"),
        ("GEDEvent_v26_01_26_03.csv", "26.01.26.03", "2026-04-20"),
    ],
)
def test_a_file_is_told_by_the_name_that_ucdp_gave_it(name: str, version: str, known_on: str):
    vintage = vintage_of_file(name)
    assert vintage is not None
    assert (vintage.version, vintage.known_on) == (version, pd.Timestamp(known_on))


@pytest.mark.parametrize("name", ["events.csv", "GEDEvent_v26_0_13.csv", "GEDEvent_v26_04_26_03.csv"])
def test_other_names_say_nothing(name: str):
    assert vintage_of_file(name) is None


def test_only_yearly_releases_since_17_1_are_known():
    for version in ("26", "16.1", "26.2", "x"):
        with pytest.raises(ConfigError, match=re.escape(repr(version))):
            final_vintage(version)


def test_an_unknown_nonstate_dyad_counts_by_its_sides():
    kinds = pd.Series(["ns", "ns", "sb"])
    sides = pd.DataFrame({"a": [5, 7, 7], "b": [6, 8, 8]})
    organised, unknown = is_organised(
        kinds, pd.Series([10**6] * 3), sides, levels=organisation_levels(), organised_actors={6}
    )
    assert organised.tolist() == [True, False, True]
    assert unknown.tolist() == [True, True, False]


def test_the_bundled_levels_are_those_of_the_registry(shared_data: Path):
    records = read_registry(shared_data / "ucdp" / "nonstate.yaml", {"id": int, "organization_level": int})
    assert organisation_levels().to_dict() == {record["id"]: record["organization_level"] for record in records}


@pytest.mark.parametrize(
    ("name", "version", "events", "deaths"),
    [("ged201-nigeria.csv", "20.1", 4603, 57032), ("ged241-sudan.csv", "24.1", 3822, 106270)],
)
def test_real_copies_are_read_whole(shared_data: Path, name: str, version: str, events: int, deaths: int):
    release = read_release_events(
        shared_data / "ucdp" / name,
        final_vintage(version),
        levels=organisation_levels(),
        organised_actors=set(bundled().actors["actor_id"]),
    )
    assert (len(release.events), release.events["deaths"].sum()) == (events, deaths)


@pytest.mark.parametrize(
    ("name", "version", "events", "deaths", "first"),
    [
        ("ged201-nigeria.csv", "20.1", 4603, 57_032, "1990-09-25"),
        ("ged241-sudan.csv", "24.1", 3822, 106_270, "1989-01-01"),
    ],
)
def test_the_real_files_have_their_known_sums(*, shared_data, name, version, events, deaths, first):
    release = final_vintage(version)
    table = read_release_events(
        shared_data / "ucdp" / name, release, levels=organisation_levels(), organised_actors=set()
    ).events
    assert (len(table), table["deaths"].sum(), table["start"].min()) == (events, deaths, pd.Timestamp(first))
