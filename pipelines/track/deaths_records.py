"""What is written down of a campaign's forecasts of deaths: a record for each forecaster, and one for all of them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...models.distributions.families import SAMPLE_FAMILIES
from ...models.distributions.pool import MEMBERS
from ..base.csv_files import csv_text
from ..learn.deaths_held_back import THRESHOLDS, crps_rows
from ..learn.served import deaths_blocks
from .model_card import deaths_card
from .records import HELD_BACK, POOL, RunRecord, by_horizon, settings_of, size_of, stepped
from .run_plots import pit_plot, probability_plot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from ...models.distributions.distribution import SampleForecaster
    from ..learn.deaths import LearnedDeaths
    from ..learn.deaths_held_back import HeldBackDeaths

__all__ = ["deaths_campaign_record", "deaths_records"]

#: Scores of the campaign's own run; its forecasters have them all.
_HEADLINES = ("crps", "crps_skill_conflictology", "ign", "covered_90")


def deaths_campaign_record(
    learned: Mapping[str, LearnedDeaths], scores: pd.DataFrame, parameters: Mapping[str, Any]
) -> RunRecord:
    """Record a campaign: the pool's headline scores of each target, and the table of all scores.

    Parameters
    ----------
    scores
        As `~faultline.pipelines.learn.deaths_held_back.deaths_stratum_scores` gives them; it may be empty.
    """
    any_target = next(iter(learned.values()))
    metrics: list[tuple[str, float, int]] = []
    if len(scores):
        pool = scores[(scores["forecaster"] == POOL) & (scores["stratum"] == "all")]
        metrics = [
            metric
            for _, row in pool.iterrows()
            for name in _HEADLINES
            if np.isfinite(row[name])
            for metric in by_horizon(f"{row['target']}/", name, float(row[name]), int(row["horizon_months"]))
        ]
    return RunRecord(
        name=f"campaign {any_target.panel.months[-1]}",
        parameters={**parameters, "targets": ", ".join(learned), **size_of(any_target.panel, any_target.features)},
        tags={"faultline.kind": "campaign"},
        metrics=tuple(metrics),
        files={"scores.csv": csv_text(scores)} if len(scores) else {},
        blocks=tuple(dict.fromkeys(any_target.features.block)),
    )


def deaths_records(
    learned: Mapping[str, LearnedDeaths],
    held_back: Mapping[str, HeldBackDeaths],
    scores: pd.DataFrame,
    parameters: Mapping[str, Any],
) -> Iterator[tuple[tuple[str, str], RunRecord]]:
    """Record every forecaster of every target, the pool last; the pool alone where nothing was held back.

    Parameters
    ----------
    scores
        As `~faultline.pipelines.learn.deaths_held_back.deaths_stratum_scores` gives them; it may be empty.
    parameters
        Of the campaign.

    Yields
    ------
    Target and forecaster, and the record.
    """
    for target, fitted in learned.items():
        known = held_back.get(target)
        for name in known.forecasters if known else (POOL,):
            blocks = deaths_blocks(fitted, name)
            own = scores[(scores["target"] == target) & (scores["forecaster"] == name)] if known else pd.DataFrame()
            files: dict[str, str | bytes] = {"model-card.md": deaths_card(fitted, known, name, own)}
            told: dict[str, Any] = {}
            if known:
                told = {"held_back_learned_through": known.learned_through}
                files |= {"scores.csv": csv_text(own), **_plots(known, name, f"{target}, {name}")}
            latest = _latest(fitted, known, name)
            if latest is not None:
                files |= {file: csv_text(table) for file, table in latest.makeup.tables().items()}
            if known and name == POOL:
                content = io.BytesIO()
                crps_rows(known).to_parquet(content, index=False, compression="zstd")
                files[HELD_BACK] = content.getvalue()
            settings = {"members": ", ".join(MEMBERS)} if name == POOL else settings_of(SAMPLE_FAMILIES[name])
            record = RunRecord(
                name=f"{target}: {name}",
                parameters={
                    **parameters,
                    **size_of(fitted.panel, fitted.features.of_blocks(blocks)),
                    "target": target,
                    "forecaster": name,
                    **told,
                    **settings,
                },
                tags={"faultline.kind": "forecaster", "faultline.target": target, "faultline.forecaster": name},
                metrics=tuple(stepped(own)),
                files=files,
                blocks=blocks,
            )
            yield (target, name), record


def _latest(learned: LearnedDeaths, held_back: HeldBackDeaths | None, name: str) -> SampleForecaster | None:
    """The forecaster as it is served, or else as it was held back."""
    served = {learned.name: learned.forecaster, **learned.forecaster.makeup.members}
    return served.get(name) or (held_back.forecasters[name] if held_back else None)


def _plots(held_back: HeldBackDeaths, name: str, title: str) -> dict[str, str]:
    rows = held_back.rows[held_back.rows["forecaster"] == name]
    plots = {"plots/pit.svg": pit_plot(title, _by_horizon(rows, "pit"))}
    for least in THRESHOLDS:
        happened = _by_horizon(rows.assign(happened=rows["y"] >= least), "happened")
        said = _by_horizon(rows, f"p_{least}")
        plots[f"plots/reliability-and-precision-recall-{least}.svg"] = probability_plot(
            f"{title}: at least {least} in the month", {horizon: (happened[horizon], said[horizon]) for horizon in said}
        )
    return plots


def _by_horizon(rows: pd.DataFrame, column: str) -> dict[int, NDArray[np.float64]]:
    return {int(str(h)): some[column].to_numpy(np.float64) for h, some in rows.groupby("horizon_months")}
