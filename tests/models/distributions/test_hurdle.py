"""Forecasters of deaths: known answers, nothing from the future, and samples that belong together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import made_panels
import numpy as np
import pytest
import statsmodels.api as sm

from faultline.features.blocks.build import build_features
from faultline.features.errors import CoverageError
from faultline.features.panels.ordinary import ordinary_by_type
from faultline.models.distributions.conflictology import conflictology
from faultline.models.distributions.distribution import exceedance, window_samples
from faultline.models.distributions.families import SAMPLE_FAMILIES
from faultline.models.distributions.hurdle import HURDLE
from faultline.models.distributions.month_ahead import CEILING, MOST_LIFT
from faultline.models.distributions.negative_binomial import dispersion, most_likely
from faultline.models.rows.recent_deaths import own_past, recent_deaths

if TYPE_CHECKING:
    from faultline.features.panels.panel import Panel

LAST, UNITS = 99, 12


def _forecast(name: str, *, panel: Panel | None = None, threads: int = 1) -> np.ndarray:
    panel = panel or made_panels.made_panel(3, n_months=110, n_units=UNITS)
    features = build_features(panel)
    fitted = SAMPLE_FAMILIES[name].fit(panel, features, last=LAST, horizons=3, threads=threads)
    return fitted.samples(panel, features, at=np.full(UNITS, LAST), draws=200)


@pytest.mark.parametrize("name", list(SAMPLE_FAMILIES))
def test_samples_are_whole_finite_and_never_safer_over_longer_windows(name: str) -> None:
    samples = _forecast(name)
    assert samples.shape == (UNITS, 3, 200)
    assert np.isfinite(samples).all()
    assert (samples >= 0).all()
    assert (samples == np.rint(samples)).all()
    assert (exceedance(samples, 1) >= exceedance(samples, 25)).all()
    for shorter in (1, 2):
        longer = exceedance(window_samples(samples, shorter + 1), 25)
        assert (longer >= exceedance(window_samples(samples, shorter), 25)).all()


@pytest.mark.parametrize("name", list(SAMPLE_FAMILIES))
def test_later_months_change_no_sample(name: str) -> None:
    panel = made_panels.with_war_totals(made_panels.made_panel(3, n_months=110, n_units=UNITS), 3)
    other = made_panels.changed(panel, 8, slice(LAST + 1, None))
    np.testing.assert_array_equal(_forecast(name, panel=panel), _forecast(name, panel=other))


def _one_month(month: int, unit: int, *, marked: bool) -> Panel:
    """A month of 114,614 deaths that is a war total; or, unmarked, with the unit's usual deaths of every type."""
    panel = made_panels.made_panel(3, n_months=110, n_units=UNITS, level="country")
    told = made_panels.with_war_total(panel, month, unit)
    return told if marked else replace(panel, values={**panel.values, **ordinary_by_type(told)})


@pytest.mark.parametrize("name", list(SAMPLE_FAMILIES))
@pytest.mark.parametrize(("month", "unit"), [(LAST, 2), (LAST - 4, 5), (60, 7)])
def test_a_war_total_changes_no_draw(name: str, month: int, unit: int) -> None:
    told, ordinary = (_forecast(name, panel=_one_month(month, unit, marked=marked)) for marked in (True, False))
    np.testing.assert_array_equal(told, ordinary)
    assert told.max() < 100_000


def test_conflictology_of_windows_leaves_war_totals_out() -> None:
    at = np.full(UNITS, LAST)
    told, ordinary = (conflictology(_one_month(LAST - 4, 5, marked=marked), 3, at=at) for marked in (True, False))
    np.testing.assert_array_equal(told, ordinary)


def test_one_and_two_threads_give_the_same_samples() -> None:
    np.testing.assert_array_equal(_forecast("hurdle", threads=1), _forecast("hurdle", threads=2))


def test_conflictology_draws_the_last_twelve_months_only() -> None:
    panel = made_panels.made_panel(3, n_months=110, n_units=UNITS)
    samples = _forecast("conflictology", panel=panel)
    for unit in range(UNITS):
        assert set(samples[unit].ravel().tolist()) <= set(panel.deaths[LAST - 11 : LAST + 1, unit].tolist())


def test_the_hurdle_recovers_the_share_of_months_with_deaths() -> None:
    panel = made_panels.made_panel(3, n_months=110, n_units=UNITS)
    assert abs(exceedance(_forecast("hurdle"), 1).mean() - (panel.deaths[24 : LAST + 1] > 0).mean()) < 0.08


