"""A store with a small campaign in it, learned from a made panel."""

from __future__ import annotations

from made_panels import made_panel

from faultline.features.tables.snapshot import BUNDLED, read_provenance
from faultline.pipelines.learn.held_back import stratum_scores
from faultline.pipelines.learn.train import Campaign, train_level
from faultline.pipelines.track.learned import probabilities_learned
from faultline.pipelines.track.registry import register_models
from faultline.pipelines.track.store import log_runs

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
    learned = probabilities_learned(campaign)
    runs = log_runs(store, learned, stratum_scores(campaign), parameters={"seed": 0}, data=read_provenance(BUNDLED))
    return runs, register_models(store, learned, runs=runs)


def undescribed(store):
    """Names of all that a store holds without a sentence of description."""
    client, note = store.client, "mlflow.note.content"
    experiments = client.search_experiments()
    ids = [experiment.experiment_id for experiment in experiments]
    said = {f"experiment {e.name}": e.tags.get(note) for e in experiments}
    said |= {f"run {run.info.run_name}": run.data.tags.get(note) for run in client.search_runs(ids, max_results=1000)}
    said |= {f"logged model {m.name}": m.tags.get(note) for m in client.search_logged_models(ids)}
    said |= {f"model {model.name}": model.description for model in client.search_registered_models()}
    said |= {f"version {v.version} of {v.name}": v.description for v in client.search_model_versions()}
    assert {name.split()[0] for name in said} == {"experiment", "run", "logged", "model", "version"}
    return [name for name, sentence in said.items() if not (sentence or "").rstrip().endswith(".")]
