"""A column that a forecaster sees."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SINCE_CAP", "Feature", "last_months"]

#: Months after which "months since" stops counting: twenty years.
SINCE_CAP = 240


@dataclass(frozen=True)
class Feature:
    """A column that a forecaster sees.

    Attributes
    ----------
    name
        Its column name.
    words
        The same as an analyst reads it.
    monotone
        1 if more of it can only raise the risk, -1 if it can only lower it, 0 if either.
    """

    name: str
    words: str
    monotone: int = 0


def last_months(months: int) -> str:
    """Name the window (t - months, t].

    Examples
    --------
    >>> last_months(1), last_months(12)
    ('last month', 'last 12 months')
    """
    return "last month" if months == 1 else f"last {months} months"
