"""Predictions for other people's reports: the scores of an issue as a tidy table.

Nothing slow is imported here: a load is pandas, one file, and a choice of rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..issue.opening import open_issue
from ..issue.selection import select_scores

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from ..issue.selection import Windows

__all__ = ["load_scores"]


def load_scores(
    issue: str | Path = "latest",
    *,
    level: str | None = None,
    target: str | None = None,
    horizon: int | None = None,
    units: str | Iterable[str] | None = None,
    windows: Windows = "data",
    out: Path | str | None = None,
) -> pd.DataFrame:
    """Load the scores of an issue, one row a unit, target and horizon unless ``windows`` is ``"all"``.

    Parameters
    ----------
    issue
        ``"latest"``; a month such as ``"2026-06"``; the folder of an issue; a zip or tar archive of one; a
        ``scores.parquet`` or ``scores.csv``; an MLflow run (its id, or ``runs:/<id>``).
    level
        ``"country"`` or ``"region"``; both by default, as with every other choice.
    target
        Such as ``"violence_25"``.
    horizon
        Months ahead.
    units
        One or more countries (ISO 3166-1 alpha-3, or name, with their regions) or regions (code, ISO 3166-2, or name).
    windows
        ``"data"`` for windows that follow on the data; ``"today"`` for those that start in the month after the issue
        date, of issues whose data ended two months or more before it, of others the same; ``"all"`` for both, told
        apart by ``months_between``.
    out
        Folder of the issues; by default ``FAULTLINE_OUT``, or ``predictions``.

    Returns
    -------
    The columns of the contract ``scores`` with their types; ``attrs`` has the ``issue`` and where it was ``read_from``.

    Raises
    ------
    UnknownNameError
        If there is no such issue, level, target, horizon, unit or choice of windows; the message offers the nearest.
    SourceError, SchemaError
        If there is nothing there, it cannot be read, or it is no table of scores.
    """
    opened = open_issue(issue, out=None if out is None else Path(out))
    scores = select_scores(opened.scores, windows=windows, level=level, target=target, horizon=horizon, units=units)
    scores.attrs = {"issue": opened.name, "read_from": opened.where}
    return scores
