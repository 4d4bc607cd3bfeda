"""The command that asks what a change of facts would move: `scenario`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ...features.errors import ConfigError
from ...features.months import parse_month
from ..base.progress import Progress
from .options import HorizonList, IssuesFolder, Month, OwnFactsFiles, Quiet, horizons_in, month_in, settings_with

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from ...features.tables.snapshot import Snapshot
    from ..base.settings import Settings
    from ..cases.changes import Changes

__all__ = ["scenario"]

_AllBlocks = Annotated[
    bool,
    typer.Option(
        "--all-blocks",
        help="Train anew from the covariates that the gate refused too, and let these move the scores instead.",
    ),
]
_Picture = Annotated[
    Path | None, typer.Option(help="PNG or SVG of the country's scores before and after, with their intervals.")
]
_KINDS: Final = {"--end-deployment": "MISSION", "--arrival": "CLASS", "--sanctions": "BODY"}


def scenario(
    country: Annotated[str, typer.Argument(metavar="ISO3", help="Country, ISO 3166-1 alpha-3, such as MLI.")],
    end_deployment: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORCE=YYYY-MM",
            help="Last month of a force (MINUSMA=2026-01), or of a class of forces that is there (russian=2026-03).",
        ),
    ] = None,
    by_host: Annotated[bool, typer.Option("--by-host", help="Those ends are at the host's demand.")] = False,
    arrival: Annotated[
        list[str] | None,
        typer.Option(metavar="CLASS=YYYY-MM", help="Month in which a class of forces arrives (russian=2026-03)."),
    ] = None,
    coup: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Month of a successful coup.")] = None,
    election: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="Month of the election that ends the transition."),
    ] = None,
    sanctions: Annotated[
        list[str] | None,
        typer.Option(metavar="BODY=YYYY-MM", help="Month from which a body imposes sanctions, such as ECOWAS=2026-03."),
    ] = None,
    lift_sanctions: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="Month in which all sanctions in force are lifted.")
    ] = None,
    transition: Annotated[str | None, typer.Option(help="What happens to the transition: postponed or ended.")] = None,
    horizons: HorizonList = "3,12",
    origin: Month = None,
    out: IssuesFolder = None,
    csv: Annotated[Path | None, typer.Option(help="Write every row to this CSV as well.")] = None,
    picture: _Picture = None,
    all_blocks: _AllBlocks = False,
    facts: OwnFactsFiles = None,
    quiet: Quiet = False,
) -> None:
    """Move the scores of an issue by what stated facts go with: an association, not a causal effect."""
    from ..cases.changes import Changes  # noqa: PLC0415  # pandas is slow to import
    from ..cases.stated_politics import Politics  # noqa: PLC0415

    changes = Changes(
        _named_months(end_deployment, "--end-deployment", "MINUSMA=2026-01"),
        transition,
        by_host=by_host,
        arrivals=_named_months(arrival, "--arrival", "russian=2026-03"),
        politics=Politics(
            coup=month_in(coup, option="--coup"),
            election=month_in(election, option="--election"),
            sanctions=_named_months(sanctions, "--sanctions", "ECOWAS=2026-03"),
            lifted=month_in(lift_sanctions, option="--lift-sanctions"),
        ),
    )
    asked = {"origin": month_in(origin, option="--origin"), "horizons": horizons_in(horizons)}
    settings, progress = settings_with(facts=facts, out=out), Progress.on_stderr(quiet=quiet)
    move = _trained if all_blocks else _by_layer
    _tell(move, settings, country.strip().upper(), changes, files=(csv, picture), progress=progress, **asked)


@dataclass(frozen=True)
class _Moved:
    """What moved, as of which month, and how it is printed and drawn."""

    table: pd.DataFrame
    origin: pd.Period
    show: Callable[..., None]
    draw: Callable[[], dict[str, Any]] | None = None


def _check_picture(picture: Path, *, all_blocks: bool) -> None:
    from ..cases.pictures import check_picture  # noqa: PLC0415  # altair is slow to import

    check_picture(picture)
    if all_blocks:
        msg = "--picture shows what the effects layer moves, and goes without --all-blocks."
        raise ConfigError(msg)


def _tell(
    move: Callable[..., _Moved],
    settings: Settings,
    code: str,
    changes: Changes,
    *,
    files: tuple[Path | None, Path | None],
    **asked: object,
) -> None:
    """Move the scores one way or the other, write what moved as a table and a picture if asked, and print it."""
    from ..base.csv_files import csv_file  # noqa: PLC0415  # pandas is slow to import
    from ..cases.changes import past_ends  # noqa: PLC0415
    from ..ingest.own_facts import snapshot_of  # noqa: PLC0415
    from .printing import console  # noqa: PLC0415

    csv, picture = files
    if picture is not None:
        _check_picture(picture, all_blocks=move is _trained)
    snapshot = snapshot_of(settings)
    moved = move(settings, snapshot, code, changes, **asked)
    if csv is not None:
        csv_file(moved.table, csv)
    if picture is not None and moved.draw is not None:
        from ..cases.pictures import write_drawing  # noqa: PLC0415  # altair is slow to import

        write_drawing(moved.draw(), picture)
    moved.show(console(150), left=past_ends(snapshot, code, changes, origin=moved.origin))


def _by_layer(
    settings: Settings,
    snapshot: Snapshot,
    code: str,
    changes: Changes,
    *,
    origin: pd.Period | None,
    horizons: tuple[int, ...],
    progress: Progress,
) -> _Moved:
    """Move an issue's scores by the effects layer."""
    import pandas as pd  # noqa: PLC0415  # slow to import

    from ..cases.facts_scenario import facts_scenario, not_moved  # noqa: PLC0415
    from ..issue.opening import open_issue  # noqa: PLC0415
    from ..issue.selection import of_windows  # noqa: PLC0415
    from .printing import print_moved  # noqa: PLC0415

    issue = open_issue("latest" if origin is None else str(origin + 1), out=settings.out)
    asof = pd.Period(issue.name, "M") - 1
    scores = of_windows(issue.scores, "data")
    scores = scores[scores["horizon_months"].isin(horizons)]
    with progress.stage("Moving the scores"):
        table = facts_scenario(snapshot, scores, iso3=code, changes=changes, origin=asof)
    show = partial(print_moved, table, code, changes, issue.name, without=not_moved(scores, table))
    return _Moved(table, asof, show, partial(_drawn, table, code, changes, issue.name))


