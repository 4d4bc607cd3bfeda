"""Rows that a forecaster learns from or scores: one origin and unit each, for one target and horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...features.targets.build import label_history

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...features.arrays import BoolArray
    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...features.targets.target import Target
    from ..learners.binned import BinnedFeatures

__all__ = ["Design", "Inputs", "Labelled", "label"]


@dataclass(frozen=True)
class Inputs:
    """What a forecaster is told of n rows.

    Attributes
    ----------
    names
        Names of the F features.
    x
        Shape (n, F), float32.
    climatology, persistence
        The target's own past as known at the origin, shape (n,), probabilities.
    """

    names: tuple[str, ...]
    x: NDArray[np.float32]
    climatology: NDArray[np.float64]
    persistence: NDArray[np.float64]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.x)

    def columns(self, names: tuple[str, ...]) -> NDArray[np.float32]:
        """Features in the order asked for, shape (n, len(names)).

        Raises
        ------
        KeyError
            If one is missing.
        """
        if names == self.names:
            return self.x
        where = {name: position for position, name in enumerate(self.names)}
        return self.x[:, [where[name] for name in names]]


@dataclass(frozen=True)
class Design:
    """Rows with their outcomes and where they stand.

    Attributes
    ----------
    inputs
        What the forecaster is told.
    y
        Outcome, shape (n,), 0 or 1, NaN where not known yet.
    month, unit, country
        Positions in the panel, shape (n,); bootstraps resample countries.
    at_risk
        Whether the target can happen there for the first time, shape (n,).
    directions
        Of each feature: 1 if more of it can only raise the risk, -1 if it can only lower it, 0 if either.
    binned
        The same features in bins that other horizons and targets share, for learners that can use them.
    """

    inputs: Inputs
    y: NDArray[np.float64]
    month: NDArray[np.int64]
    unit: NDArray[np.int64]
    country: NDArray[np.int64]
    at_risk: NDArray[np.bool_]
    directions: tuple[int, ...]
    binned: BinnedFeatures | None = None

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.y)


@dataclass(frozen=True)
class Labelled:
    """One target and horizon over a whole panel: labels, what was known of them, and who is at risk, each (T, U)."""

    target: str
    horizon: int
    labels: NDArray[np.float64]
    climatology: NDArray[np.float64]
    persistence: NDArray[np.float64]
    at_risk: BoolArray
    observed: BoolArray
    country: NDArray[np.int64]
    rises_with_violence: bool = True
    level: str = "country"

    def training_rows(self, first: int, last: int) -> BoolArray:
        """Origins from ``first`` whose window ends by month ``last``: the embargo of H months is kept, shape (T, U)."""
        rows = ~np.isnan(self.labels)
        rows[:first] = False
        rows[max(last - self.horizon + 1, 0) :] = False
        return rows

    def origins(self, first: int, last: int) -> BoolArray:
        """Labelled origins from ``first`` to ``last``, both included, shape (T, U)."""
        rows = ~np.isnan(self.labels)
        rows[:first] = False
        rows[last + 1 :] = False
        return rows

    def inputs(self, features: FeatureArrays, month: NDArray[np.int64], unit: NDArray[np.int64]) -> Inputs:
        """Take what a forecaster is told of chosen units at chosen months, n rows."""
        return Inputs(
            names=features.names,
            x=features.values[month, unit],  # an array of ours
            climatology=self.climatology[month, unit],
            persistence=self.persistence[month, unit],
        )

    def design(self, features: FeatureArrays, rows: BoolArray, *, binned: BinnedFeatures | None = None) -> Design:
        """Take the rows out of the arrays, in order of month, then unit."""
        month, unit = np.nonzero(rows)
        return Design(
            inputs=self.inputs(features, month, unit),
            y=self.labels[month, unit],
            month=month,
            unit=unit,
            country=self.country[unit],
            at_risk=self.at_risk[month, unit],
            directions=tuple(feature.monotone * self.rises_with_violence for feature in features.features),
            binned=binned,
        )


def label(panel: Panel, target: Target, horizon: int) -> Labelled:
    """Compute a target's labels at one horizon and what was known of them at each origin.

    Parameters
    ----------
    panel
        T months x U units.
    horizon
        H, months.

    Examples
    --------
    >>> import pandas as pd
    >>> from faultline.features import TARGETS, load_snapshot, panel_of
    >>> panel = panel_of(load_snapshot(), "country", as_of=pd.Period("1990-12", "M"))
    >>> labelled = label(panel, TARGETS["violence_25"], 3)
    >>> int(np.nansum(labelled.labels[0]))  # countries with 25 deaths in February to April 1989
    26
    >>> int(labelled.training_rows(0, 23).any(axis=1).sum())  # origins whose three months have ended
    21
    """
    labels = target.label(panel, horizon)
    past = label_history(labels, horizon)
    return Labelled(
        target=target.name,
        horizon=horizon,
        labels=labels,
        climatology=past.climatology,
        persistence=past.persistence,
        at_risk=target.at_risk(panel),
        observed=panel.observed,
        country=panel.country,
        rises_with_violence=target.rises_with_violence,
        level=panel.level,
    )
