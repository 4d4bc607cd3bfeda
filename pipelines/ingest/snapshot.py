"""Build the snapshot: count the tables that the package carries from the files of their publishers."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ...features.errors import ConfigError, SourceError
from ...features.sources import publications as published
from ...features.sources.boundaries import country_neighbours, country_outlines
from ...features.sources.coups import extended, read_coups
from ...features.sources.curated import REFERENCE
from ...features.sources.deployments import read_deployments
from ...features.sources.elections import REIGN_THROUGH, read_elections, read_leaders
from ...features.sources.facts_coverage import read_facts_coverage
from ...features.sources.ged_regions import read_region_outlines, read_regions
from ...features.sources.lineage import joined, read_lineage
from ...features.sources.peacekeeping import read_un_bases
from ...features.sources.regimes import read_regimes
from ...features.sources.transitions import read_transitions
from ...features.sources.ucdp import read_countries, read_country_month, read_release
from ...features.sources.ucdp_actors import read_actors
from ...features.tables.snapshot import TABLES, Provenance
from ..base.whole import checksum
from .snapshot_files import replacing, write_provenance, write_table

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path

    import pandas as pd

    from ...features.sources.publications import Publication
    from ..base.progress import Progress

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
    with replacing(out) as fresh:
        made = _make(shared, progress)
        provenance = {name: _write(fresh, name, made[name], shared) for name in TABLES}
        write_provenance(fresh, provenance)
        size = sum(file.stat().st_size for file in fresh.iterdir())
        if size > _LARGEST_BYTES:
            msg = f"the snapshot would be {size:,} bytes; the package carries at most {_LARGEST_BYTES:,}."
            raise ConfigError(msg)
    return provenance


def _make(shared: Path, progress: Progress | None) -> dict[str, _Made]:
    ucdp = shared / "ucdp"
    with _stage(progress, "Counting the sources", 4) as done:
        release = read_release(ucdp / "meta.yaml")
        outlines = country_outlines()
        countries = read_countries(ucdp / "states.yaml", outlines=outlines, release=release)
        country_month = read_country_month(ucdp / "country-month.csv", release=release)
        done()
        actors = read_actors(ucdp, country_month=country_month, release=release)
        known_actors, links = joined(actors.actors, actors.actor_lineage, read_lineage())
        done()
        region_outlines = read_region_outlines(shared / published.ADMIN_1_OUTLINES.files[0])
        regions = read_regions(ucdp, outlines=region_outlines)
        done()
        deployments, transitions, coverage = read_deployments(), read_transitions(), read_facts_coverage()
        coups = extended(read_coups(shared / published.COUPS.files[0]), transitions)
        elections = read_elections(shared / published.REIGN_ELECTIONS.files[0])
        leaders = read_leaders(shared / published.REIGN_LEADERS.files[0])
        regimes = read_regimes(shared / published.REGIMES.files[0])
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
            country_month,
            (counts,),
            "As counted by UCDP; months of a type without events are left out; totals of a war or a year dated by "
            "their first day are marked by deaths an event and the jump over the unit's months before.",
            through,
        ),
        "actors": _Made(
            known_actors,
            (dyads, published.ACTOR_DATASET, published.CURATED_LINEAGE),
            "Non-state actors of actor_month and of actor_lineage.",
        ),
        "actor_lineage": _Made(
            links,
            (published.ACTOR_DATASET, published.CURATED_LINEAGE),
            "Splinters, temporary splits, alliances, joined groups and coalitions among non-state actors to 2021, "
            "dated by events; curated links, dated by reports, where the dataset has none.",
            losses=actors.lineage_losses,
        ),
        "actor_month": _Made(
            actors.actor_month,
            (dyads,),
            "State-based dyads in the conflict's country; organised non-state dyads in their countries, split by the "
            "events there where there are several; joint sides split equally over their members. One-sided dyads "
            "cannot be mapped to actors offline.",
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
            (published.COUPS, published.CURATED_TRANSITIONS),
            "As listed, with Gleditsch-Ward numbers; Niger 2023 dated 26 July instead of 26 June; from September 2023 "
            "on the curated coups.",
            coups.data_through,
        ),
        "un_bases": _Made(
            bases.un_bases,
            (published.GEO_PKO,),
            "One row a place on a mission's map; from 2021 on the year's largest number, at December.",
            bases.data_through,
            bases.losses,
        ),
        "deployments": _Made(
            deployments,
            (published.CURATED_DEPLOYMENTS,),
            "Facts on foreign forces in African countries, as compiled.",
            _searched_until(coverage, "deployments"),
        ),
        "transitions": _Made(
            transitions,
            (published.CURATED_TRANSITIONS,),
            "Facts on coups, transitions, elections, sanctions, blocs and agreements in Africa, as compiled.",
            _searched_until(coverage, "transitions"),
        ),
        "elections": _Made(
            elections.table,
            (published.REIGN_ELECTIONS,),
            "As listed, with Gleditsch-Ward numbers; upcoming ones known on the list's last day.",
            REIGN_THROUGH,
            elections.losses,
        ),
        "leaders": _Made(
            leaders.table,
            (published.REIGN_LEADERS,),
            "Each spell as an entry and an exit, with Gleditsch-Ward numbers.",
            REIGN_THROUGH,
            leaders.losses,
        ),
        "regimes": _Made(
            regimes.regimes,
            (published.REGIMES,),
            "As listed; a year is known from the end of the next March.",
            regimes.data_through,
        ),
        "facts_coverage": _Made(coverage, (published.CURATED_COVERAGE,), "As stated."),
    }


def _searched_until(coverage: pd.DataFrame, kind: str) -> pd.Timestamp:
    """The day up to which every country of a kind was searched: facts may be missing after it."""
    return coverage.loc[coverage["kind"] == kind, "searched_until"].min()


@contextmanager
def _stage(progress: Progress | None, title: str, total: int) -> Generator[Callable[[], None]]:
    if progress is None:
        yield lambda: None
    else:
        with progress.stage(title, total) as done:
            yield done


def _write(folder: Path, name: str, made: _Made, shared: Path) -> Provenance:
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
