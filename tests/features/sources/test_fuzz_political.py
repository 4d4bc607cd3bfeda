"""A thousand damaged files for each reader: a valid table, or one error that names the file, the row and the column."""

import made_sources
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faultline.features.errors import DataError
from faultline.features.sources.coups import read_coups
from faultline.features.sources.deployments import DEPLOYMENTS_FILE, read_deployments
from faultline.features.sources.elections import read_elections, read_leaders
from faultline.features.sources.regimes import read_regimes
from faultline.features.sources.transitions import TRANSITIONS_FILE, read_transitions


def start_of(path, lines):
    return b"".join(path.read_bytes().splitlines(keepends=True)[:lines])


#: Reader of each table, a small file of it, and what it says that it left out.
READERS = {
    "deployments": (read_deployments, start_of(DEPLOYMENTS_FILE, 13), lambda _: 0),
    "transitions": (read_transitions, start_of(TRANSITIONS_FILE, 13), lambda _: 0),
    "coups": (read_coups, made_sources.COUPS.encode(), lambda _: 0),
    "elections": (read_elections, made_sources.ELECTIONS.encode(), lambda read: sum(read.losses.values())),
    "leaders": (read_leaders, made_sources.LEADERS.encode(), lambda read: sum(read.losses.values())),
    "regimes": (read_regimes, made_sources.REGIMES.encode(), lambda _: 0),
}
VALUES = [
    "",
    " ",
    "0",
    "-1",
    "1e9",
    "NaN",
    "2013-02-30",
    "1945-05-08",
    "9999-12-31",
    "MLI",
    "coup",
    "é",
    '"',
    ",",
    "\n",
    "\x00",
]


def attempt(reader, file):
    try:
        return reader(file), None
    except DataError as error:
        return None, error


def table_of(read):
    for name in ("table", "regimes", "coups"):
        read = getattr(read, name, read)
    return read


@st.composite
def damaged(draw, whole):
    """The file with a byte changed, a field replaced, a line gone or repeated, or its end cut off.

    And the line in which the fault must be found, if there is one: where one field of it was replaced by plain text.
    """
    lines = whole.splitlines(keepends=True)
    line = draw(st.integers(0, len(lines) - 1))
    match draw(st.sampled_from(["byte", "field", "field", "field", "gone", "twice", "cut"])):
        case "byte":
            at = draw(st.integers(0, len(whole) - 1))
            return whole[:at] + bytes([draw(st.integers(0, 255))]) + whole[at + 1 :], None
        case "field":
            separator = b"\t" if b"\t" in whole else b","
            fields = lines[line].rstrip(b"\n").split(separator)
            value = draw(st.sampled_from(VALUES)).encode()
            plain = b'"' not in lines[line] and not set(value) & set(b'",\n\x00')
            fields[draw(st.integers(0, len(fields) - 1))] = value
            lines[line] = separator.join(fields) + b"\n"
            return b"".join(lines), line + 1 if plain else None
        case "gone":
            del lines[line]
        case "twice":
            lines.insert(line, lines[line])
        case _:
            return whole[: draw(st.integers(0, len(whole) - 1))], None
    return b"".join(lines), None


@pytest.mark.parametrize("name", READERS)
@given(data=st.data())
@settings(max_examples=1000, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_a_valid_table_or_one_error(name, tmp_path, data):
    reader, whole, left_out = READERS[name]
    content, line = data.draw(damaged(whole))
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
