"""Downloads through a server that cuts, refuses and lies."""

import hashlib
import io
import socket
import zipfile
from pathlib import Path
from urllib.request import Request

import pytest
from made_server import Server, serving

from faultline.features.errors import ConfigError, SourceError
from faultline.pipelines.base.progress import Progress
from faultline.pipelines.ingest.downloads import NotOutYetError, _SafeRedirects, download


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", content)
    return file.getvalue()


CONTENT = zipped(bytes(range(256)) * 4096)
PAGE = b"<!DOCTYPE html>\n<html><title>Down for maintenance, back soon</title></html>"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
QUIET = Progress.on_stderr(quiet=True)


@pytest.fixture
def server():
    with serving() as state:
        state.files["/a.zip"] = CONTENT
        yield state


def fetch(server: Server, folder: Path, *, sha256: str | None = SHA256) -> Path:
    return download(f"{server.url}/a.zip", folder, sha256=sha256, progress=QUIET, timeout=5, wait=0)


def test_a_file_comes_whole_and_is_then_taken_from_the_cache(server: Server, tmp_path: Path):
    file = fetch(server, tmp_path / "cache")
    assert file.read_bytes() == CONTENT
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["a.zip"]
    assert fetch(server, tmp_path / "cache") == file
    assert fetch(server, tmp_path / "cache", sha256=None) == file
    assert len(server.asked) == 1


def test_a_cut_connection_is_taken_up_where_it_broke(server: Server, tmp_path: Path):
    server.cuts = 3
    assert fetch(server, tmp_path).read_bytes() == CONTENT
    half = len(CONTENT) // 2
    assert [wanted for _, wanted in server.asked] == [
        "",
        f"bytes={half}-",
        *(f"bytes={half + n}-" for n in (half // 2, half // 2 + half // 4)),
    ]


def test_the_next_run_goes_on_from_what_came(server: Server, tmp_path: Path):
    server.cuts = 5
    with pytest.raises(SourceError, match="goes on from"):
        fetch(server, tmp_path)
    assert not (tmp_path / "a.zip").exists()
    kept = (tmp_path / "a.zip.part").stat().st_size
    assert CONTENT.startswith((tmp_path / "a.zip.part").read_bytes())
    assert fetch(server, tmp_path).read_bytes() == CONTENT
    assert server.asked[-1][1] == f"bytes={kept}-"


def test_a_file_that_changed_meanwhile_is_fetched_from_its_start(server: Server, tmp_path: Path):
    server.cuts = 5
    with pytest.raises(SourceError):
        fetch(server, tmp_path)
    server.files["/a.zip"] = newer = zipped(bytes(range(255, -1, -1)) * 4096)
    assert fetch(server, tmp_path, sha256=None).read_bytes() == newer


def test_a_server_without_ranges_is_asked_from_the_start(server: Server, tmp_path: Path):
    server.cuts, server.ranges = 2, False
    assert fetch(server, tmp_path).read_bytes() == CONTENT


def test_a_part_that_is_longer_than_the_file_is_thrown_away(server: Server, tmp_path: Path):
    (tmp_path / "a.zip.part").write_bytes(CONTENT + b"more")
    (tmp_path / "a.zip.part.version").write_text(f'"{hash(CONTENT)}"', encoding="utf-8")
    assert fetch(server, tmp_path).read_bytes() == CONTENT


def test_another_checksum_is_refused_and_nothing_kept(server: Server, tmp_path: Path):
    server.files["/a.zip"] = b"something else"
    with pytest.raises(SourceError, match="another checksum"):
        fetch(server, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_cached_file_with_another_checksum_is_fetched_again(server: Server, tmp_path: Path):
    (tmp_path / "a.zip").write_bytes(b"an older one")
    assert fetch(server, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("status", [401, 403, 503])
def test_a_refusal_says_what_to_do(server: Server, tmp_path: Path, status: int):
    server.status = status
    with pytest.raises(SourceError, match=f"refused the download \\({status}.*--file"):
        fetch(server, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_there_is_told_apart(server: Server, tmp_path: Path):
    server.files.clear()
    with pytest.raises(NotOutYetError, match="no such file"):
        fetch(server, tmp_path)


def test_offline_is_said_clearly(tmp_path: Path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SourceError, match=r"seems to be offline.*--file"):
        download(f"http://127.0.0.1:{port}/a.zip", tmp_path, sha256=None, progress=QUIET, wait=0)


@pytest.mark.parametrize("url", ["http://ucdp.uu.se/a.zip", "file:///a.zip", "ftp://127.0.0.1/a.zip"])
def test_only_safe_addresses_are_fetched_from(tmp_path: Path, url: str):
    with pytest.raises(ConfigError, match="FAULTLINE_UCDP_URL"):
        download(url, tmp_path, sha256=None, progress=QUIET)


@pytest.mark.parametrize(
    "to",
    ["http://example.org/a.zip", "ftp://127.0.0.1/a.zip", "http://127.0.0.1.example.org/a.zip", "http://[::2]/a.zip"],
)
def test_no_redirect_is_followed_to_anything_but_https(server: Server, tmp_path: Path, to: str):
    server.moved["/a.zip"] = to
    with pytest.raises(SourceError, match=r"not https|refused the download"):
        fetch(server, tmp_path, sha256=None)
    assert list(tmp_path.iterdir()) == []


def test_https_is_not_led_to_http_on_this_machine():
    opened = Request("https://ucdp.uu.se/a.zip")
    with pytest.raises(SourceError, match="not https"):
        _SafeRedirects().redirect_request(opened, None, 302, "Found", None, "http://127.0.0.1/a.zip")


def test_a_redirect_on_this_machine_is_followed(server: Server, tmp_path: Path):
    server.moved["/a.zip"] = f"{server.url}/b.zip"
    server.files["/b.zip"] = CONTENT
    assert fetch(server, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("name", ["a.zip", "a.csv", "a.geojson"])
def test_a_page_in_place_of_the_file_is_not_kept(server: Server, tmp_path: Path, name: str):
    server.files[f"/{name}"] = PAGE
    for _ in range(2):
        with pytest.raises(SourceError, match=r"what the server gave is no .* was not kept"):
            download(f"{server.url}/{name}", tmp_path, sha256=None, progress=QUIET, wait=0)
    assert len(server.asked) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_was_kept_once_is_fetched_anew(server: Server, tmp_path: Path):
    (tmp_path / "a.zip").write_bytes(PAGE)
    assert fetch(server, tmp_path, sha256=None).read_bytes() == CONTENT


@pytest.mark.parametrize(("name", "content"), [("a.csv", b"\xef\xbb\xbfid,n\n1,2\n"), ("a.geojson", b' {"type": "x"}')])
def test_tables_and_polygons_are_kept(server: Server, tmp_path: Path, name: str, content: bytes):
    server.files[f"/{name}"] = content
    assert download(f"{server.url}/{name}", tmp_path, sha256=None, progress=QUIET).read_bytes() == content


def test_a_folder_that_cannot_be_written_is_named(server: Server, tmp_path: Path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(SourceError, match="--cache"):
        fetch(server, tmp_path / "file")
