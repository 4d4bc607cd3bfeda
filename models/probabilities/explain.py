"""Drivers: what moved a score, in words that an analyst reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .driver_words import AMOUNTS, amount_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from .driver_words import Usual

__all__ = ["block_contributions", "block_texts", "top_drivers"]

#: Blocks that move the log-odds by less than this are not worth a word: a twentieth of a doubling of the odds.
WORTH_A_WORD = 0.05


def block_contributions(contributions: NDArray[np.float64], features: FeatureArrays) -> dict[str, NDArray[np.float64]]:
    """Sum contributions (n, F) by feature block, each of shape (n,), in log-odds."""
    blocks = np.array(features.block)
    return {block: contributions[:, blocks == block].sum(axis=1) for block in dict.fromkeys(features.block)}


def block_texts(contributions: NDArray[np.float64], features: FeatureArrays) -> list[str]:
    """Name each block's sum of contributions (n, F) in log-odds, such as ``"history +1.32; neighbours -0.08"``."""
    sums = block_contributions(contributions, features)
    return [
        "; ".join(f"{block} {values[row]:+.2f}" for block, values in sums.items()) for row in range(len(contributions))
    ]


def top_drivers(
    contributions: NDArray[np.float64],
    x: NDArray[np.float32],
    features: FeatureArrays,
    *,
    against: Usual,
    most: int = 3,
) -> list[str]:
    """Name what moved each row's score most, one driver a block, strongest block first.

    Parameters
    ----------
    contributions
        Shape (n, F), in log-odds against the average row.
    x
        Values of the features, shape (n, F).
    against
        How much of each feature there usually is.

    Returns
    -------
    One text a row, such as ``"raised by many deaths, last 3 months; lowered by the absence of coup attempts, last 60
    months"``; empty where nothing moved it. Within a block the feature is named that moved most in the block's
    direction, because features of a block share what they know.
    """
    sums = block_contributions(contributions, features)
    blocks = np.array(features.block)
    texts: list[str] = []
    for row in range(len(contributions)):
        ranked = sorted(sums, key=lambda block: -abs(sums[block][row]))
        parts: list[str] = []
        for block in ranked[:most]:
            total = sums[block][row]
            if abs(total) < WORTH_A_WORD:
                continue
            own = np.where(blocks == block, contributions[row] * np.sign(total), -np.inf)
            direction = "raised" if total > 0 else "lowered"
            at = int(np.argmax(own))
            feature = features.features[at]
            amount = amount_of(
                feature,
                float(x[row, at]),
                everywhere=float(against.everywhere[at]),
                where_any=float(against.where_any[at]),
            )
            parts.append(f"{direction} by {AMOUNTS[feature.kind][amount].format(what=feature.what)}")
        texts.append("; ".join(parts))
    return texts
