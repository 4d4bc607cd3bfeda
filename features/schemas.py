"""Contracts of every canonical table, of the panel and of the scores, checked with pandera.

A canonical table is what a source hands on: long, typed, with ``known_on``, the day on which the row could be known.
``month`` is always the first day of a calendar month. These contracts hold at the borders only; between them
everything is arrays of months x units.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import pandera.pandas as pa
from pandera.engines import pandas_engine

from .errors import SchemaError, UnknownNameError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SCHEMAS", "VIOLENCE_TYPES", "validate"]

#: UCDP's three types of organised violence: state-based, non-state, one-sided (GED types 1, 2, 3).
VIOLENCE_TYPES = ("sb", "ns", "os")

_FIRST_MONTH = pd.Timestamp("1946-01-01")
_Check = cast("Any", pa.Check)  # pandera leaves its parameters' types open


def _gwno(**kwargs: Any) -> pa.Column:
    return pa.Column("int32", _Check.in_range(2, 999), description="Gleditsch-Ward state number", **kwargs)


def _is_first_day(days: pd.Series) -> pd.Series:
    return days.dt.day == 1


def _month() -> pa.Column:
    return pa.Column(
        "datetime64[s]",
        [
            _Check(_is_first_day, element_wise=False, error="is not the first day of a month"),
            _Check.ge(_FIRST_MONTH),
        ],
        description="first day of the calendar month",
    )


def _known_on() -> pa.Column:
    return pa.Column("datetime64[s]", description="day on which the row could be known")


def _text(description: str, **kwargs: Any) -> pa.Column:
    return pa.Column("str", description=description, **kwargs)


def _count(description: str) -> pa.Column:
    return pa.Column("int32", _Check.in_range(0, 2_000_000), description=description)


def _share(description: str) -> pa.Column:
    return pa.Column("float64", _Check.in_range(0, 2_000_000), description=description)


def _violence_type() -> pa.Column:
    return _text("sb state-based, ns non-state, os one-sided", checks=_Check.isin(VIOLENCE_TYPES))


def _lat(*, nullable: bool = False) -> pa.Column:
    return pa.Column("float64", _Check.in_range(-90, 90), nullable=nullable, description="latitude, degrees north")


def _lon(*, nullable: bool = False) -> pa.Column:
    return pa.Column("float64", _Check.in_range(-180, 180), nullable=nullable, description="longitude, degrees east")


def _day(description: str) -> pa.Column:
    return pa.Column("datetime64[s]", description=description)


def _probability(description: str) -> pa.Column:
    return pa.Column("float64", _Check.in_range(0, 1), nullable=True, description=description)


def _deaths(description: str) -> pa.Column:
    return pa.Column("float64", _Check.ge(0), nullable=True, description=description)


def _table(name: str, columns: dict[str, pa.Column], unique: list[str], description: str) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        columns, name=name, unique=unique, strict=True, ordered=True, coerce=False, description=description
    )


#: Canonical tables by name. The snapshot holds one Parquet file for each.
SCHEMAS: dict[str, pa.DataFrameSchema] = {
    cast("str", cast("Any", s).name): s
    for s in (
        _table(
            "countries",
            {
                "gwno": _gwno(),
                "iso3": _text("ISO 3166-1 alpha-3", checks=_Check.str_matches(r"^[A-Z]{3}$")),
                "name": _text("name of the state"),
                "region": _text("UCDP region"),
                "first_month": _month(),
                "last_month": pa.Column(
                    "datetime64[s]", nullable=True, description="last month in the state system; empty if it goes on"
                ),
                "lat": _lat(nullable=True),
                "lon": _lon(nullable=True),
            },
            ["gwno"],
            "States of the world and the months in which they were members of the state system.",
        ),
        _table(
            "country_neighbours",
            {"gwno": _gwno(), "neighbour": _gwno()},
            ["gwno", "neighbour"],
            "Pairs of states that share a land border, each pair both ways.",
        ),
        _table(
            "country_month",
            {
                "gwno": _gwno(),
                "month": _month(),
                "violence_type": _violence_type(),
                "events": _count("UCDP events"),
                "deaths": _count("deaths, UCDP best estimate"),
                "provisional": pa.Column("bool", description="from a candidate release, to be replaced"),
                "known_on": _known_on(),
            },
            ["gwno", "month", "violence_type"],
            "Events and deaths by country, month and type; an absent row is zero.",
        ),
        _table(
            "actors",
            {
                "actor_id": pa.Column("int32", description="UCDP actor id"),
                "name": _text("UCDP name (given in hindsight)"),
            },
            ["actor_id"],
            "Organised non-state armed actors.",
        ),
        _table(
            "actor_lineage",
            {
                "actor_id": pa.Column("int32", description="UCDP actor id"),
                "predecessor_id": pa.Column("int32", description="UCDP actor id of the group it came from"),
                "kind": _text(
                    "splinter: split from it (ActorIdPrev); merger: the predecessor joined it or allied into it "
                    "(ActorIdGroup, ActorIdAlliance); rename: the same group under a new id",
                    checks=_Check.isin(("splinter", "merger", "rename")),
                ),
            },
            ["actor_id", "predecessor_id", "kind"],
            "Where each organised actor came from; a rename that keeps its id needs no row.",
        ),
        _table(
            "actor_month",
            {
                "actor_id": pa.Column("int32", description="UCDP actor id"),
                "gwno": _gwno(),
                "month": _month(),
                "violence_type": _violence_type(),
                "events": _share("events, split where a dyad fights in several countries"),
                "deaths": _share("deaths, split where a dyad fights in several countries"),
                "shared": pa.Column("bool", description="true where the country was inferred by splitting"),
                "known_on": _known_on(),
            },
            ["actor_id", "gwno", "month", "violence_type"],
            "Organised non-state armed actors by country and month, from state-based and non-state dyads.",
        ),
        _table(
            "regions",
            {
                "region_id": _text("the boundary's own code"),
                "name": _text("name of the region"),
                "gwno": _gwno(),
                "iso3": _text("ISO 3166-1 alpha-3"),
                "iso_3166_2": _text("ISO 3166-2, empty where the boundary file has none", nullable=True),
                "lat": _lat(),
                "lon": _lon(),
                "boundary_version": _text("boundary file and version"),
            },
            ["region_id"],
            "Admin-1 regions and the centre of their events (of the region where it saw none).",
        ),
        _table(
            "region_neighbours",
            {"region_id": _text("region"), "neighbour": _text("region that touches it")},
            ["region_id", "neighbour"],
            "Pairs of regions that touch, each pair both ways.",
        ),
        _table(
            "region_coverage",
            {
                "gwno": _gwno(),
                "first_month": _month(),
                "last_month": _month(),
                "source": _text("release the rows were counted from"),
            },
            ["gwno"],
            "Months in which a country's event rows are complete: outside them a region's zero means unknown.",
        ),
        _table(
            "region_month",
            {
                "region_id": _text("region; empty for deaths known to the country only", nullable=True),
                "gwno": _gwno(),
                "month": _month(),
                "violence_type": _violence_type(),
                "side_a_id": pa.Column("int32", description="UCDP actor id of side A"),
                "side_b_id": pa.Column("int32", description="UCDP actor id of side B (civilians 9999)"),
                "organised": pa.Column("bool", description="fought between organised actors, not communal"),
                "events": _count("events (an event of several months counts in each)"),
                "deaths": _count("deaths, UCDP best estimate, allocated over the event's days"),
                "known_on": _known_on(),
            },
            ["region_id", "gwno", "month", "violence_type", "side_a_id", "side_b_id"],
            "Events and deaths by region, month, type and pair of actors.",
        ),
        _table(
            "coups",
            {
                "gwno": _gwno(),
                "date": pa.Column("datetime64[s]", description="day of the attempt"),
                "successful": pa.Column("bool", description="the attempt unseated the government"),
                "source": _text("who records it"),
                "known_on": _known_on(),
            },
            ["gwno", "date", "source"],
            "Coup attempts.",
        ),
        _table(
            "un_bases",
            {
                "mission": _text("UN mission"),
                "gwno": _gwno(),
                "region_id": _text("region of the base where bundled", nullable=True),
                "month": _month(),
                "location": _text("place"),
                "lat": _lat(nullable=True),
                "lon": _lon(nullable=True),
                "troops": _count("troops; relative intensity from 2021 on"),
                "known_on": _known_on(),
            },
            ["mission", "gwno", "month", "location"],
            "UN peacekeeping bases, one full picture of a mission for each month that a map exists.",
        ),
        _table(
            "scores",
            {
                "location_code": _text("ISO 3166-1 alpha-3 of the country"),
                "location_name": _text("name of the country"),
                "admin_level": pa.Column("int8", _Check.isin((0, 1)), description="0 country, 1 region"),
                "admin1_code": _text("region, the boundary's own code; empty for countries", nullable=True),
                "admin1_name": _text("name of the region", nullable=True),
                "iso_3166_2": _text("ISO 3166-2 of the region where known", nullable=True),
                "gwno": _gwno(),
                "target": _text("what is forecast"),
                "horizon_months": pa.Column("int16", _Check.in_range(1, 36), description="H, months after the origin"),
                "reference_period_start": _day("first day that the forecast speaks of"),
                "reference_period_end": _day("last day that the forecast speaks of"),
                "forecast_issue_date": _day("day on which the forecast was issued"),
                "data_through": _day("last day of the data that it rests on"),
                "probability": _probability("calibrated probability of the target"),
                "prob_low": _probability("lower end of the 90 % interval of the probability"),
                "prob_high": _probability("upper end of the 90 % interval of the probability"),
                "baseline_probability": _probability("persistence's probability of the same"),
                "mean_deaths": _deaths("mean of the forecast of deaths in the reference period"),
                "q05": _deaths("5 % quantile of deaths"),
                "q25": _deaths("25 % quantile of deaths"),
                "q50": _deaths("median of deaths"),
                "q75": _deaths("75 % quantile of deaths"),
                "q95": _deaths("95 % quantile of deaths"),
                "risk_score_0_10": pa.Column(
                    "float64", _Check.in_range(0, 10), nullable=True, description="ten times the probability"
                ),
                "risk_class": pa.Column(
                    "Int8", _Check.isin((1, 2, 3, 4, 5)), nullable=True, description="class by fixed thresholds"
                ),
                "rank": pa.Column(
                    "Int32", _Check.ge(1), nullable=True, description="rank within level, target and horizon"
                ),
                "change_since_last_issue": pa.Column(
                    "float64", _Check.in_range(-1, 1), nullable=True, description="change of the probability"
                ),
                "top_drivers": _text("what moved the score most, in words, ';' between", nullable=True),
                "model_name": _text("registered model or forecaster"),
                "model_version": _text("version in the registry"),
                "run_id": _text("MLflow run"),
                "boundary_version": _text("boundaries of the regions, or 'country'"),
                "is_provisional": pa.Column("bool", description="rests on candidate events, to be replaced"),
                "warning": _text("such as 'stale: ...'; empty if none", nullable=True),
            },
            ["location_code", "gwno", "admin1_code", "target", "horizon_months"],
            "One forecast a row: unit, target and horizon.",
        ),
    )
}


def validate(table: pd.DataFrame, name: str, *, file: str | Path | None = None) -> pd.DataFrame:
    """Check a canonical table against its contract and hand it on unchanged.

    Parameters
    ----------
    table
        Rows to check.
    name
        A key of `SCHEMAS`.
    file
        Where the rows came from, named in the error. In a ``.csv`` or ``.tsv`` file the index counts its rows from 0,
        so that index 0 is line 2; elsewhere the error counts records from 1.

    Raises
    ------
    UnknownNameError
        If no contract has that name.
    SchemaError
        At the first broken rule, with file, row and column.
    """
    if name not in SCHEMAS:
        raise UnknownNameError("table", name, SCHEMAS)
    schema = SCHEMAS[name]
    fault = _of_columns(table, list(schema.columns)) or _of_types(table, schema) or _of_keys(table, schema)
    if fault is not None:
        raise fault.error(name, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            return schema.validate(table)  # eager: stops at the first broken rule
    except pa.errors.SchemaError as error:
        raise _of_values(error, table).error(name, file) from None


@dataclass(frozen=True, slots=True)
class _Fault:
    """A broken rule: what, and where. ``position`` counts the table's rows from 0."""

    problem: str
    column: str | None = None
    position: int | None = None

    def error(self, name: str, file: str | Path | None) -> SchemaError:
        row: int | str | None = None
        if self.position is not None:
            has_lines = file is not None and str(file).endswith((".csv", ".tsv"))
            row = self.position + 2 if has_lines else f"record {self.position + 1:,}"
        return SchemaError(
            f"the table {name!r} breaks its contract: {self.problem}.",
            file=file,
            row=row,
            column=self.column,
            remedy="Correct it at its source, or build the tables again with `faultline snapshot build`.",
        )


