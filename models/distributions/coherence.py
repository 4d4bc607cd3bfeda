"""A country is the sum of its regions: samples of both, made to agree draw by draw.

Regions are forecast one by one, and their draws know nothing of one another: added up as they are, their sum is too
sure of itself. Of two ways, the scores of origins up to 2017 chose ``top_down`` (docs/coherence.md).

- ``bottom_up``: draw k of the country is the sum of draw k of its parts, whose draws are ordered alike beforehand, so
  that bad months of the parts come together.
- ``top_down``: the country keeps its own draws, and its parts share out each of them in proportion to their own.

What happened in a country outside its regions, and what could not be placed, is a part too: the *rest*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["bottom_up", "shared_out", "top_down", "within"]


def bottom_up(parts: NDArray[np.float32], *, together: bool = False) -> NDArray[np.float32]:
    """Samples of a country, shape (H, D), from those of its parts.

    Parameters
    ----------
    parts
        Whole deaths, shape (R, H, D), the rest among them.
    together
        Sort the draws of each part and month first, so that their worst draws coincide.

    Examples
    --------
    >>> parts = np.array([[[0.0, 3.0]], [[5.0, 1.0]]], np.float32)
    >>> bottom_up(parts).tolist(), bottom_up(parts, together=True).tolist()
    ([[5.0, 4.0]], [[1.0, 8.0]])
    """
    return (np.sort(parts, axis=-1) if together else parts).sum(axis=0)


def top_down(country: NDArray[np.float32], parts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Samples of the parts that add up to the country's, draw by draw, shape (R, H, D).

    Draw k of the country is shared out in proportion to draw k of the parts, which are first put in the order of the
    country's, so that a bad month of the country is a bad month of its parts. Where all parts drew none, their means
    say who gets how much; where these are none either, all get the same.

    Parameters
    ----------
    country
        Whole deaths, shape (H, D).
    parts
        Whole deaths, shape (R, H, D), the rest among them.
    """
    total = parts.sum(axis=0)
    # draws of the parts stay together, so that what they have in common by chance of one part is not broken up
    rank = country.argsort(axis=-1, kind="stable").argsort(axis=-1, kind="stable")
    order = total.argsort(axis=-1, kind="stable")
    aligned = np.take_along_axis(parts, np.take_along_axis(order, rank, axis=-1)[None], axis=-1).astype(np.float64)
    empty = aligned.sum(axis=0) == 0
    usual = parts.mean(axis=-1, dtype=np.float64)
    usual = np.where(usual.sum(axis=0) > 0, usual, 1.0)
    weight = np.where(empty, usual[:, :, None], aligned)
    return shared_out(country, weight)


def shared_out(total: NDArray[np.float32], weight: NDArray[np.float64]) -> NDArray[np.float32]:
    """Whole numbers in proportion to weights, (R, ...), that add up to ``total``, (...), by largest remainder.

    Examples
    --------
    >>> shared_out(np.array([4.0], np.float32), np.array([[1.0], [1.0], [1.0]])).ravel().tolist()
    [2.0, 1.0, 1.0]
    """
    exact = weight / weight.sum(axis=0) * total
    whole = np.floor(exact)
    left = np.rint(total - whole.sum(axis=0))
    place = (whole - exact).argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    return (whole + (place < left)).astype(np.float32)


def within(parts: NDArray[np.float32], limits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Parts that add up to the same, none above its limit, both of shape (R, ...), whole numbers.

    What is above a limit goes to where there is room, in proportion to it. The limits must add up to at least as much.

    Examples
    --------
    >>> within(np.array([[5.0], [0.0]], np.float32), np.array([[2.0], [4.0]], np.float32)).ravel().tolist()
    [2.0, 3.0]
    """
    kept = np.minimum(parts, limits)
    room = (limits - kept).astype(np.float64)
    room[:, room.sum(axis=0) == 0] = 1.0
    return kept + shared_out((parts - kept).sum(axis=0), room)
