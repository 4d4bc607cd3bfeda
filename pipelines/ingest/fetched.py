"""What is told of a snapshot at the end of every fetch of events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .fetched_snapshot import UNALLOCATED_FILE

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from ...features.events.vintages import KnownEvents

__all__ = ["Fetched"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched and written.

    Attributes
    ----------
    out
        Folder of the snapshot.
    known
        The events.
    countries, regions
        How many countries have events, and how many regions there are.
    unallocated
        Deaths known to the country only, by state.
    warnings
        What a reader must know of the data.
    """

    out: Path
    known: KnownEvents
    countries: int
    regions: int
    unallocated: pd.DataFrame
    warnings: tuple[str, ...]

    @property
    def unallocated_file(self) -> Path:
        """Where these deaths are written down."""
        return self.out / UNALLOCATED_FILE
