"""Which polygons regions are drawn with: those that the user names, else those that were fetched, where they fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...features.errors import ConfigError
from ...features.sources.admin1_units import outlined_regions, read_admin1_units

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from ..base.settings import Settings

__all__ = ["BoundariesAtHand", "boundaries_at_hand", "kept_boundaries", "named_boundaries"]


@dataclass(frozen=True, slots=True)
class BoundariesAtHand:
    """Files of polygons.

    Attributes
    ----------
    named
        The one that the user names; what is wrong with it is an error.
    kept
        Where `faultline fetch boundaries` keeps its own; it may not be there, and may hold other regions.
    """

    named: Path | None
    kept: Path

    def file_for(self, regions: Collection[str]) -> Path | None:
        """The file to draw regions with, or None: then they are drawn as symbols.

        Parameters
        ----------
        regions
            Codes of the regions, as a column of the file must hold them.
        """
        if self.named is not None:
            return self.named
        return self.kept if self.kept.is_file() and _holds(self.kept, set(regions)) else None


def boundaries_at_hand(settings: Settings) -> BoundariesAtHand:
    """Look at the settings for what there is."""
    return BoundariesAtHand(settings.boundaries, kept_boundaries(settings))


def kept_boundaries(settings: Settings) -> Path:
    """Where fetched polygons are kept."""
    return settings.data / "boundaries" / "admin1.gpkg"


def named_boundaries(settings: Settings) -> Path:
    """File of polygons that the user names, or else the one that was fetched.

    Raises
    ------
    ConfigError
        If there is neither.
    """
    if settings.boundaries is not None:
        return settings.boundaries
    kept = kept_boundaries(settings)
    if kept.is_file():
        return kept
    msg = "no boundaries are named: regions are counted by point in polygon."
    remedy = "Name a file with --boundaries, or get Natural Earth's admin-1 areas with `faultline fetch boundaries`."
    raise ConfigError(f"{msg} {remedy}")


def _holds(file: Path, regions: set[str]) -> bool:
    import geopandas as gpd  # noqa: PLC0415  # slow to import, and needed only where polygons were fetched

    try:
        table = gpd.read_file(file, ignore_geometry=True)
    except Exception:  # noqa: BLE001  # nobody named it: a map of symbols serves better than a run that fails at its end
        return False
    if any(table[column].isin(regions).any() for column in table.columns):
        return True
    codes = table["adm1_code"] if "adm1_code" in table.columns else table.iloc[:, 0]
    return bool(outlined_regions(table, codes, read_admin1_units()).isin(regions).any())
