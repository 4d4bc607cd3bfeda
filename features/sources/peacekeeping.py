"""UN peacekeeping bases of the Geo-PKO dataset: by map month to 2020, by year after it.

Source: Cil, Fjelde, Hultman and Nilsson (2020), Mapping blue helmets, doi:10.1177/0022343319871978; Geo-PKO 2.1
(monthly) and 2.3 (yearly).

A row is a place on a mission's map. Maps come out four or five times a year; nothing is filled in between them here.
Since 2021 there is only the yearly file, whose numbers are the largest of the year's maps: relative intensity, no
headcount. They stand at December, when the year's maps are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..contracts.canonical import validate
from .boundaries import region_at
from .delimited import decimals, first_of_month, read_delimited, refuse, whole_numbers
from .state_codes import state_at
from .ucdp import month_end

if TYPE_CHECKING:
    from pathlib import Path

    from geopandas import GeoDataFrame

__all__ = ["COUNTRY_GWNO", "UnBases", "read_un_bases"]

#: Countries as Geo-PKO names them. The Temporary Security Zone between Ethiopia and Eritrea lay in Eritrea; Western
#: Sahara counts to Morocco, as in UCDP.
COUNTRY_GWNO: Final[dict[str, int]] = {
    "Afghanistan": 700,
    "Algeria": 615,
    "Angola": 540,
    "Bosnia and Herzegovina": 346,
    "Burundi": 516,
    "Central African Republic": 482,
    "Chad": 483,
    "Croatia": 344,
    "Cyprus": 352,
    "DRC": 490,
    "Egypt": 651,
    "Eritrea": 531,
    "Ethiopia": 530,
    "Ethiopia/Eritrea": 531,
    "Georgia": 372,
    "Guatemala": 90,
    "Haiti": 41,
    "India": 750,
    "Iraq": 645,
    "Israel": 666,
    "Ivory Coast": 437,
    "Kenya": 501,
    "Kosovo": 347,
    "Kuwait": 690,
    "Lebanon": 660,
    "Liberia": 450,
    "Mali": 432,
    "Mauritania": 435,
    "Montenegro": 341,
    "Mozambique": 541,
    "Namibia": 565,
    "North Macedonia": 343,
    "Pakistan": 770,
    "Rwanda": 517,
    "Sierra Leone": 451,
    "Somalia": 520,
    "South Sudan": 626,
    "Sudan": 625,
    "Syria": 652,
    "Tajikistan": 702,
    "Timor-Leste": 860,
    "Uganda": 500,
    "Western Sahara": 600,
    "Zambia": 551,
    "Zimbabwe": 552,
}

_MONTHLY_THROUGH = pd.Timestamp("2020-12-31")
_UNKNOWN: Final = ("NA", "unknown", "")
_MAX_TROOPS = 100_000


@dataclass(frozen=True, slots=True)
class UnBases:
    """UN bases, and what the maps do not say.

    Attributes
    ----------
    un_bases
        Canonical table.
    data_through
        End of the last year that the yearly file covers.
    losses
        Counts of what was unknown or mended.
    """

    un_bases: pd.DataFrame
    data_through: pd.Timestamp
    losses: dict[str, float]


def read_un_bases(
    monthly: Path, yearly: Path, *, countries: pd.DataFrame, outlines: GeoDataFrame, last: pd.Timestamp
) -> UnBases:
    """Read both Geo-PKO files as the canonical table ``un_bases``.

    A place that several maps of one month show (or several rows of one year) counts once, with its largest number of
    troops. Unknown numbers count as none. A base is in the state of its month: Kosovo's before 2008 in
    Yugoslavia. ``known_on`` is the last day of the month.

    Parameters
    ----------
    monthly, yearly
        The files; of the yearly one only the years after the monthly one's last are used.
    countries
        The canonical table ``countries``.
    outlines
        Regions that bases are placed in by point in polygon.
    last
        Last day that any row may speak of.

    Raises
    ------
    SourceError, SchemaError
        If a file is missing, cut off, in another encoding or with other columns; at the first impossible value or
        unknown country; with file and line.
    """
    raw = read_delimited(
        monthly, ("mission", "year", "month", "location", "country", "latitude", "longitude", "no.troops")
    )
    first, first_losses = _canonical(
        raw.rename(columns={"no.troops": "troops"}), raw["month"], monthly, last=min(last, _MONTHLY_THROUGH)
    )
    raw = read_delimited(yearly, ("mission", "year", "location", "country", "latitude", "longitude", "NoTroops"))
    years = whole_numbers(raw["year"], yearly, low=1946, high=last.year)
    later = years > _MONTHLY_THROUGH.year
    december = pd.Series("12", raw.index, "str", "year")
    second, second_losses = _canonical(
        raw[later].rename(columns={"NoTroops": "troops"}), december[later], yearly, last=last
    )
    table = pd.concat([first, second], ignore_index=True)
    region = region_at(table["lat"], table["lon"], outlines)
    table = table.assign(
        region_id=region, gwno=state_at(table["gwno"], table["month"], countries), known_on=month_end(table["month"])
    )
    columns = ["mission", "gwno", "region_id", "month", "location", "lat", "lon", "troops", "known_on"]
    table = table[columns].sort_values(["mission", "gwno", "month", "location"], ignore_index=True)
    losses = {key: first_losses[key] + second_losses[key] for key in first_losses}
    losses["rows_of_years_that_the_monthly_file_covers"] = float((~later).sum())
    return UnBases(validate(table, "un_bases"), pd.Timestamp(int(years.max()), 12, 31), losses)


def _canonical(
    raw: pd.DataFrame, month: pd.Series, path: Path, *, last: pd.Timestamp
) -> tuple[pd.DataFrame, dict[str, float]]:
    refuse(~raw["country"].isin(list(COUNTRY_GWNO)), raw["country"], path, "which is no country that Geo-PKO names")
    refuse(raw["mission"] == "", raw["mission"], path, "where the name of a mission belongs")
    unknown = raw["troops"].isin(_UNKNOWN)
    table = pd.DataFrame(
        {
            "mission": raw["mission"].str.strip(),
            "gwno": raw["country"].map(COUNTRY_GWNO).astype("int32"),
            "month": first_of_month(raw["year"], month, path, last=last),
            "location": raw["location"].str.strip(),
            "lat": _degrees(raw["latitude"], path, limit=90),
            "lon": _degrees(raw["longitude"], path, limit=180),
            "troops": whole_numbers(raw["troops"].where(~unknown, "0"), path, low=0, high=_MAX_TROOPS),
        }
    )
    place = ["mission", "gwno", "month", "location"]
    at_point = table.groupby([*place, "lat", "lon"], as_index=False, sort=True, dropna=False)["troops"].max()
    # Two places may share a name ("unnamed location"): all but the first get a number.
    nth = at_point.groupby(place).cumcount() + 1
    numbered = at_point["location"] + " (" + nth.astype("str") + ")"
    named = at_point.assign(location=at_point["location"].where(nth == 1, numbered).astype("str"))
    losses = {
        "rows_with_unknown_troops": float(unknown.sum()),
        "rows_without_coordinates": float(table["lat"].isna().sum()),
        "rows_that_repeat_a_place": float(len(table) - len(at_point)),
    }
    return named, losses


def _degrees(values: pd.Series, path: Path, *, limit: float) -> pd.Series:
    known = ~values.isin(_UNKNOWN)
    return decimals(values[known], path, low=-limit, high=limit).round(4).reindex(values.index)
