"""UCDP event rows of a whole release: the yearly one, or a candidate file, as the canonical event table.

A yearly release is reviewed and final: whatever cannot be true in it is an error. A candidate file is not, so that rows
of it that name no actors, or speak of days outside the file, are left out and counted.

Sources: UCDP Georeferenced Event Dataset and UCDP Candidate Events Dataset (CC BY 4.0); Sundberg and Melander (2013),
doi:10.1177/0022343313484347; Hegre, Croicu, Eck and Högbladh (2020), doi:10.1177/2053168020935257.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..contracts.canonical import validate
from ..errors import ConfigError
from .delimited import dates, decimals, refuse, whole_numbers
from .event_files import read_event_file
from .ged_columns import CIVILIANS, GED
from .organisation import is_organised

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["EventRelease", "Vintage", "candidate_vintage", "final_vintage", "read_release_events", "vintage_of_file"]

_TYPES: Final = {1: "sb", 2: "ns", 3: "os"}
_MAX_DEATHS: Final = 2_000_000
_MAX_ID: Final = 10_000_000
_FIRST_DAY: Final = pd.Timestamp("1989-01-01")
#: Nominal day of the month after, on which a candidate file is out, and nominal day of the year after, on which a
#: yearly release is. Neither is ever earlier than UCDP has been in recent years.
_CANDIDATE_DAY: Final = 20
_YEARLY_MONTH_AND_DAY: Final = (6, 30)


@dataclass(frozen=True, slots=True)
class Vintage:
    """A file of events: what it covers and when it was out.

    Attributes
    ----------
    name
        Such as ``"UCDP GED 26.1"`` or ``"UCDP candidate 26.0.4"``.
    version
        Such as ``"26.1"`` or ``"26.0.4"``.
    provisional
        It is a candidate file.
    first_day, last_day
        What it covers. A candidate file may add earlier events of its year.
    known_on
        Nominal day on which it was out: 30 June of the year after the last for a yearly release, the 20th of the month
        after the last for a candidate file.
    """

    name: str
    version: str
    provisional: bool
    first_day: pd.Timestamp
    last_day: pd.Timestamp
    known_on: pd.Timestamp


@dataclass(frozen=True, slots=True)
class EventRelease:
    """A file of events, read.

    Attributes
    ----------
    vintage
        What it is.
    events
        Canonical table ``events``.
    losses
        Rows left out, by reason, and what is odd in those kept; all counted.
    """

    vintage: Vintage
    events: pd.DataFrame
    losses: dict[str, float] = field(default_factory=dict[str, float])


def final_vintage(version: str) -> Vintage:
    """Describe the yearly release of a version such as ``"26.1"``, which ends with the year before.

    Raises
    ------
    ConfigError
        If it is no such version.
    """
    found = re.fullmatch(r"(\d{2})\.1", version.strip())
    if found is None or not 17 <= int(found[1]) <= 99:  # noqa: PLR2004  # two digits, from 17.1 on
        msg = f"{version!r} is no yearly release of UCDP GED; name one from 17.1 on, such as 26.1."
        raise ConfigError(msg)
    year = 2000 + int(found[1])
    out = pd.Timestamp(year, *_YEARLY_MONTH_AND_DAY)
    return Vintage(f"UCDP GED {version}", version, False, _FIRST_DAY, pd.Timestamp(year - 1, 12, 31), out)  # noqa: FBT003


def candidate_vintage(year: int, month: int, *, first_month: int | None = None) -> Vintage:
    """Describe a candidate file: of one month, or of several that UCDP has put together (``first_month`` to ``month``).

    Raises
    ------
    ConfigError
        If there is no such month.
    """
    first = month if first_month is None else first_month
    if not (1 <= first <= month <= 12 and 2018 <= year <= 2099):  # noqa: PLR2004  # months; years of candidate files
        msg = f"there is no candidate file of months {first} to {month} of {year}."
        raise ConfigError(msg)
    short = year % 100
    version = f"{short}.0.{month}" if first_month is None else f"{short}.{first:02}.{short}.{month:02}"
    last = pd.Period(year=year, month=month, freq="M")
    return Vintage(
        f"UCDP candidate {version}",
        version,
        True,  # noqa: FBT003
        pd.Timestamp(year, first, 1),
        last.end_time.normalize(),
        (last + 1).start_time.replace(day=_CANDIDATE_DAY),
    )


_FINAL_FILE: Final = re.compile(r"ged(\d{2})1(-csv)?|GEDEvent_v(\d{2})_1", re.IGNORECASE)
_MONTHLY_FILE: Final = re.compile(r"GEDEvent_v(\d{2})_0_(\d{1,2})", re.IGNORECASE)
_JOINED_FILE: Final = re.compile(r"GEDEvent_v(\d{2})_(\d{2})_(\d{2})_(\d{2})", re.IGNORECASE)


def vintage_of_file(name: str) -> Vintage | None:
    """Tell a file's vintage by the name that UCDP gave it; ``None`` where it is another name.

    Examples
    --------
    >>> vintage_of_file("ged261-csv.zip").name, vintage_of_file("GEDEvent_v26_0_4.csv").version
    ('UCDP GED 26.1', '26.0.4')
    """
    stem = re.sub(r"\.(csv|zip)$", "", name, flags=re.IGNORECASE)
    try:
        if found := _MONTHLY_FILE.fullmatch(stem):
            return candidate_vintage(2000 + int(found[1]), int(found[2]))
        if found := _JOINED_FILE.fullmatch(stem):
            return candidate_vintage(2000 + int(found[3]), int(found[4]), first_month=int(found[2]))
        if found := _FINAL_FILE.fullmatch(stem):
            return final_vintage(f"{found[1] or found[3]}.1")
    except ConfigError:
        return None
    return None


def read_release_events(path: Path, vintage: Vintage, *, levels: pd.Series, organised_actors: set[int]) -> EventRelease:
    """Read a file of events.

    Parameters
    ----------
    path
        CSV, or zip that holds one; with or without a header, see `~faultline.features.sources.ged_columns`.
    vintage
        What the file is.
    levels, organised_actors
        See `~faultline.features.sources.organisation.is_organised`.

    Raises
    ------
    SourceError, SchemaError
        If the file is missing, cut off, in another encoding or with other columns; at the first impossible value,
        future date, or event that stands there twice with different facts; with line and column.
    """
    read = read_event_file(path, GED)
    losses: dict[str, float] = {"files_without_a_header": float(not read.has_header)}
    raw = read.table
    raw = _without(raw, raw["date_start"].str.startswith("#"), "rows_of_hxl_tags", losses)
    raw = _without(raw, raw.duplicated(), "rows_that_repeat_another", losses)
    if vintage.provisional:
        raw = _without_unattributed(raw, losses)
        days = pd.to_datetime(raw["date_end"].str.slice(0, 10), format="%Y-%m-%d", errors="coerce")
        raw = _without(raw, (days > vintage.last_day).fillna(False), "rows_after_the_months_of_the_file", losses)  # noqa: FBT003
    table = _canonical(raw, path, vintage, losses)
    organised, by_sides = is_organised(
        table["violence_type"],
        table["dyad_id"],
        table[["side_a_id", "side_b_id"]],
        levels=levels,
        organised_actors=organised_actors,
    )
    losses["events_ns_of_unknown_organisation"] = float(by_sides.sum())
    table.insert(table.columns.get_loc("where_prec"), "organised", organised)  # pyright: ignore[reportArgumentType]
    return EventRelease(vintage, validate(table.reset_index(drop=True), "events", file=path), losses)


def _without(raw: pd.DataFrame, drop: pd.Series, reason: str, losses: dict[str, float]) -> pd.DataFrame:
    losses[reason] = losses.get(reason, 0.0) + float(drop.sum())
    return raw[~drop]


def _without_unattributed(raw: pd.DataFrame, losses: dict[str, float]) -> pd.DataFrame:
    """Leave out candidates that are no events by UCDP's definition, or not yet."""
    unclear = ~raw["code_status"].str.strip().str.lower().isin(["clear", ""])
    unknown = pd.Series(False, raw.index)  # noqa: FBT003
    for column in ("type_of_violence", "dyad_id", "side_a_id", "side_b_id"):
        unknown |= raw[column].str.strip().isin(["", "0", "-1", "NA", "NULL"])
    for drop, reason in ((unclear, "still_to_be_checked"), (unknown & ~unclear, "without_actors")):
        deaths = pd.to_numeric(raw.loc[drop, "best"], errors="coerce").fillna(0).sum()
        losses[f"candidates_{reason}"] = float(drop.sum())
        losses[f"deaths_of_candidates_{reason}"] = float(deaths)
    return raw[~(unclear | unknown)]


