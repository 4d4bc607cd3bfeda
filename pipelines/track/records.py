"""What is written down of a campaign: a record for each forecaster of each target, and one for the campaign itself."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...models.probabilities.boosting import Boosting
from ...models.probabilities.hazard import Hazard
from ...models.probabilities.logit import Logit
from ...models.probabilities.risk import families_of, pool_of
from ..base.csv_files import csv_text
from ..learn.held_back import forecast_rows, issue_skill
from .model_card import blocks_of, columns_of, model_card
from .run_plots import probability_plot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...models.kinds import Kind
    from ..learn.train import Campaign

__all__ = [
    "HELD_BACK",
    "POOL",
    "SKILL",
    "RunRecord",
    "by_horizon",
    "campaign_record",
    "forecaster_record",
    "forecaster_records",
    "held_back_file",
    "settings_of",
    "size_of",
    "stepped",
]

#: The forecaster that is registered and served.
POOL = "pool"
#: File of the pool's run with what every forecaster said of the held-back origins.
HELD_BACK = "held-back.parquet"
#: File of the pool's run with the scores of every forecaster of the target.
SKILL = "skill.csv"
#: Stratum of all units.
_EVERYWHERE = "all"


@dataclass(frozen=True)
class RunRecord:
    """One run.

    Attributes
    ----------
    name
        What the UI shows.
    parameters, tags
        By name.
    metrics
        Name, value and step, the step being the horizon in months, or 0 where the name tells it.
    files
        Content by path.
    blocks
        Feature blocks that it was told; None where that is not known, which names every table as its data.
    """

    name: str
    parameters: Mapping[str, Any]
    tags: Mapping[str, str]
    metrics: tuple[tuple[str, float, int], ...]
    files: Mapping[str, str | bytes]
    blocks: tuple[str, ...] | None = None


def campaign_record(
    kind: Kind,
    panel: Panel,
    features: FeatureArrays,
    *,
    targets: Iterable[str],
    scores: pd.DataFrame,
    parameters: Mapping[str, Any],
) -> RunRecord:
    """Record a campaign: the pool's headline scores of each target, and the table of all scores.

    Parameters
    ----------
    features
        Those that its forecasters read.
    scores
        Of its forecasters, by target, horizon and stratum; empty where nothing was held back.
    """
    pool = scores[(scores["forecaster"] == POOL) & (scores["stratum"] == _EVERYWHERE)] if len(scores) else scores
    metrics = tuple(
        metric
        for _, row in pool.iterrows()
        for name in kind.headlines
        if np.isfinite(row[name])
        for metric in by_horizon(f"{row['target']}/", name, float(row[name]), int(row["horizon_months"]))
    )
    return RunRecord(
        name=f"campaign {panel.months[-1]}",
        parameters={**parameters, "targets": ", ".join(targets), **size_of(panel, features)},
        tags={"faultline.kind": "campaign"},
        metrics=metrics,
        files={"scores.csv": csv_text(scores)} if len(scores) else {},
        blocks=tuple(dict.fromkeys(features.block)),
    )


def forecaster_record(
    target: str,
    forecaster: str,
    *,
    parameters: Mapping[str, Any],
    metrics: Iterable[tuple[str, float, int]],
    files: Mapping[str, str | bytes],
    blocks: tuple[str, ...] | None = None,
) -> tuple[tuple[str, str], RunRecord]:
    """Record a forecaster of a target, in a campaign or a backtest: its key, and the record."""
    record = RunRecord(
        name=f"{target}: {forecaster}",
        parameters={**parameters, "target": target, "forecaster": forecaster},
        tags={"faultline.kind": "forecaster", "faultline.target": target, "faultline.forecaster": forecaster},
        metrics=tuple(metrics),
        files=files,
        blocks=blocks,
    )
    return (target, forecaster), record


def held_back_file(rows: pd.DataFrame) -> dict[str, str | bytes]:
    """The file of the pool's run with what was said of held-back origins."""
    content = io.BytesIO()
    rows.to_parquet(content, index=False, compression="zstd")
    return {HELD_BACK: content.getvalue()}


