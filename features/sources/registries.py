"""UCDP's registries of states, conflicts and dyads: YAML lists of records with an ``id`` or ``gwno``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import yaml

from ..errors import SchemaError, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["read_mapping", "read_registry"]

_LARGEST_ID = 10_000_000
_FETCH = "Fetch the file again from its publisher."


def read_registry(path: Path, fields: Mapping[str, type], *, expected: int | None = None) -> list[dict[str, Any]]:
    """Read a list of records.

    Parameters
    ----------
    path
        A YAML file.
    fields
        Fields that every record must have, and their types; the first is the key. Numbers are ids, from 1 on.
    expected
        How many records the release holds, where it says so.

    Raises
    ------
    SourceError
        If the file is missing, not YAML, or holds another number of records.
    SchemaError
        If a field is missing or of another type, or a key stands there twice.
    """
    records = _load(path)
    if not isinstance(records, list):
        msg = "the file is not a list of records."
        raise SourceError(msg, file=path, remedy=_FETCH)
    key = next(iter(fields))
    seen: set[object] = set()
    for position, item in enumerate(cast("list[Any]", records), start=1):
        record = cast("dict[str, Any]", item) if isinstance(item, dict) else {}
        row = f"{key} {record[key]}" if key in record else f"record {position}"
        for field, kind in fields.items():
            if not _is(record.get(field), kind):
                found = f"found {record[field]!r}" if field in record else "the field is missing"
                msg = f"{found}, where {_called(kind)} belongs."
                raise SchemaError(msg, file=path, row=row, column=field, remedy=_FETCH)
        if record[key] in seen:
            msg = f"{key} {record[key]} stands there twice."
            raise SchemaError(msg, file=path, row=row, column=key, remedy="Keep one of the records.")
        seen.add(record[key])
    if expected is not None and len(seen) != expected:
        msg = f"{len(seen):,} records where the release has {expected:,}: the file is cut off or of another release."
        raise SourceError(msg, file=path, remedy=_FETCH)
    return cast("list[dict[str, Any]]", records)


def read_mapping(path: Path, fields: Mapping[str, type]) -> dict[str, Any]:
    """Read one record, such as the description of a release.

    Raises
    ------
    SourceError
        If the file is missing or not YAML.
    SchemaError
        If a field is missing or of another type.
    """
    record = _load(path)
    if not isinstance(record, dict):
        msg = "the file is not a record of named fields."
        raise SourceError(msg, file=path, remedy=_FETCH)
    mapping = cast("dict[str, Any]", record)
    for field, kind in fields.items():
        if not isinstance(mapping.get(field), kind):
            found = f"found {mapping[field]!r}" if field in mapping else "the field is missing"
            msg = f"{found}, where {_called(kind)} belongs."
            raise SchemaError(msg, file=path, column=field, remedy=_FETCH)
    return mapping


def _load(path: Path) -> object:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror
        msg = f"cannot read the file: {reason}."
        raise SourceError(msg, file=path, remedy="Name the folder that holds it, or fetch it again.") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        msg = f"the file is not utf-8 text (byte {error.object[error.start]:#04x})."
        raise SourceError(msg, file=path, row=line, remedy="Save it as UTF-8, or fetch it again.") from None
    except (ValueError, TypeError, RecursionError) as error:  # such as the day 2013-02-30
        msg = f"the file is not YAML: {error}."
        raise SourceError(msg, file=path, remedy=_FETCH) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else int(mark.line) + 1
        msg = f"the file is not YAML: {getattr(error, 'problem', None) or 'it cannot be parsed'}."
        raise SourceError(msg, file=path, row=line, remedy=_FETCH) from None


def _is(value: object, kind: type) -> bool:
    if kind is int:
        return type(value) is int and 1 <= value <= _LARGEST_ID
    if kind == list[int]:
        return isinstance(value, list) and all(_is(item, int) for item in cast("list[object]", value))
    return isinstance(value, kind)


def _called(kind: type) -> str:
    words = {int: "a whole number", list[int]: "a list of whole numbers", str: "text", list: "a list"}
    return {**words, bool: "true or false", dict: "a set of fields"}[kind]
