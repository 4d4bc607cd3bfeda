"""What MLflow is told of a target's effects layer: coefficients as a table, what it costs or gains, and the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
from scipy.stats import norm

from ...features.targets.build import counts_deaths
from ...models.learners.effects import INTERVAL
from ...models.learners.kept_effects import effects_served, layers_by, verdict_of
from ..backtest.effects import DECIDED_ON, REPORTED_FROM
from ..base.csv_files import csv_text
from .records import POOL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .records import RunRecord

__all__ = ["EFFECTS_FILE_OF_RUN", "effects_tags", "with_effects"]

#: File of the pool's run with the coefficients of its effects layers.
EFFECTS_FILE_OF_RUN = "effects-layer.csv"
_ERAS = ("decided", "later")


def with_effects(
    records: Iterable[tuple[tuple[str, str], RunRecord]], level: str, through: str
) -> Iterator[tuple[tuple[str, str], RunRecord]]:
    """Add to the record of each target's pool what its effects layer is, if one had been learned by a month.

    Metrics are named ``effects/brier_change_decided``, or of deaths ``crps``: the relative change on rows in which
    facts were coded, with the ends of its 90 % interval, in the years that decide and in those since.

    Parameters
    ----------
    records
        By target and forecaster.
    through
        The month, ``YYYY-MM``.
    """
    for (target, forecaster), record in records:
        table = coefficients(level, target, through) if forecaster == POOL else pd.DataFrame()
        yield (target, forecaster), record if table.empty else _told(record, level, target, through, table)


def _told(record: RunRecord, level: str, target: str, through: str, table: pd.DataFrame) -> RunRecord:
    score = "crps" if counts_deaths(target) else "brier"
    metrics = [
        (f"effects/{score}_{name}_{era}", float(told[name]), 0)
        for era, told in _coded(level, target).items()
        for name in ("change", "low", "high")
        if told[name] is not None
    ]
    return replace(
        record,
        tags={**record.tags, **effects_tags(level, target, through)},
        metrics=(*record.metrics, *metrics),
        files={**record.files, EFFECTS_FILE_OF_RUN: csv_text(table)},
    )


def effects_tags(level: str, target: str, through: str) -> dict[str, str]:
    """Whether the layer of a target is served, and what it did; empty where none had been learned by then."""
    if not layers_by(level, target, through):
        return {}
    score = "CRPS" if counts_deaths(target) else "Brier"
    years = {"decided": f"{DECIDED_ON[level]}-{REPORTED_FROM - 1}", "later": f"{REPORTED_FROM} on"}
    said = {
        f"faultline.effects.{era}": f"{years[era]}: {_per_cent(each['change'])} % of {score}, "
        f"{_per_cent(each['low'])} to {_per_cent(each['high'])}"
        for era, each in _coded(level, target).items()
        if each["low"] is not None
    }
    return {"faultline.effects": "served" if effects_served(level, target) else "refused", **said}


def coefficients(level: str, target: str, through: str) -> pd.DataFrame:
    """Coefficients of the layers that an origin could have known, a row a horizon and fact, with 90 % intervals."""
    width = float(norm.ppf((1 + INTERVAL) / 2))
    parts = [
        pd.DataFrame(
            {
                "horizon_months": horizon,
                "fact": layer.names,
                "coefficient": layer.coefficient,
                "low": layer.coefficient - width * layer.error,
                "high": layer.coefficient + width * layer.error,
                "ridge": layer.ridge,
            }
        )
        for horizon, layer in layers_by(level, target, through).items()
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _coded(level: str, target: str) -> dict[str, dict[str, Any]]:
    verdict = verdict_of(level, target)
    scores = () if verdict is None else verdict.get("scores", ())
    return {each["era"]: each for each in scores if each["era"] in _ERAS and each["rows_of"] == "coded"}


def _per_cent(part: float) -> str:
    return f"{100 * part:+.2f}"
