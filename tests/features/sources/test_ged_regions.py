"""Regions: events placed and shared over months, by hand, as properties, and in the real files."""

import datetime as dt

import made_sources
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultline.features.errors import SchemaError, SourceError
from faultline.features.sources.admin1_units import read_admin1_outlines, read_admin1_units
from faultline.features.sources.ged_regions import EVENT_FILES, read_sides
from faultline.features.sources.month_shares import allocate_over_months
from faultline.features.sources.ucdp import read_country_month, read_release

OUTLINES = "boundaries/africa-admin1-naturalearth.geojson"


def read(folder):
    return read_sides(folder / "ucdp", outlines=read_admin1_outlines(folder / OUTLINES, read_admin1_units())[0])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return read(made_sources.write_world(tmp_path_factory.mktemp("world")))


def month(made, region, day):
    rows = made.region_sides
    here = rows["region_id"].isna() if region is None else rows["region_id"] == region
    return rows[here & (rows["month"] == pd.Timestamp(day))]


def test_an_event_of_two_months_counts_in_both_and_its_deaths_go_by_days(made):
    # 30 January to 3 February: two of five days, then three; 6 deaths make 2.4 and 3.6.
    january, february = month(made, "NG-OG", "2012-01-01"), month(made, "NG-OG", "2012-02-01")
    assert (january["events"].item(), january["deaths"].item()) == (1, 2)
    assert (february["events"].item(), february["deaths"].item()) == (1, 4)


def test_an_event_known_to_the_country_only_has_no_region(made):
    rows = month(made, None, "2012-01-01")
    assert (rows["gwno"].item(), rows["violence_type"].item(), rows["deaths"].item()) == (475, "os", 3)
    assert rows["side_b_id"].item() == 9999


def test_an_event_just_outside_goes_to_the_nearest_region_and_one_far_outside_to_the_country(made):
    assert month(made, "NG-LA", "2012-03-01")["deaths"].item() == 2
    assert month(made, None, "2012-03-01")["deaths"].item() == 1
    assert made.losses["ged201-nigeria_events_placed_in_the_nearest_region"] == 1
    assert made.losses["ged201-nigeria_events_outside_every_region"] == 1
    assert made.losses["ged201-nigeria_share_of_deaths_unallocated"] == pytest.approx(4 / 22, abs=1e-6)


def test_before_the_secession_an_event_is_of_the_state_of_today_and_after_it_of_ucdps(made):
    assert month(made, "SD-KH", "2011-05-01")["deaths"].item() == 4
    south = month(made, "SS-UY", "2011-05-01")
    assert (south["deaths"].item(), south["gwno"].item()) == (8, 626)
    # The third lies 11 km inside South Sudan's square in 2012, in a file that has Sudan's events only.
    assert month(made, "SD-KH", "2012-05-01")["deaths"].item() == 16


def test_organised_is_what_is_not_communal(made):
    rows = made.region_sides
    assert rows.loc[rows["violence_type"] != "ns", "organised"].all()
    assert rows.loc[rows["side_a_id"] == 1051, "organised"].all()
    assert not rows.loc[rows["side_a_id"] == 700, "organised"].any()
    assert made.losses["events_ns_of_unknown_organisation"] == 1


def test_coverage_ends_where_the_files_do(made):
    coverage = made.sides_coverage.set_index("gwno")
    assert (coverage["first_month"] == "1989-01-01").all()
    last = coverage["last_month"].dt.strftime("%Y-%m").to_dict()
    assert last == {475: "2019-12", 625: "2023-12", 626: "2011-06"}


events = st.lists(
    st.tuples(st.dates(dt.date(1989, 1, 1), dt.date(2023, 12, 31)), st.integers(0, 150), st.integers(0, 5000)),
    min_size=1,
    max_size=8,
)


