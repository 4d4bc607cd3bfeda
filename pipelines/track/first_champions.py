"""First champions: where nothing serves yet, the forecaster that did best on the held-back origins, baselines included.

Later campaigns challenge them by `promotion`, which asks for more. Of ordinary targets the best is the one with the
lowest Brier score over all horizons, where the target can happen for the first time. Of rare targets, whose few spells
make any one score chance, it is the one with the lowest mean of log score and Brier score, each as a share of
climatology's, among those that do climatology no harm: in neither score does the 90 % interval of the difference, by
bootstrap over countries, lie above zero. Of deaths it is the one with the lowest CRPS over all held-back years.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...features.targets.build import TARGETS
from ...models.distributions.families import SAMPLE_FAMILIES
from ...models.scores.comparison import bootstrap_mean, codes
from . import registry
from .records import POOL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ..learn.train import ModelVersion
    from .records import LearnedTarget
    from .store import Store

__all__ = ["Choice", "best_deaths", "best_ordinary", "best_rare", "crown"]

_CLIMATOLOGY, _CONFLICTOLOGY = "climatology", "conflictology"
#: As log scores are taken elsewhere (`~faultline.models.scores.probabilities.binary_scores`).
_LEAST = 1e-6


@dataclass(frozen=True)
class Choice:
    """The forecaster that did best, and the score of each candidate, lower being better."""

    name: str
    score: str
    scores: Mapping[str, float]
    rows: int

    @property
    def reason(self) -> str:
        """The grounds in a line."""
        if not self.scores:
            return f"first champion: {self.name}, for no forecasts were held back to choose by"
        ordered = sorted(self.scores.items(), key=lambda item: item[1])
        told = ", ".join(f"{name} {score:.4g}" for name, score in ordered)
        return f"first champion: {self.name}, by the {self.score} on {self.rows:,} held-back rows ({told})"


def best_ordinary(rows: pd.DataFrame, candidates: tuple[str, ...]) -> Choice:
    """Choose by the Brier score of rows at risk, as `forecast_rows` lays them out."""
    some = rows[rows["at_risk"]]
    y = some["y"].to_numpy(np.float64)
    scores = {name: float(_brier(some[name].to_numpy(np.float64), y).mean()) for name in candidates}
    return Choice(min(candidates, key=scores.__getitem__), "Brier score", scores, len(some))


def best_rare(rows: pd.DataFrame, candidates: tuple[str, ...], *, seed: int = 0) -> Choice:
    """Choose by log score and Brier score of rows at risk, all horizons together, among those that do no harm."""
    some = rows[rows["at_risk"]]
    y = some["y"].to_numpy(np.float64)
    country = codes(some["country"])
    p = {name: some[name].to_numpy(np.float64) for name in candidates}
    usual = [score(p[_CLIMATOLOGY], y) for score in (_brier, _log_score)]
    found: dict[str, float] = {}
    for name in candidates:
        own = [score(p[name], y) for score in (_brier, _log_score)]
        harm = [
            bootstrap_mean(mine - theirs, country, seed=seed).low > 0 for mine, theirs in zip(own, usual, strict=True)
        ]
        if not any(harm):
            found[name] = float(np.mean([mine.mean() / theirs.mean() for mine, theirs in zip(own, usual, strict=True)]))
    what = "mean of Brier and log score as shares of climatology's, of those that do it no harm,"
    return Choice(min(found, key=found.__getitem__), what, found, len(some))


def best_deaths(rows: pd.DataFrame | None) -> Choice:
    """Choose by CRPS, as `crps_rows` lays it out; conflictology without any."""
    if rows is None:
        return Choice(_CONFLICTOLOGY, "CRPS", {}, 0)
    others = (name for name in SAMPLE_FAMILIES if name != POOL and name in rows)
    scores = {name: float(rows[name].mean()) for name in (POOL, *others)}
    return Choice(min(scores, key=scores.__getitem__), "CRPS", scores, len(rows))


def _brier(p: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    return (p - y) ** 2


def _log_score(p: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    kept = np.clip(p, _LEAST, 1 - _LEAST)
    return -(y * np.log(kept) + (1 - y) * np.log1p(-kept))


def crown(store: Store, learned: Iterable[LearnedTarget], versions: Mapping[str, ModelVersion]) -> None:
    """Give each target that was learned a champion where it has none."""
    for each in learned:
        version = versions[each.target]
        if registry.champion(store, version.name) is not None:
            continue
        best = _best(each, None if each.held_back is None else registry.held_back(store, version))
        if best.name != POOL:
            version = registry.register_model(
                store, each, model=each.alone(best.name), run_id=version.run_id, forecaster=best.name
            )
        registry.make_champion(store, version, reason=best.reason)


def _best(learned: LearnedTarget, rows: pd.DataFrame | None) -> Choice:
    if rows is None or learned.kind.scored:
        return best_deaths(rows)
    candidates = (POOL, *(name for name in learned.forecasters if name != POOL))
    return (best_rare if TARGETS[learned.target].rare else best_ordinary)(rows, candidates)
