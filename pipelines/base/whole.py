"""The one way to write a file or a folder: it appears whole or not at all, and outlives a loss of power.

What is written lies aside, in a hidden folder beside its place, is flushed to disk and then renamed. The hidden folder
is the lock as well: who writes holds it, the system lets go of it when a process ends, however it ends, and what a
killed process left there is swept by the next one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from ...features.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    import pandas as pd

__all__ = [
    "checksum",
    "ready",
    "settle",
    "waiting_in",
    "whole_file",
    "whole_folder",
    "write_bytes",
    "write_parquet",
    "write_text",
]

_PART, _READY = ".part", ".ready"


@contextmanager
def whole_file(file: Path) -> Generator[Path]:
    """Give a path to write to, of the same name, that takes the place of ``file`` at the end, or vanishes on an error.

    A file takes a moment: where another process writes the same one, this one waits, and the later stays.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with _aside(file, wait=True) as aside:
        yield aside / file.name
        _flush(aside / file.name)
        (aside / file.name).replace(file)
    _flush(file.parent)


def write_text(file: Path, text: str) -> Path:
    """Write a text in UTF-8, as it is, whole or not at all; gives the file."""
    with whole_file(file) as aside:
        aside.write_text(text, encoding="utf-8", newline="\n")
    return file


def write_bytes(file: Path, content: bytes) -> Path:
    """Write bytes, such as a picture's, whole or not at all; gives the file."""
    with whole_file(file) as aside:
        aside.write_bytes(content)
    return file


def write_parquet(table: pd.DataFrame, file: Path) -> Path:
    """Write a table as Parquet, without its index, whole or not at all; gives the file."""
    with whole_file(file) as aside:
        table.to_parquet(aside, index=False, compression="zstd")
    return file


@contextmanager
def whole_folder(folder: Path, *, kept: str | None = None) -> Generator[Path]:
    """Give a folder to write in that takes the place of ``folder`` at the end, or vanishes on an error.

    Two renames do that, and a process may be killed between them: what is written first gets a name that says that it
    is whole (`ready`), by which readers may find it and `settle` puts it into its place.

    Parameters
    ----------
    folder
        What is written; folders above it are made.
    kept
        Name of a folder beside it in which an older one is kept, numbered; by default that is deleted.

    Raises
    ------
    ConfigError
        If another process is writing the same folder.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _aside(folder, wait=False) as aside:
        with _alone(folder.parent):
            _put(folder, kept)
        yield aside
        _flush(aside, within=True)
        with _alone(folder.parent):
            _put(folder, kept)  # of a process that was killed meanwhile
            aside.rename(ready(folder))
            _put(folder, kept)


def settle(parent: Path, names: str, *, kept: str | None = None) -> None:
    """Put folders into their place that killed processes left whole beside it, and sweep what they left half written.

    Parameters
    ----------
    parent
        Where they lie.
    names
        Pattern of their names, such as ``"issue=*"``.
    kept
        As in `whole_folder`.
    """
    if waiting_in(parent, names):
        with _alone(parent):
            for folder in waiting_in(parent, names):
                _put(folder, kept)
    for part in sorted(parent.glob(f".{names}{_PART}")):
        with suppress(ConfigError, OSError), _aside(_place(part, _PART), wait=False):
            pass


def ready(folder: Path) -> Path:
    """Where a folder lies, whole, just before it is renamed into its place."""
    return folder.with_name(f".{folder.name}{_READY}")


def waiting_in(parent: Path, names: str) -> dict[Path, Path]:
    """Folders that are whole and wait to be renamed (`ready`), by their place, in the order of their names."""
    return {_place(waiting, _READY): waiting for waiting in sorted(parent.glob(f".{names}{_READY}"))}


def checksum(file: Path) -> str:
    """SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _place(hidden: Path, suffix: str) -> Path:
    return hidden.with_name(hidden.name.removeprefix(".").removesuffix(suffix))


def _put(folder: Path, kept: str | None) -> None:
    """Rename a folder that waits into its place; done again after a kill at any point, it ends the same."""
    older = folder.with_name(f".{folder.name}.older")
    if ready(folder).exists():
        if folder.exists():
            shutil.rmtree(older, ignore_errors=True)
            folder.rename(older if kept is None else _numbered(folder.parent / kept, folder.name))
        ready(folder).rename(folder)
        _flush(folder.parent)
    shutil.rmtree(older, ignore_errors=True)


def _numbered(beside: Path, name: str) -> Path:
    beside.mkdir(exist_ok=True)
    numbers = [path.name.removeprefix(f"{name}.") for path in beside.iterdir() if path.name.startswith(f"{name}.")]
    return beside / f"{name}.{max((int(n) for n in numbers if n.isdecimal()), default=0) + 1}"


@contextmanager
def _aside(place: Path, *, wait: bool) -> Generator[Path]:
    """Hold the folder beside a place in which it is written, empty at first; at the end it is renamed or deleted."""
    aside = place.with_name(f".{place.name}{_PART}")
    handle = _held(aside, wait=wait)
    try:
        if handle is None:  # without locks, what others write cannot be told from what they left
            aside = place.with_name(f".{place.name}.{uuid4().hex[:8]}")
            aside.mkdir()
        for left in aside.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        ours = aside.stat().st_ino
        try:
            yield aside
        finally:
            if aside.exists() and aside.stat().st_ino == ours:  # not renamed, nor begun by another process since
                shutil.rmtree(aside, ignore_errors=True)
    finally:
        if handle is not None:
            os.close(handle)


def _held(aside: Path, *, wait: bool) -> int | None:
    """Lock a folder, made where there is none; None where the file system has no locks.

    The system lets go of a lock when its process ends, however it ends.
    """
    while True:
        aside.mkdir(exist_ok=True)
        handle = os.open(aside, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            msg = f"another process is writing {_place(aside, _PART)}. Try again when it has ended."
            raise ConfigError(msg) from None
        except OSError:
            os.close(handle)
            with suppress(OSError):
                aside.rmdir()
            return None
        with suppress(FileNotFoundError):
            if aside.stat().st_ino == os.fstat(handle).st_ino:
                return handle
        os.close(handle)  # it was renamed or deleted while this process waited


@contextmanager
def _alone(parent: Path) -> Generator[None]:
    """Keep other processes from renaming in a folder."""
    handle = os.open(parent, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _flush(path: Path, *, within: bool = False) -> None:
    """Have the disk keep what was written to a file or a folder, all that is within it too if wanted."""
    for each in (*(path.rglob("*") if within else ()), path):
        handle = os.open(each, os.O_RDONLY)
        try:
            with suppress(OSError) if each.is_dir() else nullcontext():  # not every file system flushes folders
                os.fsync(handle)
        finally:
            os.close(handle)
