"""A forecaster of deaths as named texts (JSON, LightGBM's own format) and back, bit for bit: nothing is pickled."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .families import SAMPLE_FAMILIES
from .pool import SAMPLE_POOL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .distribution import SampleForecaster

__all__ = ["DeathsModel"]


@dataclass(frozen=True)
class DeathsModel:
    """A forecaster of one level and target with all that is needed to draw from it again.

    Attributes
    ----------
    level, target
        What it forecasts, such as ``country`` and ``deaths``.
    features
        Names of the feature columns that it needs, in order.
    forecaster
        Fitted; of the family ``family``.
    trained_through
        Last month that anything in it was learned from, ``YYYY-MM``.
    seed
        Of its samples.
    """

    level: str
    target: str
    features: tuple[str, ...]
    forecaster: SampleForecaster
    trained_through: str
    seed: int
    family: str = SAMPLE_POOL.name

    @property
    def tags(self) -> dict[str, str]:
        """What tells it apart where it is registered."""
        return {"level": self.level, "target": self.target, "trained_through": self.trained_through}

    def texts(self) -> dict[str, str]:
        """Everything as named texts: ``model.json``, and the long ones of the forecaster's state."""
        state = self.forecaster.state()
        texts: dict[str, str] = state.pop("texts", {})
        head = {
            "level": self.level,
            "target": self.target,
            "features": list(self.features),
            "trained_through": self.trained_through,
            "seed": self.seed,
            "family": self.family,
            "state": state,
        }
        return {**texts, "model.json": json.dumps(head)}

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> DeathsModel:
        """Bring a model back from `texts`.

        Raises
        ------
        SchemaError
            If it was saved by a version of the package whose pool has other members.
        """
        head = json.loads(texts["model.json"])
        # models were pools before other families were served, and their state stood beside the rest
        name = head.get("family", SAMPLE_POOL.name)
        fitted = SAMPLE_FAMILIES[name].load({**head.get("state", head), "texts": texts})
        about = head["level"], head["target"], tuple(head["features"])
        return cls(*about, fitted, head["trained_through"], head["seed"], name)
