"""What a campaign learned of a target, of either kind of forecast alike: what is logged, registered and crowned."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ...models.distributions.families import SAMPLE_FAMILIES
from ...models.distributions.pool import MEMBERS
from ...models.kinds import DISTRIBUTIONS, PROBABILITIES
from ...models.learners.calibration import fit_calibration
from ...models.probabilities.learning import clusters
from ...models.probabilities.risk import families_of, pool_of
from ..base.csv_files import csv_text
from ..learn.deaths_held_back import crps_rows
from ..learn.held_back import forecast_rows, issue_skill
from .model_card import columns_of, deaths_card, deaths_columns, model_card
from .records import HELD_BACK, POOL, SKILL, settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...models.distributions.model import DeathsModel
    from ...models.kinds import Kind
    from ...models.probabilities.risk import RiskModel
    from ..learn.deaths import LearnedDeaths
    from ..learn.deaths_held_back import HeldBackDeaths
    from ..learn.train import Campaign
    from .records import LearnedTarget

__all__ = ["deaths_learned", "probabilities_learned"]


def probabilities_learned(campaign: Campaign) -> tuple[LearnedTarget, ...]:
    """What a campaign learned, by target."""
    return tuple(_Probabilities(campaign, target) for target in campaign.models)


def deaths_learned(
    learned: Mapping[str, LearnedDeaths], held_back: Mapping[str, HeldBackDeaths]
) -> tuple[LearnedTarget, ...]:
    """What was learned of deaths, by target.

    Conflictology, which stands in where there is too little history, learns nothing and is left out.

    Parameters
    ----------
    held_back
        By target, as far as there is enough history.
    """
    return tuple(
        _Deaths(fitted, fitted.model, held_back.get(target))
        for target, fitted in learned.items()
        if fitted.model is not None
    )


def _held_back_file(rows: pd.DataFrame) -> dict[str, str | bytes]:
    content = io.BytesIO()
    rows.to_parquet(content, index=False, compression="zstd")
    return {HELD_BACK: content.getvalue()}


def _tables(tables: Mapping[str, pd.DataFrame]) -> dict[str, str | bytes]:
    return {file: csv_text(table) for file, table in tables.items()}


@dataclass(frozen=True)
class _Probabilities:
    campaign: Campaign
    target: str

    @property
    def kind(self) -> Kind:
        return PROBABILITIES

    @property
    def panel(self) -> Panel:
        return self.campaign.panel

    @property
    def features(self) -> FeatureArrays:
        return self.campaign.features

    @property
    def model(self) -> RiskModel:
        return self.campaign.models[self.target]

    @property
    def forecasters(self) -> tuple[str, ...]:
        return (*families_of(self.target, self.panel.level), POOL)

    @property
    def held_back(self) -> pd.DataFrame | None:
        return self._rows

    @cached_property
    def _rows(self) -> pd.DataFrame:
        return forecast_rows(self.campaign, self.target)

    def columns(self, forecaster: str) -> tuple[str, ...]:
        return columns_of(self.campaign, self.target, forecaster)

    def settings(self, forecaster: str) -> dict[str, Any]:
        families = families_of(self.target, self.panel.level)
        return {"members": ", ".join(pool_of(families))} if forecaster == POOL else settings_of(families[forecaster])

    def files(self, forecaster: str, scores: pd.DataFrame) -> dict[str, str | bytes]:
        files = {"model-card.md": model_card(self.campaign, self.target, forecaster, scores)}
        files |= _tables(self.model.tables(forecaster))
        if forecaster == POOL:
            files |= _held_back_file(self._rows) | {SKILL: csv_text(issue_skill(scores))}
        return files

    def alone(self, forecaster: str) -> RiskModel:
        horizons = {}
        for horizon, fitted in self.model.horizons.items():
            held_back = self.campaign.evaluations[self.target, horizon]
            y, cluster = held_back.design.y.astype(np.float64), clusters(held_back.design)
            own = fit_calibration(held_back.probabilities[forecaster], y, cluster)
            horizons[horizon] = fitted.alone(forecaster, own)
        return replace(self.model, horizons=horizons)


@dataclass(frozen=True)
class _Deaths:
    fitted: LearnedDeaths
    model: DeathsModel
    known: HeldBackDeaths | None

    @property
    def kind(self) -> Kind:
        return DISTRIBUTIONS

    @property
    def target(self) -> str:
        return self.fitted.target

    @property
    def panel(self) -> Panel:
        return self.fitted.panel

    @property
    def features(self) -> FeatureArrays:
        return self.fitted.features

    @property
    def forecasters(self) -> tuple[str, ...]:
        return tuple(self.known.forecasters) if self.known else (POOL,)

    @property
    def held_back(self) -> pd.DataFrame | None:
        return self.known.rows if self.known else None

    def columns(self, forecaster: str) -> tuple[str, ...]:
        return deaths_columns(self.fitted, forecaster, self.known)

    def settings(self, forecaster: str) -> dict[str, Any]:
        told = {"held_back_learned_through": self.known.learned_through} if self.known else {}
        own = {"members": ", ".join(MEMBERS)} if forecaster == POOL else settings_of(SAMPLE_FAMILIES[forecaster])
        return {**told, **own}

    def files(self, forecaster: str, scores: pd.DataFrame) -> dict[str, str | bytes]:
        files: dict[str, str | bytes] = {"model-card.md": deaths_card(self.fitted, self.known, forecaster, scores)}
        # as it is served, or else as it was held back
        served = {self.fitted.name: self.fitted.forecaster, **self.fitted.forecaster.makeup.members}
        latest = served.get(forecaster) or (self.known.forecasters[forecaster] if self.known else None)
        files |= _tables(latest.makeup.tables()) if latest else {}
        return files | (_held_back_file(crps_rows(self.known)) if self.known and forecaster == POOL else {})

    def alone(self, forecaster: str) -> DeathsModel:
        """The pool with all weight on a member, or a family of its own."""
        members, pool = self.fitted.forecaster.makeup.alone, self.fitted.forecaster
        if forecaster in members:
            return replace(self.model, forecaster=members[forecaster])
        own = SAMPLE_FAMILIES[forecaster].fit(
            self.panel,
            self.features,
            outcome=pool.outcome,
            last=self.panel.shape[0] - 1,
            horizons=pool.horizons,
            seed=self.fitted.seed,
        )
        return replace(self.model, forecaster=own, family=forecaster)
