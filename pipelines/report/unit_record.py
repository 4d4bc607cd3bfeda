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
    for code, counts in _counts(records).items():
        told = _sentences(counts, wording)
        units[code] = [sentences.setdefault(told, len(sentences)), []]
    for row in eventful.to_dict("records"):
        within = wording.period(row["reference_period_start"].date(), row["reference_period_end"].date())
        place = months.setdefault(within, len(months))
        units[str(row["location_code"])][1].append([place, *_row(row, wording)])
    return {"units": units, "sentences": list(sentences), "months": list(months)}


def _counts(records: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Count by country how many windows were told, called and so on."""
    called, happened = records["probability"] > CALLED, records["outcome"] == 1
    known = records["q50"].notna()
    of_row = pd.DataFrame(
        {
            "n": True,
            "called": called,
            "happened": happened,
            "hits": called & happened,
            "known": known,
            "inside": known & records["inside"].fillna(value=False).astype("bool"),
            "again": records["backfilled"].astype("bool"),
        },
        index=records.index,
    )
    sums = of_row.astype("int64").groupby(records["location_code"].astype("str"), sort=False).sum()
    return {str(code): dict(zip(sums.columns, row, strict=True)) for code, *row in sums.itertuples(name=None)}


def _sentences(counts: dict[str, int], wording: Wording) -> str:
    told = {name: counts[name] for name in ("n", "called", "happened", "hits")}
    sentences = [wording.say("said.called", **told, months=wording.say("horizon", n=WINDOW))]
    if counts["known"]:
        sentences.append(wording.say("said.inside", n=counts["inside"], total=counts["known"]))
    if counts["again"]:
        sentences.append(wording.say("said.again", n=counts["again"]))
    return " ".join(sentences)


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
