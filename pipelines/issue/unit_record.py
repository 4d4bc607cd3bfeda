"""What was said of a unit, and what happened: its forecasts of three months beside the deaths that were recorded."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

__all__ = ["CALLED", "COLUMNS", "WINDOW", "apart", "kinds", "unit_records"]

#: Months of the windows that are told.
WINDOW: Final = 3
#: What is likelier than this is called.
CALLED: Final = 0.5
_EVENT: Final = "violence_25"
_DEATHS: Final = "deaths_total"
_UNIT: Final = ("admin_level", "location_code", "location_name", "admin1_code", "admin1_name")
_KEY: Final = ["issue", "admin_level", "location_code", "admin1_code"]
#: Columns of the record of units.
COLUMNS: Final = (
    *_UNIT,
    *("issue", "backfilled", "reference_period_start", "reference_period_end"),
    *("probability", "baseline_probability", "outcome", "kind", "q05", "q50", "q95", "deaths", "inside"),
)


def kinds(probability: pd.Series, outcome: pd.Series) -> pd.Series:
    """Say of each forecast of an event whether it was a ``hit``, ``miss``, ``false_alarm`` or rightly ``quiet``."""
    called, happened = probability > CALLED, outcome == 1
    named = np.select([called & happened, ~called & happened, called], ["hit", "miss", "false_alarm"], "quiet")
    return pd.Series(named, index=probability.index, dtype="str")


def unit_records(settled: pd.DataFrame) -> pd.DataFrame:
    """Put the chance of 25 deaths and the deaths expected within three months beside what was recorded in them.

    Parameters
    ----------
    settled
        From `~faultline.pipelines.issue.track_record.settle`.

    Returns
    -------
    Columns `COLUMNS`, a row a unit and issue, the newest issue first: ``kind`` as `kinds` has it; ``inside``, whether
    the deaths lay within the 90 % range; empty where an issue did not speak of deaths.
    """
    own = settled[settled["horizon_months"] == WINDOW]
    event = own[(own["target"] == _EVENT) & own["outcome"].notna()]
    expected = own.loc[own["target"] == _DEATHS, [*_KEY, "q05", "q50", "q95"]]
    told = event.drop(columns=["q05", "q50", "q95"]).merge(expected, on=_KEY, how="left")
    inside = ((told["deaths"] >= told["q05"]) & (told["deaths"] <= told["q95"])).astype("boolean")
    told = told.assign(
        kind=kinds(told["probability"], told["outcome"]), inside=inside.where(told["q50"].notna(), pd.NA)
    )
    ordered = told.sort_values(["issue"], ascending=False, kind="stable").sort_values(
        ["admin_level", "location_code", "admin1_code"], kind="stable", ignore_index=True
    )
    return ordered[list(COLUMNS)]


def apart(records: pd.DataFrame) -> pd.DataFrame:
    """Take windows of each unit that do not overlap, from the newest back."""
    units = records.groupby(["admin_level", "location_code", "admin1_code"], dropna=False, sort=False)
    unit = units.ngroup().to_numpy(np.int64)
    start, end = (records[f"reference_period_{edge}"].to_numpy("datetime64[s]") for edge in ("start", "end"))
    kept: list[int] = []
    for at in np.argsort(unit, kind="stable").tolist():
        if not kept or unit[kept[-1]] != unit[at] or end[at] < start[kept[-1]]:
            kept.append(at)
    return records.iloc[kept]
