"""The backtest: rolling origin by month, refit yearly, every forecaster side by side on the same rows.

Year y is forecast by models that learned from windows which ended by December of y-1, at the twelve origins from that
month on, so that with H = 1 the months January to December are scored. Features and labels of an origin look at
nothing later; a target at H months keeps an embargo of H months. Each target and year is a part, written aside and
then renamed: a run that was killed goes on with the parts that are missing.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from threadpoolctl import threadpool_limits

from ...features.blocks.build import BLOCKS, FRAGMENTATION_BLOCKS, build_features
from ...features.errors import CoverageError
from ...features.panels.build import panel_of
from ...features.tables.snapshot import load_snapshot
from ...features.targets.build import targets_of
from ...models.probabilities.kept_blocks import kept_blocks
from ...models.probabilities.learning import SharedFeatures, evaluate, learn
from ...models.rows.design import label
from ...models.scores.strata import hard_onset
from ..base.whole import write_parquet
from ..learn.train import EVALUATION_MONTHS, RARE_EVALUATION_MONTHS
from .fragmentation import leave_country_out
from .parts import Parts, check_asked, claim, fingerprint, together
from .told import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from ...features.arrays import BoolArray
    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...features.targets.target import Target
    from ...models.probabilities.risk import HorizonModel
    from ...models.rows.design import Design
    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["CALIBRATED", "Backtest", "backtest", "forecast_year"]

#: Name of the pool after calibration, as it is served.
CALIBRATED = "pool, calibrated"
#: Columns of its rows that are not those of forecasters.
_NO_FORECASTER = (
    *("target", "horizon_months", "origin", "unit", "country"),
    *("year", "month", "at_risk", "hard_onset", "y"),
)


@dataclass(frozen=True)
class Backtest:
    """What a backtest forecast, and what came.

    Attributes
    ----------
    folder
        Where its parts lie.
    rows
        One row a target, horizon, origin and unit: ``target``, ``horizon_months``, ``origin`` (``YYYY-MM``), ``unit``,
        ``country`` (ISO3), ``year``, ``month`` (its number), ``at_risk``, ``hard_onset``, ``y``, and one column of
        probabilities a forecaster, empty where it does not forecast the target.
    forecasters
        Names of those columns.
    left_out
        At-risk rows of countries forecast from all others, of regional targets of fragmentation; else empty.
    """

    folder: Path
    rows: pd.DataFrame
    forecasters: tuple[str, ...]
    left_out: pd.DataFrame = field(default_factory=pd.DataFrame)


def forecast_year(
    panel: Panel,
    features: FeatureArrays,
    target: Target,
    *,
    year: int,
    horizons: Iterable[int],
    seed: int = 0,
    threads: int = 1,
    shared: SharedFeatures | None = None,
) -> pd.DataFrame:
    """Learn by December of the year before and forecast the twelve origins from that month on.

    Parameters
    ----------
    panel, features
        T months x U units; the rows of an origin hold only what was known by its end.
    shared
        The features in bins that the targets of a year share; binned here if not given.

    Returns
    -------
    Rows as in `Backtest`, of the origins that have an outcome; empty where there is none.

    Raises
    ------
    CoverageError
        If there is too little history to learn from; targets of fragmentation other than new armed actors, which rest
        on few countries' region events, are left out of such years instead.
    """
    last = panel.position(pd.Period(f"{year - 1}-12", "M"))
    months = _held_back(target, panel)
    shared = shared or SharedFeatures(features, panel.observed, last=last)
    features, binned = shared.of(kept_blocks(panel.level, target.name, blocks=features.block))
    onset = hard_onset(panel)

    def one(horizon: int) -> pd.DataFrame | None:
        labelled = label(panel, target, horizon)
        rows = labelled.origins(last, last + 11)
        if not rows.any():
            return None
        try:
            fitted = learn(labelled, features, binned=binned, last=last, evaluation_months=months, seed=seed).model
        except CoverageError:
            if target.optional:
                return None
            raise
        scored = evaluate(fitted.members, labelled.design(features, rows))
        said = {**scored.probabilities, **_calibrated(fitted, target, scored.probabilities["pool"])}
        frame = _placed(panel, scored.design, said, onset)
        return frame.assign(target=target.name, horizon_months=horizon, year=year)[[*_NO_FORECASTER, *said]]

    ahead = [h for h in horizons if target.horizons is None or h in target.horizons]
    with threadpool_limits(1), ThreadPoolExecutor(max_workers=threads) as pool:
        parts = [part for part in pool.map(one, ahead) if part is not None]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _placed(panel: Panel, design: Design, said: Mapping[str, NDArray[np.float64]], onset: BoolArray) -> pd.DataFrame:
    """Forecasts with where they stand and what came."""
    return pd.DataFrame(
        {
            "origin": panel.months[design.month].astype(str),
            "unit": panel.units.index.to_numpy()[design.unit],
            "country": panel.units["iso3"].to_numpy(object)[design.unit],
            "month": design.month,
            "at_risk": design.at_risk,
            "hard_onset": onset[design.month, design.unit],
            "y": design.y,
            **said,
        }
    )


def _calibrated(fitted: HorizonModel, target: Target, pool: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Forecasts of the pool after calibration; rare events are served as pooled."""
    return {} if target.rare else {CALIBRATED: fitted.calibration.probability(pool)}


