"""The panel: canonical tables laid out as arrays of months x units.

Everything between here and the forecaster works on these arrays. Long tables exist only at the borders.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..contracts.columns import VIOLENCE_TYPES
from ..errors import CoverageError
from ..months import month_positions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from scipy import sparse

    from ..arrays import BoolArray, FloatArray, Level


__all__ = ["ActorArrays", "Lineage", "Panel", "lay_out", "lay_out_events"]


@dataclass(frozen=True)
class Lineage:
    """Which pairs of actor and unit carry on another pair in the same unit, L links, and since when that was known.

    Attributes
    ----------
    heir, forerunner
        Positions of pairs, each of shape (L,): the heir's actor was renamed or merged from the forerunner's.
    known
        Position of the month by whose end it was known, shape (L,).
    """

    heir: NDArray[np.int64]
    forerunner: NDArray[np.int64]
    known: NDArray[np.int64]

    @classmethod
    def none(cls) -> Lineage:
        """Nobody carries on anybody."""
        return cls(*(np.zeros(0, np.int64) for _ in range(3)))

    def until(self, stop: int) -> Lineage:
        """Links that were known before the month at position ``stop``."""
        kept = self.known < stop
        return Lineage(self.heir[kept], self.forerunner[kept], self.known[kept])


@dataclass(frozen=True)
class ActorArrays:
    """Organised non-state actors by the unit in which they act, P pairs of actor and unit.

    Attributes
    ----------
    actor, unit
        Actor id and position of the unit, each of shape (P,), sorted by unit.
    events, deaths
        Shape (T, P).
    lineage
        Which pairs carry on which.
    """

    actor: NDArray[np.int64]
    unit: NDArray[np.int64]
    events: NDArray[np.float32]
    deaths: NDArray[np.float32]
    lineage: Lineage

    @classmethod
    def empty(cls, n_months: int) -> ActorArrays:
        """No actors at all."""
        none = np.zeros((n_months, 0), np.float32)
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64), none, none, Lineage.none())


@dataclass(frozen=True)
class Panel:
    """What is known of T months and U units.

    Attributes
    ----------
    level
        ``country`` or ``region``.
    units
        One row a unit, indexed by unit id (text), in the order of the arrays' columns: ``name``, ``gwno``, ``iso3``,
        ``country_name``, ``lat``, ``lon``, and for regions ``iso_3166_2``, ``boundary_version``, ``population`` where
        a file gives it, and ``holds_others``: whether events of other states are counted in it, as it crosses borders.
    months
        T consecutive calendar months.
    values
        Arrays of shape (T, U), float: events by type, and deaths by type (of regions ``deaths`` of all types, unless it
        is known who fought); coups, UN troops and bases; where it is known who fought in regions, events and deaths
        between organised actors; of countries what `~faultline.features.panels.territory` added of their regions.
    observed
        Shape (T, U): the unit exists and its events are covered. Elsewhere a zero means nothing.
    neighbours
        Shape (U, U), 1 where two units touch.
    actors
        Organised non-state actors by unit.
    provisional
        Shape (T,): months that rest on candidate events.
    war_total
        Shape (T, U): deaths of more than the month, which the source dates by their first day
        (`~faultline.features.contracts.war_totals`). Nowhere by default.
    """

    level: Level
    units: pd.DataFrame
    months: pd.PeriodIndex
    values: Mapping[str, FloatArray]
    observed: BoolArray
    neighbours: sparse.csr_array
    actors: ActorArrays
    provisional: BoolArray
    war_total: BoolArray = field(default_factory=lambda: np.zeros((0, 0), bool))

    def __post_init__(self) -> None:
        """Lay out the default of ``war_total``."""
        if self.war_total.size == 0:
            object.__setattr__(self, "war_total", np.zeros(self.observed.shape, bool))

    @property
    def shape(self) -> tuple[int, int]:
        """Months and units, (T, U)."""
        return self.observed.shape[0], self.observed.shape[1]

    @property
    def tells_deaths_by_type(self) -> bool:
        """Whether ``values`` holds deaths by type; else those of all types together, as ``deaths``."""
        return "deaths" not in self.values

    @property
    def deaths(self) -> FloatArray:
        """Deaths of all three types, shape (T, U)."""
        if not self.tells_deaths_by_type:
            return self.values["deaths"]
        return self.values["sb_deaths"] + self.values["ns_deaths"] + self.values["os_deaths"]

    @property
    def events(self) -> FloatArray:
        """Events of all three types, shape (T, U)."""
        return self.values["sb_events"] + self.values["ns_events"] + self.values["os_events"]

    @property
    def country(self) -> NDArray[np.int64]:
        """Position of each unit's country among the panel's countries, shape (U,)."""
        return np.unique(self.units["gwno"].to_numpy(np.int64), return_inverse=True)[1].astype(np.int64)

    @property
    def last_observed(self) -> NDArray[np.int64]:
        """Position of each unit's last observed month, shape (U,); -1 where there is none."""
        n_months = self.shape[0]
        last = n_months - 1 - np.argmax(self.observed[::-1], axis=0)
        return np.where(self.observed.any(axis=0), last, -1).astype(np.int64)

    def position(self, month: pd.Period) -> int:
        """Position of a month.

        Raises
        ------
        CoverageError
            If the panel does not reach it.
        """
        position = month.ordinal - self.months[0].ordinal
        if not 0 <= position < len(self.months):
            msg = f"the {self.level} data run from {self.months[0]} to {self.months[-1]} and hold no month {month}."
            raise CoverageError(msg, remedy="Choose a month in that range, or add newer data.")
        return position

    def until(self, month: pd.Period) -> Panel:
        """Give the panel as it stood at the end of a month: no later month exists in it.

        Raises
        ------
        CoverageError
            If the panel does not reach the month.
        """
        stop = self.position(month) + 1
        actors = self.actors
        return replace(
            self,
            months=self.months[:stop],
            values={name: array[:stop] for name, array in self.values.items()},
            observed=self.observed[:stop],
            actors=replace(
                actors,
                events=actors.events[:stop],
                deaths=actors.deaths[:stop],
                lineage=actors.lineage.until(stop),
            ),
            provisional=self.provisional[:stop],
            war_total=self.war_total[:stop],
        )


