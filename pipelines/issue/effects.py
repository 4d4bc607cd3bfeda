"""What facts of foreign forces and transitions add to each probability of an issue, by the effects layer.

Where the layer of a target is served (`~faultline.models.learners.kept_effects`), probabilities are history's
moved by it, before the rows are made to agree with one another; everywhere else they are history's, bit for bit. Each
row of a probability says what was added, or why nothing was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from ...features.blocks.build import build_features
from ...features.blocks.effects import HALF_LIFE, ONGOING_DEATHS
from ...models.learners.kept_effects import effects_served, layer_at

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...models.learners.effects import EffectsLayer
    from ...models.probabilities.risk import Forecast

__all__ = ["DRAWN", "NOT_CODED", "NO_FACT", "REFUSED", "UNTRIED", "Facts", "say_drawn"]

#: Why nothing is added.
REFUSED: Final = "nothing that we could measure"
NOT_CODED: Final = "facts not coded"
NO_FACT: Final = "no such fact"
UNTRIED: Final = "no layer learned"
#: Of rows that are counted from draws of deaths, which are brought to the probabilities of violence.
DRAWN: Final = "none of its own: counted from draws of deaths"
_FADES: Final = f", fading by half in {HALF_LIFE} months"
_WHERE: Final = f", where {ONGOING_DEATHS} died in 12 months"


@dataclass(frozen=True)
class Facts:
    """What a panel's units are told of the two families, month by month."""

    panel: Panel
    features: FeatureArrays

    @classmethod
    def of(cls, panel: Panel) -> Facts:
        """Build them for a panel."""
        return cls(panel, build_features(panel, blocks=("effects",)))

    def added(
        self,
        forecast: Forecast,
        target: str,
        horizon: int,
        *,
        month: NDArray[np.int64],
        unit: NDArray[np.int64],
    ) -> tuple[Forecast, dict[str, NDArray[np.float64] | list[str]]]:
        """Move history's forecasts of n rows as far as the layer is served.

        Returns
        -------
        The forecasts, and columns of the contract ``scores``: ``effects_share``, what was added to the probability,
        with its 90 % interval ``effects_low`` to ``effects_high``, empty where nothing is served; and
        ``effects_note``, the fact that adds most, or why nothing is added.
        """
        x = self.features.values[month, unit]  # noqa: PD011  # an array of ours
        coded = np.asarray(~np.isnan(x).all(axis=1), bool)
        empty = np.full(len(x), np.nan)
        layer = layer_at(self.panel.level, target, horizon, str(self.panel.months[-1]))
        if layer is None or not effects_served(self.panel.level, target):
            told = UNTRIED if layer is None else REFUSED
            notes = [told if here else NOT_CODED for here in coded]
            return forecast, {**dict.fromkeys(("effects_share", "effects_low", "effects_high"), empty), **_note(notes)}
        shift, before = layer.shift(x), forecast.probability
        probability, (low, high) = shift.moved(before), shift.interval(before)
        moved = replace(
            forecast,
            probability=probability,
            low=np.minimum(shift.moved(forecast.low), low),
            high=np.maximum(shift.moved(forecast.high), high),
        )
        ends = {"effects_share": probability, "effects_low": low, "effects_high": high}
        columns = {name: np.where(coded, values - before, np.nan) for name, values in ends.items()}
        return moved, {**columns, **_note(self._named(layer, x, coded, month))}

    def _named(
        self, layer: EffectsLayer, x: NDArray[np.float32], coded: NDArray[np.bool_], month: NDArray[np.int64]
    ) -> list[str]:
        """Name the fact of each row that adds most; of what fades, with the month in which it was fresh."""
        strongest = np.argmax(np.abs(layer.parts(x)), axis=1)
        notes: list[str] = []
        for row, at in enumerate(strongest.tolist()):
            value = float(x[row, at])
            if not coded[row] or not value > 0:
                notes.append(NO_FACT if coded[row] else NOT_CODED)
                continue
            what = self.features.features[at].what.replace(_WHERE, "")
            if _FADES in what:
                fresh = self.panel.months[0] + int(month[row]) - round(-HALF_LIFE * np.log2(value))
                what = f"{what.replace(_FADES, '')} ({fresh:%B %Y})"
            notes.append(what)
        return notes


def _note(notes: list[str]) -> dict[str, NDArray[np.float64] | list[str]]:
    return {"effects_note": notes}


def say_drawn(table: pd.DataFrame) -> None:
    """Say of probabilities that are counted from draws of deaths that they have no layer of their own."""
    rows = table["probability"].notna() & table["effects_note"].isna()
    table.loc[rows, "effects_note"] = DRAWN
