"""Opening an issue that was made earlier: its folder, an archive of it, a file of its scores, or an MLflow run."""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
import tempfile
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...features.errors import SchemaError, SourceError, UnknownNameError
from ..base.whole import waiting_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["ISSUES", "OpenedIssue", "default_out", "issues_in", "month_folders", "open_issue"]

SCORES, ABOUT = "scores.parquet", "about.json"
_PREFIX = "issue="
#: Pattern of the names of issues' folders.
ISSUES = f"{_PREFIX}*"
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_RUN = re.compile(r"(?:runs:/)?(?P<run>[0-9a-f]{32})(?:/.*)?")
#: Columns without which nothing can be chosen from a table of scores.
_KEYS = (
    *("location_code", "location_name", "admin_level", "admin1_code", "admin1_name", "iso_3166_2", "gwno"),
    *("target", "horizon_months", "reference_period_start", "reference_period_end", "data_through", "probability"),
)
_UNREADABLE = (OSError, ValueError, EOFError, zipfile.BadZipFile, tarfile.TarError, zlib.error, RecursionError)
#: Bytes beyond which a file in an archive is no issue's: a thousand times what the whole world's scores take.
_MOST = 1 << 30
_EXPECTED = "Name a month (2026-06), a folder, a zip or tar of one, a scores.parquet or scores.csv, or an MLflow run."


@dataclass(frozen=True)
class OpenedIssue:
    """An issue as it was made.

    Attributes
    ----------
    name
        Its month, ``YYYY-MM``.
    where
        What it was read from.
    scores
        The flat table, as in the contract ``scores``.
    about
        What stands beside it in ``about.json``; empty if there was none.
    """

    name: str
    where: str
    scores: pd.DataFrame
    about: Mapping[str, Any] = field(default_factory=dict[str, Any])


def default_out() -> Path:
    """Folder of the issues where none is named, as in `Settings`, whose import would take half of a load's time."""
    return Path(os.environ.get("FAULTLINE_OUT", "predictions"))


def month_folders(out: Path) -> dict[str, Path]:
    """Folders named for an issue's month, whatever is in them, by month, oldest first; a copy's name is no month.

    One whose run was killed before it was renamed into its place counts where it lies.
    """
    places = waiting_in(out, ISSUES) | {folder: folder for folder in out.glob(ISSUES)}
    folders = {place.name.removeprefix(_PREFIX): folder for place, folder in places.items()}
    return {month: folders[month] for month in sorted(folders) if _MONTH.fullmatch(month)}


def issues_in(out: Path) -> dict[str, Path]:
    """Folders of the issues in a folder by month, oldest first."""
    return {month: folder for month, folder in month_folders(out).items() if (folder / SCORES).is_file()}


def open_issue(issue: str | Path = "latest", *, out: Path | None = None) -> OpenedIssue:
    """Open an issue.

    Parameters
    ----------
    issue
        ``"latest"``; a month such as ``"2026-06"``; the folder of an issue, or of several, of which the latest counts;
        a zip or tar archive of an issue's folder; a ``scores.parquet`` or ``scores.csv``; the id of an MLflow run, or
        ``runs:/<id>``.
    out
        Folder of the issues, for ``"latest"`` and months; by default ``FAULTLINE_OUT``, or ``predictions``.

    Raises
    ------
    UnknownNameError
        If there is no issue of that month; the message offers the nearest.
    SourceError
        If there is nothing there or it cannot be read.
    SchemaError
        If it is no table of scores.
    """
    text = str(issue)
    run = _RUN.fullmatch(text)
    if text.startswith("runs:/") or (run and not Path(text).exists()):
        return _of_run(run["run"] if run else text)
    if isinstance(issue, str) and (issue == "latest" or _MONTH.fullmatch(issue)):
        return _of_month(issue, out or default_out())
    path = Path(issue)
    if path.is_dir():
        return _of_folder(path) if (path / SCORES).is_file() else _of_month("latest", path)
    if path.is_file():
        return _of_file(path)
    if isinstance(issue, str) and path.name == issue and not path.suffix:  # a word, such as "lates"
        raise UnknownNameError("issue", issue, ["latest", *issues_in(out or default_out())])
    raise SourceError("there is no such issue.", file=path, remedy=_EXPECTED)


