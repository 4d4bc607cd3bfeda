"""Feature blocks: what a forecaster is told of each unit at the end of each month.

A block is a generator of features over one panel, each a `Feature` and an array of months x units. A new block is one
function and one line in `BLOCKS`. Nothing in row t comes from a later row; the property tests hold every feature here
to that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import UnknownNameError
from ..panels.actors import active_groups, effective_groups
from ..panels.ordinary import ordinary_deaths, violence_by_type
from ..transforms import decay, expanding_mean, lag, months_since, rolling_max, rolling_sum, spatial_sum
from .actors import armed_field, territory
from .coded import coded, where_coded
from .deployments import deployments
from .effects import effects
from .feature import SINCE_CAP, Feature, last_months
from .force_classes import force_classes
from .local_history import local_history
from .transitions import transitions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from ..panels.panel import Panel

__all__ = ["BLOCKS", "FRAGMENTATION_BLOCKS", "FURTHER_BLOCKS", "Feature", "FeatureArrays", "build_features"]


@dataclass(frozen=True)
class FeatureArrays:
    """All features of a panel: ``values`` has shape (T, U, F), in the order of ``features``; ``block`` names each's."""

    features: tuple[Feature, ...]
    block: tuple[str, ...]
    values: NDArray[np.float32]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names, F of them."""
        return tuple(feature.name for feature in self.features)

    def column(self, name: str) -> NDArray[np.float32]:
        """One feature, shape (T, U).

        Raises
        ------
        UnknownNameError
            If there is no such feature.
        """
        if name not in self.names:
            raise UnknownNameError("feature", name, self.names)
        return self.values[:, :, self.names.index(name)]

    def of_blocks(self, blocks: Iterable[str]) -> FeatureArrays:
        """Features of some blocks alone; itself if these are all of them."""
        wanted = set(blocks)
        at = [position for position, block in enumerate(self.block) if block in wanted]
        if len(at) == len(self.block):
            return self
        return FeatureArrays(
            features=tuple(self.features[position] for position in at),
            block=tuple(self.block[position] for position in at),
            values=self.values[:, :, at],
        )


def history(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    """The unit's own violence, without war totals: how much, of what kind, how lately, between how many groups."""
    deaths, events = ordinary_deaths(panel), panel.events
    for months in (1, 3, 6, 12, 24, 60):
        total = rolling_sum(deaths, months)
        yield Feature(f"deaths_{months}", f"deaths, {last_months(months)}", 1), np.log1p(total)
    for months in (1, 3, 12):
        yield (
            Feature(f"events_{months}", f"violent events, {last_months(months)}", 1),
            np.log1p(rolling_sum(events, months)),
        )
    measure, by_type = violence_by_type(panel)
    names = {"sb": "state-based", "ns": "non-state", "os": "one-sided"}
    for violence_type, words in names.items():
        total = rolling_sum(by_type[f"{violence_type}_{measure}"], 12)
        yield Feature(f"{violence_type}_{measure}_12", f"{words} {measure}, last 12 months", 1), np.log1p(total)
    logged = np.log1p(deaths)
    for half_life in (3, 12):
        faded = decay(logged, half_life)
        yield Feature(f"deaths_decay_{half_life}", f"deaths, fading by half in {half_life} months", 1), faded
    for threshold, words in ((1, "a death"), (25, "25 deaths")):
        reached = deaths >= threshold
        since = months_since(reached, cap=SINCE_CAP)
        yield Feature(f"since_{threshold}", f"a month with {words}", -1, "since"), np.log1p(since)
        for months in (12, 60):
            share = rolling_sum(reached, months) / months
            yield (
                Feature(f"months_{threshold}_{months}", f"months with {words}, {last_months(months)}", 1),
                share,
            )
        ever = expanding_mean(reached, panel.observed)
        yield Feature(f"months_{threshold}_ever", f"all its months with {words}", 1, "share"), ever
    yield Feature("deaths_peak_12", "deaths in the worst month of the last 12", 1), np.log1p(rolling_max(deaths, 12))
    before = lag(rolling_sum(deaths, 9), 3) / 3
    trend = np.log1p(rolling_sum(deaths, 3)) - np.log1p(before)
    yield Feature("deaths_trend", "deaths, last 3 months against the 9 before", kind="change"), trend
    total = rolling_sum(events if measure == "events" else deaths, 12)
    civilian = rolling_sum(by_type[f"os_{measure}"], 12)
    share = np.divide(civilian, total, out=np.zeros_like(total), where=total > 0)
    yield Feature("civilian_share_12", f"{measure} in attacks on civilians, last 12 months", kind="share"), share
    if panel.level != "country":
        return
    n_units = panel.shape[1]
    active = active_groups(panel.actors, n_units)
    yield Feature("groups_active_12", "organised armed groups active, last 12 months"), np.log1p(active)
    yield (
        Feature("groups_active_60", "organised armed groups active, last 5 years"),
        np.log1p(active_groups(panel.actors, n_units, months=60)),
    )
    yield (
        Feature("groups_effective_12", "effective number of armed groups, last 12 months", kind="level"),
        np.log1p(effective_groups(panel.actors, n_units)),
    )


