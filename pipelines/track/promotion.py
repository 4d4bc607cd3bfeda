"""Promotion: the champion changes only for a challenger that is surely better on a score that was fixed beforehand.

The fixed score is taken over all horizons on the origins that were held back from the campaign. For probabilities it is
the Brier score of the pool before calibration, where the target can happen for the first time if it cannot everywhere;
for deaths it is the pool's CRPS. The challenger beats an opponent if the 90 % interval of the mean difference on the
same rows, by bootstrap over countries, lies below zero. Opponents are persistence, a plain competitor (the logit; of
deaths conflictology) and the champion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...features.errors import SchemaError
from ...models.kinds import PROBABILITIES, kind_for
from ...models.probabilities.learning import FEWEST_COUNTRIES
from ...models.scores.comparison import Interval, bootstrap_mean, codes
from . import registry
from .records import POOL

if TYPE_CHECKING:
    import pandas as pd

    from ...models.kinds import Kind
    from ..learn.train import ModelVersion
    from .store import Store

__all__ = ["Comparison", "Decision", "compare", "promote", "rollback"]

_KEY = ["horizon_months", "origin", "unit"]


@dataclass(frozen=True)
class Comparison:
    """Score of the challenger less that of an opponent, on their common rows; lower is better."""

    opponent: str
    difference: Interval
    rows: int
    score: str = "Brier"

    @property
    def beaten(self) -> bool:
        """Whether the whole interval lies below zero."""
        return self.difference.high < 0

    def __str__(self) -> str:
        """Say it in a line."""
        if not self.rows:
            return f"shares no held-back rows with {self.opponent}"
        d = self.difference
        if np.isnan(d.high):
            return f"cannot be told from {self.opponent}: {self.rows:,} rows of a single unit"
        verb = "beats" if self.beaten else "does not beat"
        return f"{verb} {self.opponent}: {self.score} {d.mean:+.5f} [{d.low:+.5f}, {d.high:+.5f}] on {self.rows:,} rows"


@dataclass(frozen=True)
class Decision:
    """What became of a challenger.

    Attributes
    ----------
    challenger, before
        The version that asked, and the champion that it met, None where there was none.
    comparisons
        With each opponent.
    promoted
        Whether the alias moved.
    because
        Why it was forced, None if it was not.
    """

    challenger: ModelVersion
    before: ModelVersion | None
    comparisons: tuple[Comparison, ...]
    promoted: bool
    because: str | None = None

    @property
    def reason(self) -> str:
        """The decision with its grounds, as it is printed and logged."""
        who = f"version {self.challenger.version}"
        if self.before is not None and self.before.version == self.challenger.version:
            return f"{who} is the champion already"
        said = f"{who} promoted" if self.promoted else f"{who} not promoted"
        if self.because:
            said += f" by force, because {self.because}"
        grounds = "; ".join(map(str, self.comparisons)) or "has no held-back forecasts to be compared on"
        return f"{said}: it {grounds}"


def compare(
    challenger: pd.DataFrame, champion: pd.DataFrame | None = None, *, kind: Kind = PROBABILITIES, seed: int = 0
) -> tuple[Comparison, ...]:
    """Compare forecasts of a kind with its opponents, and with the champion if there is one.

    Parameters
    ----------
    challenger, champion
        Held-back forecasts, as `~faultline.pipelines.learn.held_back.forecast_rows` lays them out, or of deaths the
        CRPS on held-back origins, as `~faultline.pipelines.learn.deaths_held_back.crps_rows` does.

    Raises
    ------
    SchemaError
        If the challenger's table lacks an opponent.
    """
    rows = challenger[challenger["at_risk"]] if "at_risk" in challenger.columns else challenger
    opponents = [name for name in kind.met(rows.columns) if name is not None]
    if len(opponents) < len(kind.opponents):
        wanted = " or no ".join(names[0] for names in kind.opponents)
        msg = f"the held-back forecasts hold no {wanted} to compare with."
        raise SchemaError(msg, remedy="Train the model again with `faultline run`.")
    found = [_against(rows, rows[name], name, kind, seed) for name in opponents]
    if champion is not None:
        both = rows.merge(champion[[*_KEY, POOL]], on=_KEY, suffixes=("", "_champion"))
        found.append(_against(both, both[f"{POOL}_champion"], "the champion", kind, seed))
    return tuple(found)


def _against(rows: pd.DataFrame, opponent: pd.Series, name: str, kind: Kind, seed: int) -> Comparison:
    mine, theirs = rows[POOL].to_numpy(np.float64), opponent.to_numpy(np.float64)
    if not kind.scored:
        y = rows["y"].to_numpy(np.float64)
        mine, theirs = (mine - y) ** 2, (theirs - y) ** 2
    few = rows["country"].nunique() < FEWEST_COUNTRIES
    difference = bootstrap_mean(mine - theirs, codes(rows["unit" if few else "country"]), seed=seed)
    return Comparison(name, difference, len(rows), kind.score)


def promote(store: Store, name: str, *, version: str | None = None, because: str | None = None) -> Decision:
    """Make a version the champion if it beats persistence, its plain competitor and the champion, or by force.

    Parameters
    ----------
    version
        The challenger; by default the newest one.
    because
        Promote it whatever the comparison says, for this reason.

    Raises
    ------
    UnknownNameError
        If there is no such model or version.
    SourceError
        If its held-back forecasts are missing.
    """
    challenger = registry.version_of(store, name, version) if version else registry.latest(store, name)
    while True:
        before = registry.champion(store, name)
        decision = _decide(store, challenger, before, because)
        if registry.champion(store, name) == before:  # else another process promoted while this one compared
            break
    if decision.promoted:
        registry.make_champion(store, challenger, reason=decision.reason)
    elif before is None or before.version != challenger.version:
        registry.note(store, challenger, decision.reason)
    return decision


def _decide(store: Store, challenger: ModelVersion, before: ModelVersion | None, because: str | None) -> Decision:
    if before is not None and before.version == challenger.version:
        return Decision(challenger, before, (), promoted=False)
    comparisons: tuple[Comparison, ...] = ()
    if registry.has_held_back(store, challenger):
        rows = registry.held_back(store, challenger)
        known = before is not None and registry.has_held_back(store, before)
        theirs = registry.held_back(store, before) if before is not None and known else None
        comparisons = compare(rows, theirs, kind=kind_for(challenger.name.rsplit("-", 1)[-1]))
        if before is not None and not known:
            score = comparisons[0].score
            comparisons += (Comparison("the champion", Interval(np.nan, np.nan, np.nan), 0, score),)
    better = bool(comparisons) and all(comparison.beaten for comparison in comparisons)
    forced = because if because and not better else None
    return Decision(challenger, before, comparisons, promoted=better or forced is not None, because=forced)


def rollback(store: Store, name: str, *, because: str) -> str:
    """Give the alias back to the champion before, and say so.

    Raises
    ------
    UnknownNameError, CoverageError
        If there is no such model, or none before.
    """
    registry.latest(store, name)  # it exists
    now = registry.champion(store, name)
    left = "no version" if now is None else f"version {now.version}"
    back = registry.unmake_champion(store, name, reason=f"champion again instead of {left}, because {because}")
    return f"{name}: version {back.version} is the champion again instead of {left}, because {because}"
