"""Columns that the contracts of several tables share: their type, range and words."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd
import pandera.pandas as pa

__all__ = [
    "EVERYWHERE",
    "VIOLENCE_TYPES",
    "Check",
    "contract",
    "count",
    "day",
    "deaths",
    "gwno",
    "known_on",
    "lat",
    "lon",
    "month",
    "probability",
    "share",
    "text",
    "violence_type",
]

#: UCDP's three types of organised violence: state-based, non-state, one-sided (GED types 1, 2, 3).
VIOLENCE_TYPES = ("sb", "ns", "os")

_FIRST_MONTH = pd.Timestamp("1946-01-01")
Check = cast("Any", pa.Check)  # pandera leaves its parameters' types open


def gwno(**kwargs: Any) -> pa.Column:
    """State number, 2 to 999."""
    return pa.Column("int32", Check.in_range(2, 999), description="Gleditsch-Ward state number", **kwargs)


def _is_first_day(days: pd.Series) -> pd.Series:
    return days.dt.day == 1


def month() -> pa.Column:
    """First day of a month since 1946."""
    return pa.Column(
        "datetime64[s]",
        [
            Check(_is_first_day, element_wise=False, error="is not the first day of a month"),
            Check.ge(_FIRST_MONTH),
        ],
        description="first day of the calendar month",
    )


def known_on() -> pa.Column:
    """Day on which the row could be known."""
    return pa.Column("datetime64[s]", description="day on which the row could be known")


def text(description: str, **kwargs: Any) -> pa.Column:
    """Text."""
    return pa.Column("str", description=description, **kwargs)


def count(description: str) -> pa.Column:
    """Whole number from 0 on."""
    return pa.Column("int32", Check.in_range(0, 2_000_000), description=description)


def share(description: str) -> pa.Column:
    """Number from 0 on, whole or not."""
    return pa.Column("float64", Check.in_range(0, 2_000_000), description=description)


def violence_type() -> pa.Column:
    """One of UCDP's three types."""
    return text("sb state-based, ns non-state, os one-sided", checks=Check.isin(VIOLENCE_TYPES))


def lat(*, nullable: bool = False) -> pa.Column:
    """Latitude."""
    return pa.Column("float64", Check.in_range(-90, 90), nullable=nullable, description="latitude, degrees north")


def lon(*, nullable: bool = False) -> pa.Column:
    """Longitude."""
    return pa.Column("float64", Check.in_range(-180, 180), nullable=nullable, description="longitude, degrees east")


def day(description: str) -> pa.Column:
    """Calendar day."""
    return pa.Column("datetime64[s]", description=description)


def probability(description: str) -> pa.Column:
    """Number from 0 to 1."""
    return pa.Column("float64", Check.in_range(0, 1), nullable=True, description=description)


def deaths(description: str) -> pa.Column:
    """Deaths, whole or not."""
    return pa.Column("float64", Check.ge(0), nullable=True, description=description)


def contract(name: str, columns: dict[str, pa.Column], unique: list[str], description: str) -> pa.DataFrameSchema:
    """Contract of a table: these columns in this order and no others."""
    return pa.DataFrameSchema(
        columns, name=name, unique=unique, strict=True, ordered=True, coerce=False, description=description
    )


#: Country of a link that holds wherever the groups fight.
EVERYWHERE = 0
