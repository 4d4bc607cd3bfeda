"""What every fetch of events shares: the regions that are wanted, and what is told of the snapshot at its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...features.sources.region_outlines import read_world_regions
from .fetched_snapshot import UNALLOCATED_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from ...features.events.vintages import KnownEvents
    from ...features.sources.region_outlines import RegionOutlines

__all__ = ["Fetched", "RegionsWanted"]


@dataclass(frozen=True, slots=True)
class RegionsWanted:
    """Which polygons of a boundaries file count as regions; see `read_world_regions`.

    Attributes
    ----------
    world_region
        UCDP region whose countries' regions are counted; all for ``None``.
    id_column
        Column of the polygons with the regions' codes; found by its name for ``None``.
    dissolve
        Column to merge polygons by, by ISO 3166-1 alpha-3 code, or ``*`` for every other country.
    """

    world_region: str | None = None
    id_column: str | None = None
    dissolve: Mapping[str, str] = field(default_factory=dict[str, str])

    def read(self, boundaries: Path, countries: pd.DataFrame) -> RegionOutlines:
        """Read the regions of these countries from a file of polygons."""
        return read_world_regions(
            boundaries,
            countries=countries,
            world_region=self.world_region,
            id_column=self.id_column,
            dissolve=self.dissolve,
        )

    def dissolving(self) -> list[str]:
        """Options of the command line that merge polygons so."""
        return [f"--dissolve {column if iso3 == '*' else f'{iso3}={column}'}" for iso3, column in self.dissolve.items()]


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
