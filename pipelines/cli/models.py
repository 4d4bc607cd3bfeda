"""Commands that train and use models: run, score, promote, roll back, bundle, look, write what a model is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...features.errors import ConfigError
from ..base.progress import Progress
from .options import (
    HorizonList,
    IssuesFolder,
    LevelChoice,
    MapBoundaries,
    Month,
    OtherSnapshot,
    OwnFactsFiles,
    Quiet,
    horizons_in,
    month_in,
    names_in,
    settings_with,
    today,
)

__all__ = ["models_app", "panel_app", "run"]

models_app = typer.Typer()
panel_app = typer.Typer(no_args_is_help=True, help="Files that registered models can be asked about.")


def run(
    level: Annotated[LevelChoice, typer.Option(help="Level to score.")] = LevelChoice.all,
    countries: Annotated[
        str, typer.Option(help="Countries to score, ISO 3166-1 alpha-3 with commas between, such as MLI,BFA,NER.")
    ] = "",
    horizons: HorizonList = "1,3,6,12",
    origin: Month = None,
    out: IssuesFolder = None,
    boundaries: MapBoundaries = None,
    snapshot: OtherSnapshot = None,
    facts: OwnFactsFiles = None,
    lang: Annotated[str | None, typer.Option(help="Language of the brief: en or fr. [default: en]")] = None,
    quiet: Quiet = False,
) -> None:
    """Score the months after the origin: train, track, register, score, export and brief."""
    from ..jobs.run import run as run_job  # noqa: PLC0415  # so that --help does not wait for MLflow
    from .closing import print_summary  # noqa: PLC0415
    from .printing import console  # noqa: PLC0415

    settings = settings_with(out=out, boundaries=boundaries, snapshot=snapshot, facts=facts, lang=lang)
    progress = Progress.on_stderr(quiet=quiet)
    issued = run_job(
        settings,
        progress,
        levels=level.levels,
        countries=names_in(countries.upper()),
        horizons=horizons_in(horizons),
        origin=month_in(origin, option="--origin"),
    )
    for warning in issued.warnings:
        progress.warn(warning)
    print_summary(issued, settings, console(120))


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
    from ..track.promotion import promote as promote_model  # noqa: PLC0415  # MLflow is slow to import
    from ..track.registry import model_names  # noqa: PLC0415
    from ..track.store import open_store  # noqa: PLC0415

    store = open_store(settings_with())
    names = models or model_names(store)
    if not names:
        msg = f"no model is registered in {store.uri}; train and register models with `faultline run`."
        raise ConfigError(msg)
    for name in names:
        decision = promote_model(store, name, version=version, because=because.strip() or None)
        typer.echo(f"{decision.challenger.name}: {decision.reason}")


@models_app.command()
def rollback(
    model: Annotated[str, typer.Argument(help="Registered model.")],
    because: Annotated[str, typer.Option(help="Why.")],
) -> None:
    """Make the champion before the present one the champion again."""
    from ..track.promotion import rollback as roll_back  # noqa: PLC0415  # MLflow is slow to import
    from ..track.store import open_store  # noqa: PLC0415

    typer.echo(roll_back(open_store(settings_with()), model, because=because))


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
    out: IssuesFolder = None,
    snapshot: OtherSnapshot = None,
    facts: OwnFactsFiles = None,
    boundaries: MapBoundaries = None,
    quiet: Quiet = False,
) -> None:
    """Score a month with the champions, without training, and write its issue."""
    from ..jobs.scoring import score_from_bundle, score_from_store  # noqa: PLC0415  # MLflow is slow to import
    from .closing import print_summary  # noqa: PLC0415
    from .printing import console  # noqa: PLC0415

    settings = settings_with(out=out, snapshot=snapshot, facts=facts, boundaries=boundaries)
    progress = Progress.on_stderr(quiet=quiet)
    month = month_in(origin, option="--origin")
    if bundle is None:
        issued = score_from_store(settings, progress, origin=month, made_on=today(), reissue=reissue)
    else:
        issued = score_from_bundle(bundle, settings, progress, origin=month, made_on=today(), reissue=reissue)
    for warning in issued.warnings:
        progress.warn(warning)
    print_summary(issued, settings, console(120), bundle=bundle)


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
    month = month_in(origin, option="--origin")
    make_bundle(out, settings_with(snapshot=snapshot), progress, origin=month)
    typer.echo(out)


@models_app.command()
def ui(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 5000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Open MLflow's UI on the store that the settings name, and print its address."""
    from ..track.ui import serve_ui  # noqa: PLC0415

    raise typer.Exit(serve_ui(settings_with(), typer.echo, host=host, port=port))


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
        settings_with(snapshot=snapshot),
        version=version,
        origin=month_in(origin, option="--origin"),
        since=month_in(since, option="--since"),
    )
    typer.echo(f"{out}: {rows:,} rows")
