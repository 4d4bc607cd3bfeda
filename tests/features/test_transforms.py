"""Every transform against a plain loop."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from faultline.features import transforms

arrays = hnp.arrays(np.float64, st.tuples(st.integers(1, 14), st.integers(1, 3)), elements=st.integers(0, 50))
windows = st.integers(1, 16)


@given(arrays, windows)
@settings(max_examples=60)
def test_rolling_sum_adds_the_last_months(x, window):
    expected = [[x[max(0, t - window + 1) : t + 1, u].sum() for u in range(x.shape[1])] for t in range(len(x))]
    np.testing.assert_allclose(transforms.rolling_sum(x, window), expected)


@given(arrays, windows)
@settings(max_examples=60)
def test_rolling_max_takes_the_largest_of_the_last_months(x, window):
    expected = [[x[max(0, t - window + 1) : t + 1, u].max() for u in range(x.shape[1])] for t in range(len(x))]
    np.testing.assert_allclose(transforms.rolling_max(x, window), expected)


@given(arrays, windows)
@settings(max_examples=60)
def test_window_sum_adds_the_next_months_and_only_whole_windows(x, horizon):
    expected = np.full(x.shape, np.nan)
    for t in range(len(x)):
        if t + horizon < len(x):
            expected[t] = x[t + 1 : t + horizon + 1].sum(axis=0)
    np.testing.assert_allclose(transforms.window_sum(x, horizon), expected)


@given(arrays, st.integers(0, 5))
def test_lag_moves_down_and_fills_with_zero(x, months):
    expected = np.zeros_like(x)
    for t in range(months, len(x)):
        expected[t] = x[t - months]
    np.testing.assert_array_equal(transforms.lag(x, min(months, len(x))), expected)


@given(arrays, st.sampled_from([1.0, 3.0, 24.0]))
def test_decay_halves_in_its_half_life(x, half_life):
    expected = np.zeros_like(x)
    for t in range(len(x)):
        expected[t] = sum(x[s] * 0.5 ** ((t - s) / half_life) for s in range(t + 1))
    np.testing.assert_allclose(transforms.decay(x, half_life), expected)


@given(hnp.arrays(bool, st.tuples(st.integers(1, 14), st.integers(1, 3))), st.integers(1, 20))
def test_months_since_counts_from_the_last_time_up_to_the_cap(happened, cap):
    expected = np.full(happened.shape, float(cap))
    for t in range(len(happened)):
        for u in range(happened.shape[1]):
            times = [s for s in range(t + 1) if happened[s, u]]
            if times:
                expected[t, u] = min(t - times[-1], cap)
    np.testing.assert_array_equal(transforms.months_since(happened, cap=cap), expected)


@given(arrays, st.integers(0, 2**32 - 1))
def test_expanding_mean_counts_only_the_months_it_is_told_to(x, seed):
    counted = np.random.default_rng(seed).integers(0, 2, x.shape).astype(bool)
    expected = np.zeros_like(x)
    for t in range(len(x)):
        for u in range(x.shape[1]):
            seen = [x[s, u] for s in range(t + 1) if counted[s, u]]
            expected[t, u] = np.mean(seen) if seen else 0
    np.testing.assert_allclose(transforms.expanding_mean(x, counted), expected)


def test_spatial_sum_adds_the_units_that_touch():
    neighbours = sparse.csr_array(np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]], dtype=np.float32))
    x = np.array([[1.0, 2.0, 4.0], [0.0, 5.0, 7.0]])
    np.testing.assert_array_equal(transforms.spatial_sum(x, neighbours), [[6, 1, 1], [12, 0, 0]])


def test_mean_and_spread_are_numpy_s_over_the_window():
    x = np.array([[1.0], [3.0], [1.0], [7.0]])
    mean, spread = transforms.rolling_mean_and_spread(x, 2)
    np.testing.assert_allclose(mean[:, 0], [0.5, 2, 2, 4])
    np.testing.assert_allclose(spread[:, 0], [np.std([0, 1]), np.std([1, 3]), np.std([3, 1]), np.std([1, 7])])
