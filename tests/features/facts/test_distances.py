"""Great circles: the same as another implementation, and what it does not give."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics.pairwise import haversine_distances

from faultline.features.facts.distances import great_circle


def test_great_circles_are_those_of_scikit_learn():
    rng = np.random.default_rng(6)
    one, other = (np.stack([rng.uniform(-90, 90, n), rng.uniform(-180, 180, n)]) for n in (60, 40))
    expected = 6371.0 * haversine_distances(np.radians(one.T), np.radians(other.T))
    found = great_circle((one[0], one[1]), (other[0], other[1]))
    assert found == pytest.approx(expected, rel=1e-12)
    assert (found.astype(np.float32) == expected.astype(np.float32)).all()  # what features hold


def test_a_point_that_is_not_known_has_no_distance():
    nowhere = great_circle((np.array([np.nan]), np.array([8.0])), (np.array([9.0]), np.array([8.0])))
    assert np.isnan(nowhere).all()
