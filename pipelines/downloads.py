"""Downloads that survive a cut connection: pooch checks and keeps the file, this fetches its bytes and resumes.

pooch itself begins again from nothing. Here what has come is kept beside the cache as ``NAME.part``, and asked for from
there on by an HTTP Range, in this run or the next, as long as the server says that it is still the same file.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pooch

from ..features.errors import ConfigError, SourceError
from .names import inside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .progress import Progress

__all__ = ["NotOutYetError", "Resuming", "download"]

_BLOCK: Final = 1 << 16
_TRIES: Final = 5
_LOCAL: Final = ("127.0.0.1", "localhost", "::1")
_PARTS: Final = 100


class NotOutYetError(SourceError):
    """The server has no such file (404)."""


def download(
    url: str,
    folder: Path,
    *,
    sha256: str | None,
    progress: Progress,
    timeout: float = 60.0,
    wait: float = 1.0,
) -> Path:
    """Fetch a file into a folder, or take it from there if it is there already.

    Parameters
    ----------
    url
        ``https``, or ``http`` on this machine.
    folder
        Cache; it is made if need be.
    sha256
        Checksum that the file must have, if it is known. A file in the cache with another one is fetched again.
    progress
        Told of the hundredths that have come.
    timeout
        Seconds without an answer after which a connection counts as cut.
    wait
        Seconds before the second try, doubled before each further one.

    Returns
    -------
    Path of the file. It appears whole or not at all.

    Raises
    ------
    NotOutYetError
        If the server has no such file.
    SourceError
        If the server cannot be reached or refuses, the connection is cut again and again, or the file is not the one
        that was expected.
    ConfigError
        If the address is not one that may be fetched from.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        msg = f"{url} is not an https address; correct FAULTLINE_UCDP_URL."
        raise ConfigError(msg)
    file = inside(folder, name := parts.path.rpartition("/")[2], file=url)
    if sha256 is None and file.exists():
        return file
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with progress.stage(f"Fetching {name}", _PARTS) as done:
            fetch = Resuming(folder / f"{name}.part", done=done, timeout=timeout, wait=wait)
            known = None if sha256 is None else f"sha256:{sha256}"
            _quietly(lambda: pooch.retrieve(url, known, fname=name, path=folder, downloader=cast("Any", fetch)))
    except ValueError as error:  # pooch's word for another checksum
        if isinstance(error, SourceError):
            raise
        msg = f"the file that {parts.hostname} gave has another checksum than it should; it was not kept."
        remedy = "Try again; if it stays so, UCDP has changed the file: download it and name it with --file."
        raise SourceError(msg, file=url, remedy=remedy) from None
    except OSError as error:
        if isinstance(error, SourceError):
            raise
        msg = f"the file cannot be written: {error.strerror or error}."
        raise SourceError(msg, file=file, remedy="Name another folder with --cache.") from None
    return file


def _quietly(retrieve: Callable[[], object]) -> None:
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel("ERROR")  # its notes would break the progress bar
    try:
        retrieve()
    finally:
        logger.setLevel(level)


@dataclass(frozen=True)
class Resuming:
    """A pooch downloader that goes on where an earlier one was cut off.

    Attributes
    ----------
    part
        Where bytes are kept until all are there; beside it a file with the server's mark of the version (ETag).
    done
        Called for each hundredth of the file.
    timeout, wait
        See `download`.
    """

    part: Path
    done: Callable[[], None]
    timeout: float
    wait: float

    @property
    def mark(self) -> Path:
        """File with the server's mark of the version that ``part`` is of."""
        return self.part.with_name(f"{self.part.name}.version")

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        """Fetch ``url`` to ``output_file``.

        Raises
        ------
        SourceError
            See `download`.
        """
        told = 0
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(self.wait * 2 ** (attempt - 1))
            before = self._have()
            try:
                told = self._fetch(url, told)
            except HTTPError as error:
                if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                    self._forget()
                    continue
                if error.code < HTTPStatus.INTERNAL_SERVER_ERROR and error.code != HTTPStatus.TOO_MANY_REQUESTS:
                    raise _refused(url, error) from None
                if attempt == _TRIES - 1:
                    raise _refused(url, error) from None
            except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
                if attempt == _TRIES - 1 or (not before and not self._have() and isinstance(error, URLError)):
                    raise _unreachable(url, error, self._have()) from None
            else:
                shutil.move(self.part, output_file)
                self._forget()
                return
        msg = "the connection was cut again and again."
        raise SourceError(msg, file=url, remedy=f"Run it again: it goes on from the {self._have():,} bytes that came.")

    def _have(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _forget(self) -> None:
        self.part.unlink(missing_ok=True)
        self.mark.unlink(missing_ok=True)

    def _fetch(self, url: str, told: int) -> int:
        have = self._have()
        mark = self.mark.read_text(encoding="utf-8") if self.mark.exists() else ""
        if have and not mark:
            self._forget()  # nothing says that the rest would be of the same file
            have = 0
        headers = {"User-Agent": "faultline", "Accept-Encoding": "identity"}
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": mark}
        request = Request(url, headers=headers)  # noqa: S310  # the scheme was checked
        with urlopen(request, timeout=self.timeout) as answer:  # noqa: S310
            if answer.status != HTTPStatus.PARTIAL_CONTENT:
                have = 0
            version = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
            self.mark.write_text("" if version.startswith("W/") else version, encoding="utf-8")
            length = answer.headers.get("Content-Length")
            total = None if length is None else have + int(length)
            with self.part.open("ab" if have else "wb") as out:
                while block := answer.read(_BLOCK):
                    out.write(block)
                    have += len(block)
                    while total and told < have * _PARTS // total:
                        told += 1
                        self.done()
        if total is not None and have < total:
            msg = f"cut off after {have:,} of {total:,} bytes"
            raise ConnectionError(msg)
        return told


_BY_HAND: Final = "Download it with a browser and name the file with --file."


def _refused(url: str, error: HTTPError) -> SourceError:
    if error.code in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        msg = f"the server has no such file ({error.code})."
        return NotOutYetError(msg, file=url, remedy="Check the version, or wait until it is out.")
    msg = f"the server refused the download ({error.code} {error.reason})."
    return SourceError(msg, file=url, remedy=_BY_HAND)


def _unreachable(url: str, error: BaseException, have: int) -> SourceError:
    reason = getattr(error, "reason", None) or error
    msg = f"the server cannot be reached ({reason}); this machine seems to be offline."
    kept = f" What has come so far ({have:,} bytes) is kept, and the next try goes on from there." if have else ""
    return SourceError(msg, file=url, remedy=f"Try again when it is online, or: {_BY_HAND}{kept}")
