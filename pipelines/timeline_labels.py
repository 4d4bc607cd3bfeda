"""Labels beside the points of a timeline, so short and so far apart that none runs into the next one of its row."""

from __future__ import annotations

from typing import Final

import pandas as pd

__all__ = ["spaced_labels"]

#: Labels of points that are no farther apart than this share the place of the last one.
_TOGETHER_PIXELS: Final = 32.0
_LONGEST_PIXELS: Final = 90.0
_LETTER_PIXELS: Final = 5.6
_POINT_PIXELS: Final = 13.0
_SHORTEST = 2


def spaced_labels(steps: pd.DataFrame, *, pixels_a_day: float) -> pd.Series:
    """Labels of points in rows, joined where points stand together and cut off before the next point.

    Parameters
    ----------
    steps
        One row a point: ``date``, ``step`` (its row), ``label`` (empty: none).
    pixels_a_day
        How wide a day is drawn.

    Returns
    -------
    Series
        Text by the index of ``steps``: the last of points that stand together carries the labels of all.

    Examples
    --------
    >>> days = pd.to_datetime(["2021-05-30", "2021-06-01", "2022-02-04"])
    >>> steps = pd.DataFrame({"date": days, "step": "suspended", "label": ["ECOWAS", "AU", "EU"]})
    >>> spaced_labels(steps, pixels_a_day=0.4).tolist()
    ['', 'ECOWAS, AU', 'EU']
    """
    made = pd.Series("", steps.index, "str")
    for _, row in steps.sort_values("date", kind="stable").groupby("step"):
        place = (row["date"] - row["date"].min()).dt.days * pixels_a_day
        groups: list[list[int]] = []
        for index in row.index:
            if groups and place[index] - place[groups[-1][0]] <= _TOGETHER_PIXELS:
                groups[-1].append(index)
            else:
                groups.append([index])
        for group, following in zip(groups, [*groups[1:], None], strict=True):
            room = _LONGEST_PIXELS
            if following is not None:
                room = min(room, float(place[following[0]] - place[group[-1]]) - _POINT_PIXELS)
            words = ", ".join(dict.fromkeys(row.loc[[index for index in group if row.loc[index, "label"]], "label"]))
            made[group[-1]] = _fitting(words, int(room / _LETTER_PIXELS))
    return made


def _fitting(text: str, letters: int) -> str:
    if len(text) <= letters:
        return text
    return text[: letters - 1].rstrip(" ,") + "…" if letters > _SHORTEST else ""
