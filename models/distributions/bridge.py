"""Deaths of a country's regions from its newest month, where what happened by region is known up to an older one only.

Every draw of the country's deaths is shared out over its regions and a *rest*, which is known of the country alone, so
that they add up to it. How it is shared out is drawn as well, in one of three ways:

- **Own past**: each part draws its months from its own last known ones (conflictology, rolled forward). They are put in
  the order of the country's and scaled to it (`~faultline.models.distributions.coherence.top_down`).
- **Own forecast**: the same, with what was forecast of each region from its own last known month. Where months are
  known after that one, which it did not know, no draw goes by it.
- **Shares**: draw k goes by the shares of three months in a row, m, taken with probability in proportion to
  exp(-age / `DECAY`), so that shares drift as they did and regions are hit together as they were:

      s_r = (d_rm + `SMOOTHING` p_r) / (d_m + `SMOOTHING`),   w ~ Dirichlet(c(g) s),

  where d are deaths, p the decayed shares with some of each region's lent to its neighbours, and c(g) the
  concentration, which falls with the gap g: the shares are the less sure, the longer ago they were.

The gap is that of the evidence: -`DECAY` ln(weight of the known months / weight of all months). It is g where the last
g months are hidden, and less where some of them are known. How many draws go which way, and c, were learned by hiding
what happened by region before 2018 (docs/bridging.md). Dirichlet shares of a total: Mosimann (1962), "On the compound
multinomial distribution"; conflictology: Hegre et al. (2025), the ViEWS prediction challenge.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .coherence import shared_out, top_down
from .tilting import tempered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = [
    "BRIDGE_FILE",
    "Bridge",
    "RegionalPast",
    "bridge",
    "bridged",
    "evidence",
    "evidence_gap",
    "gap_begins",
    "known_later",
    "likely",
]

#: Months after which what happened counts for 1/e.
DECAY = 12.0
#: Known months that a part draws its own past from, and months in a row of which the shares are taken.
OWN_MONTHS, IN_A_ROW = 24, 3
#: Deaths that the decayed shares count for beside those of three months.
SMOOTHING = 10.0
#: Share of each region's deaths that is lent to its neighbours.
LENT = 0.1
#: Deaths that are spread over the regions evenly beside what they had: what is quiet does not stay so for certain.
_EVENLY = 50.0
#: Deaths that the rest has beside what it had.
_LEAST = 0.5
_ROUNDS = 8
#: What was learned on origins up to 2017, one row a gap.
BRIDGE_FILE = Path(__file__).parents[1] / "reference" / "bridge.csv"


@dataclass(frozen=True)
class Bridge:
    """How a country is shared out at gaps of so many months, each of shape (G,), between which it goes evenly.

    Attributes
    ----------
    gap
        Months, ascending.
    own_past, own_forecast
        Shares of the draws that go by the regions' own past, and by their own forecasts.
    concentration
        Of the shares of the other draws.
    """

    gap: Sequence[float]
    own_past: Sequence[float]
    own_forecast: Sequence[float]
    concentration: Sequence[float]

    def at(self, gap: float) -> tuple[float, float, float]:
        """Shares by own past and own forecast, and concentration, at a gap; beyond the last gap it falls on.

        Examples
        --------
        >>> past, forecast, concentration = Bridge([6.0, 12.0], [0.2, 0.2], [0.4, 0.5], [40.0, 20.0]).at(12.0)
        >>> past, forecast, round(concentration, 6)
        (0.2, 0.5, 20.0)
        """
        past, forecast = (float(np.interp(gap, self.gap, share)) for share in (self.own_past, self.own_forecast))
        concentration = float(np.exp(np.interp(gap, self.gap, np.log(self.concentration))))
        return past, forecast, concentration * float(np.exp(-max(gap - self.gap[-1], 0.0) / DECAY))


@dataclass(frozen=True)
class RegionalPast:
    """What is known of a country's R regions and its rest at the end of its newest month, the last of T.

    Attributes
    ----------
    deaths
        Of each region and of the rest, shape (T, R + 1).
    known
        Months in which the regions are counted, shape (T,); elsewhere the deaths mean nothing.
    neighbours
        Shape (R, R), 1 where two regions touch.
    """

    deaths: NDArray[np.float64]
    known: NDArray[np.bool_]
    neighbours: NDArray[np.float64]


@cache
def bridge(*, forecast: bool = False) -> Bridge:
    """What the package learned, of regions that have a forecast of their own or of those that have none."""
    table = pd.read_csv(BRIDGE_FILE).sort_values("gap")
    table = table[table["forecast"] == int(forecast)]
    return Bridge(*(tuple(table[each.name].to_numpy(np.float64).tolist()) for each in fields(Bridge)))


def _weights(known: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    weight = np.exp(-np.arange(len(known))[::-1] / DECAY)
    return weight * known, float(weight.sum())


def evidence(known: NDArray[np.bool_]) -> float:
    """Known months, each counted for exp(-age / `DECAY`); ``known`` has shape (T,), the newest last.

    Examples
    --------
    >>> round(evidence(np.array([True, True, False])), 2)
    1.77
    """
    return float(_weights(known)[0].sum())


def evidence_gap(known: NDArray[np.bool_]) -> float:
    """Months by which the evidence is old: g where all but the last g months are known.

    Examples
    --------
    >>> known = np.ones(600, bool)
    >>> known[-6:] = False
    >>> round(evidence_gap(known), 6)
    6.0
    """
    weight, whole = _weights(known)
    return float(-DECAY * np.log(weight.sum() / whole))


def gap_begins(known: NDArray[np.bool_]) -> int:
    """Position of the first month that is not known after one that is."""
    first = int(np.argmax(known))
    return first + int(np.argmin(known[first:]))


def known_later(known: NDArray[np.bool_]) -> bool:
    """Whether months are known after the gap began, which no forecast from the last month before it knows.

    Examples
    --------
    >>> known_later(np.array([True, False, False])), known_later(np.array([True, False, True, False]))
    (False, True)
    """
    return bool(known[gap_begins(known) :].any())


def bridged(
    country: NDArray[np.float32],
    past: RegionalPast,
    forecast: NDArray[np.float32] | None = None,
    *,
    seed: Sequence[int],
    how: Bridge | None = None,
) -> NDArray[np.float32]:
    """Share out a country's courses over its regions and its rest, shape (R + 1, H, K).

    Parameters
    ----------
    country
        Whole deaths of H months, shape (H, K), or what is known of a month, the same in every draw.
    past
        With one known month at least.
    forecast
        Of the regions in the same months, from their own last known one, shape (R, H, K), if there is one that knew
        all that is known.
    seed
        Numbers of the stream of random draws.
    how
        What was learned, by default the package's own.

    Returns
    -------
    Whole deaths; their sum over the first axis is the country's, draw by draw.
    """
    rng = np.random.default_rng(list(seed))
    own, told, concentration = (how or bridge(forecast=forecast is not None)).at(evidence_gap(past.known))
    draws = country.shape[1]
    order = rng.permutation(draws)
    by_past, by_forecast, by_shares = np.split(order, [round(own * draws), round((own + told) * draws)])
    if forecast is None:  # what it would have had goes by the shares
        by_shares, by_forecast = np.concatenate([by_forecast, by_shares]), by_forecast[:0]
    out = np.empty((past.deaths.shape[1], *country.shape), np.float32)
    if len(by_past):
        out[:, :, by_past] = top_down(country[:, by_past], _own_past(past, (len(country), len(by_past)), rng))
    if forecast is not None and len(by_forecast):
        rest = _own_past(past, (len(country), len(by_forecast)), rng)[-1:]
        out[:, :, by_forecast] = top_down(country[:, by_forecast], np.concatenate([forecast[:, :, by_forecast], rest]))
    if len(by_shares):
        shares = _drawn_shares(past, len(by_shares), concentration, rng)
        weight = np.broadcast_to(shares[:, None], (len(shares), len(country), len(by_shares)))
        out[:, :, by_shares] = shared_out(country[:, by_shares], weight)
    return out


def _own_past(past: RegionalPast, shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    """Months that each part had of late, drawn one by one, shape (R + 1, *shape)."""
    lately = past.deaths[np.flatnonzero(past.known)[-OWN_MONTHS:]]
    parts = lately.shape[1]
    pick = rng.integers(0, len(lately), (parts, *shape))
    return lately[pick, np.arange(parts)[:, None, None]].astype(np.float32)


def _drawn_shares(
    past: RegionalPast, draws: int, concentration: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Shares of the parts, shape (R + 1, draws), positive."""
    weight, _ = _weights(past.known)
    usual = _usual_shares(past, weight)
    seen = past.deaths * past.known[:, None]
    rows = np.concatenate([np.zeros((IN_A_ROW, seen.shape[1])), np.cumsum(seen, axis=0)])
    together = rows[IN_A_ROW:] - rows[:-IN_A_ROW]
    months = together[rng.choice(len(weight), draws, p=weight / weight.sum())].T
    shares = (months + SMOOTHING * usual[:, None]) / (months.sum(axis=0) + SMOOTHING)
    return np.maximum(rng.standard_gamma(concentration * shares), np.finfo(np.float64).tiny)


