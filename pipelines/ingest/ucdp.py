"""Fetch UCDP's events, or take a user's files, and count them into a snapshot that `faultline run` can use."""

from __future__ import annotations

import re
import shlex
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd
import platformdirs
from rich import box
from rich.table import Table

from ...features.errors import ConfigError, CoverageError
from ...features.events.vintages import known_events
from ...features.sources.ged_release import (
    candidate_vintage,
    final_vintage,
    read_release_events,
    vintage_of_file,
)
from ...features.sources.organisation import organisation_levels
from ...features.sources.region_outlines import read_world_regions
from ...features.tables.snapshot import load_snapshot
from ..base.progress import Progress
from .boundaries_at_hand import kept_boundaries
from .downloads import NotOutYetError, download
from .fetched_snapshot import UNALLOCATED_FILE, ucdp_source, write_fetched_snapshot

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from ...features.events.vintages import KnownEvents
    from ...features.sources.ged_release import EventRelease, Vintage
    from ..base.settings import Settings

__all__ = [
    "CHECKSUMS",
    "NEWEST",
    "Fetched",
    "default_cache",
    "default_out",
    "fetch_ucdp",
    "named_boundaries",
    "parse_day",
    "parse_dissolve",
    "print_fetched",
]

#: Yearly release that is fetched if none is named.
NEWEST: Final = "26.1"
#: SHA-256 of yearly releases, by version; others are fetched without a check.
CHECKSUMS: Final = {"26.1": "8c941d84954e555ee2e54f40fa04d9203bf1e2f962203d0a9930966c4947c667"}

