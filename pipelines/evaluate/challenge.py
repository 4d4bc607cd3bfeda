"""A forecast in the layout of the ViEWS prediction challenge: samples of every month of the next calendar year.

Its protocol (Hegre et al. 2025): learn from what was known by October, then forecast January to December. One row is
one sample: ``month_id, country_id, draw, outcome``. Ids of countries are the challenge's own, which a crosswalk that
the user gives leads to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...features.blocks.build import build_features
from ...features.errors import ConfigError, UnknownNameError
from ...features.months import views_month_id
from ...features.panels.countries import country_panel
from ...features.tables.snapshot import load_snapshot
from ...models.distributions.distribution import DRAWS
from ...models.distributions.families import SAMPLE_FAMILIES
from ...models.rows.death_rows import OUTCOMES, deaths_of
from ..base.csv_files import csv_text
from ..base.whole import write_parquet, write_text

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from ..base.progress import Progress
    from ..base.settings import Settings

__all__ = ["Challenge", "challenge", "write_challenge"]

_SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True)
class Challenge:
    """Samples of a calendar year, and what came.

    Attributes
    ----------
    samples
        ``month_id, country_id, draw, outcome``: draws from 0 on, in order of country, month and draw.
    actuals
        ``month_id, country_id, outcome`` of the same months, as far as the data reach.
    left_out
        Names of countries that the crosswalk lacks.
    """

    samples: pd.DataFrame
    actuals: pd.DataFrame
    left_out: tuple[str, ...]


def challenge(
    settings: Settings,
    progress: Progress,
    *,
    origin: pd.Period,
    crosswalk: dict[int, int] | None = None,
    forecaster: str = "pool",
    outcome: str = "sb_deaths",
    draws: int = DRAWS,
) -> Challenge:
    """Forecast January to December of the year after the origin, using nothing known after its end.

    Parameters
    ----------
    origin
        Last month of data, October by the challenge's protocol.
    crosswalk
        The challenge's ids by Gleditsch-Ward number; without it the number itself stands as ``country_id``.
    forecaster
        Name in `SAMPLE_FAMILIES`.
    outcome
        ``sb_deaths`` (state-based, as in the challenge), ``deaths``, ``ns_deaths`` or ``os_deaths``.
    draws
        Samples of each country and month.

    Raises
    ------
    UnknownNameError
        If the forecaster or the outcome is not known.
    CoverageError
        If the data do not reach the origin, or are too few to learn from.
    ConfigError
        If the crosswalk shares no country with the data.
    """
    if forecaster not in SAMPLE_FAMILIES:
        raise UnknownNameError("forecaster of deaths", forecaster, SAMPLE_FAMILIES)
    if outcome not in OUTCOMES:
        raise UnknownNameError("outcome", outcome, OUTCOMES)
    snapshot = load_snapshot(settings.snapshot)
    whole = country_panel(snapshot)
    whole.position(origin)  # refuses a month that the data do not hold
    panel = country_panel(snapshot, as_of=origin)
    last = panel.position(origin)
    gwno = panel.units["gwno"].to_numpy(np.int64)
    members, ids, left_out = _members(panel, last, crosswalk)
    ahead = np.arange(13 - origin.month, 25 - origin.month)
    with progress.stage(f"Learning {forecaster} to {origin}"):
        features, farthest = build_features(panel), int(ahead[-1])
        fitted = SAMPLE_FAMILIES[forecaster].fit(
            panel, features, outcome=outcome, last=last, horizons=farthest, seed=settings.seed, threads=settings.threads
        )
    with progress.stage(f"Drawing {draws:,} samples a month"):
        at = np.full(panel.shape[1], last, np.int64)
        drawn = fitted.samples(panel, features, at=at, draws=draws, seed=settings.seed)
    months = [origin + int(h) for h in ahead]
    return Challenge(
        _long(drawn[members][:, ahead - 1], months, ids), _actuals(whole, outcome, months, gwno[members], ids), left_out
    )


def _members(
    panel: Panel, last: int, crosswalk: dict[int, int] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[str, ...]]:
    """Positions of the countries that are forecast, their ids, and the names of those that the crosswalk lacks."""
    gwno = panel.units["gwno"].to_numpy(np.int64)
    members = np.flatnonzero(panel.observed[last])
    if crosswalk is None:
        return members, gwno[members], ()
    left_out = tuple(str(panel.units["name"].iloc[u]) for u in members if int(gwno[u]) not in crosswalk)
    members = np.array([u for u in members if int(gwno[u]) in crosswalk], np.int64)
    if not len(members):
        msg = "the crosswalk has no country of the data: is its column gwno of Gleditsch-Ward numbers?"
        raise ConfigError(msg)
    return members, np.array([crosswalk[int(gwno[u])] for u in members], np.int64), left_out


def _long(drawn: NDArray[np.float32], months: list[pd.Period], ids: NDArray[np.int64]) -> pd.DataFrame:
    """Samples (U, months, draws) as rows."""
    draws = drawn.shape[-1]
    numbers = np.array([views_month_id(month) for month in months], np.int64)
    return pd.DataFrame(
        {
            "month_id": np.tile(np.repeat(numbers, draws), len(ids)),
            "country_id": np.repeat(ids, len(months) * draws),
            "draw": np.tile(np.arange(draws), len(ids) * len(months)),
            "outcome": np.rint(drawn.reshape(-1)).astype(np.int64),
        }
    )


def _actuals(
    panel: Panel, outcome: str, months: list[pd.Period], gwno: NDArray[np.int64], ids: NDArray[np.int64]
) -> pd.DataFrame:
    deaths = deaths_of(panel, outcome)
    unit = pd.Index(panel.units["gwno"]).get_indexer(pd.Index(gwno))
    frames: list[pd.DataFrame] = []
    for month in months:
        at = month.ordinal - panel.months[0].ordinal
        if at >= panel.shape[0]:
            break
        seen = panel.observed[at, unit]
        row: dict[str, Any] = {"month_id": views_month_id(month), "country_id": ids[seen]}
        frames.append(pd.DataFrame(row | {"outcome": deaths[at, unit][seen].astype(np.float64)}))
    empty = pd.DataFrame({"month_id": [], "country_id": [], "outcome": []})
    return pd.concat(frames, ignore_index=True) if frames else empty


def write_challenge(table: pd.DataFrame, file: Path) -> Path:
    """Write samples or outcomes as CSV or Parquet, whichever the name ends in, whole or not at all.

    Raises
    ------
    ConfigError
        If the name ends in neither.
    """
    if file.suffix not in _SUFFIXES:
        msg = f"{file}: the name must end in .csv or .parquet."
        raise ConfigError(msg)
    if file.suffix == ".csv":
        return write_text(file, csv_text(table))
    return write_parquet(table, file)
