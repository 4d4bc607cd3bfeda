"""Plots of a run: reliability and precision against recall of probabilities, PIT of distributions, each as one SVG."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import vl_convert
from sklearn.metrics import precision_recall_curve

from ..models.metrics import reliability_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["pit_plot", "probability_plot"]

_SIZE = {"width": 300, "height": 300}
#: Points that a curve is drawn with, and bins of the PIT.
_POINTS, _BINS = 60, 10
_HORIZON = {"field": "h", "type": "ordinal", "title": "months ahead", "scale": {"scheme": "viridis"}}


def _axis(field: str, title: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, "scale": {"domain": [0, 1]}}


def _svg(charts: list[dict[str, Any]], title: str) -> str:
    return vl_convert.vegalite_to_svg(json.dumps({"title": title, "hconcat": charts, "background": "white"}))


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
    reliability, recall = [], []
    for horizon, (y, probability) in forecasts.items():
        forecast, observed, _ = reliability_table(y, probability)
        reliability += [
            {"h": horizon, "x": x, "y": o} for x, o in zip(forecast.tolist(), observed.tolist(), strict=True)
        ]
        if 0 < y.sum() < len(y):
            precision, found, _ = precision_recall_curve(y, probability)
            # at even steps of recall, so that a curve of thousands of points stays small
            at = np.linspace(0, 1, _POINTS)
            curve = np.interp(at, found[::-1], precision[::-1])
            recall += [{"h": horizon, "x": x, "y": p} for x, p in zip(at.tolist(), curve.tolist(), strict=True)]
    diagonal = {
        "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
        "mark": {"type": "line", "strokeDash": [4, 4], "color": "#999"},
        "encoding": {"x": _axis("x", "forecast"), "y": _axis("y", "observed")},
    }
    lines = {
        "data": {"values": reliability},
        "mark": {"type": "line", "point": True},
        "encoding": {"x": _axis("x", "forecast"), "y": _axis("y", "observed"), "color": _HORIZON},
    }
    curves = {
        **_SIZE,
        "title": "precision and recall",
        "data": {"values": recall},
        "mark": "line",
        "encoding": {"x": _axis("x", "recall"), "y": _axis("y", "precision"), "color": _HORIZON},
    }
    return _svg([{**_SIZE, "title": "reliability", "layer": [diagonal, lines]}, curves], title)


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
    charts: list[dict[str, Any]] = []
    for horizon, pit in pits.items():
        share = np.histogram(pit, _BINS, (0, 1))[0] / max(len(pit), 1)
        values = [{"from": i / _BINS, "to": (i + 1) / _BINS, "share": s} for i, s in enumerate(share.tolist())]
        bars = {
            "mark": {"type": "bar", "stroke": "white"},
            "encoding": {
                "x": {"field": "from", "type": "quantitative", "title": "PIT"},
                "x2": {"field": "to"},
                "y": {"field": "share", "type": "quantitative", "title": "share of rows"},
                "y2": {"datum": 0},
            },
        }
        flat = {
            "data": {"values": [{"y": 1 / _BINS}]},
            "mark": "rule",
            "encoding": {"y": {"field": "y", "type": "quantitative"}},
        }
        charts.append(
            {
                "width": 180,
                "height": 180,
                "title": f"{horizon} months ahead",
                "data": {"values": values},
                "layer": [bars, flat],
            }
        )
    return _svg(charts, title)
