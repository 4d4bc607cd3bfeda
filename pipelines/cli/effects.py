"""Commands on what facts of foreign forces and transitions go with: `effects`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..base.progress import Progress
from ..base.whole import write_text
from .options import HorizonList, OtherSnapshot, Quiet, horizons_in, levels_in, names_in, settings_with

__all__ = ["effects"]


def effects(
    levels: Annotated[
        str, typer.Option(help="Levels, with commas between; regions need what came of countries.")
    ] = "country,region",
    targets: Annotated[str, typer.Option(help="Targets, with commas between. [default: all of each level]")] = "",
    horizons: HorizonList = "1,3,6,12",
    out: Annotated[
        Path | None, typer.Option(help="File of layers. [default: the package's own, which scores are made with]")
    ] = None,
    parts: Annotated[Path, typer.Option(help="Folder of history's forecasts; a killed run goes on with it.")] = Path(
        "backtest/effects"
    ),
    page: Annotated[
        Path | None, typer.Option(help="Write verdicts and coefficients as a Markdown page as well.")
    ] = None,
    snapshot: OtherSnapshot = None,
    quiet: Quiet = False,
) -> None:
    """Learn what foreign forces and transitions add to history's forecasts, and where that is served."""
    from ...features.targets.build import counts_deaths  # noqa: PLC0415  # pandas is slow to import
    from ...models.learners.kept_effects import EFFECTS_FILE  # noqa: PLC0415  # pandas is slow to import
    from ..backtest.effects import EFFECT_TARGETS  # noqa: PLC0415
    from ..backtest.effects_file import judge_level, read_effects, write_effects  # noqa: PLC0415
    from ..backtest.effects_page import effects_markdown  # noqa: PLC0415

    settings, file = settings_with(snapshot=snapshot), out or EFFECTS_FILE
    for level in levels_in(names_in(levels), option="--levels"):
        judged, told = judge_level(
            settings,
            Progress.on_stderr(quiet=quiet),
            level=level,
            targets=names_in(targets) or EFFECT_TARGETS[level],
            horizons=horizons_in(horizons),
            parts=parts,
            known=read_effects(file),
        )
        write_effects(judged, told, file)
        for each in judged:
            score = each.scores.get(("decided", "coded"))
            of = "CRPS" if counts_deaths(each.target) else "Brier"
            change = "" if score is None else f" ({100 * score.change:+.2f} % of {of}, at most {100 * score.high:+.2f})"
            typer.echo(f"{level}, {each.target}: {'served' if each.served else 'not served'}{change}")
    if page is not None:
        write_text(page, effects_markdown(read_effects(file)))
    typer.echo(file)
