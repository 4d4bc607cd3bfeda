"""The lists of an issue as a table: what to watch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ..issue import watchlist as lists
from ..issue.list_record import COLUMNS
from ..issue.opening import open_issue
from ..issue.selection import select_scores

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..issue.selection import Windows

__all__ = ["watchlist"]


def watchlist(
    name: str | Iterable[str] | None = None,
    *,
    issue: str | Path = "latest",
    level: str | None = None,
    units: str | Iterable[str] | None = None,
    windows: Windows = "today",
    top: int = lists.TOP,
    out: Path | str | None = None,
) -> pd.DataFrame:
    """Take the lists that an issue opens with: what to watch, and how often it happens to anyone.

    Parameters
    ----------
    name
        One or more of ``"most_deaths"`` (within 12 months, by the median), ``"rise"`` and ``"fall"`` (by 30 %, within 6
        months), ``"quiet"`` (fewer than 25 deaths in 3 months, and 25 in the next 3) and ``"reach_1000"`` (within 12
        months, where fewer died in the last 12); all by default.
    issue, out
        As `load_scores` takes them.
    level, units
        As `load_scores` takes them: the lists of these units alone.
    windows
        As `load_scores` takes them; by default of months still to come, where the data end months before the issue.
    top
        Units of each list.

    Returns
    -------
    A row a level, list and unit: ``list``, ``place``, the unit, ``probability`` with its interval, persistence's
    (``baseline_probability``) and the ``base_rate`` of all units at risk; of the same window the ``mean_deaths``,
    ``q05``, ``q50``, ``q95`` and ``severe_deaths``, those recorded in as many months before (``deaths_before``) and the
    ``change`` of the median on these; ``attrs`` has the ``issue``. How the same list did in the last 24 issues that
    could be told when the issue was made: of ten named in each of ``record_issues``, ``record_named`` in all, it
    happened in ``record_happened``, and in a share of ``record_base_rate`` of all that could have been named; empty if
    the issue does not say. Of ``"most_deaths"`` it counts as happened if it was one of the ten with the most deaths.

    Raises
    ------
    UnknownNameError
        If there is no such list, issue, level or unit; the message offers the nearest names.
    SourceError, SchemaError
        If there is nothing there, it cannot be read, or it is no table of scores.
    """
    opened = open_issue(issue, out=None if out is None else Path(out))
    scores = select_scores(opened.scores, windows=windows, level=level, units=units)
    record = pd.DataFrame(opened.about.get("lists", []), columns=list(COLUMNS))
    table = lists.watchlist(scores, names=(name,) if isinstance(name, str) else name, top=top, record=record)
    table.attrs = {"issue": opened.name}
    return table
