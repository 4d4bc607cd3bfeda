"""GED event rows: one row an event, with its days, place, sides and deaths.

Source: UCDP Georeferenced Event Dataset (CC BY 4.0), Sundberg and Melander (2013), doi:10.1177/0022343313484347.
Copies on the Humanitarian Data Exchange have a row of HXL tags under the header, an unnamed first column, and numbers
such as ``475.0``; all of it is understood.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from .delimited import dates, decimals, read_delimited, refuse, refuse_duplicates, whole_numbers

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CIVILIANS", "read_events"]

#: Id of side B in one-sided events. GED's newer id for civilians is 1, which no actor has.
CIVILIANS: Final = 9999

_TYPES: Final = {1: "sb", 2: "ns", 3: "os"}
_COLUMNS: Final = (
    "id",
    "type_of_violence",
    "dyad_new_id",
    "side_a_new_id",
    "side_b_new_id",
    "where_prec",
    "latitude",
    "longitude",
    "country_id",
    "date_start",
    "date_end",
    "best",
)
_MAX_DEATHS = 2_000_000
_MAX_ID = 10_000_000


def read_events(path: Path, *, last: pd.Timestamp) -> pd.DataFrame:
    """Read GED event rows.

    Parameters
    ----------
    path
        CSV as UCDP or HDX give it out.
    last
        Last day that the release covers.

    Returns
    -------
    DataFrame
        ``event_id, gwno, violence_type, dyad_id, side_a_id, side_b_id, where_prec, lat, lon, start, end, deaths``,
        indexed by the line on which the event stands.

    Raises
    ------
    SourceError, SchemaError
        If the file is missing, cut off, in another encoding or with other columns; at the first impossible value,
        repeated event or future date; with the line.
    """
    raw = read_delimited(path, _COLUMNS)
    raw = raw[~raw["date_start"].str.startswith("#")]
    kind = whole_numbers(raw["type_of_violence"], path, low=1, high=3)
    ids = {name: whole_numbers(raw[name], path, low=1, high=_MAX_ID) for name in _COLUMNS if name.endswith("_new_id")}
    start = dates(raw["date_start"], path, last=last)
    end = dates(raw["date_end"], path, last=last)
    refuse(end < start, raw["date_end"], path, "which is before the event starts")
    table = pd.DataFrame(
        {
            "event_id": whole_numbers(raw["id"], path, low=1, high=100_000_000),
            "gwno": whole_numbers(raw["country_id"], path, low=2, high=999),
            "violence_type": kind.map(_TYPES).astype("str"),
            "dyad_id": ids["dyad_new_id"],
            "side_a_id": ids["side_a_new_id"],
            "side_b_id": ids["side_b_new_id"].where(kind != 3, CIVILIANS).astype("int32"),  # noqa: PLR2004 - one-sided
            "where_prec": whole_numbers(raw["where_prec"], path, low=1, high=7),
            "lat": decimals(raw["latitude"], path, low=-90, high=90),
            "lon": decimals(raw["longitude"], path, low=-180, high=180),
            "start": start,
            "end": end,
            "deaths": whole_numbers(raw["best"], path, low=0, high=_MAX_DEATHS),
        }
    )
    refuse_duplicates(table, ["event_id"], path)
    return table
