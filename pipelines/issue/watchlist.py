"""The lists that an issue opens with: most deaths, what rises and falls, where quiet ends, where 1,000 could die."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...features.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["COLUMNS", "LISTS", "TOP", "WatchList", "ordered", "watchlist"]

#: Units of each list.
TOP: Final = 10
_TOTAL: Final = "deaths_total"
_UNIT: Final = ("location_code", "location_name", "admin_level", "admin1_code", "admin1_name")
_OF_DEATHS: Final = ("mean_deaths", "q05", "q50", "q95", "severe_deaths", "deaths_before")
#: Columns of a list.
COLUMNS: Final = (
    *("list", "place", *_UNIT, "target", "horizon_months", "reference_period_start", "reference_period_end"),
    *("probability", "prob_low", "prob_high", "baseline_probability", "base_rate", *_OF_DEATHS, "change"),
    *("data_through", "months_between", "is_provisional", "warning"),
    *("record_issues", "record_named", "record_happened", "record_base_rate"),
)


@dataclass(frozen=True)
class WatchList:
    """What a list is made of.

    Attributes
    ----------
    name
        ``most_deaths`` and so on; its words in the brief are the messages ``list.NAME`` and ``list.NAME.caption``.
    target
        Whose rows they are.
    months
        Window, or the nearest one that was scored.
    by
        Column by which the highest are taken.
    below
        Only units with fewer deaths in as many months before: where it has happened already it is no news.
    """

    name: str
    target: str
    months: int
    by: str = "probability"
    below: float = np.inf


#: Lists by name, in their order.
LISTS: Final = {
    each.name: each
    for each in (
        WatchList("most_deaths", _TOTAL, 12, by="q50"),
        WatchList("rise", "rise_30", 6),
        WatchList("fall", "fall_30", 6),
        WatchList("quiet", "crossing_25", 3),
        WatchList("reach_1000", "violence_1000", 12, below=1_000),
    )
}


def watchlist(
    scores: pd.DataFrame,
    *,
    names: Iterable[str] | None = None,
    top: int = TOP,
    record: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Take the units of each list out of an issue's scores.

    Parameters
    ----------
    scores
        Flat table of one issue, of the windows that follow on the data, or of those from today.
    names
        Of lists; all by default.
    top
        Units of each.
    record
        How the same lists did, from `~faultline.pipelines.issue.list_record.list_record`.

    Returns
    -------
    Columns `COLUMNS`, a row a level, list and unit. Beside a probability stand the deaths of the same window, and
    those of as many months before; ``change`` is the median less these, as a share of them. ``record_...`` is how the
    same list did in earlier issues, empty where that is not known. No row where an issue did not score a list's target.

    Raises
    ------
    UnknownNameError
        If there is no such list.
    """
    chosen = tuple(LISTS if names is None else names)
    for name in chosen:
        if name not in LISTS:
            raise UnknownNameError("list", name, LISTS)
    table = scores.reindex(columns=list(dict.fromkeys((*scores.columns, *COLUMNS))))
    found = [
        _of(LISTS[name], level, table[table["admin_level"] == level], top)
        for level in sorted(table["admin_level"].unique())
        for name in chosen
    ]
    found = [part for part in found if len(part)]
    listed = pd.concat(found, ignore_index=True) if found else table.head(0)[list(COLUMNS)]
    return listed if record is None or record.empty else _with_record(listed, record)


def _with_record(listed: pd.DataFrame, record: pd.DataFrame) -> pd.DataFrame:
    key, told = ["admin_level", "list", "horizon_months"], ["issues", "named", "happened", "base_rate"]
    did = record[[*key, *told]].rename(columns={name: f"record_{name}" for name in told})
    return listed.drop(columns=[f"record_{name}" for name in told]).merge(did, on=key, how="left")[list(COLUMNS)]


def ordered(made: WatchList, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of one issue in the order of a list, the highest first; expected deaths part those that are alike."""
    return rows.sort_values([made.by, "mean_deaths"], ascending=False, kind="stable")


def _of(made: WatchList, level: int, rows: pd.DataFrame, top: int) -> pd.DataFrame:
    own = rows[(rows["target"] == made.target) & rows["rank"].notna()]  # what is outside all regions has none
    if own.empty:
        return own
    months = min(own["horizon_months"].unique(), key=lambda horizon: (abs(horizon - made.months), horizon))
    own = own[own["horizon_months"] == months]
    if made.target != _TOTAL:
        key = ["location_code", "admin1_code", "horizon_months"]
        deaths = rows.loc[rows["target"] == _TOTAL, [*key, *_OF_DEATHS]]
        own = own.drop(columns=list(_OF_DEATHS)).merge(deaths, on=key, how="left")
    own = own[~(own["deaths_before"] >= made.below)]
    own = ordered(made, own).head(top)
    before = own["deaths_before"].where(own["deaths_before"] > 0)
    listed = own.assign(
        list=made.name, place=np.arange(1, len(own) + 1), change=own["q50"] / before - 1, admin_level=level
    )
    return listed[list(COLUMNS)]
