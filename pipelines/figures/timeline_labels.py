"""Labels beside the points of a timeline, so short and so far apart that none runs into another point of its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["spaced_labels", "text_pixels"]

#: Labels of points that are no farther apart than this share one place.
_TOGETHER_PIXELS: Final = 32.0
_LONGEST_PIXELS: Final = 190.0
_POINT_PIXELS: Final = 13.0
#: Where there is no other room, a label may go on past the end of the axis.
_OVERHANG_PIXELS: Final = 60.0
_SHORTEST = 3
_NARROW, _WIDE = frozenset("fijlt.,-' ()"), frozenset("mwMW@")


@dataclass(frozen=True, slots=True)
class _Group:
    """Points that stand together: where the first and the last of them are, and their words."""

    rows: Sequence[int]
    first: float
    last: float
    words: str


def text_pixels(text: str) -> float:
    """Width of a text at 10 pixels, in any of the usual sans-serif faces; rather too wide than too narrow.

    Examples
    --------
    >>> text_pixels("ECOWAS") > text_pixels("accord")
    True
    """
    return sum(
        3.6 if letter in _NARROW else 8.8 if letter in _WIDE else 7.2 if letter.isupper() else 5.8 for letter in text
    )


def spaced_labels(steps: pd.DataFrame, *, since: pd.Timestamp, until: pd.Timestamp, width: float) -> pd.DataFrame:
    """Labels of points in rows, joined where points stand together, each where it has room.

    A label stands to the right of its point, or to the left where there is room for all of it there only; where it fits
    on neither side it is cut off.

    Parameters
    ----------
    steps
        One row a point: ``date``, ``step`` (its row), ``label`` (empty: none).
    since, until
        Where the axis begins and ends.
    width
        Its length, pixels.

    Returns
    -------
    DataFrame
        ``text`` and ``side`` (``left`` or ``right``) by the index of ``steps``: of points that stand together the last
        one, or the first one to the left, carries the labels of all.

    Examples
    --------
    >>> days = pd.to_datetime(["2021-05-30", "2021-06-01", "2022-02-04"])
    >>> steps = pd.DataFrame({"date": days, "step": "suspended", "label": ["ECOWAS", "AU", "EU"]})
    >>> since, until = pd.Timestamp("2020-01-01"), pd.Timestamp("2024-01-01")
    >>> spaced_labels(steps, since=since, until=until, width=600)["text"].tolist()
    ['', 'ECOWAS, AU', 'EU']
    """
    made = pd.DataFrame({"text": "", "side": "right"}, steps.index)
    for _, row in steps.sort_values("date", kind="stable").groupby("step"):
        place = (row["date"] - since) / (until - since) * width
        groups = _groups(row["label"], place)
        taken = 0.0
        for group, following in zip(groups, [*groups[1:], None], strict=True):
            free = following.first - _POINT_PIXELS if following else width
            text, side = _placed(group, taken=taken, free=free, overhang=0.0 if following else _OVERHANG_PIXELS)
            made.loc[group.rows[0 if side == "left" else -1], ["text", "side"]] = [text, side]
            taken = group.last + (text_pixels(text) + _POINT_PIXELS if side == "right" else _POINT_PIXELS)
    return made


def _groups(labels: pd.Series, place: pd.Series) -> list[_Group]:
    together: list[list[int]] = []
    for index in place.index:
        if together and place[index] - place[together[-1][0]] <= _TOGETHER_PIXELS:
            together[-1].append(index)
        else:
            together.append([index])
    return [
        _Group(
            rows,
            first=float(place[rows[0]]),
            last=float(place[rows[-1]]),
            words=", ".join(dict.fromkeys(labels[index] for index in rows if labels[index])),
        )
        for rows in together
    ]


def _placed(group: _Group, *, taken: float, free: float, overhang: float) -> tuple[str, str]:
    right = min(free - group.last, _LONGEST_PIXELS)
    left = min(group.first - _POINT_PIXELS - taken, _LONGEST_PIXELS)
    wanted = text_pixels(group.words)
    if wanted <= right:
        return group.words, "right"
    if wanted <= left:
        return group.words, "left"
    right = min(right + overhang, _LONGEST_PIXELS)
    return (_fitting(group.words, right), "right") if right >= left else (_fitting(group.words, left), "left")


def _fitting(text: str, pixels: float) -> str:
    if text_pixels(text) <= pixels:
        return text
    kept = text
    while kept and text_pixels(kept + "…") > pixels:
        kept = kept[:-1].rstrip(" ,")
    return f"{kept}…" if len(kept) >= _SHORTEST else ""
