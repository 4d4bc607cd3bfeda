"""A snapshot counted from one set of events: all tables of violence from that set, the others kept."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ...features.events.counting import event_tables
from ...features.sources import publications as published
from ...features.tables.snapshot import BUNDLED, TABLES, Provenance, load_snapshot, read_provenance
from ..base.csv_files import csv_file
from ..base.whole import checksum
from .outside_regions import shares_outside
from .snapshot_files import replacing, write_provenance, write_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ...features.events.counting import EventTables
    from ...features.events.vintages import KnownEvents
    from ...features.tables.snapshot import Snapshot
    from .counted_regions import CountedRegions

__all__ = ["UNALLOCATED_FILE", "EventSource", "ucdp_source", "write_fetched_snapshot"]

#: Deaths known to the country only, by state, beside the tables.
UNALLOCATED_FILE: Final = "unallocated.csv"

_METHODS: Final = {
    "country_month": "Events in each month that they touch, deaths shared out over their days.",
    "actors": "Non-state actors of actor_month, by their latest name, and those of actor_lineage.",
    "actor_month": "Non-state sides of each event between organised actors, one-sided violence included.",
    "region_coverage": "",
    "region_month": "By type of violence, as region_sides.",
    "sides_coverage": "",
}
_OF_REGIONS: Final = ("regions", "region_neighbours", "region_month", "region_sides")


@dataclass(frozen=True, slots=True)
class EventSource:
    """Whose events a snapshot is counted from.

    Attributes
    ----------
    sources
        Publications, as the provenance describes them.
    coverage
        What the events cover, in a sentence.
    covered
        ``gwno, first_month, last_month`` of each state that they cover, where it is not the whole world since 1989.
        Other states, and months before, are then not in the snapshot: nothing is known of them.
    ucdp_ids
        Whether actor ids are UCDP's: its lineage then holds for them.
    """

    sources: tuple[dict[str, Any], ...]
    coverage: str
    covered: pd.DataFrame | None = None
    ucdp_ids: bool = True


def write_fetched_snapshot(
    known: KnownEvents, source: EventSource, regions: CountedRegions, out: Path, *, command: str
) -> pd.DataFrame:
    """Count a set of events into a snapshot, with the tables that are not of violence from the bundled one.

    Parameters
    ----------
    known
        Events.
    source
        Whose they are.
    regions
        In which they are counted.
    out
        Folder to write; it appears whole or not at all.
    command
        What made it.

    Returns
    -------
    DataFrame
        Deaths known to the country only, by state, as written to ``unallocated.csv``: ``gwno, iso3, name, events,
        deaths, events_unallocated, deaths_unallocated, share_of_deaths, events_outside, deaths_outside``; the last two
        are of these those whose place is known but in no region.

    Raises
    ------
    SchemaError
        If a table would break its contract.
    ConfigError
        If ``out`` holds something else than a snapshot.
    """
    base, base_provenance = load_snapshot(), read_provenance(BUNDLED)
    counted = event_tables(known, regions=regions.regions, covered=source.covered)
    tables, told = _of_violence(known, source, regions, counted, base)
    for name, (table, note) in _of_other_matters(source, regions, base).items():
        was = base_provenance[name]
        tables[name], told[name] = table, replace(was, method=f"{was.method} {note}", rows=len(table))
    with replacing(out, also=(UNALLOCATED_FILE,)) as fresh:
        provenance: dict[str, Provenance] = {}
        for name in TABLES:
            if name in tables:
                sha256 = write_table(fresh, name, tables[name])
                provenance[name] = replace(told[name], build_command=command, sha256=sha256)
            else:
                shutil.copyfile(BUNDLED / f"{name}.parquet", fresh / f"{name}.parquet")
                provenance[name] = base_provenance[name]
        write_provenance(fresh, provenance)
        unallocated = _unallocated(counted, base)
        csv_file(unallocated, fresh / UNALLOCATED_FILE)
    return unallocated


def _of_violence(
    known: KnownEvents, source: EventSource, regions: CountedRegions, counted: EventTables, base: Snapshot
) -> tuple[dict[str, pd.DataFrame], dict[str, Provenance]]:
    """Tables that were counted, and their provenance but for what made the files and their checksums."""
    methods = {**_METHODS, **regions.methods, "region_coverage": source.coverage, "sides_coverage": source.coverage}
    tables: dict[str, pd.DataFrame] = {name: getattr(counted, name) for name in methods}
    if source.ucdp_ids:
        tables["actors"] = _with_lineage(counted.actors, base)
    told = {
        name: Provenance(
            sources=(*source.sources, *(regions.sources if name in _OF_REGIONS else ())),
            method=methods[name],
            build_command="",
            rows=len(table),
            first_month=_month(table, "min"),
            last_month=_month(table, "max"),
            data_through=f"{known.data_through:%Y-%m-%d}" if name.endswith(("_month", "_sides")) else None,
            sha256="",
            losses=_plain(_losses(name, known, counted, regions, base)),
        )
        for name, table in tables.items()
    }
    return tables, told


def _of_other_matters(
    source: EventSource, regions: CountedRegions, base: Snapshot
) -> Mapping[str, tuple[pd.DataFrame, str]]:
    """Tables that are not of violence and still change with the events, and how, in a sentence."""
    changed = dict(regions.moved)
    if not source.ucdp_ids:
        changed["actor_lineage"] = base.actor_lineage.iloc[:0], "None kept: the events' actors have ids of their own."
    return changed if source.covered is None else changed | _of_covered(base, source.covered)


def _with_lineage(actors: pd.DataFrame, base: Snapshot) -> pd.DataFrame:
    others = base.actors[~base.actors["actor_id"].isin(actors["actor_id"])]
    return pd.concat([actors, others], ignore_index=True).sort_values("actor_id", ignore_index=True)


def ucdp_source(known: KnownEvents, files: Mapping[str, Path]) -> EventSource:
    """Describe a release of UCDP, with the candidate files after it.

    Parameters
    ----------
    files
        File of each vintage, by its name.
    """
    publication = published.ucdp(known.vintages[0].version)
    common = {"licence": publication.licence, "citation": publication.citation}
    sources = tuple(
        {
            "name": "UCDP Candidate Events Dataset" if vintage.provisional else "UCDP Georeferenced Event Dataset",
            "version": vintage.version,
            **common,
            "files": {files[vintage.name].name: checksum(files[vintage.name])},
            "short": "UCDP candidate" if vintage.provisional else "UCDP GED",
        }
        for vintage in known.vintages
    )
    return EventSource(sources, "The release covers every country of the world from January 1989 on.")


def _of_covered(base: Snapshot, covered: pd.DataFrame) -> dict[str, tuple[pd.DataFrame, str]]:
    """States that the events cover, from the first month on in which they do."""
    since = base.countries["gwno"].map(covered.set_index("gwno")["first_month"])
    first = since.where(since > base.countries["first_month"], base.countries["first_month"])
    countries = base.countries.assign(first_month=first.astype("datetime64[s]"))[since.notna()]
    pairs = base.country_neighbours
    both = pairs.isin(countries["gwno"].tolist()).all(axis=1)
    note = "Only states that the events cover, from the first month on in which they do."
    return {
        "countries": (countries.reset_index(drop=True), note),
        "country_neighbours": (pairs[both].reset_index(drop=True), note),
    }


def _losses(
    name: str, known: KnownEvents, counted: EventTables, regions: CountedRegions, base: Snapshot
) -> dict[str, float]:
    if name == "region_sides":
        return {**known.losses, **counted.losses}
    if name == "regions":
        return regions.losses
    if name == "region_month":
        return shares_outside(counted.unallocated, base.countries.set_index("gwno")["name"])
    return known.losses if name in ("country_month", "actor_month") else {}


def _unallocated(counted: EventTables, base: Snapshot) -> pd.DataFrame:
    states = base.countries.set_index("gwno")
    table = counted.unallocated.sort_values("share_of_deaths", ascending=False, kind="stable")
    named = table.assign(iso3=table["gwno"].map(states["iso3"]), name=table["gwno"].map(states["name"]))
    columns = ["gwno", "iso3", "name", "events", "deaths", "events_unallocated", "deaths_unallocated"]
    return named[[*columns, "share_of_deaths", "events_outside", "deaths_outside"]].round({"share_of_deaths": 4})


def _month(table: pd.DataFrame, which: str) -> str | None:
    return f"{getattr(table['month'], which)():%Y-%m}" if "month" in table.columns else None


def _plain(losses: Mapping[str, float]) -> dict[str, float]:
    rounded = {name: round(float(number), 6) for name, number in losses.items()}
    return {name: int(number) if number.is_integer() else number for name, number in rounded.items()}
