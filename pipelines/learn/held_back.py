"""Scores of a campaign by stratum: for whom each forecaster is any good."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...models.kinds import PROBABILITIES
from ...models.probabilities.learning import Evaluation, score_table
from ...models.scores.strata import hard_onset

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .train import Campaign

__all__ = ["forecast_rows", "issue_skill", "stratum_scores"]


def stratum_scores(campaign: Campaign) -> pd.DataFrame:
    """Score every forecaster on its held-back origins, by target, horizon and stratum.

    Returns
    -------
    One row a target, horizon, stratum and forecaster: the scores of `binary_scores` and the
    Brier skill against persistence and climatology. Strata are ``all``, ``at_risk`` (where that is not all),
    ``hard_onset`` (12 quiet months before), ``active`` (the other ones) and ``sahel``, as far as they have 50 rows.
    """
    onset = hard_onset(campaign.panel)
    iso3 = campaign.panel.units["iso3"].to_numpy(object)
    rows: list[dict[str, Any]] = []
    for (target, horizon), evaluation in campaign.evaluations.items():
        design = evaluation.design
        told = {"country": iso3[design.unit], "hard_onset": onset[design.month, design.unit], "at_risk": design.at_risk}
        for stratum, inside in PROBABILITIES.held_back_strata(told):
            scored = score_table(evaluation if inside.all() else _only(evaluation, inside))
            months = campaign.panel.months[design.month]
            where = {
                "level": campaign.panel.level,
                "target": target,
                "horizon_months": horizon,
                "first_origin": str(months.min()),
                "last_origin": str(months.max()),
                "stratum": stratum,
            }
            rows += [{**where, **scores} for scores in scored]
    return pd.DataFrame(rows)


def issue_skill(scores: pd.DataFrame) -> pd.DataFrame:
    """Scores of everyone and of those at risk, as an issue's ``skill.csv`` has them."""
    wide = scores[scores["stratum"].isin(["all", "at_risk"])].reset_index(drop=True)
    return wide.assign(stratum=wide["stratum"].str.replace("_", " "))


def _only(evaluation: Evaluation, inside: NDArray[np.bool_]) -> Evaluation:
    design = evaluation.design
    chosen = replace(design, y=design.y[inside], at_risk=design.at_risk[inside])
    return Evaluation(chosen, {name: p[inside] for name, p in evaluation.probabilities.items()})


def forecast_rows(campaign: Campaign, target: str) -> pd.DataFrame:
    """Lay out what every forecaster said of the held-back origins of a target, and what came.

    Returns
    -------
    One row a horizon, origin and unit: ``horizon_months``, ``origin`` (``YYYY-MM``), ``unit``, ``country`` (ISO3),
    ``at_risk``, ``y`` and a column of probabilities a forecaster, ``pool`` being the pool before calibration.
    """
    panel = campaign.panel
    ids, iso3 = panel.units.index.to_numpy(object), panel.units["iso3"].to_numpy(object)
    months = panel.months.astype(str).to_numpy(object)
    parts = [
        pd.DataFrame(
            {
                "horizon_months": np.full(len(evaluation.design), horizon, np.int32),
                "origin": pd.Categorical(months[evaluation.design.month]),
                "unit": pd.Categorical(ids[evaluation.design.unit]),
                "country": pd.Categorical(iso3[evaluation.design.unit]),
                "at_risk": evaluation.design.at_risk,
                "y": evaluation.design.y.astype(np.float32),
                **evaluation.probabilities,
            }
        )
        for (name, horizon), evaluation in campaign.evaluations.items()
        if name == target
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.astype(dict.fromkeys(("origin", "unit", "country"), "str"))
