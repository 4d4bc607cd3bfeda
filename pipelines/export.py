"""Writing an issue: a folder that appears whole or not at all."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pandas as pd

from ..features.errors import SchemaError, SourceError
from ..features.months import parse_month
from ..features.schemas import SCHEMAS, validate
from .csv_files import csv_file
from .issue_files import READY, issues_in, ready

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

__all__ = [
    "issue_folder",
    "previous_scores",
    "read_scores_csv",
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


def read_scores_csv(file: Path) -> pd.DataFrame:
    """Read a flat table back from the CSV that `write_scores` made, with the types of its contract.

    Raises
    ------
    SourceError
        If it cannot be read as CSV.
    SchemaError
        If it breaks the contract, with row and column.
    """
    schema = SCHEMAS["scores"]
    types: dict[str, Any] = {name: str(column.dtype) for name, column in schema.columns.items()}
    dates = [name for name, dtype in types.items() if dtype.startswith("datetime")]
    texts = [name for name, dtype in types.items() if dtype.startswith("str")]
    # read as text, so that a region's code of digits keeps its zeros
    try:
        table = pd.read_csv(file, dtype=dict.fromkeys(texts, "str"), keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        msg = f"the scores cannot be read as CSV ({str(error).strip()})."
        raise SourceError(msg, file=file, remedy="Name a CSV that faultline wrote.") from error
    for name in texts:
        if name in table:
            # the apostrophe that keeps a spreadsheet from running the text
            table[name] = table[name].str.replace(r"^'(?=[=+\-@\t\r])", "", regex=True)
            if not schema.columns[name].nullable:
                table[name] = table[name].fillna("")  # CSV does not tell an empty text from a missing one
    for name in (name for name in table.columns if name in types):
        try:
            if name in dates:
                table[name] = pd.to_datetime(table[name], format="%Y-%m-%d").astype(types[name])
            else:
                table[name] = table[name].astype(types[name])
        except (ValueError, TypeError) as error:
            msg = f"the column does not hold {types[name]} ({str(error).strip()})."
            raise SchemaError(msg, file=file, column=name, remedy="Name a CSV that faultline wrote.") from error
    return validate(table, "scores", file=file)


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
