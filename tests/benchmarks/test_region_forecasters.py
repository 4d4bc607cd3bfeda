"""Forecasters of a published benchmark learn from what was over at each time they learn, and score what was asked."""

import importlib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_panels import changed, made_panel

from faultline.features.blocks.build import build_features
from faultline.features.targets.events import EVENT_TARGETS

FIRST, SECOND, LAST = "1994-12", "1995-06", "1995-12"


@pytest.fixture(scope="module")
def script(root):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(root / "benchmarks")
        module = importlib.import_module("region_forecasters")
        for name, fewer in (("ROUNDS", 20), ("BOOSTERS", 2), ("NETS", 2)):
            patch.setattr(module, name, fewer)
        yield module


def quiet_panel(*, n_units=24, most=0.06):
    """Regions with few events, more of them from the first to the last."""
    panel = made_panel(3, n_units=n_units)
    rare = np.random.default_rng(0).random(panel.shape) < np.linspace(0.005, most, n_units)
    return replace(panel, values={name: array * rare for name, array in panel.values.items()})  # noqa: PD011


def forecast(script, panel, target, **span):
    features = build_features(panel, blocks=("history",))
    return script.rolling(panel, features, target, **{"first": FIRST, "last": LAST, **span})


@pytest.mark.parametrize("target", ["occurrence", "surge", "onset_24"])
def test_what_comes_after_the_first_refit_changes_none_of_its_forecasts(script, target):
    panel = quiet_panel()
    at = panel.position(pd.Period(FIRST, "M"))
    later = changed(panel, 5, slice(at + 1, None))
    (rows, before), (others, after) = (forecast(script, each, target, last=FIRST) for each in (panel, later))
    assert before["y"].sum() != after["y"].sum()
    if target != "occurrence":
        assert (rows == others).all()
    for name in before.keys() - {"y"}:
        np.testing.assert_array_equal(before[name], after[name], err_msg=name)


def test_onsets_are_scored_where_24_months_were_calm_and_nowhere_else(script):
    panel = quiet_panel()
    rows, found = forecast(script, panel, "onset_24")
    labels = EVENT_TARGETS["onset_24"].label(panel, 1)
    inside = panel.months.isin(pd.period_range(FIRST, LAST, freq="M"))
    assert (rows == (~np.isnan(labels) & inside[:, None])).all()
    np.testing.assert_array_equal(found["y"], labels[rows])


def test_the_pool_is_the_mean_of_its_members_and_tells_likely_regions_apart(script):
    _, found = forecast(script, quiet_panel(most=1.0), "occurrence")
    y, pool = found.pop("y"), found.pop("pool")
    assert set(found) == {"logit", "lightgbm", "net"}
    np.testing.assert_allclose(pool, np.mean(list(found.values()), axis=0))
    assert pool[y == 1].mean() > pool[y == 0].mean()


def test_it_is_all_learned_anew_after_the_months_asked_for(script):
    panel = quiet_panel()
    assert script.ASKED["occurrence"].refit == 6
    halves = (FIRST, "1995-05"), (SECOND, "1995-11")
    parts = [forecast(script, panel, "occurrence", first=first, last=last) for first, last in halves]
    _, whole = forecast(script, panel, "occurrence", last="1995-11")
    for name in whole:
        np.testing.assert_array_equal(whole[name], np.concatenate([part[1][name] for part in parts]), err_msg=name)
