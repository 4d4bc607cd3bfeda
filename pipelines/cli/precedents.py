"""The command `precedents`: cases like an event, and what followed them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...features.errors import ConfigError
from .options import OtherSnapshot, OwnFactsFiles, names_in, settings_with

if TYPE_CHECKING:
    from rich.console import Console

    from ..cases.precedents import Precedents
    from ..cases.questions import Question

__all__ = ["precedents", "print_precedents"]


def precedents(
    country: Annotated[
        str | None,
        typer.Argument(metavar="ISO3", help="Country, such as MLI: cases like each event of its last 24 months."),
    ] = None,
    event: Annotated[
        str | None,
        typer.Option(
            help="Kind of event in place of a country: arrival, departure, sponsor_switch, west_to_russia, coup, "
            "attempt, election_postponed, transition_overdue, bloc_exit or sanctions."
        ),
    ] = None,
    classes: Annotated[
        str, typer.Option("--class", help="Classes of forces, with commas between, such as french,eu,us.")
    ] = "",
    initiator: Annotated[str | None, typer.Option(help="Who ended it: host, sender, council or combat.")] = None,
    within: Annotated[int, typer.Option(help="Months before and after that are compared, 24 at most.")] = 12,
    out: Annotated[Path | None, typer.Option(help="CSV or Parquet file of cases and matched months.")] = None,
    picture: Annotated[Path | None, typer.Option(help="PNG or SVG of the cases side by side, of one event.")] = None,
    write: Annotated[
        Path | None, typer.Option(help="Write the page on western forces that leave and Russians who come.")
    ] = None,
    snapshot: OtherSnapshot = None,
    facts: OwnFactsFiles = None,
) -> None:
    """Show cases like an event and what followed them, beside matched months without one: never a cause."""
    from ..cases.precedents import RECENT, past_of, precedents_of, questions_of  # noqa: PLC0415  # pandas is slow
    from ..cases.precedents_chart import write_picture  # noqa: PLC0415
    from ..cases.precedents_page import write_page  # noqa: PLC0415
    from ..cases.precedents_table import write_table  # noqa: PLC0415
    from ..ingest.own_facts import snapshot_of  # noqa: PLC0415
    from .printing import console  # noqa: PLC0415

    _check_endings(out, picture)
    asked = _asked(event, names_in(classes), initiator, within)
    if [country, asked, write].count(None) != 2:  # noqa: PLR2004  # one of the three
        msg = "give a country, such as MLI, or --event, or --write, and only one of them."
        raise ConfigError(msg)
    if asked is None and picture:
        msg = "--picture goes with --event."
        raise ConfigError(msg)
    past = past_of(snapshot_of(settings_with(snapshot=snapshot, facts=facts)))
    if write is not None:
        for file in write_page(past, write):
            typer.echo(file)
        return
    questions = questions_of(past, (country or "").strip().upper(), within=within) if asked is None else [asked]
    found = [precedents_of(past, question) for question in questions]
    if not found:
        typer.echo(f"{country}: no such event is known in the {RECENT} months to {past.panel.months[-1]}.")
    for each in found:
        print_precedents(each, console(150))
    for file in (out and write_table(found, out), picture and write_picture(found[0], picture)):
        if file:
            typer.echo(file)


def _check_endings(out: Path | None, picture: Path | None) -> None:
    from ..cases.precedents_chart import PICTURES  # noqa: PLC0415
    from ..cases.precedents_table import TABLES  # noqa: PLC0415

    for option, file, endings in (("--out", out, TABLES), ("--picture", picture, PICTURES)):
        if file is not None and file.suffix not in endings:
            msg = f"{option}: {file} is neither {' nor '.join(endings)}."
            raise ConfigError(msg)


def _asked(event: str | None, classes: tuple[str, ...], initiator: str | None, within: int) -> Question | None:
    from ..cases.questions import Question  # noqa: PLC0415

    if event is not None:
        return Question(event, classes, initiator, within)
    if classes or initiator:
        msg = "--class and --initiator go with --event."
        raise ConfigError(msg)
    return None


def print_precedents(found: Precedents, console: Console) -> None:
    """Print the cases, what followed, how few they are and every source."""
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from ..cases import precedents_words as words  # noqa: PLC0415
    from ..cases.questions import question_words  # noqa: PLC0415

    title = question_words(found.question)
    for heading, heads, cells in (
        (title, words.CASE_HEADS, words.case_cells(found)),
        (f"{title}: what followed", words.SUMMARY_HEADS, words.summary_cells(found)),
    ):
        table = Table(title=heading, title_justify="left", box=box.SIMPLE_HEAD)
        for head in heads:
            table.add_column(head)
        for row in cells:
            table.add_row(*row)
        console.print(table)
    for line in (words.counted(found), *words.answer(found), words.method(found.question.within), words.NOT_CAUSAL):
        console.print(line, markup=False)
    for row in found.cases.to_dict("records"):
        console.print(f"  {row['case']}: {row['source']} {row['source_url']}".rstrip(), markup=False)
