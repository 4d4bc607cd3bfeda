"""Training one level: panel and features once, then every target at every horizon."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from ..features.blocks import build_features
from ..features.targets import targets_of
from ..models.design import label
from ..models.learning import Evaluation, Learned, learn, score_table
from ..models.risk import RiskModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..features.blocks import FeatureArrays
    from ..features.panel import Panel
    from ..features.targets import Target

__all__ = ["EVALUATION_MONTHS", "HORIZONS", "Campaign", "train_level"]

#: Horizons in months that are scored by default.
HORIZONS = (1, 3, 6, 12)
#: Latest labelled origins held back to score and calibrate. Regions need more: their countries' data end years apart.
EVALUATION_MONTHS = {"country": 36, "region": 72, "cell": 36}


@dataclass(frozen=True)
class Campaign:
    """All models of one level, learned in one go.

    Attributes
    ----------
    panel, features
        What they were learned from.
    models
        Risk model by target.
    evaluations
        Held-back forecasts by target and horizon.
    """

    panel: Panel
    features: FeatureArrays
    models: Mapping[str, RiskModel]
    evaluations: Mapping[tuple[str, int], Evaluation]

    def skill_rows(self) -> list[dict[str, object]]:
        """Scores of every forecaster at every target and horizon; new actors on the at-risk set as well."""
        rows: list[dict[str, object]] = []
        for (target, horizon), evaluation in self.evaluations.items():
            months = self.panel.months[evaluation.design.month]
            where: dict[str, object] = {
                "level": self.panel.level,
                "target": target,
                "horizon_months": horizon,
                "first_origin": str(months.min()),
                "last_origin": str(months.max()),
            }
            rows += [{**where, "stratum": "all", **scores} for scores in score_table(evaluation)]
            if not evaluation.design.at_risk.all():
                at_risk = score_table(evaluation, at_risk_only=True)
                rows += [{**where, "stratum": "at risk", **scores} for scores in at_risk]
        return rows


def train_level(
    panel: Panel,
    *,
    horizons: Iterable[int] = HORIZONS,
    targets: tuple[str, ...] | None = None,
    seed: int = 0,
    threads: int = 2,
    done: Callable[[], None] = lambda: None,
) -> Campaign:
    """Learn every target of a level at every horizon.

    Parameters
    ----------
    panel
        T months x U units; nothing after its last month exists.
    horizons
        Months ahead.
    targets
        Names; all of the level by default.
    threads
        Fits that run at once.
    done
        Called after each target and horizon.

    Raises
    ------
    CoverageError
        If there is too little history to learn from.
    """
    features = build_features(panel)
    last = panel.shape[0] - 1
    chosen, ahead = targets_of(panel.level, targets), tuple(horizons)

    def one(target: Target, horizon: int) -> Learned:
        return learn(
            label(panel, target, horizon),
            features,
            last=last,
            evaluation_months=EVALUATION_MONTHS[panel.level],
            seed=seed,
        )

    # fits are independent and each uses one core: two at once are faster than one on two cores, and never differ
    with threadpool_limits(1), ThreadPoolExecutor(max_workers=threads) as pool:
        jobs = {(target.name, horizon): pool.submit(one, target, horizon) for target in chosen for horizon in ahead}
        try:
            for job in as_completed(jobs.values()):
                job.result()
                done()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    learned = {key: job.result() for key, job in jobs.items()}
    models = {
        target.name: RiskModel(
            level=panel.level,
            target=target.name,
            features=features.names,
            horizons={horizon: learned[target.name, horizon].model for horizon in ahead},
            trained_through=str(panel.months[-1]),
        )
        for target in chosen
    }
    return Campaign(panel, features, models, {key: part.evaluation for key, part in learned.items()})
