"""Scenarios: the facts are changed, not the features."""

import io

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from faultline.features.blocks.build import build_features
from faultline.features.errors import ConfigError, CoverageError, UnknownNameError
from faultline.features.panels.build import panel_of
from faultline.features.panels.countries import country_panel
from faultline.features.tables.snapshot import load_snapshot
from faultline.features.targets.build import TARGETS
from faultline.models.learners.calibration import Calibration
from faultline.models.probabilities import kept_blocks
from faultline.models.probabilities.learning import fit_members
from faultline.models.probabilities.risk import HorizonModel, RiskModel
from faultline.models.rows.design import label
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.cases.changes import Changes, apply_changes, past_ends
from faultline.pipelines.cases.scenario import compare, scenario
from faultline.pipelines.cases.scenario_words import limits, parts
from faultline.pipelines.cli.printing import print_comparison
from faultline.pipelines.learn.train import Campaign, train_level

ORIGIN = pd.Period("2026-05", "M")
SETTINGS = Settings()  # pyright: ignore[reportCallIssue]  # every field has a default


@pytest.fixture(scope="module")
def snapshot(cut):
    return load_snapshot(cut)


def mali(snapshot, name, month):
    panel = country_panel(snapshot)
    unit = list(panel.units["iso3"]).index("MLI")
    return float(panel.values[name][panel.position(pd.Period(month, "M")), unit])  # noqa: PD011


def test_a_mission_that_ends_later_stays_until_then(snapshot):
    changed = apply_changes(snapshot, "MLI", Changes({"MINUSMA": pd.Period("2026-01", "M")}), origin=ORIGIN)
    assert mali(snapshot, "un_forces", "2025-06") == 0
    assert mali(changed, "un_forces", "2025-06") == 1
    assert mali(changed, "un_troops", "2025-06") > 0
    assert mali(changed, "un_forces", "2026-02") == 0


def test_a_mission_that_ends_earlier_is_gone_from_then_on(snapshot):
    changed = apply_changes(snapshot, "MLI", Changes({"minusma": pd.Period("2021-12", "M")}), origin=ORIGIN)
    assert mali(snapshot, "un_forces", "2022-06") == 1
    assert mali(changed, "un_forces", "2022-06") == 0
    assert mali(changed, "un_forces", "2021-06") == 1


@pytest.mark.parametrize(
    ("iso3", "changes", "words"),
    [
        ("PER", Changes({"Wagner": ORIGIN}), "foreign forces are not coded for PER"),
        ("GIN", Changes({"Wagner": ORIGIN}), "foreign forces are not coded for GIN"),
        ("PER", Changes({}, "postponed"), "steps of political transition are not coded for PER"),
    ],
)
def test_a_change_of_what_is_not_coded_is_refused(snapshot, iso3, changes, words):
    with pytest.raises(CoverageError, match=words) as refused:
        apply_changes(snapshot, iso3, changes, origin=ORIGIN)
    assert "MLI" in str(refused.value.remedy)


def test_an_end_after_the_origin_is_an_announcement(snapshot):
    changed = apply_changes(snapshot, "MLI", Changes({"EUCAP Sahel Mali": pd.Period("2026-12", "M")}), origin=ORIGIN)
    stated = changed.deployments[changed.deployments["fact_id"].str.startswith("scenario-")]
    assert stated["fact"].tolist() == ["withdrawal_announced"]
    assert mali(changed, "withdrawals_announced", "2026-05") == mali(snapshot, "withdrawals_announced", "2026-05") + 1


def test_a_postponed_transition_counts_one_postponement_more(snapshot):
    changed = apply_changes(snapshot, "MLI", Changes({}, "postponed"), origin=ORIGIN)
    name = "transition_postponements"
    assert mali(changed, name, "2026-05") == mali(snapshot, name, "2026-05") + 1
    assert mali(changed, name, "2026-04") == mali(snapshot, name, "2026-04")


def test_what_is_not_known_is_refused(snapshot):
    with pytest.raises(UnknownNameError, match="MINUSMA"):
        apply_changes(snapshot, "MLI", Changes({"MINUSMO": ORIGIN}), origin=ORIGIN)
    with pytest.raises(UnknownNameError, match="postponed"):
        apply_changes(snapshot, "MLI", Changes({}, "postpone"), origin=ORIGIN)
    with pytest.raises(ConfigError, match="needs a change"):
        scenario(SETTINGS, snapshot, Progress.on_stderr(quiet=True), iso3="MLI", changes=Changes({}))


def test_the_same_facts_give_the_same_score_and_say_that_nothing_moved(snapshot):
    origin = pd.Period("2023-06", "M")
    panel = panel_of(snapshot, "country", as_of=origin, territory=True)
    campaign = train_level(panel, horizons=(3,), targets=("violence_25",))
    table = compare(campaign, panel, "MLI")
    np.testing.assert_array_equal(table["as_is"], table["scenario"])
    assert table["moved_by"].tolist() == [""]
    assert limits(table) == ["The scenario changes no covariate of any target: no score can move."]
    two = pd.concat([table, table.assign(target="escalation", covariates="UN troops")])
    assert "changes none of its covariates" in limits(two)[0]  # of one target, where others have some


