"""The files of an issue, written from what was scored: flat table, skill and brief, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..base.csv_files import csv_file
from ..issue.writing import write_scores, writing_aside
from ..report.brief import brief_name, write_brief
from ..report.briefing import brief_contents

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot
    from ..ingest.boundaries_at_hand import BoundariesAtHand
    from ..issue.issue import Issued

__all__ = ["write_issue"]


def write_issue(
    issued: Issued,
    panels: dict[str, Panel],
    snapshot: Snapshot,
    about: Mapping[str, object],
    *,
    issue_date: dt.date,
    boundaries: BoundariesAtHand | None,
    lang: str,
) -> Issued:
    """Write an issue into its folder.

    Parameters
    ----------
    panels
        By level, to the origin.
    about
        What ``about.json`` says besides months, day of issue and lists, in order.
    issue_date
        The day from which the age of the data counts.
    boundaries, lang
        Polygons for the brief's regional map, and the language of the brief.

    Returns
    -------
    The issue, with how the lists of earlier ones did.
    """
    with writing_aside(issued.folder) as aside:
        contents = brief_contents(issued, panels, snapshot, issue_date=issue_date, boundaries=boundaries)
        told = {"issue": str(issued.issue), "origin": str(issued.origin), "issue_date": issue_date, **about}
        write_scores(issued.scores, aside, told | {"lists": contents.lists.to_dict("records")})
        csv_file(issued.skill, aside / "skill.csv")
        write_brief(contents, aside / brief_name(lang), lang=lang)
    return replace(issued, lists=contents.lists)
