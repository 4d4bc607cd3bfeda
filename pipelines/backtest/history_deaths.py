"""What the pool of deaths would have said of past origins, learned anew every two years: the offset of its effects.

The pool of year y learned from what was known by December of y-1 and forecasts the origins from that month on, at the
leads that windows end with. A distribution is kept as `LEVELS` evenly spaced levels of it. How much its members count
is the package's own and was settled on origins up to 2017. Each target and year is a part, so that a killed run goes
on.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from ...features.blocks.build import build_features
from ...features.errors import CoverageError
from ...models.distributions.conflictology import CONFLICTOLOGY
from ...models.distributions.pool import SAMPLE_POOL
from ...models.rows.death_rows import deaths_of
from .history_forecasts import FIRST_YEARS, REFIT_YEARS
from .parts import Parts, claim, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot
    from ...features.targets.target import Target
    from ...models.distributions.distribution import SampleForecaster
    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["AHEAD", "LEVELS", "history_deaths", "level_names"]

#: Months ahead that are forecast.
AHEAD: Final = (1, 3, 6, 12)
#: Levels of a distribution that are kept.
LEVELS: Final = 100


def level_names() -> list[str]:
    """Columns of the levels, from the lowest."""
    return [f"level_{place:02}" for place in range(LEVELS)]


def history_deaths(
    panel: Panel,
    targets: Iterable[Target],
    *,
    snapshot: Snapshot,
    settings: Settings,
    progress: Progress,
    out: Path,
) -> pd.DataFrame:
    """Forecast the deaths after every origin of a panel from `FIRST_YEARS` on.

    Parameters
    ----------
    panel
        T months x U units.
    targets
        Of deaths.
    out
        Folder of the parts.

    Returns
    -------
    One row a target, month ahead (``horizon_months``), origin and unit whose month ahead is over and no war total:
    ``month, unit`` (positions in the panel), ``country`` (its code there), ``y``, the deaths, and the columns of
    `level_names`.

    Raises
    ------
    ConfigError
        If the folder holds parts made from other data, options or code.
    """
    by_name = {target.name: target for target in targets}
    claim(out, fingerprint(Path(__file__), snapshot, settings, level=panel.level))
    years = range(FIRST_YEARS[panel.level], panel.months[-1].year + 1, REFIT_YEARS)
    told = cache(lambda: build_features(panel))  # only where a part is missing

    def forecast(name: str, year: int) -> pd.DataFrame:
        with threadpool_limits(1):
            return _of_year(panel, told(), by_name[name], year, seed=settings.seed, threads=settings.threads)

    return Parts(out, f"history's deaths, {panel.level}", tuple(by_name), years).made(forecast, progress)


def _of_year(
    panel: Panel, features: FeatureArrays, target: Target, year: int, *, seed: int, threads: int
) -> pd.DataFrame:
    last, ahead = panel.position(pd.Period(f"{year - 1}-12", "M")), max(AHEAD)
    asked: dict[str, Any] = {"outcome": target.counts, "last": last, "horizons": ahead}
    forecaster: SampleForecaster
    try:
        forecaster = SAMPLE_POOL.fit(panel, features, **asked, seed=seed, threads=threads)
    except CoverageError:  # as where deaths are learned to be served
        forecaster = CONFLICTOLOGY.fit(panel, features, **asked)

    def one(origin: int) -> pd.DataFrame:
        return _of_origin(panel, features, forecaster, target, origin, seed=seed)

    stop = min(last + 12 * REFIT_YEARS, panel.shape[0] - min(AHEAD))
    with ThreadPoolExecutor(max_workers=threads) as pool:
        return pd.concat(list(pool.map(one, range(last, stop))), ignore_index=True)


def _of_origin(
    panel: Panel, features: FeatureArrays, forecaster: SampleForecaster, target: Target, origin: int, *, seed: int
) -> pd.DataFrame:
    """Rows of every month ahead that is over and known."""
    at = np.full(panel.shape[1], origin)
    # evenly spaced levels of the pool's mixture, once they are in order
    levels = np.sort(forecaster.samples(panel, features, at=at, draws=LEVELS, seed=seed), axis=2)
    counted = deaths_of(panel, target.counts)
    parts: list[pd.DataFrame] = []
    for lead in (lead for lead in AHEAD if origin + lead < panel.shape[0]):
        known = panel.observed[origin] & panel.observed[origin + lead] & ~panel.war_total[origin + lead]
        unit = np.flatnonzero(known)
        where = {"target": target.name, "horizon_months": lead, "month": origin, "unit": unit}
        told = pd.DataFrame({**where, "country": panel.country[unit], "y": counted[origin + lead, unit]})
        parts.append(told.join(pd.DataFrame(levels[unit, lead - 1], columns=level_names())))
    return pd.concat(parts, ignore_index=True)
