"""Where facts were searched: inside it, one that does not stand in the tables did not happen; outside, who knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ..contracts.columns import EVERYWHERE
from ..months import month_positions
from .peacekeepers import MAP_LASTS_MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

__all__ = [
    "OLD_AFTER_DAYS",
    "coded_arrays",
    "is_coded",
    "searched_months",
    "searched_share",
    "searched_until",
    "uncoded_facts",
]

#: A search that ended longer ago than this is said to be old.
OLD_AFTER_DAYS: Final = 90
#: What was known last goes on for as long after a search as a map of UN bases does. Elections do not: of one that
#: nobody looked for nothing stands.
_GOES_ON_MONTHS: Final[dict[str, int]] = dict.fromkeys(("deployments", "transitions", "un_bases"), MAP_LASTS_MONTHS)
#: Kinds whose coverage makes an array of `coded_arrays` coded, one being enough.
_ARRAYS: Final = {
    "deployments_coded": ("deployments",),
    "transitions_coded": ("transitions",),
    "elections_coded": ("elections", "transitions"),
    "un_coded": ("un_bases", "deployments"),
}


def coded_arrays(
    coverage: pd.DataFrame, *, countries: pd.Index, months: pd.PeriodIndex
) -> Mapping[str, NDArray[np.float32]]:
    """Say in which months the facts on each country are coded: 1 where they are, 0 elsewhere, each of shape (T, C).

    Parameters
    ----------
    coverage
        The canonical table ``facts_coverage``. It has no ``known_on``: that a country was searched is no fact on it.
    countries
        Gleditsch-Ward numbers, C of them.
    months
        T months.

    Returns
    -------
    dict
        ``deployments_coded``, ``transitions_coded``, ``elections_coded`` and ``un_coded``.
    """
    of_kind = _marked(coverage, countries, months, goes_on=_GOES_ON_MONTHS)
    nowhere = np.zeros((len(months), len(countries)), np.float32)
    return {name: np.maximum.reduce([of_kind.get(kind, nowhere) for kind in kinds]) for name, kinds in _ARRAYS.items()}


def searched_months(
    coverage: pd.DataFrame, kinds: Iterable[str], *, countries: pd.Index, months: pd.PeriodIndex
) -> NDArray[np.bool_]:
    """Say in which months facts of any of some kinds were searched, shape (T, C): without what goes on after a search.

    Parameters
    ----------
    kinds
        Kinds of facts, one being enough.
    coverage, countries, months
        As `coded_arrays` takes them.
    """
    of_kind = _marked(coverage, countries, months, goes_on={})
    here = [array > 0 for kind, array in of_kind.items() if kind in set(kinds)]
    return np.logical_or.reduce([np.zeros((len(months), len(countries)), bool), *here])


def _marked(
    coverage: pd.DataFrame, countries: pd.Index, months: pd.PeriodIndex, *, goes_on: Mapping[str, int]
) -> dict[str, NDArray[np.float32]]:
    """1 by kind where a search covers the month, and for so many months more."""
    of_kind = {kind: np.zeros((len(months), len(countries)), np.float32) for kind in set(coverage["kind"])}
    until = month_positions(coverage["searched_until"], months)
    since = (coverage["first_year"].to_numpy(np.int64) - months[0].year) * 12 - (months[0].month - 1)
    for kind, gwno, start, last in zip(coverage["kind"], coverage["gwno"], since, until, strict=True):
        here = slice(max(int(start), 0), max(int(last) + 1 + goes_on.get(str(kind), 0), 0))
        where = np.ones(len(countries), bool) if gwno == EVERYWHERE else np.asarray(countries == gwno)
        of_kind[str(kind)][here, where] = 1
    return of_kind


def searched_until(coverage: pd.DataFrame, kind: str, gwno: int) -> pd.Timestamp | None:
    """Last day up to which facts of a kind were searched in a country; None where they were not."""
    rows = coverage[(coverage["kind"] == kind) & coverage["gwno"].isin((EVERYWHERE, gwno))]
    return None if rows.empty else rows["searched_until"].max()


def is_coded(coverage: pd.DataFrame, kind: str, gwno: int) -> bool:
    """Whether facts of a kind were searched in a country at all."""
    return searched_until(coverage, kind, gwno) is not None


def searched_share(coverage: pd.DataFrame, kind: str, country_month: pd.DataFrame, *, since: int, deaths: int) -> float:
    """Share of the country-months with that many deaths or more in which facts of a kind were searched.

    Parameters
    ----------
    coverage, country_month
        The canonical tables.
    since
        Year from whose January on months count.
    deaths
        Of all types of violence.
    """
    counts = country_month.groupby(["gwno", "month"])["deaths"].sum().reset_index()
    months = counts[(counts["deaths"] >= deaths) & (counts["month"].dt.year >= since)]
    spans = coverage[coverage["kind"] == kind].set_index("gwno")
    first = spans["first_year"].reindex(months["gwno"]).to_numpy()
    until = spans["searched_until"].reindex(months["gwno"]).to_numpy()
    return float(np.mean((months["month"].dt.year >= first) & (months["month"] <= until)))


def uncoded_facts(facts: pd.DataFrame, coverage: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Rows of a table of facts on countries where facts of the kind were not searched: features pass them over.

    Coups stand in the table of transitions for every country, and are left out here.
    """
    searched = coverage.loc[coverage["kind"] == kind, "gwno"]
    return facts[~facts["gwno"].isin(searched) & ~facts["fact"].str.startswith("coup_")]
