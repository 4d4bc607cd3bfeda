"""The champion changes only for a better challenger, or by force with a reason."""

import os
import subprocess
import sys
from dataclasses import replace

import made_stores
import numpy as np
import pandas as pd
import pytest
from mlflow.exceptions import MlflowException

from faultline.features.errors import CoverageError, SchemaError, UnknownNameError
from faultline.models.kinds import DISTRIBUTIONS
from faultline.models.scores.comparison import bootstrap_mean
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.track import registry
from faultline.pipelines.track.promotion import compare, promote, rollback
from faultline.pipelines.track.store import open_store

NAME, OTHER = "faultline-region-violence_25", "faultline-region-violence_1"


def held_back(seed, *, n=40, pool=0.0, persistence=0.3, logit=0.2):
    """Forecasts of n countries in 24 months that miss the outcome by about so much."""
    rng = np.random.default_rng(seed)
    country = np.repeat([f"C{i:02}" for i in range(n)], 24)
    y = rng.integers(0, 2, len(country)).astype(float)

    def missing(by):
        return np.clip(np.abs(y - by - rng.normal(0, 0.02, len(y))), 0, 1)

    return pd.DataFrame(
        {
            "horizon_months": 3,
            "origin": np.tile([f"20{10 + i // 12}-{i % 12 + 1:02}" for i in range(24)], n),
            "unit": country,
            "country": country,
            "at_risk": True,
            "y": y,
            "persistence": missing(persistence),
            "logit": missing(logit),
            "pool": missing(pool),
        }
    )


def test_differences_are_those_of_the_brier_score_with_their_interval():
    rows = held_back(0, pool=0.1)
    found = {comparison.opponent: comparison for comparison in compare(rows, seed=3)}
    brier = {name: (rows[name] - rows["y"]) ** 2 for name in ("pool", "persistence", "logit")}
    for name in ("persistence", "logit"):
        difference = (brier["pool"] - brier[name]).to_numpy()
        code = np.unique(rows["country"], return_inverse=True)[1]
        assert found[name].difference == bootstrap_mean(difference, code, seed=3)
        assert found[name].difference.mean == pytest.approx(brier["pool"].mean() - brier[name].mean())
        assert found[name].beaten


def test_a_hair_better_is_not_better():
    rows = held_back(0, pool=0.2, logit=0.2)
    beaten = {comparison.opponent: comparison.beaten for comparison in compare(rows)}
    assert beaten == {"persistence": True, "logit": False}


def test_only_rows_at_risk_count():
    good = held_back(0, pool=0.1).assign(at_risk=False)
    bad = held_back(1, pool=0.4)
    both = pd.concat([good, bad], ignore_index=True)
    assert not any(comparison.beaten for comparison in compare(both))
    assert {comparison.rows for comparison in compare(both)} == {len(bad)}


def test_the_champion_is_met_on_common_rows_only():
    challenger = held_back(0, pool=0.05)
    champion = challenger.assign(pool=challenger["logit"])
    later = champion.iloc[100:300].sample(frac=1.0, random_state=0)
    *_, last = compare(challenger, later)
    assert (last.opponent, last.rows, last.beaten) == ("the champion", 200, True)
    *_, same = compare(challenger, challenger)
    assert not same.beaten
    *_, none = compare(challenger, champion.assign(unit="elsewhere"))
    assert not none.beaten
    assert str(none) == "shares no held-back rows with the champion"


def test_forecasts_without_an_opponent_are_refused():
    with pytest.raises(SchemaError, match="no persistence or no logit"):
        compare(held_back(0).drop(columns="logit"))


def held_back_crps(seed, *, pool, n=40):
    """CRPS of deaths on the rows of `held_back`, of which each forecaster's mean is about so much."""
    rng = np.random.default_rng(seed)
    rows = held_back(seed, n=n)[["horizon_months", "origin", "unit", "country", "y"]]
    means = {"persistence": 3.0, "conflictology": 2.0, "hurdle": 1.0, "pool": pool}
    return rows.assign(**{name: rng.gamma(4, mean / 4, len(rows)) for name, mean in means.items()})


