"""Who is new and who is an old group under another name: cases of the Sahel, on the bundled tables."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_bundled import bundled, bundled_panel

from faultline.features.blocks.actors import deadly_debuts, debuts
from faultline.features.blocks.build import build_features
from faultline.features.panels.actors import lineage
from faultline.features.panels.countries import country_panel
from faultline.features.panels.sides import sides_panel
from faultline.features.targets.build import TARGETS

AQIM, CMA, IS, JNIM, ANSAR_DINE, FLM, FLA = 539, 1158, 234, 6716, 1157, 6267, 8822
AL_MURABITUN, JAS = 4376, 1051
SNAPSHOT = bundled()
PANEL = bundled_panel("country")
MAKERS = {"country": country_panel, "sides": sides_panel}


def pair(panel, actor, gwno):
    unit = panel.units.index.get_loc(str(gwno))
    (position,) = np.flatnonzero((panel.actors.actor == actor) & (panel.actors.unit == unit))
    return int(position)


def months_of(found, panel, actor, gwno):
    return panel.months[found[:, pair(panel, actor, gwno)]].astype(str).tolist()


def test_jnim_was_no_new_group_in_mali_when_its_parts_merged():
    assert months_of(debuts(PANEL.actors), PANEL, JNIM, 432) == []
    assert months_of(deadly_debuts(PANEL.actors), PANEL, JNIM, 432) == []
    without = country_panel(replace(SNAPSHOT, actor_lineage=SNAPSHOT.actor_lineage.iloc[:0]))
    assert months_of(debuts(without.actors), without, JNIM, 432) == ["2017-03"]


def new_in_mali(snapshot, horizon=12):
    panel = country_panel(snapshot)
    label = TARGETS["new_armed_actor"].label(panel, horizon)[:, panel.units.index.get_loc("432")]
    return panel.months[label == 1].astype(str).tolist()


def test_the_name_of_2024_makes_no_new_group_in_mali_of_those_who_fought_in_2023_as_the_cma():
    found = new_in_mali(SNAPSHOT)
    assert not {"2022-11", "2023-02", "2023-05"} & set(found)
    links = SNAPSHOT.actor_lineage
    without = new_in_mali(replace(SNAPSHOT, actor_lineage=links[links["actor_id"] != FLA]))
    window = pd.period_range("2022-09", "2023-07", freq="M")
    assert sorted(set(without) - set(found)) == [str(month) for month in window]


@pytest.mark.parametrize(
    ("heir", "forerunner", "gwno", "without_it"),
    [
        (8885, 1160, 490, "2023-12"),
        (9067, 7793, 41, "2024-02"),
        (9645, 8635, 625, "2025-02"),
        (9505, 4102, 770, "2025-04"),
        (8832, 6491, 490, "2022-11"),
    ],
)
def test_an_alliance_of_old_groups_is_no_new_group(heir, forerunner, gwno, without_it):
    assert months_of(debuts(PANEL.actors), PANEL, heir, gwno) == []
    links = SNAPSHOT.actor_lineage
    assert forerunner in set(links.loc[links["actor_id"] == heir, "predecessor_id"])
    alone = country_panel(replace(SNAPSHOT, actor_lineage=links[links["actor_id"] != heir]))
    assert months_of(debuts(alone.actors), alone, heir, gwno) == [without_it]


def test_a_force_that_broke_with_the_state_is_a_new_group():
    assert months_of(debuts(PANEL.actors), PANEL, 8635, 625) == ["2023-04"]


def test_the_name_of_2024_links_nobody_before_a_month_has_a_row_under_it():
    links = SNAPSHOT.actor_lineage
    known_on = links.loc[(links["actor_id"] == FLA) & (links["predecessor_id"] == CMA), "known_on"]
    first = SNAPSHOT.actor_month.loc[SNAPSHOT.actor_month["actor_id"] == FLA, "known_on"].min()
    assert known_on.tolist() == [first]
    assert CMA not in lineage(links[links["known_on"] < first]).get(FLA, {})


def test_a_merger_is_not_known_before_it_was_announced():
    before = bundled_panel("country", "2017-02")
    assert JNIM not in before.actors.actor
    links = SNAPSHOT.actor_lineage.set_index("actor_id").loc[[JNIM]]
    assert set(links["predecessor_id"]) == {ANSAR_DINE, FLM, AQIM, AL_MURABITUN}
    later = replace(SNAPSHOT, actor_lineage=SNAPSHOT.actor_lineage.assign(known_on=pd.Timestamp("2018-01-31")))
    # In March 2017 it was new, by what was known then, whatever the panel knows of the months that follow.
    for as_of in ("2017-12", "2018-01", "2026-05"):
        panel = country_panel(later, as_of=pd.Period(as_of, "M"))
        assert months_of(debuts(panel.actors), panel, JNIM, 432) == ["2017-03"]


def test_a_predecessors_predecessor_is_known_when_one_way_to_it_is():
    links = pd.DataFrame(
        [
            (3, 2, "rename", "2015-03-31"),
            (2, 1, "merger", "2012-06-30"),
            (3, 1, "rename", "2019-01-31"),
            (1, 3, "rename", "2010-01-31"),  # a ring, as no data have it: nobody carries on itself
            (2, 9, "splinter", "2001-01-31"),
        ],
        columns=["actor_id", "predecessor_id", "kind", "known_on"],
    )
    known = lineage(links.assign(known_on=pd.to_datetime(links["known_on"]), gwno=0))
    assert {actor: {other: str(month) for other, month in of.items()} for actor, of in known.items()} == {
        3: {2: "2015-03", 1: "2015-03"},
        2: {1: "2012-06", 3: "2012-06"},
        1: {3: "2010-01", 2: "2015-03"},
    }


def found_out_otherwise(links, month, rng):
    """The links with others in place of those that became known after the month."""
    later = links["known_on"] > month.end_time
    future = links[later].reset_index(drop=True)
    future = future[rng.random(len(future)) < 0.7]
    moved = future["known_on"] + pd.to_timedelta(rng.integers(0, 4000, len(future)), "D")
    names = rng.choice(["splinter", "rename", "merger"], len(future))
    future = future.assign(known_on=moved.astype("datetime64[s]"), kind=pd.array(names, "str"))
    # and pairs that no dataset links: any two groups of one country
    pairs = SNAPSHOT.actor_month[["gwno", "actor_id"]].drop_duplicates()
    both = (
        pairs.merge(pairs, on="gwno").query("actor_id_x != actor_id_y").sample(300, random_state=int(rng.integers(99)))
    )
    days = pd.to_timedelta(rng.integers(1, 4000, len(both)), "D")
    made = pd.DataFrame(
        {
            "actor_id": both["actor_id_x"].to_numpy(),
            "predecessor_id": both["actor_id_y"].to_numpy(),
            "kind": "rename",
            "gwno": 0,
            "known_on": (month.end_time.normalize() + days).astype("datetime64[s]"),
        }
    )
    return pd.concat([links[~later], future, made], ignore_index=True)


@given(month=st.integers(60, len(PANEL.months) - 2), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=3)
@pytest.mark.parametrize("kind", ["country", "sides"])
def test_lineage_found_out_after_a_month_changes_nothing_up_to_it(kind, month, seed):
    origin = PANEL.months[month]
    known = found_out_otherwise(SNAPSHOT.actor_lineage, origin, np.random.default_rng(seed))
    other = replace(SNAPSHOT, actor_lineage=known)
    make = MAKERS[kind]
    now, later = bundled_panel(kind), make(other)
    stop = min(month + 1, len(now.months))
    then = [make(each, as_of=origin) for each in (SNAPSHOT, other)]
    for name in ("heir", "forerunner", "known"):
        np.testing.assert_array_equal(*(getattr(each.actors.lineage, name) for each in then), err_msg=name)
    before, after = (build_features(each, blocks=["armed_field"]).values[:stop] for each in (now, later))  # noqa: PD011
    np.testing.assert_array_equal(before, after)
    label = TARGETS["new_armed_actor"].label
    for horizon in (1, 12):
        ended = slice(0, max(stop - horizon, 0))
        np.testing.assert_array_equal(label(now, horizon)[ended], label(later, horizon)[ended])


def test_lineage_found_out_does_change_what_comes_after():
    # otherwise the property above could not fail
    origin = pd.Period("2010-01", "M")
    known = found_out_otherwise(SNAPSHOT.actor_lineage, origin, np.random.default_rng(0))
    later = country_panel(replace(SNAPSHOT, actor_lineage=known))
    differ = (debuts(PANEL.actors) != debuts(later.actors)).any(axis=1)
    assert PANEL.months[np.flatnonzero(differ)[0]] > origin
    assert differ.sum() > 10


def test_aqim_is_the_gspc_under_another_name():
    # The GSPC took the name in January 2007: one actor since 1998, new in Algeria then and never again.
    assert months_of(debuts(PANEL.actors), PANEL, AQIM, 615) == ["1998-12"]
    assert set(SNAPSHOT.actor_lineage.loc[SNAPSHOT.actor_lineage["actor_id"] == AQIM, "kind"]) == {"splinter", "merger"}


def test_the_cma_is_the_mnla_under_another_name():
    # The coordination of 2014 keeps the number of the MNLA, which rose in January 2012.
    names = SNAPSHOT.actors.set_index("actor_id")["name"]
    assert names[CMA] == "CMA"
    assert "MNLA" not in set(names)
    assert months_of(debuts(PANEL.actors), PANEL, CMA, 432) == ["2012-01"]


@pytest.mark.parametrize("gwno", [475, 471])
def test_the_islamic_states_province_of_west_africa_is_boko_haram_renamed(gwno):
    # The pledge of March 2015 was accepted and gave JAS a new name; in 2016 it came back as a group of its own.
    assert months_of(debuts(PANEL.actors), PANEL, IS, gwno) == []
    links = SNAPSHOT.actor_lineage
    alone = country_panel(replace(SNAPSHOT, actor_lineage=links[links["predecessor_id"] != JAS]))
    assert months_of(debuts(alone.actors), alone, IS, gwno) == ["2015-03"]


def test_that_boko_haram_fought_in_mali_makes_no_old_group_of_the_islamic_state_there():
    events = PANEL.actors.events[:, pair(PANEL, JAS, 432)]
    assert PANEL.months[events > 0].astype(str).tolist() == ["2012-06"]  # beside AQIM and MUJAO
    assert months_of(debuts(PANEL.actors), PANEL, IS, 432) == ["2017-02"]


@pytest.mark.parametrize(("gwno", "first"), [(432, "2017-02"), (436, "2015-03"), (439, "2017-10")])
def test_the_islamic_state_is_new_where_it_came_to_the_sahel(gwno, first):
    # In Mali it split from al-Murabitun: a splinter is a group of its own. Its provinces are one actor for UCDP. In
    # Niger it is JAS renamed, but UCDP counts no fighting of JAS there before: new is who was not there.
    assert months_of(debuts(PANEL.actors), PANEL, IS, gwno)[0] == first
