"""ACLED exports: what counts as which violence, between whom, and what is refused. All rows are made here."""

import pandas as pd
import pytest
from made_acled import ARMY, REBELS, export, protest

from faultline.features.errors import CoverageError, DataError, SchemaError
from faultline.features.sources.acled import actor_numbers, read_acled
from faultline.features.sources.acled_kinds import kind_of_actor

TODAY = pd.Timestamp("2024-06-15")
#: Peaceful rows that make January to March 2024 whole months of Mali.
COVERED = [protest("MLI-a", "2024-01-01"), protest("MLI-b", "2024-03-31")]


def read(folder, rows, *, covered=COVERED, through=None, separator=","):
    file = folder / "export.csv"
    file.write_text(export([*covered, *rows], separator=separator), encoding="utf-8")
    return read_acled(file, today=TODAY, through=through)


def sides(folder, **row):
    events = read(folder, [row]).events
    assert len(events) == 1
    event = events.iloc[0]
    return event["violence_type"], event["side_a"], event["side_b"], bool(event["organised"])


def test_a_battle_is_state_based_with_the_state_first(tmp_path):
    event = read(tmp_path, [{}]).events.iloc[0]
    assert (event["gwno"], event["deaths"], event["low"], event["high"], event["dyad_id"]) == (432, 7, 7, 7, 0)
    assert (event["side_a"], event["side_b"], event["violence_type"]) == (ARMY, REBELS, "sb")
    assert (event["side_a_state"], event["side_b_state"], event["organised"]) == (True, False, True)
    assert event["start"] == event["end"] == pd.Timestamp("2024-02-05")
    assert event["known_on"] == pd.Timestamp("2024-02-12")
    assert event["release"] == "ACLED export through 2024-03-31"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            {"actor2": "Islamic State Sahel Province", "inter2": "Rebel group"},
            ("ns", REBELS, "Islamic State Sahel Province", True),
            id="two groups",
        ),
        pytest.param(
            {"actor1": "Fulani Ethnic Militia", "inter1": "4", "actor2": "Dogon Ethnic Militia", "inter2": "4"},
            ("ns", "Fulani Ethnic Militia", "Dogon Ethnic Militia", False),
            id="communal",
        ),
        pytest.param(
            {"actor1": "Wagner Group", "inter1": "External/Other forces", "actor2": REBELS, "inter2": "Rebel group"},
            ("sb", "Wagner Group", REBELS, True),
            id="hired fighters count to a state",
        ),
        pytest.param(
            {"actor1": "Unidentified Armed Group (Mali)", "inter1": "Political militia"},
            ("sb", ARMY, "Unidentified Armed Group (Mali)", False),
            id="nobody knows who",
        ),
        pytest.param(
            {"event_type": "Violence against civilians", "actor2": "Civilians (Mali)", "inter2": "Civilians"},
            ("os", REBELS, "Civilians", True),
            id="against civilians",
        ),
        pytest.param(
            {
                "event_type": "Explosions/Remote violence",
                "actor1": ARMY,
                "inter1": "1",
                "actor2": "",
                "inter2": "0",
                "civilian_targeting": "Civilian targeting",
            },
            ("os", ARMY, "Civilians", True),
            id="civilians were the target",
        ),
        pytest.param(
            {"event_type": "Explosions/Remote violence", "actor1": ARMY, "inter1": "1", "actor2": "", "inter2": ""},
            ("sb", ARMY, "not named", False),
            id="a strike on nobody named",
        ),
        pytest.param(
            {
                "event_type": "Protests",
                "sub_event_type": "Excessive force against protesters",
                "actor1": "Protesters (Mali)",
                "inter1": "Protesters",
            },
            ("os", ARMY, "Civilians", True),
            id="demonstrators are shot",
        ),
    ],
)
def test_types_and_sides(tmp_path, row, expected):
    assert sides(tmp_path, **row) == expected


def test_civilians_have_one_number_and_names_the_same_in_every_export(tmp_path):
    attack = {"event_type": "Violence against civilians", "actor2": "Civilians (Mali)", "inter2": "7"}
    assert read(tmp_path, [attack]).events["side_b_id"].tolist() == [9999]
    assert actor_numbers([REBELS, ARMY])[REBELS] == actor_numbers([REBELS])[REBELS] >= 100_000_000
    # These two have the same checksum: neither is lost.
    assert len(set(actor_numbers(["plumless", "buckeroo"]).values())) == 2


