"""Hazard, rare-event pool and alarms."""

from dataclasses import replace

import numpy as np
import pytest

from faultline.features.errors import CoverageError
from faultline.models.learners.calibration import Calibration
from faultline.models.probabilities.hazard import COVARIATES, HAZARD, natural_spline
from faultline.models.probabilities.risk import RARE_FAMILIES, families_of, pool_of
from faultline.models.rows.design import Design, Inputs
from faultline.models.scores.alarms import alarms, spells

NAMES = ("field_since_deadly_debut", *COVARIATES)


def made_design(seed=0, n=4_000):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, len(NAMES))).astype(np.float32)
    x[:, 0] = np.log1p(rng.integers(0, 241, n))
    chance = 1 / (1 + np.exp(1.0 * x[:, 0] - 2.0 - 0.5 * x[:, 1]))
    return Design(
        inputs=Inputs(names=NAMES, x=x, climatology=np.full(n, 0.2), persistence=np.full(n, 0.2)),
        y=(rng.random(n) < chance).astype(np.float64),
        month=np.arange(n) // 40,
        unit=np.arange(n) % 40,
        country=np.arange(n) % 40,
        at_risk=np.ones(n, bool),
        directions=(-1, *(1 for _ in COVARIATES)),
    )


def test_a_natural_spline_is_straight_outside_its_knots_and_smooth_inside():
    knots = np.array([1.0, 2.0, 4.0])
    outside = natural_spline(np.array([-2.0, -1.0, 0.0, 5.0, 6.0, 7.0]), knots)
    assert np.diff(outside[:3], n=2, axis=0) == pytest.approx(0, abs=1e-9)
    assert np.diff(outside[3:], n=2, axis=0) == pytest.approx(0, abs=1e-9)
    fine = natural_spline(np.linspace(0, 5, 5_001), knots)[:, 1]
    assert np.abs(np.diff(fine, n=2)).max() < 1e-5


def test_the_hazard_falls_with_the_time_since_and_names_its_terms():
    design = made_design()
    hazard = HAZARD.fit(design)
    p = hazard.probability(design.inputs)
    young, old = design.inputs.x[:, 0] < 2, design.inputs.x[:, 0] > 5
    assert p[young].mean() > 3 * p[old].mean()
    table = hazard.coefficients()
    assert list(table.columns) == ["term", "coefficient", "standard_error", "z"]
    assert float(table.loc[table["term"] == "deaths_12", "z"].iloc[0]) > 5
    shares = hazard.contributions(design.inputs)
    log_odds = np.log(p / (1 - p))
    np.testing.assert_allclose(shares.sum(axis=1) + hazard.constant, log_odds, atol=1e-6)


@pytest.mark.parametrize("name", ["rare_logit", "rare_lightgbm", "hazard"])
def test_each_comes_back_as_it_was_and_refuses_outcomes_that_are_all_the_same(name):
    design = made_design()
    family = RARE_FAMILIES[name]
    fitted = family.fit(design)
    again = family.load(fitted.state())
    np.testing.assert_array_equal(again.probability(design.inputs), fitted.probability(design.inputs))
    with pytest.raises(CoverageError, match="all 4,000 outcomes"):
        family.fit(replace(design, y=np.zeros(4_000)))


def test_targets_of_fragmentation_have_families_of_their_own():
    assert pool_of(families_of("contestation", "region")) == ("rare_logit", "rare_lightgbm")
    assert pool_of(families_of("violence_25", "region")) == ("logit", "lightgbm")


def test_a_centred_calibration_changes_nothing_and_keeps_its_spread():
    calibration = Calibration(0.5, 0.8, ((0.4, 0.8), (0.6, 0.8))).centred()
    p = np.array([0.1, 0.6])
    np.testing.assert_allclose(calibration.probability(p), p)
    low, high = calibration.interval(p)
    assert (low < p).all()
    assert (p < high).all()


def test_spells_count_events_and_not_rows():
    y = np.array([1, 1, 0, 1, 1, 1], float)
    unit, month = np.array([1, 1, 1, 1, 2, 2]), np.array([3, 4, 5, 6, 3, 5])
    found = spells(y, unit, month)
    assert len(found) == 4
    assert sorted(zip(found.unit.tolist(), found.end.tolist(), strict=True)) == [(1, 5), (1, 7), (2, 4), (2, 6)]


def test_alarms_say_what_a_true_one_costs_and_how_early_it_came():
    # two units, three months; unit 0 breaks out at month 3 and is ranked first from month 1 on
    unit, month = np.tile([0, 1], 3), np.repeat([0, 1, 2], 2)
    y = np.where(unit == 0, 1.0, 0.0)
    p = np.array([0.1, 0.2, 0.9, 0.2, 0.9, 0.2])
    found = alarms(y, p, unit, month, top=1)
    assert found.false_per_true == pytest.approx(0.5)
    assert (found.spells, found.called, found.lead_months) == (1, 1, 2)
