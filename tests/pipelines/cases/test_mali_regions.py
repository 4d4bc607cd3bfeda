"""The case of Mali by region: what cannot be told says why, and is no number."""

import numpy as np
import pandas as pd

from faultline.features.tables.snapshot import load_snapshot
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.base.settings import Settings
from faultline.pipelines.cases.mali_regions import region_forecasts, region_section

EARLY = pd.Period("2012-02", "M")


def early(cut):
    """As of February 2012 there are two years of counts: too few to learn from, so that nothing is trained."""
    table = region_forecasts(Settings(), load_snapshot(cut), Progress.on_stderr(quiet=True), origins=(EARLY,))
    return table.set_index(["target", "region"])


def test_where_nothing_can_be_learned_persistence_stands_alone_and_where_no_window_has_ended_nothing_does(cut):
    table = early(cut)
    assert table["probability"].isna().all()
    assert table.loc[["violence_25"], "baseline"].notna().all()
    contestation = table.loc["contestation"]
    assert contestation["baseline"].isna().all()  # it takes two years to tell, and one to see it end
    assert contestation["contested"].to_dict() == {**dict.fromkeys(contestation.index, False), "Kidal": True}
    assert not contestation.loc["Kidal", "at_risk"]


def test_a_cell_says_what_was_told_or_why_nothing_was():
    rows = [
        ("Kidal", np.nan, np.nan, True, False, np.nan),
        ("Gao", np.nan, np.nan, False, False, np.nan),
        ("Mopti", np.nan, np.nan, False, True, 1.0),
        ("Ségou", np.nan, 0.07, False, True, 0.0),
        ("Timbuktu", 0.31, 0.14, False, True, 1.0),
    ]
    columns = ["region", "probability", "baseline", "contested", "at_risk", "outcome"]
    table = pd.DataFrame(rows, columns=pd.Index(columns))
    table = table.assign(origin="2012-02", target="contestation", horizon_months=12)
    (line,) = [line for line in region_section(table) if line.startswith("| 2012-02")]
    cells = [cell.strip() for cell in line.strip("|").split("|")[1:]]
    assert cells == ["contested", "contested within the year", "nothing to tell it from / yes", "7%* / no", "31% / yes"]
    assert "Forecasts: 1, of which 1 came true" in region_section(table)[-1]
