"""Who is new and who is an old group under another name: cases of the Sahel, on the bundled tables."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from faultline.features.block_actors import deadly_debuts, debuts
from faultline.features.country_panel import country_panel
from faultline.features.snapshot import load_snapshot

AQIM, CMA, IS, JNIM, ANSAR_DINE, FLM = 539, 1158, 234, 6716, 1157, 6267
SNAPSHOT = load_snapshot()
PANEL = country_panel(SNAPSHOT)


def pair(panel, actor, gwno):
    unit = panel.units.index.get_loc(str(gwno))
    (position,) = np.flatnonzero((panel.actors.actor == actor) & (panel.actors.unit == unit))
    return int(position)


def months_of(found, panel, actor, gwno):
    return panel.months[found[:, pair(panel, actor, gwno)]].astype(str).tolist()


def test_jnim_was_no_new_group_in_mali_when_its_parts_merged():
    assert months_of(debuts(PANEL.actors), PANEL, JNIM, 432) == []
    assert months_of(deadly_debuts(PANEL.actors), PANEL, JNIM, 432) == []
    without = country_panel(replace(SNAPSHOT, actor_lineage=SNAPSHOT.actor_lineage.iloc[:0]))
    assert months_of(debuts(without.actors), without, JNIM, 432) == ["2017-03"]


def test_a_merger_is_not_known_before_it_was_announced():
    before = country_panel(SNAPSHOT, as_of=pd.Period("2017-02", "M"))
    assert JNIM not in before.actors.actor
    links = SNAPSHOT.actor_lineage.set_index("actor_id").loc[[JNIM]]
    assert set(links["predecessor_id"]) == {ANSAR_DINE, FLM}
    later = replace(SNAPSHOT, actor_lineage=SNAPSHOT.actor_lineage.assign(known_on=pd.Timestamp("2018-01-31")))
    unaware = country_panel(later, as_of=pd.Period("2017-12", "M"))
    assert months_of(debuts(unaware.actors), unaware, JNIM, 432) == ["2017-03"]
    aware = country_panel(later, as_of=pd.Period("2018-01", "M"))
    assert months_of(debuts(aware.actors), aware, JNIM, 432) == []


def test_aqim_is_the_gspc_under_another_name():
    # The GSPC took the name in January 2007: one actor since 1998, new in Algeria then and never again.
    assert months_of(debuts(PANEL.actors), PANEL, AQIM, 615) == ["1998-12"]
    assert set(SNAPSHOT.actor_lineage.loc[SNAPSHOT.actor_lineage["actor_id"] == AQIM, "kind"]) == {"splinter", "merger"}


def test_the_cma_is_the_mnla_under_another_name():
    # The coordination of 2014 keeps the number of the MNLA, which rose in January 2012.
    names = SNAPSHOT.actors.set_index("actor_id")["name"]
    assert names[CMA] == "CMA"
    assert "MNLA" not in set(names)
    assert months_of(debuts(PANEL.actors), PANEL, CMA, 432) == ["2012-01"]


@pytest.mark.parametrize(("gwno", "first"), [(432, "2017-02"), (436, "2015-03"), (439, "2017-10")])
def test_the_islamic_state_is_new_where_it_came_to_the_sahel(gwno, first):
    # In Mali it split from al-Murabitun: a splinter is a group of its own. Its provinces are one actor for UCDP.
    assert months_of(debuts(PANEL.actors), PANEL, IS, gwno)[0] == first
