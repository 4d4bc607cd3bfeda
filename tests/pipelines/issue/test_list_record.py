"""How the lists did, from settled forecasts that were counted by hand."""

import numpy as np
import pandas as pd
import pytest

from faultline.pipelines.issue.list_record import COLUMNS, list_record
from faultline.pipelines.issue.track_record import SETTLED, no_record


def settled(target, horizon, *, issues=("2025-01", "2025-02"), **columns):
    """Four countries in each issue."""
    shared = {"admin_level": 0, "target": target, "horizon_months": horizon, "location_code": list("ABCD")}
    return pd.concat(
        [pd.DataFrame({"issue": issue} | shared | columns).reindex(columns=list(SETTLED)) for issue in issues]
    )


def test_of_those_named_it_is_counted_how_many_saw_it():
    rows = settled("crossing_25", 3, probability=[0.4, 0.3, 0.2, 0.1], outcome=[1.0, 0.0, 1.0, 0.0])
    (told,) = list_record(rows, top=2).to_dict("records")
    assert told["list"] == "quiet"
    assert (told["issues"], told["named"], told["happened"], told["base_rate"]) == (2, 4, 2, 0.5)
    assert (told["first_issue"], told["last_issue"]) == ("2025-01", "2025-02")


def test_only_the_latest_issues_count():
    rows = settled("rise_30", 6, probability=[0.4, 0.3, 0.2, 0.1], outcome=[1.0, 1.0, 0.0, 0.0])
    rows.loc[rows["issue"] == "2025-02", "outcome"] = 0.0
    (told,) = list_record(rows, months=1, top=2).to_dict("records")
    assert (told["first_issue"], told["happened"], told["base_rate"]) == ("2025-02", 0, 0.0)


def test_where_it_had_happened_before_nobody_is_named():
    rows = settled(
        "violence_1000", 12, probability=[0.9, 0.3, 0.2, 0.1], deaths_before=[5_000, 0, 0, 0], outcome=[1.0, 1, 0, 0]
    )
    (told,) = list_record(rows, top=1).to_dict("records")
    assert (told["named"], told["happened"]) == (2, 2)
    assert told["base_rate"] == pytest.approx(1 / 3)


def test_of_a_list_by_deaths_those_with_the_most_are_hits():
    rows = settled("deaths_total", 12, q50=[90, 80, 7, 1], mean_deaths=1.0, deaths=[50, 0, 60, 0], outcome=np.nan)
    (told,) = list_record(rows, top=2).to_dict("records")
    assert (told["named"], told["happened"], told["base_rate"]) == (4, 2, 0.5)  # A of A and B, where A and C had most


def test_nothing_settled_is_no_record():
    assert list_record(no_record()).empty
    assert tuple(list_record(no_record()).columns) == COLUMNS
