"""What is written down of a campaign: a record for each forecaster of each target, and one for the campaign itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass, is_dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from ..base.csv_files import csv_text
from ..learn.served import blocks_behind
from .run_plots import plots_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ...features.blocks.build import FeatureArrays
    from ...features.panels.panel import Panel
    from ...models.distributions.model import DeathsModel
    from ...models.kinds import Kind
    from ...models.probabilities.risk import RiskModel

__all__ = [
    "HELD_BACK",
    "POOL",
    "SKILL",
    "LearnedTarget",
    "RunRecord",
    "by_horizon",
    "campaign_record",
    "forecaster_record",
    "forecaster_records",
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


class LearnedTarget(Protocol):
    """What a campaign learned of a target, whatever its kind of forecast."""

    @property
    def kind(self) -> Kind:
        """Its kind."""
        ...

    @property
    def target(self) -> str:
        """Its name."""
        ...

    @property
    def panel(self) -> Panel:
        """What it was learned from."""
        ...

    @property
    def features(self) -> FeatureArrays:
        """What could be read."""
        ...

    @property
    def model(self) -> RiskModel | DeathsModel:
        """The pool as it is registered."""
        ...

    @property
    def forecasters(self) -> tuple[str, ...]:
        """All that were compared, the pool last."""
        ...

    @property
    def held_back(self) -> pd.DataFrame | None:
        """Rows of held-back origins: each with what every forecaster said, or of deaths one a forecaster; or none."""
        ...

    def columns(self, forecaster: str) -> tuple[str, ...]:
        """Features that it reads."""
        ...

    def settings(self, forecaster: str) -> dict[str, Any]:
        """Its settings, as parameters of its run."""
        ...

    def files(self, forecaster: str, scores: pd.DataFrame) -> dict[str, str | bytes]:
        """Card, tables and held-back rows by path, of the scores of the target's forecasters."""
        ...

    def alone(self, forecaster: str) -> RiskModel | DeathsModel:
        """One forecaster in the pool's place, to be served."""
        ...


def campaign_record(learned: Sequence[LearnedTarget], scores: pd.DataFrame, parameters: Mapping[str, Any]) -> RunRecord:
    """Record a campaign: the pool's headline scores of each target, and the table of all scores.

    Parameters
    ----------
    learned
        Of one kind and level.
    scores
        Of its forecasters, by target, horizon and stratum; empty where nothing was held back.
    """
    first = learned[0]
    told = tuple(column for each in learned for column in each.columns(POOL))
    blocks = blocks_behind(told, first.features)
    pool = scores[(scores["forecaster"] == POOL) & (scores["stratum"] == _EVERYWHERE)] if len(scores) else scores
    metrics = tuple(
        metric
        for _, row in pool.iterrows()
        for name in first.kind.headlines
        if np.isfinite(row[name])
        for metric in by_horizon(f"{row['target']}/", name, float(row[name]), int(row["horizon_months"]))
    )
    return RunRecord(
        name=f"campaign {first.panel.months[-1]}",
        parameters={
            **parameters,
            "targets": ", ".join(each.target for each in learned),
            **size_of(first.panel),
            "feature_count": sum(block in blocks for block in first.features.block),
            "blocks": ", ".join(blocks),
        },
        tags={"faultline.kind": "campaign"},
        metrics=metrics,
        files={"scores.csv": csv_text(scores)} if len(scores) else {},
        blocks=blocks,
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


def forecaster_records(
    learned: Iterable[LearnedTarget], scores: pd.DataFrame, parameters: Mapping[str, Any]
) -> Iterator[tuple[tuple[str, str], RunRecord]]:
    """Record every forecaster of every target, the pool last; of deaths the pool alone where nothing was held back.

    Parameters
    ----------
    scores
        As `~faultline.pipelines.learn.held_back.stratum_scores` gives them, or of deaths
        `~faultline.pipelines.learn.deaths_held_back.deaths_stratum_scores`; empty where nothing was held back.
    parameters
        Of the campaign.

    Yields
    ------
    Target and forecaster, and the record.
    """
    for each in learned:
        of_target = scores[scores["target"] == each.target] if len(scores) else scores
        for name in each.forecasters:
            # of all features a forecaster is told its own, a baseline none
            columns = each.columns(name)
            blocks = blocks_behind(columns, each.features)
            own = of_target[of_target["forecaster"] == name] if len(of_target) else of_target
            files = each.files(name, of_target)
            rows = each.held_back
            if rows is not None:
                some = rows[rows["forecaster"] == name] if each.kind.scored else rows
                files |= {"scores.csv": csv_text(own)}
                files |= plots_of(each.kind, some, name, title=f"{each.target}, {name}")
            size = size_of(each.panel) | {"feature_count": len(columns), "blocks": ", ".join(blocks)}
            yield forecaster_record(
                each.target,
                name,
                parameters={**parameters, **size, **each.settings(name)},
                metrics=stepped(own),
                files=files,
                blocks=blocks,
            )


def size_of(panel: Panel) -> dict[str, Any]:
    """How much was learned from, as parameters of a run."""
    return {"data_through": str(panel.months[-1]), "units": panel.shape[1], "months": panel.shape[0]}


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