def test_forecasts_of_deaths_are_compared_by_crps_with_persistence_and_conflictology():
    rows = held_back_crps(0, pool=1.0)
    found = {comparison.opponent: comparison for comparison in compare(rows, seed=3, kind=DISTRIBUTIONS)}
    assert list(found) == ["persistence", "conflictology"]
    for name, comparison in found.items():
        code = np.unique(rows["country"], return_inverse=True)[1]
        assert comparison.difference == bootstrap_mean((rows["pool"] - rows[name]).to_numpy(), code, seed=3)
        assert str(comparison).startswith(f"beats {name}: CRPS -")
    equal = {
        comparison.opponent: comparison.beaten
        for comparison in compare(held_back_crps(0, pool=2.0), kind=DISTRIBUTIONS)
    }
    assert equal == {"persistence": True, "conflictology": False}
    *_, champion = compare(rows, rows.assign(pool=rows["hurdle"]).iloc[:200], kind=DISTRIBUTIONS)
    assert (champion.opponent, champion.rows, champion.score) == ("the champion", 200, "CRPS")
    with pytest.raises(SchemaError, match="no persistence or no conflictology"):
        compare(rows.drop(columns="conflictology"), kind=DISTRIBUTIONS)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkout")
    here = os.getcwd()  # noqa: PTH109
    os.chdir(folder)
    store = open_store(Settings())
    campaign = made_stores.made_campaign()
    for _ in range(3):
        made_stores.logged(store, campaign)
    yield store
    os.chdir(here)


@pytest.fixture
def judged(store, monkeypatch):
    """The store, whose versions 1, 2 and 3 have made held-back forecasts: of no skill, good and better."""
    pools = {"1": 0.25, "2": 0.15, "3": 0.05}
    rows = {version: held_back(0, pool=pool) for version, pool in pools.items()}
    monkeypatch.setattr(registry, "has_held_back", lambda _store, _version: True)
    monkeypatch.setattr(registry, "held_back", lambda _store, version: rows[version.version])
    yield store
    for tag in store.client.get_registered_model(NAME).tags:
        if tag.startswith("faultline.champions"):
            store.client.delete_registered_model_tag(NAME, tag)
    if registry.champion(store, NAME):
        store.client.delete_registered_model_alias(NAME, registry.CHAMPION)


def test_the_alias_moves_only_for_a_better_challenger_and_the_reason_is_kept(judged):
    assert not promote(judged, NAME, version="1").promoted
    assert registry.champion(judged, NAME) is None
    assert promote(judged, NAME, version="2").promoted
    assert promote(judged, NAME).promoted  # the newest
    back = promote(judged, NAME, version="2")
    assert not back.promoted
    assert "does not beat the champion" in back.reason
    assert registry.champion(judged, NAME).version == "3"
    kept = judged.client.get_model_version(NAME, "2")
    assert kept.tags["faultline.decision"] == back.reason
    assert kept.current_stage in (None, "None")
    assert judged.client.get_run(kept.run_id).data.tags["faultline.decision"] == back.reason
    assert promote(judged, NAME, version="3").reason == "version 3 is the champion already"


def test_force_promotes_with_its_reason_and_rollback_returns(judged):
    promote(judged, NAME, version="3")
    forced = promote(judged, NAME, version="1", because="the data were corrected")
    assert forced.promoted
    assert "by force, because the data were corrected" in forced.reason
    assert "does not beat logit" in forced.reason
    said = rollback(judged, NAME, because="it was worse after all")
    assert said == f"{NAME}: version 3 is the champion again instead of version 1, because it was worse after all"
    assert registry.champion(judged, NAME).version == "3"
    with pytest.raises(CoverageError, match="no earlier champion"):
        rollback(judged, NAME, because="once more")


def test_a_decision_that_needs_no_force_is_not_called_forced(judged):
    assert promote(judged, NAME, version="3", because="unneeded").because is None


def test_a_champion_that_kept_no_held_back_forecasts_is_not_surely_beaten(judged, monkeypatch):
    promote(judged, NAME, version="1", because="it is all there is")
    monkeypatch.setattr(registry, "has_held_back", lambda _store, version: version.version != "1")
    decision = promote(judged, NAME, version="3")
    assert not decision.promoted
    assert "shares no held-back rows with the champion" in decision.reason


def test_unknown_models_and_versions_are_named_with_their_neighbours(store):
    with pytest.raises(UnknownNameError, match="did you mean 'faultline-region-violence_25'"):
        promote(store, "faultline-region-violence_52")
    with pytest.raises(UnknownNameError, match="version of faultline-region-violence_25 '9'"):
        promote(store, NAME, version="9")


def test_real_held_back_forecasts_are_compared(store):
    decision = promote(store, "faultline-region-violence_1", version="1")
    assert {comparison.opponent for comparison in decision.comparisons} == {"persistence", "logit"}
    assert all(comparison.rows > 1000 for comparison in decision.comparisons)
    assert replace(decision, promoted=True).reason.startswith("version 1 promoted: it ")


