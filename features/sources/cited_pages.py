"""Pages that cannot show the fact that cites them, told from their addresses alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from .delimited import refuse

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["page_day", "refuse_pages_that_cannot_show"]

_ROOT: Final = r"https?://[^/?#]+/?"
#: Pages that list other pages: the list of the UN's monthly tables, and what a search of a site finds.
_LISTS: Final = r"https?://peacekeeping\.un\.org/en/troop-and-police-contributors/?|https?://[^/]+/search\b.*"
_DAY: Final = re.compile(
    r"(?<!\d)(?:(?P<y>(?:19|20)\d\d)(?P<sep>[-/_])(?P<m>0?[1-9]|1[0-2])(?P=sep)(?P<d>0?[1-9]|[12]\d|3[01])"
    r"|(?P<y8>(?:19|20)\d\d)(?P<m8>0[1-9]|1[0-2])(?P<d8>0[1-9]|[12]\d|3[01]))(?!\d)"
)


def page_day(address: str) -> pd.Timestamp | None:
    """Day of publication that an address tells, such as ``/2022/11/08/`` or ``20221108``; none if it tells none."""
    for found in _DAY.finditer(address):
        parts = found.group("y", "m", "d") if found["y"] else found.group("y8", "m8", "d8")
        day = pd.to_datetime("-".join(parts), format="%Y-%m-%d", errors="coerce")
        if not pd.isna(day):
            return pd.Timestamp(day)
    return None


def refuse_pages_that_cannot_show(
    raw: pd.DataFrame, when: pd.Series, known: pd.Series, precision: pd.Series, path: Path
) -> None:
    """Refuse the root of a site, a list of pages, and high confidence on a page that is older than the fact.

    Parameters
    ----------
    raw
        Columns ``source_url, second_source, confidence``, as text.
    when, known
        Day of the fact, and the day from which it was known. What was known before it took effect may be shown by a
        page of that time.
    precision
        How exactly the day is known: a page of the same month or year may show a fact that is dated by its last day.
    path
        The file of ``raw``.

    Raises
    ------
    SchemaError
        At the first such row.
    """
    for column in ("source_url", "second_source"):
        address = raw[column]
        refuse(address.str.fullmatch(_ROOT), address, path, "which is the root of a site and cannot show the fact")
        refuse(address.str.fullmatch(_LISTS), address, path, "which is a list of pages and cannot show the fact")
    shown = pd.to_datetime(raw["source_url"].map(page_day))
    months, years = (when.dt.to_period(unit).dt.start_time for unit in ("M", "Y"))
    start = when.where(precision == "day", months.where(precision == "month", years))
    older = (shown < start) & (shown < known)
    refuse(
        older & (raw["second_source"] == "") & (raw["confidence"] == "high"),
        raw["source_url"],
        path,
        "which is older than the fact, so that no confidence is high on it alone",
        remedy="Name a page from after the fact, or lower the confidence.",
    )