def _canonical(raw: pd.DataFrame, path: Path, vintage: Vintage, losses: dict[str, float]) -> pd.DataFrame:
    kind = whole_numbers(raw["type_of_violence"], path, low=1, high=3)
    start = dates(raw["date_start"], path, last=vintage.last_day)
    end = dates(raw["date_end"], path, last=vintage.last_day)
    refuse(end < start, raw["date_end"], path, "which is before the event starts")
    refuse(start < _FIRST_DAY, raw["date_start"], path, "which is before January 1989, where UCDP's events begin")
    deaths = {name: whole_numbers(_or(raw[name], raw["best"]), path, low=0, high=_MAX_DEATHS) for name in _DEATHS}
    out_of_order = (deaths["low"] > deaths["best"]) | (deaths["best"] > deaths["high"])
    losses["events_whose_best_estimate_is_not_between_low_and_high"] = float(out_of_order.sum())
    identity = whole_numbers(raw["id"], path, low=1, high=1_000_000_000)
    again = identity.duplicated()
    refuse(again, raw["id"], path, "an event that stands in an earlier row with other facts")
    located = (raw["latitude"].str.strip() != "") & (raw["longitude"].str.strip() != "")
    losses["events_without_coordinates"] = float((~located).sum())
    side_b = whole_numbers(raw["side_b_id"], path, low=1, high=_MAX_ID)
    return pd.DataFrame(
        {
            "event_id": identity.astype("str"),
            "release": pd.Series(vintage.name, raw.index, dtype="str"),
            "gwno": whole_numbers(raw["country_id"], path, low=2, high=999),
            "violence_type": kind.map(_TYPES).astype("str"),
            "dyad_id": whole_numbers(raw["dyad_id"], path, low=1, high=_MAX_ID),
            "side_a_id": whole_numbers(raw["side_a_id"], path, low=1, high=_MAX_ID),
            "side_b_id": side_b.where(kind != 3, CIVILIANS).astype("int32"),  # noqa: PLR2004  # one-sided
            "side_a": raw["side_a"].str.strip().astype("str"),
            "side_b": raw["side_b"].str.strip().astype("str"),
            "side_a_state": _names_a_state(raw["gwnoa"]),
            "side_b_state": _names_a_state(raw["gwnob"]) & (kind != 3),  # noqa: PLR2004
            "where_prec": whole_numbers(raw["where_prec"], path, low=1, high=7).astype("int8"),
            "adm_1": raw["adm_1"].mask(raw["adm_1"] == "").astype("str"),
            "lat": decimals(raw.loc[located, "latitude"], path, low=-90, high=90).reindex(raw.index),
            "lon": decimals(raw.loc[located, "longitude"], path, low=-180, high=180).reindex(raw.index),
            "start": start,
            "end": end,
            "deaths": deaths["best"],
            "low": deaths["low"],
            "high": deaths["high"],
            "provisional": pd.Series(vintage.provisional, raw.index, dtype="bool"),
            "known_on": pd.Series(vintage.known_on, raw.index).astype("datetime64[s]"),
        }
    )


_DEATHS: Final = ("best", "low", "high")


def _or(values: pd.Series, others: pd.Series) -> pd.Series:
    """Where a file lacks an estimate the best one stands for it."""
    return values.where(values.str.strip() != "", others).rename(str(values.name))


def _names_a_state(gwno: pd.Series) -> pd.Series:
    return gwno.str.contains(r"[1-9]", regex=True).astype("bool")
