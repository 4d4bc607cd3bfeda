"""Foreign forces month by month: what is there, what is announced, how far the nearest base is."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.blocks.deployments import arrivals, departures, replacement_gap, since_present
from faultline.features.facts.deployments import FARTHEST_MONTHS, deployment_stages, force_values
from faultline.features.facts.distances import base_distances
from faultline.features.facts.peacekeepers import carried_forward, pictures

MONTHS = pd.period_range("2012-01", "2026-05", freq="M")
MALI = pd.Index([432])


@pytest.fixture(scope="module")
def snapshot():
    return bundled()


@pytest.fixture(scope="module")
def mali(snapshot):
    values = force_values(snapshot.deployments, countries=MALI, months=MONTHS)
    return pd.DataFrame({name: array[:, 0] for name, array in values.items()}, index=MONTHS)


def facts(*rows):
    """Deployments with columns deployment, class, fact, date, known_on, regions, strength, announced end."""
    columns = ["deployment", "actor_class", "fact", "date", "known_on", "regions", "strength_low", "announced_end"]
    table = pd.DataFrame(rows, columns=columns)
    dates = {
        name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in ("date", "known_on", "announced_end")
    }
    return table.assign(
        **dates,
        fact_id=[f"f{i}" for i in range(len(table))],
        mission=table["deployment"],
        gwno=432,
        regions=table["regions"].astype("str"),
        strength_low=table["strength_low"].astype("float64"),
        strength_high=table["strength_low"].astype("float64"),
    )


def test_wagner_is_seen_in_mali_from_its_first_credible_report(mali):
    assert mali["russian_forces"].ne(0).idxmax() == pd.Period("2021-12", "M")


def test_barkhanes_withdrawal_is_seen_from_its_announcement_with_the_months_to_go(mali):
    assert mali.loc["2021-05", "withdrawals_announced"] == 0
    assert mali.loc["2021-06", "withdrawals_announced"] == 1
    assert mali.loc["2021-06", "months_to_withdrawal"] == FARTHEST_MONTHS  # no date was given
    assert mali.loc["2022-02", "months_to_withdrawal"] == 6
    assert mali.loc["2022-07", "french_forces"] == 1
    assert mali.loc["2022-08", "french_forces"] == 0


def test_a_change_of_name_leaves_no_gap_and_keeps_the_figure(mali):
    assert (mali.loc["2013-01":"2022-07", "french_forces"] == 1).all()
    assert mali.loc["2014-07", "french_troops"] == 1700  # Serval's last figure; Barkhane's became known on 13 August
    since = since_present(mali[["french_forces"]].to_numpy() > 0)
    assert MONTHS[arrivals(since)[:, 0]].tolist() == [pd.Period("2013-01", "M")]


def test_an_overdue_withdrawal_counts_below_zero_and_a_called_off_one_not_at_all():
    table = facts(
        ("a", "un", "arrival", "2012-02-01", "2012-02-01", None, None, None),
        ("a", "un", "withdrawal_announced", "2012-03-01", "2012-03-01", None, None, "2012-05-31"),
        ("a", "un", "withdrawal_cancelled", "2012-08-10", "2012-08-10", None, None, None),
    )
    left = force_values(table, countries=MALI, months=MONTHS)["months_to_withdrawal"][:9, 0]
    assert left.tolist() == [36, 36, 2, 1, 0, -1, -2, 36, 36]


def test_bases_of_a_region_are_counted():
    table = facts(
        ("a", "french", "arrival", "2012-01-01", "2012-01-01", "MLI-1", None, None),
        ("a", "french", "arrival", "2012-01-01", "2012-01-01", "MLI-1", None, None),
        ("a", "french", "departure", "2012-03-05", "2012-03-05", "MLI-1", None, None),
        ("a", "french", "departure", "2012-05-05", "2012-06-20", "MLI-1", None, None),
    )
    ((_, _, _, stages),) = deployment_stages(table, MONTHS)
    assert [(stage.start, sorted(stage.bases)) for stage in stages] == [(0, ["MLI-1"]), (2, ["MLI-1"]), (5, [])]
    assert all(stage.present for stage in stages)


def test_a_figure_counts_until_the_next_one_is_known():
    table = facts(
        ("a", "french", "arrival", "2012-01-01", "2012-01-01", None, None, None),
        ("a", "french", "strength", "2012-01-01", "2012-02-03", None, 100, None),
        ("a", "french", "strength", "2012-03-01", "2012-04-30", None, 300, None),
        ("a", "french", "departure", "2012-05-31", "2012-05-31", None, None, None),
    )
    troops = force_values(table, countries=MALI, months=MONTHS)["french_troops"][:6, 0]
    np.testing.assert_array_equal(troops, [np.nan, 100, 100, 300, 300, 0])


def test_the_people_of_a_class_are_not_known_while_those_of_one_of_its_forces_are_not():
    table = facts(
        ("a", "french", "arrival", "2012-01-01", "2012-01-01", None, None, None),
        ("a", "french", "strength", "2012-01-01", "2012-01-03", None, 100, None),
        ("b", "french", "arrival", "2012-02-01", "2012-02-01", None, None, None),
        ("b", "french", "departure", "2012-03-31", "2012-03-31", None, None, None),
    )
    values = force_values(table, countries=MALI, months=MONTHS)
    np.testing.assert_array_equal(values["french_troops"][:5, 0], [100, np.nan, np.nan, 100, 100])
    assert values["french_forces"][:5, 0].tolist() == [1, 2, 2, 1, 1]


@pytest.mark.parametrize(
    ("gwno", "name", "first", "people"),
    [
        (481, "french_troops", "2023-09", 380),
        (522, "french_troops", "2023-12", 1475),
    ],
    ids=["France in Gabon", "France in Djibouti"],
)
def test_a_first_figure_is_no_surge(snapshot, gwno, name, first, people):
    # They had been there for 63 and 46 years: the first figure came with news, the troops did not.
    values = force_values(snapshot.deployments, countries=pd.Index([gwno]), months=MONTHS)
    at = pd.Period(first, "M").ordinal - MONTHS[0].ordinal
    np.testing.assert_array_equal(values[name][at - 1 : at + 1, 0], [np.nan, people])
    assert values[name.replace("troops", "forces")][at - 1, 0] == 1


def test_missions_without_soldiers_of_their_own_hide_the_people_of_no_other(mali):
    # EUCAP's civilians came beside EUTM in January 2015, the G5 force was mostly Mali's own army
    assert mali.loc["2016-01", "eu_troops"] > 500
    assert mali.loc["2018-01", "regional_troops"] == 0


def test_an_absence_of_a_month_is_no_departure():
    present = np.array([[0, 1, 1, 0, 1, 1, 0, 0, 0, 1]], bool).T
    since = since_present(present)
    assert np.flatnonzero(arrivals(since)).tolist() == [1, 9]
    assert np.flatnonzero(departures(since)).tolist() == [7]  # certain in the second month without it


def test_a_replacement_gap_is_seen_three_months_later_and_never_before():
    french = np.array([[1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]], bool).T
    russian = np.array([[0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]], bool).T
    since = {"french": since_present(french), "russian": since_present(russian)}
    arrived = np.logical_or(*(arrivals(each) for each in since.values()))
    assert np.flatnonzero(replacement_gap(since, arrived)).tolist() == [5, 6, 7]
    in_time = {"french": since["french"], "russian": since_present(np.roll(russian, -4))}
    arrived = np.logical_or(*(arrivals(each) for each in in_time.values()))
    assert not replacement_gap(in_time, arrived)[:9].any()


def test_a_mission_that_is_known_to_have_left_is_gone_whatever_its_last_map_shows(snapshot):
    bases = snapshot.un_bases
    drawn = list(pictures(bases, snapshot.deployments, MONTHS))
    troops, count = carried_forward(bases, drawn, unit=bases["gwno"], units=MALI, months=MONTHS)
    by_month = pd.Series(count[:, 0], index=MONTHS)
    assert by_month.loc["2023-12"] > 0
    assert (by_month.loc["2024-01":] == 0).all()
    assert troops[:, 0].max() > 10_000


def test_a_reported_figure_beats_the_places_of_a_map_and_the_highest_one_bounds_them(snapshot):
    # resolution 2584 of June 2021 allows MINUSMA 13,289 soldiers and 1,920 police
    bases = snapshot.un_bases
    drawn = list(pictures(bases, snapshot.deployments, MONTHS))
    as_drawn = [replace(picture, share=np.ones_like(picture.share)) for picture in drawn]
    told, of_maps = (
        pd.Series(carried_forward(bases, each, unit=bases["gwno"], units=MALI, months=MONTHS)[0][:, 0], MONTHS)
        for each in (drawn, as_drawn)
    )
    assert of_maps["2021-12"] == 19_525
    assert told["2021-01":"2021-12"].max() <= 15_209
    assert told["2022-06"] == pytest.approx(13_100)  # 12,200 to 14,000 in December 2021, known in January
    assert told["2021-12"] == pytest.approx(13_959)  # the figures of September 2018 are old: their highest is a bound


def test_a_figure_is_shared_out_over_the_regions_that_the_mission_has_not_left():
    bases = pd.DataFrame(
        {
            "mission": "a",
            "gwno": 432,
            "month": pd.Timestamp("2012-01-01"),
            "region_id": ["MLI-1", "MLI-2"],
            "troops": [300.0, 100.0],
        }
    )
    table = facts(
        ("a", "un", "arrival", "2012-01-01", "2012-01-01", None, None, None),
        ("a", "un", "strength", "2012-02-01", "2012-02-01", None, 200, None),
        ("a", "un", "departure", "2012-03-31", "2012-03-31", "MLI-1", None, None),
    )
    drawn = list(pictures(bases, table, MONTHS))
    troops, _ = carried_forward(
        bases, drawn, unit=bases["region_id"], units=pd.Index(["MLI-1", "MLI-2"]), months=MONTHS
    )
    assert troops[:4].tolist() == [[300, 100], [150, 50], [150, 50], [0, 200]]


def test_the_nearest_base_of_a_neighbour(snapshot):
    countries = snapshot.countries
    units = countries.set_index(countries["gwno"].astype(str))
    distance = base_distances(
        snapshot.deployments, snapshot.un_bases, [], level="country", units=units, countries=countries, months=MONTHS
    )["french_distance"]
    niger = pd.Series(distance[:, units.index.get_loc("436")], index=MONTHS)
    assert niger.loc["2012-06"] > 500  # Chad's garrison, or Burkina Faso's
    assert niger.loc["2016-01"] == 0
    assert niger.loc["2024-01"] > 0
