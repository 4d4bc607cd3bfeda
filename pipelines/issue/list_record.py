"""How each list did: of the units that it named in earlier issues, how many saw what it spoke of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from .watchlist import LISTS, TOP, ordered

if TYPE_CHECKING:
    from .watchlist import WatchList

__all__ = ["COLUMNS", "MONTHS", "list_record"]

#: Latest issues that are counted.
MONTHS: Final = 24
#: Columns of the record of the lists.
COLUMNS: Final = (
    *("admin_level", "list", "target", "horizon_months", "first_issue", "last_issue", "issues"),
    *("named", "happened", "base_rate"),
)


def list_record(settled: pd.DataFrame, *, months: int = MONTHS, top: int = TOP) -> pd.DataFrame:
    """Make each list of the latest issues whose windows have ended again, and count what happened.

    Of a list by deaths it counts as happened if the unit was among as many with the most deaths in the window. Windows
    of several months overlap, so that these are fewer pieces of evidence than they count.

    Parameters
    ----------
    settled
        From `~faultline.pipelines.issue.track_record.settle`.
    months
        Issues of each list, the latest.
    top
        Units of each list.

    Returns
    -------
    Columns `COLUMNS`, a row a level and list that can be told: units ``named`` in ``issues`` issues, how many
    ``happened``, and ``base_rate``, the share of all units that could have been named in which it happened.
    """
    found = [
        told
        for level in (0, 1)
        for made in LISTS.values()
        if (told := _told(made, level, _of_list(made, level, settled), months, top))
    ]
    return pd.DataFrame(found, columns=list(COLUMNS))


def _of_list(made: WatchList, level: int, settled: pd.DataFrame) -> pd.DataFrame:
    own = settled[(settled["admin_level"] == level) & (settled["target"] == made.target)]
    return own[(own["horizon_months"] == made.months) & ~(own["deaths_before"] >= made.below)]


def _told(made: WatchList, level: int, own: pd.DataFrame, months: int, top: int) -> dict[str, Any] | None:
    issues = sorted(own["issue"].unique())[-months:]
    if not issues:
        return None
    own = own[own["issue"].isin(issues)]
    happened = own["outcome"] if own["outcome"].notna().any() else _most(own, top)
    own = own.assign(happened=happened.astype("float64"))
    named = ordered(made, own).groupby("issue", sort=False).head(top)
    return {
        "admin_level": level,
        "list": made.name,
        "target": made.target,
        "horizon_months": made.months,
        "first_issue": issues[0],
        "last_issue": issues[-1],
        "issues": len(issues),
        "named": len(named),
        "happened": int(named["happened"].sum()),
        "base_rate": own["happened"].mean(),
    }


def _most(own: pd.DataFrame, top: int) -> pd.Series:
    """Whether a unit was among those with the most deaths of its issue's window, and had any."""
    place = own.groupby("issue", sort=False)["deaths"].rank(ascending=False, method="min")
    return pd.Series(np.asarray(place <= top) & np.asarray(own["deaths"] > 0), index=own.index)
