"""Writing an issue: a folder that appears whole or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from ...features.errors import SourceError
from ...features.months import parse_month
from ..base.csv_files import csv_file
from ..base.whole import settle as settle_folders
from ..base.whole import whole_folder
from .opening import ISSUES, issues_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

__all__ = [
    "issue_folder",
    "previous_scores",
    "settle",
    "write_scores",
    "writing_aside",
]

SCORES = "scores"
#: Folder beside the issues in which older ones of the same month are kept.
_KEPT = "superseded"


def issue_folder(out: Path, issue: pd.Period) -> Path:
    """Folder of an issue."""
    return out / f"issue={issue}"


def writing_aside(folder: Path) -> AbstractContextManager[Path]:
    """Give a folder to write an issue in, as `whole_folder` does; an older one is kept under ``superseded/``."""
    settle(folder.parent)
    return whole_folder(folder, kept=_KEPT)


def settle(out: Path) -> None:
    """Put issues into their place that a killed run left whole, and sweep what it left half written."""
    settle_folders(out, ISSUES, kept=_KEPT)


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
