"""Scenarios by the effects layer: what changes moves scores by what was learned of it, and nothing else does."""

import io
import json
from dataclasses import replace

import made_panels
import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled
from rich.console import Console
from scipy.special import logit

from faultline.features.blocks.build import build_features
from faultline.features.errors import ConfigError, CoverageError, UnknownNameError
from faultline.models.learners import kept_effects
from faultline.pipelines.cases.changes import Changes, apply_changes
from faultline.pipelines.cases.facts_scenario import _told as facts_told
from faultline.pipelines.cases.facts_scenario import facts_scenario, not_moved
from faultline.pipelines.cases.stated_politics import Politics
from faultline.pipelines.cli.printing import print_moved

ORIGIN = pd.Period("2026-05", "M")
NAMES = build_features(made_panels.made_panel(0), blocks=("effects",)).names
LEARNED = {"effect_russian_arrival": 0.5, "effect_russian_arrival_violent": 1.0, "effect_coup": 0.25}


def month(text):
    return pd.Period(text, "M")


@pytest.fixture(scope="module")
def snapshot():
    return bundled()


@pytest.fixture(autouse=True)
def learned(tmp_path, monkeypatch):
    """A layer with known coefficients, served for countries and refused for regions, of violence and of deaths."""
    layers = [
        {
            "level": level,
            "target": target,
            "horizon": 12,
            "learned_through": "2025-12",
            "ridge": 1.0,
            "coefficient": [LEARNED.get(name, 0.0) for name in NAMES],
            "covariance": (0.01 * np.eye(len(NAMES)))[np.tril_indices(len(NAMES))].tolist(),
        }
        for level in ("country", "region")
        for target in ("violence_25", "deaths")
    ]
    verdicts = [{**each, "served": each["level"] == "country"} for each in layers]
    file = tmp_path / "effects.json"
    file.write_text(json.dumps({"features": NAMES, "words": NAMES, "verdicts": verdicts, "layers": layers}))
    monkeypatch.setattr(kept_effects, "EFFECTS_FILE", file)


def scores(iso3, *regions):
    rows = [
        {"location_code": iso3, "location_name": iso3, "admin_level": int(bool(code)), "admin1_code": code or None}
        for code in ("", *regions)
    ]
    kept = {"target": "violence_25", "horizon_months": 12, "probability": 0.2}
    return pd.DataFrame([{**row, "admin1_name": row["admin1_code"], **kept} for row in rows])


def moved(snapshot, iso3, changes, *regions):
    return facts_scenario(snapshot, scores(iso3, *regions), iso3=iso3, changes=changes, origin=ORIGIN)


def test_an_arrival_moves_a_country_and_its_regions_by_what_was_learned_of_it(snapshot):
    table = moved(snapshot, "TCD", Changes(arrivals={"russian": month("2026-05")}), "TD-KA", "nowhere")
    by = logit(table["scenario"]) - logit(0.2)
    # violence is ongoing in Chad; of Kanem, where it was not, the plain coefficient is all there is
    assert by.tolist() == pytest.approx([1.5, 0.5], abs=1e-6)
    assert table["served"].tolist() == [True, False]
    assert (table["low"] < table["difference"]).all()
    assert (table["difference"] < table["high"]).all()
    assert table["moved_by"][0].startswith("arrival of Russian forces")
    console = Console(width=150, record=True, file=io.StringIO())
    print_moved(
        table, "TCD", Changes(arrivals={"russian": month("2026-05")}), "2026-06", console, left={}, without=["x"]
    )
    text = " ".join(console.export_text().split())
    assert "not a causal effect" in text
    assert "Not served: violence_25 (regions)" in text
    assert "Without a layer, and not moved: x." in text