def _usual_shares(past: RegionalPast, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Decayed shares of the parts, some of each region's lent to its neighbours, shape (R + 1,)."""
    decayed = weight @ past.deaths
    regions = decayed[:-1] + _EVENLY / max(len(decayed) - 1, 1)
    touching = past.neighbours.sum(axis=1)
    lent = np.where(touching > 0, LENT * regions, 0.0)
    regions = regions - lent + (lent / np.maximum(touching, 1.0)) @ past.neighbours
    parts = np.append(regions, decayed[-1] + _LEAST)
    return parts / parts.sum()


def likely(parts: NDArray[np.float32], country: NDArray[np.float32], windows: tuple[int, ...]) -> NDArray[np.float32]:
    """Parts none of whose means is made by a tail alone (`~faultline.models.distributions.tilting.tempered`).

    What is cut off goes to parts that need not be cut, in proportion to their means; they add up to the same.

    Parameters
    ----------
    parts, country
        Whole deaths, shapes (R, H, K) and (H, K).
    windows
        Months of the windows whose means are looked at too.
    """
    out, usual = parts, parts.mean(axis=(1, 2), dtype=np.float64) + 1e-9
    full = np.zeros(len(parts), bool)
    for _ in range(_ROUNDS):
        kept = tempered(out[None], windows)[0]
        if (kept == out).all():
            return out
        full |= (kept < out).any(axis=(1, 2))
        weight = np.where(full & ~full.all(), 0.0, usual)
        left = country - kept.sum(axis=0)
        out = kept + shared_out(left, np.broadcast_to(weight[:, None, None], kept.shape))
    return out
