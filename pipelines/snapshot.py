"""Build the snapshot: count the tables that the package carries from the files of their publishers."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import pyarrow as pa
import pyarrow.parquet as pq

from ..features.errors import ConfigError, SourceError
from ..features.schemas import validate
from ..features.snapshot import PROVENANCE_FILE, TABLES, Provenance
from ..features.sources import publications as published
from ..features.sources.boundaries import country_neighbours, country_outlines
from ..features.sources.coups import read_coups
from ..features.sources.ged_regions import read_region_outlines, read_regions
from ..features.sources.peacekeeping import read_un_bases
from ..features.sources.ucdp import read_countries, read_country_month, read_release
from ..features.sources.ucdp_actors import read_actors

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    import pandas as pd

    from ..features.sources.publications import Publication
    from .progress import Progress

__all__ = ["BUILD_COMMAND", "build_snapshot"]

BUILD_COMMAND: Final = "faultline snapshot build --from ../shared/data"
_LARGEST_BYTES: Final = 6_000_000


@dataclass(frozen=True, slots=True)
class _Made:
    """A table, with what its provenance says of it."""

    table: pd.DataFrame
    sources: tuple[Publication, ...]
    method: str
    data_through: pd.Timestamp | None = None
    losses: Mapping[str, float] = field(default_factory=dict[str, float])


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
    _refuse_foreign(out)
    made = _make(shared, progress)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as aside:
        fresh = Path(aside) / "fresh"
        fresh.mkdir()
        provenance = {name: _write(fresh, name, made[name], shared) for name in TABLES}
        _write_provenance(fresh / PROVENANCE_FILE, provenance)
        size = sum(file.stat().st_size for file in fresh.iterdir())
        if size > _LARGEST_BYTES:
            msg = f"the snapshot would be {size:,} bytes; the package carries at most {_LARGEST_BYTES:,}."
            raise ConfigError(msg)
        _replace(out, fresh, Path(aside) / "older")
    return provenance


def _refuse_foreign(out: Path) -> None:
    ours = {PROVENANCE_FILE, *(f"{name}.parquet" for name in TABLES)}
    foreign = sorted(file.name for file in out.iterdir() if file.name not in ours) if out.is_dir() else []
    if foreign or (out.exists() and not out.is_dir()):
        found = f"it holds {foreign[0]!r}" if foreign else "it is a file"
        msg = f"{out} is not a snapshot ({found}); name a new folder, or one that holds a snapshot."
        raise ConfigError(msg)


def _replace(out: Path, fresh: Path, older: Path) -> None:
    if out.exists():
        out.rename(older)
    try:
        fresh.rename(out)
    except OSError:
        if older.exists():
            older.rename(out)
        raise
    shutil.rmtree(older, ignore_errors=True)


def _make(shared: Path, progress: Progress | None) -> dict[str, _Made]:
    ucdp = shared / "ucdp"
    with _stage(progress, "Counting the sources", 4) as done:
        release = read_release(ucdp / "meta.yaml")
        outlines = country_outlines()
        countries = read_countries(ucdp / "states.yaml", outlines=outlines, release=release)
        country_month = read_country_month(ucdp / "country-month.csv", release=release)
        done()
        actors = read_actors(ucdp, country_month=country_month, release=release)
        done()
        region_outlines = read_region_outlines(shared / published.ADMIN_1_OUTLINES.files[0])
        regions = read_regions(ucdp, outlines=region_outlines)
        done()
        coups = read_coups(shared / published.COUPS.files[0])
        bases = read_un_bases(
            *(shared / file for file in published.GEO_PKO.files),
            countries=countries,
            outlines=region_outlines,
            last=release.data_through,
        )
        done()
    neighbours = country_neighbours(outlines, countries)
    states, counts, dyads, organisation = (
        published.ucdp(release.version, *(f"ucdp/{file}" for file in files))
        for files in (
            ("states.yaml",),
            ("country-month.csv", "meta.yaml"),
            ("dyad-month.csv", "dyads.yaml", "nonstate.yaml", "conflicts.yaml", "country-month.csv"),
            ("nonstate.yaml",),
        )
    )
    events = (published.GED_NIGERIA, published.GED_SUDAN)
    outlines_1 = published.ADMIN_1_OUTLINES
    through = release.data_through
    return {
        "countries": _Made(
            countries,
            (states, published.COUNTRY_CODES, published.COUNTRY_OUTLINES),
            "States in the system at any time since January 1989, with a point inside the outline of each.",
        ),
        "country_neighbours": _Made(
            neighbours, (published.COUNTRY_OUTLINES,), "States whose outlines share a border; former states by hand."
        ),
        "country_month": _Made(
            country_month, (counts,), "As counted by UCDP; months of a type without events are left out.", through
        ),
        "actors": _Made(
            actors.actors, (dyads, published.ACTOR_DATASET), "Non-state actors of actor_month and of actor_lineage."
        ),
        "actor_lineage": _Made(
            actors.actor_lineage,
            (published.ACTOR_DATASET,),
            "Splinters, temporary splits, alliances and joined groups among non-state actors to 2021, in hindsight.",
            losses=actors.lineage_losses,
        ),
        "actor_month": _Made(
            actors.actor_month,
            (dyads,),
            "State-based dyads in the conflict's country; organised non-state dyads in their countries, split by the "
            "events there where there are several. One-sided dyads cannot be mapped to actors offline.",
            through,
            actors.losses,
        ),
        "regions": _Made(
            regions.regions, (outlines_1, *events), "Centre: mean of the events placed there, or a point inside."
        ),
        "region_neighbours": _Made(
            regions.region_neighbours, (outlines_1,), "Outlines within 0.005 degrees of each other, across borders too."
        ),
        "region_coverage": _Made(
            regions.region_coverage, events, "GED starts in January 1989; South Sudan's file ends with June 2011."
        ),
        "region_month": _Made(
            regions.region_month,
            (*events, organisation, outlines_1),
            "Point in polygon where where_prec is at most 4, else known to the country only; points outside their "
            "country in its nearest region within 25 km; deaths shared out over the event's days.",
            regions.data_through,
            regions.losses,
        ),
        "coups": _Made(
            coups.coups,
            (published.COUPS,),
            "As listed, with Gleditsch-Ward numbers; Niger 2023 dated 26 July instead of 26 June.",
            coups.data_through,
        ),
        "un_bases": _Made(
            bases.un_bases,
            (published.GEO_PKO,),
            "One row a place on a mission's map; from 2021 on the year's largest number, at December.",
            bases.data_through,
            bases.losses,
        ),
    }


@contextmanager
def _stage(progress: Progress | None, title: str, total: int) -> Generator[Callable[[], None]]:
    if progress is None:
        yield lambda: None
    else:
        with progress.stage(title, total) as done:
            yield done


def _write(folder: Path, name: str, made: _Made, shared: Path) -> Provenance:
    table = validate(made.table, name)
    file = folder / f"{name}.parquet"
    # Without pandas' own metadata, which name the versions of the libraries.
    arrow = cast("Any", pa).Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    cast("Any", pq).write_table(arrow, file, compression="zstd", compression_level=19, version="2.6")
    months = table["month"] if "month" in table.columns else None
    return Provenance(
        sources=tuple(_described(source, shared) for source in made.sources),
        method=made.method,
        build_command=BUILD_COMMAND,
        rows=len(table),
        first_month=None if months is None else f"{months.min():%Y-%m}",
        last_month=None if months is None else f"{months.max():%Y-%m}",
        data_through=None if made.data_through is None else f"{made.data_through:%Y-%m-%d}",
        sha256=_checksum(file),
        losses={key: _plain(value) for key, value in made.losses.items()},
    )


def _described(source: Publication, shared: Path) -> dict[str, Any]:
    return {**asdict(source), "files": {file: _checksum(shared / file) for file in source.files}}


def _plain(value: float) -> float:
    rounded = round(float(value), 6)
    return int(rounded) if rounded.is_integer() else rounded


def _checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _write_provenance(file: Path, provenance: dict[str, Provenance]) -> None:
    content = {"tables": {name: asdict(entry) for name, entry in provenance.items()}}
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
