"""Fetch UCDP's events, or take a user's files, and count them into a snapshot that `faultline run` can use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...features.errors import CoverageError
from ...features.events.vintages import known_events
from ...features.sources.ged_release import read_release_events
from ...features.sources.organisation import organisation_levels
from ...features.tables.snapshot import load_snapshot
from .counted_regions import RegionsWanted
from .fetched import Fetched
from .fetched_snapshot import ucdp_source, write_fetched_snapshot
from .outside_regions import outside_warnings, shares_outside
from .ucdp_files import ReleaseWanted, release_files

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from ...features.events.vintages import KnownEvents
    from ...features.sources.ged_release import EventRelease
    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["default_out", "fetch_ucdp"]

_FULL_RELEASE: Final = 60  # a whole release names more than 100 countries; fewer than this is an extract of it
_READING: Final = "Reading the events"


def default_out(settings: Settings, version: str) -> Path:
    """Folder of the snapshot of a release."""
    return settings.data / "snapshots" / f"ucdp-{version}"


def fetch_ucdp(
    settings: Settings,
    progress: Progress,
    *,
    today: dt.date,
    release: ReleaseWanted | None = None,
    regions: RegionsWanted | None = None,
    out: Path | None = None,
) -> Fetched:
    """Fetch a yearly release and the candidate events after it, or read the user's files, and write a snapshot.

    Parameters
    ----------
    settings
        ``boundaries`` names the polygons of regions, if they are to be counted by polygon and not by the names that
        UCDP gives them; ``ucdp_url`` the server.
    today
        Current day: later candidate files cannot be out.
    release
        Which files, and as of which day; by default the newest release.
    regions
        Which are counted; by default all.
    out
        Folder of the snapshot.

    Raises
    ------
    SourceError, SchemaError
        If a download fails, or a file is broken; with file, row and column. Nothing is written.
    CoverageError
        If a file does not cover what its release does, names no regions where they go by name, or leaves a month out.
    ConfigError
        If an option cannot be honoured.
    """
    release = release or ReleaseWanted()
    boundaries, regions = settings.boundaries, regions or RegionsWanted()
    base = load_snapshot()
    counted = regions.read(boundaries, base)
    found = release_files(release, settings.ucdp_url, progress, today=today)
    levels, organised = organisation_levels(), set(base.actors["actor_id"])
    releases: list[EventRelease] = []
    with progress.stage(_READING, len(found)) as done:
        for vintage, file in found.items():
            read = read_release_events(file, vintage, levels=levels, organised_actors=organised)
            _refuse_other_release(read, file)
            releases.append(read)
            done()
    known = known_events(releases, as_of=release.as_of)
    if boundaries is None and known.events["adm_1"].isna().all():
        msg = "the file names no event's region: it has no column adm_1, or nothing in it."
        remedy = "Take UCDP's own file, or count by polygon: --boundaries."
        raise CoverageError(msg, file=found[known.vintages[0]], column="adm_1", remedy=remedy)
    out = out or default_out(settings, known.vintages[0].version)
    command = _command(release, regions, boundaries)
    with progress.stage("Counting and writing the tables"):
        source = ucdp_source(known, {vintage.name: file for vintage, file in found.items()})
        unallocated = write_fetched_snapshot(known, source, counted, out, command=command)
    named = int(known.events["gwno"].nunique())
    outside = outside_warnings(shares_outside(unallocated, unallocated.set_index("gwno")["name"]))
    return Fetched(out, known, named, counted.number, unallocated, (*_warnings(known, named), *outside))


def _refuse_other_release(release: EventRelease, file: Path) -> None:
    """A yearly release has events in its last year; a file that ends earlier is another release, or cut short."""
    vintage, events = release.vintage, release.events
    if vintage.provisional:
        return
    newest = events["end"].max()
    if newest.year < vintage.last_day.year:
        msg = f"the newest event is of {newest:%Y-%m-%d}, but {vintage.name} runs to {vintage.last_day:%Y-%m-%d}."
        remedy = "Name the release that the file is with --version, such as --version 24.1."
        raise CoverageError(msg, file=file, column="date_end", remedy=remedy)


def _warnings(known: KnownEvents, countries: int) -> tuple[str, ...]:
    lines: list[str] = []
    if countries < _FULL_RELEASE:
        lines.append(
            f"the files have events in {countries} countries only, a whole release in more than 100: every other "
            "country now counts as one without violence"
        )
    for reason, number in known.losses.items():
        if number and reason.startswith(("rows_", "candidates_", "events_whose")):
            lines.append(f"{reason.replace('_', ' ')}: {number:,.0f}")
    return tuple(lines)


def _command(release: ReleaseWanted, regions: RegionsWanted, boundaries: Path | None) -> str:
    """The command by file names alone: where they lay on this machine is nobody's business."""
    parts = ["faultline fetch ucdp", *(f"--file {file.name}" for file in release.files)]
    parts.append(f"--version {release.version_or_newest}")
    if release.as_of is not None:
        parts.append(f"--as-of {release.as_of:%Y-%m-%d}")
    parts.append(f"--region {(regions.world_region or 'world').lower()}")
    return " ".join([*parts, *regions.options(boundaries)])
