"""The lists of what to watch, as text ready to print."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..issue.watchlist import LISTS, watchlist

if TYPE_CHECKING:
    from .wording import Wording

__all__ = ["WatchTable", "Watched", "lay_out_watchlists"]

_UNITS = {0: "country", 1: "region"}


@dataclass(frozen=True)
class Watched:
    """A unit on a list.

    Attributes
    ----------
    level, key, name, country_name
        Which it is, as a `Forecast` has them.
    probability, interval
        Empty on a list by deaths.
    median, spread
        Deaths in the window, median and 90 % range, to two figures: more would be no news.
    before
        Deaths of as many months before, and the change on these.
    """

    level: int
    key: str
    name: str
    country_name: str
    probability: str
    interval: str
    median: str
    spread: str
    before: str


@dataclass(frozen=True)
class WatchTable:
    """A list: its name, heading and caption, whether its units have probabilities, and the units, first ones first.

    ``within`` are the months that it speaks of, as part of a sentence; ``between`` of them and the data lie so many.
    """

    name: str
    heading: str
    caption: str
    chances: bool
    within: str
    between: int
    rows: tuple[Watched, ...]


def lay_out_watchlists(
    scores: pd.DataFrame, wording: Wording, *, record: pd.DataFrame | None = None
) -> dict[str, tuple[WatchTable, ...]]:
    """Lay out the lists of each level by its name; a level none of whose lists was scored is left out.

    Parameters
    ----------
    scores
        Flat table of the issue.
    wording
        Language.
    record
        How the same lists did, from `faultline.pipelines.issue.list_record.list_record`.
    """
    found: dict[str, list[WatchTable]] = {}
    for (level, name), rows in watchlist(scores, record=record).groupby(["admin_level", "list"], sort=False):
        found.setdefault(_UNITS[int(str(level))], []).append(_table(str(name), rows, wording))
    return {level: tuple(tables) for level, tables in found.items()}


def _table(name: str, rows: pd.DataFrame, wording: Wording) -> WatchTable:
    chances = bool(rows["probability"].notna().any())
    rate = rows["base_rate"].max()
    caption = wording.say(f"list.{name}.caption", horizon=wording.say("horizon", n=int(rows["horizon_months"].iloc[0])))
    if pd.notna(rate):
        # where it has happened already is part of the rate, though of the list only if it can happen anew there
        key = "list.rate" if LISTS[name].below == math.inf else "list.rate.everywhere"
        caption += " " + wording.say(key, rate=wording.percent(float(rate)))
    start, end = (rows[f"reference_period_{edge}"].iloc[0].date() for edge in ("start", "end"))
    between = int(rows["months_between"].max())
    if between:
        caption += " " + wording.say("list.from_today", months=wording.period(start, end))
    caption += _record(name, rows.iloc[0], wording)
    listed = tuple(_watched(row, wording, change=not chances) for row in rows.to_dict("records"))
    return WatchTable(name, wording.say(f"list.{name}"), caption, chances, wording.within(start, end), between, listed)


def _record(name: str, row: pd.Series, wording: Wording) -> str:
    """Say how the same list did; nothing where that is not known."""
    if pd.isna(row["record_named"]):
        return ""
    named, happened = int(row["record_named"]), int(row["record_happened"])
    said = {"n": int(row["record_issues"]), "named": named, "happened": happened}
    said |= {"share": wording.share(happened / named), "rate": wording.percent(float(row["record_base_rate"]))}
    return " " + wording.say("list.record.most" if name == "most_deaths" else "list.record", **said)


def _watched(row: dict[Any, Any], wording: Wording, *, change: bool) -> Watched:
    level = int(row["admin_level"])
    country = wording.country(str(row["location_code"]), str(row["location_name"]))
    given, forecast = pd.notna(row["probability"]), pd.notna(row["q50"])
    low, median, high = (_two_figures(float(row[column])) for column in ("q05", "q50", "q95"))
    spread = wording.say("interval", low=wording.count(low), high=wording.count(high)) if forecast else ""
    return Watched(
        level=level,
        key=str(row["admin1_code"] if level else row["location_code"]),
        name=wording.region(str(row["admin1_code"]), str(row["admin1_name"])) if level else country,
        country_name=country,
        probability=wording.percent(row["probability"]) if given else "",
        interval=wording.interval(row["prob_low"], row["prob_high"]) if given else "",
        median=wording.count(median),
        spread=spread,
        before=_before(row["deaths_before"], row["change"] if change else math.nan, wording),
    )


def _two_figures(deaths: float) -> float:
    """Deaths to two figures from a hundred up.

    Examples
    --------
    >>> _two_figures(97_321.0), _two_figures(34.0)
    (97000.0, 34.0)
    """
    return deaths if pd.isna(deaths) or deaths < 100 else float(f"{deaths:.1e}")  # noqa: PLR2004


def _before(deaths: float, change: float, wording: Wording) -> str:
    if pd.isna(deaths):
        return ""
    if pd.isna(change):
        return wording.say("list.before", deaths=wording.count(deaths))
    said = wording.say("list.change", share=wording.decimal(100 * change, places=0, signed=True))
    return wording.say("list.before.change", deaths=wording.count(deaths), change=said)
