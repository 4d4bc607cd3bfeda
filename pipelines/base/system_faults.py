"""What the machine refuses, a full disk or a database that is none, as the one error that a user can meet."""

from __future__ import annotations

import errno
import sqlite3
from typing import TYPE_CHECKING, Final

from ...features.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["system_fault"]

#: What the machine, and no fault of ours, says of a file; that one is missing may be ours.
_ERRNOS: Final = frozenset(
    {
        *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM),
        *(errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.EMFILE, errno.ENFILE),
    }
)
_SQLITE: Final = frozenset(
    {
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT),
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB),
    }
)
_PRIMARY: Final = 0xFF  # SQLite's further bits say more of the same


def system_fault(error: BaseException) -> SourceError | None:
    """Find what the machine refused behind an error, whoever wrapped it; None where it was nothing of the kind."""
    for cause in _behind(error):
        if isinstance(cause, OSError) and cause.errno in _ERRNOS:
            remedy = "Free some space, or name another file or folder."
            return SourceError(f"{cause.strerror}.", file=cause.filename2 or cause.filename, remedy=remedy)
        if isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) & _PRIMARY in _SQLITE:
            msg = f"MLflow's database cannot be used: {cause}."
            return SourceError(
                msg, remedy="Restore mlflow.db or move it away, or name another folder in FAULTLINE_MLRUNS."
            )
    return None


def _behind(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        yield found
        seen.add(id(found))
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