@pytest.mark.parametrize("name", list(SAMPLE_FAMILIES))
def test_too_little_history_is_an_error(name: str) -> None:
    panel = made_panels.made_panel(3, n_months=110, n_units=UNITS)
    with pytest.raises(CoverageError):
        SAMPLE_FAMILIES[name].fit(panel, build_features(panel), last=9, horizons=3)


def test_the_dispersion_of_made_counts_is_found_again() -> None:
    rng = np.random.default_rng(0)
    mean = rng.uniform(1, 20, 20_000)
    y = rng.poisson(mean * rng.gamma(1 / 1.5, 1.5, len(mean))).astype(np.float64)
    assert dispersion(y, mean) == pytest.approx(1.5, rel=0.05)


def _leaps(largest: float) -> tuple[np.ndarray, np.ndarray]:
    """Rows and counts of units that mostly see nothing, and now and then up to the largest."""
    rng = np.random.default_rng(3)
    past = np.where(rng.random(400) < 0.95, 0, rng.random(400) * largest)
    y = np.where(past > 0, past * rng.gamma(0.2, 5, 400), rng.random(400) < 0.02).round()
    return np.column_stack([np.ones(400), np.log1p(past), np.log1p(past) ** 2]), y


def _slope_of_the_likelihood(x: np.ndarray, y: np.ndarray, at: np.ndarray, alpha: float) -> np.ndarray:
    mean = np.exp(x @ at)
    return x.T @ ((y - mean) / (1 + alpha * mean))


def test_coefficients_are_those_of_statsmodels_where_it_finds_them() -> None:
    x, y = _leaps(20)
    family = sm.families.NegativeBinomial(alpha=1.0)
    np.testing.assert_allclose(most_likely(x, y, np.zeros(3), 1.0), sm.GLM(y, x, family=family).fit().params, rtol=1e-5)


def test_counts_that_leap_past_statsmodels_have_coefficients_all_the_same() -> None:
    x, y = _leaps(1e4)
    start = np.array([np.log(y.mean()), 0, 0])
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="weights"):
        sm.GLM(y, x, family=sm.families.NegativeBinomial(alpha=1.0)).fit(start_params=start, maxiter=50)
    with np.errstate(all="ignore"):
        found = most_likely(x, y, start, 1.0)
    assert np.abs(_slope_of_the_likelihood(x, y, found, 1.0)).max() < 0.1


def test_no_draw_is_above_twice_the_units_own_worst_and_the_worst_of_its_analogs() -> None:
    panel = made_panels.made_panel(3, n_months=110, n_units=UNITS)
    features = build_features(panel)
    fitted = HURDLE.fit(panel, features, last=LAST, horizons=2, threads=1)
    recent = recent_deaths(panel, "deaths", month=np.full(UNITS, LAST), unit=np.arange(UNITS))
    wild = replace(fitted.months[0], error=fitted.months[0].error + 1e3)
    levels = np.full((UNITS, 1), 1 - 1e-9)
    drawn = wild.quantile(features.values[LAST], own_past(recent), levels, recent.max(axis=1))[:, 0]
    limit = np.maximum(CEILING * recent.max(axis=1), wild.followed.max())
    assert (drawn <= np.rint(limit)).all()


def test_an_error_lifts_a_forecast_by_so_much_at_most() -> None:
    panel = made_panels.made_panel(3, n_months=110, n_units=UNITS)
    features = build_features(panel)
    fitted = HURDLE.fit(panel, features, last=LAST, horizons=2, threads=1)
    recent = recent_deaths(panel, "deaths", month=np.full(UNITS, LAST), unit=np.arange(UNITS))
    past, high = own_past(recent), np.full(UNITS, 1e9)
    levels = np.full((UNITS, 1), 1 - 1e-9)
    calm, wild = (replace(fitted.months[0], error=np.full_like(fitted.months[0].error, error)) for error in (0.0, 1e3))
    none, most = (month.quantile(features.values[LAST], past, levels, high)[:, 0] for month in (calm, wild))
    large = none >= 3
    assert large.any()
    # whole deaths: each is rounded by up to half a death
    assert ((most[large] + 0.5) / (none[large] + 0.5) <= np.exp(MOST_LIFT) * 1.01).all()
    assert ((most[large] + 0.5) / (none[large] - 0.5) >= np.exp(MOST_LIFT)).all()
