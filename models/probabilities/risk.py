"""A risk model: for one level and target, the members of the pool at every horizon, and the pool's calibration.

This is what is registered and served. It turns itself into named texts (JSON, LightGBM's own format) and back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.targets.build import TARGETS
from ..learners.calibration import Calibration
from .baselines import CLIMATOLOGY, PERSISTENCE
from .boosting import LIGHTGBM, BoostingFamily
from .logit import LOGIT
from .rare import RARE, RARE_POOLED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..rows.design import Inputs
    from .forecaster import Family, Forecaster

__all__ = [
    "FAMILIES",
    "POOLED",
    "RARE_FAMILIES",
    "UNCALIBRATED",
    "Forecast",
    "HorizonModel",
    "RiskModel",
    "families_of",
    "pool_of",
    "pooled",
]

#: Every family of forecasters; a new one is one module and one line here.
FAMILIES: dict[str, Family] = {family.name: family for family in (CLIMATOLOGY, PERSISTENCE, LOGIT, LIGHTGBM)}
#: Families for rare events with few independent spells.
RARE_FAMILIES: dict[str, Family] = {family.name: family for family in (CLIMATOLOGY, PERSISTENCE, *RARE)}
#: LightGBM of regions: of so many rows more and slower trees learn more than the directions of features tell. On
#: origins of 2014 to 2017 it had a lower Brier score than the other one at 1 and at 6 months, alone and in the pool.
REGIONAL_LIGHTGBM = BoostingFamily(rounds=150, learning_rate=0.06, monotone=False)
#: Members of the pool; they weigh the same.
POOLED = ("logit", "lightgbm")
#: Levels whose pool is served as learned: the slope of regions' was .95 to 1.01 on origins of 2014 to 2017, and
#: recalibration cost skill at every horizon.
UNCALIBRATED = ("region",)
_LIGHTGBM_TEXT = "lightgbm"


def families_of(target: str, level: str) -> dict[str, Family]:
    """Families that learn a target at a level."""
    if TARGETS[target].rare:
        return RARE_FAMILIES
    return {**FAMILIES, REGIONAL_LIGHTGBM.name: REGIONAL_LIGHTGBM} if level == "region" else FAMILIES


def pool_of(families: Mapping[str, object]) -> tuple[str, ...]:
    """Members of the equal-weight pool among these families or fitted members."""
    return RARE_POOLED if RARE_POOLED[0] in families else POOLED


def pooled(probabilities: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Mean of the pool's members, shape (n,)."""
    return np.mean([probabilities[name] for name in pool_of(probabilities)], axis=0)


@dataclass(frozen=True)
class Forecast:
    """Probabilities of n rows: calibrated, their 90 % interval, and persistence's, each of shape (n,)."""

    probability: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    baseline: NDArray[np.float64]


@dataclass(frozen=True)
class HorizonModel:
    """The forecasters of one horizon, their weights in the forecast (the pool's if None), and its calibration."""

    horizon: int
    members: Mapping[str, Forecaster]
    calibration: Calibration
    weights: Mapping[str, float] | None = None

    @property
    def shares(self) -> Mapping[str, float]:
        """Members that the forecast is made of, by their weight."""
        return self.weights or dict.fromkeys(pool_of(self.members), 1.0)

    def forecast(self, inputs: Inputs) -> Forecast:
        """Score rows."""
        members = {name: self.members[name].probability(inputs) for name in self.shares}
        raw = np.average(list(members.values()), axis=0, weights=list(self.shares.values()))
        low, high = self.calibration.interval(raw, list(members.values()))
        return Forecast(self.calibration.probability(raw), low, high, self.members["persistence"].probability(inputs))

    def contributions(self, inputs: Inputs) -> NDArray[np.float64]:
        """Weighted mean over the forecast's members of each feature's share in the log-odds, shape (n, F).

        Zeros where no member has any, as of a baseline.
        """
        found = {name: self.members[name].contributions(inputs) for name in self.shares}
        parts = {name: part for name, part in found.items() if part is not None}
        if not parts:
            return np.zeros((len(inputs.climatology), len(inputs.names)))
        return np.average(list(parts.values()), axis=0, weights=[self.shares[name] for name in parts])

    def alone(self, name: str, calibration: Calibration) -> HorizonModel:
        """Serve one member, whatever it weighs in the pool, as it learned, with the spread of its own calibration."""
        return HorizonModel(self.horizon, self.members, calibration.centred(), {name: 1.0})


@dataclass(frozen=True)
class RiskModel:
    """Models of one level and target for several horizons.

    Attributes
    ----------
    level, target
        What it scores.
    features
        Names of the feature columns that it needs, in order.
    horizons
        Fitted models by horizon, months.
    trained_through
        Last month that anything in it was learned from, ``YYYY-MM``.
    """

    level: str
    target: str
    features: tuple[str, ...]
    horizons: Mapping[int, HorizonModel]
    trained_through: str

    @property
    def tags(self) -> dict[str, str]:
        """What tells it apart where it is registered."""
        ahead = ",".join(map(str, self.horizons))
        return {
            "level": self.level,
            "target": self.target,
            "trained_through": self.trained_through,
            "horizons": ahead,
        }

    def tables(self, name: str) -> dict[str, pd.DataFrame]:
        """What a member learned, or of the pool its calibration, with ``horizon_months``, by file name."""
        found: dict[str, list[pd.DataFrame]] = {}
        for horizon, fitted in self.horizons.items():
            told = fitted.members[name].table() if name in fitted.members else fitted.calibration.table()
            if told is not None:
                found.setdefault(told[0], []).append(told[1].assign(horizon_months=horizon))
        return {file: pd.concat(parts, ignore_index=True) for file, parts in found.items()}

    def texts(self) -> dict[str, str]:
        """Everything as named texts: ``model.json`` and one LightGBM text a horizon."""
        out: dict[str, str] = {}
        described: dict[str, object] = {}
        for horizon, model in self.horizons.items():
            members: dict[str, object] = {}
            for name, member in model.members.items():
                state = member.state()
                if _LIGHTGBM_TEXT in state:
                    file = f"{name}-h{horizon}.txt"
                    out[file] = state[_LIGHTGBM_TEXT]
                    members[name] = {"file": file}
                else:
                    members[name] = {"state": state}
            described[str(horizon)] = {
                "members": members,
                "calibration": model.calibration.state(),
                "weights": None if model.weights is None else dict(model.weights),
            }
        head = {
            "level": self.level,
            "target": self.target,
            "features": list(self.features),
            "trained_through": self.trained_through,
            "horizons": described,
        }
        out["model.json"] = json.dumps(head, indent=1)
        return out

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> RiskModel:
        """Bring a model back from `texts`."""
        head = json.loads(texts["model.json"])
        horizons: dict[int, HorizonModel] = {}
        known = {**FAMILIES, **RARE_FAMILIES}
        for horizon, described in head["horizons"].items():
            members = {
                name: known[name].load({_LIGHTGBM_TEXT: texts[member["file"]]} if "file" in member else member["state"])
                for name, member in described["members"].items()
            }
            horizons[int(horizon)] = HorizonModel(
                int(horizon), members, Calibration.load(described["calibration"]), described["weights"]
            )
        return cls(head["level"], head["target"], tuple(head["features"]), horizons, head["trained_through"])
