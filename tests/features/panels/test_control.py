"""Measures of fragmentation by hand, and face validity on the bundled tables."""

from dataclasses import replace

import made_panels
import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled, bundled_panel

from faultline.features.blocks.actors import deadly_debuts, debuts
from faultline.features.panels.actors import lineage
from faultline.features.panels.control import (
    STATE,
    contested,
    dominant_bloc,
    fragmentation_index,
    territories,
    territory_holders,
    territory_index,
)
from faultline.features.panels.countries import country_panel
from faultline.features.panels.panel import ActorArrays, Lineage
from faultline.features.panels.regions import region_panel
from faultline.features.panels.sides import sides_panel
from faultline.features.panels.territory import contested_share, people_of, with_territory
from faultline.features.sources.region_population import with_population
from faultline.features.targets.build import TARGETS


@pytest.fixture(scope="module")
def snapshot():
    return bundled()


@pytest.fixture(scope="module")
def regions():
    return bundled_panel("sides")


def december(panel, year):
    return panel.position(pd.Period(f"{year}-12", "M"))


def quiet(n_months=60, n_units=4):
    panel = made_panels.made_panel(0, n_months=n_months, n_units=n_units, n_countries=1)
    zero = {name: np.zeros_like(array) for name, array in panel.values.items()}  # noqa: PD011
    return replace(panel, values=zero, observed=np.ones_like(panel.observed), actors=ActorArrays.empty(n_months))


def fought(panel, month, unit, *, actor=11, events=5, deaths=25):
    """One month of fighting between organised actors."""
    values = {name: array.copy() for name, array in panel.values.items()}  # noqa: PD011
    values["organised_events"][month, unit] += events
    values["organised_deaths"][month, unit] += deaths
    values["sb_deaths"][month, unit] += deaths
    old = panel.actors
    column = np.zeros((panel.shape[0], 1), np.float32)
    column[month] = events
    order = np.argsort(np.r_[old.unit, unit], kind="stable")
    joined = np.concatenate([old.events, column], axis=1)[:, order]
    actors = ActorArrays(
        np.r_[old.actor, actor][order], np.r_[old.unit, unit][order], joined, joined * 5, Lineage.none()
    )
    return replace(panel, values=values, actors=actors)


def test_control_is_contested_for_the_year_from_the_fifth_event_and_the_25th_death_on():
    lost = contested(fought(quiet(), 20, 1))
    assert np.flatnonzero(lost[:, 1]).tolist() == list(range(20, 32))
    assert not lost[:, [0, 2, 3]].any()


@pytest.mark.parametrize("short", [{"events": 4}, {"deaths": 24}])
def test_less_than_the_thresholds_is_not_contested(short):
    assert not contested(fought(quiet(), 20, 1, **short)).any()


def test_fighting_without_a_non_state_group_is_not_contested():
    panel = replace(fought(quiet(), 20, 1), actors=ActorArrays.empty(60))
    assert not contested(panel).any()


def test_the_dominant_bloc_is_the_actor_with_most_events():
    panel = fought(fought(fought(quiet(), 20, 1, actor=11, events=6), 20, 1, actor=12, events=4), 20, 1, actor=13)
    assert dominant_bloc(panel.actors, 4)[20].tolist() == [STATE, 11, STATE, STATE]


def test_the_index_is_one_minus_the_sum_of_squared_shares():
    held = np.array([[0, 0, 0, 0], [0, 5, 5, 0], [0, 5, 6, 7]])
    assert fragmentation_index(held).tolist() == pytest.approx([0, 1 - 2 * 0.25, 1 - 4 / 16])
    by_people = fragmentation_index(held, weight=np.array([7.0, 1.0, 1.0, 1.0]))
    assert by_people.tolist() == pytest.approx([0, 1 - 0.8**2 - 0.2**2, 1 - 0.49 - 0.03])


@pytest.mark.parametrize(
    ("state", "year", "index"), [(475, 2010, 0.05), (475, 2012, 0.38), (625, 2022, 0.07), (625, 2023, 0.40)]
)
def test_the_index_of_real_countries_is_where_it_is_known_to_be(regions, state, year, index):
    assert territory_index(regions)[state][december(regions, year)] == pytest.approx(index, abs=0.04)


