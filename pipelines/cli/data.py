"""Commands that show and build data: `snapshot`, `data`, `fragmentation`, `case-study`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...features.errors import ConfigError
from ..base.progress import Progress
from .options import BAD_INPUT, OwnFactsFiles, Quiet, settings_with, today

__all__ = ["case_study_app", "data_app", "fragmentation_app", "snapshot_app"]

snapshot_app = typer.Typer(no_args_is_help=True, help="The bundled tables of figures.")
data_app = typer.Typer(no_args_is_help=True, help="What the data hold.")
fragmentation_app = typer.Typer(no_args_is_help=True, help="How divided countries are.")
case_study_app = typer.Typer(no_args_is_help=True, help="What the model said before, beside what happened.")


@snapshot_app.command("build")
def snapshot_build(
    source: Annotated[Path, typer.Option("--from", help="Folder with the source data.")],
    out: Annotated[Path | None, typer.Option(help="Folder to write. [default: the package's own]")] = None,
    quiet: Quiet = False,
) -> None:
    """Count the bundled tables from the source data."""
    from ...features.tables.snapshot import BUNDLED  # noqa: PLC0415  # pandas is slow to import
    from ..ingest.snapshot import build_snapshot  # noqa: PLC0415  # geopandas too

    build_snapshot(source, out or BUNDLED, progress=Progress.on_stderr(quiet=quiet))


@data_app.command("check")
def data_check(
    folder: Annotated[Path | None, typer.Option("--snapshot", help="Folder of another snapshot.")] = None,
) -> None:
    """Show source, coverage and age of every table; exit with 2 if one breaks its contract."""
    from ..ingest.data_check import check_data  # noqa: PLC0415  # pandas is slow to import
    from .printing import console, print_findings  # noqa: PLC0415

    findings = check_data(settings_with(snapshot=folder).snapshot, today=today())
    print_findings(findings, console(150))
    if any(finding.fault for finding in findings):
        raise typer.Exit(BAD_INPUT)


@data_app.command("timeline")
def data_timeline(
    country: Annotated[str, typer.Argument(metavar="ISO3", help="Country, ISO 3166-1 alpha-3, such as MLI.")],
    out: Annotated[Path, typer.Option(help="Folder for the PNG and the SVG.")] = Path(),
    first: Annotated[int, typer.Option(min=1989, max=2100, help="First year.")] = 2012,
    last: Annotated[int, typer.Option(min=1989, max=2100, help="Last year.")] = 2025,
    facts: OwnFactsFiles = None,
) -> None:
    """Draw deaths, coups, steps of transition and foreign forces of a country on one time axis."""
    from ..figures.timeline import write_timeline  # noqa: PLC0415  # pandas and altair are slow to import
    from ..ingest.own_facts import snapshot_of  # noqa: PLC0415
    from ..issue.facts_in_words import timeline  # noqa: PLC0415

    code = country.strip().upper()
    shown = timeline(snapshot_of(settings_with(facts=facts)), code, first=first, last=last)
    for file in write_timeline(shown, out, iso3=code):
        typer.echo(file)


@data_app.command("revisions")
def data_revisions(
    countries: Annotated[
        list[str] | None, typer.Argument(metavar="[ISO3]...", help="Countries, such as MLI SDN. [default: all]")
    ] = None,
    folder: Annotated[Path | None, typer.Option("--snapshot", help="Folder of another snapshot.")] = None,
) -> None:
    """Say how candidate counts of countries were revised, and where the final count of provisional months would lie."""
    from ..figures.revisions import revisions  # noqa: PLC0415  # pandas is slow to import
    from ..report.revisions import revision_sentences  # noqa: PLC0415
    from ..report.wording import Wording  # noqa: PLC0415

    codes = [code.strip().upper() for code in countries or ()]
    told = revision_sentences(
        revisions(codes or None, snapshot=settings_with(snapshot=folder).snapshot), Wording.of("en")
    )
    for code in codes or told:
        typer.echo(f"{code}: {' '.join(told.get(code, ())) or 'no provisional deaths, or no final count to go by.'}")


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
        Path | None, typer.Option(help="CSV of region_id and population: TFI and share by people besides.")
    ] = None,
) -> None:
    """Print and draw how divided countries were, year by year."""
    from ...features.tables.snapshot import load_snapshot  # noqa: PLC0415  # pandas is slow to import
    from ..figures.fragmentation import draw_history, history  # noqa: PLC0415  # altair too
    from .printing import console, print_history  # noqa: PLC0415

    codes = tuple(code.strip().upper() for code in countries)
    settings = settings_with()
    table = history(load_snapshot(settings.snapshot), codes, population=population or settings.population)
    print_history(table, console(120))
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"fragmentation-{'-'.join(codes).lower()}.png"
    draw_history(table, file)
    typer.echo(file)


@case_study_app.command("mali")
def case_study_mali(
    out: Annotated[Path, typer.Option(help="Folder of the page and its pictures.")] = Path("docs"),
    quiet: Quiet = False,
) -> None:
    """Write the case study of Mali, August 2021 to the end of 2023, from the data."""
    from ...features.tables.snapshot import load_snapshot  # noqa: PLC0415  # pandas is slow to import
    from ..cases.case_study import write_case_study  # noqa: PLC0415

    settings = settings_with()
    for file in write_case_study(settings, load_snapshot(settings.snapshot), out, Progress.on_stderr(quiet=quiet)):
        typer.echo(file)
