"""What followed cases and their matched months: deaths, armed actors, contested regions; how sure a difference is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ...models.scores.comparison import bootstrap_mean, codes
from .matching import matched_months

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...features.arrays import BoolArray
    from ...features.panels.panel import Panel
    from .matching import Windows

__all__ = ["COLUMNS", "FEWEST_COUNTRIES", "FEWEST_DEATHS", "MEASURES", "RISE", "Aftermath", "compared", "follow_up"]

#: Below so many countries a bootstrap over them says nothing, and no interval is given.
FEWEST_COUNTRIES: Final = 5
#: A rise is by this factor to at least so many deaths, from at least as many: the target `rise_30`.
RISE, FEWEST_DEATHS = 1.3, 25
COLUMNS: Final = (
    *("case", "role", "iso3", "country", "month", "date", "what", "also", "classes", "initiator"),
    *("source", "source_url", "deaths_before", "deaths_after", "rise", "new_actors_before", "new_actors_after"),
    *("contested_before", "contested_after", "distance", "controls", "state", "deaths"),
)
#: What is compared, in words.
MEASURES: Final = {
    "growth": "deaths after over deaths before (geometric mean, one added to each)",
    "rise": "deaths up by 30 %, of those with 25 or more before",
    "new_actors": "new armed actors that killed 25",
    "contested": "change in the share of regions that are contested",
}


@dataclass(frozen=True)
class Aftermath:
    """What is looked up around a month.

    Attributes
    ----------
    panel
        Countries.
    new_actors
        Groups, new in the country, that reached 25 deaths in the month; shape (T, U).
    contested
        Share of the regions that are contested, by Gleditsch-Ward number, shape (R,); NaN where not known.
    region_months
        The R months of it.
    """

    panel: Panel
    new_actors: NDArray[np.float64]
    contested: Mapping[int, NDArray[np.float64]]
    region_months: pd.PeriodIndex

    @cached_property
    def _gwno(self) -> NDArray[np.int64]:
        return self.panel.units["gwno"].to_numpy(np.int64)

    @cached_property
    def _names(self) -> list[tuple[str, str]]:
        units = self.panel.units
        return list(zip(units["iso3"].tolist(), units["name"].tolist(), strict=True))

    def share_contested(self, month: int, unit: int) -> float:
        """Share of a country's regions that are contested over the 12 months to one; NaN where it is not known."""
        at = self.panel.months[0].ordinal + month - self.region_months[0].ordinal
        own = self.contested.get(int(self._gwno[unit]))
        return float("nan") if own is None or not 0 <= at < len(own) else float(own[at])

    def around(self, month: int, unit: int, before: float, after: float, within: int) -> dict[str, Any]:
        """Tell one month of a country: see `COLUMNS`."""
        new, deaths = self.new_actors[:, unit], self.panel.deaths[:, unit]
        known = not np.isnan(after)
        rises = before >= FEWEST_DEATHS and known
        span = range(month - within, month + within + 1)
        usable = self.panel.observed[:, unit] & ~self.panel.war_total[:, unit]
        iso3, country = self._names[unit]
        return {
            "iso3": iso3,
            "country": country,
            "month": str(self.panel.months[month]),
            "deaths_before": before,
            "deaths_after": after,
            "rise": float(after >= max(RISE * before, FEWEST_DEATHS)) if rises else np.nan,
            "new_actors_before": float(new[max(month - within, 0) : month].sum()),
            "new_actors_after": float(new[month + 1 : month + 1 + within].sum()) if known else np.nan,
            "contested_before": self.share_contested(month - 1, unit),
            "contested_after": self.share_contested(month + within, unit) if known else np.nan,
            "deaths": [float(deaths[t]) if 0 <= t < len(deaths) and usable[t] else None for t in span],
        }


