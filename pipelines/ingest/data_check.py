"""What the tables hold: source, version, coverage, age, and whether each meets its contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from ...features.errors import DataError
from ...features.facts.coverage import OLD_AFTER_DAYS, searched_share
from ...features.tables.snapshot import BUNDLED, TABLES, load_table, read_provenance
from .outside_regions import outside_warnings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from ...features.tables.snapshot import Provenance

__all__ = ["Finding", "check_data"]

#: Months of whose country facts matter most: with this many deaths, from this year on.
_DEATHS: Final = 25
_SINCE: Final = 2010


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one table.

    Attributes
    ----------
    table
        Its name.
    sources
        Each publication that it rests on, with its version.
    rows
        Rows of the table, or of its provenance where it cannot be read.
    coverage
        First and last month or day with a row; empty where the table knows none.
    data_through
        Last day that the sources cover.
    age_days
        Days since then.
    unallocated
        Share of deaths that could not be placed, where there is such a share.
    fault
        What breaks its contract; empty if nothing does.
    warning
        What a reader must know of it although nothing is broken, else empty: of facts, for how many countries they are
        coded, and whether they were searched long ago.
    """

    table: str
    sources: tuple[str, ...]
    rows: int
    coverage: str
    data_through: str
    age_days: int | None
    unallocated: float | None
    fault: str
    warning: str = ""


def check_data(folder: Path | None = None, *, today: date) -> list[Finding]:
    """Check every table of a snapshot against its checksum and contract, each on its own.

    Parameters
    ----------
    folder
        Of the snapshot; by default the bundled one.
    today
        Day from which ages are counted.

    Raises
    ------
    SourceError
        If the provenance of the snapshot cannot be read.
    """
    folder = BUNDLED if folder is None else folder
    provenance = read_provenance(folder)
    return [_check(folder, name, provenance, today) for name in TABLES]


def _check(folder: Path, name: str, provenances: Mapping[str, Provenance], today: date) -> Finding:
    provenance = provenances[name]
    through = provenance.data_through
    try:
        table, fault = load_table(folder, name, provenance), ""
    except DataError as error:
        table, fault = None, str(error)
    return Finding(
        table=name,
        sources=tuple(f"{source.get('short') or source['name']} {source['version']}" for source in provenance.sources),
        rows=provenance.rows if table is None else len(table),
        coverage="" if table is None else _coverage(table),
        data_through=through or "",
        age_days=None if through is None else (today - date.fromisoformat(through)).days,
        unallocated=None if table is None else _unallocated(table, name, provenance),
        fault=fault,
        warning="; ".join((*_warnings(folder, name, provenances, today), *outside_warnings(provenance.losses))),
    )


def _warnings(folder: Path, name: str, provenance: Mapping[str, Provenance], today: date) -> tuple[str, ...]:
    """For how many countries facts are coded, and whether they were searched long ago."""
    if name not in ("deployments", "transitions"):
        return ()
    try:
        coverage = load_table(folder, "facts_coverage", provenance["facts_coverage"])
        counts = load_table(folder, "country_month", provenance["country_month"])
    except DataError:
        return ()  # it is a finding of its own
    own = coverage[coverage["kind"] == name]
    until = own["searched_until"].min()
    share = searched_share(coverage, name, counts, since=_SINCE, deaths=_DEATHS)
    said = f"{len(own)} countries are coded, all others are not coded"
    said += f" ({share:.0%} of all country-months with {_DEATHS} deaths or more since {_SINCE} were searched)"
    age = 0 if own.empty else (today - until.date()).days
    if age < OLD_AFTER_DAYS:
        return (said,)
    return (f"{said}; searched until {until:%Y-%m-%d}, {age:,} days ago: later facts may be missing",)


def _coverage(table: pd.DataFrame) -> str:
    if table.empty:
        return ""
    if "month" in table.columns:
        return f"{table['month'].min():%Y-%m} to {table['month'].max():%Y-%m}"
    if "date" in table.columns:
        return f"{table['date'].min():%Y-%m-%d} to {table['date'].max():%Y-%m-%d}"
    if "year" in table.columns:
        return f"{table['year'].min()} to {table['year'].max()}"
    return ""


def _unallocated(table: pd.DataFrame, name: str, provenance: Provenance) -> float | None:
    if name in ("region_month", "region_sides"):
        total = float(table["deaths"].sum())
        return float(table.loc[table["region_id"].isna(), "deaths"].sum()) / total if total else 0.0
    return provenance.losses.get("share_of_sb_and_ns_deaths_unmapped")
