"""A made command: how many tables the contracts name."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["toy"]


def toy(least: Annotated[int, typer.Option(help="Least that is told.")] = 0) -> None:
    """Count the tables that have a contract."""
    from faultline.features.tables.schemas import SCHEMAS  # noqa: PLC0415  # pandas is slow to import

    typer.echo(max(least, len(SCHEMAS)))
