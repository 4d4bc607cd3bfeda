"""Joint sides: which names are of several groups, who they are, and that they make no new group. Names are UCDP's."""

import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled, bundled_panel

from faultline.features.blocks.actors import debuts
from faultline.features.events.counting import actor_month
from faultline.features.sources.joint_sides import joint_sides

SYRIA, COLOMBIA, MEXICO, SUDAN, CHILE = 652, 100, 70, 625, 155
IS, FATEH_AL_SHAM, ELN, FARC_EMC = 234, 1170, 744, 8468
ROOM_OF_IDLIB, FATAH_HALAB = 6380, 6436
NAMED = [
    (IS, "IS", SYRIA),
    (FATEH_AL_SHAM, "Jabhat Fateh al-Sham ", SYRIA),
    (5540, "IS, Jabhat Fateh al-Sham", SYRIA),
    (721, "ELN", 145),  # of Bolivia
    (ELN, "ELN", COLOMBIA),
    (748, "ELN", 135),  # of Peru
    (FARC_EMC, "FARC-EMC", COLOMBIA),
    (8858, "ELN, FARC-EMC", COLOMBIA),
    (1151, "Jalisco Cartel New Generation", MEXICO),
    (8475, "Jalisco Cartel New Generation, Sangre Nueva Zeta", MEXICO),
    (757, "Military faction (forces of Augusto Pinochet, Toribio Merino and Leigh Guzman)", CHILE),
    (9124, "Forces of Lamo Saude, Forces of Sani Dangote ", 475),
]


@pytest.fixture(scope="module")
def sides():
    return joint_sides(pd.DataFrame(NAMED, columns=["actor_id", "name", "gwno"]))


def test_a_joint_side_is_its_members(sides):
    assert sides.of((5540,)) == (IS, FATEH_AL_SHAM)


def test_of_several_groups_of_one_name_a_member_is_the_one_that_fights_there(sides):
    assert sides.of((8858,)) == (ELN, FARC_EMC)


def test_a_member_without_a_number_keeps_that_of_the_side(sides):
    assert sides.of((8475,)) == (1151, 8475)
    assert sides.names == {8475: "Sangre Nueva Zeta"}


@pytest.mark.parametrize("group", [IS, 757, 9124])
def test_a_name_whose_parts_name_no_group_is_one_group(sides, group):
    assert sides.of((group,)) == (group,)


def test_a_side_listed_by_several_numbers_is_taken_apart_too(sides):
    assert sides.of((5540, FARC_EMC)) == (IS, FATEH_AL_SHAM, FARC_EMC)


def test_events_of_a_joint_side_are_split_over_its_members(sides):
    month = pd.Timestamp("2013-04-01")
    events = pd.DataFrame(
        {
            "gwno": SYRIA,
            "month": [month, month, month],
            "violence_type": ["sb", "sb", "sb"],
            "side_a_id": 118,
            "side_a_state": True,
            "side_b_id": [5540, 5540, IS],
            "side_b_state": False,
            "organised": True,
            "deaths": [4, 3, 10],
        }
    ).astype({"gwno": "int32", "month": "datetime64[s]", "violence_type": "str"})
    counted = actor_month(events, sides).set_index("actor_id")[["events", "deaths"]].T.to_dict("list")
    assert counted == {IS: [2.0, 13.5], FATEH_AL_SHAM: [1.0, 3.5]}


def test_coalitions_of_the_actor_dataset_are_joint_sides_or_carry_on_their_members(shared_data):
    table = pd.read_csv(shared_data / "ucdp" / "actor-22.1.csv", dtype="str", keep_default_na=False)
    listed: dict[int, set[int]] = {}
    for actor, coalitions in zip(table["ActorId"].astype(int), table["NSCoalitionID"], strict=True):
        for side in filter(None, coalitions.replace(" ", "").split(",")):
            listed.setdefault(int(side), set()).add(actor)
    snapshot = bundled()
    alone = {side: members for side, members in listed.items() if side in set(snapshot.actor_month["actor_id"])}
    assert set(alone) == {ROOM_OF_IDLIB, FATAH_HALAB, 3824, 6390, 6410, 6419, 6564, 6599}
    links = snapshot.actor_lineage.groupby("actor_id")["predecessor_id"].agg(set)
    assert all(members <= links[side] for side, members in alone.items())


def test_an_operations_room_of_old_groups_is_no_new_group():
    panel = bundled_panel("country")
    unit = panel.units.index.get_loc(str(SYRIA))
    for room in (ROOM_OF_IDLIB, FATAH_HALAB):
        (pair,) = np.flatnonzero((panel.actors.actor == room) & (panel.actors.unit == unit))
        assert panel.actors.deaths[:, pair].sum() >= 25
        assert not debuts(panel.actors)[:, pair].any()


@pytest.mark.parametrize(
    ("side", "gwno"),
    [(5540, SYRIA), (5565, SYRIA), (6014, SYRIA), (3872, 432), (8858, COLOMBIA), (9744, SUDAN), (9077, 130)],
)
def test_two_old_groups_side_by_side_are_no_group_of_their_own(side, gwno):
    table = bundled().actor_month
    assert table[(table["actor_id"] == side) & (table["gwno"] == gwno)].empty


def test_a_new_member_of_a_joint_side_is_new():
    panel = bundled_panel("country")
    unit = panel.units.index.get_loc(str(SYRIA))
    (pair,) = np.flatnonzero((panel.actors.actor == FATEH_AL_SHAM) & (panel.actors.unit == unit))
    assert debuts(panel.actors)[:, pair].any()
