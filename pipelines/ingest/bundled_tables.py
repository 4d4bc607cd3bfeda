"""Every table of the snapshot that the package carries, counted from its sources, with what its provenance says."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from ...features.sources import publications as published
from ...features.sources.admin1 import read_admin1
from ...features.sources.admin1_counts import COUNTED, Span
from ...features.sources.admin1_units import on_one_outline, read_admin1_outlines, read_admin1_units
from ...features.sources.boundaries import country_neighbours, country_outlines
from ...features.sources.catalogue import SOURCES
from ...features.sources.coups import extended, read_coups
from ...features.sources.deployments import read_deployments
from ...features.sources.facts_coverage import read_facts_coverage
from ...features.sources.ged_regions import read_sides
from ...features.sources.lineage import joined, read_lineage
from ...features.sources.peacekeeping import read_un_bases
from ...features.sources.precise import read_precise
from ...features.sources.transitions import read_transitions
from ...features.sources.ucdp import read_countries, read_country_month, read_release
from ...features.sources.ucdp_actors import read_actors

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path

    import geopandas as gpd

    from ...features.sources.publications import Publication
    from ...features.sources.source import Source
    from ...features.sources.ucdp import Release
    from ..base.progress import Progress

__all__ = ["Made", "made_tables"]

_CANDIDATE_SPANS: Final = tuple(
    Span(f"UCDP candidate 26.0.{month}", *[pd.Timestamp(2026, month, 1)] * 2) for month in (1, 2)
)


@dataclass(frozen=True, slots=True)
class Made:
    """A table, with what its provenance says of it."""

    table: pd.DataFrame
    sources: tuple[Publication, ...]
    method: str
    data_through: pd.Timestamp | None = None
    losses: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class _Counted:
    """What most tables are counted with: the release, and the states with their outlines and months."""

    release: Release
    outlines: gpd.GeoDataFrame
    countries: pd.DataFrame
    country_month: pd.DataFrame


def made_tables(shared: Path, progress: Progress | None) -> dict[str, Made]:
    """Count every table of the snapshot from the folder of sources; errors as of `build_snapshot`."""
    ucdp = shared / "ucdp"
    with _stage(progress, "Counting the sources", 4) as done:
        release, outlines = read_release(ucdp / "meta.yaml"), country_outlines()
        countries = read_countries(ucdp / "states.yaml", outlines=outlines, release=release)
        country_month = read_country_month(ucdp / "country-month.csv", release=release)
        counted = _Counted(release, outlines, countries, country_month)
        done()
        of_countries = _of_countries(ucdp, counted)
        done()
        units = read_admin1_units()
        region_outlines, _ = read_admin1_outlines(shared / published.ADMIN_1_OUTLINES.files[0], units)
        of_regions = _of_regions(shared, counted, units, region_outlines)
        done()
        of_facts = _of_facts(shared, counted, region_outlines)
        by_themselves = {source.name: _made(source, shared) for source in SOURCES}
        done()
    return {**of_countries, **of_regions, **of_facts, **by_themselves}


def _of_countries(ucdp: Path, counted: _Counted) -> dict[str, Made]:
    """States and their months, and who fights in them."""
    version = counted.release.version
    actors = read_actors(ucdp, country_month=counted.country_month, release=counted.release)
    known_actors, links = joined(actors.actors, actors.actor_lineage, read_lineage())
    states, counts, dyads = (
        published.ucdp(version, *(f"ucdp/{file}" for file in files))
        for files in (
            ("states.yaml",),
            ("country-month.csv", "meta.yaml"),
            ("dyad-month.csv", "dyads.yaml", "nonstate.yaml", "conflicts.yaml", "country-month.csv"),
        )
    )
    return {
        "countries": Made(
            counted.countries,
            (states, published.COUNTRY_CODES, published.COUNTRY_OUTLINES),
            "States in the system at any time since January 1989, with a point inside the outline of each.",
        ),
        "country_neighbours": Made(
            country_neighbours(counted.outlines, counted.countries),
            (published.COUNTRY_OUTLINES,),
            "States whose outlines share a border; former states by hand.",
        ),
        "country_month": Made(
            counted.country_month,
            (counts,),
            "As counted by UCDP; months of a type without events are left out; totals of a war or a year dated by "
            "their first day are marked by deaths an event and the jump over the unit's months before.",
            counted.release.data_through,
        ),
        "actors": Made(
            known_actors,
            (dyads, published.ACTOR_DATASET, published.CURATED_LINEAGE),
            "Non-state actors of actor_month and of actor_lineage.",
        ),
        "actor_lineage": Made(
            links,
            (published.ACTOR_DATASET, published.CURATED_LINEAGE),
            "Splinters, temporary splits, alliances, joined groups and coalitions among non-state actors to 2021, "
            "dated by events; curated links, dated by reports, where the dataset has none.",
            losses=actors.lineage_losses,
        ),
        "actor_month": Made(
            actors.actor_month,
            (dyads,),
            "State-based dyads in the conflict's country; organised non-state dyads in their countries, split by the "
            "events there where there are several; joint sides split equally over their members. One-sided dyads "
            "cannot be mapped to actors offline.",
            counted.release.data_through,
            actors.losses,
        ),
    }


def _of_regions(
    shared: Path, counted: _Counted, units: pd.DataFrame, region_outlines: gpd.GeoDataFrame
) -> dict[str, Made]:
    """Regions and their months, and who fights in them."""
    regions = read_admin1(
        shared / published.ADMIN_1_COUNTS.files[0],
        shared / published.ADMIN_1_PLACES.files[0],
        [(shared / file, span) for file, span in zip(published.CANDIDATES.files, _CANDIDATE_SPANS, strict=True)],
        units=units,
        outlines=region_outlines,
        countries=counted.countries,
    )
    by_region, outlines_1 = (published.ADMIN_1_COUNTS, published.CANDIDATES), published.ADMIN_1_OUTLINES
    return {
        "regions": Made(
            regions.regions,
            (published.CURATED_REGIONS, published.ADMIN_1_PLACES, outlines_1),
            "Countries with at least 50 events since 2010; centre: mean of the events there, or a point inside.",
        ),
        "region_neighbours": Made(
            regions.region_neighbours,
            (outlines_1, published.ADMIN_1_PLACES),
            "Outlines within 0.005 degrees of each other, across borders too; of a region without an outline the four "
            "nearest centres.",
        ),
        "region_coverage": Made(
            regions.region_coverage, by_region, "The counts run to December 2024; no month of 2025 is at hand."
        ),
        "region_month": Made(
            regions.region_month,
            (*by_region, published.CURATED_REGIONS),
            "By the region that UCDP names and the day on which an event began; candidate events under a name that is "
            "not listed in the region of the nearest centre; what has no region, or one that was replaced by several "
            "others, is known to the country only.",
            COUNTED.last_month + pd.offsets.MonthEnd(0),
            regions.losses,
        ),
        **_of_sides(shared, counted, regions.regions, units, region_outlines),
    }


def _of_sides(
    shared: Path, counted: _Counted, regions: pd.DataFrame, units: pd.DataFrame, region_outlines: gpd.GeoDataFrame
) -> dict[str, Made]:
    sides = read_sides(shared / "ucdp", outlines=region_outlines)
    precise = read_precise(
        shared / published.GED_PRECISE.files[0],
        shared / published.ACTOR_DATASET.files[0],
        regions=regions,
        outlines=region_outlines,
        countries=counted.countries,
        on_one_outline=on_one_outline(units, region_outlines),
        without=sides.sides_coverage["gwno"],
    )
    events = (published.GED_NIGERIA, published.GED_SUDAN, published.GED_PRECISE)
    organisation = published.ucdp(counted.release.version, "ucdp/nonstate.yaml")
    return {
        "sides_coverage": Made(
            _by_state(sides.sides_coverage, precise.sides_coverage),
            events,
            "GED starts in January 1989; South Sudan's file ends with June 2011; of other countries only events placed "
            "to the town or nearer are at hand, to 2020.",
        ),
        "region_sides": Made(
            pd.concat([sides.region_sides, precise.region_sides], ignore_index=True),
            (*events, organisation, published.ACTOR_DATASET, published.ADMIN_1_OUTLINES),
            "Point in polygon where where_prec is at most 4, else known to the country only; points outside their "
            "country in its nearest region within 25 km; deaths shared out over the event's days. Of countries but "
            "Nigeria and the Sudans, about three quarters of all events: those placed to the town or nearer, in the "
            "region whose outline holds them or whose centre is nearest.",
            sides.data_through,
            {**sides.losses, **precise.losses},
        ),
    }


def _of_facts(shared: Path, counted: _Counted, region_outlines: gpd.GeoDataFrame) -> dict[str, Made]:
    """Coups, foreign forces and transitions, and where they were searched for."""
    deployments, transitions, coverage = read_deployments(), read_transitions(), read_facts_coverage()
    coups = extended(read_coups(shared / published.COUPS.files[0]), transitions)
    bases = read_un_bases(
        *(shared / file for file in published.GEO_PKO.files),
        countries=counted.countries,
        outlines=region_outlines,
        last=counted.release.data_through,
    )
    return {
        "coups": Made(
            coups.coups,
            (published.COUPS, published.CURATED_TRANSITIONS),
            "As listed, with Gleditsch-Ward numbers; Niger 2023 dated 26 July instead of 26 June; from September 2023 "
            "on the curated coups.",
            coups.data_through,
        ),
        "un_bases": Made(
            bases.un_bases,
            (published.GEO_PKO,),
            "One row a place on a mission's map; from 2021 on the year's largest number, at December.",
            bases.data_through,
            bases.losses,
        ),
        "deployments": Made(
            deployments,
            (published.CURATED_DEPLOYMENTS,),
            "Facts on foreign forces by host country, as compiled.",
            _searched_until(coverage, "deployments"),
        ),
        "transitions": Made(
            transitions,
            (published.CURATED_TRANSITIONS,),
            "Facts on coups, transitions, elections, sanctions, blocs and agreements, as compiled.",
            _searched_until(coverage, "transitions"),
        ),
        "facts_coverage": Made(coverage, (published.CURATED_COVERAGE,), "As stated."),
    }


def _made(source: Source, shared: Path) -> Made:
    read = source.read(shared)
    return Made(read.table, source.publications, source.method, read.data_through, read.losses)


def _searched_until(coverage: pd.DataFrame, kind: str) -> pd.Timestamp:
    """The day up to which every country of a kind was searched: facts may be missing after it."""
    return coverage.loc[coverage["kind"] == kind, "searched_until"].min()


def _by_state(*coverages: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(coverages).sort_values("gwno", ignore_index=True)


@contextmanager
def _stage(progress: Progress | None, title: str, total: int) -> Generator[Callable[[], None]]:
    if progress is None:
        yield lambda: None
    else:
        with progress.stage(title, total) as done:
            yield done
