"""The pool of forecasters of deaths: a mixture of the unit's own past, a Poisson on its last month, and the hurdle.

How much each member counts depends on how many deaths the unit has had of late and on how far ahead the month is: the
weights are those that scored best before the test years (`pool_weights`). The distribution of each month is the
weighted mixture of the members' own; the months of one course belong together by the hurdle's copula. A linear pool of
distributions: Stone (1961); weights by CRPS: Thorarinsdottir, Gneiting & Gissibl (2013), "Using proper divergence
functions to evaluate climate models", Thorey et al. (2017) for the CRPS of a pool.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import poisson

from ...features.errors import SchemaError
from .copula import correlated_uniforms
from .distribution import DRAWS, FromRows, Makeup
from .hurdle import HURDLE, Hurdle
from .pool_weights import LEADS, LEVELS, PoolWeights, pool_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from .distribution import SampleForecaster

__all__ = ["ALONE", "MEMBERS", "SAMPLE_POOL", "SamplePool", "SamplePoolFamily", "member_deaths"]

#: Members that are the unit's own past: how many of its last months, and what their deaths are multiplied by.
OWN_PAST = {
    "6 months": (6, 1.0),
    "12 months": (12, 1.0),
    "12 months, halved": (12, 0.5),
    "12 months, doubled": (12, 2.0),
    "24 months": (24, 1.0),
    "60 months": (60, 1.0),
}
_LAST, _HURDLE = "last month", "hurdle"
#: Every member, in the order of the weights.
MEMBERS = (*OWN_PAST, _LAST, _HURDLE)
#: Forecasters of their own that are members too, and can be served alone, by their names.
ALONE = {"persistence": _LAST, "conflictology": "12 months", "hurdle": _HURDLE}


def member_deaths(
    name: str,
    hurdle: Hurdle,
    month: int,
    *,
    x: NDArray[np.float32],
    recent: NDArray[np.float64],
    levels: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Deaths of one month ahead by one member, at levels of its distribution, shape (n, k).

    Parameters
    ----------
    name
        One of `MEMBERS`.
    month
        Position of the month ahead: 0 is the next one.
    x, recent
        Features (n, F) and `recent_deaths` (n, 60).
    levels
        In (0, 1), shape (k,).
    """
    if name == _HURDLE:
        everywhere = np.broadcast_to(levels, (len(x), len(levels)))
        return hurdle.deaths_at(month, x, recent, everywhere)
    if name == _LAST:
        return np.asarray(poisson.ppf(levels, np.maximum(recent[:, :1], 0.0)), np.float32)
    months, scale = OWN_PAST[name]
    own = recent[:, :months]
    # what was not observed is sorted to the front and passed over
    seen = (own >= 0).sum(axis=1)
    place = months - seen[:, None] + np.floor(levels * seen[:, None]).astype(np.int64)
    drawn = np.take_along_axis(np.sort(own, axis=1), np.minimum(place, months - 1), axis=1)
    return np.rint(scale * np.maximum(drawn, 0.0)).astype(np.float32)


