"""Labels of the published benchmark of regions, worked out by hand."""

from dataclasses import replace

import made_panels
import numpy as np
import pytest

from faultline.features.targets.events import EVENT_TARGETS


def panel_of(events):
    """One region with so many events in each month."""
    panel = made_panels.made_panel(1, n_months=len(events), n_units=1, n_countries=1)
    values = {name: np.zeros(panel.shape, np.float32) for name in panel.values}
    values["sb_events"] = np.array(events, np.float32)[:, None]
    return replace(panel, values=values, observed=np.ones(panel.shape, bool))


def labels(name, events, horizon=1):
    return EVENT_TARGETS[name].label(panel_of(events), horizon)[:, 0]


def test_an_occurrence_is_any_event_in_the_window():
    assert labels("occurrence", [0, 0, 2, 0, 0]).tolist()[:4] == [0, 1, 0, 0]
    assert labels("occurrence", [0, 0, 2, 0, 0], 2).tolist()[:3] == [1, 1, 0]
    assert np.isnan(labels("occurrence", [0, 0, 2])[-1])


@pytest.mark.parametrize(("after", "surges"), [(3, 0), (4, 1), (5, 1)])
def test_a_surge_is_two_events_above_the_mean_and_above_one_deviation(after, surges):
    before = [1, 3] * 4  # mean 2, population deviation 1: from 4 events on
    found = labels("surge", [*before, after])
    assert found[7] == surges
    assert np.isnan(found[:7]).all(), "eight months tell what is usual"


def test_a_surge_after_quiet_takes_two_events():
    assert [labels("surge", [0] * 8 + [after])[7] for after in (0, 1, 2)] == [0, 0, 1]
    assert np.isnan(labels("surge", [0] * 12, 3)).all(), "it is defined one month ahead"


def test_an_onset_follows_24_months_without_an_event():
    found = labels("onset_24", [0] * 25 + [1, 0, 0])
    assert np.isnan(found[:23]).all()
    assert found[23:25].tolist() == [0, 1]
    assert np.isnan(found[25:]).all(), "it is calm no more"
