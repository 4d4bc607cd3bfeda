"""Scoring forecast files against an outcome file, ours or anyone's, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...features.errors import CoverageError, SchemaError
from ...models.scores.probabilities import binary_scores
from ...models.scores.samples import crps_of_quantiles, interval_score, sample_scores
from .forecast_files import read_actuals, read_forecasts
from .forecasts import KEYS, Forecasts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from .forecasts import Actuals

__all__ = ["evaluate_files", "scores_of", "side_by_side"]

_SHOWN = ("n", "crps", "ign", "mis", "covered_50", "covered_80", "covered_90")


def scores_of(forecasts: Forecasts, outcome: NDArray[np.float64], *, seed: int = 0) -> dict[str, float]:
    """Mean scores of n forecasts of one kind.

    Parameters
    ----------
    forecasts
        Of n rows.
    outcome
        What happened, shape (n,).

    Returns
    -------
    Samples: CRPS, IGN, MIS at 90 % and coverage; quantiles: CRPS as far as the levels show it, and MIS and coverage
    where they hold the ends of an interval; probabilities: Brier, log score, AUC, average precision, calibration
    error; means: absolute and root mean squared error.

    Raises
    ------
    SchemaError
        If a probability's outcome is neither 0 nor 1.
    """
    values = forecasts.outputs
    if forecasts.kind == "samples":
        rows = sample_scores(outcome, values, seed=seed)
        return {"n": float(len(outcome)), **{name: float(v.mean()) for name, v in rows.items() if name != "pit"}}
    if forecasts.kind == "probability":
        if not np.isin(outcome, (0, 1)).all():
            odd = outcome[~np.isin(outcome, (0, 1))][0]
            raise SchemaError(
                f"a probability is scored against 0 or 1, but the outcome of one is {odd:g}.",
                file=forecasts.file,
                remedy="Give actuals with a target column that says which outcomes are of the binary target.",
            )
        return binary_scores(outcome, values[:, 0])
    if forecasts.kind == "quantiles":
        scores = {"n": float(len(outcome)), "crps": float(crps_of_quantiles(outcome, values, forecasts.levels).mean())}
        for percent in (50, 80, 90):
            ends = [_column(forecasts, level) for level in ((1 - percent / 100) / 2, (1 + percent / 100) / 2)]
            if None not in ends:
                low, high = (values[:, end] for end in ends if end is not None)
                scores[f"covered_{percent}"] = float(((low <= outcome) & (outcome <= high)).mean())
                if percent == 90:  # noqa: PLR2004  # the interval of MIS
                    scores["mis"] = float(interval_score(outcome, low, high).mean())
        return {name: scores[name] for name in _SHOWN if name in scores}
    miss = values[:, 0] - outcome
    return {"n": float(len(miss)), "mae": float(np.abs(miss).mean()), "rmse": float(np.sqrt((miss**2).mean()))}


def _column(forecasts: Forecasts, level: float) -> int | None:
    found = np.nonzero(np.isclose(forecasts.levels, level))[0]
    return int(found[0]) if len(found) else None


def _joined(forecasts: Forecasts, actuals: Actuals) -> pd.DataFrame:
    """Rows of the forecasts that have an outcome, with their position in the forecasts."""
    said = [name for name in actuals.keys if name in ("unit", "month") or _says(forecasts.keys, name)]
    table = actuals.table
    if table.duplicated(said).any():
        raise SchemaError(
            f"the outcomes differ by {', '.join(name for name in actuals.keys if name not in said)}, "
            f"which the forecasts in {forecasts.file} do not name.",
            file=actuals.file,
            remedy="Give actuals of one target alone.",
        )
    positions = forecasts.keys.assign(position=np.arange(len(forecasts.keys)))
    return positions.merge(table[[*said, "outcome"]], on=said, how="inner").sort_values("position")


def _says(keys: pd.DataFrame, name: str) -> bool:
    return bool((keys[name] != ("" if name == "target" else 0)).any())


def side_by_side(forecasts: Sequence[tuple[str, Forecasts]], actuals: Actuals, *, seed: int = 0) -> pd.DataFrame:
    """Score forecasts on the rows that all files of a kind and target forecast.

    Parameters
    ----------
    forecasts
        Name and forecasts; a file may stand there with several kinds.

    Returns
    -------
    One row a file, kind, target: ``forecast``, ``kind``, ``target``, ``left_out`` (forecasts without an outcome, or
    that another file lacks) and the scores.

    Raises
    ------
    CoverageError
        If a file shares no forecast with the actuals, or with the other files.
    """
    rows: list[dict[str, Any]] = []
    parts: dict[tuple[str, str], list[tuple[str, Forecasts, pd.DataFrame]]] = {}
    found: dict[Path, bool] = {}
    for name, forecast in forecasts:
        joined = _joined(forecast, actuals)
        found[forecast.file] = found.get(forecast.file, False) or not joined.empty
        for target, some in joined.groupby("target", sort=True):
            parts.setdefault((forecast.kind, str(target)), []).append((name, forecast, some))
    for _, forecast in forecasts:
        if not found[forecast.file]:
            first, known = forecast.keys.iloc[0], actuals.table.iloc[0]
            raise CoverageError(
                f"no forecast has an outcome in {actuals.file}: the first forecast is of unit {first['unit']} in "
                f"{first['month']}, the first outcome of unit {known['unit']} in {known['month']}.",
                file=forecast.file,
                remedy="Check that units, months and targets are named alike.",
            )
    for (kind, target), members in sorted(parts.items()):
        common = pd.MultiIndex.from_frame(members[0][2][KEYS])
        for _, _, some in members[1:]:
            common = common.intersection(pd.MultiIndex.from_frame(some[KEYS]))
        if common.empty:
            names = ", ".join(name for name, _, _ in members)
            raise CoverageError(f"{names} share no forecast of {kind} {target}, so that they cannot be compared.")
        for name, forecast, some in members:
            taken = some[pd.MultiIndex.from_frame(some[KEYS]).isin(common)]
            at = taken["position"].to_numpy()
            chosen = Forecasts(
                forecast.file, forecast.kind, forecast.keys.iloc[at], forecast.outputs[at], forecast.levels
            )
            scores = scores_of(chosen, taken["outcome"].to_numpy(np.float64), seed=seed)
            given = int((forecast.keys["target"] == target).sum())
            rows.append({"forecast": name, "kind": kind, "target": target, "left_out": given - len(taken), **scores})
    return pd.DataFrame(rows)


def evaluate_files(forecasts: Sequence[Path], actuals: Path, *, seed: int = 0) -> pd.DataFrame:
    """Read and score files; each is named by its stem, or by its whole path where two stems are alike.

    Raises
    ------
    SourceError, SchemaError, CoverageError
        If a file cannot be read, breaks its layout, or shares nothing with the actuals.
    """
    stems = [file.stem for file in forecasts]
    names = stems if len(set(stems)) == len(stems) else [str(file) for file in forecasts]
    read = [(name, part) for name, file in zip(names, forecasts, strict=True) for part in read_forecasts(file)]
    return side_by_side(read, read_actuals(actuals), seed=seed)
