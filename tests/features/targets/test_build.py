"""Targets on cases small enough to work out by hand."""

from dataclasses import replace

import hypothesis
import made_panels
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faultline.features.errors import UnknownNameError
from faultline.features.panels.actors import active_groups, effective_groups
from faultline.features.panels.panel import ActorArrays, Lineage
from faultline.features.targets.build import TARGETS, label_history, targets_of


def quiet_panel(n_months=80, n_units=2):
    panel = made_panels.made_panel(0, n_months=n_months, n_units=n_units, level="country")
    zero = {name: np.zeros_like(array) for name, array in panel.values.items()}
    return replace(panel, values=zero, observed=np.ones_like(panel.observed), actors=ActorArrays.empty(n_months))


def with_actor(panel, *, events, deaths, earlier=None, known=0):
    """One actor in unit 0; ``earlier`` are events of a group that it carries on, as is ``known`` from a month on."""
    shape = (panel.shape[0], 2)
    e, d = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for month, number in events.items():
        e[month, 0] = number
    for month, number in deaths.items():
        d[month, 0] = number
    for month, number in (earlier or {}).items():
        e[month, 1] = number
    lineage = Lineage(np.array([0]), np.array([1]), np.array([known]))
    return replace(panel, actors=ActorArrays(np.array([1, 2]), np.array([0, 0]), e, d, lineage))


def test_violence_25_counts_all_three_types_in_the_window_after_the_origin():
    panel = quiet_panel()
    for name, number in (("sb_deaths", 10), ("ns_deaths", 10), ("os_deaths", 5)):
        panel.values[name][40, 0] = number
    labels = TARGETS["violence_25"].label(panel, 3)[:, 0]
    assert np.flatnonzero(labels == 1).tolist() == [37, 38, 39]
    assert np.isnan(labels[-3:]).all()
    assert not np.isnan(labels[:-3]).any()


def test_deaths_are_those_of_one_month_or_of_all_months_of_the_window_together():
    panel = quiet_panel()
    for month, (state_based, one_sided) in {40: (3, 4), 42: (10, 0)}.items():
        panel.values["sb_deaths"][month, 0], panel.values["os_deaths"][month, 0] = state_based, one_sided
    panel.observed[60:, 0] = False
    told = {name: TARGETS[name].label(panel, 3)[37:40, 0].tolist() for name in TARGETS if name.startswith("deaths")}
    assert told == {
        "deaths": [7, 0, 10],
        "deaths_total": [7, 7, 17],
        "deaths_sb": [3, 0, 10],
        "deaths_sb_total": [3, 3, 13],
    }
    assert np.isnan(TARGETS["deaths"].label(panel, 3)[57:, 0]).all()
    assert TARGETS["deaths"].label(panel, 1)[39, 0] == 7


def test_a_target_that_holds_another_or_lies_within_it_never_contradicts_it():
    panel = made_panels.made_panel(7, n_months=120, level="country")
    pairs = [(t.name, held) for t in TARGETS.values() for held in t.holds]
    pairs += [(t.within, t.name) for t in TARGETS.values() if t.within]
    assert len(pairs) == 11
    for upper, lower in pairs:
        one, many = (TARGETS[name].label(panel, 3 if upper.startswith("violence") else 12) for name in (upper, lower))
        assert (one[(many == 1) & ~np.isnan(one)] == 1).all(), (upper, lower)


def test_a_longer_window_of_a_target_that_grows_holds_a_shorter_one():
    panel = made_panels.made_panel(1, n_months=240, n_units=60)  # large enough for regions that become contested
    deadly = {name: 30 * array if name.endswith("_deaths") else array for name, array in panel.values.items()}
    panel = replace(panel, values=deadly)
    for target in (target for target in TARGETS.values() if target.grows):
        short, long = (target.label(panel, horizon) for horizon in (3, 6))
        assert (short == 1).any(), target.name
        assert (long[(short == 1) & ~np.isnan(long)] == 1).all(), target.name


def test_violence_1_is_reached_whenever_violence_25_is():
    panel = made_panels.made_panel(5)
    one, many = (TARGETS[name].label(panel, 6) for name in ("violence_1", "violence_25"))
    assert (one[many == 1] == 1).all()


def escalated(deaths):
    panel = quiet_panel(n_months=20)
    for month, number in deaths.items():
        panel.values["sb_deaths"][month, 0] = number
    return np.flatnonzero(TARGETS["escalation"].label(panel, 3)[:, 0] == 1).tolist()


def test_an_escalation_at_least_doubles_the_deaths_of_three_months_to_at_least_25():
    # 30 deaths after quiet: origins 7, 8 and 9 have them ahead
    assert escalated({10: 30}) == [7, 8, 9]
    assert escalated({10: 24}) == []
    # from 20 deaths in (t-3, t] it takes 40: exactly twice is enough, and at origin 9 there is nothing behind
    assert escalated({8: 20, 11: 40}) == [8, 9, 10]
    # at origins 8 to 10 it is less than twice the 20 behind them
    assert escalated({8: 20, 11: 39}) == []
    assert escalated({8: 20, 9: 10, 13: 60}) == [6, 7, 10, 11, 12]
    # two months that reach 25 only together: origins from which both are ahead
    assert escalated({10: 13, 12: 12}) == [9]


