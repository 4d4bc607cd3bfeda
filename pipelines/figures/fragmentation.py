"""How divided countries were, year by year: printed, and drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import altair as alt
import numpy as np
import pandas as pd
import vl_convert

from ...features.blocks.actors import deadly_debuts
from ...features.errors import COUNTRIES, CoverageError, UnknownNameError
from ...features.panels.actors import active_groups, effective_groups
from ...features.panels.control import STATE, territory_holders, territory_index
from ...features.panels.countries import country_panel
from ...features.panels.regions import region_panel
from ...features.panels.sides import sides_panel
from ...features.panels.territory import contested_share, people_of
from ...features.sources.region_population import with_population
from ..base.whole import write_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot

__all__ = ["draw_history", "history"]

_SHOWN = {
    "contested": "contested regions",
    "contested_share": "share of regions contested",
    "contested_share_population": "share of people in them",
    "tfi": "TFI",
    "tfi_population": "TFI by population",
    "effective_groups": "effective number of groups",
}
#: What only a file of populations tells.
_BY_PEOPLE = ("contested_share_population", "tfi_population")


def history(snapshot: Snapshot, countries: tuple[str, ...], *, population: Path | None = None) -> pd.DataFrame:
    """Measures of fragmentation by country and year, told at the end of December.

    Parameters
    ----------
    countries
        ISO 3166-1 alpha-3 codes.
    population
        File of people by region, by which the regions are weighed besides
        (`~faultline.features.sources.region_population`).

    Returns
    -------
    ``iso3``, ``year``, ``regions``, ``contested``, ``leading_bloc`` and how many regions it holds, ``tfi`` over all
    regions in the country's event rows, ``tfi_today`` without those that left the state, ``tfi_population`` as
    ``tfi_today`` by population (all of these empty where it is not known who fought), ``contested_share`` of the
    regions that are counted and ``contested_share_population`` of the people who live in them (empty where none are
    counted; by population where a region has none), ``groups``, ``effective_groups`` and ``new_groups`` (that were new
    within the year and killed 25).

    Raises
    ------
    UnknownNameError
        If a country is not known.
    SourceError, SchemaError, CoverageError
        If the file of populations is wrong, or holds only some regions of a country.
    """
    if population is not None:
        snapshot = replace(snapshot, regions=with_population(snapshot.regions, population))
    regions, counted, world = sides_panel(snapshot), region_panel(snapshot), country_panel(snapshot)
    active, effective, new = _groups(world)
    if population is not None:
        _check_people(counted, countries, population)
    territory = _Territory.of(regions, snapshot.actors.set_index("actor_id")["name"])
    shares = {
        "contested_share": contested_share(counted),
        "contested_share_population": contested_share(counted, weight=people_of(counted)),
    }
    rows: list[dict[str, object]] = []
    for code in countries:
        unit = _position(world, code)
        gwno = int(world.units["gwno"].iloc[unit])
        for t in np.flatnonzero(world.months.month == 12).tolist():  # noqa: PLR2004  # December
            if not world.observed[t, unit]:
                continue
            row: dict[str, object] = {"iso3": code, "year": int(world.months[t].year)}
            row |= territory.at(gwno, world.months[0].ordinal + t)
            c = t + world.months[0].ordinal - counted.months[0].ordinal
            if gwno in shares["contested_share"] and 0 <= c < counted.shape[0]:
                row |= {name: float(share[gwno][c]) for name, share in shares.items()}
            row |= {
                "groups": int(active[t, unit]),
                "effective_groups": float(effective[t, unit]),
                "new_groups": int(new[max(t - 11, 0) : t + 1, unit].sum()),
            }
            rows.append(row)
    columns = ["regions", "contested", "leading_bloc", "leading_bloc_regions", "tfi", "tfi_today", "tfi_population"]
    order = ["iso3", "year", *columns, *shares, "groups", "effective_groups", "new_groups"]
    return pd.DataFrame(rows).reindex(columns=order)


def _groups(world: Panel) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Active groups, their effective number, and those whose first deadly year a month proves, each of shape (T, U)."""
    n_units, new = world.shape[1], np.zeros(world.shape)
    np.add.at(new.T, world.actors.unit, deadly_debuts(world.actors).T)
    return active_groups(world.actors, n_units), effective_groups(world.actors, n_units), new


