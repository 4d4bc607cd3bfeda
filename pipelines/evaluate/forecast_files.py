"""Reading forecasts and outcomes in the layouts that the field writes: ViEWS samples, hubverse, our flat table.

Every layout becomes the same `Forecasts`: one row a unit, month, target and horizon, with samples, a probability,
quantiles or a mean. What a layout does not say (the challenge's files name no target) is left empty and joins all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from ...features.errors import SchemaError
from .forecasts import NO_LEVELS, Actuals, Forecasts, Kind
from .hub_files import read_hub
from .read_columns import ReadFile, keys_of, read_file, samples_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_actuals", "read_forecasts"]

_VIEWS = {"month_id", "country_id", "draw", "outcome"}
_HUB = {"origin_date", "target", "horizon", "location", "target_end_date", "output_type", "output_type_id", "value"}
_FLAT = {"location_code", "target", "horizon_months", "reference_period_end"}
_OUTCOMES = ("outcome", "observation", "oracle_value")
_LAYOUTS = (
    "Expected ViEWS samples (month_id, country_id, draw, outcome), hubverse model output "
    "(origin_date, target, horizon, location, target_end_date, output_type, output_type_id, value) or faultline's "
    "flat table (location_code, target, horizon_months, reference_period_end, probability, mean_deaths, q05 ...)."
)


def read_forecasts(file: Path) -> tuple[Forecasts, ...]:
    """Read a file of forecasts, CSV or Parquet, in any of the three layouts.

    Raises
    ------
    SourceError
        If there is no such file or it cannot be read.
    SchemaError
        If its columns are of no known layout, or a row is wrong; names file, row and column.
    """
    read = read_file(file)
    columns = set(read.table.columns)
    if columns >= _VIEWS:
        return (_views(read),)
    if columns >= _HUB:
        return read_hub(read)
    if columns >= _FLAT:
        return _flat(read)
    near = min((_VIEWS, _HUB, _FLAT), key=lambda layout: len(layout - columns) / len(layout))
    raise SchemaError(
        f"the columns {', '.join(map(str, read.table.columns))} are of no known layout.",
        file=file,
        row=1,
        column=min(near - columns),
        remedy=_LAYOUTS,
    )


def _views(read: ReadFile) -> Forecasts:
    keys = keys_of(read.text("country_id"), read.from_views())
    return samples_of(read, keys, read.whole("draw"), read.numbers("outcome", low=0), "draw")


def _flat(read: ReadFile) -> tuple[Forecasts, ...]:
    table = read.table
    unit = read.text("location_code")
    for name in ("admin1_code", "iso_3166_2"):
        if name in table:
            given = table[name].notna().to_numpy()
            unit = np.where(given, table[name].astype(str).to_numpy(object), unit)
    keys = keys_of(unit, read.months("reference_period_end"), read.text("target"), read.whole("horizon_months"))
    read.unique(keys, "location_code")
    out: list[Forecasts] = []
    quantiles = sorted(name for name in table.columns if name[:1] == "q" and name[1:].isdigit() and len(name) == 3)  # noqa: PLR2004
    parts: tuple[tuple[Kind, list[str]], ...] = (
        ("probability", ["probability"]),
        ("mean", ["mean_deaths"]),
        ("quantiles", quantiles),
    )
    for kind, names in parts:
        if not names or not set(names) <= set(table.columns) or table[names].isna().all(axis=None):
            continue
        inside = table[names].notna().all(axis=1).to_numpy()
        values = np.column_stack([pd.to_numeric(table[name], errors="coerce").to_numpy(np.float64) for name in names])
        for position, name in enumerate(names):
            column = values[:, position]
            top = 1.0 if kind == "probability" else np.inf
            wrong = table[name].notna().to_numpy() & ~((column >= 0) & (column <= top))
            read.fault(wrong, name, f"expected a number from 0 {'to 1' if top == 1 else 'up'}")
        levels = np.array([int(name[1:]) / 100 for name in names]) if kind == "quantiles" else NO_LEVELS
        of = keys[inside]
        if kind != "probability":
            # whatever the row's own target, these columns speak of deaths, and do so again in the row of each target
            of = of.assign(target="deaths")
            once = ~of.duplicated().to_numpy()
            of, values = of[once], values[inside][once]
        else:
            values = values[inside]
        out.append(Forecasts(read.file, kind, of.reset_index(drop=True), values, levels))
    if not out:
        raise SchemaError("there is no probability, mean_deaths or q05 ... q95 in any row.", file=read.file)
    return tuple(out)


def read_actuals(file: Path) -> Actuals:
    """Read outcomes, CSV or Parquet: ``month_id, country_id, outcome`` (ViEWS), or with dates.

    The second layout has ``location`` or ``location_code``, ``target_end_date`` or ``reference_period_end``, one of
    ``outcome``, ``observation`` and ``oracle_value``, and if it wants ``target`` and ``horizon`` or ``horizon_months``.

    Raises
    ------
    SourceError, SchemaError
        As `read_forecasts`.
    """
    read = read_file(file)
    columns = list(cast("list[str]", read.table.columns))
    outcome = _one_of(read, _OUTCOMES)
    if {"month_id", "country_id"} <= set(columns):
        table = pd.DataFrame({"unit": read.text("country_id"), "month": read.from_views()})
    else:
        unit = _one_of(read, ("location", "location_code", "country_id"))
        month = _one_of(read, ("target_end_date", "reference_period_end"))
        table = pd.DataFrame({"unit": read.text(unit), "month": read.months(month)})
    table = table.astype("str")
    if "target" in columns:
        table["target"] = pd.Series(read.text("target"), dtype="str")
    horizon = [name for name in ("horizon", "horizon_months") if name in columns]
    if horizon:
        table["horizon"] = read.whole(horizon[0])
    read.unique(table, outcome)
    return Actuals(file, table.assign(outcome=read.numbers(outcome, low=0)))


def _one_of(read: ReadFile, names: tuple[str, ...]) -> str:
    found = [name for name in names if name in read.table.columns]
    if not found:
        msg = f"there is no column {' or '.join(names)}; the file has {', '.join(map(str, read.table.columns))}."
        raise SchemaError(msg, file=read.file, row=1, column=names[0])
    return found[0]
