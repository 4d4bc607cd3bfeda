"""Dependence between the months of one course: a Gaussian copula over horizons, with one correlation by distance."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["correlated_uniforms", "correlation"]

#: Fewest pairs of months from which a correlation is told.
FEWEST_PAIRS = 50


def correlation(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlation of the normal scores of two horizons at one origin and unit.

    Parameters
    ----------
    scores
        Normal scores of what happened in its forecast, shape (H, T, U); NaN where there is none.

    Returns
    -------
    Shape (H, H), positive definite: pairwise correlations, averaged over pairs equally far apart.
    """
    h = len(scores)
    flat = scores.reshape(h, -1)
    by_distance = [1.0]
    for distance in range(1, h):
        a, b = flat[:-distance].ravel(), flat[distance:].ravel()
        both = ~(np.isnan(a) | np.isnan(b))
        told = both.sum() >= FEWEST_PAIRS and a[both].std() > 0 and b[both].std() > 0
        by_distance.append(float(np.corrcoef(a[both], b[both])[0, 1]) if told else 0.0)
    apart = np.abs(np.arange(h)[:, None] - np.arange(h))
    value, vector = np.linalg.eigh(np.array(by_distance)[apart])
    fixed = (vector * np.maximum(value, 1e-4)) @ vector.T
    scale = np.sqrt(np.diag(fixed))
    return fixed / np.outer(scale, scale)


def correlated_uniforms(
    dependence: NDArray[np.float64], *, units: Sequence[str], draws: int, seed: int
) -> NDArray[np.float64]:
    """Uniforms of shape (U, H, draws), dependent over H, independent over units and draws.

    Each unit has a stream of its own, told by its id, so that its samples are the same in any company.
    """
    factor = np.linalg.cholesky(dependence)
    normal = np.empty((len(units), len(dependence), draws))
    for place, unit in enumerate(units):
        own = np.random.default_rng((seed, zlib.crc32(unit.encode()))).standard_normal((len(dependence), draws))
        normal[place] = np.einsum("hk,kd->hd", factor, own)
    return np.asarray(ndtr(normal))