_FULL_RELEASE: Final = 60  # a whole release names more than 100 countries; fewer than this is an extract of it
_SHOWN: Final = 10
_READING: Final = "Reading the events"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched and written.

    Attributes
    ----------
    out
        Folder of the snapshot.
    known
        The events.
    countries, regions
        How many countries have events, and how many regions there are.
    unallocated
        Deaths known to the country only, by state.
    warnings
        What a reader must know of the data.
    """

    out: Path
    known: KnownEvents
    countries: int
    regions: int
    unallocated: pd.DataFrame
    warnings: tuple[str, ...]


def default_cache() -> Path:
    """Folder in which downloads are kept."""
    return platformdirs.user_cache_path("faultline") / "ucdp"


def default_out(settings: Settings, version: str) -> Path:
    """Folder of the snapshot of a release."""
    return settings.data / "snapshots" / f"ucdp-{version}"


def parse_day(text: str, *, option: str) -> pd.Timestamp:
    """Read a day given on the command line.

    Raises
    ------
    ConfigError
        If it is no day.
    """
    try:
        return pd.to_datetime(text, format="%Y-%m-%d")
    except ValueError:
        msg = f"{option}: {text!r} is not a day (YYYY-MM-DD)."
        raise ConfigError(msg) from None


def parse_dissolve(texts: Iterable[str]) -> dict[str, str]:
    """Read what to dissolve by: ``ISO3=COLUMN``, or ``COLUMN`` for every country.

    Raises
    ------
    ConfigError
        If one is neither.

    Examples
    --------
    >>> parse_dissolve(["BFA=region", "province"])
    {'BFA': 'region', '*': 'province'}
    """
    found: dict[str, str] = {}
    for text in texts:
        country, sign, column = text.rpartition("=")
        if not column.strip() or (sign and not re.fullmatch(r"[A-Za-z]{3}", country.strip())):
            msg = f"--dissolve: {text!r} is not COLUMN or ISO3=COLUMN, such as BFA=region."
            raise ConfigError(msg)
        found[country.strip().upper() or "*"] = column.strip()
    return found


def fetch_ucdp(
    settings: Settings,
    progress: Progress,
    *,
    today: dt.date,
    files: Sequence[Path] = (),
    version: str | None = None,
    candidates: bool | None = None,
    as_of: pd.Timestamp | None = None,
    cache: Path | None = None,
    world_region: str | None = "Africa",
    id_column: str | None = None,
    dissolve: Mapping[str, str] | None = None,
    out: Path | None = None,
) -> Fetched:
    """Fetch a yearly release and the candidate events after it, or read the user's files, and write a snapshot.

    Parameters
    ----------
    settings
        ``boundaries`` names the polygons of regions, ``ucdp_url`` the server.
    today
        Current day: later candidate files cannot be out.
    files
        Files that the user has, instead of a download of the yearly release. A name that UCDP gives says what the file
        is; any other name means the yearly release ``version``.
    version
        Yearly release; by default the newest, or the newest that was out ``as_of``.
    candidates
        Fetch candidate files; by default if no files are named.
    as_of
        Use only what was out by this day.
    cache
        Folder in which downloads are kept.
    world_region
        UCDP region whose countries' regions are counted; all for ``None``.
    id_column, dissolve
        See `~faultline.features.sources.region_outlines.read_world_regions`.
    out
        Folder of the snapshot.

    Raises
    ------
    SourceError, SchemaError
        If a download fails, or a file is broken; with file, row and column. Nothing is written.
    CoverageError
        If a file does not cover what its release does, or a month is left out.
    ConfigError
        If an option cannot be honoured.
    """
    boundaries = named_boundaries(settings)
    version = version or _version_as_of(as_of)
    base = load_snapshot()
    regions = read_world_regions(
        boundaries,
        countries=base.countries,
        world_region=world_region,
        id_column=id_column,
        dissolve=dissolve,
    )
    found = _named(files, version)
    cache = cache or default_cache()
    if not files:
        final = final_vintage(version)
        url = f"{settings.ucdp_url.rstrip('/')}/ged/ged{version.replace('.', '')}-csv.zip"
        found[final] = download(url, cache, sha256=CHECKSUMS.get(version), progress=progress)
    if candidates if candidates is not None else not files:
        after = max((v.last_day for v in found if not v.provisional), default=final_vintage(version).last_day)
        until = pd.Timestamp(today) if as_of is None else min(pd.Timestamp(today), as_of)
        found |= _fetch_candidates(settings.ucdp_url, cache, after, until, progress)
    levels, organised = organisation_levels(), set(base.actors["actor_id"])
    releases: list[EventRelease] = []
    with progress.stage(_READING, len(found)) as done:
        for vintage, file in found.items():
            release = read_release_events(file, vintage, levels=levels, organised_actors=organised)
            _refuse_other_release(release, file)
            releases.append(release)
            done()
    known = known_events(releases, as_of=as_of)
    out = out or default_out(settings, known.vintages[0].version)
    command = _command(files, version, as_of=as_of, boundaries=boundaries, world_region=world_region, dissolve=dissolve)
    with progress.stage("Counting and writing the tables"):
        by_name = {vintage.name: file for vintage, file in found.items()}
        source = ucdp_source(known, by_name)
        unallocated = write_fetched_snapshot(known, source, regions, boundaries, out, command=command)
    named = int(known.events["gwno"].nunique())
    return Fetched(out, known, named, len(regions.table), unallocated, _warnings(known, named))


def named_boundaries(settings: Settings) -> Path:
    """File of polygons that the user names, or else the one that was fetched.

    Raises
    ------
    ConfigError
        If there is neither.
    """
    if settings.boundaries is not None:
        return settings.boundaries
    kept = kept_boundaries(settings)
    if kept.is_file():
        return kept
    msg = "no boundaries are named: regions are counted by point in polygon."
    remedy = "Name a file with --boundaries, or get Natural Earth's admin-1 areas with `faultline fetch boundaries`."
    raise ConfigError(f"{msg} {remedy}")


def _version_as_of(as_of: pd.Timestamp | None) -> str:
    if as_of is None:
        return NEWEST
    year = as_of.year % 100
    version = f"{year}.1"
    with suppress(ConfigError):
        if final_vintage(version).known_on <= as_of:
            return version
    return f"{year - 1}.1"


def _named(files: Sequence[Path], version: str) -> dict[Vintage, Path]:
    found: dict[Vintage, Path] = {}
    for file in files:
        vintage = vintage_of_file(file.name) or final_vintage(version)
        if vintage in found:
            msg = (
                f"{found[vintage]} and {file} are both {vintage.name}; name one of them, or rename the candidate file "
            )
            raise ConfigError(f"{msg}as UCDP does (GEDEvent_v26_0_4.csv).")
        found[vintage] = file
    return found


def _fetch_candidates(
    url: str, cache: Path, after: pd.Timestamp, until: pd.Timestamp, progress: Progress
) -> dict[Vintage, Path]:
    """Candidate files from the month after a day on: of each year the longest with joined months, then single ones."""
    months = [m for m in pd.period_range(after + pd.Timedelta(days=1), until, freq="M") if m.end_time < until]
    found: dict[Vintage, Path] = {}
    with progress.stage("Fetching candidate events", max(len(months), 1)) as done:
        for year in sorted({month.year for month in months}):
            last = max(month.month for month in months if month.year == year)
            covered = 0
            for month in range(last, 1, -1):
                joined = candidate_vintage(year, month, first_month=1)
                if file := _if_out(url, cache, joined):
                    found[joined], covered = file, month
                    break
            for month in range(covered + 1, last + 1):
                single = candidate_vintage(year, month)
                file = _if_out(url, cache, single)
                if file is None:  # not out yet: nothing after it is, either
                    break
                found[single] = file
                done()
    return found


def _if_out(url: str, cache: Path, vintage: Vintage) -> Path | None:
    name = f"GEDEvent_v{vintage.version.replace('.', '_')}.csv"
    try:
        return download(
            f"{url.rstrip('/')}/candidateged/{name}", cache, sha256=None, progress=Progress.on_stderr(quiet=True)
        )
    except NotOutYetError:
        return None


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


def _command(
    files: Sequence[Path],
    version: str,
    *,
    as_of: pd.Timestamp | None,
    boundaries: Path,
    world_region: str | None,
    dissolve: Mapping[str, str] | None,
) -> str:
    """The command by file names alone: where they lay on this machine is nobody's business."""
    parts = ["faultline fetch ucdp", *(f"--file {file.name}" for file in files), f"--version {version}"]
    if as_of is not None:
        parts.append(f"--as-of {as_of:%Y-%m-%d}")
    parts += [f"--boundaries {boundaries.name}", f"--region {(world_region or 'world').lower()}"]
    parts += [
        f"--dissolve {column if iso3 == '*' else f'{iso3}={column}'}" for iso3, column in (dissolve or {}).items()
    ]
    return " ".join(parts)


