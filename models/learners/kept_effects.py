"""Which effects layers `faultline effects` learned, and which targets they are served for.

The file is what that command wrote. A layer names the month by which it was learned, and an origin asks for the newest
one that had been by then, so that a past month is never scored by what was learned later.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .effects import EffectsLayer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["COURSE", "EFFECTS_FILE", "effects_served", "layer_at", "layer_of", "layer_state", "layers_by", "verdict_of"]

#: ``features``; ``verdicts``, one a level and target; ``layers``, one a level, target, horizon and month learned by.
EFFECTS_FILE = Path(__file__).parents[1] / "reference" / "effects_layer.json"

#: Horizon under which layers of deaths stand: one layer multiplies every month of a course, of a year or longer.
COURSE = 12


@cache
def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {"features": [], "verdicts": [], "layers": []}
    return json.loads(file.read_text(encoding="utf-8"))


def effects_served(level: str, target: str) -> bool | None:
    """Whether the layer is served for a target; None where it was not tried."""
    verdict = verdict_of(level, target)
    return None if verdict is None else bool(verdict["served"])


def verdict_of(level: str, target: str) -> Mapping[str, Any] | None:
    """What came of judging a target's layer, ``served``, ``ridges`` and ``scores``; None where it was not tried."""
    verdicts = _read(EFFECTS_FILE)["verdicts"]
    return next((each for each in verdicts if (each["level"], each["target"]) == (level, target)), None)


def layers_by(level: str, target: str, origin: str) -> dict[int, EffectsLayer]:
    """Give the newest layer of each horizon that had been learned by the end of a month ``YYYY-MM``."""
    own = (each for each in _read(EFFECTS_FILE)["layers"] if (each["level"], each["target"]) == (level, target))
    layers = {
        horizon: layer_at(level, target, horizon, origin) for horizon in sorted({each["horizon"] for each in own})
    }
    return {horizon: layer for horizon, layer in layers.items() if layer is not None}


def layer_at(level: str, target: str, horizon: int, origin: str) -> EffectsLayer | None:
    """Give the newest layer that had been learned by the end of a month ``YYYY-MM``; None where there is none.

    Whether it is served is another question (`effects_served`).
    """
    known = _read(EFFECTS_FILE)
    fitting = [
        each
        for each in known["layers"]
        if (each["level"], each["target"], each["horizon"]) == (level, target, horizon)
        and each["learned_through"] <= origin
    ]
    if not fitting:
        return None
    return layer_of(known["features"], max(fitting, key=lambda each: each["learned_through"]))


def layer_of(features: Sequence[str], state: Mapping[str, Any]) -> EffectsLayer:
    """Bring a layer back from what `layer_state` gives of it."""
    names = tuple(features)
    lower = np.zeros((len(names), len(names)))
    lower[np.tril_indices(len(names))] = state["covariance"]
    covariance = lower + np.tril(lower, -1).T
    return EffectsLayer(names, np.array(state["coefficient"], np.float64), covariance, float(state["ridge"]))


def layer_state(layer: EffectsLayer) -> dict[str, Any]:
    """Coefficients, the lower triangle of their covariance, and the ridge, as the file holds them."""
    lower: NDArray[np.float64] = layer.covariance[np.tril_indices(len(layer.names))]
    return {
        "ridge": layer.ridge,
        "coefficient": [float(f"{each:.6g}") for each in layer.coefficient],
        "covariance": [float(f"{each:.4g}") for each in lower],
    }