def follow_up(
    cases: pd.DataFrame, aftermath: Aftermath, around: Windows, eligible: BoolArray, region: NDArray[np.int64]
) -> pd.DataFrame:
    """Look up what followed each case and its matched months.

    Parameters
    ----------
    cases
        One row a case: ``at`` and ``unit``, the positions of its month and country, and what is told of it.
    around, eligible, region
        As `~faultline.pipelines.cases.matching.matched_months` takes them.

    Returns
    -------
    DataFrame
        A row a case (``role`` is ``case``) and below it one for each control, with `COLUMNS`: ``deaths_before`` and
        ``deaths_after`` of the windows, NaN where they are not known or not over; ``rise`` 1 or 0, NaN where fewer than
        25 had died before; ``new_actors_before`` and ``new_actors_after``; ``contested_before`` and
        ``contested_after``, shares of regions; ``distance`` of a control; the number of ``controls``; ``state``:
        ``compared``, ``no control``, ``not over`` or ``not known`` (before 1990, or a war's total is booked on a month
        of it); ``deaths``, a month each from W before to W after, None where not known.
    """
    within = around.within
    told: list[dict[str, Any]] = []
    last = aftermath.panel.shape[0] - 1
    for row in cases.to_dict("records"):
        month, unit = int(row["at"]), int(row["unit"])
        name = f"{aftermath.panel.units['iso3'].iloc[unit]} {aftermath.panel.months[month]}"
        before, after = float(around.before[month, unit]), float(around.after[month, unit])
        found = [] if np.isnan(after) else matched_months((month, unit), around, eligible, region)
        state = "compared" if found else "no control"
        if np.isnan(before) or np.isnan(after):
            state = "not over" if month + within > last else "not known"
        own = {key: row[key] for key in ("date", "what", "also", "classes", "initiator", "source", "source_url")}
        here = aftermath.around(month, unit, before, after, within)
        told.append({"case": name, "role": "case", **here, **own, "controls": len(found), "state": state})
        for at, other, distance in found:
            values = float(around.before[at, other]), float(around.after[at, other])
            there = aftermath.around(at, other, *values, within)
            told.append({"case": name, "role": "control", **there, "distance": distance})
    return pd.DataFrame(told, columns=list(COLUMNS))


def compared(rows: pd.DataFrame) -> pd.DataFrame:
    """Set the cases beside the mean of their own controls.

    Returns
    -------
    DataFrame
        One row for each of `MEASURES`: the numbers of ``cases`` compared and of their ``countries``, the means
        ``of_cases`` and ``of_controls``, and their ``difference`` (of ``growth`` the ratio) with its 90 % interval by
        bootstrap over countries, ``low`` and ``high``: NaN below `FEWEST_COUNTRIES`, and all where there is no case.
    """
    with_controls = rows.loc[(rows["role"] == "case") & (rows["state"] == "compared"), "case"]
    known = rows[rows["case"].isin(with_controls)]
    after, before = (np.log1p(known[f"deaths_{side}"].to_numpy(np.float64)) for side in ("after", "before"))
    measures = {
        "growth": pd.Series(after - before, known.index),
        "rise": known["rise"],
        "new_actors": known["new_actors_after"],
        "contested": known["contested_after"] - known["contested_before"],
    }
    told: list[dict[str, object]] = []
    for measure, values in measures.items():
        mean = values.astype("float64").groupby([known["case"], known["role"]]).mean().unstack("role")  # noqa: PD010
        both = mean.reindex(columns=["case", "control"]).dropna()
        country = both.index.str[:3]
        difference = (both["case"] - both["control"]).to_numpy(np.float64)
        interval = bootstrap_mean(difference, codes(country.to_series()))
        ends = (interval.low, interval.high) if country.nunique() >= FEWEST_COUNTRIES else (np.nan, np.nan)
        found = [both["case"].mean(), both["control"].mean(), interval.mean, *ends]
        found = np.exp(found) if measure == "growth" else found
        names = ("of_cases", "of_controls", "difference", "low", "high")
        counts = {"measure": measure, "cases": len(both), "countries": country.nunique()}
        told.append({**counts, **{name: float(value) for name, value in zip(names, found, strict=True)}})
    return pd.DataFrame(told)
