"""Who fought where in the world to 2020: event rows whose place is known to the town or nearer, with their sides.

The rows are of GED 21.1 with ``where_prec`` 1 or 2, about three quarters of all events. They name sides instead of
numbering them; UCDP's Actor Dataset gives the numbers, and the organisation level by which fighting between groups
counts as organised. Each event stands on one day.

Source: UCDP Georeferenced Event Dataset (CC BY 4.0), Sundberg and Melander (2013), doi:10.1177/0022343313484347.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ..contracts.canonical import validate
from .admin1_names import nearest_centre
from .boundaries import region_at
from .delimited import dates, decimals, read_delimited, refuse, refuse_duplicates, whole_numbers
from .ged_columns import CIVILIANS
from .ucdp import FIRST_MONTH, month_end

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

__all__ = ["PRECISE_THROUGH", "PreciseSides", "read_precise"]

#: Last month of the rows, and the release they are of.
PRECISE_THROUGH: Final = pd.Timestamp("2020-12-01")
RELEASE: Final = "UCDP GED 21.1, events placed to the town"

_TYPES: Final = {"State-based violence": "sb", "Non-state violence": "ns", "One-sided violence": "os"}
_ORGANISED: Final = "1"
_CIVILIANS: Final = "Civilians"
#: Sides that the Actor Dataset does not name are numbered from here on, in the order of their names.
_NAMELESS: Final = 900_000_000
_MAX_DEATHS: Final = 2_000_000
_KEYS: Final = ["region_id", "gwno", "month", "violence_type", "side_a_id", "side_b_id"]


@dataclass(frozen=True, slots=True)
class PreciseSides:
    """Who fought in which region, and what could not be told.

    Attributes
    ----------
    sides_coverage, region_sides
        Canonical tables.
    losses
        Sides without a number, events placed by the nearest centre, and events in countries without regions.
    """

    sides_coverage: pd.DataFrame
    region_sides: pd.DataFrame
    losses: dict[str, float]


def read_precise(
    path: Path,
    actor_file: Path,
    *,
    regions: pd.DataFrame,
    outlines: gpd.GeoDataFrame,
    countries: pd.DataFrame,
    on_one_outline: Mapping[str, tuple[str, ...]] | None = None,
    without: Iterable[int] = (),
) -> PreciseSides:
    """Read the rows and count them by region, month, type and pair of sides.

    An event is in the region whose outline holds it, else in the region without an outline of its own country whose
    centre is nearest (of any, where all have outlines).

    Parameters
    ----------
    path, actor_file
        The rows (CSV, may be gzipped), and UCDP's Actor Dataset.
    regions, outlines
        The canonical table, and the outlines of those that have one.
    countries
        The canonical table ``countries``.
    on_one_outline
        Regions that lie on the outline of another, by that region: the nearest centre of them decides.
    without
        States that are left out: their rows are at hand in another release.

    Raises
    ------
    SourceError, SchemaError
        If a file is missing or broken; at the first impossible value; with file, line and column.
    """
    columns = ("id", "country", "type_of_violence", "side_a", "side_b", "latitude", "longitude", "best_death", "date")
    raw = read_delimited(path, columns)
    refuse(~raw["type_of_violence"].isin(list(_TYPES)), raw["type_of_violence"], path, "which is no type of violence")
    refuse_duplicates(raw, ["id"], path)
    day = dates(raw["date"], path, last=PRECISE_THROUGH + pd.offsets.MonthEnd(0))
    deaths = whole_numbers(raw["best_death"], path, low=0, high=_MAX_DEATHS)
    points = _points(raw, path)
    state = raw["country"].map(countries.drop_duplicates("name").set_index("name")["gwno"])
    wanted = state.isin(regions["gwno"]) & ~state.isin(list(without))
    raw, points = raw[wanted], points[wanted].assign(gwno=state[wanted].astype("int32"))
    region, by_centre = _placed(points, regions, outlines, on_one_outline or {})
    sides, nameless = _sides(raw, _actors(actor_file))
    rows = sides.assign(
        region_id=region,
        gwno=points["gwno"],
        month=day[wanted].dt.to_period("M").dt.start_time.astype("datetime64[s]"),
        events=1,
        deaths=deaths[wanted],
    )
    states = np.setdiff1d(regions["gwno"].to_numpy(np.int32), np.array(list(without), np.int32))
    losses = {
        "precise_sides_without_a_number": float(nameless),
        "precise_events_placed_by_the_nearest_centre": float(by_centre),
        "precise_events_of_countries_without_regions": float((~state.isin(regions["gwno"])).sum()),
    }
    coverage, table = validate(_coverage(states), "sides_coverage"), validate(_by_month(rows), "region_sides")
    return PreciseSides(coverage, table, losses)


def _points(raw: pd.DataFrame, path: Path) -> pd.DataFrame:
    lat = decimals(raw["latitude"], path, low=-90, high=90)
    return pd.DataFrame({"lat": lat, "lon": decimals(raw["longitude"], path, low=-180, high=180)})


def _coverage(states: NDArray[np.int32]) -> pd.DataFrame:
    """The table ``sides_coverage``: the months of the release, in every state."""
    return pd.DataFrame(
        {"gwno": states, "first_month": FIRST_MONTH, "last_month": PRECISE_THROUGH, "source": RELEASE}
    ).astype({"gwno": "int32", "first_month": "datetime64[s]", "last_month": "datetime64[s]", "source": "str"})


def _by_month(events: pd.DataFrame) -> pd.DataFrame:
    """The table ``region_sides``: events by month, region and pair of sides."""
    table = events.groupby(_KEYS, as_index=False, sort=True, dropna=False).agg(
        organised=("organised", "any"), events=("events", "sum"), deaths=("deaths", "sum")
    )
    table = table.astype({"region_id": "str", "events": "int32", "deaths": "int32"})
    return table.assign(known_on=month_end(table["month"])).sort_values(_KEYS, ignore_index=True)


def _sides(raw: pd.DataFrame, actors: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Type, numbers of the sides, and whether they are organised, by row; and how many names have no number."""
    kind = raw["type_of_violence"].map(_TYPES).astype("str")
    nameless = sorted(set(raw["side_a"]) | set(raw["side_b"]) - {_CIVILIANS})
    nameless = [name for name in nameless if name not in actors.index]
    number = {**actors["number"], **{name: _NAMELESS + at for at, name in enumerate(nameless)}, _CIVILIANS: CIVILIANS}
    groups = {name for name, level in actors["level"].items() if level == _ORGANISED}
    table = pd.DataFrame(
        {
            "violence_type": kind,
            "side_a_id": raw["side_a"].map(number).astype("int32"),
            "side_b_id": raw["side_b"].map(number).where(kind != "os", CIVILIANS).astype("int32"),
            "organised": (kind != "ns") | (raw["side_a"].isin(groups) & raw["side_b"].isin(groups)),
        }
    )
    return table, len(nameless)


