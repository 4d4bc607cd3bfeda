"""Records in few bytes: column by column, each text once. The page's script unpacks them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["pack", "zeros_in_runs"]

#: Runs are told as such where they are at least this long on average: one takes as much room as three values.
_RUN: Final = 3


def pack(records: Sequence[Mapping[str, Any]], per: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Pack records that have the same keys.

    Parameters
    ----------
    records
        Those that belong together one after the other, so that what they share is told once.
    per
        By key, into how many parts one is divided of a number: these are told as whole numbers of such parts.

    Returns
    -------
    dict
        Key, to the list of its values, ``at``; where these are texts or tuples of texts, with ``of``, each text once,
        and in its place its position (or positions); where many in a row are the same, in place of ``at`` as ``runs``,
        each value with how often it stands; and where they are told in parts, with ``per``.

    Examples
    --------
    >>> pack([{"n": 1, "t": "a"}, {"n": 2, "t": "b"}, {"n": 3, "t": "a"}])
    {'n': {'at': [1, 2, 3]}, 't': {'of': ['a', 'b'], 'at': [0, 1, 0]}}
    >>> pack([{"t": ("a", "b")}, {"t": ("b",)}])
    {'t': {'of': ['a', 'b'], 'at': [[0, 1], [1]]}}
    >>> pack([{"k": "x", "p": p} for p in (0.125, None, 0.5, 0.0)], {"p": 1000})
    {'k': {'of': ['x'], 'runs': [[0, 4]]}, 'p': {'per': 1000, 'at': [125, None, 500, 0]}}
    """
    names = records[0] if records else ()
    return {name: _column([record[name] for record in records], (per or {}).get(name)) for name in names}


def _column(values: list[Any], per: int | None) -> dict[str, Any]:
    packed: dict[str, Any] = {}
    places: dict[str, int] = {}
    if per is not None:
        packed["per"] = per
        values = [None if value is None else round(value * per) for value in values]
    elif all(isinstance(value, str) for value in values):
        values = [places.setdefault(value, len(places)) for value in values]
    elif all(isinstance(value, tuple) for value in values):
        values = [[places.setdefault(text, len(places)) for text in value] for value in values]
    if places:
        packed["of"] = list(places)
    runs = [[value, len(list(same))] for value, same in groupby(values)]
    return packed | ({"runs": runs} if _RUN * len(runs) <= len(values) else {"at": values})


def zeros_in_runs(values: Sequence[float | None]) -> list[float | None]:
    """Tell each run of zeros as one negative number, its length; no value may be negative.

    Examples
    --------
    >>> zeros_in_runs([0, 0, 3, 0, None, 0.5])
    [-2, 3, -1, None, 0.5]
    """
    told: list[float | None] = []
    for zero, run in groupby(values, key=lambda value: value == 0):
        own = list(run)
        told += [-len(own)] if zero else own
    return told
