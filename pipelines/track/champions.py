"""The champions of a store or a bundle: the models that score, with the skill that each was measured to have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ...features.errors import CoverageError
from ...models.kinds import PROBABILITIES, kind_of
from . import registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...models.distributions.model import DeathsModel
    from ...models.probabilities.risk import RiskModel
    from ..learn.train import ModelVersion
    from .store import Store

__all__ = ["Champions", "champions_of"]

#: Columns of an issue's skill table without which it cannot be shown.
_SKILL = ("level", "target", "horizon_months", "stratum", "forecaster", "brier")


@dataclass(frozen=True)
class Champions:
    """Champions by name.

    Attributes
    ----------
    models, versions
        The fitted models, and as what they are registered.
    skill
        Scores of every forecaster of their targets on held-back origins.
    without
        Registered models that have no champion.
    """

    models: Mapping[str, RiskModel | DeathsModel]
    versions: Mapping[str, ModelVersion]
    skill: pd.DataFrame
    without: tuple[str, ...] = ()


def champions_of(store: Store) -> Champions:
    """Load every champion of a store.

    Raises
    ------
    CoverageError
        If nothing has a champion.
    SourceError
        If a champion's files are missing.
    """
    found = {name: registry.champion(store, name) for name in registry.model_names(store)}
    versions = {name: version for name, version in found.items() if version is not None}
    if not versions:
        msg = f"no model in {store.uri} has the alias {registry.CHAMPION!r}."
        raise CoverageError(msg, remedy="Train with `faultline run`, then choose champions with `faultline promote`.")
    models = {name: registry.load_model(store, version) for name, version in versions.items()}
    # models of deaths are scored elsewhere
    skill = [registry.skill_of(store, versions[name]) for name in models if kind_of(models[name]) is PROBABILITIES]
    return Champions(
        models=models,
        versions=versions,
        skill=pd.concat(skill, ignore_index=True) if skill else pd.DataFrame(columns=list(_SKILL)),
        without=tuple(name for name, version in found.items() if version is None),
    )
