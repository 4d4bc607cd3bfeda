"""The backtest of forecasters of deaths: every family's samples for the same months, scored row by row.

Two protocols. ``rolling``: year y is forecast by models that learned by December of y-1, at the twelve origins from
that month on, 1 to 12 months ahead. ``challenge``: as in the ViEWS prediction challenge (Hegre et al. 2025), one
origin, October of y-1, for January to December of y, which is 3 to 14 months ahead. Each target and year is a part;
a run that was killed goes on with the parts that are missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from threadpoolctl import threadpool_limits

from ...features.blocks.build import build_features
from ...features.panels.build import panel_of
from ...features.tables.snapshot import load_snapshot
from ...features.targets.build import TARGETS, targets_of
from ...models.distributions.families import SAMPLE_FAMILIES
from ..learn.deaths_held_back import learn_families, score_origin
from .parts import Parts, check_asked, claim, fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...models.distributions.distribution import SampleFamily
    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["PROTOCOLS", "DeathsBacktest", "backtest_deaths", "forecast_deaths"]

#: Months ahead that each protocol scores.
PROTOCOLS = {"rolling": tuple(range(1, 13)), "challenge": tuple(range(3, 15))}
#: Months from the challenge's origin, October, to the December by which the rolling models learn.
_OCTOBER_TO_DECEMBER = 2


@dataclass(frozen=True)
class DeathsBacktest:
    """What was forecast, and what came.

    Attributes
    ----------
    folder
        Where the parts lie.
    rows
        One row a protocol, target, forecaster, horizon, origin and unit, with ``y`` (deaths), ``war_total`` (whether
        they are one), ``crps``, ``ign``, ``mis``, ``covered_50``, ``covered_80``, ``covered_90``, ``pit``, ``crps_log``
        (of log(1 + deaths)), ``bias_mean``, ``mae_mean`` (of the mean of the samples) and ``p_1``, ``p_25`` (shares of
        samples), and whether the forecast is not to be believed: ``mean_too_high``, ``unheard_of``
        (`~faultline.models.distributions.far_draws`).
    """

    folder: Path
    rows: pd.DataFrame


def forecast_deaths(
    panel: Panel,
    features: FeatureArrays,
    target: str,
    *,
    year: int,
    families: Mapping[str, SampleFamily] = SAMPLE_FAMILIES,
    seed: int = 0,
    threads: int = 2,
) -> pd.DataFrame:
    """Forecast and score the months of one year by both protocols.

    Parameters
    ----------
    panel, features
        T months x U units; the rows of an origin hold only what was known by its end.
    target
        A target of deaths.

    Returns
    -------
    Rows as in `DeathsBacktest`; empty where no month has an outcome.

    Raises
    ------
    CoverageError
        If there is too little history to learn from.
    """
    december = panel.position(pd.Period(f"{year - 1}-12", "M"))
    origins = {"rolling": range(december, december + 12), "challenge": [december - _OCTOBER_TO_DECEMBER]}
    outcome = TARGETS[target].counts
    parts: list[pd.DataFrame] = []
    for protocol, horizons in PROTOCOLS.items():
        learned = learn_families(
            panel,
            features,
            families,
            outcome=outcome,
            last=origins[protocol][0],
            horizons=horizons[-1],
            seed=seed,
            threads=threads,
        )
        for name, fitted in learned.items():
            for origin in origins[protocol]:
                scored = score_origin(
                    panel, features, fitted, outcome=outcome, origin=origin, horizons=horizons, seed=seed
                )
                where = {"protocol": protocol, "target": target, "forecaster": name, "year": year}
                parts.extend(rows.assign(**where) for rows in scored)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def backtest_deaths(
    settings: Settings,
    progress: Progress,
    *,
    level: str = "country",
    targets: tuple[str, ...] | None = None,
    first: int = 2018,
    last: int = 2025,
    out: Path = Path("backtest"),
    part_done: Callable[[Path], None] = lambda _: None,
) -> DeathsBacktest:
    """Forecast the deaths of every year anew and keep each part.

    Parameters
    ----------
    settings
        Names the snapshot, the seed and the threads.
    level, targets
        What is forecast: ``country`` or ``region``; targets of deaths, all of them by default.
    first, last
        Years that are scored.
    out
        Folder; the parts lie in ``out/LEVEL-deaths``.
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
    snapshot = load_snapshot(settings.snapshot)
    folder = out / f"{level}-deaths"
    panel = panel_of(snapshot, level)
    names = [target.name for target in targets_of(panel.level, targets, kind="deaths")]
    options: dict[str, Any] = {"level": level, "targets": names, "first": first, "last": last}
    claim(folder, fingerprint(Path(__file__), snapshot, settings, **options))
    told = cache(lambda: build_features(panel))  # only where a part is missing

    def forecast(target: str, year: int) -> pd.DataFrame:
        with threadpool_limits(1):
            return forecast_deaths(panel, told(), target, year=year, seed=settings.seed, threads=settings.threads)

    parts = Parts(folder, f"backtest of deaths, {level}", tuple(names), range(first, last + 1), part_done)
    rows = parts.made(forecast, progress)
    return DeathsBacktest(folder, rows)