def test_over_the_borders_of_today_sudan_is_divided_further(regions):
    today = territory_index(regions, today=True)[625]
    assert today[december(regions, 2022)] == pytest.approx(1 - (16**2 + 1) / 17**2)
    assert today[december(regions, 2023)] > 0.5


def test_seceded_regions_stay_in_the_denominator_but_not_as_a_state_of_their_own(regions):
    parts = {state: len(at) for state, at in territories(regions).items()}
    assert (parts[475], parts[625], parts[432]) == (37, 27, 10)
    assert 626 not in parts


@pytest.mark.parametrize("name", ["Borno", "Yobe"])
@pytest.mark.parametrize("year", range(2011, 2020))
def test_the_north_east_of_nigeria_is_contested_every_year(regions, name, year):
    unit = list(regions.units["name"]).index(name)
    assert contested(regions)[december(regions, year), unit]


def test_khartoum_is_contested_in_2023(regions):
    unit = list(regions.units["name"]).index("Khartoum")
    lost = contested(regions)[:, unit]
    assert lost[december(regions, 2023)]
    assert not lost[december(regions, 2022)]


def held_in(snapshot, regions, month):
    """Name of the group that holds each contested region of Mali."""
    names = snapshot.actors.set_index("actor_id")["name"]
    row = territory_holders(regions)[432][regions.position(pd.Period(month, "M"))]
    where = regions.units["name"].to_numpy()[territories(regions)[432]]
    return {name: names[group] for name, group in zip(where, row, strict=True) if group != STATE}


def test_who_holds_the_regions_of_mali_is_who_is_known_to_have(snapshot, regions):
    # UCDP's names are given in hindsight: the MNLA stands there as CMA
    assert held_in(snapshot, regions, "2012-06") == {"Kidal": "CMA"}
    islamists = {"AQIM", "MUJAO", "Ansar Dine"}
    assert set(held_in(snapshot, regions, "2013-06").values()) == islamists
    assert held_in(snapshot, regions, "2020-12")["Mopti"] == "JNIM"
    assert held_in(snapshot, regions, "2020-12")["Ménaka"] == "IS"


def test_communal_violence_does_not_raise_the_index(snapshot, regions):
    rows = snapshot.region_sides
    without = sides_panel(replace(snapshot, region_sides=rows[rows["organised"]].reset_index(drop=True)))
    alike = territory_index(without)
    for state, index in territory_index(regions).items():
        np.testing.assert_array_equal(index, alike[state])


def test_later_events_change_no_index(snapshot, regions):
    month = pd.Period("2012-06", "M")
    earlier = territory_index(sides_panel(snapshot, as_of=month))
    stop = regions.position(month) + 1
    for state, index in territory_index(regions).items():
        np.testing.assert_array_equal(earlier[state], index[:stop])


def test_the_country_panel_carries_the_index_only_where_regions_have_events(regions):
    countries = with_territory(bundled_panel("country"), bundled_panel("region"), regions)
    tfi = countries.values["tfi"]  # noqa: PD011
    known = ~np.isnan(tfi).all(axis=0)
    assert known.sum() == 54  # all that have regions but South Sudan
    nigeria = list(countries.units["gwno"]).index(475)
    assert tfi[countries.position(pd.Period("2012-12", "M")), nigeria] == pytest.approx(0.38, abs=0.005)
    assert np.isnan(tfi[countries.position(pd.Period("2020-01", "M")), nigeria])


@pytest.fixture(scope="module")
def counted():
    return bundled_panel("region")


def contested_in(counted, code):
    """Months in which a region is contested, by the events counted in it."""
    lost = contested(counted)[:, list(counted.units.index).index(code)]
    return [str(month) for month in counted.months[lost]]


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("ML-8", "2012-01", "2012-12"),  # Kidal falls to the MNLA and Ansar Dine in March 2012
        ("ML-7", "2012-03", "2014-02"),  # Gao
        ("ML-5", "2015-05", "2024-12"),  # Mopti
        ("BF-12", "2017-07", "2024-12"),  # Sahel
        ("BF-08", "2019-11", "2024-12"),  # Est
        ("NE-6", "2017-10", "2024-12"),  # Tillabéri
        ("NG-BO", "2011-01", "2024-12"),  # Borno
        ("MZ-P", "2018-06", "2024-12"),  # Cabo Delgado
        ("CD-IT", "2018-10", "2024-12"),  # Ituri
        ("CD-NK", "2010-12", "2024-12"),  # Nord-Kivu
    ],
)
def test_regions_are_contested_when_they_are_known_to_have_been(counted, code, first, last):
    wanted = pd.period_range(first, last, freq="M").astype(str)
    assert set(wanted) <= set(contested_in(counted, code))


