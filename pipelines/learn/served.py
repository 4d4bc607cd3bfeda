"""What each served model is made of: its members with their weights, and the feature blocks that it reads.

It stands in an issue's ``about.json``, and everything that says what a model is goes by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...models.distributions.pool import MEMBERS
from ...models.distributions.pool_weights import LEADS, LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...features.blocks.build import FeatureArrays
    from ...models.probabilities.risk import HorizonModel
    from .deaths import LearnedDeaths
    from .deaths_held_back import HeldBackDeaths
    from .train import Campaign

__all__ = ["blocks_behind", "deaths_blocks", "served_models"]

_DIGITS = 4


def blocks_behind(columns: Iterable[str], features: FeatureArrays) -> tuple[str, ...]:
    """Feature blocks of some columns, in the order of the features."""
    read = set(columns)
    named = zip(features.names, features.block, strict=True)
    return tuple(dict.fromkeys(block for name, block in named if name in read))


def deaths_blocks(learned: LearnedDeaths, forecaster: str, held_back: HeldBackDeaths | None = None) -> tuple[str, ...]:
    """Feature blocks of a forecaster of deaths: all that it is told if it or a part of it reads features, else none."""
    known = {**(held_back.forecasters if held_back else {}), **learned.forecaster.makeup.members}
    fitted = {**known, learned.name: learned.forecaster}.get(forecaster)
    return tuple(dict.fromkeys(learned.features.block)) if fitted and fitted.makeup.reads_features else ()


def served_models(campaign: Campaign, deaths: Mapping[str, LearnedDeaths] | None = None) -> tuple[dict[str, Any], ...]:
    """Say what the models of a campaign, and its forecasters of deaths, are made of.

    Returns
    -------
    One mapping a target, as JSON holds it: ``level``, ``target``, ``blocks`` and ``parts``. A part has ``members``,
    their weights by name, which sum to 1, and says where they hold: ``horizons`` in months; of deaths ``months_ahead``
    and ``mean_deaths_from``, the mean monthly deaths of the last 12 months from which on. Between two months ahead the
    weights go from one to the other.
    """
    level, told = campaign.panel.level, campaign.features
    out: list[dict[str, Any]] = []
    for target, model in campaign.models.items():
        parts: list[dict[str, Any]] = []
        read: set[str] = set()
        for horizon, fitted in model.horizons.items():
            read |= {name for member in fitted.shares for name in fitted.members[member].columns}
            members = _weights(fitted)
            if parts and parts[-1]["members"] == members:
                parts[-1]["horizons"].append(horizon)
            else:
                parts.append({"horizons": [horizon], "members": members})
        out.append({"level": level, "target": target, "blocks": list(blocks_behind(read, told)), "parts": parts})
    for target, learned in (deaths or {}).items():
        blocks = list(deaths_blocks(learned, learned.name))
        out.append({"level": level, "target": target, "blocks": blocks, "parts": _deaths_parts(learned)})
    return tuple(out)


def _weights(fitted: HorizonModel) -> dict[str, float]:
    total = sum(fitted.shares.values())
    return {name: round(share / total, _DIGITS) for name, share in fitted.shares.items()}


def _deaths_parts(learned: LearnedDeaths) -> list[dict[str, Any]]:
    weights = learned.forecaster.makeup.weights
    if weights is None:
        return [{"members": {learned.name: 1.0}}]
    return [
        {
            "months_ahead": lead,
            "mean_deaths_from": least,
            "members": {
                name: round(float(share), _DIGITS) for name, share in zip(MEMBERS, shares, strict=True) if share
            },
        }
        for lead, of_lead in zip(LEADS, weights.table, strict=True)
        for least, shares in zip(LEVELS, of_lead, strict=True)
    ]
