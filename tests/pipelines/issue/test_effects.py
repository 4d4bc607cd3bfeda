"""What facts add to the probabilities of an issue: where it is served, by how much and by which fact; else why not."""

import json

import made_panels
import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled_panel
from scipy.special import logit

from faultline.models.learners import kept_effects
from faultline.models.learners.kept_effects import COURSE
from faultline.models.probabilities.risk import Forecast
from faultline.pipelines.issue.effects import DRAWN, NO_FACT, NOT_CODED, REFUSED, SHARED, UNTRIED, Facts, say_drawn

TRIED = {"violence_25": True, "violence_1": False, "deaths": True, "deaths_sb": False}
LEARNED = {"effect_western_departure": 0.4, "effect_host_exit": 0.1}


@pytest.fixture(scope="module")
def facts():
    return Facts.of(bundled_panel("country", "2023-02"))


@pytest.fixture(autouse=True)
def learned(facts, tmp_path, monkeypatch):
    names = facts.features.names
    layers = [
        {
            "level": "country",
            "target": target,
            "horizon": COURSE if target.startswith("deaths") else 3,
            "learned_through": "2021-12",
            "ridge": 1.0,
            "coefficient": [LEARNED.get(name, 0.0) for name in names],
            "covariance": (0.04 * np.eye(len(names)))[np.tril_indices(len(names))].tolist(),
        }
        for target in TRIED
    ]
    verdicts = [{"level": "country", "target": target, "served": served} for target, served in TRIED.items()]
    file = tmp_path / "effects.json"
    file.write_text(json.dumps({"features": names, "words": names, "verdicts": verdicts, "layers": layers}))
    monkeypatch.setattr(kept_effects, "EFFECTS_FILE", file)


def added(facts, target="violence_25", horizon=3, countries=("MLI", "PER", "GNQ")):
    unit = np.array([list(facts.panel.units["iso3"]).index(code) for code in countries])
    month = np.full(len(unit), facts.panel.shape[0] - 1)
    before = Forecast(*(np.full(len(unit), p) for p in (0.5, 0.4, 0.6, 0.3)))
    return before, *facts.added(before, target, horizon, month=month, unit=unit)


def test_served_facts_move_a_coded_country_name_the_strongest_and_leave_others_as_they_are(facts):
    before, after, columns = added(facts)
    assert columns["effects_note"] == ["departure of western (French, EU, US) forces (August 2022)", NOT_CODED, NO_FACT]
    fresh = 0.5 ** (6 / 12)  # of August, in February
    assert logit(after.probability[0]) > 0.4 * fresh
    np.testing.assert_array_equal(after.probability[1:], before.probability[1:])
    share, low, high = (columns[f"effects_{end}"] for end in ("share", "low", "high"))
    assert share[0] == after.probability[0] - 0.5
    assert low[0] < share[0] < high[0]
    assert np.isnan(share[1])
    assert (share[2], low[2], high[2]) == (0, 0, 0)
    assert after.low[0] < after.probability[0] < after.high[0]
    np.testing.assert_array_equal(after.baseline, before.baseline)


@pytest.mark.parametrize(("target", "horizon", "said"), [("violence_1", 3, REFUSED), ("violence_25", 6, UNTRIED)])
def test_where_nothing_is_served_probabilities_are_historys_and_the_row_says_why(facts, target, horizon, said):
    before, after, columns = added(facts, target, horizon)
    assert after is before
    assert columns["effects_note"] == [said, NOT_CODED, said]
    assert np.isnan(columns["effects_share"]).all()


def test_a_month_before_the_layer_was_learned_is_scored_by_history_alone():
    early = made_panels.made_panel(0, level="country")
    before = Forecast(*(np.full(2, p) for p in (0.5, 0.4, 0.6, 0.3)))
    at = np.array([0, 1])
    assert Facts.of(early).added(before, "violence_25", 3, month=at + 80, unit=at)[0] is before


def multiplied(facts, *targets):
    return facts.multiplied(targets, np.full(facts.panel.shape[1], facts.panel.shape[0] - 1))


def test_served_facts_multiply_deaths_of_a_coded_country_and_no_others(facts):
    found = multiplied(facts, "deaths", "deaths_sb")
    at = {code: place for place, code in enumerate(facts.panel.units["iso3"])}
    factor, told = found["deaths"].factor, found["deaths"].columns
    assert factor[at["MLI"]] > np.exp(0.4 * 0.5 ** (6 / 12))
    assert told["effects_share"][at["MLI"]] == factor[at["MLI"]] - 1
    assert told["effects_low"][at["MLI"]] < told["effects_share"][at["MLI"]] < told["effects_high"][at["MLI"]]
    assert told["effects_note"][at["MLI"]] == "departure of western (French, EU, US) forces (August 2022)"
    assert factor[[at["PER"], at["GNQ"]]].tolist() == [1.0, 1.0]
    assert told["effects_note"][[at["PER"], at["GNQ"]]].tolist() == [NOT_CODED, NO_FACT]
    assert (found["deaths_sb"].factor == 1).all()
    assert found["deaths_sb"].columns["effects_note"][at["MLI"]] == REFUSED


def test_rows_of_deaths_say_what_their_draws_were_multiplied_by(facts):
    units = facts.panel.units
    mali = int(units.loc[units["iso3"] == "MLI", "gwno"].iloc[0])
    rows = [("deaths", np.nan), ("deaths_total", np.nan), ("deaths_sb_total", np.nan), ("violence_100", 0.2)]
    table = pd.DataFrame(rows, columns=["target", "probability"]).assign(gwno=mali, mean_deaths=[9.0, 9, 9, np.nan])
    table["effects_note"] = pd.Series(pd.NA, index=table.index, dtype="str")
    table = pd.concat([table, table.assign(bridged_months=3.0)], ignore_index=True)
    say_drawn(table, facts.panel, multiplied(facts, "deaths", "deaths_sb"))
    note = table["effects_note"].tolist()
    assert note[0] == note[1] == "departure of western (French, EU, US) forces (August 2022)"
    assert note[2:4] == [REFUSED, DRAWN]
    assert note[4:] == [SHARED, SHARED, SHARED, DRAWN]
    assert table["effects_share"].notna().tolist() == [True, True, *[False] * 6]
