"""Foreign deployments, as the project compiles them: `features/reference/deployments.csv`.

The rules of the table stand beside it in `features/reference/deployments.md`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..contracts.canonical import validate
from ..contracts.political import ACTOR_CLASSES, CONSENTS, DEPLOYMENT_FACTS, INITIATORS
from .curated import PROVENANCE, REFERENCE, as_text, day_or_none, one_of, read_facts
from .delimited import decimals, read_delimited, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["CODES_FILE", "DEPLOYMENTS_FILE", "in_regions", "natural_earth_regions", "read_deployments"]

#: The table that the package carries.
DEPLOYMENTS_FILE: Final = REFERENCE / "deployments.csv"
#: Which region each of Natural Earth's polygons is part of.
CODES_FILE: Final = REFERENCE / "natural_earth_regions.csv"

_COLUMNS: Final = (
    "deployment",
    "mission",
    "sending_actor",
    "actor_class",
    "regions",
    "strength_low",
    "strength_high",
    "announced_end",
    "initiator",
    "consent",
)
_ENDS: Final = ("withdrawal_announced", "departure")
_REGION = r"([A-Z]{3}-\d+|[A-Z]{2}-[A-Z0-9]{1,3}|[A-Z]{3}-[a-z0-9-]+)"
_REGIONS = rf"{_REGION}(;{_REGION})*"
_MOST = 1_000_000


def read_deployments(path: Path = DEPLOYMENTS_FILE, *, natural_earth: bool = False) -> pd.DataFrame:
    """Read the facts on foreign deployments as the canonical table ``deployments``.

    The file names regions by Natural Earth's codes, such as MLI-2809, or by those of the table ``regions``, such as
    ML-5, which take their place.

    Parameters
    ----------
    natural_earth
        Leave Natural Earth's codes as they are.

    Raises
    ------
    SourceError, SchemaError
        At the first fault: a cut or damaged file; an impossible value; a fact known before it happened; a strength
        in a row of another fact, or none in a row of a strength; an announced end in a row that announces none; an
        initiator of what is no end, or leave for what is no arrival; facts of one deployment in several countries or
        of several classes; with file, line and column. No row is dropped.
    """
    raw, facts = read_facts(path, _COLUMNS, host=("host_iso3", "host_gwno"), facts=DEPLOYMENT_FACTS, known_before=False)
    one_of(raw["actor_class"], ACTOR_CLASSES, path)
    for column in ("deployment", "mission", "sending_actor"):
        refuse(raw[column].str.strip() == "", raw[column], path, "where a name belongs")
    _one_place(raw, path)
    placed = raw["regions"] != ""
    refuse(
        placed & ~raw["regions"].str.fullmatch(_REGIONS),
        raw["regions"],
        path,
        "where codes such as ML-7 or MLI-2690 belong",
    )
    low, high = (_strength(raw, column, path) for column in ("strength_low", "strength_high"))
    refuse(low > high, raw["strength_low"], path, "which is more than strength_high")
    announced_end = _announced_end(raw, path)
    _told_of(raw["initiator"], INITIATORS, raw["fact"].isin(_ENDS), path, "an end")
    _told_of(raw["consent"], CONSENTS, raw["fact"] == "arrival", path, "an arrival")
    table = pd.DataFrame(
        {
            "fact_id": facts["fact_id"],
            **{column: raw[column] for column in ("deployment", "mission", "sending_actor", "actor_class")},
            "iso3": facts["iso3"],
            "gwno": facts["gwno"],
            "regions": as_text(raw["regions"]),
            "fact": facts["fact"],
            "date": facts["date"],
            "date_precision": facts["date_precision"],
            "strength_low": low,
            "strength_high": high,
            "announced_end": announced_end,
            "initiator": as_text(raw["initiator"]),
            "consent": as_text(raw["consent"]),
            **{column: facts[column] for column in PROVENANCE},
        }
    )
    table = table if natural_earth else in_regions(table, natural_earth_regions())
    return validate(table.reset_index(drop=True), "deployments", file=path)


@cache
def natural_earth_regions() -> Mapping[str, str]:
    """Region by Natural Earth's code of a polygon in it: `features/reference/natural_earth_regions.csv`."""
    table = read_delimited(CODES_FILE, ("adm1_code", "region_id"))
    return dict(zip(table["adm1_code"], table["region_id"], strict=True))


def in_regions(deployments: pd.DataFrame, region_of: Mapping[str, str]) -> pd.DataFrame:
    """Name the regions of the facts, which the table gives by Natural Earth's codes, as another list of regions does.

    Parameters
    ----------
    region_of
        Region by Natural Earth's code; other codes stay as they are, and name no region of that list.
    """
    moved = (
        deployments["regions"]
        .str.split(";")
        .map(lambda codes: ";".join(dict.fromkeys(region_of.get(code, code) for code in codes)), na_action="ignore")
    )
    return deployments.assign(regions=moved.astype("str"))


def _announced_end(raw: pd.DataFrame, path: Path) -> pd.Series:
    told, announces = raw["announced_end"], raw["fact"] == "withdrawal_announced"
    refuse((told != "") & ~announces, told, path, "which only a withdrawal_announced may give")
    return day_or_none(told, path)


def _strength(raw: pd.DataFrame, column: str, path: Path) -> pd.Series:
    given, wanted = raw[column] != "", raw["fact"] == "strength"
    refuse(given & ~wanted, raw[column], path, "which only a strength may give")
    refuse(wanted & ~given, raw[column], path, "where a number of people belongs")
    return decimals(raw.loc[given, column], path, low=0, high=_MOST).reindex(raw.index)


def _told_of(values: pd.Series, allowed: tuple[str, ...], where: pd.Series, path: Path, what: str) -> None:
    given = values != ""
    one_of(values[given], allowed, path)
    refuse(given & ~where, values, path, f"which only {what} may tell")


def _one_place(raw: pd.DataFrame, path: Path) -> None:
    first = raw.groupby("deployment")[["host_iso3", "actor_class"]].transform("first")
    for column in ("host_iso3", "actor_class"):
        refuse(raw[column] != first[column], raw[column], path, "which differs from the deployment's earlier rows")