def test_the_deaths_of_a_window_are_multiplied_and_at_most_doubled(snapshot):
    table = scores("TCD", "TD-KA")
    totals = table.assign(target="deaths_total", horizon_months=3, probability=np.nan, q50=[40.0, 2.0])
    monthly = totals.assign(target="deaths")
    every = pd.concat([table, totals, monthly], ignore_index=True)
    changes = Changes(arrivals={"russian": month("2026-05")})
    found = facts_scenario(snapshot, every, iso3="TCD", changes=changes, origin=ORIGIN)
    assert not_moved(every, found) == []  # a window's deaths stand for those of its months
    deaths = found[found["measure"] == "deaths"]
    assert deaths["target"].tolist() == ["deaths_total", "deaths_total"]
    # exp(1.5) is held at 2; of Kanem exp(0.5)
    assert deaths["scenario"].tolist() == pytest.approx([80.0, 2 * np.exp(0.5)])
    assert deaths["served"].tolist() == [True, False]
    console = Console(width=160, record=True, file=io.StringIO())
    print_moved(found, "TCD", changes, "2026-06", console, left={}, without=[])
    assert "+40.0 deaths" in console.export_text()


def test_several_changes_add_up_in_log_odds(snapshot):
    both = Changes(arrivals={"russian": month("2026-05")}, politics=Politics(coup=month("2026-05")))
    assert (logit(moved(snapshot, "TCD", both)["scenario"]) - logit(0.2)).tolist() == pytest.approx([1.75], abs=0.02)


@pytest.mark.parametrize(
    ("iso3", "changes", "named"),
    [
        ("MLI", Changes(arrivals={"russian": month("2026-03")}), "russian forces arrive 2026-03"),  # they are there
        ("MLI", Changes(politics=Politics(sanctions={"ECOWAS": month("2026-03")})), "sanctions of ECOWAS 2026-03"),
        ("BFA", Changes(politics=Politics(lifted=month("2026-03"))), "sanctions lifted 2026-03"),
        ("NGA", Changes(politics=Politics(election=month("2026-03"))), "election held 2026-03"),  # no transition
    ],
)
def test_a_change_that_touches_nothing_is_refused_by_name_even_beside_others(snapshot, iso3, changes, named):
    with pytest.raises(ConfigError, match=f"{named}: this changes nothing"):
        moved(snapshot, iso3, changes)
    with pytest.raises(ConfigError, match=named):
        moved(snapshot, iso3, replace(changes, politics=replace(changes.politics, coup=month("2026-04"))))


def test_a_class_of_forces_that_is_not_there_is_refused_by_name(snapshot):
    with pytest.raises(UnknownNameError, match="class of forces that are in MLI 'french'"):
        moved(snapshot, "MLI", Changes({"french": month("2026-03")}))
    with pytest.raises(UnknownNameError, match="class of forces 'un'"):
        moved(snapshot, "MLI", Changes(arrivals={"un": month("2026-03")}))


def test_what_lies_after_the_origin_and_what_has_no_layer_is_refused(snapshot):
    with pytest.raises(ConfigError, match="the coup in 2026-06 lies after 2026-05"):
        moved(snapshot, "MLI", Changes(politics=Politics(coup=month("2026-06"))))
    with pytest.raises(ConfigError, match="needs a change"):
        moved(snapshot, "MLI", Changes())
    early = month("2025-11")  # the layer was learned by December
    with pytest.raises(CoverageError, match="no score of TCD"):
        facts_scenario(
            snapshot, scores("TCD"), iso3="TCD", changes=Changes(politics=Politics(coup=early)), origin=early
        )
    with pytest.raises(CoverageError, match="not coded for PER"):
        moved(snapshot, "PER", Changes(politics=Politics(coup=month("2026-03"))))


def told(snapshot, iso3, name):
    return dict(zip(NAMES, facts_told(snapshot, iso3, ORIGIN)[0].tolist(), strict=True))[name]


def test_a_class_ends_with_all_its_forces_at_the_hosts_demand(snapshot):
    changed = apply_changes(snapshot, "MLI", Changes({"russian": month("2026-03")}, by_host=True), origin=ORIGIN)
    assert told(snapshot, "MLI", "effect_host_exit") < 0.3
    assert told(changed, "MLI", "effect_host_exit") > 0.8
    assert told(changed, "MLI", "effect_russian_arrival") == 0


def test_an_end_in_the_month_of_the_origin_is_announced(snapshot):
    changed = apply_changes(snapshot, "MLI", Changes({"russian": ORIGIN}), origin=ORIGIN)
    assert told(changed, "MLI", "effect_withdrawal_announced") == 1
