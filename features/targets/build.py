"""The table of targets: what is forecast, each with all that is to be known of it. Whoever treats two apart asks here.

The label of origin t speaks of the window (t, t + H] alone. Where a definition needs to know what was there before
(an actor is new if it was not), that reference is read from the months up to t and is named as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..errors import UnknownNameError
from ..panels.control import MEASURE_MONTHS
from ..transforms import rolling_sum
from .fragmentation import (
    NEW_ACTOR_ABSENT,
    TFI_WINDOW,
    armed_conflict,
    contestation,
    contested_share_known,
    contested_share_rises,
    fragmentation,
    new_armed_actor,
    territorial_fragmentation,
    tfi_known,
    uncontested,
)
from .violence import (
    ESCALATION_WINDOW,
    active_violence,
    deaths_ahead,
    deaths_together,
    escalation,
    everywhere,
    violence,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ..arrays import BoolArray, Level
    from ..panels.panel import Panel

__all__ = [
    "TARGETS",
    "Kind",
    "LabelHistory",
    "Target",
    "counts_deaths",
    "label_history",
    "learned_as",
    "targets_of",
    "told_from_regions",
]

#: What is forecast of a target: a probability, or a distribution of deaths.
Kind = Literal["probability", "deaths"]


@dataclass(frozen=True)
class Target:
    """Something that happens or not within H months after the origin, or that is counted in them.

    Its words in the brief are the messages ``target.NAME`` and, of a probability, ``question.NAME``.

    Attributes
    ----------
    name
        The field's name for it.
    question
        What a probability of it answers, or what is counted, with ``{window}`` for the months.
    levels
        Levels at which it is defined.
    label
        Function of panel and H: shape (T, U), 1 or 0, or a number of deaths; NaN where the window is not covered.
    at_risk
        Function of the panel: shape (T, U), true where it can happen for the first time.
    kind, experiment
        What is forecast of it, and the family by whose name its runs are kept together in MLflow.
    rare
        Too rare for what is learned of common events: it has forecasters, blocks and scores for rare ones.
    optional
        Left out where the region events at hand hold too few cases to learn it.
    horizons
        Horizons at which it is defined; any if None.
    refers_back
        Months up to t that its definition refers to: what came before them changes no label.
    covered
        Function of the panel: shape (T, U), true where what it is told from is known; a unit is scored from its last
        such month.
    only_at_risk
        Only units at risk are scored: elsewhere it has happened already.
    rises_with_violence
        More violence up to t can only make it more likely, so that learners may be held to it.
    counts
        The panel's name of the deaths that it speaks of: ``deaths``, or those of one type such as ``sb_deaths``.
    threshold
        Deaths that make it 1, where nothing else does; else None.
    total_of
        Target of single months of which it is the sum over the window, and by whose model it is told; else None.
    grows
        A longer window holds a shorter one, so that it is never less likely.
    holds
        Other targets that happen only if it does, right if they differ: it is never less likely than these.
    from_regions
        It is told from a country's regions, whose data may end earlier.
    within
        Target that happens whenever it does and is measured better: it is never likelier than that; else None.
    """

    name: str
    question: str
    levels: tuple[Level, ...]
    label: Callable[[Panel, int], NDArray[np.float64]]
    at_risk: Callable[[Panel], BoolArray] = everywhere
    kind: Kind = "probability"
    experiment: str = "violence"
    rare: bool = False
    optional: bool = False
    horizons: tuple[int, ...] | None = None
    refers_back: int = 0
    covered: Callable[[Panel], BoolArray] = lambda panel: panel.observed
    only_at_risk: bool = False
    rises_with_violence: bool = True
    counts: str = "deaths"
    threshold: int | None = None
    total_of: str | None = None
    grows: bool = False
    holds: tuple[str, ...] = ()
    within: str | None = None
    from_regions: bool = False


#: Targets by name, in the order in which they are offered.
TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target(
            "violence_25",
            "at least 25 deaths {window}",
            ("country", "region"),
            partial(violence, deaths=25),
            threshold=25,
            grows=True,
        ),
        Target(
            "violence_1",
            "at least one death {window}",
            ("country", "region"),
            partial(violence, deaths=1),
            threshold=1,
            grows=True,
            holds=("violence_25",),
        ),
        Target(
            "escalation",
            "at least 25 deaths, and at least twice those of the 3 months before, {window}",
            ("country", "region"),
            escalation,
            active_violence,
            horizons=(ESCALATION_WINDOW,),
            refers_back=ESCALATION_WINDOW,
            rises_with_violence=False,  # the more there was, the more it takes to double it
            within="violence_25",
        ),
        Target(
            "fragmentation",
            "the territory becomes more divided, or a new armed group appears {window}",
            ("country",),
            fragmentation,
            armed_conflict,
            experiment="fragmentation",
            rare=True,
            optional=True,
            horizons=(TFI_WINDOW,),
            refers_back=NEW_ACTOR_ABSENT,
            holds=("new_armed_actor", "territorial_fragmentation", "contested_share_rises"),
        ),
        Target(
            "new_armed_actor",
            "a new organised armed group causes at least 25 deaths {window}",
            ("country",),
            new_armed_actor,
            armed_conflict,
            experiment="fragmentation",
            rare=True,
            refers_back=NEW_ACTOR_ABSENT,
            grows=True,
        ),
        Target(
            "territorial_fragmentation",
            "the territory becomes more divided among armed groups {window}",
            ("country",),
            territorial_fragmentation,
            tfi_known,
            experiment="fragmentation",
            rare=True,
            optional=True,
            horizons=(TFI_WINDOW,),
            refers_back=1,
            covered=tfi_known,
            from_regions=True,
        ),
        Target(
            "contested_share_rises",
            "the share of its regions whose control is contested rises by a tenth of all {window}",
            ("country",),
            contested_share_rises,
            contested_share_known,
            experiment="fragmentation",
            rare=True,
            optional=True,
            horizons=(TFI_WINDOW,),
            refers_back=TFI_WINDOW,
            covered=contested_share_known,
            from_regions=True,
        ),
        Target(
            "contestation",
            "state control, not contested in the last 12 months, becomes contested {window}",
            ("region",),
            contestation,
            uncontested,
            experiment="fragmentation",
            rare=True,
            optional=True,
            refers_back=2 * MEASURE_MONTHS - 1,
            only_at_risk=True,
            grows=True,
        ),
        *(
            Target(
                name,
                f"{words} {{window}}",
                levels,
                partial(deaths_together if total_of else deaths_ahead, counts=counts),
                kind="deaths",
                experiment="deaths",
                counts=counts,
                total_of=total_of,
            )
            # deaths by type are known of countries alone
            for name, words, levels, counts, total_of in (
                ("deaths", "deaths of all three types", ("country", "region"), "deaths", None),
                ("deaths_total", "deaths of all three types", ("country", "region"), "deaths", "deaths"),
                ("deaths_sb", "state-based deaths", ("country",), "sb_deaths", None),
                ("deaths_sb_total", "state-based deaths", ("country",), "sb_deaths", "deaths_sb"),
            )
        ),
    )
}


def targets_of(
    level: str, names: tuple[str, ...] | None = None, *, kind: Kind | None = "probability"
) -> tuple[Target, ...]:
    """Targets that are learned at a level, all of them or those named; sums over a window come with their months.

    Parameters
    ----------
    kind
        Of this kind alone; of either if None.

    Raises
    ------
    UnknownNameError
        If a name is no target of that level.
    """
    there = {
        target.name: target
        for target in TARGETS.values()
        if level in target.levels and target.total_of is None and kind in (None, target.kind)
    }
    for name in names or ():
        if name not in there:
            raise UnknownNameError(f"{level} target", name, there)
    return tuple(there[name] for name in (names or there))


def learned_as(name: str) -> str:
    """Name of the target whose model tells a target: its own, or that of the months that it sums."""
    return (TARGETS[name].total_of if name in TARGETS else None) or name


def counts_deaths(name: str) -> bool:
    """Whether a target is forecast as a distribution of deaths; one that exists no longer counts as an event."""
    return name in TARGETS and TARGETS[name].kind == "deaths"


def told_from_regions(name: str) -> bool:
    """Whether a target of countries is told from their regions; one that exists no longer is not."""
    return name in TARGETS and TARGETS[name].from_regions


@dataclass(frozen=True)
class LabelHistory:
    """A target's own past as it was known at t, each of shape (T, U), probabilities.

    Attributes
    ----------
    climatology
        Mean of the unit's labels known by t, drawn to the mean of all units by the weight of one label.
    persistence
        Share of the last 12 labels known by t, one added either way: (k + 1) / (n + 2).
    """

    climatology: NDArray[np.float64]
    persistence: NDArray[np.float64]


def label_history(labels: NDArray[np.float64], horizon: int) -> LabelHistory:
    """Sum up what a target's labels were, using at t only windows that ended by t.

    Parameters
    ----------
    labels
        Shape (T, U), NaN where there is none.
    horizon
        H: the label of origin s is known from s + H on.
    """
    known = np.full_like(labels, np.nan)
    if horizon < labels.shape[0]:
        known[horizon:] = labels[:-horizon]
    counted = ~np.isnan(known)
    hits = np.where(counted, known, 0.0)
    n, k = np.cumsum(counted, axis=0), np.cumsum(hits, axis=0)
    everyone = (k.sum(axis=1, keepdims=True) + 1) / (n.sum(axis=1, keepdims=True) + 2)
    last_n, last_k = rolling_sum(counted, 12), rolling_sum(hits, 12)
    return LabelHistory(climatology=(k + everyone) / (n + 1), persistence=(last_k + 1) / (last_n + 2))
