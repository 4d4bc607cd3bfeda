"""What a brief is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...features.errors import SchemaError
from ..issue.alerts import COLUMNS as ALERTS
from ..issue.country_facts import ACTORS, ANNOUNCED, CODED, FORCES, PARTS, STEPS, WAR_TOTALS
from ..issue.list_record import COLUMNS as LIST_RECORD
from ..issue.revisions import REVISED
from ..issue.track_record import SETTLED, no_record
from .precedents import PRECEDENTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import geopandas as gpd

__all__ = ["BriefContents"]

_COLUMNS = {
    "scores": (
        "location_code",
        "location_name",
        "admin_level",
        "admin1_code",
        "admin1_name",
        "target",
        "horizon_months",
        "reference_period_start",
        "reference_period_end",
        "data_through",
        "probability",
        "prob_low",
        "prob_high",
        "baseline_probability",
        "q05",
        "q25",
        "q50",
        "q75",
        "q95",
        "risk_class",
        "rank",
        "change_since_last_issue",
        "top_drivers",
        "model_name",
        "model_version",
        "run_id",
        "boundary_version",
        "is_provisional",
        "warning",
    ),
    "history": ("location_code", "admin_level", "admin1_code", "month", "deaths"),
    "skill": (
        "level",
        "target",
        "horizon_months",
        "stratum",
        "forecaster",
        "n",
        "base_rate",
        "brier",
        "brier_skill_persistence",
        "brier_skill_climatology",
        "auc",
        "average_precision",
        "first_origin",
        "last_origin",
    ),
    "unit_points": ("admin_level", "location_code", "admin1_code", "lat", "lon"),
    "outlines": ("iso3", "geometry"),
    "record": SETTLED,
    "lists": LIST_RECORD,
    "forces": FORCES,
    "announced": ANNOUNCED,
    "steps": STEPS,
    "actors": ACTORS,
    "parts": PARTS,
    "war_totals": WAR_TOTALS,
    "coded": CODED,
    "alerts": ALERTS,
    "precedents": PRECEDENTS,
    "revised": REVISED,
}


@dataclass(frozen=True)
class BriefContents:
    """Everything that a brief shows.

    Attributes
    ----------
    issue
        Month of issue, ``YYYY-MM``.
    origin
        Last complete month of data, ``YYYY-MM``; the forecasts speak of the months after it.
    issue_date
        Day on which the forecasts were issued.
    scores
        The table ``scores`` of the contracts, one row per unit, target and horizon. Rows of the target
        ``deaths...`` carry quantiles and no probability.
    history
        Deaths per unit and month, the last 60 months: ``location_code, admin_level, admin1_code, month, deaths``.
    skill
        Scores out of sample on recent origins, one row per level, target, horizon, stratum (``all``, ``at risk``)
        and forecaster.
    outlines
        Outlines of the world's countries, ``iso3`` and ``geometry`` in degrees (EPSG:4326).
    unit_points
        Where each unit is drawn as a symbol: ``admin_level, location_code, admin1_code, lat, lon``, degrees.
    data_sources
        Tables that the scores rest on: ``table, source, version, licence, citation, first_month, last_month, rows``.
    models
        What the models are made of, from `faultline.pipelines.learn.served`; empty for an issue that does not say.
    regions_shown
        How many regions at highest risk these are, where there are more; None where these are all.
    record
        Forecasts of earlier issues beside what happened, from `faultline.pipelines.issue.track_record.settle`.
    lists
        How the lists of earlier issues did, from `faultline.pipelines.issue.list_record.list_record`.
    previous, previous_issue, previous_backfilled
        Scores of the last issue, and which it was; None where there was none. Of a first issue that is compared with
        what the package carries of the month before, that month, and true.
    forces, announced, steps, actors, parts, war_totals, coded, at_risk
        Facts by country, as `faultline.pipelines.issue.country_facts.CountryFacts` has them.
    alerts
        Units that the package's own rules find, from `faultline.pipelines.issue.alerts.alerts`.
    precedents
        What followed events like those of a country's last two years, from `faultline.pipelines.report.precedents`.
    revised
        What revision did, and may do to provisional months, from `faultline.pipelines.issue.revisions.revised_counts`.
    counted
        Release that the regions' figures are counted from, and its last month; None where there are no regions.
    from_today
        Scores of the windows from the month after the issue date, which headline and lists speak of; None where an
        issue has none. ``scores`` are those of the windows that follow on the data.
    boundaries
        A user's file of admin-1 polygons, one of whose columns holds the scores' ``admin1_code``.

    Raises
    ------
    SchemaError
        If a table lacks a column, or there is no score to show.
    """

    issue: str
    origin: str
    issue_date: date
    scores: pd.DataFrame
    history: pd.DataFrame
    skill: pd.DataFrame
    outlines: gpd.GeoDataFrame
    unit_points: pd.DataFrame
    data_sources: Sequence[Mapping[str, Any]] = field(default=())
    models: Sequence[Mapping[str, Any]] = field(default=())
    regions_shown: int | None = None
    record: pd.DataFrame = field(default_factory=no_record)
    lists: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(LIST_RECORD)))
    previous: pd.DataFrame | None = None
    previous_issue: str | None = None
    previous_backfilled: bool = False
    forces: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(FORCES)))
    announced: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(ANNOUNCED)))
    steps: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(STEPS)))
    actors: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(ACTORS)))
    parts: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(PARTS)))
    war_totals: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(WAR_TOTALS)))
    coded: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(CODED)))
    at_risk: frozenset[str] = frozenset()
    alerts: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(ALERTS)))
    precedents: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(PRECEDENTS)))
    revised: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(REVISED)))
    counted: tuple[str, str] | None = None
    from_today: pd.DataFrame | None = None
    boundaries: Path | None = None

    def __post_init__(self) -> None:
        """Check at the border what every page of the brief relies on."""
        for table, columns in _COLUMNS.items():
            for column in columns:
                if column not in getattr(self, table).columns:
                    problem = f"the brief's table {table!r} has no column {column!r}."
                    raise SchemaError(problem, column=column, remedy=f"It needs: {', '.join(columns)}.")
        if not (self.scores["probability"].notna()).any():
            problem = "there is no probability among the scores, so there is nothing to report."
            raise SchemaError(problem, column="probability", remedy="Score at least one target with a probability.")
