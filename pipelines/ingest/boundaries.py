"""Polygons of regions for the brief's maps: Natural Earth's admin-1 areas, or a file that the user has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import platformdirs

from ...features.errors import SchemaError, SourceError
from ..base.whole import whole_file
from .boundaries_at_hand import kept_boundaries
from .downloads import download

if TYPE_CHECKING:
    from pathlib import Path

    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["NATURAL_EARTH", "Boundaries", "fetch_boundaries"]

#: Admin-1 areas of the world at 1:10m (about 15 MB), in the public domain, below Natural Earth's server.
NATURAL_EARTH: Final = "10m/cultural/ne_10m_admin_1_states_provinces.zip"
_SHAPES: Final = ("Polygon", "MultiPolygon")


@dataclass(frozen=True)
class Boundaries:
    """Polygons at hand: the file, and how many there are."""

    file: Path
    polygons: int


def fetch_boundaries(
    settings: Settings,
    progress: Progress,
    *,
    file: Path | None = None,
    out: Path | None = None,
    cache: Path | None = None,
) -> Boundaries:
    """Fetch polygons of regions and write them as GeoPackage, whole or not at all.

    Parameters
    ----------
    settings
        ``natural_earth_url`` names the server, ``data`` the folder of what is kept.
    file
        Polygons that the user has (GeoJSON, GeoPackage, zipped shapefile), in place of the download.
    out
        File to write; by default the one that maps are drawn with if no other is named.
    cache
        Folder in which the download is kept; by default the user's cache.

    Raises
    ------
    SourceError
        If the server cannot be reached, or the file cannot be read or written.
    SchemaError
        If it holds no polygons.
    """
    url = f"{settings.natural_earth_url.rstrip('/')}/{NATURAL_EARTH}"
    source = file or download(url, cache or platformdirs.user_cache_path("faultline"), sha256=None, progress=progress)
    target = out or kept_boundaries(settings)
    with progress.stage("Reading and writing the polygons"):
        table = _read(source)
        try:
            with whole_file(target) as aside:
                table.to_file(aside, driver="GPKG", layer="admin1")
        except OSError as error:
            msg = f"the polygons cannot be written ({error.strerror or error})."
            raise SourceError(msg, file=target, remedy="Name another file with --out.") from None
    return Boundaries(target, len(table))


def _read(file: Path) -> gpd.GeoDataFrame:
    try:
        table = gpd.read_file(file)
    except Exception as error:
        msg = f"cannot be read as boundaries: {error}."
        raise SourceError(msg, file=file, remedy="Give a GeoJSON, GeoPackage or zipped shapefile.") from error
    areas = table[table.geometry.geom_type.isin(_SHAPES)]
    if areas.empty:
        msg = "there is no polygon in this file."
        raise SchemaError(msg, file=file, column="geometry", remedy="Give the areas of regions, not points or lines.")
    return areas if areas.crs is None else areas.to_crs(4326)
