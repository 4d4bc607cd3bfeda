"""Groups that are new by number: all of them are judged, no other is, and the labels do as the verdicts say."""

import runpy

import pandas as pd
import pytest
from made_bundled import bundled, bundled_panel

from faultline.features.sources.new_actors import CARRIES_ON, read_new_actors
from faultline.features.targets.newcomers import newcomers

SNAPSHOT = bundled()
PAIR = ["actor_id", "gwno"]


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return newcomers(bundled_panel("country"))


@pytest.fixture(scope="module")
def judged() -> pd.DataFrame:
    return read_new_actors()


def test_every_newcomer_by_number_is_judged_and_no_other_group(found, judged):
    alone = judged[judged["verdict"] != "joint_side"]
    pd.testing.assert_frame_equal(
        alone[[*PAIR, "first_month"]].sort_values(PAIR, ignore_index=True).astype({"actor_id": int, "gwno": int}),
        found[[*PAIR, "month"]].set_axis([*PAIR, "first_month"], axis=1).sort_values(PAIR, ignore_index=True),
    )


def test_what_carries_on_others_makes_no_label_by_itself_once_that_is_known(found, judged):
    both = found.merge(judged, on=PAIR)
    carried = both["verdict"].isin(CARRIES_ON)
    assert (both["counted"] == both["labels"])[~carried].all()
    assert (both["counted"] < both["labels"])[carried].all()


def test_every_renamed_or_merged_group_is_linked_to_those_that_it_carries_on(judged):
    links = SNAPSHOT.actor_lineage[SNAPSHOT.actor_lineage["kind"] != "splinter"]
    for group in judged[judged["verdict"].isin(["renamed", "merged"])].itertuples():
        here = links[(links["actor_id"] == group.actor_id) & links["gwno"].isin([0, group.gwno])]
        assert set(group.heir_of) <= set(here["predecessor_id"]), group.name


def test_a_joint_side_has_events_as_its_members_alone(judged):
    joint = judged[judged["verdict"] == "joint_side"]
    acting = SNAPSHOT.actor_month.groupby("gwno")["actor_id"].agg(set)
    assert len(joint) > 50
    for side in joint.itertuples():
        assert side.actor_id not in acting[side.gwno]
        assert set(side.heir_of) <= acting[side.gwno], side.name


def test_who_returned_had_events_there_before(found, judged):
    both = found.merge(judged, on=PAIR)
    assert both.loc[both["verdict"] == "returned", "returned"].all()


@pytest.mark.parametrize(("actor", "gwno", "labels"), [(234, 475, 12), (8832, 490, 12), (9505, 770, 10)])
def test_links_found_by_hand_take_their_labels_away(found, actor, gwno, labels):
    row = found.set_index(PAIR).loc[(actor, gwno)]
    assert (row["labels"], row["counted"]) == (labels, 0)


def test_the_page_is_the_one_that_the_table_and_the_data_make(root):
    made = runpy.run_path(str(root / "benchmarks" / "new_actors.py"))["document"]()
    command = "python benchmarks/new_actors.py --write docs/new-actors.md"
    assert (root / "docs" / "new-actors.md").read_text(encoding="utf-8") == made, f"make it with `{command}`"