def lay_out(
    table: pd.DataFrame, value: str, *, unit: pd.Series, units: pd.Index, months: pd.PeriodIndex
) -> NDArray[np.float32]:
    """Add a long table's values up into months x units.

    Parameters
    ----------
    table
        Rows with a ``month`` and the column ``value``.
    unit
        Unit id of each row; rows of other units, and of other months, are left out.

    Returns
    -------
    Array of shape (T, U), zero where there is no row.
    """
    column = units.get_indexer(pd.Index(unit))
    row = month_positions(table["month"], months)
    inside = (column >= 0) & (row >= 0) & (row < len(months))
    flat = np.bincount(
        row[inside] * len(units) + column[inside],
        weights=table[value].to_numpy(np.float64)[inside],
        minlength=len(months) * len(units),
    )
    return flat.reshape(len(months), len(units)).astype(np.float32)


def lay_out_events(
    events: pd.DataFrame, *, unit: str, units: pd.Index, months: pd.PeriodIndex
) -> dict[str, NDArray[np.float32]]:
    """Events and deaths by type of violence, each laid out as `lay_out` does, by the unit in a column of the table."""
    values: dict[str, NDArray[np.float32]] = {}
    for violence_type in VIOLENCE_TYPES:
        rows = events[events["violence_type"] == violence_type]
        for measure in ("events", "deaths"):
            values[f"{violence_type}_{measure}"] = lay_out(
                rows, measure, unit=rows[unit].astype(str), units=units, months=months
            )
    return values
