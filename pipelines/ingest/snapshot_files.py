"""Files of a snapshot: written aside, then put in the place of an older one, whole or not at all."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from ...features.errors import ConfigError
from ...features.tables.schemas import validate
from ...features.tables.snapshot import PROVENANCE_FILE, TABLES
from ..base.whole import checksum, whole_folder

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping
    from pathlib import Path

    import pandas as pd

    from ...features.tables.snapshot import Provenance

__all__ = ["replacing", "write_provenance", "write_table"]


@contextmanager
def replacing(out: Path, *, also: Iterable[str] = ()) -> Generator[Path]:
    """Give a folder to write to, which takes the place of ``out`` when all went well.

    Parameters
    ----------
    out
        Folder of the snapshot; made, or replaced if it holds an older snapshot.
    also
        Names of further files that a snapshot there may hold.

    Raises
    ------
    ConfigError
        If ``out`` holds something else than a snapshot.
    """
    ours = {PROVENANCE_FILE, *(f"{name}.parquet" for name in TABLES), *also}
    foreign = sorted(file.name for file in out.iterdir() if file.name not in ours) if out.is_dir() else []
    if foreign or (out.exists() and not out.is_dir()):
        found = f"it holds {foreign[0]!r}" if foreign else "it is a file"
        msg = f"{out} is not a snapshot ({found}); name a new folder, or one that holds a snapshot."
        raise ConfigError(msg)
    with whole_folder(out) as fresh:
        yield fresh


def write_table(folder: Path, name: str, table: pd.DataFrame) -> str:
    """Check a canonical table, write it as Parquet, and give the file's SHA-256; the same rows give the same bytes.

    Raises
    ------
    SchemaError
        If the table breaks its contract.
    """
    file = folder / f"{name}.parquet"
    # Without pandas' own metadata, which name the versions of the libraries.
    arrow = cast("Any", pa).Table.from_pandas(validate(table, name), preserve_index=False).replace_schema_metadata(None)
    # Without dictionaries: zstd finds what repeats, and does so across columns of few rows better than they do.
    cast("Any", pq).write_table(
        arrow, file, compression="zstd", compression_level=19, version="2.6", use_dictionary=False
    )
    return checksum(file)


def write_provenance(folder: Path, provenance: Mapping[str, Provenance]) -> None:
    """Write where each table comes from."""
    content = {"tables": {name: asdict(entry) for name, entry in provenance.items()}}
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    (folder / PROVENANCE_FILE).write_text(text, encoding="utf-8", newline="\n")
