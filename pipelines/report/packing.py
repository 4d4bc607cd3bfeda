"""Records in few bytes: column by column, each text once. The page's script unpacks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["pack"]


def pack(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Pack records that have the same keys.

    Returns
    -------
    dict
        Key, to the list of its values; or, where these are texts or tuples of texts, to ``of``, each text once, and
        ``at``, the position in it (or positions) of each record's.

    Examples
    --------
    >>> pack([{"n": 1, "t": "a"}, {"n": 2, "t": "b"}, {"n": 3, "t": "a"}])
    {'n': [1, 2, 3], 't': {'of': ['a', 'b'], 'at': [0, 1, 0]}}
    >>> pack([{"t": ("a", "b")}, {"t": ("b",)}])
    {'t': {'of': ['a', 'b'], 'at': [[0, 1], [1]]}}
    """
    return {name: _column([record[name] for record in records]) for name in (records[0] if records else ())}


def _column(values: list[Any]) -> Any:
    if all(isinstance(value, str) for value in values):
        places: dict[str, int] = {}
        at: list[Any] = [places.setdefault(value, len(places)) for value in values]
    elif all(isinstance(value, tuple) for value in values):
        places = {}
        at = [[places.setdefault(text, len(places)) for text in value] for value in values]
    else:
        return values
    return {"of": list(places), "at": at}
