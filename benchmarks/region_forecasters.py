"""What forecasts the targets of a published benchmark of regions: a logit, trees split at random, and a small net.

All was chosen on origins from 2013-08 to 2017-07, by average precision; `TRIED` tells what else was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.neural_network import MLPClassifier

from faultline.features.targets.events import EVENT_TARGETS
from faultline.features.transforms import rolling_sum
from faultline.models.learners.calibration import log_odds_of
from faultline.models.probabilities.logit import LogitFamily
from faultline.models.rows.design import label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from faultline.features.arrays import BoolArray
    from faultline.features.blocks.build import FeatureArrays
    from faultline.features.panels.panel import Panel
    from faultline.models.rows.design import Design, Inputs

    Forecast = Callable[[Inputs], NDArray[np.float64]]
    Learner = Callable[[Design], Forecast]

__all__ = ["ASKED", "TRIED", "Asked", "rolling"]

#: Months of history before the first origin that is learned from.
BURN_IN = 12
#: Edges of nodes are drawn, not sought (Geurts, Ernst & Wehenkel 2006): with some hundred events to learn from, the
#: best edge is mostly chance.
TREES = {
    "objective": "binary",
    "extra_trees": True,
    "num_leaves": 12,
    "min_data_in_leaf": 200,
    "learning_rate": 0.06,
    "feature_fraction": 0.5,
    "lambda_l2": 1.0,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
#: Trees of a booster, and boosters that are averaged.
ROUNDS, BOOSTERS = 200, 3
NET: dict[str, Any] = {"hidden_layer_sizes": (64,), "alpha": 3.0, "batch_size": 500}
#: Nets that are averaged, passes over the rows, and standard deviations at which inputs are cut.
NETS, PASSES, FARTHEST = 3, 10, 5


def logit(ridge: float) -> Learner:
    """A logit on all features."""
    return lambda design: LogitFamily(features=design.inputs.names, ridge=ridge).fit(design).probability


def trees(design: Design) -> Forecast:
    """Mean of boosted trees that differ by the edges drawn."""
    data = lgb.Dataset(design.inputs.x, design.y, params=TREES)
    boosters = [lgb.train(TREES | {"seed": seed}, data, num_boost_round=ROUNDS) for seed in range(BOOSTERS)]
    return lambda inputs: np.mean([np.asarray(each.predict(inputs.x, num_threads=1)) for each in boosters], axis=0)


def net(design: Design) -> Forecast:
    """Mean of nets with one layer each, which differ by their first weights."""
    told = _terms(design.inputs)
    mean, scale = told.mean(axis=0), told.std(axis=0) + 1e-6
    nets = [MLPClassifier(**NET, random_state=seed) for seed in range(NETS)]
    standard = np.clip((told - mean) / scale, -FARTHEST, FARTHEST)
    for each in nets:
        for _ in range(PASSES):
            each.partial_fit(standard, design.y, classes=(0.0, 1.0))

    def forecast(inputs: Inputs) -> NDArray[np.float64]:
        seen = np.clip((_terms(inputs) - mean) / scale, -FARTHEST, FARTHEST)
        return np.mean([np.asarray(each.predict_proba(seen), np.float64) for each in nets], axis=0)[:, 1]

    return forecast


def _terms(inputs: Inputs) -> NDArray[np.float32]:
    past = [log_odds_of(inputs.climatology), log_odds_of(inputs.persistence)]
    return np.column_stack([*past, inputs.x]).astype(np.float32)


@dataclass(frozen=True)
class Asked:
    """How a target is learned.

    Attributes
    ----------
    members
        Those of the pool, which weigh the same.
    learned
        The target whose outcomes are learned.
    refit
        Months after which all is learned anew.
    quiet
        Months without an event in the regions that are learned from: none are asked for if 0.
    """

    members: Mapping[str, Learner]
    learned: str
    refit: int = 12
    quiet: int = 0


#: An onset is an event where there was none in 24 months. There are few, so that more is learned from all events of
#: regions without one in 6; the logit is held back the more.
ASKED = {
    "occurrence": Asked({"logit": logit(100.0), "lightgbm": trees, "net": net}, "occurrence", refit=6),
    "surge": Asked({"logit": logit(100.0), "lightgbm": trees}, "surge"),
    "onset_24": Asked({"logit": logit(500.0), "lightgbm": trees}, "occurrence", quiet=6),
}
#: What was tried: the target, average precision with it, the same without it, and whether it was kept. Measured by hand
#: on the origins above, one after the other.
TRIED = (
    ("edges of nodes drawn, 200 trees of 12 leaves", "occurrence", 0.8175, 0.8172, True),
    ("edges of nodes drawn, 200 trees of 12 leaves", "surge", 0.2027, 0.1993, True),
    ("a net beside logit and trees", "occurrence", 0.8181, 0.8175, True),
    ("a net beside logit and trees", "surge", 0.2024, 0.2027, False),
    ("a net beside logit and trees", "onset_24", 0.0400, 0.0443, False),
    ("edges drawn, from regions quiet for 3 months, ridge of 500", "onset_24", 0.0448, 0.0395, False),
    ("edges drawn, from regions quiet for 6 months, ridge of 500", "onset_24", 0.0443, 0.0395, True),
    ("edges drawn, from regions quiet for 12 months, ridge of 500", "onset_24", 0.0432, 0.0395, False),
    ("learned anew every 6 months", "occurrence", 0.8185, 0.8182, True),
    ("learned anew every 6 months", "surge", 0.1997, 0.2014, False),
    ("learned anew every 6 months", "onset_24", 0.0453, 0.0470, False),
    ("250 smaller trees, best edges", "occurrence", 0.8170, 0.8172, False),
    ("the region's events of 1989 to 2009", "occurrence", 0.8173, 0.8172, False),
    ("the region's events of 1989 to 2009", "surge", 0.2008, 0.1993, False),
    ("the region's events of 1989 to 2009", "onset_24", 0.0398, 0.0395, False),
    ("groups and deaths of the whole country since 1989", "occurrence", 0.8170, 0.8172, False),
    ("groups and deaths of the whole country since 1989", "surge", 0.1988, 0.1993, False),
    ("groups and deaths of the whole country since 1989", "onset_24", 0.0368, 0.0395, False),
    ("net alone, of 32 neurons: events of each of the last 12 months", "occurrence", 0.8172, 0.8179, False),
    ("net alone, of 32 neurons: the region's events of 1989 to 2009", "occurrence", 0.8182, 0.8179, False),
    ("net alone, of 24 neurons: a constant for each country", "occurrence", 0.8174, 0.8176, False),
    ("net alone, of 24 neurons: its past errors, fading, there and near by", "occurrence", 0.8169, 0.8176, False),
)


def rolling(
    panel: Panel, features: FeatureArrays, target: str, *, first: str, last: str
) -> tuple[BoolArray, dict[str, NDArray[np.float64]]]:
    """Forecasts one month ahead of the origins from ``first`` to ``last``, learned from windows that ended before.

    Returns
    -------
    Rows, shape (T, U), and forecasts of the outcomes ``y``, of each member and of their mean, each of shape (n,).
    """
    asked = ASKED[target]
    learned = label(panel, EVENT_TARGETS[asked.learned], 1)
    quiet = rolling_sum(panel.events, asked.quiet) == 0 if asked.quiet else np.ones(panel.shape, bool)
    begin, end = (panel.position(pd.Period(month, "M")) for month in (first, last))
    rows = label(panel, EVENT_TARGETS[target], 1).origins(begin, end)
    out: dict[str, list[NDArray[np.float64]]] = {}
    for start in range(begin, end + 1, asked.refit):
        design = learned.design(features, learned.training_rows(BURN_IN, start) & quiet)
        now = rows & _between(start, start + asked.refit, panel.shape)
        scored = learned.design(features, now)
        found = {name: learn(design)(scored.inputs) for name, learn in asked.members.items()}
        for name, values in (found | {"pool": np.mean(list(found.values()), axis=0), "y": scored.y}).items():
            out.setdefault(name, []).append(values)
    return rows, {name: np.concatenate(parts) for name, parts in out.items()}


def _between(start: int, stop: int, shape: tuple[int, int]) -> BoolArray:
    inside = np.zeros(shape, bool)
    inside[start:stop] = True
    return inside
