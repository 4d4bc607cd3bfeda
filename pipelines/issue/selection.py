"""Choosing rows of the flat table by level, target, horizon and unit, with the nearest names for a typo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...features.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = ["LEVELS", "select_scores"]

#: Admin level of each level that is scored.
LEVELS = {"country": 0, "region": 1}
#: What a unit goes by; a country's code also chooses its regions.
_UNIT_NAMES = ("location_code", "location_name", "admin1_code", "iso_3166_2", "admin1_name")
_LISTED_BY = 'load_scores()[["location_code", "location_name", "admin1_code", "admin1_name"]].drop_duplicates()'


def select_scores(
    scores: pd.DataFrame,
    *,
    level: str | None = None,
    target: str | None = None,
    horizon: int | None = None,
    units: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Choose rows; whatever is left out chooses all.

    Parameters
    ----------
    scores
        Rows of the contract ``scores``.
    level
        ``"country"`` or ``"region"``.
    target
        Such as ``"violence_25"``.
    horizon
        Months ahead.
    units
        One or more countries (ISO 3166-1 alpha-3, or name, with their regions) or regions (code, ISO 3166-2, or name);
        upper and lower case are the same.

    Raises
    ------
    UnknownNameError
        If a name is not there, with the nearest ones that are.
    """
    if level is not None:
        if level not in LEVELS:
            raise UnknownNameError("level", level, LEVELS)
        scores = scores[scores["admin_level"] == LEVELS[level]]
    if target is not None:
        known = scores["target"].unique().tolist()
        if target not in known:
            raise UnknownNameError("target" if level is None else f"target of the level {level}", target, known)
        scores = scores[scores["target"] == target]
    if horizon is not None:
        months = sorted(scores["horizon_months"].unique().tolist())
        if horizon not in months:
            raise UnknownNameError("horizon in months", str(horizon), map(str, months))
        scores = scores[scores["horizon_months"] == horizon]
    if units is not None:
        scores = _of_units(scores, [units] if isinstance(units, str) else list(units))
    return scores.reset_index(drop=True)


def _of_units(scores: pd.DataFrame, wanted: list[str]) -> pd.DataFrame:
    names = [scores[column].astype("str") for column in _UNIT_NAMES]
    folded = [column.str.casefold().to_numpy(object) for column in names]
    chosen = np.zeros(len(scores), bool)
    for unit in wanted:
        here = np.logical_or.reduce([column == unit.casefold() for column in folded])
        if not here.any():
            known = {name for column in names for name in column.dropna().unique()}
            raise UnknownNameError("unit", unit, known, listed_by=_LISTED_BY)
        chosen |= here
    return scores[chosen]
