"""A forecaster of deaths as named texts (JSON, LightGBM's own format) and back, bit for bit: nothing is pickled."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import lightgbm as lgb
import numpy as np

from ...features.errors import SchemaError
from ..learners.calibration import Calibration
from .hurdle import Hurdle
from .month_ahead import MonthAhead
from .pool import MEMBERS, SamplePool
from .pool_weights import PoolWeights

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DeathsModel"]


@dataclass(frozen=True)
class DeathsModel:
    """The pool of one level and target with all that is needed to draw from it again.

    Attributes
    ----------
    level, target
        What it forecasts, such as ``country`` and ``deaths``.
    features
        Names of the feature columns that it needs, in order.
    pool
        The fitted hurdle model, and the weights of the pool's members.
    trained_through
        Last month that anything in it was learned from, ``YYYY-MM``.
    seed
        Of its samples.
    """

    level: str
    target: str
    features: tuple[str, ...]
    pool: SamplePool
    trained_through: str
    seed: int

    def texts(self) -> dict[str, str]:
        """Everything as named texts: ``model.json`` and two LightGBM texts a month ahead."""
        out: dict[str, str] = {}
        months: list[dict[str, object]] = []
        hurdle = self.pool.hurdle
        for h, month in enumerate(hurdle.months, 1):
            files = {"hurdle": f"hurdle-h{h}.txt", "size": f"size-h{h}.txt"}
            out[files["hurdle"]] = month.hurdle.model_to_string()
            out[files["size"]] = month.size.model_to_string()
            arrays = {name: getattr(month, name).tolist() for name in _ARRAYS}
            months.append({**files, "calibration": month.calibration.state(), **arrays})
        head = {
            "level": self.level,
            "target": self.target,
            "features": list(self.features),
            "trained_through": self.trained_through,
            "seed": self.seed,
            "outcome": hurdle.outcome,
            "dependence": hurdle.dependence.tolist(),
            "members": list(MEMBERS),
            "weights": self.pool.weights.table.tolist(),
            "months": months,
        }
        return {**out, "model.json": json.dumps(head)}

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> DeathsModel:
        """Bring a model back from `texts`.

        Raises
        ------
        SchemaError
            If it was saved by a version of the package whose pool has other members.
        """
        head = json.loads(texts["model.json"])
        if head.get("members") != list(MEMBERS):
            msg = "this model of deaths was saved by another version of faultline, whose pool has other members."
            raise SchemaError(msg, remedy="Train it again with `faultline run`, then promote it.")
        months = tuple(
            MonthAhead(
                hurdle=lgb.Booster(model_str=texts[month["hurdle"]]),
                size=lgb.Booster(model_str=texts[month["size"]]),
                calibration=Calibration.load(month["calibration"]),
                **{name: np.array(month[name], np.float64) for name in _ARRAYS},
            )
            for month in head["months"]
        )
        hurdle = Hurdle(months, np.array(head["dependence"], np.float64), head["outcome"])
        pool = SamplePool(hurdle, PoolWeights(np.array(head["weights"], np.float64)))
        return cls(head["level"], head["target"], tuple(head["features"]), pool, head["trained_through"], head["seed"])


_ARRAYS = ("line", "spread", "forecast", "error", "followed")
