"""The command line's work with registered models: promote, roll back, score, export, bundle, look."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from ...features.errors import ConfigError
from ...features.months import parse_month
from ..base.progress import Progress
from ..base.settings import Settings

__all__ = ["models_app", "panel_app"]

models_app = typer.Typer()
panel_app = typer.Typer(no_args_is_help=True, help="Files that registered models can be asked about.")

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings and the result.")]
Origin = Annotated[
    str, typer.Option(metavar="YYYY-MM", help="Score as of the end of this month, using nothing known later.")
]
OtherSnapshot = Annotated[
    Path | None, typer.Option(help="Folder of another snapshot, such as `faultline fetch` writes.")
]


def _settings(**given: Any) -> Settings:
    return Settings(**{name: value for name, value in given.items() if value is not None})


def _console() -> Console:
    return Console(highlight=False, width=None if sys.stdout.isatty() else 120)


@models_app.command()
def promote(
    models: Annotated[
        list[str] | None, typer.Argument(metavar="[MODEL]...", help="Registered models. [default: all]")
    ] = None,
    version: Annotated[str | None, typer.Option(help="The challenger. [default: the newest version]")] = None,
    force: Annotated[bool, typer.Option("--force", help="Promote it whatever the comparison says.")] = False,
    because: Annotated[str, typer.Option(help="Why it is forced.")] = "",
) -> None:
    """Make the newest version the champion if it beats persistence, a plain competitor and the champion."""
    if force != bool(because.strip()):
        msg = "--force needs the reason in --because, and --because goes with --force."
        raise ConfigError(msg)
    from ..track.promotion import print_decisions  # noqa: PLC0415  # MLflow is slow to import
    from ..track.promotion import promote as promote_model  # noqa: PLC0415
    from ..track.registry import model_names  # noqa: PLC0415
    from ..track.store import open_store  # noqa: PLC0415

    store = open_store(_settings())
    names = models or model_names(store)
    if not names:
        msg = f"no model is registered in {store.uri}; train and register models with `faultline run`."
        raise ConfigError(msg)
    for name in names:
        decision = promote_model(store, name, version=version, because=because.strip() or None)
        print_decisions([decision], _console())


@models_app.command()
def rollback(
    model: Annotated[str, typer.Argument(help="Registered model.")],
    because: Annotated[str, typer.Option(help="Why.")],
) -> None:
    """Make the champion before the present one the champion again."""
    from ..track.promotion import rollback as roll_back  # noqa: PLC0415  # MLflow is slow to import
    from ..track.store import open_store  # noqa: PLC0415

    typer.echo(roll_back(open_store(_settings()), model, because=because))


@models_app.command()
def score(
    origin: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM",
            help="Score as of the end of this month, using nothing known later. [default: the last month of data]",
        ),
    ] = None,
    reissue: Annotated[
        bool, typer.Option("--reissue", help="Issue a month again; the old issue is kept in superseded/.")
    ] = False,
    bundle: Annotated[
        Path | None, typer.Option(help="Score with the champions and the data of this bundle, without a store.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the issues. [default: predictions]")] = None,
    snapshot: OtherSnapshot = None,
    boundaries: Annotated[
        Path | None,
        typer.Option(
            help="Admin-1 polygons (GeoJSON, GeoPackage) to draw regions with. [default: those fetched, if they fit]"
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Score a month with the champions, without training, and write its issue."""
    from ..jobs.scoring import score_from_bundle, score_from_store  # noqa: PLC0415  # MLflow is slow to import
    from ..report.closing import print_summary  # noqa: PLC0415

    settings = _settings(out=out, snapshot=snapshot, boundaries=boundaries)
    progress = Progress.on_stderr(quiet=quiet)
    month = parse_month(origin, option="--origin") if origin else None
    today = date.today()  # noqa: DTZ011  # the user's own day
    if bundle is None:
        issued = score_from_store(settings, progress, origin=month, made_on=today, reissue=reissue)
    else:
        issued = score_from_bundle(bundle, settings, progress, origin=month, made_on=today, reissue=reissue)
    for warning in issued.warnings:
        progress.warn(warning)
    print_summary(issued, settings, _console(), bundle=bundle)


@models_app.command()
def bundle(
    out: Annotated[Path, typer.Option(help="Archive to write, .tar.gz.")],
    origin: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Month of the scores in it. [default: the last month of data]")
    ] = None,
    snapshot: OtherSnapshot = None,
    quiet: Quiet = False,
) -> None:
    """Write champions, data and scores as one archive that another machine scores from, offline."""
    from ..jobs.scoring import make_bundle  # noqa: PLC0415  # MLflow is slow to import

    progress = Progress.on_stderr(quiet=quiet)
    month = parse_month(origin, option="--origin") if origin else None
    make_bundle(out, _settings(snapshot=snapshot), progress, origin=month)
    typer.echo(out)


@models_app.command()
def ui(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 5000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Open MLflow's UI on the store that the settings name, and print its address."""
    from ..track.ui import serve_ui  # noqa: PLC0415

    raise typer.Exit(serve_ui(_settings(), typer.echo, host=host, port=port))


@panel_app.command("export")
def panel_export(
    model: Annotated[str, typer.Argument(help="Registered model, such as faultline-country-violence_25.")],
    out: Annotated[Path, typer.Option(help="File to write: .csv, .parquet, or .json for `mlflow models serve`.")],
    version: Annotated[
        str | None, typer.Option(help="Version of the model. [default: the champion, or else the newest]")
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="Use nothing known after this month. [default: the last month of data]"),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Write every observed month from here on, not the last one.")
    ] = None,
    snapshot: OtherSnapshot = None,
) -> None:
    """Write the rows that a registered model takes, for `mlflow models predict` and `serve`."""
    from ..jobs.scoring import export_panel  # noqa: PLC0415  # MLflow is slow to import

    rows = export_panel(
        model,
        out,
        _settings(snapshot=snapshot),
        version=version,
        origin=parse_month(origin, option="--origin") if origin else None,
        since=parse_month(since, option="--since") if since else None,
    )
    typer.echo(f"{out}: {rows:,} rows")
