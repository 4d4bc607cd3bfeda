"""The errors a user can meet, one small tree.

Every error is also the builtin that fits it, so that code which does not know faultline can still catch it.
Messages say what was given, what was expected and what to do; data errors add the file, the row and the column.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "COUNTRIES",
    "ConfigError",
    "CoverageError",
    "DataError",
    "FaultlineError",
    "IncoherentError",
    "LookAheadError",
    "SchemaError",
    "SourceError",
    "UnknownNameError",
]

#: Likeness (0 to 1, `difflib.SequenceMatcher.ratio`) from which a name is near: at 0.5, Croatia is near Mopti.
_NEAR = 0.6
#: What lists the countries.
COUNTRIES = "the column iso3 of the snapshot's countries.parquet"
#: Most names that a message holds.
_FEW = 8


class FaultlineError(Exception):
    """Whatever faultline raises on purpose."""


class DataError(FaultlineError, ValueError):
    """Data that cannot be used as they are.

    Parameters
    ----------
    problem
        What is wrong, in one sentence, with the value that was found.
    file, row, column
        Where it stands. ``row`` counts lines of the file from 1, the header being line 1 (an int), or names a
        record in files that have no lines (a str).
    remedy
        What the user can do about it.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: object = None,
        row: int | str | None = None,
        column: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.problem, self.file, self.row, self.column, self.remedy = problem, file, row, column, remedy
        where = row if isinstance(row, str) else None if row is None else f"row {row}"
        named = None if file is None else f"file {file}", where, None if column is None else f"column {column}"
        place = ", ".join(part for part in named if part)
        message = f"{place}: {problem}" if place else problem
        super().__init__(f"{message} {remedy}" if remedy else message)


class SourceError(DataError, OSError):
    """A source file that is missing, truncated, in another encoding or format."""


class SchemaError(DataError):
    """A table that breaks its contract: columns, types, ranges or keys."""


class CoverageError(DataError):
    """A month or a unit that the data do not cover."""


class ConfigError(FaultlineError, ValueError):
    """A setting or an option that cannot be honoured."""


class LookAheadError(FaultlineError, AssertionError):
    """A feature used something that was not known at the origin. Always a fault of ours."""


class IncoherentError(FaultlineError, AssertionError):
    """Scores that contradict one another or cannot be believed; nothing is written. Always a fault of ours."""


class UnknownNameError(FaultlineError, KeyError):
    """A name that does not exist; the message offers those that are near it, or else tells what there is.

    Parameters
    ----------
    kind
        What sort of name it should have been, such as ``"target"``.
    name
        The name given.
    known
        The names there are.
    listed_by
        What lists them all, for kinds with more names than a message holds.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], *, listed_by: str | None = None) -> None:
        self.kind, self.name, self.known = kind, name, sorted(known)
        near = get_close_matches(name, self.known, n=3, cutoff=_NEAR)
        if near:
            help_ = f"did you mean {' or '.join(map(repr, near))}?"
        elif len(self.known) <= _FEW:
            help_ = f"there are {', '.join(map(repr, self.known))}." if self.known else "there are none."
        else:
            where = listed_by or "the attribute `known`"
            help_ = f"none of the {len(self.known)} there are is near it; {where} lists them."
        super().__init__(f"unknown {kind} {name!r}; {help_}")

    def __str__(self) -> str:
        """Give the message without the quotes that KeyError adds."""
        return str(self.args[0])
