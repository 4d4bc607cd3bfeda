"""Contract of the event table: one row an event, whoever recorded it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandera.pandas as pa

from .columns import Check, contract, count, day, gwno, known_on, lat, lon, text, violence_type

if TYPE_CHECKING:
    from typing import Final

__all__ = ["EVENTS"]


def _actor(description: str) -> pa.Column:
    return pa.Column("int32", Check.ge(1), description=description)


#: The event table, which every reader of event rows hands on. It is no table of the snapshot: it is counted into those.
EVENTS: Final = (
    contract(
        "events",
        {
            "event_id": text("id that the publisher gives the event"),
            "release": text("release that the row stands in"),
            "gwno": gwno(),
            "violence_type": violence_type(),
            "dyad_id": pa.Column("int32", Check.ge(0), description="UCDP dyad id; 0 where the publisher has none"),
            "side_a_id": _actor("actor id of side A"),
            "side_b_id": _actor("actor id of side B (civilians 9999)"),
            "side_a": text("name of side A"),
            "side_b": text("name of side B"),
            "side_a_state": pa.Column("bool", description="side A is a government"),
            "side_b_state": pa.Column("bool", description="side B is a government"),
            "organised": pa.Column("bool", description="fought between organised actors, not communal"),
            "where_prec": pa.Column(
                "int8",
                Check.in_range(1, 7),
                description="how well the place is known: 1 to 4 the first-order region or better, 5 to 7 less",
            ),
            "adm_1": text("first-order region, as the publisher names it", nullable=True),
            "lat": lat(nullable=True),
            "lon": lon(nullable=True),
            "start": day("first day"),
            "end": day("last day"),
            "deaths": count("deaths, best estimate"),
            "low": count("deaths, low estimate"),
            "high": count("deaths, high estimate"),
            "provisional": pa.Column("bool", description="from a candidate release, to be replaced"),
            "known_on": known_on(),
        },
        ["event_id"],
        "Events, one a row, as their publisher gives them out.",
    ),
)
