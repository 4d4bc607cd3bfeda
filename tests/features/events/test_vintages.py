"""What was known on a day: one yearly release, and the candidate files after it."""

from pathlib import Path

import pandas as pd
import pytest
from made_release import CANDIDATES, EVENTS, csv_text

from faultline.features.errors import CoverageError
from faultline.features.events.vintages import known_events
from faultline.features.sources.ged_release import EventRelease, candidate_vintage, final_vintage, read_release_events
from faultline.features.sources.organisation import organisation_levels


@pytest.fixture
def read(tmp_path: Path):
    def release(vintage, events) -> EventRelease:
        path = tmp_path / f"{vintage.version}.csv"
        path.write_text(csv_text(events), encoding="utf-8")
        return read_release_events(path, vintage, levels=organisation_levels(), organised_actors=set())

    return release


def day(identity: int, date: str, deaths: int = 1) -> dict[str, object]:
    return {"id": identity, "date_start": date, "date_end": date, "best": deaths, "low": deaths, "high": deaths}


def test_the_yearly_release_replaces_candidates_and_they_stay_provisional(read):
    known = known_events([read(final_vintage("26.1"), EVENTS), read(candidate_vintage(2026, 1), CANDIDATES)])
    assert known.events["event_id"].tolist() == [*map(str, range(1, 9)), "101"]
    assert known.events.set_index("event_id").loc["8", "deaths"] == 5  # the reviewed number, not the candidate's 50
    assert known.events.loc[known.events["provisional"], "event_id"].tolist() == ["101"]
    assert known.losses["candidates_replaced_by_the_yearly_release"] == 1
    assert known.data_through == pd.Timestamp("2026-01-31")


def test_the_later_candidate_file_counts(read):
    january = read(candidate_vintage(2026, 1), [day(101, "2026-01-05", 9)])
    february = read(candidate_vintage(2026, 2), [day(101, "2026-01-05", 19), day(102, "2026-02-05")])
    known = known_events([february, read(final_vintage("26.1"), EVENTS), january])
    assert known.events.set_index("event_id").loc["101", "deaths"] == 19
    assert known.losses["candidates_replaced_by_a_later_file"] == 1


def test_a_file_of_several_months_takes_the_place_of_the_single_ones(read):
    single = read(candidate_vintage(2026, 1), [day(101, "2026-01-05", 9)])
    joined = read(candidate_vintage(2026, 3, first_month=1), [day(102, "2026-03-05", 4)])
    known = known_events([read(final_vintage("26.1"), EVENTS), single, joined])
    assert [vintage.version for vintage in known.vintages] == ["26.1", "26.01.26.03"]
    assert "101" not in set(known.events["event_id"])


def test_as_of_reproduces_what_was_out(read):
    releases = [
        read(final_vintage("25.1"), [day(1, "2024-05-01", 1)]),
        read(candidate_vintage(2025, 1), [day(2, "2025-01-05", 2)]),
        read(candidate_vintage(2025, 2), [day(3, "2025-02-05", 3)]),
        read(final_vintage("26.1"), [day(1, "2024-05-01", 10), day(2, "2025-01-05", 20)]),
    ]

    def deaths(as_of: str) -> list[int]:
        return known_events(releases, as_of=pd.Timestamp(as_of)).events["deaths"].tolist()

    assert deaths("2025-07-01") == [1, 2, 3]
    assert deaths("2026-06-29") == [1, 2, 3]
    assert deaths("2026-06-30") == [10, 20]
    later = known_events(releases[:2], as_of=pd.Timestamp("2025-07-01"))
    assert later.data_through == pd.Timestamp("2025-01-31")


def test_nothing_is_known_that_was_not_out(read):
    releases = [read(final_vintage("26.1"), EVENTS), read(candidate_vintage(2026, 1), CANDIDATES)]
    for as_of in pd.date_range("2026-02-01", "2026-12-31", freq="15D"):
        try:
            known = known_events(releases, as_of=as_of)
        except CoverageError:
            assert as_of < pd.Timestamp("2026-06-30")
        else:
            assert (known.events["known_on"] <= as_of).all()


def test_a_month_that_is_left_out_is_an_error(read):
    releases = [read(final_vintage("26.1"), EVENTS), read(candidate_vintage(2026, 2), [day(102, "2026-02-05")])]
    with pytest.raises(CoverageError, match="no candidate file covers 2026-01"):
        known_events(releases)


def test_candidates_alone_are_no_release(read):
    with pytest.raises(CoverageError, match="no yearly release"):
        known_events([read(candidate_vintage(2026, 1), CANDIDATES)])