@pytest.mark.parametrize(("code", "before"), [("ML-5", "2012-12"), ("BF-12", "2017-06"), ("MZ-P", "2018-05")])
def test_and_not_before(counted, code, before):
    assert all(month > before for month in contested_in(counted, code))


def test_where_sides_are_known_events_tell_nearly_the_same(regions, counted):
    """The agreement that the definition by events names: where all events are at hand, and where three quarters are."""
    by_sides = contested(regions)[regions.position(pd.Period("2011-01", "M")) :]
    columns = counted.units.index.get_indexer(regions.units.index)
    by_events = contested(counted)[12 : 12 + len(by_sides), columns]
    known = regions.observed[-len(by_sides) :]
    whole = np.isin(regions.units["gwno"], [475, 625, 626])
    for columns, right, found in ((whole, 0.947, 0.846), (~whole, 0.803, 0.840)):
        both, here = by_sides & by_events & known, known[:, columns]
        assert both[:, columns].sum() / (by_events[:, columns] & here).sum() == pytest.approx(right, abs=0.01)
        assert both[:, columns].sum() / (by_sides[:, columns] & here).sum() == pytest.approx(found, abs=0.01)


def test_the_share_of_contested_regions_is_told_of_every_country_that_has_any(regions, counted):
    countries = with_territory(bundled_panel("country"), counted, regions)
    share = countries.values["contested_share"]  # noqa: PD011
    known = ~np.isnan(share).all(axis=0)
    assert known.sum() == 55
    mali = share[:, list(countries.units["iso3"]).index("MLI")]
    at = {year: mali[countries.position(pd.Period(f"{year}-12", "M"))] for year in (2010, 2012, 2024)}
    assert at[2010] == 0
    assert at[2012] >= 0.2
    assert at[2024] >= 0.7
    assert np.isnan(mali[countries.position(pd.Period("2025-01", "M"))])


def test_the_share_of_people_weighs_regions_by_population_and_is_not_known_where_a_region_has_none():
    panel = fought(fought(quiet(), 20, 1), 20, 2, actor=12)
    assert contested_share(panel)[432][20] == 0.5
    for population, share in (([7e6, 2e6, 1e6, 0.5e6], 3 / 10.5), ([7e6, 2e6, np.nan, 1e6], np.nan)):
        peopled = replace(panel, units=panel.units.assign(population=population))
        told = contested_share(peopled, weight=people_of(peopled))[432]
        assert told[[19, 20, 31, 32]].tolist() == pytest.approx([0 * share, share, share, 0 * share], nan_ok=True)
    assert np.isnan(contested_share(panel, weight=people_of(panel))[432]).all()


def test_countries_carry_the_share_of_people_where_a_file_gives_them(tmp_path, snapshot, regions):
    file, own = tmp_path / "people.csv", snapshot.regions.loc[snapshot.regions["iso3"] == "MLI", "region_id"]
    file.write_text("region_id,population\n" + "".join(f"{i},{9e6 if i == 'ML-5' else 1e6}\n" for i in own))
    peopled = replace(snapshot, regions=with_population(snapshot.regions, file))
    countries = with_territory(country_panel(peopled), region_panel(peopled), regions)
    shares = [countries.values[f"contested_share{of}"] for of in ("", "_population")]  # noqa: PD011
    mali, then = list(countries.units["iso3"]).index("MLI"), countries.position(pd.Period("2016-12", "M"))
    # ML-5, Mopti, is contested, with half of these people, and so are some of the nine others
    assert shares[1][then, mali] == pytest.approx((9 + 10 * shares[0][then, mali] - 1) / 18)
    assert np.isnan(np.delete(shares[1], mali, axis=1)).all()


