"""A brief of fewer regions: those at highest risk, where all of them would not fit into a mail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from .contents import BriefContents

__all__ = ["FEWEST_REGIONS", "shortened"]

#: With no more regions than this it is not they who make a brief too large.
FEWEST_REGIONS = 50


def shortened(contents: BriefContents, share: float) -> BriefContents | None:
    """Give the contents with a share of the regions, those with the highest probability of any target.

    The brief says that there are more. Ranks stay those among all regions.

    Parameters
    ----------
    contents
        What the brief was to show.
    share
        Part of its regions that is kept, below 1; never fewer than `FEWEST_REGIONS`.

    Returns
    -------
    BriefContents
        None where there are so few regions that leaving some out would not help.
    """
    scores = contents.scores[contents.scores["admin_level"] == 1]
    risk = scores.groupby("admin1_code")["probability"].max().sort_values(ascending=False, kind="stable")
    kept = max(int(len(risk) * share), FEWEST_REGIONS)
    if kept >= len(risk):
        return None
    codes = list(risk.index[:kept])

    def of_kept(table: pd.DataFrame) -> pd.DataFrame:
        return table[(table["admin_level"] == 0) | table["admin1_code"].isin(codes)].reset_index(drop=True)

    return replace(
        contents,
        scores=of_kept(contents.scores),
        from_today=None if contents.from_today is None else of_kept(contents.from_today),
        history=of_kept(contents.history),
        unit_points=of_kept(contents.unit_points),
        regions_shown=kept,
    )