def _position(world: Panel, code: str) -> int:
    """Position of a country; of states that shared a code, the latest."""
    at = np.flatnonzero(world.units["iso3"].to_numpy() == code)
    if not len(at):
        raise UnknownNameError("country (ISO 3166-1 alpha-3)", code, set(world.units["iso3"]), listed_by=COUNTRIES)
    return int(at[-1])


@dataclass(frozen=True)
class _Territory:
    """Who holds each region and how divided that is, month by month, by country's number."""

    first_month: int
    holders: Mapping[int, NDArray[np.int64]]
    indices: dict[str, dict[int, NDArray[np.float64]]]
    names: pd.Series

    @classmethod
    def of(cls, regions: Panel, names: pd.Series) -> Self:
        """Gather them; ``names`` are those of the actors."""
        indices = {
            "tfi": territory_index(regions),
            "tfi_today": territory_index(regions, today=True),
            "tfi_population": territory_index(regions, today=True, weight=people_of(regions)),
        }
        return cls(regions.months[0].ordinal, territory_holders(regions), indices, names)

    def at(self, gwno: int, month: int) -> dict[str, object]:
        """Tell it of a month (ordinal); empty where it is not known who fought."""
        index, r = self.indices["tfi"], month - self.first_month
        if gwno not in index or r >= len(index[gwno]) or np.isnan(index[gwno][r]):
            return {}
        mine = self.holders[gwno][r]
        blocs, count = np.unique(mine[mine != STATE], return_counts=True)
        lead = int(np.argmax(count)) if len(blocs) else -1
        return {
            "regions": len(mine),
            "contested": int(count.sum()),
            "leading_bloc": str(self.names.get(int(blocs[lead]), f"actor {blocs[lead]}")) if lead >= 0 else None,
            "leading_bloc_regions": int(count[lead]) if lead >= 0 else 0,
            **{name: float(values[gwno][r]) for name, values in self.indices.items()},
        }


def _check_people(regions: Panel, countries: tuple[str, ...], file: Path) -> None:
    iso3, people = regions.units["iso3"].to_numpy(), people_of(regions)
    for code in countries:
        missing = regions.units.index[(iso3 == code) & np.isnan(people)]
        if 0 < len(missing) < int((iso3 == code).sum()):
            msg = f"file {file}: {len(missing)} of {code}'s regions have no population, such as {missing[0]}."
            raise CoverageError(msg, remedy="Give all regions of a country, or none.")


def draw_history(table: pd.DataFrame, file: Path) -> None:
    """Draw TFI, contested regions, their share and the effective number of groups by year, as PNG."""
    named = {name: said for name, said in _SHOWN.items() if name not in _BY_PEOPLE or table[name].notna().any()}
    long = table.melt(["iso3", "year"], list(named), var_name="measure").dropna(subset="value")
    long["measure"] = long["measure"].map(named)
    chart = (
        alt.Chart(long.astype({"value": "float64"}))
        .mark_line(point=True)
        .encode(
            x=alt.X("year:Q", axis=alt.Axis(format="d"), scale=alt.Scale(nice=False, padding=8), title=None),
            y=alt.Y("value:Q", scale=alt.Scale(padding=8), title=None),
            color=alt.Color("iso3:N", title="Country"),
        )
        .properties(width=620, height=150)
        .facet(row=alt.Row("measure:N", title=None, sort=list(named.values())))
        .resolve_scale(y="independent")
        .properties(title="Fragmentation by year")
    )
    write_bytes(file, vl_convert.vegalite_to_png(chart.to_json(), scale=2))
