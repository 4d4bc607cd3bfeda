"""Plots of a run: reliability and precision against recall of probabilities, PIT of distributions, each as one SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...models.scores.probabilities import reliability_table
from .svg import Chart, Curve, draw, shades

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ...models.kinds import Kind

__all__ = ["pit_plot", "plots_of", "probability_plot", "values_by_horizon"]

#: Points that a curve is drawn with, and bins of the PIT.
_POINTS, _BINS = 60, 10
_LEGEND = "months ahead"


def plots_of(kind: Kind, rows: pd.DataFrame, said: str, *, title: str, which: str = "") -> dict[str, str]:
    """Draw all plots of a forecaster of a kind.

    Parameters
    ----------
    rows
        Its own, with ``horizon_months`` and ``y``.
    said
        Column of its probabilities; of deaths, which have ``pit`` and such as ``p_25``, it is not asked for.
    which
        End of the files' names.
    """
    curves = "plots/reliability-and-precision-recall"
    if not kind.thresholds:
        return {f"{curves}{which}.svg": _plot(title, rows, said)}
    plots = {f"plots/pit{which}.svg": pit_plot(title, values_by_horizon(rows, "pit"))}
    for least in kind.thresholds:
        happened = rows.assign(y=rows["y"] >= least)
        told = f"{title}: at least {least} in the month"
        plots[f"{curves}-{least}{which}.svg"] = _plot(told, happened, f"p_{least}")
    return plots


def _plot(title: str, rows: pd.DataFrame, said: str) -> str:
    happened, forecast = (values_by_horizon(rows, column) for column in ("y", said))
    return probability_plot(title, {horizon: (happened[horizon], forecast[horizon]) for horizon in forecast})


def values_by_horizon(rows: pd.DataFrame, column: str) -> dict[int, NDArray[np.float64]]:
    """A column of rows by their ``horizon_months``."""
    return {int(str(h)): some[column].to_numpy(np.float64) for h, some in rows.groupby("horizon_months")}


def probability_plot(title: str, forecasts: Mapping[int, tuple[NDArray[np.float64], NDArray[np.float64]]]) -> str:
    """Draw reliability in bins of equal mass, and precision against recall, with a line for each horizon.

    Parameters
    ----------
    forecasts
        Outcomes and probabilities by horizon, each of shape (n,).

    Returns
    -------
    The SVG.
    """
    unit = np.array([0.0, 1.0])
    reliability, recall = [Curve(unit, unit, "#999", style="dashed")], []
    for (horizon, (y, probability)), colour in zip(forecasts.items(), shades(len(forecasts)), strict=True):
        forecast, observed, _ = reliability_table(y, probability)
        reliability.append(Curve(forecast, observed, colour, f"{horizon}", "dotted"))
        if 0 < y.sum() < len(y):
            recall.append(Curve(*_precision_by_recall(y, probability), colour, f"{horizon}"))
    charts = [
        Chart("reliability", "forecast", "observed", tuple(reliability)),
        Chart("precision and recall", "recall", "precision", tuple(recall)),
    ]
    return draw(title, charts, legend=_LEGEND)


def _precision_by_recall(
    y: NDArray[np.float64], probability: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Precision at even steps of recall, called from the highest forecast down; equal forecasts go together."""
    order = np.argsort(-probability, kind="stable")
    called = probability[order]
    last = np.append(np.flatnonzero(np.diff(called)), len(called) - 1)
    hits = np.cumsum(y[order])[last]
    at = np.linspace(0, 1, _POINTS)
    return at, np.interp(at, hits / hits[-1], hits / (last + 1))


def pit_plot(title: str, pits: Mapping[int, NDArray[np.float64]]) -> str:
    """Draw the histogram of the probability integral transform of each horizon: flat where the forecast is calibrated.

    Parameters
    ----------
    pits
        By horizon, shape (n,), in [0, 1].

    Returns
    -------
    The SVG.
    """
    edges = np.linspace(0, 1, _BINS + 1)
    flat = Curve(np.array([0.0, 1.0]), np.full(2, 1 / _BINS), "#333", style="dashed")
    shares = {horizon: np.histogram(pit, edges)[0] / max(len(pit), 1) for horizon, pit in pits.items()}
    # one scale for all, so that they compare; a flat histogram reaches a third of the height
    top = max(3 / _BINS, *(float(share.max()) for share in shares.values()))
    charts = [
        Chart(
            "1 month ahead" if horizon == 1 else f"{horizon} months ahead",
            "PIT",
            "share of rows",
            (Curve(edges, share, style="bars"), flat),
            top,
        )
        for horizon, share in shares.items()
    ]
    return draw(title, charts, columns=4)
