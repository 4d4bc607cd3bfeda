"""What was said of each country, and what happened, as text for its own section of the brief."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ..issue.unit_record import CALLED, WINDOW, apart, unit_records

if TYPE_CHECKING:
    from .wording import Wording

__all__ = ["said_and_happened"]

#: Windows that do not overlap which are shown of a country, the latest.
SHOWN: Final = 8


def said_and_happened(settled: pd.DataFrame, wording: Wording) -> dict[str, Any]:
    """Tell of every country that has a settled forecast of three months.

    Parameters
    ----------
    settled
        From `faultline.pipelines.issue.track_record.settle`.
    wording
        Language.

    Returns
    -------
    ``units``: by ISO3, the position of its sentences in ``sentences``, and rows: the position of the months in
    ``months``, what was said of 25 deaths, whether that happened, the deaths expected and those recorded, and its kind,
    as text. A country where nothing was expected and nobody was killed has no rows.
    """
    records = unit_records(settled[settled["admin_level"] == 0])
    shown = apart(records).groupby("location_code", sort=False).head(SHOWN)
    eventful = shown[((shown["deaths"] > 0) | (shown["q50"] > 0)).groupby(shown["location_code"]).transform("any")]
    sentences: dict[str, int] = {}
    months: dict[str, int] = {}
    units: dict[str, list[Any]] = {}
    for code, own in records.groupby("location_code", sort=False):
        told = _sentences(own, wording)
        units[str(code)] = [sentences.setdefault(told, len(sentences)), []]
    for row in eventful.to_dict("records"):
        within = wording.period(row["reference_period_start"].date(), row["reference_period_end"].date())
        place = months.setdefault(within, len(months))
        units[str(row["location_code"])][1].append([place, *_row(row, wording)])
    return {"units": units, "sentences": list(sentences), "months": list(months)}


def _sentences(own: pd.DataFrame, wording: Wording) -> str:
    called, happened = own["probability"] > CALLED, own["outcome"] == 1
    known = own[own["q50"].notna()]
    told = [
        wording.say(
            "said.called",
            n=len(own),
            called=int(called.sum()),
            happened=int(happened.sum()),
            hits=int((called & happened).sum()),
            months=wording.say("horizon", n=WINDOW),
        )
    ]
    if len(known):
        told.append(wording.say("said.inside", n=int(known["inside"].sum()), total=len(known)))
    if (again := int(own["backfilled"].astype("bool").sum())) > 0:
        told.append(wording.say("said.again", n=again))
    return " ".join(told)


def _row(row: dict[Any, Any], wording: Wording) -> list[str]:
    low, median, high = (row[name] for name in ("q05", "q50", "q95"))
    expected = wording.say("none")
    if pd.notna(median):
        span = wording.say("interval", low=wording.count(low), high=wording.count(high))
        expected = wording.say("with_interval", value=wording.count(median), interval=span)
    return [
        wording.percent(row["probability"]),
        wording.say("yes" if row["outcome"] else "no"),
        expected,
        wording.count(row["deaths"]),
        str(row["kind"]),
    ]
