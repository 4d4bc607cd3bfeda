"""The hurdle count model: P(deaths > 0) of each month ahead x a distribution of the deaths where there are some.

The hurdle is a monotone LightGBM, recalibrated on a later block than it learned from. Where it is passed, a line in
the logs of the unit's own last months, corrected by a second LightGBM, gives the expected log of the deaths (trees
alone level off at the worst wars). Around it lie the errors that were made in that later block at the rows with the
nearest forecasts (analogs), stretched by how restless the unit has been. The upper tail is bounded twice, since a mean
is wrecked by draws that CRPS and coverage do not see: no stretched error lifts a forecast by more than `MOST_LIFT`, and
no draw passes the larger of twice the unit's own worst recent month and the worst month that followed for its analogs.
The months of one course belong together by a Gaussian copula. Cragg (1971); Mullahy (1986).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ...features.errors import CoverageError
from ..learners.binned import Trees, bin_features
from ..learners.calibration import fit_calibration
from ..rows.death_rows import history_rows, known_pairs, ordinary_deaths
from ..rows.recent_deaths import own_past, own_past_of_panel
from .copula import correlated_uniforms, correlation
from .distribution import DRAWS, FromRows, Makeup
from .month_ahead import MonthAhead

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import lightgbm as lgb
    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ..learners.binned import BinnedFeatures
    from .distribution import SampleForecaster

__all__ = ["HURDLE", "Hurdle", "HurdleFamily"]

#: Months at the end of what is known in which the model is checked, not fitted.
LATER_MONTHS = 60
#: Months of history before the first origin that is learned from.
BURN_IN_MONTHS = 24
#: Fewest rows with deaths from which a distribution of deaths is learned, in each block.
FEWEST_POSITIVE = 30
#: Added to the size of an error before its log is taken.
SMALLEST_ERROR = 0.05
#: Terms of the line, in the order of its coefficients.
_TERMS = ("constant", *(f"log mean deaths, last {n} months" for n in (1, 3, 6, 12)))


@dataclass(frozen=True)
class Hurdle(FromRows):
    """A fitted hurdle model of H months ahead, with the copula's correlation (H, H)."""

    months: tuple[MonthAhead, ...]
    dependence: NDArray[np.float64]
    outcome: str

    @property
    def horizons(self) -> int:
        """Months ahead."""
        return len(self.months)

    @property
    def makeup(self) -> Makeup:
        """Its months ahead, of which each has its analogs."""
        return Makeup(reads_features=True, months=self.months, tables=self._tables)

    def draw(
        self,
        x: NDArray[np.float32],
        recent: NDArray[np.float64],
        *,
        units: Sequence[str],
        draws: int = DRAWS,
        seed: int = 0,
    ) -> NDArray[np.float32]:
        """Sample as `SampleForecaster.draw` says; each unit has its own stream of random numbers."""
        uniform = correlated_uniforms(self.dependence, units=units, draws=draws, seed=seed)
        values = (self.deaths_at(h, x, recent, uniform[:, h]) for h in range(len(self.months)))
        return np.stack(list(values), axis=1)

    def deaths_at(
        self, month: int, x: NDArray[np.float32], recent: NDArray[np.float64], levels: NDArray[np.float64]
    ) -> NDArray[np.float32]:
        """Deaths at levels of the distribution of one month ahead, shape (n, k).

        Parameters
        ----------
        month
            Position of the month ahead: 0 is the next one.
        x, recent
            Features (n, F) and `recent_deaths` (n, 60).
        levels
            In (0, 1), shape (n, k).
        """
        ahead = self.months[month]
        passed = ahead.passed(x)[:, None]
        over = np.clip((levels - (1 - passed)) / passed, 0.0, 1.0)
        some = ahead.quantile(x, own_past(recent), over, np.maximum(recent.max(axis=1), 0.0))
        return np.where(levels > 1 - passed, some, np.float32(0.0))

    def state(self) -> dict[str, Any]:
        """Everything that it learned; the trees as ``texts``, two a month ahead."""
        months: list[dict[str, Any]] = []
        texts: dict[str, str] = {}
        for h, month in enumerate(self.months, 1):
            files = {part: f"{part}-h{h}.txt" for part in month.trees}
            texts |= {files[part]: trees.model_to_string() for part, trees in month.trees.items()}
            months.append({**files, **month.state()})
        return {"outcome": self.outcome, "dependence": self.dependence.tolist(), "months": months, "texts": texts}

    def _tables(self) -> dict[str, pd.DataFrame]:
        gains = [
            pd.DataFrame(
                {"feature": trees.feature_name(), "gain": trees.feature_importance("gain"), "part": part}
            ).assign(horizon_months=horizon)
            for horizon, month in enumerate(self.months, 1)
            for part, trees in (("any deaths", month.hurdle), ("how many", month.size))
        ]
        table = pd.concat(gains, ignore_index=True)
        line = [
            {"horizon_months": horizon, "term": term, "coefficient": value}
            for horizon, month in enumerate(self.months, 1)
            for term, value in zip(_TERMS, month.line, strict=True)
        ]
        order = ["part", "horizon_months", "gain"]
        return {
            "feature-importance.csv": table.sort_values(order, ascending=[True, True, False], kind="stable"),
            "coefficients.csv": pd.DataFrame(line),
        }


