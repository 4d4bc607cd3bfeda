"""A thousand damaged files for each reader: a valid table, or one error that names the file, the row and the column."""

import made_sources
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_damage import attempt, damaged, so_many, start_of

from faultline.features.sources.coups import read_coups
from faultline.features.sources.deployments import DEPLOYMENTS_FILE, read_deployments
from faultline.features.sources.elections import read_elections, read_leaders
from faultline.features.sources.facts_coverage import COVERAGE_FILE, read_facts_coverage
from faultline.features.sources.lineage import LINEAGE_FILE, read_lineage
from faultline.features.sources.new_actors import NEW_ACTORS_FILE, read_new_actors
from faultline.features.sources.regimes import read_regimes
from faultline.features.sources.transitions import TRANSITIONS_FILE, read_transitions

#: Reader of each table, a small file of it, and what it says that it left out.
READERS = {
    "deployments": (read_deployments, start_of(DEPLOYMENTS_FILE, 13), lambda _: 0),
    "facts_coverage": (read_facts_coverage, start_of(COVERAGE_FILE, 13), lambda _: 0),
    "lineage": (read_lineage, start_of(LINEAGE_FILE, 13), lambda _: 0),
    "new_actors": (read_new_actors, start_of(NEW_ACTORS_FILE, 13), lambda _: 0),
    "transitions": (read_transitions, start_of(TRANSITIONS_FILE, 13), lambda _: 0),
    "coups": (read_coups, made_sources.COUPS.encode(), lambda _: 0),
    "elections": (read_elections, made_sources.ELECTIONS.encode(), lambda read: sum(read.losses.values())),
    "leaders": (read_leaders, made_sources.LEADERS.encode(), lambda read: sum(read.losses.values())),
    "regimes": (read_regimes, made_sources.REGIMES.encode(), lambda _: 0),
}


def table_of(read):
    for name in ("table", "regimes", "coups"):
        read = getattr(read, name, read)
    return read


@pytest.mark.parametrize("name", READERS)
@given(data=st.data())
@so_many(1000)
def test_a_damaged_file_is_a_valid_table_or_one_error(name, tmp_path, data):
    reader, whole, left_out = READERS[name]
    content, line = data.draw(damaged(whole, separator=b"\t" if b"\t" in whole else b","))
    file = tmp_path / f"{name}.csv"
    file.write_bytes(content)
    read, found = attempt(reader, file)
    if found is not None:
        assert found.file == file
        assert found.remedy
        if content.strip() and "header and no rows" not in str(found):
            assert found.row is not None or found.column is not None, found
        if line is not None:
            assert found.row == line
            assert found.column is not None
        return
    table = table_of(read)
    rows = len(table[table["fact"] == "entry"]) if name == "leaders" else len(table)
    records = sum(1 for line in content.splitlines() if line) - 1
    assert rows + left_out(read) == records or b'"' in content or b"\r" in content


@pytest.mark.parametrize("name", READERS)
def test_the_whole_file_is_read(name, tmp_path):
    reader, whole, left_out = READERS[name]
    file = tmp_path / f"{name}.csv"
    file.write_bytes(whole)
    read = reader(file)
    assert len(table_of(read)) > 0
    assert left_out(read) >= 0
