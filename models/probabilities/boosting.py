"""A small monotone LightGBM: shallow trees that may not learn that more violence means less risk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from ...features.errors import SchemaError
from ..learners.binned import Trees
from ..learners.linear import needs_both_outcomes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..rows.design import Design, Inputs

__all__ = ["LIGHTGBM", "Boosting", "BoostingFamily"]


@dataclass(frozen=True)
class Boosting:
    """A fitted booster with the features it was fitted on."""

    booster: lgb.Booster

    @property
    def columns(self) -> tuple[str, ...]:
        """Features that it was fitted on."""
        return tuple(self.booster.feature_name())

    def _x(self, inputs: Inputs) -> NDArray[np.float32]:
        names = self.columns
        missing = [name for name in names if name not in inputs.names]
        if missing:
            msg = f"the booster was fitted on {len(names)} features, of which the inputs lack {missing}."
            raise SchemaError(msg, column=missing[0])
        return inputs.columns(names)  # LightGBM itself does not notice a wrong order

    def probability(self, inputs: Inputs) -> NDArray[np.float64]:
        """Probability that the target happens, shape (n,)."""
        return np.asarray(self.booster.predict(self._x(inputs), num_threads=1), np.float64)

    def contributions(self, inputs: Inputs) -> NDArray[np.float64] | None:
        """SHAP values in log-odds (Lundberg et al. 2020), shape (n, F), in the order of the inputs."""
        shap = np.asarray(self.booster.predict(self._x(inputs), pred_contrib=True, num_threads=1))[:, :-1]
        out = np.zeros((len(inputs), len(inputs.names)))
        for position, name in enumerate(self.booster.feature_name()):
            out[:, inputs.names.index(name)] = shap[:, position]
        return out

    def table(self) -> tuple[str, pd.DataFrame]:
        """Gain of each feature, the highest first."""
        gain = self.booster.feature_importance("gain")
        table = pd.DataFrame({"feature": self.booster.feature_name(), "gain": gain})
        return "feature-importance.csv", table.sort_values("gain", ascending=False, kind="stable")

    def state(self) -> dict[str, Any]:
        """LightGBM's own text."""
        return {"lightgbm": self.booster.model_to_string()}


@dataclass(frozen=True)
class BoostingFamily:
    """Learns a booster of fixed size.

    Attributes
    ----------
    rounds
        Number of trees.
    l2
        Ridge on the value of each leaf.
    monotone
        Whether it is held to the directions of the features.
    """

    name: str = "lightgbm"
    rounds: int = 100
    leaves: int = 6
    rows_a_leaf: int = 200
    learning_rate: float = 0.1
    l2: float = 1.0
    monotone: bool = True

    def fit(self, design: Design, *, seed: int = 0, threads: int = 1) -> Boosting:
        """Learn from rows with known outcomes.

        Raises
        ------
        CoverageError
            If the outcomes are all the same.
        """
        needs_both_outcomes(design.y, "a LightGBM")
        names = design.inputs.names
        parameters = {
            "objective": "binary",
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.rows_a_leaf,
            "learning_rate": self.learning_rate,
            "feature_fraction": 0.7,
            "lambda_l2": self.l2,
            "monotone_constraints": list(design.directions) if self.monotone else None,
            "seed": seed,
            "num_threads": threads,
            # the same trees whatever the number of threads
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }
        if design.binned is not None:
            return Boosting(
                design.binned.train(design.month, design.unit, design.y, trees=self.trees(design), seed=seed)
            )
        data = lgb.Dataset(design.inputs.x, design.y, feature_name=list(names), params=parameters, free_raw_data=True)
        return Boosting(lgb.train(parameters, data, num_boost_round=self.rounds))

    def trees(self, design: Design) -> Trees:
        """The same size, for features that are binned already."""
        return Trees(
            rounds=self.rounds,
            leaves=self.leaves,
            rows_a_leaf=self.rows_a_leaf,
            learning_rate=self.learning_rate,
            l2=self.l2,
            monotone=self.monotone and any(design.directions),
        )

    def load(self, state: dict[str, Any]) -> Boosting:
        """Bring a booster back."""
        return Boosting(lgb.Booster(model_str=state["lightgbm"]))


LIGHTGBM = BoostingFamily()