def neighbours(panel: Panel) -> Iterator[tuple[Feature, NDArray[Any]]]:
    """Violence in the units that touch this one and, for regions, in the rest of its country."""
    deaths = ordinary_deaths(panel)
    place = {"country": "countries", "region": "regions"}[panel.level]
    for months in (1, 3, 12):
        around = spatial_sum(rolling_sum(deaths, months), panel.neighbours)
        yield (
            Feature(f"neighbour_deaths_{months}", f"deaths in neighbouring {place}, {last_months(months)}", 1),
            np.log1p(around),
        )
    violent = (rolling_sum(deaths, 12) >= 25).astype(np.float32)  # noqa: PLR2004  # UCDP's threshold of an armed conflict
    degree = np.asarray(panel.neighbours.sum(axis=1)).reshape(-1)
    share = spatial_sum(violent, panel.neighbours) / np.maximum(degree, 1)
    words = f"neighbouring {place} with 25 deaths, last 12 months"
    yield Feature("neighbour_violent_12", words, 1, "share"), share
    if panel.level != "country":
        country = panel.country
        members = np.eye(country.max() + 1, dtype=np.float32)[country]
        unallocated = panel.values.get("unallocated_deaths", np.zeros_like(deaths))
        for months in (3, 12):
            total = rolling_sum(deaths, months)
            rest = total @ members @ members.T - total + rolling_sum(unallocated, months)
            yield (
                Feature(f"country_deaths_{months}", f"deaths in the rest of the country, {last_months(months)}", 1),
                (np.log1p(np.maximum(rest, 0))),
            )


#: Blocks by name, in the order in which the covariate gate adds them.
BLOCKS: dict[str, Callable[[Panel], Iterable[tuple[Feature, NDArray[Any]]]]] = {
    "history": history,
    "neighbours": neighbours,
    "deployments": deployments,
    "transitions": transitions,
}
#: Blocks of the forecasters of fragmentation, which are told these beside all others.
FRAGMENTATION_BLOCKS: dict[str, Callable[[Panel], Iterable[tuple[Feature, NDArray[Any]]]]] = {
    "armed_field": armed_field,
    "territory": territory,
}
#: Blocks that no forecaster is told unless they are asked for by name.
FURTHER_BLOCKS: dict[str, Callable[[Panel], Iterable[tuple[Feature, NDArray[Any]]]]] = {
    "force_classes": force_classes,
    "coded": coded,
    "effects": effects,
    "local_history": local_history,
}


def build_features(panel: Panel, *, blocks: Iterable[str] | None = None) -> FeatureArrays:
    """Compute every feature of the blocks asked for.

    Parameters
    ----------
    panel
        T months x U units.
    blocks
        Names in `BLOCKS`, `FRAGMENTATION_BLOCKS` or `FURTHER_BLOCKS`; all of `BLOCKS` by default.

    Returns
    -------
    FeatureArrays of shape (T, U, F), float32; NaN where the facts that a feature tells of were not coded.

    Raises
    ------
    UnknownNameError
        If a block does not exist.

    Examples
    --------
    >>> import pandas as pd
    >>> from faultline.features import load_snapshot, panel_of
    >>> panel = panel_of(load_snapshot(), "country", as_of=pd.Period("1990-12", "M"))
    >>> features = build_features(panel, blocks=("neighbours",))
    >>> features.values.shape, features.names[0]
    ((24, 172, 4), 'neighbour_deaths_1')
    """
    known = {**BLOCKS, **FRAGMENTATION_BLOCKS, **FURTHER_BLOCKS}
    chosen = tuple(BLOCKS) if blocks is None else tuple(blocks)
    for name in chosen:
        if name not in known:
            raise UnknownNameError("feature block", name, known)
    made: list[tuple[str, Feature, NDArray[np.float32]]] = [
        (block, feature, where_coded(panel, feature.name, array))
        for block in chosen
        for feature, array in known[block](panel)
    ]
    values = np.empty((*panel.shape, len(made)), np.float32)
    for position, (_, _, array) in enumerate(made):
        values[:, :, position] = array
    return FeatureArrays(
        features=tuple(feature for _, feature, _ in made), block=tuple(block for block, _, _ in made), values=values
    )