def forecaster_records(
    campaign: Campaign, scores: pd.DataFrame, parameters: Mapping[str, Any]
) -> Iterator[tuple[tuple[str, str], RunRecord]]:
    """Record every forecaster of every target, the pool last.

    Parameters
    ----------
    scores
        As `~faultline.pipelines.learn.held_back.stratum_scores` gives them.
    parameters
        Of the campaign.

    Yields
    ------
    Target and forecaster, and the record.
    """
    for target, model in campaign.models.items():
        families = families_of(target, campaign.panel.level)
        of_target = scores[scores["target"] == target]
        for name in (*families, POOL):
            # of all features a forecaster is told its own, a baseline none
            blocks = blocks_of(campaign, target, name)
            told = {"feature_count": len(columns_of(campaign, target, name)), "blocks": ", ".join(blocks)}
            own = of_target[of_target["forecaster"] == name]
            settings: dict[str, Any] = (
                {"members": ", ".join(pool_of(families))} if name == POOL else settings_of(families[name])
            )
            forecasts = {
                horizon: (evaluation.design.y, evaluation.probabilities[name])
                for (of, horizon), evaluation in campaign.evaluations.items()
                if of == target
            }
            files: dict[str, str | bytes] = {
                "scores.csv": csv_text(own),
                "plots/reliability-and-precision-recall.svg": probability_plot(f"{target}, {name}", forecasts),
                "model-card.md": model_card(campaign, target, name, of_target),
                **_learned(model.horizons, name),
            }
            if name == POOL:
                files |= held_back_file(forecast_rows(campaign, target))
                files[SKILL] = csv_text(issue_skill(of_target))
            yield forecaster_record(
                target,
                name,
                parameters={**parameters, **size_of(campaign.panel, campaign.features), **told, **settings},
                metrics=stepped(own),
                files=files,
                blocks=blocks,
            )


def size_of(panel: Panel, features: FeatureArrays) -> dict[str, Any]:
    """How much was learned from, as parameters of a run."""
    return {
        "data_through": str(panel.months[-1]),
        "units": panel.shape[1],
        "months": panel.shape[0],
        "feature_count": len(features.names),
        "blocks": ", ".join(dict.fromkeys(features.block)),
    }


def settings_of(family: object) -> dict[str, Any]:
    """Settings of a family that has any, those of its parts by names such as ``size.rounds``."""
    fields: dict[str, Any] = asdict(family) if is_dataclass(family) and not isinstance(family, type) else {}
    told: dict[str, Any] = {}
    for key, value in fields.items():
        if isinstance(value, dict):
            told |= {f"{key}.{part}": setting for part, setting in value.items()}
        elif key != "name":
            told[key] = ", ".join(map(str, value)) if isinstance(value, tuple) else value
    return told


def by_horizon(
    prefix: str, score: str, value: float, horizon: int, *, named: str | None = None
) -> Iterator[tuple[str, float, int]]:
    """Give a score of a horizon twice: as a step of one metric, and as a metric of its own such as ``brier_h03``.

    The charts of the UI draw the steps. Its table of runs, its search and its comparison know of a metric the last step
    alone, so that only a name of its own shows a horizon there.

    Parameters
    ----------
    prefix
        Of the stepped metric, with its slash.
    horizon
        Months ahead.
    named
        Prefix of the metric of its own, if it is another.
    """
    yield f"{prefix}{score}", value, horizon
    yield f"{prefix if named is None else named}{score}_h{horizon:02}", value, 0


def stepped(rows: pd.DataFrame) -> Iterator[tuple[str, float, int]]:
    """Name metrics ``stratum/score``: the UI makes a section of its charts of each stratum.

    Those of all units stand by name for each horizon too, without the stratum: ``brier_h03``.
    """
    numeric = [name for name in rows.columns if pd.api.types.is_float_dtype(rows[name])]
    for _, row in rows.iterrows():
        stratum, horizon = row["stratum"], int(row["horizon_months"])
        for name in numeric:
            if not np.isfinite(row[name]):
                continue
            value = float(row[name])
            if stratum == _EVERYWHERE:
                yield from by_horizon(f"{stratum}/", name, value, horizon, named="")
            else:
                yield f"{stratum}/{name}", value, horizon


def _learned(horizons: Mapping[int, Any], name: str) -> dict[str, str]:
    """Tables of what a forecaster learned: coefficients, feature importance, or the pool's calibration."""
    parts: list[pd.DataFrame] = []
    file = "coefficients.csv"
    for horizon, fitted in horizons.items():
        if name == POOL:
            file = "calibration.csv"
            table = pd.DataFrame({"intercept": [fitted.calibration.intercept], "slope": [fitted.calibration.slope]})
        else:
            member = fitted.members[name]
            if isinstance(member, Logit):
                table = pd.DataFrame(
                    {
                        "term": ["constant", *member.terms],
                        "coefficient": [member.constant, *member.coefficient],
                        "standard_error": [np.nan, *member.standard_error],
                    }
                )
            elif isinstance(member, Hazard):
                table = member.coefficients()
            elif isinstance(member, Boosting):
                file = "feature-importance.csv"
                gain = member.booster.feature_importance("gain")
                table = pd.DataFrame({"feature": member.booster.feature_name(), "gain": gain})
                table = table.sort_values("gain", ascending=False, kind="stable")
            else:
                return {}  # a baseline learns nothing
        parts.append(table.assign(horizon_months=horizon))
    return {file: csv_text(pd.concat(parts, ignore_index=True))}
