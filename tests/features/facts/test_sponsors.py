"""Changes of sponsor: who left at the host's wish, and who came instead."""

import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.facts.sponsors import sponsor_switches, sponsor_values
from faultline.features.months import month_range
from faultline.features.sources.deployments import read_deployments


def facts(*rows):
    """Facts of Mali: deployment, class, fact, date, initiator, regions, known_on."""
    columns = ["deployment", "actor_class", "fact", "date", "initiator", "regions", "known_on"]
    table = pd.DataFrame([(*row, None, None, None)[: len(columns)] for row in rows], columns=columns)
    days = pd.to_datetime(table["date"]).astype("datetime64[s]")
    known = pd.to_datetime(table["known_on"]).astype("datetime64[s]").fillna(days)
    return table.assign(date=days, known_on=known, iso3="MLI", gwno=432, fact_id=[f"f{i}" for i in range(len(table))])


FRENCH = [("a", "french", "arrival", "2013-01-11"), ("a", "french", "departure", "2022-08-15", "host")]


def pairs(table):
    return [tuple(row) for row in sponsor_switches(table)[["left", "came"]].itertuples(index=False)]


@pytest.mark.parametrize("day", ["2021-08-15", "2021-12-01", "2023-08-15"])
def test_another_class_within_a_year_before_or_after_is_a_change(day):
    switches = sponsor_switches(facts(*FRENCH, ("b", "russian", "arrival", day)))
    assert switches[["left", "came"]].to_numpy().tolist() == [["french", "russian"]]
    assert switches["date"].item() == max(pd.Timestamp("2022-08-15"), pd.Timestamp(day))


@pytest.mark.parametrize(
    "rows",
    [
        [*FRENCH, ("b", "russian", "arrival", "2021-08-14")],
        [*FRENCH, ("b", "russian", "arrival", "2023-08-16")],
        [*FRENCH, ("b", "french", "arrival", "2022-08-16")],  # a new name
        [*FRENCH, ("b", "russian", "arrival", "2022-09-01"), ("c", "french", "arrival", "2014-01-01")],  # others stay
        [*FRENCH, ("b", "russian", "arrival", "2022-09-01"), ("c", "french", "arrival", "2022-08-16")],
        [*FRENCH, ("b", "russian", "arrival", "2022-09-01"), ("c", "russian", "arrival", "2014-01-01")],  # is there
        [FRENCH[0], (*FRENCH[1][:4], "sender"), ("b", "russian", "arrival", "2022-09-01")],
        [FRENCH[0], FRENCH[1][:4], ("b", "russian", "arrival", "2022-09-01")],
        [FRENCH[0], (*FRENCH[1], "MLI-2690"), ("b", "russian", "arrival", "2022-09-01")],  # one base
        [("b", "russian", "arrival", "2022-09-01")],
    ],
)
def test_what_is_no_change_of_sponsor(rows):
    assert pairs(facts(*rows)) == []


def test_a_change_is_known_when_the_last_of_its_facts_is():
    late = ("b", "russian", "arrival", "2022-01-01", None, None, "2022-10-01")
    earlier = [("c", "french", "arrival", "2014-01-01"), ("c", "french", "departure", "2020-01-01", "sender", None)]
    assert sponsor_switches(facts(*FRENCH, *earlier, late))["known_on"].item() == pd.Timestamp("2022-10-01")


def test_the_sahel_changed_its_sponsors_and_the_central_african_republic_did_not():
    switches = sponsor_switches(read_deployments())
    to_russia = switches[switches["came"] == "russian"]
    of_france = to_russia[to_russia["left"] == "french"].set_index("iso3")
    assert sorted(of_france.index) == ["BFA", "MLI", "NER"]
    told = {iso3: (f"{row.left_on:%Y-%m}", f"{row.came_on:%Y-%m}") for iso3, row in of_france.iterrows()}
    assert told == {
        "MLI": ("2022-08", "2021-12"),
        "BFA": ("2023-02", "2024-01"),
        "NER": ("2023-12", "2024-04"),
    }
    assert ("NER", "us") in set(zip(to_russia["iso3"], to_russia["left"], strict=True))
    # France ended Sangaris of its own accord, and the Russians came fifteen months after it.
    assert "CAF" not in set(switches["iso3"])


def test_what_becomes_known_later_changes_no_earlier_change():
    table = read_deployments()
    switches = sponsor_switches(table)
    for day in pd.date_range("2012-06-30", "2026-06-30", freq="12ME"):
        then = sponsor_switches(table[table["known_on"] <= day])
        pd.testing.assert_frame_equal(then, switches[switches["known_on"] <= day].reset_index(drop=True))


def test_a_switch_counts_in_the_month_in_which_all_of_it_was_known():
    table, months = bundled().deployments, month_range(pd.Period("2015-01", "M"), pd.Period("2025-12", "M"))
    made = sponsor_values(table, countries=pd.Index([432, 436]), months=months)
    mali = pd.Series(made["sponsor_switches"][:, 0], index=months)
    assert {str(month): n for month, n in mali[mali > 0].items()} == {"2022-06": 1, "2022-08": 1}
    then = sponsor_values(table, countries=pd.Index([432]), months=months[months <= pd.Period("2022-07", "M")])
    np.testing.assert_array_equal(then["sponsor_switches"][:, 0], mali[: len(then["sponsor_switches"])])
    niger = pd.Series(made["host_exits"][:, 1], index=months)
    assert niger["2023-08":"2024-09"].sum() >= 3  # the French, the Americans, the EU's mission
    assert niger[:"2023-07"].sum() == 0
