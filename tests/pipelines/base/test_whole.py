"""Files and folders appear whole or not at all: through errors, kills and other processes."""

import errno
import fcntl
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from faultline.features.errors import ConfigError
from faultline.pipelines.base.whole import ready, settle, waiting_in, whole_file, whole_folder, write_text


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_error_leaves_the_older_file_and_nothing_beside_it(tmp_path):
    write_text(tmp_path / "to" / "a.txt", "first")

    def fail_half_way():
        with whole_file(tmp_path / "to" / "a.txt") as aside:
            aside.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert (tmp_path / "to" / "a.txt").read_text() == "first"
    assert names(tmp_path / "to") == ["a.txt"]


def test_what_is_written_is_on_the_disk_before_it_gets_its_name(tmp_path, monkeypatch):
    told, fsync, rename, replace = [], os.fsync, Path.rename, Path.replace

    def flushed(handle):
        told.append(f"flush {Path(f'/proc/self/fd/{handle}').readlink().name}")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "rename", lambda path, to: (told.append(f"name {to.name}"), rename(path, to))[1])
    monkeypatch.setattr(Path, "replace", lambda path, to: (told.append(f"name {to.name}"), replace(path, to))[1])
    with whole_folder(tmp_path / "issue") as aside:
        (aside / "a.txt").write_text("a")
    write_text(tmp_path / "b.txt", "b")
    parent = f"flush {tmp_path.name}"
    assert told == [
        *("flush a.txt", "flush .issue.part", "name .issue.ready", "name issue", parent),
        *("flush b.txt", "name b.txt", parent),
    ]


def test_one_process_at_a_time_writes_a_folder(tmp_path):
    def second():
        with whole_folder(tmp_path / "issue"):
            pass

    with whole_folder(tmp_path / "issue") as aside:
        (aside / "a.txt").write_text("first")
        with pytest.raises(ConfigError, match=r"another process is writing .*/issue\. Try again when it has ended\."):
            second()
        settle(tmp_path, "*")  # sweeps nothing that is being written
        with whole_folder(tmp_path / "another"):
            pass
    assert (tmp_path / "issue" / "a.txt").read_text() == "first"
    second()
    assert names(tmp_path / "issue") == []


def test_who_writes_the_same_file_waits(tmp_path):
    file = tmp_path / "a.txt"
    with whole_file(file) as aside:
        later = threading.Thread(target=write_text, args=(file, "later"))
        later.start()
        later.join(0.1)
        assert later.is_alive()
        aside.write_text("first")
    later.join()
    assert file.read_text() == "later"
    assert names(tmp_path) == ["a.txt"]


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from faultline.pipelines.base.whole import whole_file, whole_folder

def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

rename, out, rmtree = Path.rename, Path(sys.argv[1]), shutil.rmtree

def until_killed(path, target):
    global left
    if left == 0:
        kill()
    left -= 1
    return rename(path, target)

for left in range(5):
    if child := os.fork():
        os.waitpid(child, 0)
        continue
    Path.rename = until_killed
    with whole_folder(out / str(left) / "data") as aside:
        (aside / "a.txt").write_text("new")
        if left == 4:
            kill()
        shutil.rmtree = lambda path, **_: kill() if Path(path).exists() else None
    kill()
"""


def test_a_kill_at_any_point_of_a_swap_is_mended_by_the_next_process(tmp_path):
    for at in range(5):  # before each of three renames, before the older folder is deleted, and while writing
        write_text(tmp_path / str(at) / "data" / "a.txt", "old")
    subprocess.run([sys.executable, "-P", "-c", KILLED, str(tmp_path)], check=True)
    texts = []
    for at in range(5):
        out = tmp_path / str(at)
        assert len(names(out)) == 2  # the folder and what was left, or both halves of the swap
        settle(out, "data")
        with whole_folder(out / "another"):
            pass
        texts.append((out / "data" / "a.txt").read_text())
    assert texts == ["old", "new", "new", "new", "old"]
    with whole_folder(tmp_path / "3" / "data") as aside:
        assert names(aside) == []
    assert [names(tmp_path / str(at)) for at in range(5)] == [["another", "data"]] * 5


def test_half_of_a_file_that_a_killed_process_left_is_swept_by_the_next_that_writes_it(tmp_path):
    left = tmp_path / ".a.txt.part"
    (left / "folder").mkdir(parents=True)
    (left / "a.txt-journal").write_text("half")
    with whole_file(tmp_path / "a.txt") as aside:
        assert names(left) == []
        aside.write_text("a")
    assert names(tmp_path) == ["a.txt"]


def test_a_number_is_not_given_twice_to_folders_that_are_kept(tmp_path):
    for text in ("first", "second"):
        with whole_folder(tmp_path / "a[1]", kept="older") as aside:
            (aside / "a.txt").write_text(text)
    with whole_folder(tmp_path / "a[1]", kept="older"):
        pass
    shutil.rmtree(tmp_path / "older" / "a[1].1")
    with whole_folder(tmp_path / "a[1]", kept="older"):
        pass
    assert names(tmp_path / "older") == ["a[1].2", "a[1].3"]


def test_folders_that_wait_are_named_by_their_place(tmp_path):
    ready(tmp_path / "issue=2026-06").mkdir()
    assert waiting_in(tmp_path, "issue=*") == {tmp_path / "issue=2026-06": tmp_path / ".issue=2026-06.ready"}


def test_without_locks_each_process_writes_in_a_folder_of_its_own(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with whole_folder(tmp_path / "a") as first, whole_folder(tmp_path / "a") as second:
        assert first != second
        (second / "a.txt").write_text("second")
        settle(tmp_path, "a*")
    assert names(tmp_path) == ["a"]
