"""Commands of the track record: `backfill`, `track-record`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..base.progress import Progress
from .options import IssuesFolder, OtherSnapshot, Quiet, settings_with

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

__all__ = ["backfill", "track_record"]


def backfill(
    months: Annotated[int, typer.Option(min=1, help="Origins of each level to forecast from again.")] = 36,
    out: Annotated[
        Path | None, typer.Option(help="File to write. [default: the package's own, which the track record reads]")
    ] = None,
    snapshot: OtherSnapshot = None,
    quiet: Quiet = False,
) -> None:
    """Make the forecasts of past origins again, each from what was known then: the track record of a first issue."""
    from ..issue.backfilled import BACKFILLED  # noqa: PLC0415  # pandas is slow to import
    from ..jobs.backfill import backfill as backfill_job  # noqa: PLC0415

    settings, progress = settings_with(snapshot=snapshot), Progress.on_stderr(quiet=quiet)
    typer.echo(backfill_job(settings, progress, months=months, to=out or BACKFILLED))


def track_record(
    units: Annotated[
        list[str] | None,
        typer.Argument(metavar="[UNIT]...", help="Countries or regions, by code or name. [default: how the lists did]"),
    ] = None,
    out: IssuesFolder = None,
    snapshot: OtherSnapshot = None,
) -> None:
    """Say what was forecast and what happened: of units, or of the lists of what to watch."""
    from ..figures.record import list_records, said_and_happened  # noqa: PLC0415  # pandas is slow to import
    from .printing import console  # noqa: PLC0415

    settings = settings_with(out=out, snapshot=snapshot)
    if not units:
        typer.echo("of the units that each list named in its latest issues, how many saw it:")
        console(120).print(_lists(list_records(out=settings.out, snapshot=settings.snapshot)))
        return
    for unit in units:
        told = said_and_happened(unit, out=settings.out, snapshot=settings.snapshot)
        for line in told.sentences:
            typer.echo(line)
        console(120).print(_windows(told.windows))


def _lists(record: pd.DataFrame) -> Table:
    table = _table("level", "list", "target", "months", "issues", "named", "happened", "share", "base rate")
    for row in record.to_dict("records"):
        table.add_row(
            *("region" if row["admin_level"] else "country", row["list"], row["target"], str(row["horizon_months"])),
            *(f"{row['issues']}, to {row['last_issue']}", str(row["named"]), str(row["happened"])),
            *(f"{row['happened'] / row['named']:.0%}", f"{row['base_rate']:.1%}"),
        )
    return table


def _windows(rows: pd.DataFrame) -> Table:
    from .closing import percent  # noqa: PLC0415  # as above

    table = _table("months", "25 deaths or more: said", "happened", "deaths: expected (90 % range)", "recorded")
    for row in rows.to_dict("records"):
        told = row["inside"] in {True, False}  # else deaths were not spoken of
        expected = f"{row['q50']:,.0f} ({row['q05']:,.0f} to {row['q95']:,.0f})" if told else ""
        table.add_row(
            f"{row['reference_period_start']:%Y-%m} to {row['reference_period_end']:%Y-%m}",
            *(percent(row["probability"]), "yes" if row["outcome"] else "no", expected, f"{row['deaths']:,.0f}"),
        )
    return table


def _table(*columns: str) -> Table:
    from rich.table import Table  # noqa: PLC0415  # as above

    table = Table()
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", no_wrap=True)
    return table
