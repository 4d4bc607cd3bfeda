"""The table of targets: what is forecast, each with all that is to be known of it. Whoever treats two apart asks here.

The label of origin t speaks of the window (t, t + H] alone. Where a definition needs to know what was there before
(an actor is new if it was not), that reference is read from the months up to t and is named as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

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
from .outlook import BEFORE, LONGEST, WORST, crossing, fall, reaching, rise, worst
from .target import Target
from .violence import ESCALATION_WINDOW, active_violence, deaths_ahead, deaths_together, escalation, violence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .target import Kind

__all__ = [
    "DRAWN_FROM",
    "TARGETS",
    "LabelHistory",
    "base_rate",
    "counts_deaths",
    "label_history",
    "learned_as",
    "targets_of",
    "told_from_regions",
]

#: The target of whose draws others are read, and months from which a base rate is told.
DRAWN_FROM, RATE_MONTHS = "deaths", 120
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
        *(
            Target(
                name,
                f"{words} {{window}}",
                ("country", "region"),
                rule.label,
                experiment="deaths",
                refers_back=back,
                grows=back != LONGEST,
                within=within,
                drawn=rule,
            )
            for name, words, rule, back, within in (
                ("violence_100", "at least 100 deaths", reaching(100), 0, "violence_25"),
                ("violence_1000", "at least 1,000 deaths", reaching(1_000), 0, "violence_100"),
                ("crossing_25", "25 deaths or more, after fewer in 3 months,", crossing(25), BEFORE, "violence_25"),
                ("crossing_100", "100 deaths or more, after fewer in 3 months,", crossing(100), BEFORE, "violence_100"),
                ("rise_30", "at least 30 % more deaths than in as many months before", rise(), LONGEST, "violence_25"),
                ("fall_30", "at least 30 % fewer deaths than in as many months before", fall(), LONGEST, None),
                (
                    "worst_in_5_years",
                    "a month of 25 deaths or more, and the worst of 5 years,",
                    worst(),
                    WORST,
                    "violence_25",
                ),
            )
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
                ("country", "region") if regions else ("country",),
                partial(deaths_together if total_of else deaths_ahead, counts=counts),
                kind="deaths",
                experiment="deaths",
                counts=counts,
                total_of=total_of,
            )
            # deaths by type are known of countries alone
            for name, words, regions, counts, total_of in (
                ("deaths", "deaths of all three types", True, "deaths", None),
                ("deaths_total", "deaths of all three types", True, "deaths", "deaths"),
                ("deaths_sb", "state-based deaths", False, "sb_deaths", None),
                ("deaths_sb_total", "state-based deaths", False, "sb_deaths", "deaths_sb"),
            )
        ),
    )
}


def targets_of(
    level: str, names: tuple[str, ...] | None = None, *, kind: Kind | None = "probability"
) -> tuple[Target, ...]:
    """Targets that are learned at a level, all of them or those named; what is read from draws comes with these.

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
        if level in target.levels and learned_as(target.name) == target.name and kind in (None, target.kind)
    }
    for name in (name for name in names or () if name not in there):
        raise UnknownNameError(f"{level} target", name, there)
    return tuple(there[name] for name in (names or there))


def learned_as(name: str) -> str:
    """Name of the target whose model tells a target: its own, or that of the deaths from whose draws it is told."""
    target = TARGETS.get(name)
    return name if target is None else target.total_of or (DRAWN_FROM if target.drawn else name)


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


def base_rate(labels: NDArray[np.float64], horizon: int) -> NDArray[np.float64]:
    """How often a target happened to all units at risk: mean of the labels of the last years known at t, shape (T,).

    NaN where none was known.

    Parameters
    ----------
    labels
        Shape (T, U), NaN where there is none.
    horizon
        H: the label of origin s is known from s + H on.
    """
    counted = ~np.isnan(labels)
    hits = rolling_sum(np.where(counted, labels, 0.0).sum(axis=1), RATE_MONTHS)
    n = rolling_sum(counted.sum(axis=1), RATE_MONTHS)
    rate = np.full(len(labels), np.nan)
    if horizon < len(labels):
        known = n[:-horizon] > 0
        rate[horizon:][known] = hits[:-horizon][known] / n[:-horizon][known]
    return rate


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
