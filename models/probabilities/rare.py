"""Forecasters of rare events with few independent spells, held back so that a spell more or less moves little.

Nine settings in all were free, chosen on origins of 2003 to 2017: two ridges; rounds, leaves, rows a leaf and l2 of the
booster; the hazard's knots; the features; who is pooled.
"""

from __future__ import annotations

from .boosting import BoostingFamily
from .hazard import HAZARD
from .logit import LogitFamily

__all__ = ["RARE", "RARE_FEATURES", "RARE_POOLED"]

#: Features of the logit: the armed field, the territory, and four of violence in and around the unit.
RARE_FEATURES = (
    *(f"field_groups_{months}" for months in (12, 24, 60, 120)),
    "field_effective_60",
    *(f"field_{what}_{months}" for months in (12, 60, 120) for what in ("debuts", "deadly_debuts")),
    "field_deadly_debut_decay",
    "field_since_deadly_debut",
    "field_deadly_debut_rate",
    "field_neighbour_debuts_24",
    "field_neighbour_deadly_60",
    "field_neighbour_groups_12",
    "field_dormant_60",
    *(f"field_{kind}_deaths_60" for kind in ("sb", "ns", "os")),
    "field_ns_events_12",
    *(f"territory_{what}" for what in ("events_12", "deaths_12", "since_contested", "neighbours", "country", "tfi")),
    "deaths_12",
    "deaths_60",
    "neighbour_deaths_12",
    "country_deaths_12",
)
RARE = (
    LogitFamily("rare_logit", features=RARE_FEATURES, ridge=1_000.0),
    BoostingFamily("rare_lightgbm", rounds=80, leaves=4, rows_a_leaf=400, learning_rate=0.05, l2=20.0),
    HAZARD,
)
#: Members of the equal-weight pool.
RARE_POOLED = ("rare_logit", "rare_lightgbm")
