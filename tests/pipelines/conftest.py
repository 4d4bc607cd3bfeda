"""A store with a champion that learned from a few countries, for the tests of what is done with one."""

import os
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from faultline.features.panels.countries import country_panel
from faultline.features.tables.snapshot import load_snapshot
from faultline.models.distributions.hurdle import HURDLE
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.learn.held_back import stratum_scores
from faultline.pipelines.learn.train import train_level
from faultline.pipelines.track import registry
from faultline.pipelines.track.learned import probabilities_learned
from faultline.pipelines.track.promotion import promote
from faultline.pipelines.track.store import log_runs, open_store

CHAMPION = "faultline-country-violence_25"


@pytest.fixture(scope="module")
def few_trees():
    """Let the hurdle learn with few trees: enough for rows and draws that are held to each other, not to outcomes."""
    with pytest.MonkeyPatch.context() as patch:
        for part in ("hurdle", "size"):
            patch.setitem(vars(HURDLE), part, replace(getattr(HURDLE, part), rounds=10))
        yield


@pytest.fixture(scope="module")
def checkout(tmp_path_factory, cut):
    """A folder, made the current one, with a store: violence_25 learned as of 2008-06, version 1 its champion.

    The snapshot in force is the cut one.
    """
    folder = tmp_path_factory.mktemp("checkout")
    here = os.getcwd()  # noqa: PTH109
    os.chdir(folder)
    os.environ["FAULTLINE_SNAPSHOT"] = str(cut)
    try:
        store = open_store(Settings())
        snapshot = load_snapshot(cut)
        panel = country_panel(snapshot, as_of=pd.Period("2008-06", "M"))
        campaign = train_level(panel, horizons=(1, 3), targets=("violence_25",))
        learned = probabilities_learned(campaign)
        runs = log_runs(store, learned, stratum_scores(campaign), parameters={}, data=snapshot.provenance)
        registry.register_models(store, learned, runs=runs)
        promote(store, CHAMPION, because="the tests need one")
        yield SimpleNamespace(folder=folder, store=store, campaign=campaign, snapshot=snapshot)
    finally:
        del os.environ["FAULTLINE_SNAPSHOT"]
        os.chdir(here)
