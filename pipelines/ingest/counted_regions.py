"""Regions that fetched events are counted in: a user's polygons, or those that the package carries, by UCDP's names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ...features.errors import ConfigError
from ...features.events.region_sets import Names, Polygons
from ...features.sources.admin1_units import read_admin1_units
from ...features.sources.boundaries import region_at
from ...features.sources.deployments import in_regions, read_deployments
from ...features.sources.region_outlines import read_world_regions
from ...features.tables.snapshot import BUNDLED, read_provenance
from ..base.whole import checksum

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from ...features.sources.region_outlines import RegionOutlines
    from ...features.tables.snapshot import Snapshot

__all__ = ["CountedRegions", "RegionsWanted", "by_polygon"]

_COUNTED: Final = "By type of violence, as region_sides."
_BY_POLYGON: Final = {
    "regions": "Regions of the boundaries file; centre: mean of the events placed there, or a point inside.",
    "region_neighbours": "Outlines within 0.005 degrees of each other, across borders too.",
    "region_month": _COUNTED,
    "region_sides": "Point in polygon where where_prec is at most 4, else known to the country only; points outside "
    "their country in its nearest region within 25 km; a region across borders holds the events of every state inside "
    "it; deaths shared out over the event's days.",
}
_BY_NAME: Final = {
    "regions": "As the package carries them.",
    "region_neighbours": "As the package carries them.",
    "region_month": _COUNTED,
    "region_sides": "By the region that UCDP names where where_prec is at most 4, under a name that is not listed by "
    "the nearest centre in the country; else, and under the name of a region that was replaced by several others, "
    "known to the country only; deaths shared out over the event's days.",
}


@dataclass(frozen=True, slots=True)
class CountedRegions:
    """Regions, and what the provenance of a snapshot says of them.

    Attributes
    ----------
    regions
        Which there are, and how an event gets its own.
    sources
        Publications that they are from, as the provenance describes them.
    methods
        How each table of regions is counted.
    losses
        What was left out of them.
    moved
        Bundled tables that name other regions (bases, deployments), taken over to these, with a note.
    """

    regions: Polygons | Names
    sources: tuple[Mapping[str, Any], ...]
    methods: Mapping[str, str]
    losses: dict[str, float]
    moved: Mapping[str, tuple[pd.DataFrame, str]]

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.regions.outlines if isinstance(self.regions, Polygons) else self.regions.regions)


@dataclass(frozen=True, slots=True)
class RegionsWanted:
    """Which regions are wanted.

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

    def outlines(self, boundaries: Path, countries: pd.DataFrame) -> RegionOutlines:
        """Read the polygons of a file that count as regions; see `read_world_regions`."""
        return read_world_regions(
            boundaries,
            countries=countries,
            world_region=self.world_region,
            id_column=self.id_column,
            dissolve=self.dissolve,
        )

    def read(self, boundaries: Path | None, base: Snapshot) -> CountedRegions:
        """Read them: from a file of polygons, or without one those of the bundled snapshot, by name.

        Raises
        ------
        SourceError, SchemaError
            If the file is broken.
        ConfigError
            If an option needs a file of polygons, or no region is left.
        """
        if boundaries is not None:
            return by_polygon(self.outlines(boundaries, base.countries), boundaries, base)
        if self.id_column is not None or self.dissolve:
            msg = "--id-column and --dissolve are of polygons, and none are named. Name a file with --boundaries."
            raise ConfigError(msg)
        regions = base.regions
        if self.world_region is not None:
            part = base.countries["region"].str.casefold() == self.world_region.casefold()
            regions = regions[regions["gwno"].isin(base.countries.loc[part, "gwno"])].reset_index(drop=True)
        if regions.empty:
            msg = f"--region: there are no regions of {self.world_region!r}; --region world counts all."
            raise ConfigError(msg)
        return _by_name(base, regions)

    def options(self, boundaries: Path | None) -> list[str]:
        """Options of the command line that name the regions, by file names alone."""
        named = [] if boundaries is None else [f"--boundaries {boundaries.name}"]
        merged = [
            f"--dissolve {column if iso3 == '*' else f'{iso3}={column}'}" for iso3, column in self.dissolve.items()
        ]
        return [*named, *merged]


def by_polygon(outlines: RegionOutlines, boundaries: Path, base: Snapshot) -> CountedRegions:
    """Regions of a file of polygons; bundled tables that name regions are taken over to them."""
    note = f"Regions are those of {boundaries.name}."
    source = {
        "name": f"Boundaries file {boundaries.name}, named by the user",
        "version": str(outlines.table["boundary_version"].iloc[0]),
        "licence": "as its publisher states",
        "citation": "as its publisher states",
        "files": {boundaries.name: checksum(boundaries)},
        "short": boundaries.stem,
    }
    moved = {
        "un_bases": (_bases(base.un_bases, outlines), note),
        "deployments": (in_regions(read_deployments(natural_earth=True), outlines.merged), note),
    }
    return CountedRegions(Polygons(outlines.table), (source,), _BY_POLYGON, outlines.losses, moved)


def _by_name(base: Snapshot, regions: pd.DataFrame) -> CountedRegions:
    pairs = base.region_neighbours
    pairs = pairs[pairs.isin(regions["region_id"].tolist()).all(axis=1)].reset_index(drop=True)
    names = Names(regions, pairs, base.countries, read_admin1_units())
    return CountedRegions(names, read_provenance(BUNDLED)["regions"].sources, _BY_NAME, {}, {})


def _bases(bases: pd.DataFrame, outlines: RegionOutlines) -> pd.DataFrame:
    placed = bases["lat"].notna() & bases["lon"].notna()
    region = region_at(bases.loc[placed, "lat"], bases.loc[placed, "lon"], outlines.table)
    return bases.assign(region_id=region.reindex(bases.index).astype("str"))
