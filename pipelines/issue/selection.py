"""Choosing rows of the flat table by level, target, horizon and unit, with the nearest names for a typo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from ...features.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["LEVELS", "Windows", "of_windows", "select_scores", "starts_later"]

#: From when on: the windows that follow on the data, those from the month after the issue date, or both.
Windows = Literal["data", "today", "all"]

#: Admin level of each level that is scored.
LEVELS = {"country": 0, "region": 1}
#: What a unit goes by; a country's code also chooses its regions.
_UNIT_NAMES = ("location_code", "location_name", "admin1_code", "iso_3166_2", "admin1_name")
_LISTED_BY = 'load_scores()[["location_code", "location_name", "admin1_code", "admin1_name"]].drop_duplicates()'


def starts_later(scores: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether months lie between the data and a row's window; issues made before there was such a row have none."""
    if "months_between" not in scores:
        return np.zeros(len(scores), bool)
    return scores["months_between"].gt(0).to_numpy(bool, na_value=False)


def of_windows(scores: pd.DataFrame, windows: Windows) -> pd.DataFrame:
    """Choose rows by the month from which their windows start.

    Parameters
    ----------
    windows
        ``"data"`` for those that follow on the data; ``"today"`` for those from the month after the issue date, and
        of a level that has none (its issue was made in the month after its data, as planned) the same as ``"data"``;
        ``"all"`` for both.

    Raises
    ------
    UnknownNameError
        If there is no such choice.
    """
    if windows not in get_args(Windows):
        raise UnknownNameError("windows", windows, get_args(Windows))
    if windows == "all":
        return scores
    later = starts_later(scores)
    if windows == "today":
        without = ~scores["admin_level"].isin(scores.loc[later, "admin_level"].unique())
        return scores[later | without]
    return scores[~later]


def select_scores(
    scores: pd.DataFrame,
    *,
    windows: Windows = "all",
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
    windows
        From when on, as `of_windows` takes it.
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
    scores = of_windows(scores, windows)
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
