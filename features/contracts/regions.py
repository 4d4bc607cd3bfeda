"""Contracts of the tables of regions: where they are, what was counted in them, and who fought there."""

from __future__ import annotations

import pandera.pandas as pa

from .columns import contract, count, gwno, known_on, lat, lon, month, text, violence_type

__all__ = ["REGIONS"]

#: Contracts of the tables of regions.
REGIONS = (
    contract(
        "regions",
        {
            "region_id": text("ISO 3166-2 where there is one, else a code of our own or of the boundary file"),
            "name": text("name of the region"),
            "gwno": gwno(),
            "iso3": text("ISO 3166-1 alpha-3"),
            "iso_3166_2": text("ISO 3166-2, empty where there is none", nullable=True),
            "p_code": text("OCHA's place code, empty where it is not known", nullable=True),
            "outline": text("name of its polygon in Natural Earth, empty where it has none there", nullable=True),
            "lat": lat(),
            "lon": lon(),
            "boundary_version": text("boundary file and version"),
        },
        ["region_id"],
        "Admin-1 regions and the centre of their events (of the region where it saw none).",
    ),
    contract(
        "region_neighbours",
        {"region_id": text("region"), "neighbour": text("region that touches it")},
        ["region_id", "neighbour"],
        "Pairs of regions that touch, each pair both ways.",
    ),
    contract(
        "region_coverage",
        {
            "gwno": gwno(),
            "first_month": month(),
            "last_month": month(),
            "source": text("release the rows were counted from"),
        },
        ["gwno", "first_month"],
        "Months in which the counts of a country's regions are complete, one row a span of months: outside them a "
        "region's zero means unknown. Labels and features use the first span alone, which is of one release.",
    ),
    contract(
        "region_month",
        {
            "region_id": text("region; empty for what is known to the country only", nullable=True),
            "gwno": gwno(),
            "month": month(),
            **{
                f"{kind}_events": count(f"{words} events")
                for kind, words in (("sb", "state-based"), ("ns", "non-state"), ("os", "one-sided"))
            },
            "deaths": count("deaths of all three types, UCDP best estimate"),
            "known_on": known_on(),
        },
        ["region_id", "gwno", "month"],
        "Events by type and deaths by region and month.",
    ),
    contract(
        "sides_coverage",
        {
            "gwno": gwno(),
            "first_month": month(),
            "last_month": month(),
            "source": text("release the rows were counted from"),
        },
        ["gwno"],
        "Months for which it is known who fought in the regions of a country.",
    ),
    contract(
        "region_sides",
        {
            "region_id": text("region; empty for deaths known to the country only", nullable=True),
            "gwno": gwno(),
            "month": month(),
            "violence_type": violence_type(),
            "side_a_id": pa.Column("int32", description="UCDP actor id of side A"),
            "side_b_id": pa.Column("int32", description="UCDP actor id of side B (civilians 9999)"),
            "organised": pa.Column("bool", description="fought between organised actors, not communal"),
            "events": count("events (an event of several months counts in each)"),
            "deaths": count("deaths, UCDP best estimate, allocated over the event's days"),
            "known_on": known_on(),
        },
        ["region_id", "gwno", "month", "violence_type", "side_a_id", "side_b_id"],
        "Who fought where: events and deaths by region, month, type and pair of actors.",
    ),
)
