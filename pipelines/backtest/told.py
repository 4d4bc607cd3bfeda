"""What forecasters are told of the origins of a year: features and their bins, made when they are first asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ...features.blocks.build import BLOCKS, FRAGMENTATION_BLOCKS, build_features
from ...models.probabilities.learning import SharedFeatures

if TYPE_CHECKING:
    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...features.targets.target import Target

__all__ = ["Told"]


@dataclass
class Told:
    """Features of a panel, and their bins for the targets of one year."""

    panel: Panel
    features: dict[bool, FeatureArrays] = field(default_factory=dict)
    bins: dict[tuple[int, bool], SharedFeatures] = field(default_factory=dict)

    def of(self, target: Target, year: int) -> SharedFeatures:
        """Give what is learned from by December of the year before; years are asked for in order."""
        rare = target.rare
        if rare not in self.features:
            # the forecasters of fragmentation are told more: built where they are asked for
            more = {"blocks": (*BLOCKS, *FRAGMENTATION_BLOCKS)} if rare else {}
            self.features[rare] = build_features(self.panel, **more)
        if (year, rare) not in self.bins:
            self.bins = {key: made for key, made in self.bins.items() if key[0] == year}  # older years are done with
            last = self.panel.position(pd.Period(f"{year - 1}-12", "M"))
            self.bins[year, rare] = SharedFeatures(self.features[rare], self.panel.observed, last=last)
        return self.bins[year, rare]