@pytest.mark.parametrize(("known", "new"), [(0, [0]), (70, [0]), (71, [0, 1])])
def test_a_rename_or_merger_is_no_debut_once_it_is_known_and_a_newcomer_is(known, new):
    events = np.zeros((80, 3), np.float32)
    events[70, :2] = 3
    events[65, 2] = 1
    links = Lineage(np.array([1]), np.array([2]), np.array([known]))
    actors = ActorArrays(np.array([1, 2, 3]), np.array([0, 0, 0]), events, events * 10, links)
    assert np.flatnonzero(debuts(actors)[70]).tolist() == new
    assert np.argwhere(deadly_debuts(actors)).tolist() == [[70, pair] for pair in new]


def test_no_group_of_the_world_is_new_where_one_that_it_carries_on_has_fought(snapshot):
    countries = bundled_panel("country")
    actors, carried_on = countries.actors, lineage(snapshot.actor_lineage)
    new = debuts(actors)
    where = {(int(u), int(a)): p for p, (u, a) in enumerate(zip(actors.unit, actors.actor, strict=True))}
    checked = 0
    for (unit, actor), pair in where.items():
        for before, known in carried_on.get(actor, {}).items():
            if (unit, before) in where:
                for month in np.flatnonzero(new[:, pair] & (countries.months >= known)):
                    assert actors.events[max(month - 60, 0) : month, where[unit, before]].sum() < 1e-5
                    checked += 1
    assert checked > 5


def test_an_uncontested_region_is_labelled_when_it_becomes_contested():
    panel = fought(quiet(), 40, 1)
    label = TARGETS["contestation"].label(panel, 6)
    assert np.flatnonzero(label[:, 1] == 1).tolist() == [34, 35, 36, 37, 38, 39]
    # within a year of being contested it is not at risk
    assert np.isnan(label[40:, 1]).all()
    assert (label[22:54, 0] == 0).all()


def test_a_rise_of_a_tenth_is_territorial_fragmentation():
    panel = quiet(n_units=2)
    tfi = np.zeros(panel.shape, np.float32)
    tfi[30:, 0], tfi[30:, 1] = 0.10, 0.09
    tfi[50:] = np.nan
    label = TARGETS["territorial_fragmentation"].label(replace(panel, values={**panel.values, "tfi": tfi}), 12)  # noqa: PD011
    assert np.flatnonzero(label[:, 0] == 1).tolist() == list(range(18, 30))
    assert not (label[:, 1] == 1).any()
    assert np.isnan(label[38:]).all()


def test_fragmentation_is_either_and_rests_on_newcomers_where_no_region_events_exist():
    panel = made_panels.made_panel(3, level="country")
    tfi = panel.values["tfi"].copy()  # noqa: PD011
    tfi[:, 0] = np.nan
    share = panel.values["contested_share"].copy()  # noqa: PD011
    share[:, 0] = np.nan
    panel = replace(panel, values={**panel.values, "tfi": tfi, "contested_share": share})  # noqa: PD011
    parts = ("territorial_fragmentation", "contested_share_rises", "new_armed_actor")
    divided, contests, newcomer = (TARGETS[name].label(panel, 12) for name in parts)
    label = TARGETS["fragmentation"].label(panel, 12)
    known = ~np.isnan(label)
    either = (divided == 1) | (contests == 1) | (newcomer == 1)
    np.testing.assert_array_equal(label[known], either[known])
    np.testing.assert_array_equal(label[:, 0], newcomer[:, 0])


def test_a_rise_of_the_share_compares_the_means_of_two_years():
    panel = made_panels.made_panel(3, level="country", n_months=60)
    share = np.zeros(panel.shape, np.float32)
    share[30:, 1] = 0.25  # over (29, 41] its mean is .25 against 0
    share[30:, 2] = 0.05
    observed = np.ones(panel.shape, bool)
    panel = replace(panel, observed=observed, values={**panel.values, "contested_share": share})  # noqa: PD011
    label = TARGETS["contested_share_rises"].label(panel, 12)
    assert np.isnan(label[:11]).all()  # the year before is not known
    # at t the mean over (t - 12, t] is .25 * k / 12, twelve months later at most .25
    assert np.flatnonzero(label[:, 1] == 1).tolist() == list(range(22, 37))
    assert not (label[:, [0, 2]] == 1).any()
    assert np.isnan(TARGETS["contested_share_rises"].label(panel, 6)).all()
