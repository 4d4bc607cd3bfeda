"""The covariate gate: what it keeps, and what it may not look at."""

from __future__ import annotations

import made_panels
import numpy as np
import pandas as pd
import pytest

from faultline.features.targets.build import TARGETS
from faultline.models.probabilities import kept_blocks
from faultline.pipelines.backtest import gate as module
from faultline.pipelines.backtest import gate_page


def misses(choosing, confirming, countries=40):
    miss = np.concatenate([np.full(countries, choosing), np.full(countries, confirming)])
    late = np.repeat([False, True], countries)
    return module._Misses(miss, late, np.tile(np.arange(countries), 2))


@pytest.mark.parametrize(
    ("choosing", "confirming", "kept"),
    [(0.09, 0.09, True), (0.09, 0.11, False), (0.11, 0.09, False), (0.11, 0.11, False), (0.10, 0.10, False)],
)
def test_a_block_is_kept_if_it_lowers_the_score_of_both_eras(choosing, confirming, kept):
    found = module._judge(
        "country", "violence_25", "neighbours", misses(0.1, 0.1), misses(choosing, confirming), seed=0
    )
    assert found.kept is kept
    assert found.difference == pytest.approx((choosing - 0.1, confirming - 0.1))


def test_a_block_that_helps_in_one_country_alone_is_not_kept():
    after = misses(0.09, 0.1)
    after.miss[-1] = 0.0  # the mean falls, but only in the two of three draws that hold this country
    found = module._judge("country", "violence_25", "neighbours", misses(0.1, 0.1), after, seed=0)
    assert found.difference[1] < 0
    assert 0.5 < found.better < module.CONFIRMED
    assert not found.kept


def test_the_gate_tries_every_block_and_looks_at_nothing_locked(monkeypatch):
    monkeypatch.setattr(module, "REFIT_YEARS", 6)
    panel = made_panels.made_panel(6, n_units=12, n_months=340, level="country")
    later = made_panels.changed(panel, 7, slice(panel.position(pd.Period("2018-03", "M")), None))
    first, second = (module.gate_target(each, TARGETS["escalation"]) for each in (panel, later))
    assert [verdict.block for verdict in first] == ["neighbours", "deployments", "transitions"]
    # origins to 2017-11, windows to 2018-02
    assert first == second


@pytest.mark.parametrize(("countries", "words"), [(2, "undecided"), (9, "undecided"), (10, "yes")])
def test_the_gate_decides_nothing_on_a_handful_of_countries(countries, words):
    """However many regions these have: a covariate of the country is the same in all of them."""
    before, after = misses(0.1, 0.1, 60), misses(0.05, 0.05, 60)
    for era in (before, after):
        era.country[:] = np.tile(np.arange(60) % countries, 2)
    found = module._judge("region", "violence_25", "transitions", before, after, seed=0)
    assert (found.countries, found.kept, found.decided) == (countries, words == "yes", words == "yes")
    assert found.difference == pytest.approx((-0.05, -0.05))
    table = gate_page.table_of([found])
    assert gate_page.verdict_words(table.to_dict("records")[0]) == words
    (line,) = [line for line in gate_page.markdown(table).splitlines() if "| transitions |" in line]
    assert line.endswith(f"| {words} |")
    assert ("to" in line) is (words == "yes"), "an undecided block has no interval"


def test_no_shipped_verdict_on_too_few_countries_is_kept():
    shipped = pd.read_csv(kept_blocks.GATE_FILE)
    few = shipped["countries"] < module.FEWEST_COUNTRIES
    assert few.any()
    assert not shipped.loc[few, ["kept", "decided"]].any(axis=None)
    assert shipped.loc[few, ["low", "high", "share_better"]].isna().all(axis=None)
    assert shipped.loc[~few, "decided"].all()


def test_verdicts_take_the_place_of_older_ones_of_the_same_target_and_are_what_training_reads(tmp_path, monkeypatch):
    file, page = tmp_path / "gate.csv", tmp_path / "gate.md"
    verdict = module._judge("country", "violence_25", "neighbours", misses(0.1, 0.1), misses(0.1, 0.1), seed=0)
    other = module._judge("region", "violence_25", "neighbours", misses(0.1, 0.1), misses(0.09, 0.09), seed=0)
    gate_page.write_gate([verdict, other], file, page=page)
    better = module._judge("country", "violence_25", "neighbours", misses(0.1, 0.1), misses(0.09, 0.09), seed=0)
    table = gate_page.write_gate([better], file, page=page)
    assert table[["level", "kept"]].to_numpy().tolist() == [["country", True], ["region", True]]
    monkeypatch.setattr(kept_blocks, "GATE_FILE", file)
    assert kept_blocks.dropped_blocks("country", "violence_25") == ()
    assert "Kept: 2 of 2 trials; undecided: 0." in page.read_text()
    line = "| country | violence_25 | neighbours | 40 | 0.1000 | -10.000 | -10.000 (-10.000 to -10.000) | 100% | yes |"
    assert line in page.read_text()
