"""UCDP by country: what a release covers, the states of the world, and their events and deaths by month.

Sources: Uppsala Conflict Data Program, Georeferenced Event Dataset and candidate events (CC BY 4.0); Sundberg and
Melander (2013), doi:10.1177/0022343313484347; Davies, Engström, Pettersson and Öberg, Organized violence series.
States follow Gleditsch and Ward (1999), doi:10.1080/03050629908434958.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..contracts.canonical import VIOLENCE_TYPES, validate
from ..contracts.war_totals import mark_war_totals
from ..errors import SchemaError, SourceError
from .delimited import first_of_month, read_delimited, refuse, refuse_duplicates, whole_numbers
from .registries import read_mapping, read_registry
from .state_codes import STATE_MONTHS, iso3_by_gwno

if TYPE_CHECKING:
    from pathlib import Path

    from geopandas import GeoDataFrame

__all__ = ["FIRST_MONTH", "Release", "check_count", "month_end", "read_countries", "read_country_month", "read_release"]

#: GED starts here, all countries at once (but for Syria, which it covers with more delay).
FIRST_MONTH = pd.Timestamp("1989-01-01")

_MAX_COUNT = 2_000_000


@dataclass(frozen=True, slots=True)
class Release:
    """What a UCDP release covers, from its ``meta.yaml``.

    Attributes
    ----------
    version
        Such as ``"26.1"``.
    data_through
        Last day that the events cover, candidate events included.
    final_through
        Last day of the yearly release: later rows are provisional.
    counts
        Number of records by kind, against which the files are checked.
    """

    version: str
    data_through: pd.Timestamp
    final_through: pd.Timestamp
    counts: dict[str, int]


def read_release(path: Path) -> Release:
    """Read the description of a release.

    Raises
    ------
    SourceError, SchemaError
        If the file is missing, cut off, or says something else than a release, two dates and counts.
    """
    fields = {"ucdp_release": str, "data_through": str, "annual_coverage_end": str, "counts": dict}
    record = read_mapping(path, fields)
    days: dict[str, pd.Timestamp] = {}
    for field in ("data_through", "annual_coverage_end"):
        try:
            days[field] = pd.Timestamp(dt.date.fromisoformat(record[field]))
        except ValueError:
            msg = f"found {record[field]!r}, where a date (YYYY-MM-DD) belongs."
            raise SchemaError(msg, file=path, column=field, remedy="Correct it, or fetch the file again.") from None
    return Release(record["ucdp_release"], days["data_through"], days["annual_coverage_end"], dict(record["counts"]))


def month_end(month: pd.Series) -> pd.Series:
    """Last day of each month: the nominal ``known_on`` of rows that are counted by month.

    An origin is the last complete month of data, so a month's rows count as known at its end; in truth UCDP puts out
    its candidate events about 20 days later, and its reviewed ones in the following year.
    """
    return (month + pd.offsets.MonthEnd(0)).astype("datetime64[s]")


def read_countries(path: Path, *, outlines: GeoDataFrame | None = None, release: Release | None = None) -> pd.DataFrame:
    """Read UCDP's ``states.yaml`` as the canonical table ``countries``.

    Every state, microstates included, that was in the state system at any time since January 1989. The registry gives
    years; states that came or went since 1989 have their month from `STATE_MONTHS`.

    Parameters
    ----------
    path
        The registry.
    outlines
        As read by `~faultline.features.sources.boundaries.country_outlines`: gives ``lat`` and ``lon`` of a point
        inside each country. Empty where there is no outline.
    release
        Names the number of records that the file must have.

    Raises
    ------
    SourceError, SchemaError
        If the file is missing, cut off or broken, or a state has no ISO code.
    """
    fields = {"gwno": int, "name": str, "region": str, "microstate": bool, "system": list}
    expected = None if release is None else release.counts.get("states")
    codes = iso3_by_gwno()
    rows: list[dict[str, Any]] = []
    for state in read_registry(path, fields, expected=expected):
        gwno = state["gwno"]
        first, last = _membership(state, path)
        if last is not None and last < FIRST_MONTH:
            continue
        if gwno not in codes:
            msg = "no ISO 3166-1 alpha-3 code is known for the state."
            remedy = "Add it to ISO3_EXCEPTIONS in features/sources/state_codes.py."
            raise SchemaError(msg, file=path, row=f"gwno {gwno}", column="gwno", remedy=remedy)
        rows.append(
            {"gwno": gwno, "iso3": codes[gwno], "name": state["name"], "region": state["region"]}
            | {"first_month": first, "last_month": last}
        )
    table = pd.DataFrame(rows).sort_values("gwno", ignore_index=True)
    points = _points(outlines)
    table = table.assign(lat=table["iso3"].map(points["lat"]), lon=table["iso3"].map(points["lon"]))
    table = table.astype(
        {"gwno": "int32", "iso3": "str", "name": "str", "region": "str", "lat": "float64", "lon": "float64"}
        | {"first_month": "datetime64[s]", "last_month": "datetime64[s]"}
    )
    return validate(table, "countries")


def _membership(state: dict[str, Any], path: Path) -> tuple[pd.Timestamp, pd.Timestamp | None]:
    row = f"gwno {state['gwno']}"
    try:
        span = state["system"][-1]
        start, end = int(span["from"]), None if span["to"] is None else int(span["to"])
    except (IndexError, KeyError, TypeError, ValueError):
        msg = f"found {state['system']!r}, where spans with from and to (years) belong."
        raise SchemaError(msg, file=path, row=row, column="system", remedy="Fetch the file again.") from None
    if end is not None and end < start:
        msg = f"the state ends in {end}, before it starts in {start}."
        raise SchemaError(msg, file=path, row=row, column="system", remedy="Correct the years.")
    month = pd.Timestamp(STATE_MONTHS.get(state["gwno"], f"{start}-01"))
    first = month if month.year == start else pd.Timestamp(start, 1, 1)
    if end is None:
        return max(first, pd.Timestamp("1946-01-01")), None
    last = month if month.year == end else pd.Timestamp(end, 12, 1)
    return max(first, pd.Timestamp("1946-01-01")), last


def _points(outlines: GeoDataFrame | None) -> pd.DataFrame:
    if outlines is None:
        return pd.DataFrame({"lat": [], "lon": []}, dtype="float64")
    inside = outlines.representative_point()
    return pd.DataFrame(
        {"lat": inside.y.round(4).to_numpy(), "lon": inside.x.round(4).to_numpy()}, index=outlines["iso3"]
    )


def read_country_month(path: Path, *, release: Release) -> pd.DataFrame:
    """Read UCDP counts by country and month as the canonical table ``country_month``.

    Rows of one type without events are left out: an absent row is zero. ``known_on`` is the last day of the month,
    nominally: see `month_end`.

    Parameters
    ----------
    path
        CSV with ``gwno, year, month, {sb,ns,os}_{events,deaths}, provisional``.
    release
        Says up to when rows may run and how many there are.

    Raises
    ------
    SourceError, SchemaError
        If the file is missing, cut off, in another encoding or with other columns; at the first impossible value,
        duplicate key or future month; with the line.
    """
    counts = [f"{kind}_{what}" for kind in VIOLENCE_TYPES for what in ("events", "deaths")]
    raw = read_delimited(path, ("gwno", "year", "month", *counts, "provisional"))
    wide = pd.DataFrame(
        {
            "gwno": whole_numbers(raw["gwno"], path, low=2, high=999),
            "month": first_of_month(raw["year"], raw["month"], path, last=release.data_through),
            "provisional": _flag(raw["provisional"], path),
        }
        | {name: whole_numbers(raw[name], path, low=0, high=_MAX_COUNT) for name in counts}
    )
    refuse_duplicates(wide, ["gwno", "month"], path)
    for kind in VIOLENCE_TYPES:
        killed_without_event = (wide[f"{kind}_events"] == 0) & (wide[f"{kind}_deaths"] > 0)
        refuse(killed_without_event, raw[f"{kind}_deaths"], path, "deaths in a month without events of that type")
    check_count(len(wide), release, "country_months", path)
    parts = [
        wide[["gwno", "month", "provisional"]].assign(
            violence_type=kind, events=wide[f"{kind}_events"], deaths=wide[f"{kind}_deaths"]
        )
        for kind in VIOLENCE_TYPES
    ]
    table = pd.concat(parts, ignore_index=True)
    table = table[table["events"] > 0]
    table = table.assign(known_on=month_end(table["month"])).astype({"violence_type": "str"})
    columns = ["gwno", "month", "violence_type", "events", "deaths", "provisional", "war_total", "known_on"]
    table = table.sort_values(["gwno", "month", "violence_type"], ignore_index=True)
    table = table.assign(war_total=mark_war_totals(table))[columns]
    return validate(table, "country_month")


def check_count(found: int, release: Release, kind: str, path: Path) -> None:
    """Raise if a file holds another number of rows than its release says.

    Raises
    ------
    SourceError
        With both numbers: the file is cut off at a line end, or belongs to another release.
    """
    expected = release.counts.get(kind)
    if expected is not None and found != expected:
        msg = f"{found:,} rows where release {release.version} has {expected:,}: cut off, or of another release."
        raise SourceError(msg, file=path, row=found + 1, remedy="Fetch the file and its meta.yaml again, together.")


def _flag(values: pd.Series, path: Path) -> pd.Series:
    refuse(~values.isin(["0", "1"]), values, path, "where 0 or 1 belongs")
    return values == "1"
