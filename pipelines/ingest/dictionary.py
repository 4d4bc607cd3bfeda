"""The data dictionary: every table, feature and target, written from the contracts and the registries themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from ...features.blocks.build import BLOCKS, FRAGMENTATION_BLOCKS, FURTHER_BLOCKS, build_features
from ...features.errors import ConfigError
from ...features.panels.build import panel_of
from ...features.tables.schemas import SCHEMAS
from ...features.tables.snapshot import load_snapshot
from ...features.targets.build import TARGETS
from ..base.markdown import table_lines
from ..base.whole import write_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandera.pandas as pa

    from ...features.targets.target import Target

__all__ = ["data_dictionary", "is_current", "write_dictionary"]

#: Names and words of features do not hang on the months: a panel of the first year is enough to ask for them.
_A_YEAR = pd.Period("1989-12", "M")
_INTRODUCTION = (
    "Made by `faultline data dictionary` from the contracts of `features/contracts`, the feature blocks and "
    "the targets; a test checks that it is current. Where a row can become known late it has `known_on`, the day from "
    "which it may be used."
)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


_FEATURES = (
    "What a forecaster is told of each unit at the end of each month. Counts and distances are logged. Forecasters are "
    f"told of the blocks {_listed(BLOCKS)}, those of fragmentation of {_listed(FRAGMENTATION_BLOCKS)} too; "
    f"{_listed(FURTHER_BLOCKS)} are computed where they are asked for by name. Features of facts are empty where these "
    "were not coded (table `facts_coverage`)."
)


def data_dictionary() -> str:
    """Write the page: a section a table with a row a column, then the features and the targets."""
    parts = [
        "# Data dictionary",
        "",
        _INTRODUCTION,
        "",
        "## Tables",
        "",
        *(line for name, schema in SCHEMAS.items() for line in _table(name, schema)),
        "## Features",
        "",
        _FEATURES,
        "",
        *table_lines(("feature", "block", "levels", "what it says"), _features()),
        "",
        "## Targets",
        "",
        *table_lines(
            ("target", "levels", "question"),
            ((f"`{target.name}`", ", ".join(target.levels), _asked(target)) for target in TARGETS.values()),
        ),
        "",
    ]
    return "\n".join(parts)


def _asked(target: Target) -> str:
    single = target.kind == "deaths" and target.total_of is None
    return target.question.format(window="in the last month of the window" if single else "in the window")


def _table(name: str, schema: pa.DataFrameSchema) -> Iterable[str]:
    keys = ", ".join(f"`{key}`" for key in cast("list[str]", schema.unique))
    columns = cast("dict[str, Any]", schema.columns)
    rows = (
        (
            f"`{column}`",
            _kind(str(rule.dtype)),
            "may be empty" if rule.nullable else "",
            _rules(rule),
            rule.description or "",
        )
        for column, rule in columns.items()
    )
    return [
        f"### {name}",
        "",
        f"{schema.description} One row each: {keys}.",
        "",
        *table_lines(("column", "type", "empty", "rule", "what it says"), rows),
        "",
    ]


def _kind(dtype: str) -> str:
    return "date" if dtype.startswith("datetime") else "text" if dtype.startswith("str") else dtype


def _rules(rule: Any) -> str:
    return "; ".join(
        filter(None, (_rule(cast("dict[str, Any]", check.statistics), check.error) for check in rule.checks))
    )


def _rule(given: dict[str, Any], error: str) -> str:
    match given:
        case {"allowed_values": values}:
            return "one of " + ", ".join(str(value) for value in values)
        case {"pattern": pattern}:
            return f"`{getattr(pattern, 'pattern', pattern)}`"
        case {"min_value": low, "max_value": high}:
            return f"{low:,} to {high:,}"
        case {"min_value": pd.Timestamp() as low}:
            return f"since {low:%Y-%m-%d}"
        case {"min_value": low}:
            return f"at least {low}"
        case _:
            return "the first day of a month" if "first day" in (error or "") else ""


def _features() -> Iterable[tuple[str, ...]]:
    snapshot = load_snapshot()
    blocks = (*BLOCKS, *FRAGMENTATION_BLOCKS, *FURTHER_BLOCKS)
    listed: dict[tuple[str, str, str], list[str]] = {}
    for panel in (panel_of(snapshot, level, as_of=_A_YEAR) for level in ("country", "region")):
        made = build_features(panel, blocks=blocks)
        for feature, block in zip(made.features, made.block, strict=True):
            listed.setdefault((f"`{feature.name}`", block, feature.words), []).append(panel.level)
    in_blocks = sorted(listed.items(), key=lambda entry: blocks.index(entry[0][1]))
    return ((name, block, ", ".join(levels), words) for (name, block, words), levels in in_blocks)


def is_current(path: Path) -> bool:
    """Say whether a file is the page as it would be written now."""
    return path.is_file() and path.read_text(encoding="utf-8") == data_dictionary()


def write_dictionary(path: Path) -> None:
    """Write the page.

    Raises
    ------
    ConfigError
        If the file cannot be written.
    """
    try:
        write_text(path, data_dictionary())
    except OSError as error:
        msg = f"cannot write {path}: {error.strerror}."
        raise ConfigError(msg) from None
