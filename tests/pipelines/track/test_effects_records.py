"""What MLflow holds of effects layers: coefficients, what they cost or gain, and whether they are served."""

import io
import json

import made_stores
import numpy as np
import pandas as pd
import pytest

from faultline.models.learners import kept_effects
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.track.effects_records import EFFECTS_FILE_OF_RUN, effects_tags, with_effects
from faultline.pipelines.track.records import RunRecord
from faultline.pipelines.track.store import open_store

NAMES = ("effect_coup", "effect_sanctions")
TRIED = (("region", "violence_1", (1, 3), True), ("region", "deaths", (12,), False))


@pytest.fixture
def learned(tmp_path, monkeypatch):
    """A served layer of violence and a refused one of deaths, learned by the end of 1990."""
    layers = [
        {"level": level, "target": target, "horizon": horizon, "learned_through": "1990-12", "ridge": 30.0}
        | {"coefficient": [0.1, -0.2], "covariance": [0.01, 0.0, 0.04]}
        for level, target, horizons, _ in TRIED
        for horizon in horizons
    ]
    scores = [
        {"era": "decided", "rows_of": "coded", "history": 0.1, "change": 0.002, "low": -0.001, "high": 0.004},
        {"era": "later", "rows_of": "coded", "history": 0.1, "change": -0.01, "low": -0.03, "high": 0.02},
        {"era": "decided", "rows_of": "all", "history": 0.1, "change": 9.0, "low": 9.0, "high": 9.0},
    ]
    verdicts = [{"level": level, "target": t, "served": s, "scores": scores} for level, t, _, s in TRIED]
    file = tmp_path / "effects.json"
    file.write_text(json.dumps({"features": NAMES, "words": NAMES, "verdicts": verdicts, "layers": layers}))
    monkeypatch.setattr(kept_effects, "EFFECTS_FILE", file)


OTHER = RunRecord("hurdle", {}, {}, (), {})


def records(target):
    pool = RunRecord("pool", {}, {"faultline.kind": "forecaster"}, (("crps", 1.0, 0),), {})
    return [((target, "hurdle"), OTHER), ((target, "pool"), pool)]


@pytest.mark.usefixtures("learned")
def test_a_record_of_a_pool_tells_coefficients_with_intervals_and_what_the_layer_does():
    (_, other), (_, told) = with_effects(records("deaths"), "region", "1992-01")
    assert other is OTHER
    table = pd.read_csv(io.StringIO(str(told.files[EFFECTS_FILE_OF_RUN])))
    assert table["fact"].tolist() == list(NAMES)
    np.testing.assert_allclose(table["coefficient"], [0.1, -0.2])
    np.testing.assert_allclose(table["high"] - table["coefficient"], [1.645 * 0.1, 1.645 * 0.2], rtol=1e-3)
    assert ("effects/crps_change_decided", 0.002, 0) in told.metrics
    assert ("effects/crps_high_later", 0.02, 0) in told.metrics
    assert len(told.metrics) == 1 + 6
    assert told.tags["faultline.effects"] == "refused"
    assert told.tags["faultline.effects.decided"] == "2016-2017: +0.20 % of CRPS, -0.10 to +0.40"
    assert told.tags["faultline.kind"] == "forecaster"


@pytest.mark.usefixtures("learned")
def test_where_no_layer_had_been_learned_nothing_is_told():
    for target, month in (("deaths", "1990-11"), ("escalation", "1992-01")):
        before = records(target)
        assert list(with_effects(before, "region", month)) == before
    assert effects_tags("region", "violence_1", "1990-11") == {}


@pytest.mark.usefixtures("learned")
def test_the_run_and_the_registered_version_of_a_target_have_them_and_other_runs_do_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store(Settings())
    runs, versions = made_stores.logged(store, made_stores.made_campaign())
    run = store.client.get_run(runs["violence_1"])
    assert run.data.tags["faultline.effects"] == "served"
    assert run.data.metrics["effects/brier_change_decided"] == 0.002
    assert EFFECTS_FILE_OF_RUN in {file.path for file in store.client.list_artifacts(run.info.run_id)}
    version = versions["violence_1"]
    tags = store.client.get_model_version(version.name, version.version).tags
    assert tags["faultline.effects"] == "served"
    assert tags["faultline.effects.later"] == "2018 on: -1.00 % of Brier, -3.00 to +2.00"
    others = store.client.search_runs([run.info.experiment_id])
    assert sum("faultline.effects" in each.data.tags for each in others) == 1
