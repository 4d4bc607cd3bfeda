"""Commands on alerts: what is worth a second look, and what a rule would have done in the past."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import IssuesFolder, LevelChoice, OtherSnapshot, settings_with

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

__all__ = ["alerts", "trigger_sheet"]

Rules = Annotated[Path | None, typer.Option(help="File of rules. [default: the package's own]")]


def alerts(
    issue: Annotated[str, typer.Option(help="Issue: latest, or YYYY-MM.")] = "latest",
    level: Annotated[LevelChoice, typer.Option(help="Level.")] = LevelChoice.all,
    units: Annotated[str, typer.Option(help="Countries or regions, with commas between. [default: all]")] = "",
    rules: Rules = None,
    csv: Annotated[Path | None, typer.Option(help="Write them to this file too.")] = None,
    out: IssuesFolder = None,
    snapshot: OtherSnapshot = None,
) -> None:
    """Say which units of an issue are worth a second look, and by which rule."""
    from ..base.csv_files import csv_file  # noqa: PLC0415  # pandas is slow to import
    from ..figures.alerts import alerts as find  # noqa: PLC0415
    from .printing import console  # noqa: PLC0415

    settings = settings_with(out=out, snapshot=snapshot)
    table = find(
        issue,
        level=level.levels[0] if len(level.levels) == 1 else None,
        units=[each.strip() for each in units.split(",") if each.strip()] or None,
        rules=rules,
        out=settings.out,
        snapshot=settings.snapshot,
    )
    if csv is not None:
        csv_file(table, csv)
    _print(table, console(120))


def trigger_sheet(
    rule: Annotated[str, typer.Argument(help="Name of the rule, such as novelty_3y.")],
    level: Annotated[LevelChoice, typer.Option(help="Level.")] = LevelChoice.country,
    rules: Rules = None,
    out: IssuesFolder = None,
    snapshot: OtherSnapshot = None,
) -> None:
    """Try a rule on the past: how often it would have fired, how often for nothing, how early, its worst miss."""
    from ..figures.alerts import trigger_sheet as try_rule  # noqa: PLC0415  # pandas is slow to import

    settings = settings_with(out=out, snapshot=snapshot)
    for each in level.levels:
        sheet = try_rule(rule, level=each, rules=rules, out=settings.out, snapshot=settings.snapshot)
        typer.echo(sheet.in_words())


def _print(table: pd.DataFrame, console: Console) -> None:
    """Show alerts, a table a level, and say where there is none."""
    from rich.table import Table  # noqa: PLC0415  # slow to import

    if table.empty:
        console.print(f"issue {table.attrs['issue']}: no rule fired")
    for number, rows in table.groupby("admin_level"):
        kind = "regions" if number else "countries"
        shown = Table(title=f"Alerts of issue {table.attrs['issue']}: {kind}", title_justify="left")
        region = number == 1
        for head in ("rule", "unit", *(("country",) if region else ()), "month", "value", "threshold"):
            shown.add_column(head, justify="right" if head in {"value", "threshold"} else "left")
        for row in rows.itertuples():
            names = (row.admin1_name, row.location_name) if region else (row.location_name,)
            numbers = _number(float(str(row.value))), _number(float(str(row.threshold)))
            shown.add_row(str(row.rule), *map(str, names), str(row.month), *numbers)
        console.print(shown)


def _number(value: float) -> str:
    return f"{value:.2f}" if 0 < value < 1 else f"{value:,.0f}"