def _drawn(table: pd.DataFrame, code: str, changes: Changes, issue: str) -> dict[str, Any]:
    from ..cases.scenario_chart import draw_moved  # noqa: PLC0415  # altair is slow to import

    return draw_moved(table, code, changes, issue)


def _trained(
    settings: Settings,
    snapshot: Snapshot,
    code: str,
    changes: Changes,
    *,
    origin: pd.Period | None,
    horizons: tuple[int, ...],
    progress: Progress,
) -> _Moved:
    """Score the country again by models that learn from every block."""
    from ..cases.scenario import scenario as trained  # noqa: PLC0415  # pandas is slow to import
    from .printing import print_comparison  # noqa: PLC0415

    table = trained(
        settings, snapshot, progress, iso3=code, changes=changes, origin=origin, horizons=horizons, all_blocks=True
    )
    asof = origin or snapshot.country_month["month"].max().to_period("M")
    return _Moved(table, asof, partial(print_comparison, table, code, changes, asof, all_blocks=True))


def _named_months(texts: list[str] | None, option: str, such_as: str) -> dict[str, pd.Period]:
    found: dict[str, pd.Period] = {}
    for text in texts or []:
        name, sign, month = text.rpartition("=")
        if not sign or not name.strip():
            msg = f"{option}: {text!r} is not {_KINDS[option]}=YYYY-MM, such as {such_as}."
            raise ConfigError(msg)
        found[name.strip()] = parse_month(month, option=option)
    return found
