"""What revision did, and the range of provisional counts: made months whose answers are known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled

from faultline.pipelines.issue.revisions import log_range, revised_counts, runs, whole_year, year_by_country

CODES = {"MLI": 432, "NER": 436, "SDN": 625}
ORIGIN = pd.Period("2026-05", "M")


def revisions(*, months=12, **ratios):
    """Countries with 100 candidate deaths a month of 2025, and as many times these in the final count."""
    span = pd.period_range("2025-01", periods=months, freq="M")
    rows = [
        {"iso3": iso3, "gwno": CODES[iso3], "month": month, "first": 100, "later": round(100 * ratio), "final": True}
        for iso3, ratio in ratios.items()
        for month in span
    ]
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def snapshot():
    """The bundled data, with 150 provisional deaths a month of Mali in the first months of 2026, and 2 of Niger."""
    whole = bundled()
    final = whole.country_month[~whole.country_month["provisional"]]
    months = pd.date_range("2026-01-01", "2026-05-01", freq="MS")
    shared = {"violence_type": "sb", "events": 1, "provisional": True, "war_total": False}
    made = [
        shared | {"gwno": CODES[code], "month": month, "deaths": deaths, "known_on": month + pd.offsets.MonthEnd()}
        for code, deaths in (("MLI", 150), ("NER", 2))
        for month in months
    ]
    return replace(whole, country_month=pd.concat([final, pd.DataFrame(made)], ignore_index=True))


def test_a_year_is_one_of_which_every_month_is_final():
    whole = revisions(MLI=2)
    other = revisions(NER=1, months=3).assign(month=pd.period_range("2026-01", periods=3, freq="M"))
    assert set(whole_year(pd.concat([whole, other]))["iso3"]) == {"MLI"}
    assert whole_year(revisions(MLI=2, months=11)).empty
    assert whole_year(whole.assign(final=False)).empty


def test_the_ratio_of_a_month_is_told_where_it_has_ten_deaths():
    year = revisions(MLI=2, NER=1)
    year.loc[year.index[:2], ["first", "later"]] = [[50, 25], [9, 900]]
    told = year_by_country(year)
    assert told[told.index == "MLI"].to_numpy().ravel().tolist() == [50 + 9 + 1000, 25 + 900 + 2000, 0.5, 2]


def test_runs_are_months_on_end_and_absent_months_are_zero():
    year = revisions(MLI=2, NER=1)
    year = year[(year["iso3"] != "NER") | (year["month"] >= pd.Period("2025-12", "M"))]
    three = runs(year, 3)
    mali, niger = (three[three["iso3"] == code] for code in ("MLI", "NER"))
    assert mali["first"].tolist() == [300] * 10
    assert mali["ratio"].tolist() == pytest.approx([np.log(601 / 301)] * 10)
    assert mali["like"].unique().tolist() == [2]
    assert niger[["first", "like"]].to_numpy().tolist() == [[100, 1]]
    assert niger["end"].tolist() == [pd.Period("2025-12", "M")]


def test_a_range_holds_nine_of_ten_further_ratios():
    rng = np.random.default_rng(3)
    inside = []
    for _ in range(2_000):
        drawn = rng.normal(size=41)
        low, high = log_range(pd.Series(drawn[:40]))
        inside.append(low <= drawn[40] <= high)
    assert 0.88 < np.mean(inside) < 0.94
    assert log_range(pd.Series([0.5, -0.5])) == (-0.5, 0.5)


def test_provisional_months_are_told_with_the_range_of_like_counts(snapshot):
    told = revised_counts(snapshot, ORIGIN, revisions(MLI=2, SDN=0.5)).set_index("location_code")
    mali, niger = told.to_dict("index")["MLI"], told.to_dict("index")["NER"]
    assert (str(mali["start"]), str(mali["end"]), mali["months"], mali["deaths"]) == ("2026-01", "2026-05", 5, 750)
    assert (mali["year"], mali["first"], mali["later"]) == (2025, 1200, 2400)
    assert mali["low"] == pytest.approx(751 * 251 / 501 - 1)
    assert mali["high"] == pytest.approx(751 * 1001 / 501 - 1)
    assert (niger["first"], niger["deaths"]) == (0, 10)
    assert np.isnan(niger["low"])  # no like count was revised
    assert "SDN" not in told.index  # no provisional deaths


def test_what_was_not_known_yet_is_not_told(snapshot):
    table = revisions(MLI=2)
    assert revised_counts(snapshot, pd.Period("2025-12", "M"), table).empty
    assert revised_counts(snapshot, pd.Period("2026-02", "M"), table)["deaths"].tolist() == [300, 4]
    counts = snapshot.country_month
    as_of = replace(
        snapshot, country_month=counts.assign(provisional=counts["provisional"] | (counts["month"] > "2025-06-01"))
    )
    assert revised_counts(as_of, ORIGIN, table).empty
    assert revised_counts(snapshot, ORIGIN, revisions(MLI=2, months=6)).empty