@dataclass(frozen=True)
class HurdleFamily:
    """Learns the hurdle and the size at every horizon."""

    name: str = "hurdle"
    hurdle: Trees = field(default_factory=lambda: Trees(rounds=75, learning_rate=0.12))
    size: Trees = field(default_factory=lambda: Trees(objective="regression", rounds=60, monotone=False))
    later_months: int = LATER_MONTHS

    def fit(
        self,
        panel: Panel,
        features: FeatureArrays,
        *,
        outcome: str = "deaths",
        last: int,
        horizons: int = 12,
        seed: int = 0,
        threads: int = 2,
        learned: Mapping[str, SampleForecaster] | None = None,  # noqa: ARG002  # the interface's argument
    ) -> Hurdle:
        """Learn months 1 to ``horizons`` ahead.

        Raises
        ------
        CoverageError
            If there is too little history to learn from.
        """
        history_rows(panel, last=last, horizons=horizons)
        deaths = ordinary_deaths(panel, outcome)[: last + 1]  # no war total is an analog or moves a scale
        first = BURN_IN_MONTHS if last > 2 * (BURN_IN_MONTHS + horizons) else 0
        rows = panel.observed.copy()
        rows[:first], rows[last + 1 :] = False, False
        binned = bin_features(features, rows)
        past = own_past_of_panel(panel, outcome)

        def one(horizon: int) -> tuple[MonthAhead, NDArray[np.float64]]:
            month, unit = known_pairs(panel, horizon, first=first, last=last)
            y = deaths[month + horizon, unit].astype(np.float64)
            task = _Task(binned, features, past, month, unit, y)
            later = month > last - horizon - min(self.later_months, (last - horizon - first) // 3)
            return self._month(task, later, horizon=horizon, seed=seed)

        with ThreadPoolExecutor(max_workers=threads) as pool:
            months = list(pool.map(one, range(1, horizons + 1)))
        return Hurdle(
            tuple(month for month, _ in months),
            correlation(np.stack([scores for _, scores in months])),
            outcome,
        )

    def load(self, state: Mapping[str, Any]) -> Hurdle:
        """Bring back what `Hurdle.state` gave."""
        texts = state["texts"]
        months = (
            MonthAhead.load(month, hurdle=texts[month["hurdle"]], size=texts[month["size"]])
            for month in state["months"]
        )
        return Hurdle(tuple(months), np.array(state["dependence"], np.float64), state["outcome"])

    def _month(
        self, task: _Task, later: NDArray[np.bool_], *, horizon: int, seed: int
    ) -> tuple[MonthAhead, NDArray[np.float64]]:
        some = task.y > 0
        early = task.month + horizon < task.month[later].min(initial=np.iinfo(np.int64).max)
        if min((early & some).sum(), (later & some).sum(), (early & ~some).sum()) < FEWEST_POSITIVE:
            msg = f"{int(some.sum())} months with deaths are too few to learn a distribution of deaths from."
            raise CoverageError(msg, remedy="Choose a later origin or more units.")
        checked = later & some
        before_line, before_size = self._size(task, early & some, seed)
        before = self._hurdle(task, early, seed)
        raw = np.asarray(before.predict(task.x(later), num_threads=1), np.float64)
        calibration = fit_calibration(raw, some[later].astype(np.float64), task.unit[later], draws=0)
        past = task.history(checked)
        centre = past[:, : len(before_line)] @ before_line
        centre += np.asarray(before_size.predict(task.x(checked), num_threads=1))
        error = np.log(task.y[checked]) - centre
        spread = _ridge(past, np.log(np.abs(error) + SMALLEST_ERROR))
        error /= np.exp(past @ spread)
        order = np.argsort(centre, kind="stable")
        # then learned again from all that is known; forecasts and errors stay those of the later block
        line, size = self._size(task, some, seed)
        month = MonthAhead(
            self._hurdle(task, np.ones(len(some), bool), seed),
            calibration,
            line,
            size,
            spread,
            centre[order],
            error[order],
            task.y[checked][order],
        )
        scores = np.full(task.past.shape[:2], np.nan)
        scores[task.month[later], task.unit[later]] = _normal_scores(
            some[later], calibration.probability(raw), error, seed + horizon
        )
        return month, scores

    def _hurdle(self, task: _Task, rows: NDArray[np.bool_], seed: int) -> lgb.Booster:
        happened = (task.y[rows] > 0).astype(np.float64)
        return task.binned.train(task.month[rows], task.unit[rows], happened, trees=self.hurdle, seed=seed)

    def _size(self, task: _Task, rows: NDArray[np.bool_], seed: int) -> tuple[NDArray[np.float64], lgb.Booster]:
        """The line in the unit's own past, and the trees that correct it."""
        logged = np.log(task.y[rows])
        past = task.history(rows)[:, :-1]
        line = _ridge(past, logged)
        rest = logged - past @ line
        return line, task.binned.train(task.month[rows], task.unit[rows], rest, trees=self.size, seed=seed)


@dataclass(frozen=True)
class _Task:
    """What one horizon is learned from: n rows with the deaths that came."""

    binned: BinnedFeatures
    features: FeatureArrays
    past: NDArray[np.float64]
    month: NDArray[np.int64]
    unit: NDArray[np.int64]
    y: NDArray[np.float64]

    def x(self, rows: NDArray[np.bool_]) -> NDArray[np.float32]:
        return self.features.values[self.month[rows], self.unit[rows]]  # noqa: PD011  # an array of ours

    def history(self, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        return self.past[self.month[rows], self.unit[rows]]


def _ridge(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.solve(x.T @ x + np.eye(x.shape[1]), x.T @ y), np.float64)


def _normal_scores(
    some: NDArray[np.bool_], passed: NDArray[np.float64], error: NDArray[np.float64], seed: int
) -> NDArray[np.float64]:
    """Where in its forecast each outcome fell, as normal scores, shape (n,); randomised where there were no deaths."""
    level = np.random.default_rng(seed).random(len(some)) * (1 - passed)
    rank = (np.argsort(np.argsort(error, kind="stable"), kind="stable") + 0.5) / max(len(error), 1)
    level[some] = 1 - passed[some] + passed[some] * rank
    return np.asarray(ndtri(np.clip(level, 1e-4, 1 - 1e-4)))


HURDLE = HurdleFamily()