def _placed(
    points: pd.DataFrame,
    regions: pd.DataFrame,
    outlines: gpd.GeoDataFrame,
    on_one_outline: Mapping[str, tuple[str, ...]],
) -> tuple[pd.Series, int]:
    """Region of each point, and how many were placed by the nearest centre."""
    found: list[pd.Series] = []
    by_centre = 0
    for gwno, here in points.groupby("gwno"):
        inside = region_at(here["lat"], here["lon"], outlines[outlines["gwno"] == gwno])
        for region, others in on_one_outline.items():
            sharing = regions[regions["region_id"].isin([region, *others])]
            inside = inside.where(inside != region, nearest_centre(here[inside == region], sharing).reindex(here.index))
        outside = here[inside.isna()]
        own = regions[regions["gwno"] == gwno]
        open_ones = own[own["outline"].isna()]
        near = nearest_centre(outside, open_ones if len(open_ones) else own)
        by_centre += len(outside)
        found.append(inside.fillna(near))
    return pd.concat(found).reindex(points.index).astype("str"), by_centre


def _actors(path: Path) -> pd.DataFrame:
    """Number and organisation level of each actor, by name; of a name that stands twice, the first."""
    raw = read_delimited(path, ("ActorId", "NameData", "Org"))
    number = whole_numbers(raw["ActorId"], path, low=1, high=_NAMELESS - 1)
    table = pd.DataFrame({"name": raw["NameData"].str.strip(), "number": number, "level": raw["Org"]})
    return table.drop_duplicates("name").set_index("name")
