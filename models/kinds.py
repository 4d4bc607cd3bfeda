"""What differs between the two kinds of forecast: probabilities of a target, and distributions of deaths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..features.targets.build import counts_deaths
from .distributions.distribution import THRESHOLDS
from .distributions.model import DeathsModel
from .probabilities.risk import RiskModel
from .scores.strata import held_back_strata, strata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ..features.arrays import BoolArray

__all__ = ["DISTRIBUTIONS", "KINDS", "PROBABILITIES", "Kind", "kind_for", "kind_of"]


@dataclass(frozen=True)
class Kind:
    """One kind of forecast.

    Attributes
    ----------
    name
        What it is called.
    model
        Its fitted models.
    mark
        What the ``model.json`` of its models has and that of the other kind's lacks.
    score
        The fixed score by which a champion changes, as it is told; lower is better.
    scored
        Whether held-back rows hold this score of each forecaster; else they hold its forecasts.
    headlines
        Scores of a campaign's own run.
    opponents
        Forecasters that a challenger must beat beside the champion; of each tuple the first that there is.
    columns
        Columns of the table of scores in a model card, and how they are headed.
    held_back
        Strata of held-back origins in which its scores are told besides ``all``, in order.
    active_at_risk
        Whether whoever is not a hard onset is at risk; else the rows say who is.
    thresholds
        Deaths in a month whose probability is read from its forecasts; none if these are probabilities.
    """

    name: str
    model: type[RiskModel | DeathsModel]
    mark: str
    score: str
    scored: bool
    headlines: tuple[str, ...]
    opponents: tuple[tuple[str, ...], ...]
    columns: Mapping[str, str]
    held_back: tuple[str, ...]
    active_at_risk: bool = False
    thresholds: tuple[int, ...] = ()

    def met(self, forecasters: Iterable[str]) -> tuple[str | None, ...]:
        """Which of some forecasters is met as each opponent, None where none of them can be."""
        there = set(forecasters)
        return tuple(next((name for name in names if name in there), None) for names in self.opponents)

    def strata(self, rows: pd.DataFrame) -> Iterator[tuple[str, str, BoolArray]]:
        """Strata of a backtest of this kind, as `~faultline.models.scores.strata.strata` gives them."""
        return strata(rows.assign(at_risk=~rows["hard_onset"]), repeat=True) if self.active_at_risk else strata(rows)

    def held_back_strata(self, rows: Mapping[str, NDArray[Any]]) -> Iterator[tuple[str, BoolArray]]:
        """Strata of held-back origins, as `~faultline.models.scores.strata.held_back_strata` gives them."""
        return held_back_strata(rows, self.held_back)


PROBABILITIES = Kind(
    name="probabilities",
    model=RiskModel,
    mark="horizons",
    score="Brier",
    scored=False,
    headlines=("brier", "brier_skill_persistence", "average_precision", "calibration_error"),
    opponents=(("persistence",), ("logit", "rare_logit")),
    columns={
        "horizon_months": "months",
        "stratum": "for whom",
        "n": "rows",
        "base_rate": "base rate",
        "brier": "Brier",
        "brier_skill_persistence": "skill against persistence",
        "average_precision": "average precision",
        "calibration_error": "calibration error",
    },
    held_back=("at_risk", "hard_onset", "active", "sahel"),
)
DISTRIBUTIONS = Kind(
    name="distributions",
    model=DeathsModel,
    mark="seed",
    score="CRPS",
    scored=True,
    headlines=("crps", "crps_skill_conflictology", "ign", "covered_90"),
    opponents=(("persistence",), ("conflictology",)),
    columns={
        "horizon_months": "months ahead",
        "stratum": "for whom",
        "n": "rows",
        "deaths": "mean deaths",
        "crps": "CRPS",
        "crps_skill_persistence": "skill against persistence",
        "crps_skill_conflictology": "skill against conflictology",
        "crps_log": "CRPS of logs",
        "bias_mean": "bias of the mean",
        "mae_mean": "absolute error of the mean",
        "ign": "IGN",
        "mis": "MIS",
        "covered_90": "in the 90 % interval",
    },
    held_back=("hard_onset", "active", "sahel", "without_war_totals"),
    active_at_risk=True,
    thresholds=THRESHOLDS,
)
KINDS = (PROBABILITIES, DISTRIBUTIONS)


def kind_for(target: str) -> Kind:
    """Kind by which a target is forecast."""
    return DISTRIBUTIONS if counts_deaths(target) else PROBABILITIES


def kind_of(model: RiskModel | DeathsModel) -> Kind:
    """Kind of a fitted model."""
    return next(kind for kind in KINDS if type(model) is kind.model)
