"""Model cards: what a forecaster is for, what it learned from, how it did, and what it must not be used for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy.stats import norm

from ...features.targets.build import TARGETS, counts_deaths
from ...models.kinds import DISTRIBUTIONS, PROBABILITIES
from ...models.learners.effects import INTERVAL
from ...models.learners.kept_effects import COURSE, effects_served, layer_at
from ..base.markdown import table_lines
from ..learn.served import blocks_behind, deaths_blocks

if TYPE_CHECKING:
    import pandas as pd

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...models.kinds import Kind
    from ..learn.deaths import LearnedDeaths
    from ..learn.deaths_held_back import HeldBackDeaths
    from ..learn.train import Campaign

__all__ = ["columns_of", "deaths_card", "deaths_columns", "model_card"]

_LIMITS = """\
- It forecasts recorded deaths. Sources see some places better than others, and the newest months are revised.
- Held-back origins are dated before the origin, in today's release of the data: later corrections are in them.
- Associations are not effects: a driver moved the score, and need not move the world.
- A probability is not a decision, and no substitute for people who know the place."""


def columns_of(campaign: Campaign, target: str, forecaster: str) -> tuple[str, ...]:
    """Features that a forecaster of a target reads at any horizon, in their order; of a pool those of its members."""
    read: set[str] = set()
    for fitted in campaign.models[target].horizons.values():
        for name in fitted.shares if forecaster == "pool" else (forecaster,):
            read |= set(fitted.members[name].columns)
    return tuple(name for name in campaign.features.names if name in read)


def deaths_columns(learned: LearnedDeaths, forecaster: str, held_back: HeldBackDeaths | None) -> tuple[str, ...]:
    """Features that a forecaster of deaths is told, if it reads any."""
    read = deaths_blocks(learned, forecaster, held_back)
    told = zip(learned.features.names, learned.features.block, strict=True)
    return tuple(name for name, block in told if block in read)


def model_card(campaign: Campaign, target: str, forecaster: str, scores: pd.DataFrame) -> str:
    """Write the card of a forecaster of a target, in Markdown.

    Parameters
    ----------
    scores
        Of all forecasters of the target, as `~faultline.pipelines.learn.held_back.stratum_scores` gives them.
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
            f"{panel.months[-1]}; {_told(columns_of(campaign, target, forecaster), campaign.features)}."
        ),
        "",
        *_facts(panel, columns_of(campaign, target, forecaster), campaign.features),
        f"**Scored on** origins from {first} to {last}, which were held back from it, with an embargo of the horizon.",
        "",
        *_table(own, PROBABILITIES),
        "",
        *(_effects(panel, target, horizons) if forecaster == "pool" else ()),
        "**Limits.**",
        "",
        _LIMITS,
        "",
    ]
    return "\n".join(lines)


def _effects(panel: Panel, target: str, horizons: list[int]) -> list[str]:
    """What facts of foreign forces and transitions add when an issue is made, at the longest horizon with a layer."""
    layers = {h: layer_at(panel.level, target, h, str(panel.months[-1])) for h in horizons}
    found = [(horizon, layer) for horizon, layer in layers.items() if layer is not None]
    if not found:
        return []
    horizon, layer = max(found, key=lambda each: each[0])
    if not effects_served(panel.level, target):
        return ["**Effects layer.** Refused: nothing that foreign forces and transitions add could be measured.", ""]
    width = float(norm.ppf((1 + INTERVAL) / 2)) * layer.error
    rows = (
        (
            name.removeprefix("effect_").replace("_", " "),
            f"{middle:+.3f}",
            f"{middle - half:+.3f} to {middle + half:+.3f}",
        )
        for name, middle, half in zip(layer.names, layer.coefficient, width, strict=True)
    )
    return [
        (
            "**Effects layer.** When an issue is made, facts of foreign forces and transitions are added where they "
            f"were coded, in {_unit(target, horizon)}, ridge {layer.ridge:,.0f}, clustered by country:"
        ),
        "",
        *table_lines(("fact", "coefficient", f"{INTERVAL:.0%} interval"), rows),
        "",
    ]


def _unit(target: str, horizon: int) -> str:
    return "logs of deaths of every month" if counts_deaths(target) else f"log-odds; at {horizon} months"


def deaths_card(learned: LearnedDeaths, held_back: HeldBackDeaths | None, forecaster: str, scores: pd.DataFrame) -> str:
    """Write the card of a forecaster of deaths, in Markdown.

    Parameters
    ----------
    scores
        Of all forecasters of the target, as `~faultline.pipelines.learn.deaths_held_back.deaths_stratum_scores` gives
        them; empty where nothing was held back.
    """
    panel = learned.panel
    asked = "How many " + TARGETS[learned.target].question.format(window="will there be in each month ahead")
    served = " It is registered and served." if forecaster == learned.name else ""
    scores = scores[scores["forecaster"] == forecaster] if len(scores) else scores
    columns = deaths_columns(learned, forecaster, held_back)
    lines = [
        f"# {learned.target}, {panel.level}: {forecaster}",
        "",
        (f"**Question.** {asked}? The answer is a distribution, of which samples are drawn.{served}"),
        "",
        (
            f"**Data.** {panel.shape[1]} units and {panel.shape[0]} months, {panel.months[0]} to {panel.months[-1]}; "
            f"{_told(columns, learned.features)}."
        ),
        "",
        *_facts(panel, columns, learned.features),
    ]
    if held_back is None:
        lines += ["**Scores.** There is too little history to hold months back and learn from the rest.", ""]
    else:
        first, last = scores["first_origin"].min(), scores["last_origin"].max()
        lines += [
            (
                f"**Scored on** origins from {first} to {last}, at the end of each quarter, after learning from what "
                f"was known by {held_back.learned_through} alone. CRPS, IGN and MIS: lower is better."
            ),
            "",
            *_table(scores, DISTRIBUTIONS),
            "",
        ]
    if forecaster == learned.name:
        lines += _effects(panel, learned.target, [COURSE])
    return "\n".join([*lines, "**Limits.**", "", _LIMITS, ""])


def _told(columns: tuple[str, ...], features: FeatureArrays) -> str:
    if not columns:
        return "the target's own past alone"
    return f"{len(columns)} features in the blocks {', '.join(blocks_behind(columns, features))}"


def _facts(panel: Panel, columns: tuple[str, ...], features: FeatureArrays) -> list[str]:
    """Say for how many units the facts that it reads are coded."""
    read = blocks_behind(columns, features)
    here, values = panel.observed[-1], panel.values  # noqa: PD011  # a dict of ours
    told = [
        f"{words} of {int((values[f'{block}_coded'][-1, here] > 0).sum())}"
        for block, words in (("deployments", "foreign forces"), ("transitions", "political transitions"))
        if block in read
    ]
    if not told:
        return []
    said = f"**Facts.** Coded at the end are the {' and the '.join(told)} of {int(here.sum())} units"
    return [f"{said}; of all others they are not coded, and those features are empty, which is not none.", ""]


def _table(scores: pd.DataFrame, kind: Kind) -> list[str]:
    rows = ((_cell(row[name]) for name in kind.columns) for _, row in scores.iterrows())
    return table_lines(kind.columns.values(), rows)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) > 1 else f"{value:.3f}"
    return str(value).replace("_", " ")
