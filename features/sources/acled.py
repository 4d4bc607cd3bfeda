"""A user's own ACLED export, as the canonical event table: a reader only, for ACLED's terms forbid passing rows on.

ACLED counts other things than UCDP does, so that the two are never mixed: an export becomes a snapshot of its own. What
counts, and as what, stands in `acled_kinds` and in `docs/acled.md`.

ACLED names actors and has no ids for them: each name gets a number here, made from its letters, so that it is the same
in every export. The numbers are not UCDP's.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..contracts.canonical import validate
from ..errors import CoverageError
from .acled_kinds import EVENT_TYPES, classified, kind_of_actor
from .delimited import decimals, refuse, whole_numbers
from .event_files import Layout, read_event_file
from .ged_columns import CIVILIANS
from .state_codes import gwno_by_iso3, iso3_by_number

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["ACLED", "AcledExport", "actor_numbers", "read_acled"]

#: Columns of ACLED's exports that are read.
ACLED: Final = Layout(
    columns={
        "event_id_cnty": ("event_id_cnty",),
        "event_date": ("event_date",),
        "event_type": ("event_type",),
        "sub_event_type": ("sub_event_type",),
        "actor1": ("actor1",),
        "inter1": ("inter1",),
        "actor2": ("actor2",),
        "inter2": ("inter2",),
        "civilian_targeting": ("civilian_targeting",),
        "iso": ("iso",),
        "country": ("country",),
        "latitude": ("latitude",),
        "longitude": ("longitude",),
        "geo_precision": ("geo_precision",),
        "fatalities": ("fatalities",),
    },
    optional=frozenset({"civilian_targeting"}),
    separators=",;",
)
_FIRST_DAY: Final = pd.Timestamp("1989-01-01")
_MAX_DEATHS: Final = 2_000_000
#: ACLED's geo_precision as where_prec: a place, near a place, the capital of the region that is meant.
_WHERE_PREC: Final = {1: 1, 2: 2, 3: 4}
#: Places outside the state system, and the state to which UCDP counts them; by ISO number. ACLED gives Kosovo none.
_COUNTED_TO: Final = {732: 600, 275: 666}
_KOSOVO: Final = 347
#: Numbers of actors begin here, out of reach of UCDP's.
_FIRST_NUMBER, _NUMBERS = 100_000_000, 1_900_000_000
_KNOWN_AFTER: Final = pd.Timedelta(days=7)  # ACLED puts its week out within the next one


@dataclass(frozen=True, slots=True)
class AcledExport:
    """An export, read.

    Attributes
    ----------
    events
        Canonical table ``events``.
    covered
        ``gwno, first_month, last_month`` of each state in the export: whole months from its first row of any kind on.
    data_through
        Last day of the last whole month.
    losses
        Rows left out, by reason; all counted.
    """

    events: pd.DataFrame
    covered: pd.DataFrame
    data_through: pd.Timestamp
    losses: dict[str, float]


def read_acled(path: Path, *, today: pd.Timestamp, through: pd.Timestamp | None = None) -> AcledExport:
    """Read an export: a CSV, or a zip that holds one, one row an event.

    Parameters
    ----------
    path
        The file, with all kinds of events, for peaceful ones say which months it covers.
    today
        No event is later.
    through
        Last day that the export covers; by default that of its newest event. A month that it does not reach the end of
        is left out.

    Raises
    ------
    SourceError, SchemaError
        If the file is missing, cut off, in another encoding or with other columns; at the first impossible value,
        future date or event id that stands there twice with other facts; with line and column.
    CoverageError
        If the export covers no whole month of any country.
    """
    raw = read_event_file(path, ACLED).table
    losses: dict[str, float] = {}
    raw = _without(raw, raw.duplicated(), "rows_that_repeat_another", losses)
    rows = _typed(raw, path, today)
    newest = rows["date"].max() if through is None else through
    data_through = _last_whole_month(newest, path)
    gwno = _states(rows["iso"], raw["country"])
    known = gwno.notna()
    losses["rows_of_territories_outside_the_state_system"] = float((~known).sum())
    late = rows["date"] > data_through
    losses["rows_after_the_last_whole_month"] = float((late & known).sum())
    rows = rows.assign(gwno=gwno)[known & ~late].astype({"gwno": "int32"})
    covered = _covered(rows, data_through)
    if covered.empty:
        msg = f"the export covers no country for a whole month up to {data_through:%Y-%m-%d}."
        raise CoverageError(msg, file=path, column="event_date", remedy="Export whole months of countries.")
    first = rows["gwno"].map(covered.set_index("gwno")["first_month"])
    early = first.isna() | (rows["date"] < first)
    rows = _without(rows, early, "rows_before_the_first_whole_month_of_their_country", losses)
    sides = classified(rows)
    of_type = rows["event_type"].str.lower().map(EVENT_TYPES)
    fatal = rows["deaths"] > 0
    counted = sides["violence_type"].notna()
    losses["rows_without_deaths"] = float((counted & ~fatal).sum())
    for reason, left in (
        ("protests_riots_and_strategic_developments", ~counted & ~of_type),
        ("events_without_an_armed_side", ~counted & of_type),
    ):
        losses[f"rows_of_{reason}"] = float(left.sum())
        losses[f"deaths_of_{reason}"] = float(rows.loc[left, "deaths"].sum())
    kept = counted & fatal
    events = _canonical(rows[kept], sides[kept], data_through)
    return AcledExport(validate(events, "events", file=path), covered, data_through, losses)


def _without(table: pd.DataFrame, drop: pd.Series, reason: str, losses: dict[str, float]) -> pd.DataFrame:
    losses[reason] = float(drop.sum())
    return table[~drop]


def _typed(raw: pd.DataFrame, path: Path, today: pd.Timestamp) -> pd.DataFrame:
    identity = raw["event_id_cnty"].str.strip()
    refuse(identity == "", raw["event_id_cnty"], path, "where ACLED's id of the event belongs")
    monadic = "Export one row an event (dyadic), not one an actor (monadic)."
    again = identity.duplicated()
    refuse(again, raw["event_id_cnty"], path, "an event that stands in an earlier row with other facts", remedy=monadic)
    kinds = {f"kind{side}": kind_of_actor(raw[f"inter{side}"]) for side in (1, 2)}
    for side in (1, 2):
        refuse(kinds[f"kind{side}"] < 0, raw[f"inter{side}"], path, "which is none of ACLED's kinds of actors")
        nameless = (raw[f"actor{side}"].str.strip() == "") & (kinds[f"kind{side}"] > 0)
        refuse(nameless, raw[f"actor{side}"], path, f"where the actor of kind inter{side} belongs")
    of_type = raw["event_type"].str.strip()
    unknown = ~of_type.str.lower().isin(list(EVENT_TYPES))
    refuse(unknown, raw["event_type"], path, f"which is none of {', '.join(EVENT_TYPES)}")
    where = whole_numbers(raw["geo_precision"], path, low=1, high=3)
    return pd.DataFrame(
        {
            "event_id": identity,
            "date": _dates(raw["event_date"], path, today),
            "event_type": of_type,
            **{name: raw[name] for name in ("sub_event_type", "actor1", "actor2", "civilian_targeting")},
            **kinds,
            "where_prec": where.map(_WHERE_PREC).astype("int8"),
            "lat": decimals(raw["latitude"], path, low=-90, high=90),
            "lon": decimals(raw["longitude"], path, low=-180, high=180),
            "deaths": whole_numbers(raw["fatalities"], path, low=0, high=_MAX_DEATHS),
            "iso": whole_numbers(raw["iso"], path, low=0, high=999),
        }
    )


def _dates(values: pd.Series, path: Path, today: pd.Timestamp) -> pd.Series:
    """Exports write 2024-01-05, older ones 05 January 2024."""
    days = pd.to_datetime(values.str.strip(), format="%Y-%m-%d", errors="coerce")
    days = days.fillna(pd.to_datetime(values.str.strip(), format="%d %B %Y", errors="coerce")).astype("datetime64[s]")
    refuse(days.isna(), values, path, "where a date (2024-01-05, or 05 January 2024) belongs")
    refuse(days < _FIRST_DAY, values, path, "which is before January 1989, where the panel begins")
    refuse(days > today, values, path, f"which is after today ({today:%Y-%m-%d})")
    return days


def _last_whole_month(newest: pd.Timestamp, path: Path) -> pd.Timestamp:
    month = newest.to_period("M")
    whole = month if newest.normalize() == month.end_time.normalize() else month - 1
    if whole.start_time < _FIRST_DAY:
        msg = f"the export ends on {newest:%Y-%m-%d} and covers no whole month."
        raise CoverageError(msg, file=path, column="event_date", remedy="Export whole months.")
    return whole.end_time.normalize()


def _states(number: pd.Series, country: pd.Series) -> pd.Series:
    codes = gwno_by_iso3()
    states = {iso: codes[iso3] for iso, iso3 in iso3_by_number().items() if iso3 in codes} | _COUNTED_TO
    kosovo = (number == 0) & (country.str.strip().str.casefold() == "kosovo")
    return number.map(states).where(~kosovo, _KOSOVO).astype("Int32")


def _covered(rows: pd.DataFrame, data_through: pd.Timestamp) -> pd.DataFrame:
    first = rows.groupby("gwno")["date"].min()
    # An export may begin amid a month: the first month that is surely whole is the one after the first row's.
    month = (first + pd.offsets.MonthBegin(0)).astype("datetime64[s]")
    last = data_through.replace(day=1)
    table = pd.DataFrame({"gwno": first.index.astype("int32"), "first_month": month.to_numpy(), "last_month": last})
    table = table.astype({"first_month": "datetime64[s]", "last_month": "datetime64[s]"})
    return table[table["first_month"] <= last].reset_index(drop=True)


def _canonical(rows: pd.DataFrame, sides: pd.DataFrame, data_through: pd.Timestamp) -> pd.DataFrame:
    numbers = actor_numbers({*sides["side_a"], *sides["side_b"]})
    id_b = sides["side_b"].map(numbers)
    return pd.DataFrame(
        {
            "event_id": rows["event_id"].astype("str"),
            "release": pd.Series(f"ACLED export through {data_through:%Y-%m-%d}", rows.index, dtype="str"),
            "gwno": rows["gwno"],
            "violence_type": sides["violence_type"],
            "dyad_id": pd.Series(0, rows.index, dtype="int32"),
            "side_a_id": sides["side_a"].map(numbers).astype("int32"),
            "side_b_id": id_b.where(sides["violence_type"] != "os", CIVILIANS).astype("int32"),
            **{name: sides[name] for name in ("side_a", "side_b", "side_a_state", "side_b_state", "organised")},
            "where_prec": rows["where_prec"],
            "adm_1": pd.Series(None, rows.index, dtype="str"),  # by polygon: its names are not UCDP's
            **{name: rows[name] for name in ("lat", "lon")},
            "start": rows["date"],
            "end": rows["date"],
            **dict.fromkeys(("deaths", "low", "high"), rows["deaths"]),
            "provisional": pd.Series(False, rows.index, dtype="bool"),  # noqa: FBT003
            "known_on": (rows["date"] + _KNOWN_AFTER).astype("datetime64[s]"),
        }
    ).reset_index(drop=True)


def actor_numbers(names: Iterable[str]) -> dict[str, int]:
    """Number of each actor, made from the letters of its name; two that would share one are told apart in order.

    Examples
    --------
    >>> actor_numbers(["Islamic State Sahel", "JNIM"])["JNIM"] == actor_numbers(["JNIM"])["JNIM"]
    True
    """
    taken: dict[int, str] = {}
    for name in sorted(set(names)):
        number = _FIRST_NUMBER + zlib.crc32(name.encode()) % _NUMBERS
        while number in taken:
            number += 1
        taken[number] = name
    return {name: number for number, name in taken.items()}
