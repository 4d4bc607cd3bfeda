"""How earlier issues did, laid out from settled forecasts that were counted by hand."""

import numpy as np
import pandas as pd

from faultline.pipelines.issue.track_record import SETTLED, no_record
from faultline.pipelines.report.record import lay_out_record
from faultline.pipelines.report.wording import Wording

ENGLISH = Wording.of("en")


def settled(*, issue: str = "2026-05", made: str | None = "2026-05-20") -> pd.DataFrame:
    units = [("AAA", 0.9, 1, 40), ("BBB", 0.8, 0, 3), ("CCC", 0.3, 1, 90), ("DDD", 0.1, 0, 0)]
    start = pd.Timestamp(f"{issue}-01")
    rows = []
    for code, chance, outcome, deaths in units:
        shared = {"issue": issue, "made_on": pd.Timestamp(made) if made else pd.NaT, "location_code": code}
        shared |= {"location_name": f"Land {code}", "admin_level": 0, "horizon_months": 1, "deaths": float(deaths)}
        shared |= {"reference_period_start": start, "reference_period_end": start + pd.offsets.MonthEnd(0)}
        event = {"target": "violence_25", "probability": chance, "baseline_probability": 0.5, "outcome": float(outcome)}
        event |= {"brier": (chance - outcome) ** 2, "baseline_brier": 0.25}
        counted = {"target": "deaths", "q05": 2.0, "q50": 20.0, "q95": 50.0, "outcome": np.nan}
        rows += [shared | event, shared | counted]
    return pd.DataFrame(rows).reindex(columns=list(SETTLED))


def test_a_first_issue_says_that_there_is_no_record_yet():
    record = lay_out_record(no_record(), ENGLISH, issue="2026-06")
    assert record.sentences[0].startswith("There is no track record yet")
    assert record.counts == record.skill == ()


def test_hits_misses_and_false_alarms_are_counted_and_named():
    record = lay_out_record(settled(), ENGLISH, issue="2026-06")
    assert record.heading == "How it went in May 2026"
    assert [(kind, number) for kind, number, _ in record.counts] == [
        ("hit", "1"),
        ("miss", "1"),
        ("false_alarm", "1"),
        ("quiet", "1"),
    ]
    assert "Missed: Land CCC (30%)." in record.sentences[1]
    assert "False alarms: Land BBB (80%)." in record.sentences[1]
    assert "2 held what was recorded (50%)" in record.sentences[1]


def test_the_largest_deviations_come_first_with_their_deaths():
    record = lay_out_record(settled(), ENGLISH, issue="2026-06")
    assert [row.key for row in record.deviations] == ["BBB", "CCC", "DDD", "AAA"]
    assert record.deviations[1].deaths == "90"
    assert record.deviations[1].expected == "20 (2 to 50)"
    assert [row.key for row in record.deaths] == ["DDD", "CCC"]


def test_skill_is_told_against_persistence():
    (row,) = lay_out_record(settled(), ENGLISH, issue="2026-06").skill
    # Brier (.01 + .64 + .49 + .01) / 4 against .25
    assert (row.brier, row.skill, row.beaten) == ("0.2875", "\N{MINUS SIGN}0.150", False)


def test_issues_that_were_made_later_are_said_to_be():
    assert not any("after" in note for note in lay_out_record(settled(), ENGLISH, issue="2026-06").notes)
    late = lay_out_record(settled(made="2026-11-25"), ENGLISH, issue="2026-06")
    assert any("made after" in note for note in late.notes)


def test_skill_is_drawn_from_the_second_month_on():
    both = pd.concat([settled(issue="2026-04"), settled()])
    assert lay_out_record(settled(), ENGLISH, issue="2026-06").picture is None
    assert lay_out_record(both, ENGLISH, issue="2026-06").picture.source.startswith("data:image/svg+xml")
