"""Forecasts of deaths of origins that were held back from them: what campaigns are compared on.

Every forecaster learns again from what was known before the latest months, the held-back ones, and is asked at the end
of each quarter in them. Quarters, for campaigns of neighbouring months must share origins to be compared on.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from ...features.errors import CoverageError
from ...features.targets.build import targets_of
from ...models.distributions.distribution import THRESHOLDS, exceedance
from ...models.distributions.families import SAMPLE_FAMILIES
from ...models.distributions.far_draws import far_draws, mean_too_high
from ...models.distributions.negative_binomial import NEGATIVE_BINOMIAL
from ...models.kinds import DISTRIBUTIONS
from ...models.rows.death_rows import deaths_of
from ...models.scores.samples import MEANS, crps_of_logs, mean_errors, sample_scores
from ...models.scores.strata import hard_onset
from .deaths import MONTHS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...models.distributions.distribution import SampleFamily, SampleForecaster

__all__ = [
    "COMPARED",
    "HELD_BACK_MONTHS",
    "HeldBackDeaths",
    "crps_rows",
    "deaths_stratum_scores",
    "hold_back_deaths",
    "learn_families",
    "score_origin",
]

#: Latest months that are held back.
HELD_BACK_MONTHS = {"country": 36, "region": 36}
#: Forecasters that a campaign compares. The negative binomial, whose search takes as long as the rest together, is
#: left to the backtest.
COMPARED: Mapping[str, SampleFamily] = {
    name: family for name, family in SAMPLE_FAMILIES.items() if name != NEGATIVE_BINOMIAL.name
}
_QUARTER = 3
#: Months ahead that are forecast; of the many regions those alone that a window ends with.
_HORIZONS = {"country": tuple(range(1, MONTHS + 1)), "region": (1, 3, 6, 12)}
#: What a stratum of them is made of.
_TOLD = ("country", "hard_onset", "war_total")
_KEY = ["horizon_months", "origin", "unit"]


@dataclass(frozen=True)
class HeldBackDeaths:
    """How forecasters that had not seen the latest months did in them.

    Attributes
    ----------
    learned_through
        Last month that they learned from, ``YYYY-MM``.
    forecasters
        By name.
    rows
        One row a forecaster, horizon, origin and unit, as in `~faultline.pipelines.backtest.deaths.DeathsBacktest`.
    """

    learned_through: str
    forecasters: Mapping[str, SampleForecaster]
    rows: pd.DataFrame


def hold_back_deaths(
    panel: Panel,
    features: FeatureArrays,
    *,
    targets: tuple[str, ...] | None = None,
    seed: int = 0,
    threads: int = 2,
    done: Callable[[], None] = lambda: None,
) -> dict[str, HeldBackDeaths]:
    """Learn without the latest months and forecast them, 1 to 12 months ahead; regions 1, 3, 6 and 12.

    Parameters
    ----------
    targets
        Targets of deaths, all of them by default.
    done
        Called after each target.

    Returns
    -------
    By target; one that cannot be learned from the earlier months alone is left out.
    """
    last = panel.shape[0] - 1 - HELD_BACK_MONTHS[panel.level]
    found: dict[str, HeldBackDeaths] = {}
    origins = [t for t in range(max(last, 0), panel.shape[0] - 1) if panel.months[t].month % _QUARTER == 0]
    with threadpool_limits(1):
        for asked in targets_of(panel.level, targets, kind="deaths"):
            target, outcome = asked.name, asked.counts
            try:
                forecasters = learn_families(
                    panel, features, COMPARED, outcome=outcome, last=last, horizons=MONTHS, seed=seed, threads=threads
                )
            except CoverageError:
                forecasters = {}
            parts = _forecast(
                panel, features, forecasters, outcome=outcome, origins=origins, seed=seed, threads=threads
            )
            if parts:
                rows = pd.concat(parts, ignore_index=True).assign(target=target)
                found[target] = HeldBackDeaths(str(panel.months[last]), forecasters, rows)
            done()
    return found


def _forecast(
    panel: Panel,
    features: FeatureArrays,
    forecasters: Mapping[str, SampleForecaster],
    *,
    outcome: str,
    origins: list[int],
    seed: int,
    threads: int,
) -> list[pd.DataFrame]:
    """Rows of every forecaster at every origin and horizon."""

    def one(asked: tuple[str, int]) -> list[pd.DataFrame]:
        name, origin = asked
        fitted = forecasters[name]
        ahead = _HORIZONS[panel.level]
        scored = score_origin(panel, features, fitted, outcome=outcome, origin=origin, horizons=ahead, seed=seed)
        return [rows.assign(forecaster=name) for rows in scored]

    asked = [(name, origin) for name in forecasters for origin in origins]
    with ThreadPoolExecutor(max_workers=threads) as pool:
        return [rows for some in pool.map(one, asked) for rows in some]


def crps_rows(held_back: HeldBackDeaths) -> pd.DataFrame:
    """Lay out the CRPS of every forecaster side by side.

    Returns
    -------
    One row a horizon, origin and unit: ``horizon_months``, ``origin`` (``YYYY-MM``), ``unit``, ``country`` (ISO3),
    ``y`` (deaths), and a column of CRPS a forecaster.
    """
    rows = held_back.rows
    wide = rows.pivot_table(index=_KEY, columns="forecaster", values="crps", observed=True, sort=False)
    about = rows[rows["forecaster"] == rows["forecaster"].iloc[0]].set_index(_KEY)[["country", "y"]]
    return about.join(wide[list(held_back.forecasters)]).reset_index()


def deaths_stratum_scores(panel: Panel, held_back: Mapping[str, HeldBackDeaths]) -> pd.DataFrame:
    """Score every forecaster of deaths by target, horizon and stratum.

    Returns
    -------
    One row each: ``n``, ``deaths`` (their mean), mean ``crps``, ``crps_log``, ``ign``, ``mis``, ``bias_mean``,
    ``mae_mean``, ``covered_50``, ``covered_80``, ``covered_90``, the skill of the CRPS against persistence and
    conflictology, and for at least 1 and 25 deaths in the month the Brier score of the samples' shares, ``brier_1`` and
    ``brier_25``. Strata are ``all``, ``hard_onset`` (12 quiet months before), ``active`` (the others), ``sahel`` and
    ``without_war_totals``, as far as they have 50 rows and are not all.
    """
    out: list[dict[str, Any]] = []
    for target, result in held_back.items():
        for (horizon, name), rows in result.rows.groupby(["horizon_months", "forecaster"], sort=False):
            where = {
                "level": panel.level,
                "target": target,
                "horizon_months": int(str(horizon)),
                "first_origin": rows["origin"].min(),
                "last_origin": rows["origin"].max(),
            }
            told = {name: rows[name].to_numpy(object if name == "country" else bool) for name in _TOLD}
            for stratum, inside in DISTRIBUTIONS.held_back_strata(told):
                some = rows[inside]
                means = {score: float(some[score].mean()) for score in MEANS}
                brier = {
                    f"brier_{least}": float(((some[f"p_{least}"] - (some["y"] >= least)) ** 2).mean())
                    for least in THRESHOLDS
                }
                about = {"stratum": stratum, "forecaster": name, "n": len(some), "deaths": float(some["y"].mean())}
                out.append({**where, **about, **means, **brier})
    scores = pd.DataFrame(out)
    if scores.empty:
        return scores
    group = ["target", "horizon_months", "stratum"]
    for opponent in ("persistence", "conflictology"):
        theirs = scores[scores["forecaster"] == opponent].set_index(group)["crps"]
        reached = theirs.reindex(pd.MultiIndex.from_frame(scores[group])).to_numpy()
        with np.errstate(divide="ignore", invalid="ignore"):  # nobody was killed: there is no skill to speak of
            scores[f"crps_skill_{opponent}"] = 1 - scores["crps"].to_numpy() / reached
    return scores


def learn_families(
    panel: Panel,
    features: FeatureArrays,
    families: Mapping[str, SampleFamily],
    *,
    outcome: str,
    last: int,
    horizons: int,
    seed: int,
    threads: int,
) -> dict[str, SampleForecaster]:
    """Learn every family by the origin ``last``; each is given what those before it learned.

    Raises
    ------
    CoverageError
        If there is too little history to learn from.
    """
    learned: dict[str, SampleForecaster] = {}
    for name, family in families.items():
        learned[name] = family.fit(
            panel,
            features,
            outcome=outcome,
            last=last,
            horizons=horizons,
            seed=seed,
            threads=threads,
            learned=learned,
        )
    return learned


def score_origin(
    panel: Panel,
    features: FeatureArrays,
    fitted: SampleForecaster,
    *,
    outcome: str,
    origin: int,
    horizons: tuple[int, ...],
    seed: int,
) -> Iterator[pd.DataFrame]:
    """Score a forecaster at one origin: rows as in `DeathsBacktest`, at each horizon that has an outcome."""
    if origin >= panel.shape[0]:
        return
    deaths, onset, iso3 = deaths_of(panel, outcome), hard_onset(panel), panel.units["iso3"].to_numpy(object)
    # a seed an origin: the same draws each month would make the months' errors move together
    at = np.full(panel.shape[1], origin)
    samples = fitted.samples(panel, features, at=at, seed=seed + origin)
    far = far_draws(fitted, panel, features, samples, outcome=outcome, at=at)
    unheard_of = {(draw.unit, draw.ahead) for draw in far if draw.analog is None}
    for horizon in horizons:
        month = origin + horizon
        if month >= panel.shape[0]:
            return
        unit = np.flatnonzero(panel.observed[origin] & panel.observed[month])
        if not len(unit):
            continue
        drawn, y = samples[unit, horizon - 1], deaths[month, unit].astype(np.float64)
        scores = {
            **sample_scores(y, drawn, seed=seed + month),
            "crps_log": crps_of_logs(y, drawn),
            **mean_errors(y, drawn),
            **{f"p_{threshold}": exceedance(drawn, threshold) for threshold in THRESHOLDS},
        }
        yield pd.DataFrame(
            {
                "horizon_months": horizon,
                "origin": str(panel.months[origin]),
                "unit": panel.units.index.to_numpy()[unit],
                "country": iso3[unit],
                "month": month,
                "hard_onset": onset[origin, unit],
                "y": y,
                "war_total": panel.war_total[month, unit],
                **{name: np.asarray(values, np.float32) for name, values in scores.items()},
                "mean_too_high": mean_too_high(drawn),
                "unheard_of": [(place, horizon) in unheard_of for place in unit.tolist()],
            }
        )
