"""What the scores rest on: sources with their licences, and models with their runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from .wording import Wording

__all__ = ["model_rows", "source_rows"]


def source_rows(sources: Sequence[Mapping[str, Any]], wording: Wording) -> tuple[dict[str, str], ...]:
    """List each source once, with the tables that rest on it."""
    grouped: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for source in sources:
        key = tuple(str(source.get(part) or "") for part in ("source", "version", "licence", "citation"))
        grouped.setdefault(key, []).append(source)
    return tuple(
        {
            "source": wording.say("sources.version", source=source, version=version) if version else source,
            "licence": licence,
            "citation": citation,
            "tables": ", ".join(
                wording.say("sources.rows", table=table["table"], rows=wording.count(float(table["rows"])))
                for table in tables
            ),
            "coverage": _coverage(tables, wording),
        }
        for (source, version, licence, citation), tables in grouped.items()
    )


def _coverage(tables: Sequence[Mapping[str, Any]], wording: Wording) -> str:
    first = [str(table["first_month"])[:7] for table in tables if table.get("first_month")]
    last = [str(table["last_month"])[:7] for table in tables if table.get("last_month")]
    return wording.say("interval", low=min(first), high=max(last)) if first and last else wording.say("none")


def model_rows(scores: pd.DataFrame, wording: Wording) -> tuple[dict[str, str], ...]:
    """List each model version once, with the events that it scored."""
    columns = ["model_name", "model_version", "run_id", "boundary_version"]
    models: list[dict[str, str]] = []
    for values, rows in scores.groupby(columns, sort=False, dropna=False):
        targets = [wording.name("target", str(target)) for target in rows["target"].unique()]
        models.append(dict(zip(columns, map(str, values), strict=True)) | {"targets": ", ".join(targets)})
    return tuple(models)