@given(events)
def test_deaths_shared_over_months_keep_their_sum_and_stay_within_one_of_their_share(rows):
    frame = pd.DataFrame(
        {
            "event_id": range(len(rows)),
            "start": pd.to_datetime([start for start, _, _ in rows]),
            "end": pd.to_datetime([start + dt.timedelta(days=days) for start, days, _ in rows]),
            "deaths": [deaths for _, _, deaths in rows],
        }
    )
    monthly = allocate_over_months(frame)
    assert monthly.groupby("event_id")["deaths"].sum().tolist() == frame["deaths"].tolist()
    for event, start, days, deaths in ((i, *row) for i, row in enumerate(rows)):
        own = monthly[monthly["event_id"] == event].set_index("month")["deaths"]
        each = [pd.Timestamp(start) + pd.Timedelta(days=n) for n in range(days + 1)]
        slow = (
            pd.Series([deaths / (days + 1)] * (days + 1), pd.DatetimeIndex(each).to_period("M")).groupby(level=0).sum()
        )
        assert pd.PeriodIndex(own.index, freq="M").tolist() == slow.index.tolist()
        assert (own.to_numpy() > slow.to_numpy() - 1).all()
        assert (own.to_numpy() < slow.to_numpy() + 1).all()


def test_ties_go_to_the_earlier_month():
    event = pd.DataFrame(
        {
            "event_id": [1],
            "start": [pd.Timestamp("2012-01-31")],
            "end": [pd.Timestamp("2012-02-01")],
            "deaths": [1],
        }
    )
    assert allocate_over_months(event)["deaths"].tolist() == [1, 0]


@pytest.fixture(scope="module")
def real(shared_data):
    return read(shared_data)


def test_the_real_regions_keep_every_death(real):
    deaths = real.region_sides.groupby("gwno")["deaths"].sum()
    assert deaths[475] == 57_032
    assert deaths[625] + deaths[626] == 106_270


def test_the_real_unallocated_deaths_are_a_twentieth_and_a_seventh(real):
    unallocated = real.region_sides[real.region_sides["region_id"].isna()].groupby("gwno")["deaths"].sum()
    assert unallocated.to_dict() == {475: 2580, 625: 14_520}


def test_no_real_row_lies_outside_its_countrys_coverage(real):
    rows = real.region_sides.merge(real.sides_coverage, on="gwno")
    assert rows["month"].between(rows["first_month"], rows["last_month"]).all()


def test_the_real_months_before_the_first_nigerian_event_are_quiet_in_the_newest_release_as_well(shared_data):
    folder = shared_data / "ucdp"
    table = read_country_month(folder / "country-month.csv", release=read_release(folder / "meta.yaml"))
    assert table.loc[table["gwno"] == 475, "month"].min() == pd.Timestamp("1990-09-01")


def test_every_covered_state_is_named_once():
    states = [gwno for file in EVENT_FILES for gwno in file.coverage]
    assert sorted(states) == [475, 625, 626]


@pytest.mark.parametrize(
    ("old", "new", "kind", "row", "column"),
    [
        ("2,2.0,2.0,5174", "2,1.0,2.0,5174", SchemaError, 5, "id"),
        ("2,2.0,2.0,5174", "2,2.0,4.0,5174", SchemaError, 5, "type_of_violence"),
        ("2012-02-03", "2012-01-03", SchemaError, 5, "date_end"),
        ("2012-02-03", "2022-01-03", SchemaError, 5, "date_end"),
        ("2012-02-03", "3 February", SchemaError, 5, "date_end"),
        (",10\n", ",-10\n", SchemaError, 3, "best"),
        (",10\n", ",many\n", SchemaError, 3, "best"),
        (",4.91,", ",491,", SchemaError, 7, "latitude"),
        (",2.0,4.91", ",9.0,4.91", SchemaError, 7, "where_prec"),
        ("where_prec", "precision", SchemaError, 1, "where_prec"),
        ("00:00:00.000,1\n", "", SourceError, 8, None),
    ],
)
def test_a_broken_file_is_one_error_with_the_line_of_the_event(*, tmp_path, old, new, kind, row, column):
    file = made_sources.write_world(tmp_path) / "ucdp" / "ged201-nigeria.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(kind) as caught:
        read(tmp_path)
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, row, column)
    assert caught.value.remedy