def _of_columns(table: pd.DataFrame, expected: list[str]) -> _Fault | None:
    found = [str(column) for column in table.columns]
    for column in expected:
        if column not in found:
            return _Fault(f"the column is missing; the table has {', '.join(found) or 'no columns'}", column)
    for column in found:
        if column not in expected:
            return _Fault(f"no such column belongs there; the table has {', '.join(expected)}", column)
    if found != expected:
        return _Fault(f"the columns must stand in this order, each once: {', '.join(expected)}")
    return None


def _of_types(table: pd.DataFrame, schema: pa.DataFrameSchema) -> _Fault | None:
    """Before pandera, which may try values of another type against checks that they cannot meet."""
    for column, rule in cast("dict[str, pa.Column]", schema.columns).items():
        found = table[column].dtype
        if not cast("Any", rule.dtype).check(pandas_engine.Engine.dtype(found)):
            return _Fault(f"the column holds {found} where {rule.dtype} belongs", column)
    return None


def _of_keys(table: pd.DataFrame, schema: pa.DataFrameSchema) -> _Fault | None:
    keys = cast("list[str]", schema.unique)
    again = table.duplicated(keys).to_numpy()
    if not again.any():
        return None
    position = int(again.argmax())
    key = ", ".join(f"{column} {_shown(table[column].iloc[position])}" for column in keys)
    return _Fault(f"the key ({key}) stood in an earlier row ({_such(int(again.sum()))})", ", ".join(keys), position)


