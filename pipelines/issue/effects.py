"""What facts of foreign forces and transitions add to each row of an issue, by the effects layer.

Where the layer of a target is served (`~faultline.models.learners.kept_effects`), probabilities are history's
moved by it, and draws of deaths multiplied, before the rows are made to agree with one another; everywhere else they
are history's, bit for bit. Each row says what was added, or why nothing was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...features.blocks.build import build_features
from ...features.blocks.effects import HALF_LIFE, ONGOING_DEATHS
from ...features.targets.build import learned_as
from ...models.learners.kept_effects import COURSE, effects_served, layer_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...models.learners.effects import EffectsLayer
    from ...models.probabilities.risk import Forecast

__all__ = ["DRAWN", "NOT_CODED", "NO_FACT", "REFUSED", "SHARED", "UNTRIED", "Facts", "Multiplied", "say_drawn"]

#: Why nothing is added.
REFUSED: Final = "nothing that we could measure"
NOT_CODED: Final = "facts not coded"
NO_FACT: Final = "no such fact"
UNTRIED: Final = "no layer learned"
#: Of rows that are counted from draws of deaths, which are brought to the probabilities of violence.
DRAWN: Final = "none of its own: counted from draws of deaths"
#: Of deaths of regions, and of what lies outside them, that are their country's, shared out.
SHARED: Final = "none of its own: shared out from its country"
_ENDS: Final = ("effects_share", "effects_low", "effects_high")
_FADES: Final = f", fading by half in {HALF_LIFE} months"
_WHERE: Final = f", where {ONGOING_DEATHS} died in 12 months"


@dataclass(frozen=True)
class Multiplied:
    """What the draws of a target of deaths are multiplied by.

    Attributes
    ----------
    factor
        Of each unit, shape (U,); one where nothing is served or no fact is known.
    columns
        Of the contract ``scores``, by unit: `effects_share` and its ends, the factor less 1, and the note.
    """

    factor: NDArray[np.float64]
    columns: pd.DataFrame


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
        x, coded = self._told(month, unit)
        empty = np.full(len(x), np.nan)
        layer, refused = self._served(target, horizon)
        if layer is None:
            notes = [refused if here else NOT_CODED for here in coded]
            return forecast, {**dict.fromkeys(_ENDS, empty), **_note(notes)}
        shift, before = layer.shift(x), forecast.probability
        probability, (low, high) = shift.moved(before), shift.interval(before)
        moved = replace(
            forecast,
            probability=probability,
            low=np.minimum(shift.moved(forecast.low), low),
            high=np.maximum(shift.moved(forecast.high), high),
        )
        ends = zip(_ENDS, (probability, low, high), strict=True)
        columns = {name: np.where(coded, values - before, np.nan) for name, values in ends}
        return moved, {**columns, **_note(self._named(layer, x, coded, month))}

    def multiplied(self, targets: Iterable[str], at: NDArray[np.int64]) -> dict[str, Multiplied]:
        """What the draws of each target of deaths are multiplied by, by the facts of the months ``at``, shape (U,)."""
        x, coded = self._told(at, np.arange(len(at)))
        found: dict[str, Multiplied] = {}
        for target in targets:
            layer, refused = self._served(target, COURSE)
            if layer is None:
                notes = [refused if here else NOT_CODED for here in coded]
                columns = pd.DataFrame(dict.fromkeys(_ENDS, np.full(len(x), np.nan)))
                found[target] = Multiplied(np.ones(len(x)), columns.assign(effects_note=notes))
                continue
            factors = layer.shift(x).factors()
            told = {name: np.where(coded, each - 1, np.nan) for name, each in zip(_ENDS, factors, strict=True)}
            named = self._named(layer, x, coded, at)
            found[target] = Multiplied(factors[0], pd.DataFrame({**told, "effects_note": named}))
        return found

    def _told(self, month: NDArray[np.int64], unit: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """What n rows are told, shape (n, k), and whether any of it was coded, shape (n,)."""
        x = self.features.values[month, unit]  # noqa: PD011  # an array of ours
        return x, np.asarray(~np.isnan(x).all(axis=1), bool)

    def _served(self, target: str, horizon: int) -> tuple[EffectsLayer | None, str]:
        """The layer if it is served, else None and why not."""
        layer = layer_at(self.panel.level, target, horizon, str(self.panel.months[-1]))
        if layer is None:
            return None, UNTRIED
        return (layer, "") if effects_served(self.panel.level, target) else (None, REFUSED)

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


def say_drawn(table: pd.DataFrame, panel: Panel, multiplied: Mapping[str, Multiplied]) -> None:
    """Say of each row of deaths what its draws were multiplied by, and of other rows from draws that they have none.

    A row whose deaths were shared out from its country, after a gap or outside all regions, has no factor of its own.
    """
    rows = table["probability"].notna() & table["effects_note"].isna()
    table.loc[rows, "effects_note"] = DRAWN
    if not multiplied:
        return
    ids, key = (panel.units["gwno"], "gwno") if panel.level == "country" else (panel.units.index, "admin1_code")
    place = pd.Series(pd.Index(ids).get_indexer(pd.Index(table[key])), index=table.index)
    if "bridged_months" in table:
        place[table["bridged_months"].notna()] = -1
    model = table["target"].map(learned_as).where(table["mean_deaths"].notna() & table["probability"].isna())
    for target, added in multiplied.items():
        table.loc[(model == target) & (place < 0), "effects_note"] = SHARED
        own = table.index[(model == target) & (place >= 0)]
        told = added.columns.iloc[place[own]].set_index(own)
        table.loc[own, told.columns] = told
