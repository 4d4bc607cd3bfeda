"""Whether what moved a score was there at all, and whether there was little or much of it, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...features.blocks.build import FeatureArrays
    from ...features.blocks.feature import Feature, Kind

__all__ = ["AMOUNTS", "Amount", "Usual", "amount_of", "usual"]

Amount = Literal["none", "little", "some", "much", "past", "unknown"]

_TOLD: Final[dict[Kind, dict[Amount, str]]] = {
    "count": {
        "none": "the absence of {what}",
        "little": "few {what}",
        "some": "some {what}",
        "much": "many {what}",
    },
    "share": {
        "none": "a zero share of {what}",
        "little": "a low share of {what}",
        "some": "the share of {what}",
        "much": "a high share of {what}",
    },
    "level": {"none": "a zero {what}", "little": "a low {what}", "some": "the {what}", "much": "a high {what}"},
    "state": {"none": "the absence of {what}", "some": "{what}"},
    "change": {"none": "no change in {what}", "little": "a fall in {what}", "much": "a rise in {what}"},
    "since": {
        "none": "20 years or more since {what}, if ever",
        "little": "the long time since {what}",
        "some": "the time since {what}",
        "much": "the short time since {what}",
    },
    "lately": {
        "none": "a year or more since {what}, if ever",
        "little": "the many months since {what}",
        "some": "the months since {what}",
        "much": "the few months since {what}",
    },
    "near": {
        "none": "1,000 km or more to {what}, if there is one",
        "little": "the long distance to {what}",
        "some": "the distance to {what}",
        "much": "the short distance to {what}",
    },
    "until": {
        "none": "3 years or more to {what}, if there is one",
        "little": "the long time to {what}",
        "some": "the time to {what}",
        "much": "the short time to {what}",
        "past": "the passing of {what}",
    },
}
#: Words of each amount of each kind of feature. Of times and distances, much of it is near. Unknown is what was not
#: coded, as `~faultline.features.blocks.coded` has it.
AMOUNTS: Final[dict[Kind, dict[Amount, str]]] = {
    kind: {**told, "unknown": "the lack of coded facts on {what}"} for kind, told in _TOLD.items()
}
#: Amounts nearer than this to none are none: what fades never quite ends, and arrays are of single precision.
NEGLIGIBLE = 1e-3


@dataclass(frozen=True)
class Usual:
    """How much of each feature there usually is, in its own unit above `Feature.none`, each of shape (F,).

    Attributes
    ----------
    everywhere
        Mean over all units and months.
    where_any
        Mean over those that have any; 0 where none has.
    """

    everywhere: NDArray[np.float64]
    where_any: NDArray[np.float64]


def _above_none(feature: Feature, values: NDArray[np.float32]) -> NDArray[np.float64]:
    # times and distances are none at their top, everything else at zero
    return np.abs(values.astype(np.float64) - feature.none)


def usual(features: FeatureArrays, observed: NDArray[np.bool_]) -> Usual:
    """Take how much of each feature there is in the observed months and units, a mask of shape (T, U)."""
    everywhere, where_any = np.zeros(len(features.features)), np.zeros(len(features.features))
    for position, feature in enumerate(features.features):
        seen = features.values[:, :, position][observed]
        above = _above_none(feature, seen[~np.isnan(seen)])
        has_any = above > NEGLIGIBLE
        if has_any.any():
            everywhere[position], where_any[position] = above.mean(), above[has_any].mean()
    return Usual(everywhere, where_any)


def amount_of(feature: Feature, value: float, *, everywhere: float, where_any: float) -> Amount:
    """Say how much of a feature a row has, against what is usual.

    Little is less than the mean over all rows, which is what contributions are measured against; much is more than the
    mean of the rows that have any. Where most have none, a single coup is thus some and not many.
    """
    above = abs(value - feature.none)
    if math.isnan(above) or above <= NEGLIGIBLE:
        return "unknown" if math.isnan(above) else "none"
    if feature.kind == "state":
        return "some"
    if feature.kind == "change":
        return "much" if value > 0 else "little"
    if feature.kind == "until" and value < 0:
        return "past"
    if above < everywhere - NEGLIGIBLE:
        return "little"
    return "much" if above > where_any + NEGLIGIBLE else "some"
