"""Intervals over countries, the Diebold-Mariano test, and strata."""

from __future__ import annotations

from dataclasses import replace

import made_panels
import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.linear_model import OLS

from faultline.models.scores.comparison import bootstrap_mean, codes, diebold_mariano, how_sure
from faultline.models.scores.strata import hard_onset, strata


def test_bootstrap_draws_countries_so_that_repeating_rows_gives_no_more_certainty():
    rng = np.random.default_rng(0)
    score, country = rng.normal(size=30), np.arange(30)
    once, often = bootstrap_mean(score, country), bootstrap_mean(np.repeat(score, 50), np.repeat(country, 50))
    assert (often.low, often.mean, often.high) == pytest.approx((once.low, once.mean, once.high))
    assert once.low < once.mean < once.high


def test_one_country_has_a_mean_and_no_interval():
    interval = bootstrap_mean(np.array([1.0, 3.0]), np.array([5, 5]))
    assert interval.mean == 2
    assert np.isnan(interval.low)
    assert np.isnan(bootstrap_mean(np.zeros(0), np.zeros(0, np.int64)).mean)


def test_how_sure_a_difference_is_is_told_by_countries_and_by_months():
    rng = np.random.default_rng(1)
    difference, month = rng.normal(size=40), np.arange(40) % 10
    country = codes(pd.Series(["MLI", "BFA", "NER", "BFA"] * 10))
    assert country[:4].tolist() == [1, 0, 2, 0]
    interval, test = bootstrap_mean(difference, country, seed=2), diebold_mariano(difference, month, horizon=3)
    told = how_sure(difference, country, month, horizon=3, seed=2)
    assert told == dict(
        zip(
            ("difference", "low", "high", "statistic", "p"),
            (interval.mean, interval.low, interval.high, *test),
            strict=True,
        )
    )


@pytest.mark.parametrize("horizon", [1, 3, 12])
def test_diebold_mariano_is_the_z_of_a_constant_with_newey_west_errors(horizon):
    rng = np.random.default_rng(3)
    difference, month = rng.normal(0.2, 1, 600), np.repeat(np.arange(60), 10)
    monthly = difference.reshape(60, 10).mean(axis=1)
    fit = OLS(monthly, np.ones(60)).fit(
        cov_type="HAC", cov_kwds={"maxlags": horizon - 1, "use_correction": False}, use_t=False
    )
    statistic, p = diebold_mariano(difference, month, horizon=horizon)
    assert statistic == pytest.approx(fit.tvalues[0], rel=1e-12)
    assert p == pytest.approx(fit.pvalues[0], rel=1e-12)


def test_no_difference_has_no_test():
    assert np.isnan(diebold_mariano(np.zeros(4), np.arange(4))[0])


def test_hard_onset_needs_twelve_observed_quiet_months():
    panel = made_panels.made_panel(0, n_months=40)
    quiet = {name: np.zeros_like(array) for name, array in panel.values.items()}  # noqa: PD011  # a dict of ours
    quiet["os_deaths"][20, 1] = 1
    observed = np.ones_like(panel.observed)
    observed[:10, 2] = False
    onset = hard_onset(replace(panel, values=quiet, observed=observed))
    assert np.nonzero(onset[:, 1])[0].tolist() == [*range(11, 20), *range(32, 40)]
    assert np.nonzero(onset[:, 2])[0][0] == 21


def test_strata_pool_horizons_and_leave_out_an_at_risk_set_of_everyone():
    rows = pd.DataFrame(
        {
            "horizon_months": [1, 3, 1],
            "at_risk": True,
            "hard_onset": [True, False, False],
            "country": ["MLI", "MLI", "NER"],
            "year": [2020, 2021, 2021],
        }
    )
    found = {(kind, value): inside.tolist() for kind, value, inside in strata(rows)}
    assert found == {
        ("all", "all horizons"): [True, True, True],
        ("all", "h=1"): [True, False, True],
        ("all", "h=3"): [False, True, False],
        ("hard onset", "all horizons"): [True, False, False],
        ("hard onset", "h=1"): [True, False, False],
        ("area", "Mali, Burkina Faso, Niger"): [True, True, True],
        ("country", "MLI"): [True, True, False],
        ("country", "NER"): [False, False, True],
        ("year", "2020"): [True, False, False],
        ("year", "2021"): [False, True, True],
    }