def test_a_first_alias_that_another_process_gave_meanwhile_is_moved(judged, monkeypatch):
    give, given = type(judged.client).set_registered_model_alias, []

    def given_at_once(client, name, alias, version):
        given.append(version)
        if len(given) == 1:  # as the database refuses the second of two first rows
            give(client, name, alias, "3")
            raise MlflowException("UNIQUE constraint failed: registered_model_aliases")
        give(client, name, alias, version)

    monkeypatch.setattr(type(judged.client), "set_registered_model_alias", given_at_once)
    registry.make_champion(judged, registry.version_of(judged, NAME, "2"), reason="tried")
    assert registry.champion(judged, NAME).version == "2"
    assert registry.champions(judged, NAME) == ["2"]


def test_the_alias_stays_with_the_last_of_the_history_when_another_takes_it_before_it_is_written(judged, monkeypatch):
    two, three = (registry.version_of(judged, NAME, number) for number in "23")
    write = type(judged.client).set_registered_model_tag

    def after_another(client, name, key, value):
        monkeypatch.undo()
        monkeypatch.setattr(registry.time, "time_ns", lambda: 1)  # of a machine whose clock is far behind
        registry.make_champion(judged, three, reason="it came between")
        write(client, name, key, value)

    monkeypatch.setattr(type(judged.client), "set_registered_model_tag", after_another)
    registry.make_champion(judged, two, reason="tried")
    assert sorted(registry.champions(judged, NAME)) == ["2", "3"]
    assert registry.champion(judged, NAME).version == registry.champions(judged, NAME)[-1]


def test_a_challenger_meets_the_champion_that_was_chosen_while_it_was_compared(judged, monkeypatch):
    read, asked = registry.held_back, []

    def slowly(store, version):
        asked.append(version.version)
        if len(asked) == 1:
            registry.make_champion(store, registry.version_of(store, NAME, "3"), reason="another process did")
        return read(store, version)

    monkeypatch.setattr(registry, "held_back", slowly)
    decision = promote(judged, NAME, version="2")
    assert not decision.promoted
    assert "does not beat the champion" in decision.reason
    assert registry.champions(judged, NAME) == ["3"]
    assert registry.champion(judged, NAME).version == "3"


#: Four processes that share nothing but their imports: each waits until all are ready, and promotes three times.
PROMOTE = """
import multiprocessing, sys
from faultline.pipelines.track import registry
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.track.store import open_store

def promote(ready):
    store = open_store(Settings())
    versions = [registry.version_of(store, name, number) for number in "123" for name in sys.argv[1:]]
    ready.wait(120)
    for version in versions:
        registry.make_champion(store, version, reason="tried")

fork = multiprocessing.get_context("fork")
ready = fork.Barrier(4)
running = [fork.Process(target=promote, args=(ready,)) for _ in range(4)]
for process in running:
    process.start()
for process in running:
    process.join(120)
sys.exit([process.exitcode for process in running] != [0, 0, 0, 0])
"""


def test_processes_that_promote_at_once_lose_nothing_of_the_history(judged):
    before = len(registry.champions(judged, OTHER))
    subprocess.run([sys.executable, "-P", "-c", PROMOTE, NAME, OTHER], check=True, timeout=300)
    history = registry.champions(judged, NAME)
    assert sorted(history) == sorted("123" * 4)
    assert registry.champion(judged, NAME).version == history[-1]
    others = registry.champions(judged, OTHER)
    assert sorted(others[before:]) == sorted("123" * 4)
    assert registry.champion(judged, OTHER).version == others[-1]
    rollback(judged, NAME, because="no")
    assert registry.champion(judged, NAME).version == history[-2]
    assert registry.champions(judged, NAME) == history[:-1]


def test_rollback_goes_through_a_history_kept_in_one_tag_by_earlier_releases(judged):
    judged.client.set_registered_model_tag(NAME, "faultline.champions", '["1", "2"]')
    promote(judged, NAME, version="3")
    assert registry.champions(judged, NAME) == ["1", "2", "3"]
    rollback(judged, NAME, because="worse")
    assert registry.champion(judged, NAME).version == "2"
    rollback(judged, NAME, because="worse still")
    assert registry.champion(judged, NAME).version == "1"
    assert registry.champions(judged, NAME) == ["1"]
