"""The command line. Every command is a thin door to a function of the same name.

Exit codes: 0 done, 1 our fault, 2 bad input or usage, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
import traceback
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from ...features.errors import ConfigError, FaultlineError, IncoherentError, LookAheadError
from ...features.months import parse_month
from ..base.progress import Progress
from ..base.settings import Settings
from ..base.system_faults import system_fault
from . import boundaries as cli_boundaries  # noqa: F401  # adds `fetch boundaries`
from .challenge import challenge
from .export import export
from .fetch import fetch_app
from .gate import gate
from .models import models_app, panel_app
from .report import report
from .weigh import weigh

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["app", "main"]

app = typer.Typer(
    name="faultline",
    help="Forecast regional political violence and state fragmentation, month by month.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
snapshot_app = typer.Typer(no_args_is_help=True, help="The bundled tables of figures.")
app.add_typer(snapshot_app, name="snapshot")
app.add_typer(fetch_app, name="fetch")
app.command()(export)
app.command()(report)
app.command()(gate)
app.command()(weigh)
app.command()(challenge)
app.add_typer(models_app)
app.add_typer(panel_app, name="panel")
data_app = typer.Typer(no_args_is_help=True, help="What the data hold.")
app.add_typer(data_app, name="data")
fragmentation_app = typer.Typer(no_args_is_help=True, help="How divided countries are.")
app.add_typer(fragmentation_app, name="fragmentation")
case_study_app = typer.Typer(no_args_is_help=True, help="What the model said before, beside what happened.")
app.add_typer(case_study_app, name="case-study")

BAD_INPUT, OUR_FAULT, INTERRUPTED = 2, 1, 130


class LevelChoice(StrEnum):
    """Levels that can be scored."""

    country = "country"
    region = "region"
    all = "all"


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


Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings and the result.")]


@app.command()
def run(
    level: Annotated[LevelChoice, typer.Option(help="Level to score.")] = LevelChoice.all,
    countries: Annotated[
        str, typer.Option(help="Countries to score, ISO 3166-1 alpha-3 with commas between, such as MLI,BFA,NER.")
    ] = "",
    horizons: Annotated[str, typer.Option(help="Horizons in months, with commas between.")] = "1,3,6,12",
    origin: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="Score as of the end of this month, using nothing known later."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the issues. [default: predictions]")] = None,
    boundaries: Annotated[
        Path | None,
        typer.Option(
            help="Admin-1 polygons (GeoJSON, GeoPackage) to draw regions with. [default: those fetched, if they fit]"
        ),
    ] = None,
    snapshot: Annotated[
        Path | None, typer.Option(help="Folder of another snapshot, such as `faultline fetch` writes.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the brief: en or fr. [default: en]")] = None,
    quiet: Quiet = False,
) -> None:
    """Score the months after the origin: train, track, register, score, export and brief."""
    from ..jobs.run import run as run_job  # noqa: PLC0415  # so that --help does not wait for MLflow
    from ..report.closing import print_summary  # noqa: PLC0415

    settings = _settings(out=out, boundaries=boundaries, snapshot=snapshot, lang=lang)
    progress = Progress.on_stderr(quiet=quiet)
    issued = run_job(
        settings,
        progress,
        levels=("country", "region") if level is LevelChoice.all else (level.value,),
        countries=tuple(code.strip().upper() for code in countries.split(",") if code.strip()),
        horizons=_horizons(horizons),
        origin=parse_month(origin, option="--origin") if origin else None,
    )
    for warning in issued.warnings:
        progress.warn(warning)
    print_summary(issued, settings, Console(highlight=False, width=None if sys.stdout.isatty() else 120))


@snapshot_app.command("build")
def snapshot_build(
    source: Annotated[Path, typer.Option("--from", help="Folder with the source data.")],
    out: Annotated[Path | None, typer.Option(help="Folder to write. [default: the package's own]")] = None,
    quiet: Quiet = False,
) -> None:
    """Count the bundled tables from the source data."""
    from ...features.tables.snapshot import BUNDLED  # noqa: PLC0415  # pandas is slow to import
    from ..ingest.snapshot import build_snapshot  # noqa: PLC0415  # geopandas too

    progress = Progress.on_stderr(quiet=quiet)
    build_snapshot(source, out or BUNDLED, progress=progress)


@data_app.command("check")
def data_check(
    folder: Annotated[Path | None, typer.Option("--snapshot", help="Folder of another snapshot.")] = None,
) -> None:
    """Show source, coverage and age of every table; exit with 2 if one breaks its contract."""
    from datetime import date  # noqa: PLC0415

    from ..ingest.data_check import check_data, print_findings  # noqa: PLC0415  # pandas is slow to import

    settings = _settings(snapshot=folder)
    findings = check_data(settings.snapshot, today=date.today())  # noqa: DTZ011  # the user's own day
    # Into a file or a pipe the table is written in full, for it has no terminal's width to fit.
    print_findings(findings, Console(highlight=False, width=None if sys.stdout.isatty() else 150))
    if any(finding.fault for finding in findings):
        raise typer.Exit(BAD_INPUT)


@data_app.command("timeline")
def data_timeline(
    country: Annotated[str, typer.Argument(metavar="ISO3", help="Country, ISO 3166-1 alpha-3, such as MLI.")],
    out: Annotated[Path, typer.Option(help="Folder for the PNG and the SVG.")] = Path(),
    first: Annotated[int, typer.Option(min=1989, max=2100, help="First year.")] = 2012,
    last: Annotated[int, typer.Option(min=1989, max=2100, help="Last year.")] = 2025,
) -> None:
    """Draw deaths, coups, steps of transition and foreign forces of a country on one time axis."""
    from ...features.tables.snapshot import load_snapshot  # noqa: PLC0415  # pandas is slow to import
    from ..figures.timeline import write_timeline  # noqa: PLC0415  # altair is slow too
    from ..issue.facts_in_words import timeline  # noqa: PLC0415

    code = country.strip().upper()
    shown = timeline(load_snapshot(_settings().snapshot), code, first=first, last=last)
    for file in write_timeline(shown, out, iso3=code):
        typer.echo(file)


@data_app.command("dictionary")
def data_dictionary(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 2 if the page is out of date.")
    ] = False,
    out: Annotated[Path, typer.Option(help="File to write.")] = Path("docs/data-dictionary.md"),
) -> None:
    """Write the data dictionary from the contracts, the feature blocks and the targets."""
    from ..ingest.dictionary import is_current, write_dictionary  # noqa: PLC0415  # pandas is slow to import

    if not check:
        write_dictionary(out)
    elif not is_current(out):
        msg = f"{out} is out of date; write it with `faultline data dictionary`."
        raise ConfigError(msg)


@fragmentation_app.command("history")
def fragmentation_history(
    countries: Annotated[list[str], typer.Argument(metavar="ISO3...", help="Countries, such as NGA SDN.")],
    out: Annotated[Path, typer.Option(help="Folder for the PNG.")] = Path(),
    population: Annotated[
        Path | None, typer.Option(help="CSV of region_id and population: TFI by people besides.")
    ] = None,
) -> None:
    """Print and draw how divided countries were, year by year."""
    from ...features.tables.snapshot import load_snapshot  # noqa: PLC0415  # pandas is slow to import
    from ..figures.fragmentation import draw_history, history, print_history  # noqa: PLC0415  # altair too

    codes = tuple(code.strip().upper() for code in countries)
    table = history(load_snapshot(_settings().snapshot), codes, population=population)
    print_history(table, Console(highlight=False, width=None if sys.stdout.isatty() else 120))
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"fragmentation-{'-'.join(codes).lower()}.png"
    draw_history(table, file)
    typer.echo(file)


@app.command()
def evaluate(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FORECASTS... ACTUALS",
            help="Files of forecasts (ViEWS samples, hubverse, flat table; CSV or Parquet), then the file of outcomes.",
        ),
    ],
    csv: Annotated[Path | None, typer.Option(help="Write the table to this CSV as well.")] = None,
) -> None:
    """Score forecast files against outcomes: several files give one side-by-side table."""
    from ..base.csv_files import csv_file  # noqa: PLC0415  # pandas is slow to import
    from ..evaluate.evaluate import evaluate_files, print_table  # noqa: PLC0415

    if len(files) < 2:  # noqa: PLR2004  # at least one of either
        msg = "evaluate takes one or more files of forecasts and then the file of outcomes."
        raise ConfigError(msg)
    table = evaluate_files(files[:-1], files[-1], seed=_settings().seed)
    print_table(table, Console(highlight=False, width=None if sys.stdout.isatty() else 150))
    if csv:
        csv_file(table, csv)


@app.command()
def backtest(
    level: Annotated[LevelChoice, typer.Option(help="Level to forecast; all: both in turn.")] = LevelChoice.country,
    targets: Annotated[
        str, typer.Option(help="Targets, with commas between; deaths and deaths_sb go 1 to 14 months ahead.")
    ] = "violence_1,violence_25,escalation",
    horizons: Annotated[str, typer.Option(help="Horizons in months, with commas between.")] = "1,3,6,12",
    first: Annotated[int, typer.Option(min=1995, max=2100, help="First year scored.")] = 2018,
    last: Annotated[int, typer.Option(min=1995, max=2100, help="Last year scored.")] = 2025,
    out: Annotated[Path, typer.Option(help="Folder of the parts and tables.")] = Path("backtest"),
    no_track: Annotated[bool, typer.Option("--no-track", help="Leave MLflow out.")] = False,
    quiet: Quiet = False,
) -> None:
    """Forecast past years as they would have been, every forecaster side by side; a killed run goes on."""
    from ..jobs.backtesting import check_targets, run_backtests  # noqa: PLC0415  # pandas is slow to import

    named = tuple(name.strip() for name in targets.split(",") if name.strip())
    levels = ("country", "region") if level is LevelChoice.all else (level.value,)
    check_targets(levels, named)
    for each in levels:
        for page in run_backtests(
            _settings(),
            Progress.on_stderr(quiet=quiet),
            level=each,
            targets=named,
            horizons=_horizons(horizons),
            first=first,
            last=last,
            out=out,
            track=not no_track,
        ):
            typer.echo(page)


@app.command()
def scenario(
    country: Annotated[str, typer.Argument(metavar="ISO3", help="Country, ISO 3166-1 alpha-3, such as MLI.")],
    end_deployment: Annotated[
        list[str] | None,
        typer.Option(metavar="MISSION=YYYY-MM", help="Last month of a deployment, such as MINUSMA=2026-01."),
    ] = None,
    transition: Annotated[str | None, typer.Option(help="What happens to the transition: postponed or ended.")] = None,
    horizons: Annotated[str, typer.Option(help="Horizons in months, with commas between.")] = "3,12",
    origin: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="Score as of the end of this month, using nothing known later."),
    ] = None,
    all_blocks: Annotated[
        bool,
        typer.Option(
            "--all-blocks",
            help="Learn from the covariates that the gate refused too: no better a forecast, but they can move it.",
        ),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Score a country again under a stated change: the model's association, not a causal effect."""
    from ...features.tables.snapshot import load_snapshot  # noqa: PLC0415  # pandas is slow to import
    from ..cases.scenario import Changes, past_ends  # noqa: PLC0415
    from ..cases.scenario import scenario as run_scenario  # noqa: PLC0415
    from ..cases.scenario_table import print_comparison  # noqa: PLC0415

    settings, code = _settings(), country.strip().upper()
    ends = dict(_ends(text) for text in end_deployment or [])
    changes = Changes(ends, transition)
    snapshot = load_snapshot(settings.snapshot)
    month = parse_month(origin, option="--origin") if origin else None
    table = run_scenario(
        settings,
        snapshot,
        Progress.on_stderr(quiet=quiet),
        iso3=code,
        changes=changes,
        origin=month,
        horizons=_horizons(horizons),
        all_blocks=all_blocks,
    )
    asof = month or snapshot.country_month["month"].max().to_period("M")
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 150)
    left = past_ends(snapshot, code, changes, origin=asof)
    print_comparison(table, code, changes, asof, console, all_blocks=all_blocks, left=left)


