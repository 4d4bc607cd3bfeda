"""The flat table: CSV described by the W3C's CSV on the Web, and Parquet that describes itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..base.csv_files import csv_file
from .about import LICENCE_URL

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from .about import About

__all__ = ["write_csv", "write_parquet"]


def write_csv(scores: pd.DataFrame, about: About, folder: Path) -> None:
    """Write ``scores.csv`` and, beside it, ``scores.csv-metadata.json`` (CSV on the Web, W3C 2015).

    Texts that a spreadsheet would run as a formula begin with an apostrophe; dates are ``YYYY-MM-DD``, UTF-8.
    """
    file = folder / "scores.csv"
    csv_file(scores, file)
    described: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": file.name,
        "dc:title": about.title,
        "dc:license": {"@id": LICENCE_URL},
        "dc:source": [source["citation"] or source["source"] for source in about.sources],
        "notes": [about.as_json()],
        "tableSchema": {
            "columns": [
                {
                    "name": column.name,
                    "titles": column.name,
                    "dc:description": f"{column.description} [{column.unit}]" if column.unit else column.description,
                    "datatype": _CSVW.get(column.dtype, "number"),
                }
                for column in about.columns
            ]
        },
    }
    text = json.dumps(described, indent=1, ensure_ascii=False) + "\n"
    (folder / f"{file.name}-metadata.json").write_text(text, encoding="utf-8")


_CSVW = {"text": "string", "bool": "boolean", "date": "date", **dict.fromkeys(("int8", "int16", "int32"), "integer")}


def write_parquet(scores: pd.DataFrame, about: About, folder: Path) -> None:
    """Write ``scores.parquet``; its schema carries the description of the file and of each column."""
    table = pa.Table.from_pandas(scores, preserve_index=False)
    fields = [
        table.schema.field(column.name).with_metadata({"description": column.description, "unit": column.unit})
        for column in about.columns
    ]
    metadata = {**(table.schema.metadata or {}), b"faultline": json.dumps(about.as_json()).encode()}
    pq.write_table(table.cast(pa.schema(fields, metadata=metadata)), folder / "scores.parquet", compression="zstd")
