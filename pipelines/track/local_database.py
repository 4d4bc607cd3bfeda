"""MLflow's SQLite file, told to write ahead: a commit is an append, and not two or three waits for the disk.

MLflow commits some twenty times a run, and as SQLite comes, each waits for the disk to say that it is done, which was
over half of the time of logging a campaign. With a write-ahead log (https://sqlite.org/wal.html) readers and the writer
do not wait for one another either. What a loss of power can cost is the last runs, never the database.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["write_ahead"]


def write_ahead(database: Path) -> None:
    """Let a database, made if it does not exist, keep a write-ahead log, and this process not wait for the disk.

    The log is a property of the file, which every later program finds; not waiting is one of each connection.
    """
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(database)) as connection:
        # fails where another process uses the file just now, which then stays as it is until the next time
        connection.execute("PRAGMA journal_mode = WAL")
    if not event.contains(Engine, "connect", _hasten):
        event.listen(Engine, "connect", _hasten)


def _hasten(connection: Any, _record: Any) -> None:
    """Wait for the disk when the log is folded into the file, and not at each commit."""
    if isinstance(connection, sqlite3.Connection) and connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        connection.execute("PRAGMA synchronous = NORMAL")