def _ends(text: str) -> tuple[str, pd.Period]:
    mission, sign, month = text.rpartition("=")
    if not sign or not mission.strip():
        msg = f"--end-deployment: {text!r} is not MISSION=YYYY-MM, such as MINUSMA=2026-01."
        raise ConfigError(msg)
    return mission.strip(), parse_month(month, option="--end-deployment")


@case_study_app.command("mali")
def case_study_mali(
    out: Annotated[Path, typer.Option(help="Folder of the page and its pictures.")] = Path("docs"),
    quiet: Quiet = False,
) -> None:
    """Write the case study of Mali, August 2021 to the end of 2023, from the data."""
    from ...features.tables.snapshot import load_snapshot  # noqa: PLC0415  # pandas is slow to import
    from ..cases.case_study import write_case_study  # noqa: PLC0415

    settings = _settings()
    for file in write_case_study(settings, load_snapshot(settings.snapshot), out, Progress.on_stderr(quiet=quiet)):
        typer.echo(file)


def _settings(**given: object) -> Settings:
    return Settings(**{name: value for name, value in given.items() if value is not None})  # pyright: ignore[reportArgumentType]


def _horizons(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not all(part.isdigit() and 1 <= int(part) <= 36 for part in parts):  # noqa: PLR2004  # three years
        msg = f"--horizons: {text!r} is not a list of months from 1 to 36, such as 1,3,6,12."
        raise ConfigError(msg)
    return tuple(sorted({int(part) for part in parts}))


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
