"""Panel files: rows that a registered model can be asked about, by `mlflow models predict`, `serve` or a Dask map."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from ...features.blocks.build import BLOCKS, FRAGMENTATION_BLOCKS, build_features
from ...features.errors import ConfigError
from ...features.targets.build import TARGETS
from ...models.serving.served_model import served_as
from ..base.csv_files import csv_text
from ..base.whole import write_parquet, write_text
from ..issue.score import last_months, scored_units

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from ...models.distributions.model import DeathsModel
    from ...models.probabilities.risk import RiskModel

__all__ = ["FORMATS", "panel_rows", "write_panel"]

#: Endings of files that can be written; JSON is what `mlflow models serve` takes.
FORMATS = (".csv", ".parquet", ".json")


def panel_rows(
    model: RiskModel | DeathsModel, panel: Panel, *, origin: pd.Period, since: pd.Period | None = None
) -> pd.DataFrame:
    """Lay out what a model is told of the units of a panel.

    Parameters
    ----------
    panel
        Of the model's level, as known at the origin.
    origin
        Each unit is asked about at its own last month of data up to here.
    since
        Ask about every observed month from here to the origin as well.

    Returns
    -------
    One row a month and unit, with the columns of the model's signature.

    Raises
    ------
    ConfigError
        If ``since`` is after the origin.
    """
    target = TARGETS[model.target]
    features = build_features(panel, blocks=(*BLOCKS, *FRAGMENTATION_BLOCKS) if target.rare else None)
    month, unit = _rows(panel, origin, since, last=last_months(panel, target))
    return served_as(model).frame(model, panel, features, month=month, unit=unit)


def _rows(
    panel: Panel, origin: pd.Period, since: pd.Period | None, *, last: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if since is None:
        unit = scored_units(panel, origin, last=last)
        return last[unit], unit
    if since > origin:
        msg = f"--since {since} is after the origin {origin}."
        raise ConfigError(msg)
    wanted = panel.observed.copy()
    wanted[: panel.position(since)] = False
    month, unit = np.nonzero(wanted)
    return month.astype(np.int64), unit.astype(np.int64)


def write_panel(rows: pd.DataFrame, file: Path) -> None:
    """Write a panel file in the format of its ending, whole or not at all.

    Raises
    ------
    ConfigError
        If the ending is none of `FORMATS`.
    """
    if file.suffix not in FORMATS:
        msg = f"{file.name}: a panel file ends in {', '.join(FORMATS)}."
        raise ConfigError(msg)
    if file.suffix == ".parquet":
        write_parquet(rows, file)
    elif file.suffix == ".csv":
        write_text(file, csv_text(rows))
    else:
        write_text(file, json.dumps({"dataframe_split": rows.to_dict(orient="split", index=False)}))
