"""UN troops and bases in each unit and month, carried forward from the last map and never interpolated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .panel import lay_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["GLOBAL_PICTURE_FROM", "MAP_LASTS_MONTHS", "carried_forward"]

#: A mission's map holds until its next one, but no longer than this: maps come four or five times a year.
MAP_LASTS_MONTHS = 18
#: From this month on a picture is a year of all missions at once: a mission that is missing from it has left.
GLOBAL_PICTURE_FROM = pd.Period("2021-01", "M")


def carried_forward(
    bases: pd.DataFrame, *, unit: pd.Series, units: pd.Index, months: pd.PeriodIndex
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Troops and number of bases, each of shape (T, U).

    Parameters
    ----------
    bases
        The canonical table ``un_bases``: all rows of a mission in one month are a full picture of it.
    unit
        Unit id of each row.
    """
    troops = np.zeros((len(months), len(units)), np.float32)
    count = np.zeros_like(troops)
    counted = bases.assign(bases=1)
    picture_month = pd.PeriodIndex(bases["month"], freq="M")
    global_pictures = np.unique(picture_month[picture_month >= GLOBAL_PICTURE_FROM].asi8) - months[0].ordinal
    for mission in pd.unique(bases["mission"]):
        own = (bases["mission"] == mission).to_numpy()
        drawn = np.unique(picture_month[own].asi8) - months[0].ordinal
        pictures = np.union1d(drawn, global_pictures[global_pictures > drawn.min()])
        pictures = pictures[pictures < len(months)]
        here = counted[own]
        where = unit[own]
        laid = {name: lay_out(here, name, unit=where, units=units, months=months) for name in ("troops", "bases")}
        for start, stop in zip(pictures, np.append(pictures[1:], len(months)), strict=True):
            if start < 0:
                continue
            lasts = slice(start, min(stop, start + MAP_LASTS_MONTHS))
            troops[lasts] += laid["troops"][start]
            count[lasts] += laid["bases"][start]
    return troops, count
