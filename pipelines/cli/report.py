"""The command `report`: the brief of an issue made again, without training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..base.progress import Progress
from .options import IssuesFolder, MapBoundaries, OtherSnapshot, OwnFactsFiles, Quiet, month_in, settings_with

__all__ = ["report"]


def report(
    issue: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Issue to report. [default: the latest in the folder]")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the brief: en or fr. [default: en]")] = None,
    out: IssuesFolder = None,
    to: Annotated[Path | None, typer.Option(help="File to write. [default: the brief in the issue's folder]")] = None,
    boundaries: MapBoundaries = None,
    snapshot: OtherSnapshot = None,
    facts: OwnFactsFiles = None,
    quiet: Quiet = False,
) -> None:
    """Make the brief of an issue again from its files: another language, other boundaries, no training."""
    from ..jobs.rebrief import rebrief  # noqa: PLC0415  # pandas and altair are slow to import

    settings = settings_with(lang=lang, out=out, boundaries=boundaries, snapshot=snapshot, facts=facts)
    month = month_in(issue, option="--issue")
    typer.echo(rebrief(settings, Progress.on_stderr(quiet=quiet), issue=month, to=to))
