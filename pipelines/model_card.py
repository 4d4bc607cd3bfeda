"""Model cards: what a forecaster is for, what it learned from, how it did, and what it must not be used for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..features.targets import TARGETS

if TYPE_CHECKING:
    import pandas as pd

    from .train import Campaign

__all__ = ["blocks_of", "model_card"]

_COLUMNS = {
    "horizon_months": "months",
    "stratum": "for whom",
    "n": "rows",
    "base_rate": "base rate",
    "brier": "Brier",
    "brier_skill_persistence": "skill against persistence",
    "average_precision": "average precision",
    "calibration_error": "calibration error",
}
_LIMITS = """\
- It forecasts recorded deaths. Sources see some places better than others, and the newest months are revised.
- Held-back origins are dated before the origin, in today's release of the data: later corrections are in them.
- Associations are not effects: a driver moved the score, and need not move the world.
- A probability is not a decision, and no substitute for people who know the place."""


def blocks_of(campaign: Campaign, target: str) -> tuple[str, ...]:
    """Feature blocks that a target learned from."""
    block = dict(zip(campaign.features.names, campaign.features.block, strict=True))
    return tuple(dict.fromkeys(block[name] for name in campaign.models[target].features))


def model_card(campaign: Campaign, target: str, forecaster: str, scores: pd.DataFrame) -> str:
    """Write the card of a forecaster of a target, in Markdown.

    Parameters
    ----------
    scores
        Of all forecasters of the target, as `~faultline.pipelines.run_scores.stratum_scores` gives them.
    """
    panel = campaign.panel
    horizons = list(campaign.models[target].horizons)
    months = [
        panel.months[evaluation.design.month] for (of, _), evaluation in campaign.evaluations.items() if of == target
    ]
    first, last = min(part.min() for part in months), max(part.max() for part in months)
    window = "the months ahead" if len(horizons) > 1 else f"{horizons[0]} months"
    own = scores[scores["forecaster"] == forecaster]
    served = "It is registered and served, after calibration on the held-back origins." if forecaster == "pool" else ""
    lines = [
        f"# {target}, {panel.level}: {forecaster}",
        "",
        f"**Question.** {TARGETS[target].question.format(window=window)}",
        "",
        f"**Horizons.** {', '.join(map(str, horizons))} months. {served}".rstrip(),
        "",
        (
            f"**Learned from** {panel.shape[1]} units and {panel.shape[0]} months, {panel.months[0]} to "
            f"{panel.months[-1]}; {len(campaign.models[target].features)} features in the blocks "
            f"{', '.join(blocks_of(campaign, target))}."
        ),
        "",
        f"**Scored on** origins from {first} to {last}, which were held back from it, with an embargo of the horizon.",
        "",
        "| " + " | ".join(_COLUMNS.values()) + " |",
        "|" + " --- |" * len(_COLUMNS),
        *("| " + " | ".join(_cell(row[name]) for name in _COLUMNS) + " |" for _, row in own.iterrows()),
        "",
        "**Limits.**",
        "",
        _LIMITS,
        "",
    ]
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value > 1 else f"{value:.3f}"
    return str(value).replace("_", " ")
