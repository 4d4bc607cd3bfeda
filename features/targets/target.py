"""What a target is: something that may happen, or is counted, with all that is to be known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .violence import everywhere

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from ..arrays import BoolArray, Level
    from ..panels.panel import Panel
    from .outlook import DeathsEvent

__all__ = ["Kind", "Target"]

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
        Deaths that make it 1, where nothing else does and it is learned; else None.
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
    drawn
        The rule by which its probability is read from draws of deaths; None where it is learned.
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
    drawn: DeathsEvent | None = None
