"""Commands that fetch: newer or fuller events than the bundled ones, and polygons of regions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..base.progress import Progress
from .options import (
    Dissolve,
    IdColumn,
    Quiet,
    RegionBoundaries,
    SnapshotFolder,
    day_in,
    dissolve_in,
    settings_with,
    today,
)

if TYPE_CHECKING:
    from ..ingest.fetched import Fetched

__all__ = ["fetch_app"]

fetch_app = typer.Typer(no_args_is_help=True, help="Newer or fuller events than the bundled ones.")


@fetch_app.command("ucdp")
def fetch_ucdp(
    file: Annotated[
        list[Path] | None,
        typer.Option(help="Zip or CSV that you have, in place of the download; again for candidate files."),
    ] = None,
    version: Annotated[
        str | None, typer.Option(help="Yearly release, such as 26.1. [default: the newest that was out]")
    ] = None,
    candidates: Annotated[
        bool | None,
        typer.Option(help="Fetch the monthly candidate files too. [default: unless --file is given]"),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="Use only what was out by this day.")
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Folder in which downloads are kept. [default: the user's cache]")
    ] = None,
    boundaries: Annotated[
        Path | None,
        typer.Option(help="Polygons to count regions by (GeoJSON, GeoPackage). [default: the regions that UCDP names]"),
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(
            help="Part of the world whose regions are counted; world for all. [default: all; of polygons, africa]"
        ),
    ] = None,
    id_column: IdColumn = None,
    dissolve: Dissolve = None,
    out: SnapshotFolder = None,
    quiet: Quiet = False,
) -> None:
    """Fetch UCDP's events, count them by country, actor and region, and write a snapshot to score with."""
    from ..ingest.counted_regions import RegionsWanted  # noqa: PLC0415  # geopandas is slow to import
    from ..ingest.ucdp import fetch_ucdp as fetch_job  # noqa: PLC0415
    from ..ingest.ucdp_files import ReleaseWanted  # noqa: PLC0415

    progress = Progress.on_stderr(quiet=quiet)
    settings = settings_with(boundaries=boundaries)
    part = region or ("world" if settings.boundaries is None else "africa")
    world_region = None if part.casefold() == "world" else part
    fetched = fetch_job(
        settings,
        progress,
        today=today(),
        release=ReleaseWanted(tuple(file or ()), version, candidates, day_in(as_of, option="--as-of"), cache),
        regions=RegionsWanted(world_region, id_column, dissolve_in(dissolve or ())),
        out=out,
    )
    _tell(fetched, progress)


@fetch_app.command("acled")
def fetch_acled(
    file: Annotated[Path, typer.Option(help="Your own ACLED export: CSV, or zip that holds one; one row an event.")],
    boundaries: RegionBoundaries = None,
    through: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="Last day that the export covers. [default: that of its newest event]"),
    ] = None,
    id_column: IdColumn = None,
    dissolve: Dissolve = None,
    out: SnapshotFolder = None,
    quiet: Quiet = False,
) -> None:
    """Count your own ACLED export by country, actor and region, and write a snapshot to score with; never bundled."""
    from ..ingest.acled import fetch_acled as fetch_job  # noqa: PLC0415  # geopandas is slow to import
    from ..ingest.counted_regions import RegionsWanted  # noqa: PLC0415

    progress = Progress.on_stderr(quiet=quiet)
    fetched = fetch_job(
        settings_with(boundaries=boundaries),
        progress,
        file=file,
        today=today(),
        through=day_in(through, option="--through"),
        regions=RegionsWanted(None, id_column, dissolve_in(dissolve or ())),
        out=out,
    )
    _tell(fetched, progress)


def _tell(fetched: Fetched, progress: Progress) -> None:
    from .printing import console, print_fetched  # noqa: PLC0415

    for warning in fetched.warnings:
        progress.warn(warning)
    print_fetched(fetched, console(120))


@fetch_app.command("boundaries")
def boundaries(
    file: Annotated[
        Path | None, typer.Option(help="Polygons that you have (GeoJSON, GeoPackage, zipped shapefile).")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="GeoPackage to write. [default: in the user's data folder]")] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Folder in which the download is kept. [default: the user's cache]")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Fetch Natural Earth's admin-1 polygons, so that the brief draws regions by their outlines."""
    from ..ingest.boundaries import fetch_boundaries  # noqa: PLC0415  # geopandas is slow to import
    from ..ingest.boundaries_at_hand import kept_boundaries  # noqa: PLC0415

    settings = settings_with()
    fetched = fetch_boundaries(settings, Progress.on_stderr(quiet=quiet), file=file, out=out, cache=cache)
    typer.echo(f"{fetched.polygons:,} polygons in {fetched.file}")
    kept = fetched.file == kept_boundaries(settings)
    typer.echo(f"draw a brief with them: faultline report{'' if kept else f' --boundaries {fetched.file}'}")
