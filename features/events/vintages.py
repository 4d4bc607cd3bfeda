"""Which events were known on a day: one yearly release, and the candidate events of the months after it.

A yearly release replaces every candidate event of the months that it covers, and no two yearly releases are ever mixed:
UCDP revises the past, so that a change between two versions is no change in the world.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ..contracts.canonical import validate
from ..errors import CoverageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..sources.ged_release import EventRelease, Vintage

__all__ = ["KnownEvents", "known_events"]


@dataclass(frozen=True, slots=True)
class KnownEvents:
    """Events as they were known on a day.

    Attributes
    ----------
    events
        Canonical table ``events``.
    vintages
        Files that they come from: the yearly release, then candidate files in order.
    first_day, data_through
        Days that the files cover without a gap.
    losses
        Rows left out on reading or replaced, by reason, and what is odd in those kept.
    """

    events: pd.DataFrame
    vintages: tuple[Vintage, ...]
    first_day: pd.Timestamp
    data_through: pd.Timestamp
    losses: dict[str, float]


def known_events(releases: Sequence[EventRelease], *, as_of: pd.Timestamp | None = None) -> KnownEvents:
    """Put together what was known on a day.

    The newest yearly release that was out, and of the months after it the newest candidate file of each. Where an event
    stands in several, the yearly release counts, then the later candidate file.

    Parameters
    ----------
    releases
        Files, read; in any order.
    as_of
        Last day on which a file may have been out, by its ``known_on``; by default all count.

    Raises
    ------
    CoverageError
        If no yearly release was out, or the candidate files leave a month out.
    """
    out = [r for r in releases if as_of is None or r.vintage.known_on <= as_of]
    final = max((r for r in out if not r.vintage.provisional), key=lambda r: r.vintage.known_on, default=None)
    if final is None:
        day = "" if as_of is None else f" as of {as_of:%Y-%m-%d}"
        msg = f"no yearly release of events is at hand{day}."
        raise CoverageError(msg, remedy="Name one, such as ged261-csv.zip; candidate files only add to it.")
    candidates = _newest(r for r in out if r.vintage.provisional and r.vintage.last_day > final.vintage.last_day)
    data_through = _through(final.vintage, candidates)
    parts = [final.events]
    losses: dict[str, float] = dict(final.losses)
    replaced = {"candidates_replaced_by_the_yearly_release": 0.0, "candidates_replaced_by_a_later_file": 0.0}
    seen = set(final.events["event_id"])
    for release in reversed(candidates):  # the later file counts
        rows = release.events
        of_final = (rows["start"] <= final.vintage.last_day) | rows["event_id"].isin(set(final.events["event_id"]))
        again = rows["event_id"].isin(seen) & ~of_final
        replaced["candidates_replaced_by_the_yearly_release"] += float(of_final.sum())
        replaced["candidates_replaced_by_a_later_file"] += float(again.sum())
        parts.append(rows[~of_final & ~again])
        seen |= set(parts[-1]["event_id"])
        for reason, number in release.losses.items():
            losses[reason] = losses.get(reason, 0.0) + number
    events = validate(pd.concat([parts[0], *reversed(parts[1:])], ignore_index=True), "events")
    vintages = (final.vintage, *(release.vintage for release in candidates))
    return KnownEvents(events, vintages, final.vintage.first_day, data_through, losses | replaced)


def _newest(releases: Iterable[EventRelease]) -> list[EventRelease]:
    """Candidate files in order of their last day, without those whose months a newer file covers whole."""
    listed = sorted(
        releases,
        key=lambda r: (r.vintage.known_on, -r.vintage.first_day.toordinal()),
    )
    kept: list[EventRelease] = []
    for position, release in enumerate(listed):
        covered = any(
            later.vintage.first_day <= release.vintage.first_day and later.vintage.last_day >= release.vintage.last_day
            for other, later in enumerate(listed)
            if (other > position and later.vintage != release.vintage)
            or (other < position and later.vintage == release.vintage)
        )
        if not covered:
            kept.append(release)
    return sorted(kept, key=lambda r: (r.vintage.last_day, r.vintage.first_day))


def _through(final: Vintage, candidates: list[EventRelease]) -> pd.Timestamp:
    through = final.last_day
    for vintage in (release.vintage for release in candidates):
        if vintage.first_day > through + pd.Timedelta(days=1):
            missing = (through + pd.Timedelta(days=1)).to_period("M")
            msg = f"no candidate file covers {missing}, but {vintage.name} comes after it."
            raise CoverageError(msg, remedy="Add the file of that month, or leave the later ones out.")
        through = max(through, vintage.last_day)
    return through
