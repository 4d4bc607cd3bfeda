"""Labels of a timeline: none is lost without need, and none runs into the next point."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from faultline.pipelines.timeline_labels import spaced_labels

ROWS = st.lists(
    st.tuples(
        st.integers(0, 5000), st.sampled_from(["imposed", "lifted"]), st.sampled_from(["", "AU", "ECOWAS", "UN"])
    ),
    min_size=1,
    max_size=20,
)


def steps_of(rows):
    table = pd.DataFrame(rows, columns=["day", "step", "label"])
    return table.assign(date=pd.Timestamp("2012-01-01") + pd.to_timedelta(table["day"], unit="D"))


@given(rows=ROWS)
def test_no_label_runs_into_the_next_point_of_its_row(rows):
    steps = steps_of(rows)
    made = spaced_labels(steps, pixels_a_day=0.2)
    for _, row in steps.assign(text=made).sort_values("date", kind="stable").groupby("step"):
        room = (row["day"].shift(-1) - row["day"]) * 0.2
        assert ((row["text"].str.len() * 5 < room) | (row["text"] == "") | room.isna()).all()


def test_labels_with_room_stay_whole():
    steps = steps_of([(0, "imposed", "ECOWAS"), (0, "lifted", "AU"), (1000, "imposed", "Algiers accord of 2015")])
    assert spaced_labels(steps, pixels_a_day=0.2).tolist() == ["ECOWAS", "AU", "Algiers accord…"]


def test_points_without_a_label_take_up_room():
    steps = steps_of([(0, "imposed", "ECOWAS"), (200, "imposed", "")])
    assert spaced_labels(steps, pixels_a_day=0.2).tolist() == ["ECO…", ""]
