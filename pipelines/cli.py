"""The command line. Every command is a thin door to a function of the same name.

Exit codes: 0 done, 1 our fault, 2 bad input or usage, 130 interrupted.
"""

from __future__ import annotations

import sys
import traceback
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from ..features.errors import ConfigError, FaultlineError, LookAheadError
from ..features.months import parse_month
from .progress import Progress
from .settings import Settings

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
snapshot_app = typer.Typer(no_args_is_help=True, help="The bundled tables of figures.")
app.add_typer(snapshot_app, name="snapshot")

BAD_INPUT, OUR_FAULT = 2, 1


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
        Path | None, typer.Option(help="Admin-1 polygons (GeoJSON, GeoPackage) to draw regions with.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Score the months after the origin: train, track, register, score, export and brief."""
    from .run import run as run_job  # noqa: PLC0415  # so that --help does not wait for MLflow
    from .summary import print_summary  # noqa: PLC0415

    settings = _settings(out=out, boundaries=boundaries)
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
    print_summary(issued, settings, Console(highlight=False))


@snapshot_app.command("build")
def snapshot_build(
    source: Annotated[Path, typer.Option("--from", help="Folder with the source data.")],
    out: Annotated[Path | None, typer.Option(help="Folder to write. [default: the package's own]")] = None,
    quiet: Quiet = False,
) -> None:
    """Count the bundled tables from the source data."""
    from ..features.snapshot import BUNDLED  # noqa: PLC0415  # pandas is slow to import
    from .snapshot import build_snapshot  # noqa: PLC0415  # geopandas too

    progress = Progress.on_stderr(quiet=quiet)
    build_snapshot(source, out or BUNDLED, progress=progress)


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
    try:
        app(args=arguments)  # exits by itself: 0 done, 2 bad usage, 130 interrupted
    except LookAheadError as error:
        console.print(f"error (ours): {error}", style="red", markup=False)
        sys.exit(OUR_FAULT)
    except FaultlineError as error:
        console.print(f"error: {error}", style="red", markup=False)
        sys.exit(BAD_INPUT)
    except Exception:  # noqa: BLE001  # the last door: whatever else happens is our fault and is said so
        traceback.print_exc()
        console.print("error (ours): this should not happen; please report it with the lines above", style="red")
        sys.exit(OUR_FAULT)
