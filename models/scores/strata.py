"""Strata: the parts of a backtest in which scores are told apart, because most of the world is at peace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ...features.transforms import rolling_sum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ...features.arrays import BoolArray
    from ...features.panels.panel import Panel

__all__ = ["AREAS", "HELD_BACK", "QUIET_MONTHS", "SHOWN", "area_of", "hard_onset", "held_back_strata", "strata"]

#: Months without a death after which an outbreak is hard to foresee (Mueller & Rauh 2022).
QUIET_MONTHS = 12
#: The areas of the world in which regional scores are told apart, by ISO 3166-1 alpha-3 code. Lake Chad is that of
#: Nigeria, Cameroon and Chad; Diffa, Niger's part of it, counts with Niger.
AREAS = {
    "Mali, Burkina Faso, Niger": ("BFA", "MLI", "NER"),
    "Nigeria and Lake Chad": ("CMR", "NGA", "TCD"),
    "Horn": ("DJI", "ERI", "ETH", "KEN", "SDN", "SOM", "SSD"),
    "Great Lakes": ("BDI", "COD", "RWA", "TZA", "UGA"),
    "rest of Africa": (
        *("AGO", "BEN", "BWA", "CAF", "CIV", "COG", "COM", "CPV", "DZA", "EGY", "ESH", "GAB", "GHA", "GIN", "GMB"),
        *("GNB", "GNQ", "LBR", "LBY", "LSO", "MAR", "MDG", "MOZ", "MRT", "MUS", "MWI", "NAM", "SEN", "SLE", "STP"),
        *("SWZ", "SYC", "TGO", "TUN", "ZAF", "ZMB", "ZWE"),
    ),
}
#: Strata that a page shows; those of single countries are left to the files.
SHOWN = ("all", "at risk", "hard onset", "area", "year")
_ELSEWHERE = "rest of the world"
#: The G5 Sahel.
_SAHEL = ("BFA", "MLI", "MRT", "NER", "TCD")
#: Strata of held-back origins, by what makes a row one of them.
HELD_BACK: Final[Mapping[str, Callable[[Mapping[str, NDArray[Any]]], NDArray[np.bool_]]]] = {
    "at_risk": lambda rows: rows["at_risk"],
    "hard_onset": lambda rows: rows["hard_onset"],
    "active": lambda rows: ~rows["hard_onset"],
    "sahel": lambda rows: np.isin(rows["country"], _SAHEL),
    "without_war_totals": lambda rows: ~rows["war_total"],
}
#: Scores of fewer rows are noise.
_FEWEST_ROWS = 50


def hard_onset(panel: Panel) -> BoolArray:
    """Origins after 12 observed months without a death, shape (T, U)."""
    quiet = rolling_sum(panel.deaths, QUIET_MONTHS) == 0
    return panel.observed & quiet & (rolling_sum(panel.observed, QUIET_MONTHS) == QUIET_MONTHS)


def area_of(country: NDArray[np.object_]) -> NDArray[np.str_]:
    """Area of each row by its country's code, shape (n,): one of `AREAS`, or the rest of the world."""
    known = {code: area for area, codes in AREAS.items() for code in codes}
    return np.array([known.get(str(code), _ELSEWHERE) for code in country])


def strata(rows: pd.DataFrame, *, repeat: bool = False) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Give each stratum's kind, its value and which rows belong to it.

    Parameters
    ----------
    rows
        With ``at_risk``, ``hard_onset``, ``horizon_months``, ``country`` and ``year``.
    repeat
        Whether those at risk are told apart where they are all, too.

    Yields
    ------
    ``all``, ``at risk`` (where it is not all) and ``hard onset``, each over all horizons and at each one; then each
    ``area`` (`AREAS`), ``country`` and ``year`` over all horizons. The value of the first three is ``all horizons`` or
    ``h=3``.
    """
    horizon = rows["horizon_months"].to_numpy()
    everything = np.ones(len(rows), bool)
    wide: dict[str, Any] = {
        "all": everything,
        "at risk": rows["at_risk"].to_numpy(bool),
        "hard onset": rows["hard_onset"].to_numpy(bool),
    }
    for name, inside in wide.items():
        if not inside.any() or (name == "at risk" and inside.all() and not repeat):
            continue
        yield name, "all horizons", inside
        for h in np.unique(horizon[inside]):
            yield name, f"h={h}", inside & (horizon == h)
    areas = {"area": area_of(rows["country"].to_numpy())}
    for name in ("area", "country", "year"):
        column = areas[name] if name in areas else rows[name].to_numpy()
        for value in np.unique(column):
            yield name, str(value), column == value


def held_back_strata(rows: Mapping[str, NDArray[Any]], names: Iterable[str]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Give the strata of held-back origins, by which campaigns are compared, and which rows belong to each.

    Parameters
    ----------
    rows
        ``country`` (ISO 3166-1 alpha-3 codes), ``hard_onset`` (as `hard_onset` says), and where a stratum asks for
        them ``at_risk`` and ``war_total``, each of shape (n,).
    names
        Strata of `HELD_BACK` besides ``all``.

    Yields
    ------
    ``all``, then of ``names`` those that have 50 rows and are not all.
    """
    yield "all", np.ones(len(rows["country"]), bool)
    for name in names:
        inside = HELD_BACK[name](rows)
        if inside.sum() >= _FEWEST_ROWS and not inside.all():
            yield name, inside
