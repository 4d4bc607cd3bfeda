"""Groups that are new to a country by their number alone, with what the label `new_armed_actor` makes of each.

A number that has not been seen for five years is a newcomer only if no group under another number stands behind it. The
list of all of them is what has to be gone through by hand; `reference/new_actors.csv` holds the verdicts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ..panels.actors import NO_EVENTS
from ..panels.panel import Lineage
from ..transforms import rolling_sum
from .fragmentation import NEW_ACTOR_ABSENT, armed_conflict, deadly_newcomers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..panels.panel import Panel

__all__ = ["HORIZONS", "SINCE", "newcomers"]

#: First origin that is looked at, and the windows, months.
SINCE: Final = pd.Period("2010-01", "M")
HORIZONS: Final = (3, 6, 12)


def newcomers(panel: Panel) -> pd.DataFrame:
    """Pairs of group and country that would be new in some window from 2010 on, had no group a forerunner.

    Only origins at which the country is at risk of `new_armed_actor` count.

    Returns
    -------
    DataFrame
        A row a pair: ``actor_id, gwno``; ``month``, the first with an event in the first window that counts;
        ``deaths``, the most in a window; ``labels``, origins whose label at 12 months the pair makes 1 by its number
        alone; ``counted``, how many of them as labels are; ``still``, whether it makes a label 1 at any horizon;
        ``returned``, whether it had events there more than five years before. Ordered by month, country and group.
    """
    actors = panel.actors
    alone = replace(panel, actors=replace(actors, lineage=Lineage.none()))
    counts = armed_conflict(panel)[:, actors.unit] & (panel.months >= SINCE)[:, None]
    by_number = {horizon: deadly_newcomers(alone, horizon) & counts for horizon in HORIZONS}
    as_labelled = {horizon: deadly_newcomers(panel, horizon) & counts for horizon in HORIZONS}
    ever = np.any([found.any(axis=0) for found in by_number.values()], axis=0)
    still = np.any([found.any(axis=0) for found in as_labelled.values()], axis=0)
    seen_before = rolling_sum(actors.events, panel.shape[0]) > NO_EVENTS
    gwno = panel.units["gwno"].to_numpy()
    rows = []
    for pair in np.flatnonzero(ever):
        longest = max(horizon for horizon, found in by_number.items() if found[:, pair].any())
        origins = np.flatnonzero(by_number[longest][:, pair])
        active = np.flatnonzero(actors.events[:, pair] > NO_EVENTS)
        rows.append(
            {
                "actor_id": int(actors.actor[pair]),
                "gwno": int(gwno[actors.unit[pair]]),
                "month": panel.months[active[active > origins[0]][0]],
                "deaths": float(_most(actors.deaths[:, pair], origins, longest)),
                "labels": int(by_number[HORIZONS[-1]][:, pair].sum()),
                "counted": int(as_labelled[HORIZONS[-1]][:, pair].sum()),
                "still": bool(still[pair]),
                "returned": bool(seen_before[max(origins[0] - NEW_ACTOR_ABSENT, 0), pair]),
            }
        )
    table = pd.DataFrame(rows)
    return table.sort_values(["month", "gwno", "actor_id"], ignore_index=True) if rows else table


def _most(deaths: NDArray[np.float32], origins: NDArray[np.int64], horizon: int) -> float:
    return max(float(deaths[origin + 1 : origin + 1 + horizon].sum()) for origin in origins)
