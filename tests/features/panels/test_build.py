"""Panels by the name of their level, and both of a month."""

import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.errors import UnknownNameError
from faultline.features.panels.build import both_panels, panel_of

MAY = pd.Period("2010-05", "M")


@pytest.fixture(scope="module")
def snapshot():
    return bundled()


def carries_territory(panel):
    return bool(np.isfinite(vars(panel)["values"].get("tfi", np.nan)).any())


def test_a_level_has_its_panel_that_ends_with_the_month_asked_for(snapshot):
    for level in ("country", "region"):
        panel = panel_of(snapshot, level, as_of=MAY, territory=level == "region")  # regions have none of their own
        assert (panel.level, panel.months[-1]) == (level, MAY)
        assert not carries_territory(panel)


def test_countries_carry_their_territory_where_it_is_asked_for(snapshot):
    both = both_panels(snapshot, as_of=MAY)
    assert {level: panel.level for level, panel in both.items()} == {"country": "country", "region": "region"}
    assert carries_territory(both["country"])
    assert carries_territory(panel_of(snapshot, "country", as_of=MAY, territory=True))


def test_a_level_that_does_not_exist_is_named(snapshot):
    with pytest.raises(UnknownNameError, match="'cell'"):
        panel_of(snapshot, "cell")
