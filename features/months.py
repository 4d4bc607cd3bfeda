"""Calendar months: reading them, ranges of them, and where a date falls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .errors import ConfigError

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

__all__ = ["last_day", "last_days", "month_positions", "month_range", "parse_month", "views_month_id"]

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def parse_month(text: str, *, option: str = "month") -> pd.Period:
    """Read ``YYYY-MM``.

    Raises
    ------
    ConfigError
        If the text is not a calendar month; the message names ``option``.

    Examples
    --------
    >>> parse_month("2012-03")
    Period('2012-03', 'M')
    """
    if not _MONTH.fullmatch(text):
        msg = f"{option}: {text!r} is not a month; write it as YYYY-MM, such as 2026-05."
        raise ConfigError(msg)
    return pd.Period(text, freq="M")


def month_range(first: pd.Period, last: pd.Period) -> pd.PeriodIndex:
    """All months from first to last, both included."""
    return pd.period_range(first, last, freq="M")


def last_day(month: pd.Period) -> dt.date:
    """Last day of a month, the day on which its data are complete."""
    return month.end_time.date()


def last_days(months: pd.PeriodIndex) -> pd.DatetimeIndex:
    """Last day of each month, shape (n,).

    Examples
    --------
    >>> last_days(pd.PeriodIndex(["2024-02", "2024-03"], freq="M")).strftime("%d.%m.").tolist()
    ['29.02.', '31.03.']
    """
    return (months + 1).to_timestamp().as_unit("s") - pd.Timedelta(days=1)


def month_positions(dates: pd.Series, months: pd.PeriodIndex) -> NDArray[np.int64]:
    """Position of each date's month in consecutive ``months``; outside them the position is negative or too large."""
    ordinals = dates.dt.year.to_numpy(np.int64) * 12 + dates.dt.month.to_numpy(np.int64) - 1
    start = months[0]
    return ordinals - (start.year * 12 + start.month - 1)


def views_month_id(month: pd.Period) -> int:
    """ViEWS month number, January 1980 being 1.

    Examples
    --------
    >>> views_month_id(pd.Period("2017-10", "M"))
    454
    """
    return (month.year - 1980) * 12 + month.month
