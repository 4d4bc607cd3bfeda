"""Contracts of canonical tables and of the scores, checked with pandera.

A canonical table is what a source hands on: long, typed, with ``known_on``, the day on which the row could be known.
``month`` is always the first day of a calendar month. These contracts hold at the borders only; between them
everything is arrays of months x units.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, cast

import pandera.pandas as pa

from ..errors import UnknownNameError
from .columns import (
    VIOLENCE_TYPES,
    Check,
    contract,
    count,
    day,
    deaths,
    gwno,
    known_on,
    lat,
    lon,
    month,
    probability,
    share,
    text,
    violence_type,
)
from .events import EVENTS
from .faults import fault_of_form, fault_of_values
from .political import POLITICAL
from .regions import REGIONS

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

__all__ = ["CONTRACTS", "VIOLENCE_TYPES", "validate"]

_EFFECTS_SHARE = (
    "what foreign forces and transitions add to the probability, where that is served; of deaths, the factor by which "
    "the model's draws are multiplied, less 1"
)
#: Contracts by table, but for those that stand beside their source.
CONTRACTS: dict[str, pa.DataFrameSchema] = {
    cast("str", cast("Any", s).name): s
    for s in (
        contract(
            "countries",
            {
                "gwno": gwno(),
                "iso3": text("ISO 3166-1 alpha-3", checks=Check.str_matches(r"^[A-Z]{3}$")),
                "name": text("name of the state"),
                "region": text("UCDP region"),
                "first_month": month(),
                "last_month": pa.Column(
                    "datetime64[s]", nullable=True, description="last month in the state system; empty if it goes on"
                ),
                "lat": lat(nullable=True),
                "lon": lon(nullable=True),
            },
            ["gwno"],
            "States of the world and the months in which they were members of the state system.",
        ),
        contract(
            "country_neighbours",
            {"gwno": gwno(), "neighbour": gwno()},
            ["gwno", "neighbour"],
            "Pairs of states that share a land border, each pair both ways.",
        ),
        contract(
            "country_month",
            {
                "gwno": gwno(),
                "month": month(),
                "violence_type": violence_type(),
                "events": count("UCDP events"),
                "deaths": count("deaths, UCDP best estimate"),
                "provisional": pa.Column("bool", description="from a candidate release, to be replaced"),
                "war_total": pa.Column("bool", description="deaths of more than a month, dated by their first day"),
                "known_on": known_on(),
            },
            ["gwno", "month", "violence_type"],
            "Events and deaths by country, month and type; an absent row is zero.",
        ),
        contract(
            "actors",
            {
                "actor_id": pa.Column("int32", description="UCDP actor id"),
                "name": text("UCDP name (given in hindsight)"),
            },
            ["actor_id"],
            "Organised non-state armed actors.",
        ),
        contract(
            "actor_lineage",
            {
                "actor_id": pa.Column("int32", description="UCDP actor id"),
                "predecessor_id": pa.Column("int32", description="UCDP actor id of the group it came from"),
                "kind": text(
                    "splinter: split from it (ActorIdPrev); merger: the predecessor joined it or allied into it "
                    "(ActorIdGroup, ActorIdAlliance); rename: the same group under a new id",
                    checks=Check.isin(("splinter", "merger", "rename")),
                ),
                "gwno": pa.Column("int32", Check.ge(0), description="country in which it holds; 0 is everywhere"),
                "known_on": known_on(),
            },
            ["actor_id", "predecessor_id", "kind", "gwno"],
            "Where each organised actor came from; a rename that keeps its id needs no row.",
        ),
        contract(
            "actor_month",
            {
                "actor_id": pa.Column("int32", description="UCDP actor id"),
                "gwno": gwno(),
                "month": month(),
                "violence_type": violence_type(),
                "events": share("events, split where a dyad fights in several countries"),
                "deaths": share("deaths, split where a dyad fights in several countries"),
                "shared": pa.Column("bool", description="true where the country was inferred by splitting"),
                "known_on": known_on(),
            },
            ["actor_id", "gwno", "month", "violence_type"],
            "Organised non-state armed actors by country and month, from state-based and non-state dyads.",
        ),
        *REGIONS,
        contract(
            "coups",
            {
                "gwno": gwno(),
                "date": pa.Column("datetime64[s]", description="day of the attempt"),
                "successful": pa.Column("bool", description="the attempt unseated the government"),
                "source": text("who records it"),
                "known_on": known_on(),
            },
            ["gwno", "date", "source"],
            "Coup attempts.",
        ),
        contract(
            "un_bases",
            {
                "mission": text("UN mission"),
                "gwno": gwno(),
                "region_id": text("region of the base where bundled", nullable=True),
                "month": month(),
                "location": text("place"),
                "lat": lat(nullable=True),
                "lon": lon(nullable=True),
                "troops": count("troops; relative intensity from 2021 on"),
                "known_on": known_on(),
            },
            ["mission", "gwno", "month", "location"],
            "UN peacekeeping bases, one full picture of a mission for each month that a map exists.",
        ),
        *POLITICAL,
        *EVENTS,
        contract(
            "scores",
            {
                "location_code": text("ISO 3166-1 alpha-3 of the country"),
                "location_name": text("name of the country"),
                "admin_level": pa.Column("int8", Check.isin((0, 1)), description="0 country, 1 region"),
                "admin1_code": text(
                    "region, the boundary's own code, or such as NGA-rest; empty for countries", nullable=True
                ),
                "admin1_name": text("name of the region", nullable=True),
                "iso_3166_2": text("ISO 3166-2 of the region where known", nullable=True),
                "gwno": gwno(),
                "target": text("what is forecast"),
                "horizon_months": pa.Column(
                    "int16", Check.in_range(1, 36), description="H, months of the window, or which of its months"
                ),
                "reference_period_start": day("first day that the forecast speaks of"),
                "reference_period_end": day("last day that the forecast speaks of"),
                "forecast_issue_date": day("day on which the forecast was issued"),
                "data_through": day("last day of the data that it rests on"),
                "months_between": pa.Column(
                    "int16",
                    Check.in_range(0, 36),
                    description="months between the data's end and the window: 0 where it follows on the data, more "
                    "where it starts in the month after the issue date",
                ),
                "probability": probability("calibrated probability of the target"),
                "prob_low": probability("lower end of the 90 % interval of the probability"),
                "prob_high": probability("upper end of the 90 % interval of the probability"),
                "baseline_probability": probability("persistence's probability of the same"),
                "base_rate": probability("how often it happened to all units at risk, windows of the last 10 years"),
                "mean_deaths": deaths("mean of the forecast of deaths in the reference period"),
                "q05": deaths("5 % quantile of deaths"),
                "q25": deaths("25 % quantile of deaths"),
                "q50": deaths("median of deaths"),
                "q75": deaths("75 % quantile of deaths"),
                "q95": deaths("95 % quantile of deaths"),
                "severe_deaths": deaths("how bad it can get: mean deaths of the worst 5 % of draws"),
                "deaths_before": deaths(
                    "deaths of as many months before the window; the median of what was drawn if unknown"
                ),
                "risk_score_0_10": pa.Column(
                    "float64", Check.in_range(0, 10), nullable=True, description="ten times the probability"
                ),
                "risk_class": pa.Column(
                    "Int8", Check.isin((1, 2, 3, 4, 5)), nullable=True, description="class by fixed thresholds"
                ),
                "rank": pa.Column(
                    "Int32", Check.ge(1), nullable=True, description="rank within level, target and horizon"
                ),
                "change_since_last_issue": pa.Column(
                    "float64",
                    Check.in_range(-1, 1),
                    nullable=True,
                    description="change of the probability; of a first issue since what is backfilled of last month",
                ),
                "top_drivers": text("what moved the score most, and how much of it, ';' between", nullable=True),
                "driver_blocks": text("log-odds that each block of features adds, ';' between", nullable=True),
                **{
                    f"effects_{end}": pa.Column("float64", Check.in_range(-1, 1), nullable=True, description=words)
                    for end, words in (
                        ("share", _EFFECTS_SHARE),
                        ("low", "lower end of its 90 % interval"),
                        ("high", "upper end of its 90 % interval"),
                    )
                },
                "effects_note": text("fact that adds most of it, or why nothing is added", nullable=True),
                "model_name": text("registered model or forecaster"),
                "model_version": text("version in the registry"),
                "run_id": text("MLflow run"),
                "boundary_version": text("boundaries of the regions, or 'country'"),
                "is_provisional": pa.Column("bool", description="rests on candidate events, to be replaced"),
                "bridged_months": pa.Column(
                    "Int16",
                    Check.ge(1),
                    nullable=True,
                    description="months up to the origin not known of the region, of which its country's deaths were "
                    "shared out; empty where none",
                ),
                "warning": text("such as 'stale: ...'; empty if none", nullable=True),
            },
            ["location_code", "gwno", "admin1_code", "target", "horizon_months", "months_between"],
            "One forecast a row: unit, target, horizon, and from when on: the end of the data, or today.",
        ),
    )
}


def validate(
    table: pd.DataFrame, contract: str | pa.DataFrameSchema, *, file: str | Path | None = None
) -> pd.DataFrame:
    """Check a canonical table against its contract and hand it on unchanged.

    Parameters
    ----------
    table
        Rows to check.
    contract
        The contract, or a key of `CONTRACTS`.
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
    if isinstance(contract, str) and contract not in CONTRACTS:
        raise UnknownNameError("table", contract, CONTRACTS)
    schema = CONTRACTS[contract] if isinstance(contract, str) else contract
    name = str(cast("Any", schema).name)
    if (fault := fault_of_form(table, schema)) is not None:
        raise fault.error(name, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            return schema.validate(table)  # eager: stops at the first broken rule
    except pa.errors.SchemaError as error:
        raise fault_of_values(error, table).error(name, file) from None
