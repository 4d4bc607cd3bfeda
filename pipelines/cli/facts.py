"""The commands `facts`: an analyst's own facts, written down, checked, and compared with the bundled ones."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ...features.errors import ConfigError
from .options import settings_with

__all__ = ["facts_app"]

facts_app = typer.Typer(no_args_is_help=True, help="Facts of your own, laid over the bundled ones with --facts.")


class FactsTable(StrEnum):
    """Tables that a fact can belong to."""

    deployments = "deployments"
    transitions = "transitions"
    facts_coverage = "facts_coverage"


Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of your own facts.")]


@facts_app.command("add")
def facts_add(
    file: Annotated[Path, typer.Argument(help="File to add to; it is made if there is none.")],
    values: Annotated[list[str], typer.Argument(metavar="COLUMN=VALUE...", help="The fact; other columns stay empty.")],
    table: Annotated[
        FactsTable, typer.Option(help="Table that a new file belongs to; a file that is there has its own.")
    ] = FactsTable.deployments,
) -> None:
    """Add a fact to a file of your own, if it keeps the contract of the bundled ones."""
    from ..ingest.own_facts import add_fact  # noqa: PLC0415  # pandas is slow to import

    fact: dict[str, str] = {}
    for text in values:
        column, sign, value = text.partition("=")
        if not sign:
            msg = f"{text!r} is not COLUMN=VALUE, such as fact=departure."
            raise ConfigError(msg)
        fact[column.strip()] = value.strip()
    rows = add_fact(file, fact, table=table.value)
    typer.echo(f"{file}: {rows:,} facts")


@facts_app.command("check")
def facts_check(files: Files) -> None:
    """Check files of your own facts by the contract of the bundled ones; exit with 2 at the first fault."""
    from ..ingest.own_facts import facts_given, snapshot_of  # noqa: PLC0415  # pandas is slow to import

    laid = snapshot_of(settings_with(facts=files))
    for name, digest in facts_given(laid.provenance).items():
        typer.echo(f"{name}: passed, SHA-256 {digest}")


@facts_app.command("diff")
def facts_diff(files: Files) -> None:
    """Say what files of your own facts add to the bundled ones, and what they change."""
    from ...features.tables.snapshot import load_snapshot  # noqa: PLC0415  # pandas is slow to import
    from ..ingest.own_facts import differences, snapshot_of  # noqa: PLC0415

    settings = settings_with(facts=files)
    said = differences(load_snapshot(settings.snapshot), snapshot_of(settings))
    typer.echo("\n".join(said) or "nothing differs from the bundled facts")
