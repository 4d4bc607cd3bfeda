"""The command line's `weigh`: how much each member of the pool of deaths counts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...features.errors import ConfigError
from ..base.progress import Progress
from ..base.settings import Settings
from ..base.whole import write_text

__all__ = ["weigh"]


def weigh(
    levels: Annotated[str, typer.Option(help="Levels, with commas between.")] = "country,region",
    targets: Annotated[str, typer.Option(help="Targets, with commas between.")] = "deaths,deaths_sb",
    out: Annotated[
        Path | None, typer.Option(help="File of weights. [default: the package's own, which the pool reads]")
    ] = None,
    page: Annotated[Path | None, typer.Option(help="Write weights and scores as a Markdown page as well.")] = None,
    snapshot: Annotated[Path | None, typer.Option(help="Folder of another snapshot.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings and the result.")] = False,
) -> None:
    """Learn how much each member of the pool of deaths counts, on forecasts of months up to 2017-12."""
    from ...models.distributions.pool_weights import WEIGHTS_FILE  # noqa: PLC0415  # pandas is slow to import
    from ..backtest.weigh import weigh as weighed_level  # noqa: PLC0415
    from ..backtest.weigh import weights_page, write_weights  # noqa: PLC0415

    wanted = [level.strip() for level in levels.split(",") if level.strip()]
    for level in wanted:
        if level not in ("country", "region"):
            msg = f"--levels: {level!r} is neither country nor region."
            raise ConfigError(msg)
    settings = Settings() if snapshot is None else Settings(snapshot=snapshot)  # pyright: ignore[reportCallIssue]
    names = tuple(name.strip() for name in targets.split(",") if name.strip())
    progress = Progress.on_stderr(quiet=quiet)
    weighed = [each for level in wanted for each in weighed_level(settings, progress, level=level, targets=names)]
    write_weights(weighed, out or WEIGHTS_FILE)
    if page is not None:
        write_text(page, weights_page(weighed))
    for each in weighed:
        means = each.checked.groupby("forecaster")[["crps", "ign"]].mean()
        told = (f"{name} {means.loc[name, 'crps']:.2f}" for name in ("pool", "12 months", "hurdle"))
        typer.echo(f"{each.level}, {each.outcome}: mean CRPS on later years {', '.join(told)}")
    typer.echo(out or WEIGHTS_FILE)
