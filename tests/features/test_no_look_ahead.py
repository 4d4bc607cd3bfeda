"""The two properties that must never break, over every feature and every target."""

from dataclasses import replace
from functools import lru_cache

import made_panels
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faultline.features.blocks.build import BLOCKS, FRAGMENTATION_BLOCKS, FURTHER_BLOCKS, build_features
from faultline.features.targets.build import TARGETS, label_history
from faultline.features.targets.events import EVENT_TARGETS
from faultline.models.distributions.conflictology import conflictology

#: Countries, regions of which it is known who fought, and regions of which only events and deaths are counted.
LEVELS = ("country", "region", "counted")
HORIZONS = (1, 3, 6, 12)
EVERY_BLOCK = (*BLOCKS, *FRAGMENTATION_BLOCKS, *FURTHER_BLOCKS)
EVERY_TARGET = {**TARGETS, **EVENT_TARGETS}
seeds = st.integers(0, 2**32 - 1)


@lru_cache(maxsize=256)  # a property draws the same seeds for each of its targets
def made(seed, *, level: str = "region"):
    whole = made_panels.made_panel(seed, level="country" if level == "country" else "region")
    panel = made_panels.with_war_totals(whole, seed)
    panel = made_panels.counted(panel) if level == "counted" else panel
    for array in (*panel.values.values(), panel.observed, panel.war_total):  # a dict of ours
        array.flags.writeable = False  # others look at it too
    return panel


def violent(panel):
    """Thirty times the deaths, so that every label is 1 somewhere."""
    return replace(panel, values={n: 30 * v if n.endswith("_deaths") else v for n, v in panel.values.items()})


@pytest.mark.parametrize("level", LEVELS)
@given(seed=seeds, other=seeds, month=st.integers(0, 88))
@settings(max_examples=25)
def test_changing_data_after_t_changes_no_feature_up_to_t(level, seed, other, month):
    panel = made(seed, level=level)
    later = made_panels.changed(panel, other, slice(month + 1, None))
    before, after = (build_features(each, blocks=EVERY_BLOCK) for each in (panel, later))
    for position, name in enumerate(before.names):
        np.testing.assert_array_equal(
            before.values[: month + 1, :, position], after.values[: month + 1, :, position], err_msg=name
        )


@pytest.mark.parametrize("level", LEVELS)
def test_every_feature_does_depend_on_the_data(level):
    # otherwise the property above could not fail
    panel = made(1, level=level)
    other = made_panels.changed(panel, 2, slice(0, None))
    before, after = (build_features(each, blocks=EVERY_BLOCK) for each in (panel, other))
    for position, name in enumerate(before.names):
        one, other_ = (built.values[:, :, position] for built in (before, after))
        assert not np.array_equal(one, other_, equal_nan=True), name


@pytest.mark.parametrize("target", EVERY_TARGET.values(), ids=list(EVERY_TARGET))
@pytest.mark.parametrize("horizon", HORIZONS)
@given(seed=seeds, other=seeds, month=st.integers(60, 85))
@settings(max_examples=15)
def test_changing_data_up_to_t_changes_no_label_from_t_on(target, horizon, seed, other, month):
    # but for what the definition itself refers to: which actors were there before, and whose heirs, is what "new" means
    panel = made(seed)
    earlier = made_panels.changed(panel, other, slice(None, month + 1 - target.refers_back), lineage=False)
    np.testing.assert_array_equal(target.label(panel, horizon)[month:], target.label(earlier, horizon)[month:])


@pytest.mark.parametrize("target", EVERY_TARGET.values(), ids=list(EVERY_TARGET))
@pytest.mark.parametrize("horizon", HORIZONS)
@given(seed=seeds, other=seeds, month=st.integers(0, 76))
@settings(max_examples=15)
def test_changing_data_after_the_window_changes_no_label(target, horizon, seed, other, month):
    panel = made(seed)
    later = made_panels.changed(panel, other, slice(month + horizon + 1, None))
    np.testing.assert_array_equal(target.label(panel, horizon)[: month + 1], target.label(later, horizon)[: month + 1])


# no region of these is calm for the 24 months before an onset: see tests/features/targets/test_events.py
@pytest.mark.parametrize(
    "target", [each for name, each in EVERY_TARGET.items() if name != "onset_24"], ids=lambda t: t.name
)
def test_every_label_does_depend_on_the_window(target):
    panel = made(3)
    horizon = target.horizons[0] if target.horizons else 3
    other = made_panels.changed(panel, 4, slice(0, None))
    labels = [target.label(violent(each), horizon) for each in (panel, other)]
    assert not np.array_equal(*labels, equal_nan=True)


@pytest.mark.parametrize("target", EVERY_TARGET.values(), ids=list(EVERY_TARGET))
@given(seed=seeds, other=seeds, month=st.integers(0, 88), horizon=st.sampled_from(HORIZONS))
@settings(max_examples=15)
def test_what_was_known_of_a_target_at_t_does_not_change_with_later_data(target, seed, other, month, horizon):
    panel = made(seed)
    later = made_panels.changed(panel, other, slice(month + 1, None))
    pasts = [label_history(target.label(each, horizon), horizon) for each in (panel, later)]
    for name in ("climatology", "persistence"):
        first, second = (getattr(past, name)[: month + 1] for past in pasts)
        np.testing.assert_array_equal(first, second, err_msg=name)
    np.testing.assert_array_equal(target.at_risk(panel)[: month + 1], target.at_risk(later)[: month + 1])


@given(seed=seeds, other=seeds, month=st.integers(12, 88), horizon=st.sampled_from(HORIZONS))
@settings(max_examples=15)
def test_conflictology_samples_only_windows_that_have_ended(seed, other, month, horizon):
    panel = made(seed)
    later = made_panels.changed(panel, other, slice(month + 1, None))
    at = np.full(panel.shape[1], month)
    np.testing.assert_array_equal(conflictology(panel, horizon, at=at), conflictology(later, horizon, at=at))


def test_every_block_is_covered_here():
    built = build_features(made(0), blocks=EVERY_BLOCK)
    assert set(built.block) == {*BLOCKS, *FRAGMENTATION_BLOCKS, *FURTHER_BLOCKS}
