"""What a run hands to the brief: scores, histories, facts, the track record, skill, and where the data come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ...features.sources.boundaries import country_outlines
from ..issue.alert_rules import read_rules
from ..issue.alerts import alerts, looked_at
from ..issue.country_facts import country_facts
from ..issue.list_record import list_record
from ..issue.revisions import revised_counts
from ..issue.selection import of_windows, starts_later
from ..issue.track_record import completed, read_issues, settle
from .contents import BriefContents
from .precedents import like_events

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot
    from ..ingest.boundaries_at_hand import BoundariesAtHand
    from ..issue.issue import Issued

__all__ = ["HISTORY_MONTHS", "brief_contents"]

#: Months of deaths shown for each unit.
HISTORY_MONTHS = 60


def brief_contents(
    issued: Issued,
    panels: Mapping[str, Panel],
    snapshot: Snapshot,
    *,
    issue_date: dt.date,
    boundaries: BoundariesAtHand | None = None,
) -> BriefContents:
    """Gather what the brief shows of an issue.

    Parameters
    ----------
    panels
        Countries (with their territory) and regions, as of the origin.
    boundaries
        Polygons of regions that there are.

    Raises
    ------
    SourceError
        If the country outlines are not where the installed packages should have them.
    """
    skill, scores = issued.skill, of_windows(issued.scores, "data")
    earlier = _earlier(issued, snapshot)
    settled = settle(earlier.recorded, panels)
    regions = set(issued.scores.loc[issued.scores["admin_level"] == 1, "admin1_code"].unique())
    facts = country_facts(
        snapshot, panels["country"], panels["region"], origin=issued.origin, years=HISTORY_MONTHS // 12
    )
    scored = [panels[level] for number, level in enumerate(panels) if (issued.scores["admin_level"] == number).any()]
    new_actors = skill["target"] == "new_armed_actor"
    return BriefContents(
        issue=str(issued.issue),
        origin=str(issued.origin),
        issue_date=issue_date,
        scores=scores,
        from_today=of_windows(issued.scores, "today") if starts_later(issued.scores).any() else None,
        history=pd.concat([_history(panel) for panel in scored], ignore_index=True),
        # of new actors the score over all countries mostly tells peaceful ones apart, so the at-risk one is shown
        skill=skill[skill["stratum"] == np.where(new_actors, "at risk", "all")],
        outlines=country_outlines(),
        unit_points=pd.concat([_points(panel) for panel in scored], ignore_index=True),
        data_sources=_sources(snapshot),
        models=issued.models,
        # a brief of chosen countries, or of one level, tells of these; the lists' record is that of the whole world's
        record=settled[_spoken_of(settled, issued.scores)],
        lists=list_record(settled),
        previous=earlier.previous,
        previous_issue=earlier.issue,
        previous_backfilled=earlier.backfilled,
        **vars(facts),
        alerts=alerts(read_rules(), panels, looked_at(scores, earlier.recorded), origin=issued.origin),
        precedents=like_events(snapshot, panels),
        revised=revised_counts(snapshot, issued.origin),
        counted=_counted(snapshot) if regions else None,
        boundaries=None if boundaries is None else boundaries.file_for(regions),
    )


class _Earlier(NamedTuple):
    """What was said before: all of it, and the issue that a new one is compared with, as `BriefContents` has it."""

    recorded: pd.DataFrame
    previous: pd.DataFrame | None
    issue: str | None
    backfilled: bool


def _earlier(issued: Issued, snapshot: Snapshot) -> _Earlier:
    live = read_issues(issued.folder.parent, before=issued.issue)
    recorded = completed(live, snapshot, before=issued.issue)
    last = max(live["issue"].unique(), default=None)
    before = str(issued.issue - 1)
    again = last is None and bool((recorded["issue"] == before).any())  # what a first issue is compared with
    return _Earlier(
        recorded=recorded,
        previous=None if last is None else live[live["issue"] == last],
        issue=before if again else last,
        backfilled=again,
    )


def _spoken_of(settled: pd.DataFrame, scores: pd.DataFrame) -> pd.Series:
    """Rows of countries and levels that an issue has scores of."""
    codes, levels = scores["location_code"].unique(), scores["admin_level"].unique()
    return settled["location_code"].isin(codes) & settled["admin_level"].isin(levels)


def _counted(snapshot: Snapshot) -> tuple[str, str]:
    """Release that most countries' regions are counted from without a gap, and its last month."""
    spans = snapshot.region_coverage.sort_values("first_month").groupby("gwno").first()
    source = spans["source"].mode().iloc[0]
    return source, f"{spans.loc[spans['source'] == source, 'last_month'].max():%Y-%m}"


def _names(panel: Panel, units: pd.DataFrame) -> dict[str, Any]:
    region = panel.level != "country"
    return {
        "location_code": units["iso3"].to_numpy(),
        "admin_level": int(region),
        "admin1_code": units.index.to_numpy() if region else pd.Series(pd.NA, index=range(len(units)), dtype="str"),
    }


def _history(panel: Panel) -> pd.DataFrame:
    """Deaths of each unit in its own last months of data."""
    last = panel.last_observed
    month = last[:, None] - np.arange(HISTORY_MONTHS)[::-1]
    unit, position = np.nonzero((month >= 0) & (last[:, None] >= 0))
    month = month[unit, position]
    seen = panel.observed[month, unit]
    unit, month = unit[seen], month[seen]
    return pd.DataFrame(
        _names(panel, panel.units.iloc[unit])
        | {"month": panel.months[month].astype("str"), "deaths": panel.deaths[month, unit].astype(np.float64)}
    )


def _points(panel: Panel) -> pd.DataFrame:
    units = panel.units
    return pd.DataFrame(_names(panel, units) | {"lat": units["lat"].to_numpy(), "lon": units["lon"].to_numpy()})


def _sources(snapshot: Snapshot) -> list[dict[str, Any]]:
    return [
        {
            "table": table,
            "source": source["name"],
            **{key: source.get(key, "") for key in ("version", "licence", "citation")},
            "first_month": provenance.first_month,
            "last_month": provenance.last_month,
            "rows": provenance.rows,
        }
        for table, provenance in snapshot.provenance.items()
        for source in provenance.sources
    ]
