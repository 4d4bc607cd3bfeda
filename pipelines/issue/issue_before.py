"""The issue before, from which changes are counted: the last one in the folder, or on a first run the package's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .backfilled import backfilled_levels, load_backfilled
from .selection import LEVELS
from .writing import previous_scores

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from ...features.tables.snapshot import Snapshot

__all__ = ["issue_before"]

#: What a change is told by.
_KEY = ("admin_level", "gwno", "admin1_code", "target", "horizon_months", "months_between")


def issue_before(out: Path, issue: pd.Period, snapshot: Snapshot) -> pd.DataFrame | None:
    """Scores to compare an issue with.

    Parameters
    ----------
    out
        Folder of the issues.
    snapshot
        Data that the issue is made from. Backfilled forecasts are of what UCDP counts, and compared with that alone.

    Returns
    -------
    The scores of the latest issue before this one. Where there is none, what the package carries of the month before,
    made again from what was known then: some columns, and of some levels, targets and windows. None where there is
    neither.

    Raises
    ------
    SourceError
        If a file cannot be read.
    """
    live = previous_scores(out, issue)
    if live is not None:
        return live
    made = load_backfilled(since=issue - 1, before=issue, columns={*_KEY, "probability"})
    made = made[made["admin_level"].isin([LEVELS[level] for level in backfilled_levels(snapshot)])]
    return made.reset_index(drop=True) if len(made) else None
