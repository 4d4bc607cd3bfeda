"""What the machine refuses is one line and code 2; an interrupt is one line and code 130."""

import errno
import os
import sqlite3
import subprocess
import sys

import pytest
from made_scores import made_issue

from faultline.features.errors import SourceError
from faultline.pipelines.base.system_faults import system_fault
from faultline.pipelines.cli.main import main

EXPORT = ["export", "--format", "csv", "--quiet"]


@pytest.fixture
def out(tmp_path, monkeypatch):
    made_issue(tmp_path / "predictions", "2026-06")
    monkeypatch.setenv("FAULTLINE_OUT", str(tmp_path / "predictions"))
    monkeypatch.setenv("FAULTLINE_MLRUNS", str(tmp_path / "mlruns"))
    return tmp_path


def said(capsys, arguments, code=2):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    err = capsys.readouterr().err
    assert ended.value.code == code
    assert len(err.splitlines()) == 1, err
    return err


def test_a_full_disk_is_one_line_and_nothing_half_written(out, capsys, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "scores.csv")

    monkeypatch.setattr("faultline.pipelines.exports.build.write_csv", full)
    assert "scores.csv: No space left on device" in said(capsys, [*EXPORT, "--to", str(out / "to")])
    assert list((out / "to").iterdir()) == []


def test_a_file_in_place_of_the_folder_is_one_line(out, capsys):
    (out / "to").write_text("in the way", encoding="utf-8")
    assert str(out / "to") in said(capsys, [*EXPORT, "--to", str(out / "to")])


@pytest.mark.filterwarnings("ignore")  # MLflow's own
@pytest.mark.parametrize(
    "content", [b"no database at all, but a text" * 99, b"SQLite format 3\0" + bytes(range(256)) * 40]
)
@pytest.mark.parametrize("arguments", [["promote"], ["score", "-q"], ["export", "--issue", "runs:/" + 32 * "0"]])
def test_a_damaged_store_is_one_line(out, capsys, content, arguments):
    (out / "mlruns").mkdir()
    (out / "mlruns" / "mlflow.db").write_bytes(content)
    assert "MLflow's database cannot be used" in said(capsys, arguments)


def wrapped():
    try:
        sqlite3.connect("/dev/null/no.db")
    except sqlite3.OperationalError as error:
        raise RuntimeError from error


def test_whoever_wrapped_it_the_cause_is_found_and_what_is_ours_stays_ours():
    with pytest.raises(RuntimeError) as raised:
        wrapped()
    assert isinstance(system_fault(raised.value), SourceError)
    assert system_fault(KeyError("a")) is None
    assert system_fault(FileNotFoundError(errno.ENOENT, "none", "a")) is None


INTERRUPTED = """
import sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
from faultline.pipelines.cli.command import main
main()
"""


def test_an_interrupt_while_modules_are_read_is_one_line_and_130():
    done = subprocess.run([sys.executable, "-P", "-c", INTERRUPTED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "error: interrupted.\n")


def test_an_interrupt_while_a_command_works_is_one_line_and_130(out, capsys, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("faultline.pipelines.exports.build.write_csv", interrupt)
    assert said(capsys, [*EXPORT, "--to", str(out / "to")], code=130) == "error: interrupted.\n"
    assert list((out / "to").iterdir()) == []
