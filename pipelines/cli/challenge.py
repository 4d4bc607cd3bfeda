"""The command line's `challenge`: samples in the layout of the ViEWS prediction challenge."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...features.errors import ConfigError
from ...features.months import parse_month
from ..base.progress import Progress
from ..base.settings import Settings

__all__ = ["challenge"]


def challenge(
    origin: Annotated[str, typer.Option(metavar="YYYY-MM", help="Last month of data; October by the protocol.")],
    out: Annotated[Path, typer.Option(help="File of samples, .parquet or .csv.")] = Path("challenge.parquet"),
    crosswalk: Annotated[
        Path | None,
        typer.Option(help="CSV with gwno and the challenge's country_id. [default: gwno stands as country_id]"),
    ] = None,
    actuals: Annotated[Path | None, typer.Option(help="Write what happened there too, .parquet or .csv.")] = None,
    forecaster: Annotated[
        str, typer.Option(help="Forecaster of deaths, such as pool, hurdle or conflictology.")
    ] = "pool",
    outcome: Annotated[str, typer.Option(help="sb_deaths (state-based), ns_, os_deaths or deaths.")] = "sb_deaths",
    draws: Annotated[int, typer.Option(min=1, max=10_000, help="Samples of each country and month.")] = 1_000,
    snapshot: Annotated[Path | None, typer.Option(help="Folder of another snapshot.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings and the result.")] = False,
) -> None:
    """Write samples of January to December of the year after the origin, in the ViEWS challenge's layout."""
    from ..evaluate.challenge import challenge as run  # noqa: PLC0415  # pandas is slow to import
    from ..evaluate.challenge import read_crosswalk, write_challenge  # noqa: PLC0415

    for file in (out, actuals):
        if file is not None and file.suffix not in (".csv", ".parquet"):
            msg = f"{file}: the name must end in .csv or .parquet."
            raise ConfigError(msg)
    progress = Progress.on_stderr(quiet=quiet)
    found = run(
        Settings() if snapshot is None else Settings(snapshot=snapshot),  # pyright: ignore[reportCallIssue]
        progress,
        origin=parse_month(origin, option="--origin"),
        crosswalk=read_crosswalk(crosswalk) if crosswalk else None,
        forecaster=forecaster,
        outcome=outcome,
        draws=draws,
    )
    if crosswalk is None:
        progress.warn("no --crosswalk was given: country_id holds Gleditsch-Ward numbers, which are not ViEWS's ids.")
    if found.left_out:
        progress.warn(f"the crosswalk lacks, and the file leaves out: {', '.join(found.left_out)}.")
    typer.echo(write_challenge(found.samples, out))
    if actuals is not None:
        typer.echo(write_challenge(found.actuals, actuals))