def print_fetched(fetched: Fetched, console: Console) -> None:
    """Show what was fetched, which deaths could not be placed, and how to score with it."""
    known = fetched.known
    deaths = int(known.events["deaths"].sum())
    for vintage in known.vintages:
        console.print(f"{vintage.name}: {vintage.first_day:%Y-%m} to {vintage.last_day:%Y-%m}", markup=False)
    console.print(
        f"{len(known.events):,} events with {deaths:,} deaths in {fetched.countries:,} countries; "
        f"{fetched.regions:,} regions; data through {known.data_through:%Y-%m-%d}"
    )
    worst = fetched.unallocated.sort_values("deaths_unallocated", ascending=False).head(_SHOWN)
    worst = worst[worst["deaths_unallocated"] > 0]
    if len(worst):
        table = Table(title="Deaths known to the country only", box=box.SIMPLE_HEAD, title_justify="left")
        for heading in ("country", "deaths", "unallocated", "share"):
            table.add_column(heading, justify="left" if heading == "country" else "right")
        for row in worst.itertuples():
            share = f"{row.share_of_deaths:.1%}"
            table.add_row(str(row.name), f"{row.deaths:,}", f"{row.deaths_unallocated:,}", share)
        console.print(table)
        console.print(f"All of them: {fetched.out / UNALLOCATED_FILE}", markup=False)
    console.print("Score with these data:", markup=False)
    console.print(f"  faultline run --snapshot {shlex.quote(str(fetched.out))}", markup=False)
