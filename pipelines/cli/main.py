"""The command line: all commands in one app, and the exit codes of what they raise.

Exit codes: 0 done, 1 our fault, 2 bad input or usage, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
import traceback
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from ...features.errors import FaultlineError, IncoherentError, LookAheadError
from ..base.system_faults import system_fault
from .alerts import alerts, trigger_sheet
from .data import case_study_app, data_app, fragmentation_app, snapshot_app
from .effects import effects
from .export import challenge, export
from .facts import facts_app
from .fetch import fetch_app
from .models import models_app, panel_app, run
from .options import BAD_INPUT
from .precedents import precedents
from .record import backfill, track_record
from .report import report
from .scenario import scenario
from .tune import backtest, evaluate, gate, weigh

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["app", "main"]

app = typer.Typer(
    name="faultline",
    help="Forecast regional political violence and state fragmentation, month by month.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (export, report, alerts, trigger_sheet, gate, effects, weigh, challenge, run, evaluate, backtest):
    app.command()(command)
for command in (scenario, backfill, track_record, precedents):
    app.command()(command)
app.add_typer(snapshot_app, name="snapshot")
app.add_typer(fetch_app, name="fetch")
app.add_typer(models_app)
app.add_typer(panel_app, name="panel")
app.add_typer(data_app, name="data")
app.add_typer(facts_app, name="facts")
app.add_typer(fragmentation_app, name="fragmentation")
app.add_typer(case_study_app, name="case-study")

OUR_FAULT, INTERRUPTED = 1, 130


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"faultline {version('faultline')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Forecast regional political violence and state fragmentation, month by month."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    os.environ["MLFLOW_ALLOW_PICKLE_DESERIALIZATION"] = "false"  # whatever the user allows elsewhere
    try:
        app(args=arguments)  # exits by itself: 0 done, 2 bad usage, 130 interrupted
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            console.print("error: interrupted.", style="red")
        raise
    except (LookAheadError, IncoherentError) as error:
        console.print(f"error (ours): {error}", style="red", markup=False)
        sys.exit(OUR_FAULT)
    except FaultlineError as error:
        console.print(f"error: {error}", style="red", markup=False)
        sys.exit(BAD_INPUT)
    except Exception as error:  # noqa: BLE001  # the last door: whatever else happens is our fault and is said so
        if fault := system_fault(error):
            console.print(f"error: {fault}", style="red", markup=False)
            sys.exit(BAD_INPUT)
        traceback.print_exc()
        console.print("error (ours): this should not happen; please report it with the lines above", style="red")
        sys.exit(OUR_FAULT)
