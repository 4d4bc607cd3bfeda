"""What is written down of a campaign's forecasts of deaths: a record for each forecaster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ...models.distributions.families import SAMPLE_FAMILIES
from ...models.distributions.pool import MEMBERS
from ..base.csv_files import csv_text
from ..learn.deaths_held_back import THRESHOLDS, crps_rows
from ..learn.served import deaths_blocks
from .model_card import deaths_card
from .records import POOL, forecaster_record, held_back_file, settings_of, size_of, stepped
from .run_plots import pit_plot, probability_plot, values_by_horizon

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...models.distributions.distribution import SampleForecaster
    from ..learn.deaths import LearnedDeaths
    from ..learn.deaths_held_back import HeldBackDeaths
    from .records import RunRecord

__all__ = ["deaths_records"]


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
            blocks = deaths_blocks(fitted, name, known)
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
                files |= held_back_file(crps_rows(known))
            settings = {"members": ", ".join(MEMBERS)} if name == POOL else settings_of(SAMPLE_FAMILIES[name])
            size = size_of(fitted.panel, fitted.features.of_blocks(blocks))
            yield forecaster_record(
                target,
                name,
                parameters={**parameters, **size, **told, **settings},
                metrics=stepped(own),
                files=files,
                blocks=blocks,
            )


def _latest(learned: LearnedDeaths, held_back: HeldBackDeaths | None, name: str) -> SampleForecaster | None:
    """The forecaster as it is served, or else as it was held back."""
    served = {learned.name: learned.forecaster, **learned.forecaster.makeup.members}
    return served.get(name) or (held_back.forecasters[name] if held_back else None)


def _plots(held_back: HeldBackDeaths, name: str, title: str) -> dict[str, str]:
    rows = held_back.rows[held_back.rows["forecaster"] == name]
    plots = {"plots/pit.svg": pit_plot(title, values_by_horizon(rows, "pit"))}
    for least in THRESHOLDS:
        happened = values_by_horizon(rows.assign(happened=rows["y"] >= least), "happened")
        said = values_by_horizon(rows, f"p_{least}")
        plots[f"plots/reliability-and-precision-recall-{least}.svg"] = probability_plot(
            f"{title}: at least {least} in the month", {horizon: (happened[horizon], said[horizon]) for horizon in said}
        )
    return plots