def test_what_does_not_count_is_counted(tmp_path):
    rows = [
        {"event_id_cnty": "MLI2", "fatalities": 0},
        {"event_id_cnty": "MLI3", "event_type": "Riots", "inter1": "Rioters", "fatalities": 3},
        {"event_id_cnty": "MLI4", "event_date": "2024-04-02"},
        {"event_id_cnty": "REU1", "iso": 638, "country": "Reunion"},
        {"event_id_cnty": "NER1", "iso": 562, "country": "Niger", "event_date": "2024-03-20"},
        {"event_id_cnty": "MLI5", "inter1": "Civilians", "inter2": "Civilians"},
        {"event_id_cnty": "MLI6"},
        {"event_id_cnty": "MLI6"},
    ]
    export_ = read(tmp_path, rows)
    assert export_.events["event_id"].tolist() == ["MLI6"]
    assert export_.losses == {
        "rows_that_repeat_another": 1,
        "rows_of_territories_outside_the_state_system": 1,
        "rows_after_the_last_whole_month": 1,
        "rows_before_the_first_whole_month_of_their_country": 1,  # Niger's first row is amid March
        "rows_without_deaths": 1,
        "rows_of_protests_riots_and_strategic_developments": 3,
        "deaths_of_protests_riots_and_strategic_developments": 3,
        "rows_of_events_without_an_armed_side": 1,
        "deaths_of_events_without_an_armed_side": 7,
    }


def test_coverage_is_whole_months_of_each_country(tmp_path):
    rows = [{"event_id_cnty": "NER1", "iso": 562, "country": "Niger", "event_date": "2024-01-20"}]
    covered = read(tmp_path, rows).covered.set_index("gwno")
    assert covered.loc[432, "first_month"] == pd.Timestamp("2024-01-01")
    assert covered.loc[436, "first_month"] == pd.Timestamp("2024-02-01")
    assert (covered["last_month"] == pd.Timestamp("2024-03-01")).all()
    assert read(tmp_path, rows, through=pd.Timestamp("2024-03-30")).data_through == pd.Timestamp("2024-02-29")
    assert read(tmp_path, rows, through=pd.Timestamp("2024-05-31")).data_through == pd.Timestamp("2024-05-31")
    with pytest.raises(CoverageError, match="no whole month"):
        read(tmp_path, rows, through=pd.Timestamp("1989-01-15"))


def test_an_export_without_a_whole_month_of_a_country_is_refused(tmp_path):
    with pytest.raises(CoverageError, match="no country for a whole month up to 2024-01-31"):
        read(tmp_path, [{"event_date": "2024-02-05"}], covered=[])
    with pytest.raises(CoverageError, match="no country for a whole month"):
        read(tmp_path, [{"iso": 638, "country": "Reunion"}], covered=[], through=pd.Timestamp("2024-05-31"))


def test_layouts_of_other_years_give_the_same_table(tmp_path):
    expected = read(tmp_path, [{}]).events
    older = [
        {**row, "event_date": f"{pd.Timestamp(row['event_date']):%d %B %Y}"}
        for row in [*COVERED, {"event_date": "2024-02-05", "inter1": "2", "inter2": "1"}]
    ]
    pd.testing.assert_frame_equal(read(tmp_path, older, covered=[], separator=";").events, expected)


def test_places_that_ucdp_counts_to_a_state_are_kept(tmp_path):
    rows = [
        {"event_id_cnty": "ESH1", "iso": 732, "country": "Western Sahara"},
        {"event_id_cnty": "KOS1", "iso": 0, "country": "Kosovo"},
    ]
    covered = [
        protest(f"{code}0", "2024-01-01", iso=iso, country=name)
        for code, iso, name in (("E", 732, "Western Sahara"), ("K", 0, "Kosovo"))
    ]
    assert read(tmp_path, rows, covered=[*COVERED, *covered]).events["gwno"].tolist() == [600, 347]


def test_every_kind_of_actor_in_words_and_numbers():
    words = ["State Forces", "Rebel Groups", "Political Militias", "Identity militia", "Rioters", "Protesters"]
    kinds = kind_of_actor(pd.Series([*words, "Civilians", "External/Other Forces", "", "8", "2.0", "Martians"]))
    assert kinds.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 0, 8, 2, -1]


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        ({"event_type": "Picnic"}, "event_type", "'Picnic'"),
        ({"inter1": "Martians"}, "inter1", "'Martians'"),
        ({"actor1": ""}, "actor1", "where the actor"),
        ({"event_date": "02/05/2024"}, "event_date", "02/05/2024"),
        ({"event_date": "2024-06-16"}, "event_date", "after today"),
        ({"event_date": "1988-06-16"}, "event_date", "before January 1989"),
        ({"fatalities": "-1"}, "fatalities", "'-1'"),
        ({"fatalities": "many"}, "fatalities", "'many'"),
        ({"latitude": "95"}, "latitude", "'95'"),
        ({"geo_precision": "4"}, "geo_precision", "'4'"),
        ({"iso": "Mali"}, "iso", "'Mali'"),
        ({"event_id_cnty": ""}, "event_id_cnty", "id of the event"),
        ({"event_id_cnty": "MLI-a"}, "event_id_cnty", "not one an actor"),
    ],
)
def test_impossible_values_are_named_with_their_line(tmp_path, row, column, found):
    with pytest.raises(SchemaError) as error:
        read(tmp_path, [row])
    assert (error.value.row, error.value.column) == (4, column)
    assert found in str(error.value)
    assert "export.csv" in str(error.value)


def test_another_file_is_refused(tmp_path):
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="names none of the columns"):
        read_acled(file, today=TODAY)
