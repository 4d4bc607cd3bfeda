"""SQLite files written ahead."""

import sqlite3
from contextlib import closing

from sqlalchemy import create_engine, text

from faultline.pipelines.track.local_database import write_ahead

FULL, NORMAL = 2, 1


def asked(database, pragma):
    engine = create_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        answer = connection.execute(text(f"PRAGMA {pragma}")).scalar()
    engine.dispose()
    return answer


def test_a_new_file_keeps_a_log_that_any_later_program_finds(tmp_path):
    database = tmp_path / "mlflow.db"
    write_ahead(database)
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert asked(database, "synchronous") == NORMAL


def test_files_of_others_wait_for_the_disk_as_before(tmp_path):
    write_ahead(tmp_path / "mlflow.db")
    write_ahead(tmp_path / "mlflow.db")  # twice does no harm
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE t (a)")
    assert asked(other, "journal_mode") == "delete"
    assert asked(other, "synchronous") == FULL


def test_what_was_written_is_in_the_one_file_once_it_is_closed(tmp_path):
    database = tmp_path / "mlflow.db"
    write_ahead(database)
    engine = create_engine(f"sqlite:///{database}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (a)"))
        connection.execute(text("INSERT INTO t VALUES (7)"))
    engine.dispose()
    assert [file.name for file in tmp_path.iterdir()] == ["mlflow.db"]
    (tmp_path / "moved").mkdir()
    moved = database.rename(tmp_path / "moved" / "mlflow.db")
    with closing(sqlite3.connect(moved)) as connection:
        assert connection.execute("SELECT a FROM t").fetchone() == (7,)


def test_a_file_in_use_stays_as_it_is(tmp_path):
    database = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as busy:
        busy.execute("CREATE TABLE t (a)")
        busy.execute("BEGIN EXCLUSIVE")
        write_ahead(database)
        busy.execute("COMMIT")
        assert busy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
