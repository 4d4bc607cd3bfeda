"""Labels of a timeline: none is lost without need, and none runs into another point or label."""

from itertools import pairwise

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from faultline.pipelines.figures.timeline_labels import spaced_labels, text_pixels

SINCE, UNTIL, WIDTH = pd.Timestamp("2012-01-01"), pd.Timestamp("2026-01-01"), 1000
ROWS = st.lists(
    st.tuples(
        st.integers(0, 5113),
        st.sampled_from(["imposed", "lifted"]),
        st.sampled_from(["", "AU", "ECOWAS", "Ouagadougou agreement"]),
    ),
    min_size=1,
    max_size=20,
)


def steps_of(rows):
    table = pd.DataFrame(rows, columns=["day", "step", "label"])
    return table.assign(date=SINCE + pd.to_timedelta(table["day"], unit="D"))


def placed(rows):
    return spaced_labels(steps_of(rows), since=SINCE, until=UNTIL, width=WIDTH)


@given(rows=ROWS)
def test_no_label_runs_into_a_point_or_a_label_of_its_row(rows):
    table = steps_of(rows).join(placed(rows))
    table["place"] = (table["date"] - SINCE) / (UNTIL - SINCE) * WIDTH
    for _, row in table.groupby("step"):
        shown = row[row["text"] != ""]
        spans = []
        for place, text, side in zip(shown["place"], shown["text"], shown["side"], strict=True):
            ends = (place + 6, place + 6 + text_pixels(text))
            spans.append(ends if side == "right" else (2 * place - ends[1], 2 * place - ends[0]))
        for low, high in spans:
            assert low >= 0
            assert not row["place"].between(low, high).any()
        spans.sort()
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_labels_with_room_stay_whole():
    rows = [(0, "imposed", "ECOWAS"), (0, "lifted", "AU"), (1000, "imposed", "Algiers accord")]
    assert placed(rows)["text"].tolist() == ["ECOWAS", "AU", "Algiers accord"]


def test_a_label_without_room_to_the_right_stands_to_the_left():
    rows = [(2500, "put off", "legislative"), (2740, "put off", "presidential")]
    assert placed(rows)["text"].tolist() == ["legislative", "presidential"]
    assert placed(rows)["side"].tolist() == ["left", "right"]


def test_points_without_a_label_take_up_room_and_what_has_none_is_cut_off():
    assert placed([(0, "imposed", "ECOWAS"), (200, "imposed", "")])["text"].tolist() == ["", ""]
    assert placed([(0, "imposed", "agreement"), (280, "imposed", "")])["text"].tolist() == ["agree…", ""]
