"""What facts added to what was said of Mali: nothing before a layer was learned, and what the layer says after."""

from typing import Any

import pandas as pd
from made_bundled import bundled

from faultline.features.panels.build import panel_of
from faultline.models.learners.kept_effects import effects_served
from faultline.pipelines.cases.mali_effects import added_by_facts, effects_section

QUESTION = {("violence_25", 1): "at least 25 deaths in the next month"}


def added(origin: str) -> dict[str, Any]:
    panel = panel_of(bundled(), "country", as_of=pd.Period(origin, "M"))
    unit = panel.units["iso3"].tolist().index("MLI")
    return added_by_facts(panel, "violence_25", 1, unit, 0.6)


def test_before_a_layer_had_been_learned_nothing_is_said():
    told = added("1995-01")
    assert told["added_most_by"] == ""
    assert pd.isna(told["added"])


def test_in_a_year_of_departures_something_is_added_with_its_interval_and_its_fact():
    told = added("2022-11")
    assert told["added_low"] <= told["added"] <= told["added_high"]
    assert told["added_most_by"]


def test_the_page_says_which_models_saw_which_family():
    rows = pd.DataFrame(
        [
            {"origin": "2022-11", "target": "violence_25", "blocks": ("history", "neighbours"), **added("2022-11")},
            {"origin": "1995-01", "target": "violence_25", "blocks": ("history", "neighbours"), **added("1995-01")},
        ]
    )
    text = "\n".join(effects_section(rows, QUESTION))
    served = "served" if effects_served("country", "violence_25") else "refused"
    assert f"the model saw neither family (it read history, neighbours); the layer is {served}." in text
    assert "| 2022-11 |" in text
    assert "| 1995-01 |" not in text
    both = rows.assign(blocks=pd.Series([("history", "deployments", "transitions")] * 2))
    assert "learned from deployments and transitions too" in "\n".join(effects_section(both, QUESTION))
