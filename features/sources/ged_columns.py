"""Columns of UCDP's event files, yearly releases from 17.1 to 26.1 and candidate files, under the names they have had.

What changed over the years, and what is done about it:

- ids were ``dyad_id``, ``side_a_id`` and so on, then ``dyad_new_id``, ``side_a_new_id`` beside ``..._dset_id``: both
  names are understood, the newer comes first;
- ``best``, ``low`` and ``high`` were ``best_est``, ``low_est`` and ``high_est`` up to version 5;
- ``active_year`` is 0 or 1, from 25.1 on true or false: it is not read, nothing here rests on it;
- ``gwnoa`` and ``gwnob`` hold one number, a list of numbers, or nothing: text, of which only whether there is any
  matters, for that tells governments from other actors;
- some candidate files have no header: they have the columns of `ORDER`;
- copies on the Humanitarian Data Exchange have an unnamed first column, a column ``iso3``, a row of HXL tags, and
  numbers such as ``475.0``.
"""

from __future__ import annotations

from typing import Final

from .event_files import Layout

__all__ = ["CIVILIANS", "GED", "ORDER"]

#: Id of side B in one-sided events. GED's newer id for civilians is 1, which no actor has.
CIVILIANS: Final = 9999

#: The 49 columns of releases since 18.1, in order.
ORDER: Final = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence"),
    *("conflict_dset_id", "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name"),
    *("side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b"),
    *("number_of_sources", "source_article", "source_office", "source_date", "source_headline", "source_original"),
    *("where_prec", "where_coordinates", "where_description", "adm_1", "adm_2", "latitude", "longitude", "geom_wkt"),
    *("priogrid_gid", "country", "country_id", "region", "event_clarity", "date_prec", "date_start", "date_end"),
    *("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob"),
)

#: What is read of them. The columns that a file may lack came late, or are missing in copies.
GED: Final = Layout(
    columns={
        "id": ("id",),
        "code_status": ("code_status",),
        "type_of_violence": ("type_of_violence",),
        "dyad_id": ("dyad_new_id", "dyad_id"),
        "side_a_id": ("side_a_new_id", "side_a_id"),
        "side_b_id": ("side_b_new_id", "side_b_id"),
        "side_a": ("side_a",),
        "side_b": ("side_b",),
        "gwnoa": ("gwnoa",),
        "gwnob": ("gwnob",),
        "where_prec": ("where_prec",),
        "adm_1": ("adm_1",),
        "latitude": ("latitude",),
        "longitude": ("longitude",),
        "country_id": ("country_id",),
        "date_start": ("date_start",),
        "date_end": ("date_end",),
        "best": ("best", "best_est"),
        "low": ("low", "low_est"),
        "high": ("high", "high_est"),
    },
    optional=frozenset({"code_status", "adm_1", "low", "high"}),
    order=ORDER,
)
