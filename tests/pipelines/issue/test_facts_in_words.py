"""What happened in a country, in words: every kind of fact has a row of its own."""

import pandas as pd
from made_bundled import bundled

from faultline.features.contracts.political import TRANSITION_FACTS
from faultline.pipelines.issue.facts_in_words import STEPS, steps


def test_every_kind_of_fact_has_words_and_what_it_is_about_beside_them():
    facts = pd.DataFrame({"fact": TRANSITION_FACTS}).assign(
        gwno=432, date=pd.Timestamp("2024-01-15"), note="", subject="Mopti"
    )
    none = bundled()
    told = steps(none.coups.iloc[:0], facts, none.elections.iloc[:0]).set_index("step")
    assert not told.index.hasnans
    assert set(TRANSITION_FACTS) <= STEPS.keys()
    for step in ("blockade lifted", "truce ends", "access denied to a mission", "arms delivered"):
        assert told.loc[step, "label"] == "Mopti"
