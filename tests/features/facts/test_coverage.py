"""Where facts were searched, and what follows for months and countries."""

import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.facts.coverage import (
    coded_arrays,
    is_coded,
    searched_months,
    searched_share,
    searched_until,
    uncoded_facts,
)

MONTHS = pd.period_range("2004-01", "2030-12", freq="M")


def table(*rows):
    made = pd.DataFrame(rows, columns=["gwno", "kind", "first_year", "searched_until"])
    return made.assign(searched_until=pd.to_datetime(made["searched_until"]).astype("datetime64[s]"))


def coded(coverage, name, gwno=432):
    arrays = coded_arrays(coverage, countries=pd.Index([432, 652]), months=MONTHS)
    return pd.Series(arrays[name][:, [432, 652].index(gwno)] > 0, MONTHS)


def spans(series):
    return [str(month) for month in (series.idxmax(), series[::-1].idxmax())] if series.any() else []


def test_a_country_is_coded_from_its_first_year_until_what_was_known_last_is_too_old():
    coverage = table((432, "deployments", 2005, "2025-06-30"))
    assert spans(coded(coverage, "deployments_coded")) == ["2005-01", "2026-12"]
    assert not coded(coverage, "deployments_coded", 652).any()
    assert not coded(coverage, "transitions_coded").any()


def test_elections_stop_with_the_search_for_them_and_go_on_where_transitions_are_coded():
    everywhere = (0, "elections", 1950, "2021-03-31")
    assert spans(coded(table(everywhere), "elections_coded")) == ["2004-01", "2021-03"]
    both = table(everywhere, (432, "transitions", 2005, "2026-02-28"))
    assert spans(coded(both, "elections_coded")) == ["2004-01", "2027-08"]
    assert spans(coded(both, "elections_coded", 652)) == ["2004-01", "2021-03"]


def test_un_bases_have_a_coverage_of_their_own():
    coverage = table((0, "un_bases", 1994, "2024-12-31"))
    assert spans(coded(coverage, "un_coded", 652)) == ["2004-01", "2026-06"]
    assert not coded(coverage, "deployments_coded", 652).any()


def test_a_country_that_was_not_searched_has_no_day():
    coverage = table((432, "deployments", 2005, "2025-06-30"), (0, "coups", 1950, "2026-02-28"))
    assert searched_until(coverage, "deployments", 432) == pd.Timestamp("2025-06-30")
    assert searched_until(coverage, "deployments", 652) is None
    assert searched_until(coverage, "coups", 652) == pd.Timestamp("2026-02-28")
    assert not is_coded(coverage, "transitions", 432)


def test_the_share_searched_is_of_deadly_months_alone_between_first_year_and_last_day():
    coverage = table((432, "deployments", 2011, "2012-06-30"), (652, "transitions", 2005, "2020-12-31"))
    months = ["2010-12", "2011-01", "2012-06", "2012-07", "2012-01", "2012-01"]
    counts = pd.DataFrame(
        {
            "gwno": [432, 432, 432, 432, 432, 652],
            "month": pd.to_datetime(months).astype("datetime64[s]"),
            "deaths": [30, 25, 40, 30, 24, 99],
        }
    )
    halves = pd.concat([counts.assign(deaths=counts["deaths"] - 20), counts.assign(deaths=20)])  # two types of violence
    share = searched_share(coverage, "deployments", halves, since=2011, deaths=25)
    assert share == pytest.approx(2 / 4)  # January 2011 and June 2012, of these, July 2012 and Syria's


@pytest.mark.parametrize("kind", ["deployments", "transitions"])
def test_the_forty_countries_with_the_most_deaths_since_2010_are_coded(kind):
    snapshot = bundled()
    recent = snapshot.country_month[snapshot.country_month["month"] >= "2010"]
    deadliest = recent.groupby("gwno")["deaths"].sum().nlargest(40).index
    assert [gwno for gwno in deadliest if not is_coded(snapshot.facts_coverage, kind, gwno)] == []
    assert searched_share(snapshot.facts_coverage, kind, snapshot.country_month, since=2010, deaths=25) >= 0.85


@pytest.mark.parametrize("kind", ["deployments", "transitions"])
def test_every_bundled_fact_is_of_a_country_that_is_coded(kind):
    snapshot = bundled()
    missed = uncoded_facts(getattr(snapshot, kind), snapshot.facts_coverage, kind)
    assert missed["iso3"].unique().tolist() == []  # add these to features/reference/facts_coverage.csv


def test_tables_of_others_are_searched_as_far_as_they_reach():
    snapshot = bundled()
    for kind in ("elections", "un_bases"):
        until = searched_until(snapshot.facts_coverage, kind, 432)
        assert f"{until:%Y-%m-%d}" == snapshot.provenance[kind].data_through
    assert snapshot.un_bases["month"].min().year == 1994


def test_coded_arrays_of_a_shorter_panel_are_the_start_of_the_longer():
    coverage, countries = bundled().facts_coverage, pd.Index([432, 652])
    short = coded_arrays(coverage, countries=countries, months=MONTHS[:100])
    for name, array in coded_arrays(coverage, countries=countries, months=MONTHS).items():
        np.testing.assert_array_equal(array[:100], short[name])


def test_a_month_was_searched_up_to_the_search_alone_by_any_of_the_kinds():
    coverage = table((0, "elections", 1950, "2021-03-31"), (432, "transitions", 2005, "2026-02-28"))
    found = searched_months(coverage, ("elections", "transitions"), countries=pd.Index([432, 652]), months=MONTHS)
    assert spans(pd.Series(found[:, 0], MONTHS)) == ["2004-01", "2026-02"]
    assert spans(pd.Series(found[:, 1], MONTHS)) == ["2004-01", "2021-03"]
    assert not searched_months(coverage, ("coups",), countries=pd.Index([432]), months=MONTHS).any()
