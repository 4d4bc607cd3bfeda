"""The snapshot: one Parquet file for each canonical table, with the provenance of each, checked on loading."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import pandas as pd

from ..contracts.war_totals import mark_war_totals
from ..errors import SourceError
from ..sources.catalogue import SOURCES
from .schemas import SCHEMAS, validate

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BUNDLED",
    "PROVENANCE_FILE",
    "TABLES",
    "Provenance",
    "Snapshot",
    "load_snapshot",
    "load_table",
    "read_provenance",
]

#: Folder of the snapshot that the package carries.
BUNDLED: Final = Path(__file__).parents[1] / "reference" / "snapshot"
PROVENANCE_FILE: Final = "provenance.json"

_REBUILD = "Build it again with `faultline snapshot build`, or install faultline again for the bundled one."


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a table comes from.

    Attributes
    ----------
    sources
        ``name``, ``version``, ``licence``, ``citation`` and ``files`` (with their SHA-256) of each source.
    method
        How the table was counted, in a sentence or two.
    build_command
        What made it.
    rows
        Number of rows.
    first_month, last_month
        First and last month with a row (``YYYY-MM``), ``None`` where the table knows no months.
    data_through
        Last day that the sources cover (``YYYY-MM-DD``), ``None`` likewise.
    sha256
        Checksum of the Parquet file.
    losses
        What the sources hold and the table does not, counted by reason.
    """

    sources: tuple[Mapping[str, Any], ...]
    method: str
    build_command: str
    rows: int
    first_month: str | None
    last_month: str | None
    data_through: str | None
    sha256: str
    losses: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Canonical tables, by the names of `~faultline.features.tables.schemas.SCHEMAS`, and where they come from.

    Every table is an item, ``snapshot["coups"]``; those that panels read are attributes as well. ``further`` holds the
    others.
    """

    countries: pd.DataFrame
    country_neighbours: pd.DataFrame
    country_month: pd.DataFrame
    actors: pd.DataFrame
    actor_lineage: pd.DataFrame
    actor_month: pd.DataFrame
    regions: pd.DataFrame
    region_neighbours: pd.DataFrame
    region_coverage: pd.DataFrame
    region_month: pd.DataFrame
    sides_coverage: pd.DataFrame
    region_sides: pd.DataFrame
    coups: pd.DataFrame
    un_bases: pd.DataFrame
    deployments: pd.DataFrame
    transitions: pd.DataFrame
    elections: pd.DataFrame
    leaders: pd.DataFrame
    regimes: pd.DataFrame
    facts_coverage: pd.DataFrame
    provenance: Mapping[str, Provenance]
    further: Mapping[str, pd.DataFrame] = field(default_factory=dict[str, pd.DataFrame])

    def __getitem__(self, name: str) -> pd.DataFrame:
        """A table by its name."""
        return self.further[name] if name in self.further else getattr(self, name)

    @property
    def checksums(self) -> dict[str, str]:
        """SHA-256 of each table's file."""
        return {name: provenance.sha256 for name, provenance in self.provenance.items()}


#: Tables of a snapshot, in the order in which they are written.
_FIELDS: Final = tuple(each.name for each in fields(Snapshot) if each.name in SCHEMAS)
TABLES: Final = (*_FIELDS, *(source.name for source in SOURCES if source.name not in _FIELDS))


def load_snapshot(path: Path | None = None) -> Snapshot:
    """Load a snapshot and check it against its checksums and contracts.

    Parameters
    ----------
    path
        Folder made by `build_snapshot`; by default the one that the package carries.

    Raises
    ------
    SourceError
        If a file is missing, cut off, or not the one that the provenance names.
    SchemaError
        If a table breaks its contract.

    Examples
    --------
    >>> snapshot = load_snapshot()
    >>> int(snapshot.country_month["deaths"].sum())
    4346835
    """
    folder = BUNDLED if path is None else Path(path)
    provenance = read_provenance(folder)
    tables = {name: load_table(folder, name, provenance[name]) for name in TABLES}
    read = {name: tables.pop(name) for name in _FIELDS}
    return Snapshot(**read, provenance=provenance, further=tables)


def read_provenance(folder: Path) -> dict[str, Provenance]:
    """Read where each table of a snapshot comes from.

    Raises
    ------
    SourceError
        If the file is missing or broken, or does not know a table.
    """
    file = folder / PROVENANCE_FILE
    content = _read_bytes(file)
    try:
        listed = cast("dict[str, dict[str, Any]]", json.loads(content.decode("utf-8"))["tables"])
        found = {name: _provenance(entry) for name, entry in listed.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"the provenance of the snapshot cannot be read ({type(error).__name__}: {error})."
        raise SourceError(msg, file=file, remedy=_REBUILD) from None
    for name in TABLES:
        if name not in found:
            msg = f"the snapshot has no table {name!r}."
            raise SourceError(msg, file=file, remedy=_REBUILD)
    return found


def _provenance(entry: dict[str, Any]) -> Provenance:
    known = {each.name: entry[each.name] for each in fields(Provenance)}
    known["sources"] = tuple(entry["sources"])
    return Provenance(**known)


#: Tables, with their checksums, that this process has found to keep their contract: the same bytes keep it again.
_KEPT: Final[set[tuple[str, str]]] = set()


def load_table(folder: Path, name: str, provenance: Provenance) -> pd.DataFrame:
    """Load one table of a snapshot and check it.

    Raises
    ------
    SourceError, SchemaError
        As `load_snapshot`.
    """
    file = folder / f"{name}.parquet"
    content = _read_bytes(file)
    checksum = hashlib.sha256(content).hexdigest()
    if checksum != provenance.sha256:
        msg = f"the file is cut off or changed: its SHA-256 is {checksum[:12]}..., not {provenance.sha256[:12]}...."
        raise SourceError(msg, file=file, remedy=_REBUILD)
    try:
        table = pd.read_parquet(io.BytesIO(content), engine="pyarrow")
    except (ValueError, OSError) as error:
        msg = f"the file is not Parquet ({type(error).__name__})."
        raise SourceError(msg, file=file, remedy=_REBUILD) from None
    if name == "country_month" and "war_total" not in table.columns and {"gwno", "known_on"} <= set(table.columns):
        # a snapshot made before war totals were marked: the mark follows from its own rows
        table.insert(table.columns.tolist().index("known_on"), "war_total", mark_war_totals(table))
    if (name, checksum) not in _KEPT:
        validate(table, name, file=file)
        _KEPT.add((name, checksum))
    return table


def _read_bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror
        msg = f"cannot read the snapshot: {reason}."
        raise SourceError(msg, file=file, remedy=_REBUILD) from None
