"""Commands that weigh forecasters: `backtest`, `evaluate`, `gate`, `weigh`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...features.errors import ConfigError
from ..base.progress import Progress
from ..base.whole import write_text
from .options import (
    HorizonList,
    LevelChoice,
    Quiet,
    TargetList,
    horizons_in,
    levels_in,
    names_in,
    settings_with,
)

__all__ = ["backtest", "evaluate", "gate", "weigh"]

Snapshot = Annotated[Path | None, typer.Option(help="Folder of another snapshot.")]


def gate(
    level: Annotated[str, typer.Option(help="Level: country or region.")] = "country",
    targets: TargetList = "violence_1,violence_25,escalation",
    out: Annotated[
        Path | None, typer.Option(help="File of verdicts. [default: the package's own, which training reads]")
    ] = None,
    page: Annotated[Path | None, typer.Option(help="Write the table as a Markdown page as well.")] = None,
    snapshot: Snapshot = None,
    quiet: Quiet = False,
) -> None:
    """Try the feature blocks one by one, and keep those that improve a score fixed beforehand, on later years."""
    from ...models.probabilities.kept_blocks import GATE_FILE  # noqa: PLC0415  # pandas is slow to import
    from ..backtest.gate import try_blocks  # noqa: PLC0415
    from ..backtest.gate_page import verdict_words, write_gate  # noqa: PLC0415

    (level,), names = levels_in([level], option="--level"), names_in(targets)
    settings = settings_with(snapshot=snapshot)
    verdicts = try_blocks(settings, Progress.on_stderr(quiet=quiet), level=level, targets=names)
    table = write_gate(verdicts, out or GATE_FILE, page=page)
    for row in table[(table["level"] == level) & table["target"].isin(names)].to_dict("records"):
        change = f"{1000 * row['difference_confirming']:+.3f} thousandths of Brier"
        words = {"yes": "kept", "no": "not kept"}.get(told := verdict_words(row), told)
        typer.echo(f"{row['target']}: {row['block']} {words} ({change})")
    typer.echo(out or GATE_FILE)


def weigh(
    levels: Annotated[str, typer.Option(help="Levels, with commas between.")] = "country,region",
    targets: TargetList = "deaths,deaths_sb",
    out: Annotated[
        Path | None, typer.Option(help="File of weights. [default: the package's own, which the pool reads]")
    ] = None,
    page: Annotated[Path | None, typer.Option(help="Write weights and scores as a Markdown page as well.")] = None,
    snapshot: Snapshot = None,
    quiet: Quiet = False,
) -> None:
    """Learn how much each member of the pool of deaths counts, on forecasts of months up to 2017-12."""
    from ...models.distributions.pool_weights import WEIGHTS_FILE  # noqa: PLC0415  # pandas is slow to import
    from ..backtest.weigh import weigh as weighed_level  # noqa: PLC0415
    from ..backtest.weigh import weights_page, write_weights  # noqa: PLC0415

    wanted = levels_in(names_in(levels), option="--levels")
    settings, names, progress = settings_with(snapshot=snapshot), names_in(targets), Progress.on_stderr(quiet=quiet)
    weighed = [each for level in wanted for each in weighed_level(settings, progress, level=level, targets=names)]
    write_weights(weighed, out or WEIGHTS_FILE)
    if page is not None:
        write_text(page, weights_page(weighed))
    for each in weighed:
        means = each.checked.groupby("forecaster")[["crps", "ign"]].mean()
        told = (f"{name} {means.loc[name, 'crps']:.2f}" for name in ("pool", "12 months", "hurdle"))
        typer.echo(f"{each.level}, {each.outcome}: mean CRPS on later years {', '.join(told)}")
    typer.echo(out or WEIGHTS_FILE)


def evaluate(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FORECASTS... ACTUALS",
            help="Files of forecasts (ViEWS samples, hubverse, flat table; CSV or Parquet), then the file of outcomes.",
        ),
    ],
    csv: Annotated[Path | None, typer.Option(help="Write the table to this CSV as well.")] = None,
) -> None:
    """Score forecast files against outcomes: several files give one side-by-side table."""
    from ..base.csv_files import csv_file  # noqa: PLC0415  # pandas is slow to import
    from ..evaluate.evaluate import evaluate_files  # noqa: PLC0415
    from .printing import console, print_scores  # noqa: PLC0415

    if len(files) < 2:  # noqa: PLR2004  # at least one of either
        msg = "evaluate takes one or more files of forecasts and then the file of outcomes."
        raise ConfigError(msg)
    table = evaluate_files(files[:-1], files[-1], seed=settings_with().seed)
    print_scores(table, console(150))
    if csv:
        csv_file(table, csv)


def backtest(
    level: Annotated[LevelChoice, typer.Option(help="Level to forecast; all: both in turn.")] = LevelChoice.country,
    targets: Annotated[
        str, typer.Option(help="Targets, with commas between; deaths and deaths_sb go 1 to 14 months ahead.")
    ] = "violence_1,violence_25,escalation",
    horizons: HorizonList = "1,3,6,12",
    first: Annotated[int, typer.Option(min=1995, max=2100, help="First year scored.")] = 2018,
    last: Annotated[int, typer.Option(min=1995, max=2100, help="Last year scored.")] = 2025,
    out: Annotated[Path, typer.Option(help="Folder of the parts and tables.")] = Path("backtest"),
    no_track: Annotated[bool, typer.Option("--no-track", help="Leave MLflow out.")] = False,
    quiet: Quiet = False,
) -> None:
    """Forecast past years as they would have been, every forecaster side by side; a killed run goes on."""
    from ..jobs.backtesting import check_targets, run_backtests  # noqa: PLC0415  # pandas is slow to import

    named = names_in(targets)
    check_targets(level.levels, named)
    for each in level.levels:
        for page in run_backtests(
            settings_with(),
            Progress.on_stderr(quiet=quiet),
            level=each,
            targets=named,
            horizons=horizons_in(horizons),
            first=first,
            last=last,
            out=out,
            track=not no_track,
        ):
            typer.echo(page)
