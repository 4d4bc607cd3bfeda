"""What was known of six transitions at the end of given months, counted by hand from the dates of the facts.

Months to the announced end run from the month to the one that holds the day announced: Mali's transition, in June 2022,
was to end on 26 March 2024, which is 3 months after December 2023.
"""

import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled, bundled_panel

from faultline.features.blocks.build import build_features
from faultline.features.contracts.political import TRANSITION_FACTS
from faultline.features.facts.transitions import FARTHEST_MONTHS, transition_values

COUNTRIES = ("MLI", "BFA", "NER", "TCD", "GIN", "SDN")
COLUMNS = {
    "left": "transition_left",
    "age": "transition_age",
    "put_off": "transition_postponements",
    "slip": "transition_slip",
    "poll": "months_to_election",
    "leaving": "bloc_exits_announced",
}


@pytest.fixture(scope="module")
def features():
    """By country and month, with the columns that the forecaster sees as logarithms turned back into months."""
    panel = bundled_panel("country")
    built = build_features(panel, blocks=["transitions"])
    frames = {}
    for iso3 in COUNTRIES:
        column = panel.units["iso3"].tolist().index(iso3)
        columns = {name: built.column(name)[:, column].astype(float) for name in built.names}
        frame = pd.DataFrame(columns, index=panel.months)
        for name in ("since_coup", "since_coup_attempt", "transition_age"):
            frame[name] = np.expm1(frame[name]).round()
        frames[iso3] = frame
    return frames


@pytest.mark.parametrize(
    ("iso3", "month", "known"),
    [
        # Twelve months of May 2012, then elections by the end of July 2013 against 22 May 2012 as first announced.
        ("MLI", "2012-04", {"left": 1, "age": 0, "put_off": 0, "sanctions": 0}),
        ("MLI", "2013-03", {"left": 4, "age": 11, "put_off": 2, "slip": 14}),
        ("MLI", "2013-09", {"transition": 0, "left": FARTHEST_MONTHS, "put_off": 0}),
        ("MLI", "2020-09", {"left": 18, "age": 0, "coups_60": 1, "coups_120": 3, "since_coup": 1}),
        ("MLI", "2021-06", {"left": 9, "poll": 8, "since_coup": 1, "coups_60": 2, "sanctions": 2}),
        ("MLI", "2022-03", {"left": FARTHEST_MONTHS, "put_off": 1, "slip": 57, "sanctions": 4, "poll": 36}),
        ("MLI", "2023-01", {"left": 14, "put_off": 1, "slip": 24, "poll": 2, "leaving": 0, "bloc_exits": 1}),
        ("MLI", "2023-12", {"left": 3, "age": 39, "put_off": 3, "slip": 24, "sanctions": 2, "poll": 36}),
        ("MLI", "2024-02", {"left": 1, "leaving": 1, "bloc_exits": 1}),
        ("MLI", "2025-06", {"left": -15, "bloc_exits": 2, "leaving": 1}),
        ("MLI", "2025-07", {"left": FARTHEST_MONTHS, "put_off": 5, "slip": 100}),
        ("BFA", "2015-08", {"left": 3, "age": 9, "poll": 2, "put_off": 0}),
        ("BFA", "2015-10", {"left": 1, "poll": 1, "put_off": 1, "slip": 0, "since_coup_attempt": 1}),
        ("BFA", "2016-01", {"transition": 0, "coups_60": 2, "since_coup": 15}),
        ("BFA", "2022-09", {"left": 22, "age": 7, "coups_60": 2, "since_coup": 0}),
        ("BFA", "2023-12", {"left": 7, "age": 22, "put_off": 1, "slip": 0, "bloc_exits": 1}),
        ("BFA", "2024-05", {"left": FARTHEST_MONTHS, "put_off": 2, "slip": 52}),
        ("NER", "2010-06", {"transition": 1, "left": 8, "age": 4, "poll": 6}),
        ("NER", "2010-07", {"left": 7, "put_off": 1, "slip": 0, "poll": 6}),
        ("NER", "2010-09", {"left": 7, "put_off": 2, "slip": 2, "poll": 4}),
        ("NER", "2023-07", {"transition": 1, "left": FARTHEST_MONTHS, "sanctions": 1, "coups_60": 2, "since_coup": 0}),
        ("NER", "2023-12", {"left": 32, "age": 5, "put_off": 0, "sanctions": 1}),
        ("NER", "2024-02", {"left": 30, "sanctions": 0, "leaving": 1}),
        ("NER", "2025-03", {"left": FARTHEST_MONTHS, "put_off": 1, "slip": 43, "bloc_exits": 2}),
        ("TCD", "2021-04", {"left": 18, "age": 0, "coups_60": 1}),
        ("TCD", "2022-09", {"left": 1, "put_off": 0}),
        ("TCD", "2022-10", {"left": 24, "put_off": 1, "slip": 24}),
        ("TCD", "2024-04", {"left": 6, "age": 36, "poll": 1}),
        ("TCD", "2024-05", {"transition": 0, "left": FARTHEST_MONTHS, "since_coup": 37}),
        ("GIN", "2010-08", {"left": -1, "age": 20, "sanctions": 3}),
        ("GIN", "2022-05", {"left": FARTHEST_MONTHS, "age": 7, "sanctions": 1}),
        ("GIN", "2022-10", {"left": 26, "put_off": 0, "slip": 0}),
        ("GIN", "2025-06", {"left": -6, "put_off": 1, "poll": 3}),
        ("GIN", "2026-01", {"transition": 0, "sanctions": 0}),
        ("GIN", "2026-03", {"poll": 2}),
        ("SDN", "2019-06", {"left": 22, "age": 2, "since_coup": 2}),
        ("SDN", "2019-08", {"left": 39, "slip": 19, "put_off": 0}),
        ("SDN", "2021-09", {"left": 28, "age": 29, "put_off": 1, "slip": 33, "since_coup_attempt": 0}),
        ("SDN", "2023-12", {"left": -5, "slip": 27, "put_off": 1, "coups_60": 4, "coups_120": 4}),
        ("SDN", "2025-03", {"left": FARTHEST_MONTHS, "slip": 85, "put_off": 2, "leaving": 1}),
        ("SDN", "2026-02", {"leaving": 0}),
    ],
)
def test_what_was_known_at_the_end_of_a_month(features, iso3, month, known):
    found = features[iso3].loc[pd.Period(month, "M")]
    want = {COLUMNS.get(name, name): value for name, value in known.items()}
    if "transition_left" in want:  # cut off at three years
        want["transition_left"] = min(want["transition_left"], FARTHEST_MONTHS)
    assert {name: found[name] for name in want} == want