def test_an_escalation_is_known_at_three_months_and_where_all_six_months_were_observed():
    panel = quiet_panel(n_months=20)
    panel.observed[:5, 0] = False
    labels = TARGETS["escalation"].label(panel, 3)
    assert np.flatnonzero(~np.isnan(labels[:, 0])).tolist() == list(range(7, 17))
    assert np.flatnonzero(~np.isnan(labels[:, 1])).tolist() == list(range(2, 17))
    assert np.isnan(TARGETS["escalation"].label(panel, 6)).all()


def test_escalation_is_at_risk_where_somebody_died_within_a_year():
    panel = quiet_panel(n_months=30)
    panel.values["os_deaths"][10, 1] = 1
    at_risk = TARGETS["escalation"].at_risk(panel)
    assert not at_risk[:, 0].any()
    assert np.flatnonzero(at_risk[:, 1]).tolist() == list(range(10, 22))


@given(seed=st.integers(0, 2**32 - 1))
@hypothesis.settings(max_examples=20)
def test_escalation_is_what_a_plain_loop_finds_and_never_without_25_deaths(seed):
    panel = made_panels.made_panel(seed, n_months=40)
    labels, many = (TARGETS[name].label(panel, 3) for name in ("escalation", "violence_25"))
    assert (many[labels == 1] == 1).all()
    for t in range(3, 36):
        for u in range(panel.shape[1]):
            after, before = panel.deaths[t + 1 : t + 4, u].sum(), panel.deaths[t - 2 : t + 1, u].sum()
            if not np.isnan(labels[t, u]):
                assert labels[t, u] == (after >= 25 and after >= 2 * max(before, 1))


def test_no_label_where_the_window_leaves_the_covered_months():
    panel = quiet_panel()
    panel.observed[50:, 0] = False
    labels = TARGETS["violence_1"].label(panel, 6)
    assert not np.isnan(labels[43, 0])
    assert np.isnan(labels[44:, 0]).all()


def test_an_actor_is_new_when_it_kills_25_and_was_absent_for_five_years():
    panel = with_actor(quiet_panel(), events={70: 2, 71: 3}, deaths={70: 10, 71: 20})
    labels = TARGETS["new_armed_actor"].label(panel, 3)[:, 0]
    # both months fall in (t, t+3] only from origin 68 on, and from origin 70 on the actor is no longer absent
    assert np.flatnonzero(labels == 1).tolist() == [68, 69]
    assert np.isnan(labels[:59]).all()


def test_an_actor_seen_within_five_years_is_not_new():
    panel = with_actor(quiet_panel(), events={15: 1, 70: 5}, deaths={70: 40})
    labels = TARGETS["new_armed_actor"].label(panel, 3)[:, 0]
    # at origins 67 to 69 its event of month 15 lies within the 60 months up to the origin
    assert (labels[59:] != 1).all()


def test_a_renamed_or_merged_group_is_not_new():
    panel = with_actor(quiet_panel(), events={70: 5}, deaths={70: 40}, earlier={60: 1})
    assert (TARGETS["new_armed_actor"].label(panel, 3)[59:-3, 0] == 0).all()


def test_a_group_is_new_in_the_windows_that_ended_before_its_merger_was_known():
    panel = with_actor(quiet_panel(), events={70: 5}, deaths={70: 40}, earlier={60: 1}, known=71)
    labels = TARGETS["new_armed_actor"].label(panel, 3)[:, 0]
    # of the origins 67 to 69 whose windows hold its deaths, those of 68 and 69 end in 71 and 72
    assert np.flatnonzero(labels == 1).tolist() == [67]


def test_effective_number_of_groups_is_two_for_two_equals_and_falls_when_one_prevails():
    events = np.array([[5, 5], [0, 0]], np.float32)
    actors = ActorArrays(np.array([1, 2]), np.array([0, 0]), events, events, Lineage.none())
    assert effective_groups(actors, 1, months=1)[:, 0].tolist() == [2.0, 0.0]
    assert active_groups(actors, 1, months=1)[:, 0].tolist() == [2.0, 0.0]
    uneven = replace(actors, events=np.array([[9, 1]], np.float32))
    assert effective_groups(uneven, 1)[0, 0] == pytest.approx(1 / (0.9**2 + 0.1**2))


def test_what_is_known_of_a_target_lags_by_its_horizon():
    labels = np.array([[1.0], [0.0], [1.0], [0.0], [np.nan], [np.nan]])
    past = label_history(labels, 2)
    # nothing is known at 0 and 1; at 2 the label of origin 0; at 5 those of origins 0 to 3
    assert past.persistence[:, 0].tolist() == pytest.approx([1 / 2, 1 / 2, 2 / 3, 2 / 4, 3 / 5, 3 / 6])
    assert past.climatology[2, 0] == pytest.approx((1 + 2 / 3) / 2)


def test_an_unknown_target_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="violence_25"):
        targets_of("country", ("violence25",))
    with pytest.raises(UnknownNameError, match="region target"):
        targets_of("region", ("new_armed_actor",))
    with pytest.raises(UnknownNameError, match="deaths_total"):
        targets_of("country", ("deaths_total",), kind="deaths")


def test_targets_are_named_by_kind_and_sums_over_a_window_come_with_their_months():
    assert [target.name for target in targets_of("country", kind="deaths")] == ["deaths", "deaths_sb"]
    assert [target.name for target in targets_of("region", kind="deaths")] == ["deaths"]
    assert {target.kind for target in targets_of("country")} == {"probability"}
    both = targets_of("country", ("deaths", "violence_1"), kind=None)
    assert [target.name for target in both] == ["deaths", "violence_1"]
