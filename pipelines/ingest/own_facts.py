"""An analyst's own facts, laid over those of a snapshot for one command: by the same contract, written nowhere.

A file is told by its columns to be one of deployments, of transitions or of what was searched
(`faultline.features.sources.facts_coverage`). Its rows take the place of those of the same name and stand beside all
others.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ...features.errors import CoverageError, SchemaError, UnknownNameError
from ...features.facts.coverage import uncoded_facts
from ...features.sources.coups import Coups, extended
from ...features.sources.deployments import DEPLOYMENTS_FILE, read_deployments
from ...features.sources.facts_coverage import COVERAGE_FILE, read_facts_coverage
from ...features.sources.region_population import with_population
from ...features.sources.transitions import TRANSITIONS_FILE, read_transitions
from ...features.tables.schemas import validate
from ...features.tables.snapshot import load_snapshot
from ..base.csv_files import csv_file
from ..base.whole import checksum, whole_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from ...features.tables.snapshot import Provenance, Snapshot
    from ..base.settings import Settings

__all__ = [
    "BUNDLED_FILES",
    "OwnFacts",
    "add_fact",
    "differences",
    "facts_given",
    "read_own_facts",
    "snapshot_of",
    "with_facts",
]

_OWN: Final = "Own facts of the user"
_CORRECT: Final = "Correct the values given; the file is as it was."
#: The package's file of each table, whose columns an own file has.
BUNDLED_FILES: Final[dict[str, Path]] = {
    "deployments": DEPLOYMENTS_FILE,
    "transitions": TRANSITIONS_FILE,
    "facts_coverage": COVERAGE_FILE,
}
_READERS: Final[dict[str, Callable[[Path], pd.DataFrame]]] = {
    "deployments": read_deployments,
    "transitions": read_transitions,
    "facts_coverage": read_facts_coverage,
}
_KEYS: Final = {"deployments": ["fact_id"], "transitions": ["fact_id"], "facts_coverage": ["gwno", "kind"]}
#: A column that no other of the tables has.
_TELLING: Final = {"host_iso3": "deployments", "subject": "transitions", "searched_until": "facts_coverage"}


@dataclass(frozen=True, slots=True)
class OwnFacts:
    """Facts of one file.

    Attributes
    ----------
    file
        Where they stand.
    table
        Name of the canonical table that they belong to.
    rows
        In its form.
    """

    file: Path
    table: str
    rows: pd.DataFrame


def read_own_facts(file: Path) -> OwnFacts:
    """Read a file of facts by the contract of the package's own.

    Raises
    ------
    SourceError, SchemaError
        At the first fault, with file, line and column.
    """
    name = "deployments"
    if file.is_file():
        with file.open(encoding="utf-8", errors="replace", newline="") as text:
            header = next(csv.reader(text), [])
        name = next((_TELLING[column] for column in header if column in _TELLING), name)
    return OwnFacts(file, name, _READERS[name](file))


def snapshot_of(settings: Settings) -> Snapshot:
    """Load the snapshot of the settings, with the facts and the populations that they name laid over it.

    Raises
    ------
    SourceError, SchemaError, CoverageError
        As `load_snapshot`, `with_facts` and `with_population`.
    """
    laid = with_facts(load_snapshot(settings.snapshot), settings.facts)
    if settings.population is None:
        return laid
    return replace(laid, regions=with_population(laid.regions, settings.population))


def with_facts(snapshot: Snapshot, files: Iterable[Path]) -> Snapshot:
    """Lay the facts of some files over a snapshot.

    Raises
    ------
    SourceError, SchemaError
        If a file breaks its contract, or a row has a deployment in another country or of another class than the
        snapshot has it.
    CoverageError
        If a fact is of a country for which its kind is not coded: it would change nothing.
    """
    own = [read_own_facts(file) for file in files]
    for facts in own:
        snapshot = _laid_over(snapshot, facts)
    for facts in own:
        _refuse_uncoded(facts, snapshot)
    return snapshot


def facts_given(provenance: Mapping[str, Provenance]) -> dict[str, str]:
    """SHA-256 of each file that was laid over a snapshot, by its name."""
    sources = [source for entry in provenance.values() for source in entry.sources if source["name"] == _OWN]
    return {name: digest for source in sources for name, digest in source["files"].items()}


def _laid_over(snapshot: Snapshot, own: OwnFacts) -> Snapshot:
    base: pd.DataFrame = getattr(snapshot, own.table)
    keys = _KEYS[own.table]
    again = pd.MultiIndex.from_frame(base[keys]).isin(pd.MultiIndex.from_frame(own.rows[keys]))
    merged = pd.concat([base[~again], own.rows], ignore_index=True).astype(base.dtypes)
    if own.table == "deployments":
        _refuse_moved(merged, own)
    changed: dict[str, Any] = {own.table: validate(merged, own.table, file=own.file)}
    if own.table == "transitions":
        changed["coups"] = _with_coups(snapshot.coups, own.rows)
    described = {name: _described(snapshot.provenance[name], table, own) for name, table in changed.items()}
    return replace(snapshot, **changed, provenance={**snapshot.provenance, **described})


def _with_coups(coups: pd.DataFrame, transitions: pd.DataFrame) -> pd.DataFrame:
    seized = transitions[transitions["fact"].isin(["coup_success", "coup_failed"])]
    return coups if seized.empty else extended(Coups(coups, seized["date"].min()), seized).coups


def _described(entry: Provenance, table: pd.DataFrame, own: OwnFacts) -> Provenance:
    digest = checksum(own.file)
    source = {
        "name": _OWN,
        "version": digest[:12],
        "licence": "the user's own",
        "citation": own.file.name,
        "files": {own.file.name: digest},
        "short": "own facts",
    }
    both = hashlib.sha256(f"{entry.sha256} {digest}".encode()).hexdigest()
    return replace(entry, sources=(*entry.sources, source), rows=len(table), sha256=both)


def _refuse_moved(merged: pd.DataFrame, own: OwnFacts) -> None:
    first = merged.groupby("deployment")[["iso3", "actor_class"]].transform("first")
    for column in ("iso3", "actor_class"):
        wrong = merged[merged[column] != first[column]]
        if len(wrong):
            fact = wrong.iloc[0]
            msg = f"{fact['fact_id']}: {fact[column]!r} differs from the other rows of {fact['deployment']}."
            raise SchemaError(msg, file=own.file, column=column, remedy="Give the deployment another name.")


def _refuse_uncoded(own: OwnFacts, snapshot: Snapshot) -> None:
    if own.table == "facts_coverage":
        return
    unseen = uncoded_facts(own.rows, snapshot.facts_coverage, own.table)
    if len(unseen):
        fact = unseen.iloc[0]
        msg = f"{fact['fact_id']}: {own.table} of {fact['iso3']} are not coded, so that the fact would change nothing."
        raise CoverageError(
            msg,
            file=own.file,
            column="iso3",
            remedy="Say from when and until when you searched, in a file with the columns of facts_coverage.csv.",
        )


def add_fact(file: Path, fact: Mapping[str, str], *, table: str) -> int:
    """Add a fact to a file, which is made if there is none, and count its facts; whole or not at all.

    Parameters
    ----------
    fact
        Text of each column; those left out are empty.
    table
        What a new file holds, one of `BUNDLED_FILES`.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    SourceError, SchemaError
        If the file with the fact would break its contract; it is left as it was.
    """
    if file.exists():
        read_own_facts(file)
    lines = _records(file) if file.exists() else _records(BUNDLED_FILES[table])[:1]
    header = lines[0]
    for column in fact:
        if column not in header:
            raise UnknownNameError("column", column, header)
    lines.append([fact.get(column, "") for column in header])
    with whole_file(file) as aside:
        csv_file(pd.DataFrame(lines[1:], columns=pd.Index(header), dtype="str"), aside)
        try:
            read_own_facts(aside)
        except SchemaError as error:
            raise SchemaError(error.problem, file=file, row=error.row, column=error.column, remedy=_CORRECT) from None
    return len(lines) - 1


def _records(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(text))


def differences(before: Snapshot, after: Snapshot) -> list[str]:
    """Say in a line each what facts were added, and of which some column changed."""
    said: list[str] = []
    for name, keys in _KEYS.items():
        old, new = (getattr(snapshot, name).set_index(keys) for snapshot in (before, after))
        for key, row in new.iterrows():
            told = f"{name} {' '.join(map(str, key if isinstance(key, tuple) else (key,)))}"
            if key not in old.index:
                said.append(f"+ {told}: {_in_short(row)}")
                continue
            was = old.loc[key]
            changed = [column for column in new.columns if _text(was[column]) != _text(row[column])]
            if changed:
                said.append(f"~ {told}: " + "; ".join(f"{c} {_text(was[c])} -> {_text(row[c])}" for c in changed))
    return said


def _in_short(row: pd.Series) -> str:
    columns = [column for column in ("iso3", "mission", "fact", "subject", "date", "searched_until") if column in row]
    return " ".join(_text(row[column]) for column in columns if not pd.isna(row[column]))


def _text(value: Any) -> str:
    if pd.isna(value):
        return "empty"
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