def _of_month(month: str, out: Path) -> OpenedIssue:
    known = issues_in(out)
    if not known:
        raise SourceError("there is no issue in that folder.", file=out, remedy="Make one with `faultline run`.")
    if month == "latest":
        month = max(known)
    elif month not in known:
        raise UnknownNameError("issue", month, known)
    return _of_folder(known[month])


def _of_folder(folder: Path) -> OpenedIssue:
    file, about = folder / SCORES, folder / ABOUT
    try:
        scores = pd.read_parquet(file)
        said = json.loads(about.read_text(encoding="utf-8")) if about.is_file() else {}
    except _UNREADABLE as error:
        raise _broken(folder, error) from error
    return _opened(scores, said, where=str(file))


def _of_file(path: Path) -> OpenedIssue:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                inside = {member.filename: (member, member.file_size) for member in archive.infolist()}
                return _of_archive(path, inside, archive.read)
        if tarfile.is_tarfile(path):
            with tarfile.open(path) as archive:
                inside = {m.name: (m, m.size) for m in archive.getmembers() if m.isfile()}
                return _of_archive(path, inside, lambda member: (archive.extractfile(member) or io.BytesIO()).read())
        if path.suffix == ".csv":
            from .scores_csv import read_scores_csv  # noqa: PLC0415  # pandera is slow to import

            return _opened(read_scores_csv(path), {}, where=str(path))
        return _opened(pd.read_parquet(path), {}, where=str(path))
    except (SchemaError, SourceError):
        raise
    except _UNREADABLE as error:
        raise _broken(path, error) from error


def _of_archive(path: Path, inside: Mapping[str, tuple[Any, int]], read: Callable[[Any], bytes]) -> OpenedIssue:
    """Read from the archive's own bytes: nothing is unpacked, so no path in it can lead anywhere."""
    tables = [name for name in inside if PurePosixPath(name).name == SCORES]
    if len(tables) != 1:
        found = f"{len(tables)} of them ({', '.join(sorted(tables)[:3])})" if tables else "none"
        msg = f"expected one {SCORES} in the archive, found {found}."
        raise SourceError(msg, file=path, remedy="Pack the folder of one issue.")

    def content(name: str) -> bytes:
        member, size = inside[name]
        if size > _MOST:
            msg = f"{name} in the archive unpacks to {size >> 20:,} MiB, which no issue's does."
            raise SourceError(msg, file=path, remedy=_EXPECTED)
        return read(member)

    about = str(PurePosixPath(tables[0]).with_name(ABOUT))
    said = json.loads(content(about)) if about in inside else {}
    return _opened(pd.read_parquet(io.BytesIO(content(tables[0]))), said, where=f"{path}, {tables[0]}")


def _of_run(run: str) -> OpenedIssue:
    from ..base.settings import Settings  # noqa: PLC0415  # it and MLflow are slow to import
    from ..track.store import fetch_issue, open_store  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as temporary:
        opened = _of_folder(fetch_issue(open_store(Settings()), run, Path(temporary)))
    return OpenedIssue(opened.name, f"runs:/{run}", opened.scores, opened.about)


def _broken(path: Path, error: Exception) -> SourceError:
    reason = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
    return SourceError(f"the issue cannot be read ({reason}).", file=path, remedy=_EXPECTED)


def _opened(scores: pd.DataFrame, about: Any, *, where: str) -> OpenedIssue:
    if not isinstance(about, dict):
        msg = f"what it says of itself in {ABOUT} is no object of names and values."
        raise SourceError(msg, file=where, remedy=_EXPECTED)
    for column in _KEYS:
        if column not in scores.columns:
            shown = ", ".join(map(str, scores.columns[:8]))
            msg = f"it is no table of scores: the column is missing; the table has {shown}."
            raise SchemaError(msg, file=where, column=column, remedy=_EXPECTED)
    if scores.empty:
        raise SchemaError("the table of scores has no rows.", file=where)
    name = about.get("issue") or str((scores["data_through"].max() + pd.Timedelta(days=1)).to_period("M"))
    if not isinstance(name, str) or not _MONTH.fullmatch(name):  # a folder is named after it
        msg = f"its {ABOUT} says that it is the issue {name!r}, which is no month (YYYY-MM)."
        raise SourceError(msg, file=where, remedy=_EXPECTED)
    return OpenedIssue(name, where, scores, about)
