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
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener
from zipfile import is_zipfile

import pooch

from ...features.errors import ConfigError, SourceError
from ..base.names import inside

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..base.progress import Progress

__all__ = ["NotOutYetError", "Resuming", "download"]

_BLOCK: Final = 1 << 16
_TRIES: Final = 5
_LOCAL: Final = ("127.0.0.1", "localhost", "::1")
_PARTS: Final = 100
_START: Final = 1 << 12


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
    if not _safe(url, since=url):
        msg = f"{url} is not an https address; correct FAULTLINE_UCDP_URL."
        raise ConfigError(msg)
    file = inside(folder, name := urlsplit(url).path.rpartition("/")[2], file=url)
    if sha256 is None and _still_good(file):
        return file
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with progress.stage(f"Fetching {name}", _PARTS) as done:
            fetch = Resuming(folder / f"{name}.part", done=done, timeout=timeout, wait=wait, look=sha256 is None)
            known = None if sha256 is None else f"sha256:{sha256}"
            _quietly(lambda: pooch.retrieve(url, known, fname=name, path=folder, downloader=cast("Any", fetch)))
    except SourceError:
        raise
    except ValueError:  # pooch's word for another checksum
        raise _another_file(url) from None
    except OSError as error:
        msg = f"the file cannot be written: {error.strerror or error}."
        raise SourceError(msg, file=file, remedy="Name another folder with --cache.") from None
    return file


def _still_good(file: Path) -> bool:
    """Whether a file is there and is what its name says; one that is not is removed."""
    if file.exists() and _is_no(file, file.name) is not None:
        file.unlink()  # an earlier version of us kept whatever a server said
    return file.exists()


def _safe(url: str, *, since: str) -> bool:
    """Whether an address may be fetched: https; http on this machine only, and only for who began there (``since``)."""
    parts, began = urlsplit(url), urlsplit(since)
    here = all(part.scheme == "http" and part.hostname in _LOCAL for part in (parts, began))
    return here or parts.scheme == "https"


class _SafeRedirects(HTTPRedirectHandler):
    """Follows to https alone: what comes by http, anyone on the way can have changed."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:  # noqa: PLR0917  # the base class's
        """Refuse any other address.

        Raises
        ------
        SourceError
            If the server sends to one that is not https.
        """
        if not _safe(newurl, since=req.full_url):
            said = f"the server sends us on to {newurl}, which is not https; nothing was fetched from there."
            raise SourceError(said, file=req.full_url, remedy=_BY_HAND)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _is_no(file: Path, name: str) -> str | None:
    """Say what a file is not that its name says; None if nothing speaks against it."""
    ending = name.rpartition(".")[2].lower()
    if ending == "zip":
        return None if is_zipfile(file) else "zip archive"
    with file.open("rb") as content:
        start = content.read(_START).lstrip(b"\xef\xbb\xbf \t\r\n")
    if ending == "csv":
        return "table (CSV)" if start.startswith((b"<", b"{")) or b"," not in start or b"\0" in start else None
    if ending in {"json", "geojson"}:
        return None if start.startswith((b"{", b"[")) else "JSON"
    return None


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
    look
        Whether to look at the content before it is kept, where no checksum says what it must be.
    """

    part: Path
    done: Callable[[], None]
    timeout: float
    wait: float
    look: bool = False

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
                self._look(url)
                shutil.move(self.part, output_file)
                self._forget()
                return
        msg = "the connection was cut again and again."
        raise SourceError(msg, file=url, remedy=f"Run it again: it goes on from the {self._have():,} bytes that came.")

    def _look(self, url: str) -> None:
        wrong = _is_no(self.part, Path(urlsplit(url).path).name) if self.look else None
        if wrong:
            self._forget()
            msg = f"what the server gave is no {wrong}, but a page or something else; it was not kept."
            raise SourceError(msg, file=url, remedy=f"Try again later, or: {_BY_HAND}")

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
        with build_opener(_SafeRedirects).open(request, timeout=self.timeout) as answer:
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


def _another_file(url: str) -> SourceError:
    msg = f"the file that {urlsplit(url).hostname} gave has another checksum than it should; it was not kept."
    remedy = "Try again; if it stays so, UCDP has changed the file: download it and name it with --file."
    return SourceError(msg, file=url, remedy=remedy)


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
