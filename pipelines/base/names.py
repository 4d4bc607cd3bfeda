"""Names that stand in files, archives and addresses: the one door through which one becomes a path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...features.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["inside"]

#: No separator, drive, control character or wildcard of any system, and no dot first: neither ``..`` nor hidden.
_NAME: Final = re.compile(r'[^./\\:*?"<>|\x00-\x1f\x7f][^/\\:*?"<>|\x00-\x1f\x7f]{0,199}')


def inside(folder: Path, name: str, *, file: object) -> Path:
    """Path of what a name read elsewhere means in a folder: directly in it, wherever the name would lead.

    Parameters
    ----------
    folder
        Where it is to lie.
    name
        As it was read.
    file
        What it was read from, for the error.

    Raises
    ------
    SourceError
        If it is not a name.
    """
    if not _NAME.fullmatch(name):
        msg = f"{name[:200]!r} is no name of a file or folder."
        raise SourceError(msg, file=file, remedy="It may lead outside the folder; nothing was written.")
    return folder / name
