"""How a table breaks its contract: the rule, the column and the row, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
from pandera.engines import pandas_engine

from ..errors import SchemaError

if TYPE_CHECKING:
    from pathlib import Path

    import pandera.pandas as pa

__all__ = ["Fault", "fault_of_form", "fault_of_values"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule: what, and where. ``position`` counts the table's rows from 0."""

    problem: str
    column: str | None = None
    position: int | None = None

    def error(self, name: str, file: str | Path | None) -> SchemaError:
        """Say it of a table by its name, and of its file if it is from one."""
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


def fault_of_form(table: pd.DataFrame, schema: pa.DataFrameSchema) -> Fault | None:
    """First fault of columns, types and keys, which are looked at before any value."""
    return _of_columns(table, list(schema.columns)) or _of_types(table, schema) or _of_keys(table, schema)


def _of_columns(table: pd.DataFrame, expected: list[str]) -> Fault | None:
    found = [str(column) for column in table.columns]
    for column in expected:
        if column not in found:
            return Fault(f"the column is missing; the table has {', '.join(found) or 'no columns'}", column)
    for column in found:
        if column not in expected:
            return Fault(f"no such column belongs there; the table has {', '.join(expected)}", column)
    if found != expected:
        return Fault(f"the columns must stand in this order, each once: {', '.join(expected)}")
    return None


def _of_types(table: pd.DataFrame, schema: pa.DataFrameSchema) -> Fault | None:
    """Before pandera, which may try values of another type against checks that they cannot meet."""
    for column, rule in cast("dict[str, pa.Column]", schema.columns).items():
        found = table[column].dtype
        if not cast("Any", rule.dtype).check(pandas_engine.Engine.dtype(found)):
            return Fault(f"the column holds {found} where {rule.dtype} belongs", column)
    return None


def _of_keys(table: pd.DataFrame, schema: pa.DataFrameSchema) -> Fault | None:
    keys = cast("list[str]", schema.unique)
    again = table.duplicated(keys).to_numpy()
    if not again.any():
        return None
    position = int(again.argmax())
    key = ", ".join(f"{column} {_shown(table[column].iloc[position])}" for column in keys)
    return Fault(f"the key ({key}) stood in an earlier row ({_such(int(again.sum()))})", ", ".join(keys), position)


def fault_of_values(error: pa.errors.SchemaError, table: pd.DataFrame) -> Fault:
    """Say in our words what pandera found."""
    raised = cast("Any", error)
    check, cases = raised.check, cast("object", raised.failure_cases)
    column = cast("str | None", getattr(raised.schema, "name", None))
    if not isinstance(cases, pd.DataFrame) or cases.empty or column not in table.columns:
        return Fault(str(error).splitlines()[0])
    first = cases.iloc[0]
    position = table.index.get_loc(first["index"])
    if check == "not_nullable":
        problem = f"the value is missing ({_such(len(cases))})"
    else:
        problem = f"found {_shown(first['failure_case'])}, which {_rule(check)} ({_such(len(cases))})"
    return Fault(problem, column, position if isinstance(position, int) else None)


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
