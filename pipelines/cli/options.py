"""What several commands share: options, and how settings, lists, levels, months and days are read from them."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ...features.errors import ConfigError
from ...features.months import parse_month
from ..base.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = [
    "BAD_INPUT",
    "Dissolve",
    "HorizonList",
    "IdColumn",
    "IssuesFolder",
    "LevelChoice",
    "MapBoundaries",
    "Month",
    "OtherSnapshot",
    "OwnFactsFiles",
    "Quiet",
    "RegionBoundaries",
    "SnapshotFolder",
    "TargetList",
    "day_in",
    "dissolve_in",
    "horizons_in",
    "levels_in",
    "month_in",
    "names_in",
    "settings_with",
    "today",
]

#: Exit code where the user's data or words are at fault.
BAD_INPUT = 2


class LevelChoice(StrEnum):
    """Levels that can be scored."""

    country = "country"
    region = "region"
    all = "all"

    @property
    def levels(self) -> tuple[Literal["country", "region"], ...]:
        """Names of the levels that are meant."""
        if self is LevelChoice.all:
            return ("country", "region")
        return ("country",) if self is LevelChoice.country else ("region",)


Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings and the result.")]
HorizonList = Annotated[str, typer.Option(help="Horizons in months, with commas between.")]
TargetList = Annotated[str, typer.Option(help="Targets, with commas between.")]
Month = Annotated[
    str | None, typer.Option(metavar="YYYY-MM", help="Score as of the end of this month, using nothing known later.")
]
IssuesFolder = Annotated[Path | None, typer.Option(help="Folder of the issues. [default: predictions]")]
OtherSnapshot = Annotated[
    Path | None, typer.Option(help="Folder of another snapshot, such as `faultline fetch` writes.")
]
OwnFactsFiles = Annotated[
    list[Path] | None,
    typer.Option("--facts", help="File of your own facts to lay over the bundled ones; again for another."),
]
MapBoundaries = Annotated[
    Path | None,
    typer.Option(
        help="Admin-1 polygons (GeoJSON, GeoPackage) to draw regions with. [default: those fetched, if they fit]"
    ),
]
RegionBoundaries = Annotated[
    Path | None,
    typer.Option(help="Polygons of regions (GeoJSON, GeoPackage). [default: those of `fetch boundaries`]"),
]
IdColumn = Annotated[
    str | None, typer.Option(help="Column of the polygons with the regions' codes. [default: found by its name]")
]
Dissolve = Annotated[
    list[str] | None,
    typer.Option(
        metavar="[ISO3=]COLUMN", help="Merge polygons by a column, such as BFA=region; again for other countries."
    ),
]
SnapshotFolder = Annotated[Path | None, typer.Option(help="Folder of the snapshot. [default: the user's data folder]")]


def settings_with(**given: object) -> Settings:
    """Settings, with those options that were given in place of the environment's."""
    return Settings(**{name: value for name, value in given.items() if value not in (None, [])})  # pyright: ignore[reportArgumentType]


def names_in(text: str) -> tuple[str, ...]:
    """Names with commas between."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def levels_in(names: Iterable[str], *, option: str) -> tuple[str, ...]:
    """Names of levels, each of which must be one.

    Raises
    ------
    ConfigError
        If one is no level.
    """
    levels = tuple(names)
    for level in levels:
        if level not in LevelChoice.all.levels:
            msg = f"{option}: {level!r} is neither country nor region."
            raise ConfigError(msg)
    return levels


def horizons_in(text: str) -> tuple[int, ...]:
    """Horizons in months, each once, in their order.

    Raises
    ------
    ConfigError
        If one is no number of months up to three years, or none is named.
    """
    parts = names_in(text)
    if not parts or not all(part.isdigit() and 1 <= int(part) <= 36 for part in parts):  # noqa: PLR2004  # three years
        msg = f"--horizons: {text!r} is not a list of months from 1 to 36, such as 1,3,6,12."
        raise ConfigError(msg)
    return tuple(sorted({int(part) for part in parts}))


def month_in(text: str | None, *, option: str) -> pd.Period | None:
    """Month of an option, if it is given.

    Raises
    ------
    ConfigError
        If it is no month.
    """
    return parse_month(text, option=option) if text else None


def day_in(text: str | None, *, option: str) -> pd.Timestamp | None:
    """Day of an option, if it is given.

    Raises
    ------
    ConfigError
        If it is no day.
    """
    import pandas as pd  # noqa: PLC0415  # slow to import

    if not text:
        return None
    try:
        return pd.to_datetime(text, format="%Y-%m-%d")
    except ValueError:
        msg = f"{option}: {text!r} is not a day (YYYY-MM-DD)."
        raise ConfigError(msg) from None


def dissolve_in(texts: Iterable[str]) -> dict[str, str]:
    """Read what to dissolve by: ``ISO3=COLUMN``, or ``COLUMN`` for every country.

    Raises
    ------
    ConfigError
        If one is neither.

    Examples
    --------
    >>> dissolve_in(["BFA=region", "province"])
    {'BFA': 'region', '*': 'province'}
    """
    found: dict[str, str] = {}
    for text in texts:
        country, sign, column = text.rpartition("=")
        if not column.strip() or (sign and not re.fullmatch(r"[A-Za-z]{3}", country.strip())):
            msg = f"--dissolve: {text!r} is not COLUMN or ISO3=COLUMN, such as BFA=region."
            raise ConfigError(msg)
        found[country.strip().upper() or "*"] = column.strip()
    return found


def today() -> date:
    """The user's own day."""
    return date.today()  # noqa: DTZ011