@dataclass(frozen=True)
class SamplePool(FromRows):
    """A fitted hurdle model, and how much it and the others count."""

    hurdle: Hurdle
    weights: PoolWeights

    def alone(self, name: str) -> SamplePool:
        """Give all weight to one member, by its name in `ALONE`."""
        table = np.zeros_like(self.weights.table)
        table[..., MEMBERS.index(ALONE[name])] = 1.0
        return SamplePool(self.hurdle, PoolWeights(table))

    @property
    def outcome(self) -> str:
        """What is counted."""
        return self.hurdle.outcome

    @property
    def horizons(self) -> int:
        """Months ahead."""
        return self.hurdle.horizons

    @property
    def makeup(self) -> Makeup:
        """The hurdle model, and how much each member counts."""
        return Makeup(
            reads_features=bool(self.weights.table[..., MEMBERS.index(_HURDLE)].any()),
            months=self.hurdle.months,
            members={_HURDLE: self.hurdle},
            weights=self.weights,
            alone={name: self.alone(name) for name in ALONE},
            tables=self._tables,
        )

    def state(self) -> dict[str, Any]:
        """What the hurdle learned, and the weights of the members."""
        own = {"members": list(MEMBERS), "weights": self.weights.table.tolist()}
        return {**self.hurdle.state(), **own}

    def _tables(self) -> dict[str, pd.DataFrame]:
        weights = [
            {"month_ahead": lead, "from_deaths": level, "member": member, "weight": weight}
            for lead, of_lead in zip(LEADS, self.weights.table, strict=True)
            for level, of_level in zip(LEVELS, of_lead, strict=True)
            for member, weight in zip(MEMBERS, of_level, strict=True)
        ]
        return {"weights.csv": pd.DataFrame(weights)}

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
        uniform = correlated_uniforms(self.hurdle.dependence, units=units, draws=draws, seed=seed)
        rank = uniform.argsort(axis=-1).argsort(axis=-1)
        out = np.empty(uniform.shape, np.float32)
        for month in range(len(self.hurdle.months)):
            weights = self.weights.of(recent, month + 1)
            for weight in np.unique(weights, axis=0):
                rows = np.flatnonzero((weights == weight).all(axis=1))
                mixed = self._mixture(month, weight, x=x[rows], recent=recent[rows], draws=draws)
                out[rows, month] = np.take_along_axis(mixed, rank[rows, month], axis=1)
        return out

    def _mixture(
        self,
        month: int,
        weight: NDArray[np.float64],
        *,
        x: NDArray[np.float32],
        recent: NDArray[np.float64],
        draws: int,
    ) -> NDArray[np.float32]:
        """Each member at evenly spaced levels, as many as its share of the draws, sorted, shape (n, draws)."""
        parts = [
            member_deaths(name, self.hurdle, month, x=x, recent=recent, levels=(np.arange(share) + 0.5) / share)
            for name, share in zip(MEMBERS, _shares(weight, draws), strict=True)
            if share
        ]
        return np.sort(np.concatenate(parts, axis=1), axis=1)


def _shares(weight: NDArray[np.float64], draws: int) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the draws, by largest remainder."""
    exact = weight / weight.sum() * draws
    whole = np.floor(exact).astype(np.int64)
    whole[np.argsort(whole - exact, kind="stable")[: draws - whole.sum()]] += 1
    return whole.tolist()


@dataclass(frozen=True)
class SamplePoolFamily:
    """Learns the hurdle; the weights are the package's own."""

    name: str = "pool"
    weights: PoolWeights | None = None

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
        learned: Mapping[str, SampleForecaster] | None = None,
    ) -> SamplePool:
        """Learn months 1 to ``horizons`` ahead.

        Raises
        ------
        CoverageError
            If there is too little history to learn from.
        """
        hurdle = (learned or {}).get(HURDLE.name)  # its one member that learns may be learned already
        if not isinstance(hurdle, Hurdle):
            hurdle = HURDLE.fit(
                panel, features, outcome=outcome, last=last, horizons=horizons, seed=seed, threads=threads
            )
        return self.around(hurdle, level=panel.level)

    def around(self, hurdle: Hurdle, *, level: str) -> SamplePool:
        """The pool of a hurdle model that is already learned."""
        return SamplePool(hurdle, self.weights or pool_weights(level, hurdle.outcome))

    def load(self, state: Mapping[str, Any]) -> SamplePool:
        """Bring back what `SamplePool.state` gave.

        Raises
        ------
        SchemaError
            If it was saved by a version of the package whose pool has other members.
        """
        if state.get("members") != list(MEMBERS):
            msg = "this model of deaths was saved by another version of faultline, whose pool has other members."
            raise SchemaError(msg, remedy="Train it again with `faultline run`, then promote it.")
        return SamplePool(HURDLE.load(state), PoolWeights(np.array(state["weights"], np.float64)))


SAMPLE_POOL = SamplePoolFamily()