def _held_back(target: Target, panel: Panel) -> int:
    return (RARE_EVALUATION_MONTHS if target.rare else EVALUATION_MONTHS)[panel.level]


def backtest(
    settings: Settings,
    progress: Progress,
    *,
    level: str = "country",
    targets: tuple[str, ...] = ("violence_1", "violence_25", "escalation"),
    horizons: tuple[int, ...] = tuple(range(1, 13)),
    first: int = 2018,
    last: int = 2025,
    out: Path = Path("backtest"),
    part_done: Callable[[Path], None] = lambda _: None,
) -> Backtest:
    """Forecast every year anew and keep each part.

    Parameters
    ----------
    settings
        Names the snapshot, the seed and the threads.
    progress
        Where it is said how far it has come.
    level, targets, horizons
        What is forecast.
    first, last
        Years that are scored.
    out
        Folder; the parts lie in ``out/level``.
    part_done
        Called with the file of each part once it is in place.

    Raises
    ------
    ConfigError
        If the folder holds parts made from other data, options or code, or the years are in no order.
    CoverageError
        If the data do not reach the years, or are too few to learn from.
    """
    check_asked(level, first, last)
    folder = out / level
    snapshot = load_snapshot(settings.snapshot)
    options: dict[str, Any] = {"level": level, "targets": list(targets), "horizons": list(horizons)}
    claim(folder, fingerprint(Path(__file__), snapshot, settings, **options, first=first, last=last))
    chosen = targets_of(level, targets)
    panel = panel_of(snapshot, level, territory=any(target.rare for target in chosen))
    reached = int((panel.months[-1] - 11).year) + 1
    if first <= reached < last:
        progress.warn(f"the {level} data end with {panel.months[-1]}: years after {reached} have no origin in them.")
        last = reached
    names = tuple(target.name for target in chosen)
    parts = Parts(folder, f"backtest, {level}", names, range(first, last + 1), part_done)
    rows = parts.made(_forecast_of(panel, chosen, horizons, settings), progress)
    regional = [target for target in chosen if panel.level != "country" and target.rare]
    apart: list[pd.DataFrame] = []
    for target in regional:
        with progress.stage(f"backtest, {level}: {target.name}, each country left out"):
            apart.append(_left_out(panel, target, horizons, folder, settings))
    forecasters = tuple(str(name) for name in rows.columns if name not in _NO_FORECASTER)
    return Backtest(folder, rows, forecasters, together(apart))


def _forecast_of(
    panel: Panel, targets: Iterable[Target], horizons: Iterable[int], settings: Settings
) -> Callable[[str, int], pd.DataFrame]:
    """How a target, by its name, and a year are forecast, with what the targets of a year share."""
    told, by_name = Told(panel), {target.name: target for target in targets}

    def forecast(name: str, year: int) -> pd.DataFrame:
        shared = told.of(by_name[name], year)
        return forecast_year(
            panel,
            shared.features,
            by_name[name],
            year=year,
            horizons=horizons,
            seed=settings.seed,
            threads=settings.threads,
            shared=shared,
        )

    return forecast


def _left_out(panel: Panel, target: Target, horizons: Iterable[int], folder: Path, settings: Settings) -> pd.DataFrame:
    """Forecasts with the country left out."""
    file = folder / "parts" / f"{target.name}-left-out.parquet"
    if not file.exists():
        features = build_features(panel, blocks=(*BLOCKS, *FRAGMENTATION_BLOCKS))
        made = leave_country_out(
            panel, features, target, horizons=horizons, seed=settings.seed, threads=settings.threads
        )
        write_parquet(made, file)
    return pd.read_parquet(file)
