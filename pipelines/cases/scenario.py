"""What if: change the facts of a country, rebuild what a forecaster is told, score again.

The answer is the model's association, not a causal effect: missions go where it is dangerous, and leave for reasons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.blocks.build import build_features
from ...features.errors import ConfigError, UnknownNameError
from ...features.panels.build import panel_of
from ...features.targets.build import TARGETS
from ...models.probabilities.kept_blocks import dropped_blocks
from ...models.rows.design import Inputs, label
from ..learn.train import train_fragmentation, train_level
from .changes import apply_changes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot
    from ...models.probabilities.risk import RiskModel
    from ..base.progress import Progress
    from ..base.settings import Settings
    from ..learn.train import Campaign
    from .changes import Changes

__all__ = ["compare", "scenario"]

#: Probability below which a score is said not to move.
_MOVED = 0.0005
#: Features that are named as having moved it.
_MOST_NAMED = 2


def scenario(
    settings: Settings,
    snapshot: Snapshot,
    progress: Progress,
    *,
    iso3: str,
    changes: Changes,
    origin: pd.Period | None = None,
    horizons: tuple[int, ...] = (3, 12),
    all_blocks: bool = False,
) -> pd.DataFrame:
    """Score a country as it is and under the changes, by the same models.

    Parameters
    ----------
    settings
        Seed and threads.
    snapshot, iso3, changes
        The facts as they are, the country, and what is stated of it.
    origin
        Month of which the country is scored; the last with country-months by default.
    all_blocks
        Learn from the blocks that the covariate gate refused too. They move the score then, but such models forecast
        no better than those without: the difference tells what went with such changes, and how little it helped.

    Returns
    -------
    One row a target and horizon: ``target``, ``horizon_months``, ``as_is``, ``low``, ``high``, ``scenario``,
    ``difference``, ``moved_by`` (the changed features that the score follows most, empty where it does not move),
    ``covariates`` (all that changed) and ``no_gain_from``: feature blocks that changed and that the covariate gate
    did not keep for the target, so that they cannot move its score, unless ``all_blocks``.

    Raises
    ------
    ConfigError
        If nothing is stated.
    UnknownNameError
        If a name is not known.
    CoverageError
        If the data do not reach the origin.
    """
    if not changes.ends and changes.transition is None:
        msg = "a scenario needs a change: give --end-deployment MISSION=YYYY-MM or --transition."
        raise ConfigError(msg)
    origin = origin or pd.Period(snapshot.country_month["month"].max(), "M")
    changed = apply_changes(snapshot, iso3, changes, origin=origin)
    as_is, what_if = (_panel(each, origin) for each in (snapshot, changed))
    rows: list[pd.DataFrame] = []
    for words, train in (("violence", _violence), ("fragmentation", train_fragmentation)):
        with progress.stage(f"Training ({words})"):
            campaign = train(
                as_is, horizons=horizons, seed=settings.seed, threads=settings.threads, all_blocks=all_blocks
            )
        rows.append(compare(campaign, what_if, iso3))
    return pd.concat(rows, ignore_index=True)


def _violence(panel: Panel, *, horizons: tuple[int, ...], seed: int, threads: int, all_blocks: bool) -> Campaign:
    return train_level(
        panel, horizons=horizons, targets=("violence_25",), seed=seed, threads=threads, all_blocks=all_blocks
    )


def _panel(snapshot: Snapshot, origin: pd.Period) -> Panel:
    return panel_of(snapshot, "country", as_of=origin, territory=True)


def compare(campaign: Campaign, what_if: Panel, iso3: str) -> pd.DataFrame:
    """Score a country in the campaign's own panel and in another, at their last month."""
    panel = campaign.panel
    changed = build_features(what_if, blocks=dict.fromkeys(campaign.features.block))
    unit = np.flatnonzero((panel.units["iso3"].to_numpy() == iso3) & panel.observed[-1])
    if not len(unit):
        raise UnknownNameError("country of the last month", iso3, set(panel.units["iso3"]))
    at = panel.shape[0] - 1
    rows: list[dict[str, object]] = []
    for name, model in campaign.models.items():
        target = TARGETS[name]
        if not target.covered(panel)[at, unit[0]]:
            continue
        for horizon, fitted in model.horizons.items():
            past = label(panel, target, horizon)
            told = [
                Inputs(
                    names=campaign.features.names,
                    x=features.values[at, unit],  # noqa: PD011  # an array of ours
                    climatology=past.climatology[at, unit],
                    persistence=past.persistence[at, unit],
                )
                for features in (campaign.features, changed)
            ]
            before, after = (fitted.forecast(inputs) for inputs in told)
            # what is not coded in either does not differ
            differs = ~np.isclose(told[0].x[0], told[1].x[0], rtol=0, atol=0, equal_nan=True)
            # SHAP gives features that did not change a share in what they interact with
            moved = np.where(differs, fitted.contributions(told[1])[0] - fitted.contributions(told[0])[0], 0.0)
            difference = float(after.probability[0] - before.probability[0])
            rows.append(
                {
                    "target": name,
                    "horizon_months": horizon,
                    "as_is": float(before.probability[0]),
                    "low": float(before.low[0]),
                    "high": float(before.high[0]),
                    "scenario": float(after.probability[0]),
                    "difference": difference,
                    "moved_by": _moved_by(moved, campaign) if abs(difference) >= _MOVED else "",
                    "covariates": _words(differs, campaign),
                    "no_gain_from": _no_gain_from(differs, campaign, model),
                }
            )
    return pd.DataFrame(rows)


def _moved_by(moved: NDArray[np.float64], campaign: Campaign) -> str:
    order = [int(i) for i in np.argsort(-np.abs(moved))[:_MOST_NAMED] if abs(moved[i]) > _MOVED]
    return "; ".join(f"{campaign.features.features[i].words} ({moved[i]:+.2f})" for i in order)


def _words(differs: NDArray[np.bool_], campaign: Campaign) -> str:
    return "; ".join(campaign.features.features[i].words for i in np.flatnonzero(differs))


def _no_gain_from(differs: NDArray[np.bool_], campaign: Campaign, model: RiskModel) -> str:
    """Blocks that the scenario changes and that the gate did not keep, or that the model does not learn from."""
    block = dict(zip(campaign.features.names, campaign.features.block, strict=True))
    changed = dict.fromkeys(block[campaign.features.names[i]] for i in np.flatnonzero(differs))
    helpful = {block[name] for name in model.features} - set(dropped_blocks(model.level, model.target))
    return ", ".join(name for name in changed if name not in helpful)
