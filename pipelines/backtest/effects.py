"""The effects layer judged: how strongly it is shrunk, what it costs or gains, and for which targets it is served.

The protocol is fixed here, before anything is looked at. The offset is what the history models forecast of origins that
they had not seen (`history_forecasts`). The layer learns from coded country-months whose windows had ended, anew every
two years. Of countries the ridge is the one with the lowest Brier score on coded rows of origins to 2011; regions,
counted from 2010 on, take the ridge of their country's target. Then the rule: a layer is served for a target where, on
coded rows of origins of 2012 to 2017 (of regions 2016 and 2017), the upper end of the 90 % interval of its relative
change of the Brier score, by bootstrap over countries, is below `MOST_LOST`: not inferior, which is less than better.
Where these rows lie in fewer than `FEWEST_COUNTRIES` countries nothing is decided, and it is not served. Origins from
2018 on decide nothing; of `contestation` those of 2018 to 2020 had been looked at before this was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...features.blocks.build import build_features
from ...features.blocks.effects import ONGOING_DEATHS
from ...features.errors import CoverageError
from ...features.panels.ordinary import ordinary_deaths
from ...features.targets.build import counts_deaths
from ...features.transforms import rolling_sum
from ...models.learners.effects import RIDGES, Exposure, fit_effects
from ...models.learners.kept_effects import COURSE
from ...models.probabilities.learning import FEWEST_COUNTRIES
from .effects_scores import Deaths, Events, score_of
from .history_deaths import level_names
from .history_forecasts import FIRST_YEARS, REFIT_YEARS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...models.learners.effects import EffectsLayer
    from .effects_scores import Outcomes, Score

__all__ = ["DECIDED_ON", "EFFECT_TARGETS", "MOST_LOST", "RIDGE_OF", "Judged", "judge"]

#: Targets for which a layer is learned, by level.
EFFECT_TARGETS: Final = {
    "country": ("violence_1", "violence_25", "escalation", "new_armed_actor", "fragmentation", "deaths", "deaths_sb"),
    "region": ("violence_1", "violence_25", "escalation", "contestation", "deaths"),
}
#: Largest relative loss of Brier or CRPS that the interval may reach where a layer is served.
MOST_LOST: Final = 0.01
#: First year of the origins that decide, by level, and the first that is only reported. Layers learned before that are
#: not kept: the rule had not been decided by then.
DECIDED_ON: Final = {"country": 2012, "region": 2016}
REPORTED_FROM: Final = 2018
#: The country's target whose ridge a regional one takes where it is not of the same name.
RIDGE_OF: Final = {"contestation": "violence_25"}


@dataclass(frozen=True)
class Judged:
    """What came of one level and target.

    Attributes
    ----------
    ridges
        By horizon; of deaths under `COURSE`, as the layers are.
    scores
        By era (``chosen``, ``decided``, ``later``) and rows (``coded``, ``all``); without an era that has no row.
    layers
        By horizon and month learned by, ``YYYY-MM``.
    """

    level: str
    target: str
    ridges: Mapping[int, float]
    scores: Mapping[tuple[str, str], Score]
    layers: Mapping[tuple[int, str], EffectsLayer]

    @property
    def served(self) -> bool:
        """Whether it is not inferior by the rule."""
        score = self.scores.get(("decided", "coded"))
        return score is not None and score.countries >= FEWEST_COUNTRIES and score.high < MOST_LOST


def judge(
    panel: Panel,
    forecasts: pd.DataFrame,
    target: str,
    *,
    ridges: Mapping[int, float] | None = None,
    seed: int = 0,
    features: FeatureArrays | None = None,
) -> Judged:
    """Judge the layer of one target and learn it by every second year's end.

    Parameters
    ----------
    panel
        T months x U units.
    forecasts
        As `~faultline.pipelines.backtest.history_forecasts.history_forecasts` gives them, or of deaths
        `~faultline.pipelines.backtest.history_deaths.history_deaths`; of this target at least.
    ridges
        By horizon, where they are not chosen here.
    features
        The block ``effects`` of the panel, if it is at hand.

    Raises
    ------
    CoverageError
        If no row lies in a coded country-month.
    """
    told = features or build_features(panel, blocks=("effects",))
    own = forecasts[forecasts["target"] == target]
    chosen: dict[int, float] = {}
    layers: dict[tuple[int, str], EffectsLayer] = {}
    scored: list[pd.DataFrame] = []
    for horizon, rows in [(COURSE, own)] if counts_deaths(target) else own.groupby("horizon_months", sort=True):
        ahead = int(str(horizon))
        run = _Run.of(panel, told, rows.reset_index(drop=True), counts=counts_deaths(target))
        if not run.coded.any():
            msg = f"no origin of {target} lies in a country-month in which facts were coded."
            raise CoverageError(msg, remedy="Give a snapshot with coded facts.")
        ridge = run.best_ridge() if ridges is None else ridges[ahead]
        moved, learned = run.moved(ridge)
        chosen[ahead] = ridge
        layers |= {(ahead, month): layer for month, layer in learned.items()}
        scored.append(moved)
    return Judged(panel.level, target, chosen, _scores(pd.concat(scored), panel.level, seed), layers)


@dataclass(frozen=True)
class _Run:
    """One layer: rows of ``month, unit, country, horizon_months`` with outcomes, what each is told, what violence was.

    ``x`` has shape (n, k); ``coded`` and ``violent`` have shape (n,).
    """

    panel: Panel
    names: tuple[str, ...]
    rows: pd.DataFrame
    outcomes: Outcomes
    x: NDArray[np.float64]
    coded: NDArray[np.bool_]
    violent: NDArray[np.bool_]

    @classmethod
    def of(cls, panel: Panel, features: FeatureArrays, rows: pd.DataFrame, *, counts: bool) -> _Run:
        y = rows["y"].to_numpy(np.float64)
        outcomes = Deaths(y, rows[level_names()].to_numpy()) if counts else Events(y, rows["history"].to_numpy())
        month, unit = rows["month"].to_numpy(), rows["unit"].to_numpy()
        x = features.values[month, unit].astype(np.float64)  # noqa: PD011  # an array of ours
        violent = (rolling_sum(ordinary_deaths(panel), 12) >= ONGOING_DEATHS)[month, unit]
        coded = np.asarray(~np.isnan(x).all(axis=1), bool)
        return cls(panel, features.names, rows, outcomes, x, coded, violent)

    def _december(self, year: int) -> int:
        return self.panel.position(pd.Period(f"{year - 1}-12", "M"))

    def learned(self, last: int, ridge: float) -> EffectsLayer:
        """Learn from the coded rows whose windows had ended by the month at ``last``."""
        month, ahead, country = (self.rows[name].to_numpy() for name in ("month", "horizon_months", "country"))
        ended = self.coded & (month + ahead <= last)
        of = self.outcomes
        return fit_effects(
            Exposure(self.x[ended], self.violent[ended]),
            of.y[ended],
            of.history[ended],
            country[ended],
            names=self.names,
            ridge=ridge,
            counts=of.counts,
        )

    def best_ridge(self) -> float:
        """The ridge with the lowest score on coded rows of origins before those that decide."""
        misses: dict[float, float] = {}
        for ridge in RIDGES:
            moved = self.moved(ridge, until=DECIDED_ON[self.panel.level])[0]
            misses[ridge] = float(moved["after"][moved["coded"]].mean())
        return min(misses, key=lambda ridge: misses[ridge])

    def moved(self, ridge: float, *, until: int | None = None) -> tuple[pd.DataFrame, dict[str, EffectsLayer]]:
        """Rows of origins for which a layer had been learned, as `score_of` takes them, and the layers."""
        month, months = self.rows["month"].to_numpy(), self.panel.months
        kept: dict[str, EffectsLayer] = {}
        after, by = np.full(len(self.rows), np.nan), np.zeros(len(self.rows))
        years = range(FIRST_YEARS[self.panel.level] + REFIT_YEARS, until or months[-1].year + 1, REFIT_YEARS)
        for year in years:
            last = self._december(year)
            layer = self.learned(last, ridge)
            now = (month >= last) & (month < last + 12 * REFIT_YEARS)
            after[now], by[now] = self.outcomes.after(now, layer.shift(self.x[now]))
            if year >= REPORTED_FROM:
                kept[str(months[last])] = layer
        if until is None:
            kept[str(months[-1])] = self.learned(len(months) - 1, ridge)
        year = months[0].year + (months[0].month + month) // 12
        scores = {"before": self.outcomes.before, "after": after, "moved": by}
        rows = self.rows[["country"]].assign(**scores, coded=self.coded, year=year)
        return rows[~np.isnan(after)], kept


def _scores(rows: pd.DataFrame, level: str, seed: int) -> dict[tuple[str, str], Score]:
    first = DECIDED_ON[level]
    eras = {
        "chosen": rows["year"] < first,
        "decided": (rows["year"] >= first) & (rows["year"] < REPORTED_FROM),
        "later": rows["year"] >= REPORTED_FROM,
    }
    found: dict[tuple[str, str], Score] = {}
    for era, inside in eras.items():
        for which, some in (("coded", rows[inside & rows["coded"]]), ("all", rows[inside])):
            if len(some):
                found[era, which] = score_of(some, seed)
    return found
