"""What `faultline backtest` does: forecasts past years, writes the tables, and logs both to MLflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...features.tables.snapshot import load_snapshot
from ...features.targets.build import counts_deaths, targets_of
from ..backtest.deaths import backtest_deaths
from ..backtest.deaths_tables import write_deaths_tables
from ..backtest.engine import backtest
from ..backtest.tables import write_tables
from ..track.backtests import track_backtest, track_deaths_backtest
from ..track.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ...features.arrays import Level
    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["check_targets", "run_backtests"]


def check_targets(levels: tuple[Level, ...], targets: tuple[str, ...]) -> None:
    """See that every level has the targets, before hours are spent on the first.

    Raises
    ------
    UnknownNameError
        If a level lacks one.
    """
    for level in levels:
        targets_of(level, targets, kind=None)


def run_backtests(
    settings: Settings,
    progress: Progress,
    *,
    level: str,
    targets: tuple[str, ...],
    horizons: tuple[int, ...],
    first: int,
    last: int,
    out: Path,
    track: bool = True,
) -> Iterator[Path]:
    """Backtest targets of deaths and all others, each kind with its own tables.

    Parameters
    ----------
    level, targets, horizons, first, last, out
        As `~faultline.pipelines.backtest.engine.backtest` takes them; deaths have the months of their protocols.
    track
        Log them to the store of the settings.

    Yields
    ------
    The page of each kind, once it is written and logged.

    Raises
    ------
    ConfigError, CoverageError
        As the backtests do.
    """
    counted = tuple(name for name in targets if counts_deaths(name))
    others = tuple(name for name in targets if not counts_deaths(name))
    parameters = {"level": level, "first_year": first, "last_year": last, "seed": settings.seed}
    if counted:
        counts = backtest_deaths(settings, progress, level=level, targets=counted, first=first, last=last, out=out)
        with progress.stage("scores of deaths and intervals"):
            page = write_deaths_tables(counts, title=f"Backtest of deaths, {level}, {first} to {last}")
        if track:
            with progress.stage("tracking"):
                data = load_snapshot(settings.snapshot).provenance
                track_deaths_backtest(open_store(settings), counts, level=level, parameters=parameters, data=data)
        yield page
    if others or not counted:
        years: dict[str, Any] = {"first": first, "last": last, "out": out}
        result = backtest(settings, progress, level=level, targets=others, horizons=horizons, **years)
        with progress.stage("scores and intervals"):
            page = write_tables(result, title=f"Backtest, {level}, {first} to {last}", seed=settings.seed)
        if track:
            with progress.stage("tracking"):
                data = load_snapshot(settings.snapshot).provenance
                track_backtest(open_store(settings), result, level=level, parameters=parameters, data=data)
        yield page