def test_where_the_gate_found_no_gain_it_says_that_the_score_cannot_move(snapshot):
    origin = pd.Period("2023-06", "M")
    changes = Changes({"MINUSMA": pd.Period("2022-12", "M")}, "postponed")
    as_is, what_if = (
        panel_of(facts, "country", as_of=origin, territory=True)
        for facts in (snapshot, apply_changes(snapshot, "MLI", changes, origin=origin))
    )
    # as the gate leaves it: the model learned from the history alone, and is asked with everything at hand
    seen = build_features(as_is, blocks=("history",))
    told = label(as_is, TARGETS["violence_25"], 3)
    rows = told.training_rows(24, as_is.shape[0] - 1)
    rows[np.arange(len(rows)) % 12 > 0] = False  # Januaries are enough here
    fitted = HorizonModel(3, fit_members(told.design(seen, rows)), Calibration(0.0, 1.0, ()))
    gated = RiskModel("country", "violence_25", seen.names, {3: fitted}, str(origin))
    table = compare(Campaign(as_is, build_features(as_is), {"violence_25": gated}, {}), what_if, "MLI")
    assert table["difference"].tolist() == [0.0]
    assert table["no_gain_from"].tolist() == ["deployments, transitions"]
    (line,) = limits(table)
    assert line.endswith("has shown no gain from deployments, transitions: the scenario cannot move the score.")
    console = Console(width=150, record=True, file=io.StringIO())
    print_comparison(table, "MLI", changes, origin, console)
    text = console.export_text()
    assert "not a causal effect" in text
    assert "postponements" in text


def test_with_all_blocks_the_facts_can_move_the_score_and_that_it_is_no_better_is_said(snapshot, tmp_path, monkeypatch):
    refused = tmp_path / "gate.csv"
    refused.write_text("level,target,block,kept\ncountry,violence_25,deployments,False\n")
    monkeypatch.setattr(kept_blocks, "GATE_FILE", refused)
    origin = pd.Period("2016-06", "M")
    changes = Changes({"MINUSMA": pd.Period("2014-12", "M")})
    as_is, what_if = (
        panel_of(facts, "country", as_of=origin, territory=True)
        for facts in (snapshot, apply_changes(snapshot, "MLI", changes, origin=origin))
    )
    campaign = train_level(as_is, horizons=(12,), targets=("violence_25",), all_blocks=True)
    block = dict(zip(campaign.features.names, campaign.features.block, strict=True))
    assert {block[name] for name in campaign.models["violence_25"].features} == set(campaign.features.block)
    table = compare(campaign, what_if, "MLI")
    assert table["difference"].tolist() != [0.0]
    assert table["no_gain_from"].tolist() == ["deployments"]
    assert limits(table, all_blocks=True) == ["violence_25: the gate has shown no gain from deployments."]
    console = Console(width=150, record=True, file=io.StringIO())
    print_comparison(table, "MLI", changes, origin, console, all_blocks=True)
    assert "forecast no better" in " ".join(console.export_text().split())


@pytest.mark.parametrize(
    ("scored", "said"),
    [
        (["new_armed_actor", "fragmentation"], ["fragmentation rests on new_armed_actor only here."]),
        (
            ["new_armed_actor", "contested_share_rises", "fragmentation"],
            ["fragmentation rests on new_armed_actor and contested_share_rises here."],
        ),
        (["violence_25"], []),
    ],
)
def test_fragmentation_is_never_shown_without_what_it_rests_on(scored, said):
    assert parts(pd.DataFrame({"target": scored})) == said


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("2026-01", "the scenario has it stay until 2026-01 instead"),
        ("2022-12", "the scenario has it leave by 2022-12"),
    ],
)
def test_a_mission_that_left_already_is_said_to_have(snapshot, last, said):
    changes = Changes({"MINUSMA": pd.Period(last, "M")})
    left = past_ends(snapshot, "MLI", changes, origin=ORIGIN)
    assert left == {"MINUSMA": pd.Period("2023-12", "M")}
    assert past_ends(snapshot, "MLI", changes, origin=pd.Period("2022-01", "M")) == {}
    row = {"target": "violence_25", "horizon_months": 3, "as_is": 0.5, "low": 0.4, "high": 0.6, "scenario": 0.5}
    table = pd.DataFrame([{**row, "difference": 0.0, "moved_by": "", "covariates": "", "no_gain_from": ""}])
    console = Console(width=150, record=True, file=io.StringIO())
    print_comparison(table, "MLI", changes, ORIGIN, console, left=left)
    assert f"By the data, MINUSMA left in December 2023: {said}." in console.export_text()
