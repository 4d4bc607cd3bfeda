"""What was said of a unit and what happened, counted by hand."""

import numpy as np
import pandas as pd

from faultline.pipelines.issue.track_record import SETTLED, no_record
from faultline.pipelines.issue.unit_record import apart, unit_records


def settled():
    """Four monthly issues on Mali: 25 deaths called in the first three; they happened in the first and the last."""
    rows = []
    said = (("2025-01", 0.9, 1, 40), ("2025-02", 0.8, 0, 3), ("2025-03", 0.7, 0, 9), ("2025-04", 0.2, 1, 99))
    for month, chance, outcome, deaths in said:
        start = pd.Timestamp(f"{month}-01")
        shared = {"issue": month, "backfilled": month < "2025-03", "location_code": "MLI", "location_name": "Mali"}
        shared |= {"admin_level": 0, "horizon_months": 3, "deaths": deaths, "reference_period_start": start}
        shared |= {"reference_period_end": (start.to_period("M") + 2).end_time.normalize()}
        rows.append(shared | {"target": "violence_25", "probability": chance, "outcome": outcome})
        rows.append(shared | {"target": "deaths_total", "q05": 1, "q50": 20, "q95": 50, "outcome": np.nan})
        rows.append(shared | {"target": "violence_1", "probability": 1.0, "outcome": 1})
    return pd.DataFrame(rows).reindex(columns=list(SETTLED))


def test_each_issue_has_what_was_said_and_what_happened_the_newest_first():
    told = unit_records(settled())
    assert told["issue"].tolist() == ["2025-04", "2025-03", "2025-02", "2025-01"]
    assert told["kind"].tolist() == ["miss", "false_alarm", "false_alarm", "hit"]
    assert told["inside"].tolist() == [False, True, True, True]
    assert told["q50"].tolist() == [20.0] * 4


def test_windows_that_are_shown_do_not_overlap():
    assert apart(unit_records(settled()))["issue"].tolist() == ["2025-04", "2025-01"]


def test_deaths_that_were_not_spoken_of_are_neither_inside_nor_outside():
    told = unit_records(settled().query("target == 'violence_25'"))
    assert told["inside"].isna().all()
    assert unit_records(no_record()).empty