def test_coups_fade(features):
    niger = features["NER"]["coup_decay"]
    assert niger["2023-06"] < 0.05  # the coup of 2010
    before, then, later = niger["2023-06"], niger["2023-07"], niger["2025-07"]
    assert then == pytest.approx(1 + before * 0.5 ** (1 / 24))
    assert later == pytest.approx(then / 2)


def test_a_force_that_leaves_within_24_months_of_a_coup_is_seen_once_it_is_gone(features):
    niger, mali = (features[iso3]["mission_exit_after_coup"] for iso3 in ("NER", "MLI"))
    # France left Niger on 22 December 2023, five months after the coup; a month's absence may be a change of name.
    assert niger["2023-11":"2024-02"].tolist() == [0, 0, 1, 1]
    assert niger["2020-01":"2023-06"].max() == 0
    # The Malian coup of August 2020 was followed by no departure until that of May 2021.
    assert mali["2020-08":"2021-04"].max() == 0
    # Takuba left Mali on 30 June 2022 and Barkhane on 15 August 2022, 13 and 15 months after the coup of May 2021.
    assert mali["2022-12"] == 1


def test_elections_near_are_seen_when_they_are_set(features):
    guinea = features["GIN"]["months_to_election"]
    assert guinea["2025-03":"2025-05"].tolist() == [FARTHEST_MONTHS, 5, 4]  # referendum of 21 September, set on 1 April
    assert features["GIN"]["election_pending"]["2025-03":"2025-04"].tolist() == [0, 1]
    assert features["GIN"]["since_election"]["2025-12":"2026-02"].tolist() == [0, 1, 2]


def test_what_is_told_of_territory_talks_and_support_is_read_by_no_feature():
    snapshot = bundled()
    facts = snapshot.transitions
    territory = ["town_lost", "town_retaken", "blockade_began", "secession_declared", "parallel_government"]
    others = TRANSITION_FACTS[TRANSITION_FACTS.index("parallel_government") + 1 :]
    assert set(others) >= {"talks_began", "truce_ended", "access_denied", "arms_delivered", "influence_exposed"}
    made = facts[facts["fact"] == "agreement_signed"]  # as of each of them there were as many, on the same days
    facts = pd.concat([facts, *(made.assign(fact=other) for other in others)], ignore_index=True)
    countries, months = pd.Index(sorted(set(facts["gwno"]))), pd.period_range("2010-01", "2026-01", freq="M")
    told, without = (
        transition_values(table, snapshot.elections, snapshot.coups, countries=countries, months=months)
        for table in (facts, facts[~facts["fact"].isin([*territory, *others])])
    )
    assert facts["fact"].isin(territory).sum() >= 15
    for name, values in told.items():
        np.testing.assert_array_equal(values, without[name])
