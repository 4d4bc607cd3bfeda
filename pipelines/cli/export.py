"""Commands that write forecasts for other people's tools: `export` an issue, and `challenge`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...features.errors import ConfigError
from ...features.months import parse_month
from ..base.progress import Progress
from .options import IssuesFolder, Quiet, names_in, settings_with

__all__ = ["challenge", "export"]


def export(
    issue: Annotated[
        str,
        typer.Option(
            help="latest, a month (2026-06), a folder, a zip or tar of one, a scores file, or an MLflow run "
            "(its id or runs:/ID)."
        ),
    ] = "latest",
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="csv, parquet, xlsx, geojson, gpkg, hubverse or views; again for more. [default: all]",
        ),
    ] = None,
    to: Annotated[Path, typer.Option(help="Folder below which issue=YYYY-MM is written.")] = Path("exports"),
    level: Annotated[str | None, typer.Option(help="Only this level: country or region.")] = None,
    target: Annotated[str | None, typer.Option(help="Only this target, such as violence_25.")] = None,
    horizon: Annotated[int | None, typer.Option(help="Only this horizon, in months.")] = None,
    units: Annotated[
        str | None, typer.Option(help="Only these countries or regions: codes or names, with commas between.")
    ] = None,
    windows: Annotated[
        str,
        typer.Option(
            help="data: the windows that follow on the data; today: those from the month after the issue date, "
            "where data ended months before it; all: both, told apart by months_between (CSV, Parquet and Excel)."
        ),
    ] = "data",
    boundaries: Annotated[
        Path | None,
        typer.Option(help="Admin-1 polygons (GeoJSON, GeoPackage): maps then hold polygons in place of points."),
    ] = None,
    team_model: Annotated[str, typer.Option(help="Name in hubverse: team-model.")] = "faultline-pool",
    country_ids: Annotated[
        Path | None,
        typer.Option(help="ViEWS's table of countries (CSV: id, gwcode). [default: Gleditsch-Ward numbers]"),
    ] = None,
    contact: Annotated[str, typer.Option(help="E-mail address in hubverse and the ViEWS submission.")] = "",
    hub_repository: Annotated[
        str, typer.Option(help="The hub's own repository on GitHub, in hubverse: owner/name. [default: none is named]")
    ] = "",
    out: IssuesFolder = None,
    quiet: Quiet = False,
) -> None:
    """Write an issue as CSV, Parquet, Excel, GeoJSON, GeoPackage, hubverse and ViEWS files."""
    from ...features.tables.snapshot import load_snapshot  # noqa: PLC0415  # pandas is slow to import
    from ..exports.build import ExportOptions, export_issue  # noqa: PLC0415
    from ..issue.opening import open_issue  # noqa: PLC0415

    settings = settings_with()
    folder = export_issue(
        open_issue(issue, out=out or settings.out),
        load_snapshot(settings.snapshot),
        to,
        Progress.on_stderr(quiet=quiet),
        formats=tuple(formats or ()),
        options=ExportOptions(
            boundaries=boundaries or settings.boundaries,
            team_model=team_model,
            country_ids=country_ids,
            contact=contact,
            hub_repository=hub_repository,
            seed=settings.seed,
        ),
        windows=windows,
        level=level,
        target=target,
        horizon=horizon,
        units=list(names_in(units)) if units else None,
    )
    typer.echo(folder)


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
    quiet: Quiet = False,
) -> None:
    """Write samples of January to December of the year after the origin, in the ViEWS challenge's layout."""
    from ..base.views_ids import read_views_ids  # noqa: PLC0415
    from ..evaluate.challenge import challenge as run  # noqa: PLC0415  # pandas is slow to import
    from ..evaluate.challenge import write_challenge  # noqa: PLC0415

    for file in (out, actuals):
        if file is not None and file.suffix not in (".csv", ".parquet"):
            msg = f"{file}: the name must end in .csv or .parquet."
            raise ConfigError(msg)
    progress = Progress.on_stderr(quiet=quiet)
    found = run(
        settings_with(snapshot=snapshot),
        progress,
        origin=parse_month(origin, option="--origin"),
        crosswalk=read_views_ids(crosswalk) if crosswalk else None,
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
