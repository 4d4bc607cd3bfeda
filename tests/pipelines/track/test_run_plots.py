"""Plots of a run say what published implementations say."""

import re

import numpy as np
from sklearn.metrics import precision_recall_curve

from faultline.pipelines.track.run_plots import _precision_by_recall, pit_plot, probability_plot


def forecasts(seed=0, n=400):
    rng = np.random.default_rng(seed)
    probability = np.round(rng.beta(0.5, 2, n), 2)  # with ties
    return (rng.random(n) < probability).astype(float), probability


def test_precision_at_each_recall_is_scikit_learns():
    y, probability = forecasts()
    at, precision = _precision_by_recall(y, probability)
    theirs, recall, _ = precision_recall_curve(y, probability)
    # theirs ends with a point of recall 0 and precision 1 that no forecast made
    np.testing.assert_allclose(precision, np.interp(at, recall[-2::-1], theirs[-2::-1]))


def test_each_horizon_has_a_line_in_either_chart_unless_nothing_happened():
    some, nothing = forecasts(), (np.zeros(50), np.linspace(0, 1, 50))
    svg = probability_plot("violence_25, pool", {1: some, 12: nothing})
    assert svg.count("<polyline") == 1 + 2 + 1  # the diagonal, reliability of both, recall of one
    assert "violence_25, pool" in svg


def test_a_uniform_pit_is_drawn_flat_on_a_scale_that_horizons_share():
    flat = (np.arange(1000) + 0.5) / 1000
    svg = pit_plot("deaths, hurdle", {1: flat, 2: np.full(10, 0.95)})
    heights = [re.findall(r"V([\d.]+)H", path) for path in re.findall(r'<path d="(M0\.0,260V[^"]+)"', svg)]
    assert len(heights) == 2
    assert set(heights[0]) == {"234.0"}  # a tenth of the height, since the other's one bar takes all of it
    assert heights[1] == ["260.0"] * 9 + ["0.0"]
    assert "1 month ahead" in svg
