"""What revision did to a country's candidate counts, and what it may do to the provisional ones, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from .wording import Wording

__all__ = ["revision_sentences"]


def revision_sentences(revised: pd.DataFrame, wording: Wording) -> dict[str, tuple[str, ...]]:
    """Say it of each country that has deaths in provisional months.

    Parameters
    ----------
    revised
        From `faultline.pipelines.issue.revisions.revised_counts`.
    wording
        Language.

    Returns
    -------
    Sentences by ISO3.
    """
    found: dict[str, tuple[str, ...]] = {}
    for row in revised.to_dict("records"):
        told: list[str] = []
        if row["first"] > 0:
            ratio = wording.decimal(row["later"] / row["first"], places=2)
            counts = {name: wording.count(row[name]) for name in ("first", "later")}
            told.append(wording.say("revision.year", year=str(row["year"]), ratio=ratio, **counts))
        if pd.notna(row["month_low"]) and row["month_low"] < row["month_high"]:
            low, high = (wording.decimal(row[f"month_{edge}"], places=1) for edge in ("low", "high"))
            told.append(wording.say("revision.months", low=low, high=high))
        if pd.notna(row["low"]):
            period = wording.period(row["start"].start_time.date(), row["end"].start_time.date())
            deaths = {name: wording.count(row[name]) for name in ("deaths", "low", "high")}
            told.append(
                wording.say("revision.ahead", n=int(row["months"]), months=period, year=str(row["year"]), **deaths)
            )
        found[str(row["location_code"])] = tuple(told)
    return found