def _of_values(error: pa.errors.SchemaError, table: pd.DataFrame) -> _Fault:
    raised = cast("Any", error)
    check, cases = raised.check, cast("object", raised.failure_cases)
    column = cast("str | None", getattr(raised.schema, "name", None))
    if not isinstance(cases, pd.DataFrame) or cases.empty or column not in table.columns:
        return _Fault(str(error).splitlines()[0])
    first = cases.iloc[0]
    position = table.index.get_loc(first["index"])
    if check == "not_nullable":
        problem = f"the value is missing ({_such(len(cases))})"
    else:
        problem = f"found {_shown(first['failure_case'])}, which {_rule(check)} ({_such(len(cases))})"
    return _Fault(problem, column, position if isinstance(position, int) else None)


def _rule(check: Any) -> str:
    given = cast("dict[str, Any]", getattr(check, "statistics", None) or {})
    if "allowed_values" in given:
        return f"is none of {', '.join(map(str, given['allowed_values']))}"
    if "pattern" in given:
        return f"is not of the form {given['pattern']}"
    if "max_value" in given:
        return f"is not in {given['min_value']:,} to {given['max_value']:,}"
    if "min_value" in given:
        return f"is below {_shown(given['min_value'])}"
    return str(getattr(check, "error", check))


def _shown(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return repr(value) if isinstance(value, str) else str(value)


def _such(count: int) -> str:
    return f"{count:,} such row" + ("s" if count > 1 else "")
