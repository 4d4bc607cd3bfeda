"""Reading forecasts and outcomes in the layouts that the field writes: ViEWS samples, hubverse, our flat table.

Every layout becomes the same `Forecasts`: one row a unit, month, target and horizon, with samples, a probability,
quantiles or a mean. What a layout does not say (the challenge's files name no target) is left empty and joins all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from ...features.errors import SchemaError, SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["KEYS", "Actuals", "Forecasts", "Kind", "read_actuals", "read_forecasts"]

Kind = Literal["samples", "probability", "quantiles", "mean"]

#: What a forecast is of: unit, last month of its window (``YYYY-MM``), target and horizon in months (0: not said).
KEYS = ["unit", "month", "target", "horizon"]
_VIEWS = {"month_id", "country_id", "draw", "outcome"}
_HUB = {"origin_date", "target", "horizon", "location", "target_end_date", "output_type", "output_type_id", "value"}
_FLAT = {"location_code", "target", "horizon_months", "reference_period_end"}
_OUTCOMES = ("outcome", "observation", "oracle_value")
_LAYOUTS = (
    "Expected ViEWS samples (month_id, country_id, draw, outcome), hubverse model output "
    "(origin_date, target, horizon, location, target_end_date, output_type, output_type_id, value) or faultline's "
    "flat table (location_code, target, horizon_months, reference_period_end, probability, mean_deaths, q05 ...)."
)


@dataclass(frozen=True)
class Forecasts:
    """Forecasts of one kind out of one file.

    Attributes
    ----------
    file
        Where they stood.
    kind
        What ``outputs`` hold.
    keys
        `KEYS` of n rows, none of them twice.
    outputs
        Shape (n, K): K samples, K quantiles, or one probability or mean.
    levels
        Of the quantiles, shape (K,), rising; else empty.
    """

    file: Path
    kind: Kind
    keys: pd.DataFrame
    outputs: NDArray[np.float64]
    levels: NDArray[np.float64]


@dataclass(frozen=True)
class Actuals:
    """What happened: `KEYS` that the file has and ``outcome``."""

    file: Path
    table: pd.DataFrame

    @property
    def keys(self) -> list[str]:
        """The keys that the file has."""
        return [name for name in KEYS if name in self.table.columns]


@dataclass(frozen=True)
class _Read:
    """A file as read, which knows how to complain about itself."""

    file: Path
    table: pd.DataFrame

    def fault(self, bad: NDArray[np.bool_], column: str, problem: str, remedy: str | None = None) -> None:
        """Raise at the first bad row, if there is one."""
        if not bad.any():
            return
        at = int(np.argmax(bad))
        value = self.table[column].iloc[at]
        value = value.item() if isinstance(value, np.generic) else value
        count = int(bad.sum())
        such = f" ({count:,} such row{'s' if count > 1 else ''})"
        row = at + 2 if self.file.suffix == ".csv" else f"record {at + 1}"
        raise SchemaError(f"{problem}, not {value!r}{such}.", file=self.file, row=row, column=column, remedy=remedy)

    def numbers(self, column: str, *, low: float = -np.inf, high: float = np.inf) -> NDArray[np.float64]:
        """Column as finite numbers within bounds."""
        values = pd.to_numeric(self.table[column], errors="coerce").to_numpy(np.float64)
        bounds = "" if np.isinf(low) else f" of at least {low:g}" if np.isinf(high) else f" from {low:g} to {high:g}"
        bad = ~np.isfinite(values) | (values < low) | (values > high)
        self.fault(bad, column, f"expected a number{bounds}")
        return values

    def whole(self, column: str) -> NDArray[np.int64]:
        """Column as whole numbers."""
        values = self.numbers(column)
        self.fault(values != np.floor(values), column, "expected a whole number")
        return values.astype(np.int64)

    def months(self, column: str) -> NDArray[np.object_]:
        """Column of dates as ``YYYY-MM``."""
        dates = pd.to_datetime(self.table[column], errors="coerce", format="ISO8601")
        self.fault(dates.isna().to_numpy(), column, "expected a date, YYYY-MM-DD")
        return dates.dt.strftime("%Y-%m").to_numpy(object)

    def unique(self, keys: pd.DataFrame, column: str) -> None:
        """Raise if a row says again what an earlier one said."""
        self.fault(keys.duplicated().to_numpy(), column, "expected each forecast once; this row repeats an earlier one")

    def text(self, column: str) -> NDArray[np.object_]:
        """Column as text, none missing."""
        self.fault(self.table[column].isna().to_numpy(), column, "expected a value")
        values = self.table[column]
        if pd.api.types.is_float_dtype(values) and (values == values.round()).all():
            values = values.astype("int64")
        return values.astype(str).to_numpy(object)

    def from_views(self) -> NDArray[np.object_]:
        """ViEWS month numbers as ``YYYY-MM``."""
        ids = self.whole("month_id")
        self.fault((ids < 1) | (ids > 1_000), "month_id", "expected a ViEWS month (1 is January 1980)")  # noqa: PLR2004
        return np.array([f"{1980 + (i - 1) // 12}-{(i - 1) % 12 + 1:02d}" for i in ids.tolist()], object)


def _read(file: Path) -> _Read:
    if not file.is_file():
        raise SourceError("there is no such file.", file=file, remedy="Name a CSV or Parquet file.")
    try:
        table = pd.read_csv(file, low_memory=False) if file.suffix == ".csv" else pd.read_parquet(file)
    except (OSError, ValueError, pa.ArrowException) as error:
        msg = f"the file cannot be read as {'CSV' if file.suffix == '.csv' else 'Parquet'} ({str(error).strip()})."
        raise SourceError(msg, file=file, remedy="Name a CSV (UTF-8, commas) or Parquet file.") from error
    if table.empty:
        raise SchemaError("the file has no rows.", file=file)
    index = [name for name in table.index.names if name is not None]
    return _Read(file, table.reset_index() if index else table.reset_index(drop=True))


def _keys(
    unit: NDArray[np.object_],
    month: NDArray[np.object_],
    target: NDArray[np.object_] | str = "",
    horizon: NDArray[np.int64] | int = 0,
) -> pd.DataFrame:
    table = pd.DataFrame({"unit": unit, "month": month})
    table["target"], table["horizon"] = target, horizon
    return table.astype({"unit": "str", "month": "str", "target": "str", "horizon": "int64"})


def read_forecasts(file: Path) -> tuple[Forecasts, ...]:
    """Read a file of forecasts, CSV or Parquet, in any of the three layouts.

    Raises
    ------
    SourceError
        If there is no such file or it cannot be read.
    SchemaError
        If its columns are of no known layout, or a row is wrong; names file, row and column.
    """
    read = _read(file)
    columns = set(read.table.columns)
    if columns >= _VIEWS:
        return (_views(read),)
    if columns >= _HUB:
        return _hub(read)
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


def _views(read: _Read) -> Forecasts:
    keys = _keys(read.text("country_id"), read.from_views())
    return _samples(read, keys, read.whole("draw"), read.numbers("outcome", low=0), "draw")


def _samples(
    read: _Read, keys: pd.DataFrame, draw: NDArray[np.int64] | NDArray[np.object_], value: NDArray[np.float64], id_: str
) -> Forecasts:
    group = keys.groupby(KEYS, sort=True).ngroup().to_numpy()
    read.unique(pd.DataFrame({"group": group, "draw": draw}), id_)
    count = np.bincount(group)
    read.fault(count[group] != np.bincount(count).argmax(), id_, "expected equally many samples of every forecast")
    order = np.argsort(group, kind="stable")
    first = order[:: count[0]]
    return Forecasts(
        read.file, "samples", keys.iloc[first].reset_index(drop=True), value[order].reshape(len(count), -1), _none()
    )


def _none() -> NDArray[np.float64]:
    return np.zeros(0)


def _hub(read: _Read) -> tuple[Forecasts, ...]:
    table, kinds = read.table, read.text("output_type")
    known = np.isin(kinds, ["pmf", "quantile", "sample", "mean"])
    read.fault(~known, "output_type", "expected pmf, quantile, sample or mean")
    read.months("origin_date")
    month, horizon, location, target = (
        read.months("target_end_date"),
        read.whole("horizon"),
        read.text("location"),
        read.text("target"),
    )
    keys = _keys(location, month, target, horizon)
    out: list[Forecasts] = []
    for kind in ("pmf", "quantile", "sample", "mean"):
        inside = kinds == kind
        if not inside.any():
            continue
        # rows keep their place in the file, so that an error still names the right one
        part = _Part(read, table, inside, keys)
        out.append({"pmf": part.pmf, "quantile": part.quantile, "sample": part.sample, "mean": part.mean}[kind]())
    return tuple(out)


@dataclass(frozen=True)
class _Part:
    """Rows of one output type in a hubverse file."""

    read: _Read
    table: pd.DataFrame
    inside: NDArray[np.bool_]
    keys: pd.DataFrame

    def _rows(self) -> pd.DataFrame:
        rows = self.keys[self.inside].copy()
        rows["id"] = self.table.loc[self.inside, "output_type_id"].astype(str).to_numpy(object)
        rows["value"] = pd.to_numeric(self.table.loc[self.inside, "value"], errors="coerce")
        self._bad(~np.isfinite(rows["value"].to_numpy(np.float64)), "value", "expected a number")
        self._bad(rows.duplicated([*KEYS, "id"]).to_numpy(), "output_type_id", "expected each output once")
        return rows

    def _bad(self, bad: NDArray[np.bool_], column: str, problem: str) -> None:
        whole = np.zeros(len(self.table), bool)
        whole[np.nonzero(self.inside)[0][bad]] = True
        self.read.fault(whole, column, problem)

    def pmf(self) -> Forecasts:
        """Binary targets: the probability of yes."""
        rows = self._rows()
        self._bad(~rows["id"].isin(["yes", "no"]).to_numpy(), "output_type_id", "expected yes or no of a pmf")
        self._bad(~rows["value"].between(0, 1).to_numpy(), "value", "expected a probability from 0 to 1")
        total = rows.groupby(KEYS)["value"].transform("sum").to_numpy()
        count = rows.groupby(KEYS)["value"].transform("size").to_numpy()
        self._bad((np.abs(total - 1) > 1e-3) | (count != 2), "value", "expected yes and no that sum to 1")  # noqa: PLR2004
        yes = rows[rows["id"] == "yes"]
        return Forecasts(
            self.read.file,
            "probability",
            yes[KEYS].reset_index(drop=True),
            yes["value"].to_numpy(np.float64)[:, None],
            _none(),
        )

    def quantile(self) -> Forecasts:
        """Quantiles, the same levels of every forecast."""
        rows = self._rows()
        level = pd.to_numeric(rows["id"], errors="coerce").to_numpy(np.float64)
        self._bad(~((level > 0) & (level < 1)), "output_type_id", "expected a quantile level between 0 and 1")
        rows["level"] = level
        wide = rows.set_index([*KEYS, "level"])["value"].unstack("level").sort_index(axis=1)  # noqa: PD010  # no means
        incomplete = wide.isna().any(axis=1)
        lacking = pd.MultiIndex.from_frame(rows[KEYS]).isin(incomplete.index[incomplete])
        self._bad(lacking, "output_type_id", "expected the same quantile levels of every forecast")
        values = wide.to_numpy(np.float64)
        falling = np.asarray((np.diff(values, axis=1) < 0).any(axis=1), bool)
        if falling.any():
            at = wide.index[falling]
            crossed = pd.MultiIndex.from_frame(self.keys[self.inside]).isin(at)
            self._bad(crossed, "value", "expected quantiles that rise with their level")
        return Forecasts(
            self.read.file, "quantiles", wide.index.to_frame(index=False), values, wide.columns.to_numpy(np.float64)
        )

    def sample(self) -> Forecasts:
        """Samples."""
        rows = self._rows()
        place = np.nonzero(self.inside)[0]
        part = _Read(self.read.file, self.table.iloc[place].reset_index(drop=True))
        return _samples(
            part,
            rows[KEYS].reset_index(drop=True),
            rows["id"].to_numpy(object),
            rows["value"].to_numpy(),
            "output_type_id",
        )

    def mean(self) -> Forecasts:
        """Expected values."""
        rows = self._rows()
        return Forecasts(
            self.read.file,
            "mean",
            rows[KEYS].reset_index(drop=True),
            rows["value"].to_numpy(np.float64)[:, None],
            _none(),
        )


def _flat(read: _Read) -> tuple[Forecasts, ...]:
    table = read.table
    unit = read.text("location_code")
    for name in ("admin1_code", "iso_3166_2"):
        if name in table:
            given = table[name].notna().to_numpy()
            unit = np.where(given, table[name].astype(str).to_numpy(object), unit)
    keys = _keys(unit, read.months("reference_period_end"), read.text("target"), read.whole("horizon_months"))
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
        levels = np.array([int(name[1:]) / 100 for name in names]) if kind == "quantiles" else _none()
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
    read = _read(file)
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


def _one_of(read: _Read, names: tuple[str, ...]) -> str:
    found = [name for name in names if name in read.table.columns]
    if not found:
        msg = f"there is no column {' or '.join(names)}; the file has {', '.join(map(str, read.table.columns))}."
        raise SchemaError(msg, file=read.file, row=1, column=names[0])
    return found[0]
