"""The command line's `export`: an issue in the formats that other people's tools read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..base.progress import Progress
from ..base.settings import Settings

__all__ = ["export"]


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
    out: Annotated[Path | None, typer.Option(help="Folder of the issues. [default: predictions]")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings and the result.")] = False,
) -> None:
    """Write an issue as CSV, Parquet, Excel, GeoJSON, GeoPackage, hubverse and ViEWS files."""
    from ...features.tables.snapshot import load_snapshot  # noqa: PLC0415  # pandas is slow to import
    from ..exports.build import ExportOptions, export_issue  # noqa: PLC0415
    from ..issue.opening import open_issue  # noqa: PLC0415

    settings = Settings()  # pyright: ignore[reportCallIssue]
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
        level=level,
        target=target,
        horizon=horizon,
        units=[unit.strip() for unit in units.split(",") if unit.strip()] if units else None,
    )
    typer.echo(folder)
