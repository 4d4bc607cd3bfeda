"""Build the snapshot: count the tables that the package carries from the files of their publishers."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from ...features.errors import ConfigError, SourceError
from ...features.sources.curated import REFERENCE
from ...features.tables.snapshot import TABLES, Provenance
from ..base.whole import checksum
from .bundled_tables import made_tables
from .snapshot_files import replacing, write_provenance, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from ...features.sources.publications import Publication
    from ..base.progress import Progress
    from .bundled_tables import Made

__all__ = ["BUILD_COMMAND", "build_snapshot"]

BUILD_COMMAND: Final = "faultline snapshot build --from ../shared/data"
_LARGEST_BYTES: Final = 6_000_000


def build_snapshot(shared: Path, out: Path, *, progress: Progress | None = None) -> dict[str, Provenance]:
    """Count every table of the snapshot from its sources and write them, whole or not at all.

    Tables are written aside and take the place of an older snapshot only when all are there. The same sources give
    the same bytes.

    Parameters
    ----------
    shared
        Folder with ``ucdp/``, ``deployments/``, ``transitions/`` and ``boundaries/``.
    out
        Folder for the snapshot; it is made, or replaced if it holds an older snapshot.
    progress
        Told of each stage.

    Returns
    -------
    dict
        Provenance of each table by name, as written to ``provenance.json``.

    Raises
    ------
    SourceError, SchemaError
        If a source is missing or broken, with file, row and column. An older snapshot is left as it was.
    ConfigError
        If ``out`` holds something else than a snapshot, or the snapshot is larger than the package may carry.
    """
    if not shared.is_dir():
        msg = "there is no such folder."
        raise SourceError(msg, file=shared, remedy="Name the folder that holds ucdp/, deployments/ and the others.")
    with replacing(out) as fresh:
        made = made_tables(shared, progress)
        provenance = {name: _write(fresh, name, made[name], shared) for name in TABLES}
        write_provenance(fresh, provenance)
        size = sum(file.stat().st_size for file in fresh.iterdir())
        if size > _LARGEST_BYTES:
            msg = f"the snapshot would be {size:,} bytes; the package carries at most {_LARGEST_BYTES:,}."
            raise ConfigError(msg)
    return provenance


def _write(folder: Path, name: str, made: Made, shared: Path) -> Provenance:
    table = made.table
    months = table["month"] if "month" in table.columns else None
    return Provenance(
        sources=tuple(_described(source, shared) for source in made.sources),
        method=made.method,
        build_command=BUILD_COMMAND,
        rows=len(table),
        first_month=None if months is None else f"{months.min():%Y-%m}",
        last_month=None if months is None else f"{months.max():%Y-%m}",
        data_through=None if made.data_through is None else f"{made.data_through:%Y-%m-%d}",
        sha256=write_table(folder, name, table),
        losses={key: _plain(value) for key, value in made.losses.items()},
    )


def _described(source: Publication, shared: Path) -> dict[str, Any]:
    folder = REFERENCE if source.own else shared
    described = {name: value for name, value in asdict(source).items() if name != "own"}
    return {**described, "files": {file: checksum(folder / file) for file in source.files}}


def _plain(value: float) -> float:
    rounded = round(float(value), 6)
    return int(rounded) if rounded.is_integer() else rounded
