"""UCDP's registries: what is read, and the one error that a broken file gives."""

import pytest

from faultline.features.errors import SchemaError, SourceError
from faultline.features.sources.registries import read_mapping, read_registry

FIELDS = {"id": int, "countries": list}


@pytest.fixture
def write(tmp_path):
    def _write(content):
        file = tmp_path / "made.yaml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return _write


def test_records_are_read(write):
    assert read_registry(write("- id: 1\n  countries: [2]\n"), FIELDS, expected=1) == [{"id": 1, "countries": [2]}]


@pytest.mark.parametrize(
    ("content", "kind", "row", "column", "said"),
    [
        (b"", SourceError, None, None, "not a list"),
        (b"id: 1\n", SourceError, None, None, "not a list"),
        (b"- id: 1\n  countries: [2\n", SourceError, 3, None, "not YAML"),
        (b"- id: 1\n  countries: \xe9\n", SourceError, 2, None, "not utf-8"),
        (b"- id: 1\n  countries: [2]\n", SourceError, None, None, "1 records where the release has 2"),
        (b"- id: 1\n  countries: [2]\n- id: 7\n", SchemaError, "id 7", "countries", "missing"),
        (b"- id: 1\n  countries: [2]\n- 5\n", SchemaError, "record 2", "id", "missing"),
        (b"- id: x\n  countries: [2]\n", SchemaError, "id x", "id", "whole number"),
        (b"- id: 1\n  countries: [2]\n- id: 1\n  countries: [2]\n", SchemaError, "id 1", "id", "twice"),
    ],
)
def test_a_broken_registry_is_one_error_with_file_record_and_field(*, write, content, kind, row, column, said):
    file = write(content)
    with pytest.raises(kind, match=said) as caught:
        read_registry(file, FIELDS, expected=2)
    assert (caught.value.file, caught.value.row, caught.value.column) == (file, row, column)
    assert caught.value.remedy


def test_a_missing_registry_says_so(tmp_path):
    with pytest.raises(SourceError, match="there is no such file"):
        read_registry(tmp_path / "made.yaml", FIELDS)


@pytest.mark.parametrize(
    ("content", "kind"), [("- 1\n", SourceError), ("id: x\n", SchemaError), ("b: 1\n", SchemaError)]
)
def test_a_broken_description_is_one_error(write, content, kind):
    with pytest.raises(kind):
        read_mapping(write(content), {"id": int})
