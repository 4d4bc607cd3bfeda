"""The command line's `fetch boundaries`: polygons of regions for the brief's maps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..base.progress import Progress
from ..base.settings import Settings
from ..ingest.boundaries_at_hand import kept_boundaries
from .fetch import fetch_app

__all__ = ["boundaries"]


@fetch_app.command("boundaries")
def boundaries(
    file: Annotated[
        Path | None, typer.Option(help="Polygons that you have (GeoJSON, GeoPackage, zipped shapefile).")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="GeoPackage to write. [default: in the user's data folder]")] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Folder in which the download is kept. [default: the user's cache]")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings and the result.")] = False,
) -> None:
    """Fetch Natural Earth's admin-1 polygons, so that the brief draws regions by their outlines."""
    from ..ingest.boundaries import fetch_boundaries  # noqa: PLC0415  # geopandas is slow to import

    settings = Settings()  # pyright: ignore[reportCallIssue]
    fetched = fetch_boundaries(settings, Progress.on_stderr(quiet=quiet), file=file, out=out, cache=cache)
    typer.echo(f"{fetched.polygons:,} polygons in {fetched.file}")
    kept = fetched.file == kept_boundaries(settings)
    typer.echo(f"draw a brief with them: faultline report{'' if kept else f' --boundaries {fetched.file}'}")
