"""The command line's `report`: the brief of an issue made again, without training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...features.months import parse_month
from ..base.progress import Progress
from ..base.settings import Settings

__all__ = ["report"]


def report(
    issue: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Issue to report. [default: the latest in the folder]")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the brief: en or fr. [default: en]")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the issues. [default: predictions]")] = None,
    to: Annotated[Path | None, typer.Option(help="File to write. [default: the brief in the issue's folder]")] = None,
    boundaries: Annotated[
        Path | None,
        typer.Option(
            help="Admin-1 polygons (GeoJSON, GeoPackage) to draw regions with. [default: those fetched, if they fit]"
        ),
    ] = None,
    snapshot: Annotated[
        Path | None, typer.Option(help="Folder of another snapshot, such as `faultline fetch` writes.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings and the result.")] = False,
) -> None:
    """Make the brief of an issue again from its files: another language, other boundaries, no training."""
    from ..jobs.rebrief import rebrief  # noqa: PLC0415  # pandas and altair are slow to import

    given = {"lang": lang, "out": out, "boundaries": boundaries, "snapshot": snapshot}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})  # pyright: ignore[reportArgumentType]
    month = parse_month(issue, option="--issue") if issue else None
    typer.echo(rebrief(settings, Progress.on_stderr(quiet=quiet), issue=month, to=to))
