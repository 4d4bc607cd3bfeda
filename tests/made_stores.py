"""A store with a small campaign in it, learned from a made panel."""

from __future__ import annotations

from made_panels import made_panel

from faultline.features.snapshot import BUNDLED, read_provenance
from faultline.pipelines.registry import register_models
from faultline.pipelines.run_scores import stratum_scores
from faultline.pipelines.tracking import log_runs
from faultline.pipelines.train import Campaign, train_level

HORIZONS = (1, 3)
TARGETS = ("violence_1", "violence_25")


def made_campaign(
    seed: int = 4, *, n_months: int = 120, targets: tuple[str, ...] = TARGETS, horizons: tuple[int, ...] = HORIZONS
) -> Campaign:
    """A campaign, by default of two targets and horizons."""
    panel = made_panel(seed, n_units=24, n_months=n_months, n_countries=12)
    panel.units["iso3"] = panel.units["iso3"].replace({"AAA": "MLI", "AAB": "NER"})
    return train_level(panel, horizons=horizons, targets=targets)


def logged(store, campaign: Campaign):
    """Log and register a campaign; runs and versions by target."""
    runs = log_runs(store, campaign, stratum_scores(campaign), parameters={"seed": 0}, data=read_provenance(BUNDLED))
    return runs, register_models(store, campaign, runs=runs)
