"""Parts of a long job, each whole or not there, in a folder that belongs to one set of data, options and code."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from ..features.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

__all__ = ["claim", "put"]

_FINGERPRINT = "fingerprint.json"


def put(rows: pd.DataFrame, file: Path) -> None:
    """Write a part whole or not at all."""
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        rows.to_parquet(aside, index=False, compression="zstd")
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)


def claim(folder: Path, mine: Mapping[str, Any]) -> None:
    """Make the folder ours, or make sure that it is.

    Raises
    ------
    ConfigError
        If it holds parts that were made from something else.
    """
    file = folder / _FINGERPRINT
    if file.exists():
        try:
            theirs = json.loads(file.read_text(encoding="utf-8"))
        except ValueError:
            theirs = {}
        differing = sorted(name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name))
        if differing:
            msg = (
                f"{folder} holds a backtest made with other {', '.join(differing)}. "
                "Give another folder with --out, or move this one away to start anew."
            )
            raise ConfigError(msg)
        return
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    aside.write_text(json.dumps(mine, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    aside.replace(file)
