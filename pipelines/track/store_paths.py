"""Where a local store's artifacts are, told so that they load from any folder, and after a move as well.

MLflow writes the place of every artifact into its database, and reads a relative one from the folder in which a program
happens to run: elsewhere its lists are empty, without an error. So they are absolute, and a store that was moved or
copied, or whose places an earlier release kept relative, is told where it is as soon as it is opened.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["artifact_root", "settle_paths"]

_DATABASE, _ARTIFACTS = "mlflow.db", "artifacts"
#: Columns of MLflow's tables that hold places of artifacts.
_COLUMNS = (("runs", "artifact_uri"), ("logged_models", "artifact_location"), ("model_versions", "storage_location"))


def artifact_root(mlruns: Path) -> str:
    """Folder of the artifacts as the database names it."""
    return (mlruns / _ARTIFACTS).resolve().as_posix()


def settle_paths(mlruns: Path) -> int:
    """Make the database name the artifacts where they are; return how many experiments named them elsewhere."""
    database = mlruns / _DATABASE
    root = artifact_root(mlruns)
    if not database.exists():
        return 0
    with closing(sqlite3.connect(database, timeout=60)) as connection, connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'experiments'").fetchone():
            return 0  # MLflow has not made its tables yet
        asked = "SELECT DISTINCT artifact_location FROM experiments WHERE artifact_location != ?"
        # experiments of other folders, such as MLflow's own Default, stay as they are
        elsewhere = [
            old for (old,) in connection.execute(asked, (root,)) if old.endswith(f"/{_ARTIFACTS}") or old == _ARTIFACTS
        ]
        moved = 0
        for old in elsewhere:
            where = "UPDATE experiments SET artifact_location = ? WHERE artifact_location = ?"
            moved += connection.execute(where, (root, old)).rowcount
            for table, column in _COLUMNS:
                change = f"UPDATE {table} SET {column} = ? || substr({column}, ?) WHERE substr({column}, 1, ?) = ?"  # noqa: S608  # names of ours
                connection.execute(change, (root, len(old) + 1, len(old) + 1, f"{old}/"))
    return moved
