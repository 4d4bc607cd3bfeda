"""Count a user's own ACLED export into a snapshot of its own, which `faultline run` can use; never mixed with UCDP."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from ...features.errors import CoverageError
from ...features.events.vintages import KnownEvents
from ...features.sources.acled import read_acled
from ...features.sources.ged_release import Vintage
from ...features.tables.snapshot import load_snapshot
from ..base.whole import checksum
from .boundaries_at_hand import named_boundaries
from .counted_regions import RegionsWanted, by_polygon
from .fetched import Fetched
from .fetched_snapshot import EventSource, write_fetched_snapshot

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from ...features.sources.acled import AcledExport
    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["TERMS", "fetch_acled"]

#: What a user must keep in mind.
TERMS = "ACLED's terms hold for this snapshot and what is made of it: do not pass its figures on without its leave"
_SHORTEST_MONTHS = 60  # what is learned from less than five years says little


def fetch_acled(
    settings: Settings,
    progress: Progress,
    *,
    file: Path,
    today: dt.date,
    through: pd.Timestamp | None = None,
    regions: RegionsWanted | None = None,
    out: Path | None = None,
) -> Fetched:
    """Read an ACLED export and write a snapshot of the countries in it.

    Parameters
    ----------
    settings
        ``boundaries`` names the polygons of regions.
    file
        CSV, or zip that holds one, of all kinds of events, as ACLED gives it out: one row an event.
    today
        Current day.
    through
        Last day that the export covers; by default that of its newest event.
    regions
        Which polygons are regions; by default all.
    out
        Folder of the snapshot.

    Raises
    ------
    SourceError, SchemaError
        If a file is broken; with file, row and column. Nothing is written.
    CoverageError
        If the export covers no whole month, holds no event that counts, or none of its countries has a polygon.
    ConfigError
        If an option cannot be honoured.
    """
    boundaries = named_boundaries(settings)
    regions = regions or RegionsWanted()
    base = load_snapshot()
    outlines = regions.outlines(boundaries, base.countries)
    with progress.stage("Reading the export"):
        export = read_acled(file, today=pd.Timestamp(today), through=through)
    if export.events.empty:
        msg = "the export holds no event with deaths of a kind that counts, in a whole month."
        raise CoverageError(msg, file=file, remedy="Export battles, explosions and violence against civilians.")
    inside = outlines.table["gwno"].isin(export.covered["gwno"])
    if not inside.any():
        msg = f"no polygon of {boundaries.name} lies in a country of the export."
        raise CoverageError(msg, file=file, column="iso", remedy="Name polygons of those countries with --boundaries.")
    outlines = replace(outlines, table=outlines.table[inside].reset_index(drop=True))
    known = _known(export)
    out = out or settings.data / "snapshots" / f"acled-{export.data_through:%Y-%m}"
    until = [] if through is None else [f"--through {through:%Y-%m-%d}"]
    command = " ".join([f"faultline fetch acled --file {file.name}", *until, *regions.options(boundaries)])
    with progress.stage("Counting and writing the tables"):
        counted = by_polygon(outlines, boundaries, base)
        unallocated = write_fetched_snapshot(known, _source(export, file), counted, out, command=command)
    countries = len(export.covered)
    return Fetched(out, known, countries, int(inside.sum()), unallocated, _warnings(export))


def _source(export: AcledExport, file: Path) -> EventSource:
    return EventSource(
        sources=(
            {
                "name": "Armed Conflict Location & Event Data (ACLED), the user's own export",
                "version": f"through {export.data_through:%Y-%m-%d}",
                "licence": "ACLED's terms of use: no redistribution",
                "citation": "Raleigh, C., Kishi, R. and Linke, A. (2023), Political instability patterns are obscured "
                "by conflict dataset scope conditions, sources, and coding choices, Humanities and Social Sciences "
                "Communications 10, doi:10.1057/s41599-023-01559-4",
                "files": {file.name: checksum(file)},
                "short": "ACLED export",
            },
        ),
        coverage="Each country from the first whole month of the export in which it has a row of any kind.",
        covered=export.covered,
        ucdp_ids=False,
    )


def _known(export: AcledExport) -> KnownEvents:
    first = export.covered["first_month"].min()
    through = export.data_through
    vintage = Vintage("ACLED export", f"through {through:%Y-%m-%d}", False, first, through, through)  # noqa: FBT003
    return KnownEvents(export.events, (vintage,), first, through, export.losses)


def _warnings(export: AcledExport) -> tuple[str, ...]:
    lines = [TERMS]
    months = (export.covered["last_month"].dt.to_period("M") - export.covered["first_month"].dt.to_period("M")).map(
        lambda offset: offset.n + 1
    )
    if months.max() < _SHORTEST_MONTHS:
        lines.append(f"the export covers {months.max()} months; name one of at least {_SHORTEST_MONTHS} to learn from")
    lines += [f"{reason.replace('_', ' ')}: {number:,.0f}" for reason, number in export.losses.items() if number]
    return tuple(lines)
