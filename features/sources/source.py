"""A source as a record: the table that it hands on, the publications that this is read from, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from .curated import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd
    import pandera.pandas as pa

    from .publications import Publication

__all__ = ["Rows", "Source"]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a source reads.

    Attributes
    ----------
    table
        Canonical table.
    data_through
        Last day that its files cover, None where that is not known.
    losses
        Rows that the files hold and the table does not, by reason.
    """

    table: pd.DataFrame
    data_through: pd.Timestamp | None = None
    losses: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class Source:
    """A table that is read from its own files alone.

    Attributes
    ----------
    contract
        Of the canonical table.
    publications
        What it is read from.
    method
        How it was counted, in a sentence or two.
    reader
        Reads the files of the publications, in their order.
    """

    contract: pa.DataFrameSchema
    publications: tuple[Publication, ...]
    method: str
    reader: Callable[..., Rows]

    @property
    def name(self) -> str:
        """Of the canonical table."""
        return str(cast("Any", self.contract).name)

    def read(self, folder: Path) -> Rows:
        """Read the table from a folder of sources; what the project compiles itself, from its own folder.

        Raises
        ------
        SourceError, SchemaError
            If a file is missing or broken, with line and column.
        """
        files = [(REFERENCE if each.own else folder) / file for each in self.publications for file in each.files]
        return self.reader(*files)
