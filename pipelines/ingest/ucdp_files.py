"""Which files of UCDP make up a release: the user's own, or downloads of the yearly one and the candidates after it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd
import platformdirs

from ...features.errors import ConfigError
from ...features.sources.ged_release import candidate_vintage, final_vintage, vintage_of_file
from ..base.progress import Progress
from .downloads import NotOutYetError, download

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from ...features.sources.ged_release import Vintage

__all__ = ["CHECKSUMS", "NEWEST", "ReleaseWanted", "default_cache", "release_files"]

#: Yearly release that is fetched if none is named.
NEWEST: Final = "26.1"
#: SHA-256 of yearly releases, by version; others are fetched without a check.
CHECKSUMS: Final = {"26.1": "8c941d84954e555ee2e54f40fa04d9203bf1e2f962203d0a9930966c4947c667"}


@dataclass(frozen=True, slots=True)
class ReleaseWanted:
    """Which events are wanted.

    Attributes
    ----------
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
    """

    files: tuple[Path, ...] = ()
    version: str | None = None
    candidates: bool | None = None
    as_of: pd.Timestamp | None = None
    cache: Path | None = None

    @property
    def version_or_newest(self) -> str:
        """Yearly release that is named, or else the newest that was out."""
        return self.version or _version_as_of(self.as_of)


def default_cache() -> Path:
    """Folder in which downloads are kept."""
    return platformdirs.user_cache_path("faultline") / "ucdp"


def release_files(wanted: ReleaseWanted, url: str, progress: Progress, *, today: dt.date) -> dict[Vintage, Path]:
    """File of each vintage, downloaded from a server where the user has none.

    Raises
    ------
    SourceError
        If a download fails.
    ConfigError
        If two files are of one vintage, or a version is none.
    """
    version, cache = wanted.version_or_newest, wanted.cache or default_cache()
    found = _named(wanted.files, version)
    if not wanted.files:
        final = final_vintage(version)
        address = f"{url.rstrip('/')}/ged/ged{version.replace('.', '')}-csv.zip"
        found[final] = download(address, cache, sha256=CHECKSUMS.get(version), progress=progress)
    if wanted.candidates if wanted.candidates is not None else not wanted.files:
        after = max((v.last_day for v in found if not v.provisional), default=final_vintage(version).last_day)
        until = pd.Timestamp(today) if wanted.as_of is None else min(pd.Timestamp(today), wanted.as_of)
        found |= _fetch_candidates(url, cache, after, until, progress)
    return found


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
