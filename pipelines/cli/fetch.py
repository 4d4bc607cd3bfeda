"""The command line's `fetch`: newer or fuller events than the bundled ones."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..base.progress import Progress
from ..base.settings import Settings

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
        typer.Option(help="Polygons of regions (GeoJSON, GeoPackage). [default: those of `fetch boundaries`]"),
    ] = None,
    region: Annotated[str, typer.Option(help="Part of the world whose regions are counted; world for all.")] = "africa",
    id_column: Annotated[
        str | None, typer.Option(help="Column of the polygons with the regions' codes. [default: found by its name]")
    ] = None,
    dissolve: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[ISO3=]COLUMN", help="Merge polygons by a column, such as BFA=region; again for other countries."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the snapshot. [default: the user's data folder]")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings and the result.")] = False,
) -> None:
    """Fetch UCDP's events, count them by country, actor and region, and write a snapshot to score with."""
    from datetime import date  # noqa: PLC0415

    from ..ingest.ucdp import fetch_ucdp as fetch_job  # noqa: PLC0415  # geopandas is slow to import
    from ..ingest.ucdp import parse_day, parse_dissolve, print_fetched  # noqa: PLC0415

    progress = Progress.on_stderr(quiet=quiet)
    fetched = fetch_job(
        Settings() if boundaries is None else Settings(boundaries=boundaries),  # pyright: ignore[reportCallIssue]
        progress,
        today=date.today(),  # noqa: DTZ011  # the user's own day
        files=tuple(file or ()),
        version=version,
        candidates=candidates,
        as_of=parse_day(as_of, option="--as-of") if as_of else None,
        cache=cache,
        world_region=None if region.casefold() == "world" else region,
        id_column=id_column,
        dissolve=parse_dissolve(dissolve or ()),
        out=out,
    )
    for warning in fetched.warnings:
        progress.warn(warning)
    print_fetched(fetched, Console(highlight=False, width=None if sys.stdout.isatty() else 120))


@fetch_app.command("acled")
def fetch_acled(
    file: Annotated[Path, typer.Option(help="Your own ACLED export: CSV, or zip that holds one; one row an event.")],
    boundaries: Annotated[
        Path | None,
        typer.Option(help="Polygons of regions (GeoJSON, GeoPackage). [default: those of `fetch boundaries`]"),
    ] = None,
    through: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="Last day that the export covers. [default: that of its newest event]"),
    ] = None,
    id_column: Annotated[
        str | None, typer.Option(help="Column of the polygons with the regions' codes. [default: found by its name]")
    ] = None,
    dissolve: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[ISO3=]COLUMN", help="Merge polygons by a column, such as BFA=region; again for other countries."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the snapshot. [default: the user's data folder]")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings and the result.")] = False,
) -> None:
    """Count your own ACLED export by country, actor and region, and write a snapshot to score with; never bundled."""
    from datetime import date  # noqa: PLC0415

    from ..ingest.acled import fetch_acled as fetch_job  # noqa: PLC0415
    from ..ingest.ucdp import parse_day, parse_dissolve, print_fetched  # noqa: PLC0415  # geopandas is slow to import

    progress = Progress.on_stderr(quiet=quiet)
    fetched = fetch_job(
        Settings() if boundaries is None else Settings(boundaries=boundaries),  # pyright: ignore[reportCallIssue]
        progress,
        file=file,
        today=date.today(),  # noqa: DTZ011  # the user's own day
        through=parse_day(through, option="--through") if through else None,
        id_column=id_column,
        dissolve=parse_dissolve(dissolve or ()),
        out=out,
    )
    for warning in fetched.warnings:
        progress.warn(warning)
    print_fetched(fetched, Console(highlight=False, width=None if sys.stdout.isatty() else 120))
