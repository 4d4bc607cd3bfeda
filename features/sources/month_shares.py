"""Deaths of an event shared out over the months that it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["allocate_over_months"]


def allocate_over_months(events: pd.DataFrame) -> pd.DataFrame:
    r"""One row for each month that an event touches, its deaths shared out over its days.

    A month of :math:`d` of the event's :math:`D` days gets :math:`deaths \cdot d / D`, rounded by the method of the
    largest remainder (ties to the earlier month), so that whole deaths add up to the event's.

    Parameters
    ----------
    events
        Has ``event_id``, ``start``, ``end`` and ``deaths``.

    Returns
    -------
    DataFrame
        The same with ``month`` in place of ``start`` and ``end``.

    Examples
    --------
    >>> import pandas as pd
    >>> event = pd.DataFrame({"event_id": [1], "start": [pd.Timestamp("2012-01-30")],
    ...                       "end": [pd.Timestamp("2012-02-03")], "deaths": [6]})
    >>> allocate_over_months(event)["deaths"].tolist()
    [2, 4]
    """
    first, last = (events[day].dt.year * 12 + events[day].dt.month - 1 for day in ("start", "end"))
    times = (last - first + 1).to_numpy()
    rows = events.iloc[np.repeat(np.arange(len(events)), times)].reset_index(drop=True)
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(times) - times, times)
    ordinal = np.repeat(first.to_numpy(), times) + nth
    month = (ordinal - 1970 * 12).astype("datetime64[M]")
    from_day = np.maximum(rows["start"].to_numpy("datetime64[D]"), month.astype("datetime64[D]"))
    next_month = (month + np.timedelta64(1, "M")).astype("datetime64[D]")
    to_day = np.minimum(rows["end"].to_numpy("datetime64[D]"), next_month - np.timedelta64(1, "D"))
    days = (to_day - from_day) / np.timedelta64(1, "D") + 1
    event = np.repeat(np.arange(len(events)), times)
    whole = _largest_remainder(rows["deaths"].to_numpy(np.int64), days.astype(np.int64), event)
    monthly = rows.drop(columns=["start", "end"]).assign(month=month.astype("datetime64[s]"), deaths=whole)
    return monthly.astype({"deaths": "int32"})


def _largest_remainder(
    total: NDArray[np.int64], weight: NDArray[np.int64], group: NDArray[np.intp]
) -> NDArray[np.int64]:
    """Split each group's total by weight into whole numbers; in whole-number arithmetic, so that ties are true ties."""
    all_weight = np.bincount(group, weight).astype(np.int64)[group]
    floor, remainder = np.divmod(total * weight, all_weight)
    left = total - np.bincount(group, floor).astype(np.int64)[group]
    order = np.lexsort((np.arange(len(group)), -remainder, group))
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    one_more = np.empty(len(order), bool)
    one_more[order] = rank < left[order]
    return floor + one_more
