"""Regions by name and by polygon: the two agree on real events within bounds that the documentation states."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_bundled import bundled

from faultline.features.events.region_sets import Names, Polygons
from faultline.features.sources.admin1_units import read_admin1_outlines, read_admin1_units
from faultline.features.sources.ged_release import candidate_vintage, final_vintage, read_release_events
from faultline.features.sources.organisation import organisation_levels

VINTAGES = {
    "ged201-nigeria.csv": final_vintage("20.1"),
    "ged241-sudan.csv": final_vintage("24.1"),
    "candidate/GEDEvent_v23_0_10.csv": candidate_vintage(2023, 10),
    "candidate/GEDEvent_v26_0_1.csv": candidate_vintage(2026, 1),
    "candidate/GEDEvent_v26_0_2.csv": candidate_vintage(2026, 2),
}
NIGERIA, SUDAN = "ged201-nigeria.csv", "ged241-sudan.csv"
#: What a name tells and Natural Earth's older polygons do not: Ménaka is a part of Gao there.
WITHOUT_POLYGON = ["ML-9", "ML-10"]


@pytest.fixture(scope="module")
def placed(shared_data: Path) -> pd.DataFrame:
    """Events that have a region by name which has an outline, with the region by polygon beside it."""
    base, units = bundled(), read_admin1_units()
    names = Names(base.regions, base.region_neighbours, base.countries, units)
    outlines = read_admin1_outlines(shared_data / "boundaries" / "africa-admin1-naturalearth.geojson", units)[0]
    polygons = Polygons(outlines.assign(also_in=""))
    parts: list[pd.DataFrame] = []
    for file, vintage in VINTAGES.items():
        path, levels = shared_data / "ucdp" / file, organisation_levels()
        events = read_release_events(path, vintage, levels=levels, organised_actors=set()).events
        by_name = names.placed(events).events.set_index("event_id")
        by_polygon = polygons.placed(events).events.set_index("event_id")["region_id"].rename("by_polygon")
        parts.append(by_name.join(by_polygon, how="inner").assign(file=file))
    table = pd.concat(parts)
    drawn = table["region_id"].isin(outlines["region_id"]) & ~table["region_id"].isin(WITHOUT_POLYGON)
    return table[drawn & table["by_polygon"].notna()]


def agreeing(events: pd.DataFrame) -> float:
    return float((events["region_id"] == events["by_polygon"]).mean())


def test_names_and_polygons_agree_on_the_region_of_an_event(placed: pd.DataFrame):
    sahel = placed[placed["gwno"].isin([432, 439, 436]) & (placed["file"] != NIGERIA)]
    assert len(sahel) > 150
    assert agreeing(sahel) >= 0.96
    assert agreeing(placed[placed["file"] == NIGERIA]) >= 0.985
    assert agreeing(placed[~placed["file"].isin([NIGERIA, SUDAN])]) >= 0.96
    # UCDP names the states of the time; Sudan's have been split since.
    assert agreeing(placed[placed["file"] == SUDAN]) >= 0.82


def test_names_and_polygons_agree_on_the_panel_of_nigeria(placed: pd.DataFrame):
    rows = placed[placed["file"] == NIGERIA]
    month = rows["start"].dt.to_period("M").rename("month")
    by_name, by_polygon = (
        rows.groupby([rows[column].rename("unit"), month])["deaths"].sum() for column in ("region_id", "by_polygon")
    )
    both = pd.concat([by_name, by_polygon], axis=1, keys=["name", "polygon"]).fillna(0)
    assert np.corrcoef(both["name"], both["polygon"])[0, 1] >= 0.97
    assert (both["name"] - both["polygon"]).abs().sum() / 2 <= 0.02 * rows["deaths"].sum()
