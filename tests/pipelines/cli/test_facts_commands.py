"""The commands `facts`, and `--facts` of those that use them."""

import pytest
from typer.testing import CliRunner

from faultline.features.errors import ConfigError, CoverageError, SchemaError
from faultline.pipelines.cli.main import app

ARRIVAL = (
    *("fact_id=own-russians-cmr-arrival-2026", "deployment=own-russians-cmr", "mission=Africa Corps in Cameroon"),
    *("sending_actor=Russia", "actor_class=russian", "host_iso3=CMR", "host_gwno=471", "fact=arrival"),
    *("date=2025-03-05", "date_precision=day", "known_on=2025-03-06", "source=own notes", "confidence=low"),
    "source_url=https://example.org/notes?a=b",
)


def called(*arguments):
    done = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=True)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return " ".join(done.output.split())


@pytest.fixture
def mine(tmp_path):
    file = tmp_path / "mine.csv"
    assert called("facts", "add", file, *ARRIVAL).endswith("mine.csv: 1 facts")
    return file


def test_a_fact_is_added_checked_and_compared(mine):
    assert "mine.csv: passed, SHA-256" in called("facts", "check", mine)
    assert "+ deployments own-russians-cmr-arrival-2026: CMR Africa Corps in Cameroon" in called("facts", "diff", mine)


def test_a_fault_of_a_file_is_told_by_its_place(mine):
    mine.write_text(mine.read_text(encoding="utf-8").replace("2025-03-06", "2025-03-01"), encoding="utf-8")
    with pytest.raises(SchemaError, match="row 2, column known_on"):
        called("facts", "check", mine)


def test_a_value_without_a_column_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="COLUMN=VALUE"):
        called("facts", "add", tmp_path / "mine.csv", "departure")


def test_the_timeline_draws_own_facts(mine, tmp_path):
    called("data", "timeline", "CMR", "--facts", mine, "--out", tmp_path)
    assert "Africa Corps" in (tmp_path / "timeline-cmr.svg").read_text(encoding="utf-8")


def test_a_scenario_refuses_own_facts_of_a_country_that_is_not_coded(mine):
    mine.write_text(mine.read_text(encoding="utf-8").replace("CMR,471", "PER,135"), encoding="utf-8")
    with pytest.raises(CoverageError, match="deployments of PER are not coded"):
        called("scenario", "PER", "--facts", mine, "--end-deployment", "Africa Corps=2026-01", "--all-blocks")


def test_a_bundle_takes_no_own_facts(mine, tmp_path):
    with pytest.raises(ConfigError, match="--facts: a bundle carries"):
        called("score", "--bundle", tmp_path / "b.tar.gz", "--facts", mine)
