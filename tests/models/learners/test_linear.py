"""A logistic regression with a weak ridge, against a plain one of statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm

from faultline.features.errors import CoverageError
from faultline.models.learners.linear import fit_ridge, needs_both_outcomes


def test_with_next_to_no_ridge_it_is_the_maximum_likelihood_and_what_does_not_vary_counts_for_nothing():
    rng = np.random.default_rng(0)
    x = np.column_stack([rng.normal(size=400), np.zeros(400), rng.normal(size=400)])
    y = (rng.random(400) < 1 / (1 + np.exp(1 - x[:, 0]))).astype(np.float64)
    country = np.repeat(np.arange(20), 20)
    fitted = fit_ridge(x, np.array([True, False, True]), y, country, ridge=1e-9)
    plain = sm.GLM(y, sm.add_constant(x[:, [0, 2]]), family=sm.families.Binomial()).fit(
        cov_type="cluster", cov_kwds={"groups": country, "use_correction": False}
    )
    np.testing.assert_allclose([fitted.constant, *np.delete(fitted.coefficient, 1)], plain.params, atol=1e-4)
    np.testing.assert_allclose(np.delete(fitted.standard_error, 1), plain.bse[1:], rtol=1e-3)
    assert fitted.coefficient[1] == fitted.standard_error[1] == 0


def test_one_outcome_alone_is_refused_by_what_cannot_learn_from_it():
    needs_both_outcomes(np.array([0.0, 1.0]), "a logit")
    with pytest.raises(CoverageError, match="a hazard cannot be learned: all 3 outcomes are the same"):
        needs_both_outcomes(np.ones(3), "a hazard")
