"""A column that a forecaster sees."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from ..facts.deployments import FARTHEST_MONTHS
from ..facts.distances import FARTHEST_KM

__all__ = ["KINDS", "LATELY_CAP", "SINCE_CAP", "Feature", "Kind", "last_months"]

#: Months after which "months since" stops counting: twenty years.
SINCE_CAP = 240
#: The same for what is known of the last year alone.
LATELY_CAP = 12

Kind = Literal["count", "share", "level", "state", "change", "since", "lately", "near", "until"]

#: How each kind of feature is worded, and its value where there is none of what it tells: nothing counted, no share,
#: or as long ago, as far away, as far ahead as is counted.
KINDS: Final[dict[Kind, tuple[str, float]]] = {
    "count": ("{what}", 0.0),
    "share": ("share of {what}", 0.0),
    "level": ("{what}", 0.0),
    "state": ("{what}", 0.0),
    "change": ("change in {what}", 0.0),
    "since": ("months since {what}", math.log1p(SINCE_CAP)),
    "lately": ("months, up to a year, since {what}", float(LATELY_CAP)),
    "near": ("distance to {what}", math.log1p(FARTHEST_KM)),
    "until": ("months to {what}", float(FARTHEST_MONTHS)),
}


@dataclass(frozen=True)
class Feature:
    """A column that a forecaster sees.

    Attributes
    ----------
    name
        Its column name.
    what
        What it tells of, such as ``a successful coup``.
    monotone
        1 if more of it can only raise the risk, -1 if it can only lower it, 0 if either.
    kind
        How it tells of it, one of `KINDS`: as a number, a share, the months since.

    Examples
    --------
    >>> Feature("since_coup", "a successful coup", kind="since").words
    'months since a successful coup'
    """

    name: str
    what: str
    monotone: int = 0
    kind: Kind = "count"

    @property
    def words(self) -> str:
        """The column as an analyst reads it."""
        return KINDS[self.kind][0].format(what=self.what)

    @property
    def none(self) -> float:
        """Its value where there is none of what it tells."""
        return KINDS[self.kind][1]


def last_months(months: int) -> str:
    """Name the window (t - months, t].

    Examples
    --------
    >>> last_months(1), last_months(12)
    ('last month', 'last 12 months')
    """
    return "last month" if months == 1 else f"last {months} months"
