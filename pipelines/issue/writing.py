"""Writing an issue: a folder that appears whole or not at all."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from uuid import uuid4

import pandas as pd

from ...features.errors import SourceError
from ...features.months import parse_month
from ..base.csv_files import csv_file
from .opening import READY, issues_in, ready

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

__all__ = [
    "issue_folder",
    "previous_scores",
    "settle",
    "write_scores",
    "writing_aside",
]

SCORES = "scores"


def issue_folder(out: Path, issue: pd.Period) -> Path:
    """Folder of an issue."""
    return out / f"issue={issue}"


@contextmanager
def writing_aside(folder: Path) -> Generator[Path]:
    """Give a folder to write in that becomes ``folder`` at the end, or vanishes on an error.

    An older folder of that name is kept under ``superseded/`` beside it. Two renames do that, and a run may be killed
    between them: what is written first gets a name that says that it is whole (`ready`), by which readers find it and
    the next run puts it into its place.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    settle(folder.parent)
    aside = folder.parent / f".{folder.name}.{uuid4().hex[:8]}"
    aside.mkdir()
    try:
        yield aside
        with _alone(folder.parent):
            waiting = ready(folder)
            if waiting.exists():  # of another run, which was killed meanwhile
                _put(waiting, folder)
            aside.rename(waiting)
            _put(waiting, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def settle(parent: Path) -> None:
    """Put issues into their place that a killed run left whole beside it."""
    if any(parent.glob(READY)):
        with _alone(parent):
            for waiting in sorted(parent.glob(READY)):
                _put(waiting, parent / waiting.name.removeprefix(".").removesuffix(".ready"))


def _put(waiting: Path, folder: Path) -> None:
    """Rename a whole folder into its place; done again after a kill at any point, it ends the same."""
    if folder.exists():
        superseded = folder.parent / "superseded"
        superseded.mkdir(exist_ok=True)
        kept = len(list(superseded.glob(f"{folder.name}.*"))) + 1
        folder.rename(superseded / f"{folder.name}.{kept}")
    waiting.rename(folder)


@contextmanager
def _alone(parent: Path) -> Generator[None]:
    """Keep other runs from renaming in a folder; the system lets go of it when a process ends, however it ends."""
    handle = os.open(parent, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_scores(scores: pd.DataFrame, folder: Path, about: Mapping[str, object]) -> None:
    """Write the flat table as Parquet and CSV, and what it is beside it as JSON."""
    scores.to_parquet(folder / f"{SCORES}.parquet", index=False, compression="zstd")
    csv_file(scores, folder / f"{SCORES}.csv")
    (folder / "about.json").write_text(json.dumps(about, indent=1, default=str) + "\n", encoding="utf-8")


def previous_scores(out: Path, issue: pd.Period) -> pd.DataFrame | None:
    """Scores of the latest issue before this one, None where there is none.

    Raises
    ------
    SourceError
        If its file cannot be read.
    """
    for month, folder in reversed(issues_in(out).items()):
        if parse_month(month) < issue:
            file = folder / f"{SCORES}.parquet"
            try:
                return pd.read_parquet(file)
            except (OSError, ValueError) as error:
                msg = f"the scores of the issue before cannot be read ({error})."
                raise SourceError(msg, file=file, remedy="Move that folder away or restore it.") from error
    return None
