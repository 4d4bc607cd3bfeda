"""The track record: how forecasts did whose months are over, of all units as a figure, of one in words as well."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from ...features.errors import CoverageError
from ...features.panels.build import both_panels
from ...features.tables.snapshot import load_snapshot
from ..issue.list_record import list_record
from ..issue.opening import default_out, open_issue
from ..issue.selection import of_windows, select_scores
from ..issue.track_record import read_issues, read_record, running_skill, settle
from ..issue.unit_record import CALLED, WINDOW, apart, unit_records
from .figures import BAND, EARLIER, LATER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...features.tables.snapshot import Snapshot

__all__ = ["SaidAndHappened", "list_records", "said_and_happened", "track_record"]

_NOTHING = "no forecast of these issues has come to the end of its months."
_WAIT = "Wait, take older issues, or name newer data with snapshot."


@dataclass(frozen=True)
class SaidAndHappened:
    """What was said of a unit and what happened.

    Attributes
    ----------
    sentences
        In words.
    records
        Every window of three months that is over, the newest first, as from
        `~faultline.pipelines.issue.unit_record.unit_records`.
    windows
        Those that do not overlap.
    """

    sentences: tuple[str, ...]
    records: pd.DataFrame
    windows: pd.DataFrame


def track_record(
    unit: str | None = None,
    *,
    issues: str | Path | Iterable[str | Path] | None = None,
    level: str = "country",
    target: str | None = None,
    horizon: int | None = None,
    snapshot: Path | str | None = None,
) -> alt.LayerChart:
    """Draw how earlier issues did: of all units running Brier skill against persistence, of one unit what was said.

    Parameters
    ----------
    unit
        Country (ISO 3166-1 alpha-3, or name) or region (code, ISO 3166-2, or name): what was expected of it within
        three months, and what happened; by default all units of a level.
    issues
        Folder of issues, or a list of issues as `load_scores` takes them: these alone. By default those in the folder
        of the issues, and of the months before the forecasts that the package carries, made again from what was known.
    level, target, horizon
        Of all units, which forecasts to settle; every target and horizon by default.
    snapshot
        Folder of the data to settle by; by default those that the package carries.

    Returns
    -------
    A chart; its ``data`` has a row a target, horizon and month in which a window ended, as from
    `~faultline.pipelines.issue.track_record.running_skill` (above 0 is better than persistence), or of a unit a row an
    issue, as from `~faultline.pipelines.issue.unit_record.unit_records`.

    Raises
    ------
    UnknownNameError, SourceError, SchemaError
        As `load_scores`.
    CoverageError
        If no window has ended yet.
    """
    data = load_snapshot(None if snapshot is None else Path(snapshot))
    scores = _scores(issues, data)
    if unit is not None:
        return _of_unit(_told(unit, scores, data))
    if len(scores):
        scores = select_scores(scores, level=level, target=target, horizon=horizon)
    settled = running_skill(_settled(scores, data))
    table = settled.dropna(subset="skill").assign(
        line=lambda t: t["target"].astype("str") + ", " + t["horizon_months"].astype("str") + " months"
    )
    base = alt.Chart(table).encode(
        x=alt.X("settled_through:T", title="windows that ended by"),
        y=alt.Y("skill:Q", title="Brier skill against persistence"),
        color=alt.Color("line:N", title=None),
        tooltip=["line", "settled_through:T", "forecasts:Q", alt.Tooltip("skill:Q", format=".3f")],
    )
    zero = alt.Chart(table).mark_rule(color=EARLIER, strokeDash=[4, 3]).encode(y=alt.datum(0))
    title = f"Track record of {table['issues'].max()} issues, level {level}"
    chart: Any = alt.layer(zero, base.mark_line(point=True))
    return chart.properties(title=title, width=480, height=260)


def _scores(issues: str | Path | Iterable[str | Path] | None, data: Snapshot) -> pd.DataFrame:
    if issues is None:
        return read_record(default_out(), data)
    if isinstance(issues, (str, Path)):
        return read_issues(Path(issues))
    opened = [open_issue(issue) for issue in issues]
    parts = [of_windows(each.scores, "data").assign(issue=each.name, backfilled=False) for each in opened]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _settled(scores: pd.DataFrame, data: Snapshot) -> pd.DataFrame:
    """What has ended; panels are made only if something has."""
    newest = data.country_month["month"].max() + pd.offsets.MonthEnd(0)
    ended = scores[scores["reference_period_end"] <= newest] if len(scores) else scores
    if ended.empty:
        raise CoverageError(_NOTHING, remedy=_WAIT)
    return settle(ended, both_panels(data))


def _of_unit(told: SaidAndHappened) -> alt.LayerChart:
    base = alt.Chart(told.records).encode(
        x=alt.X("reference_period_end:T", title=f"{WINDOW} months to"), tooltip=[*told.records.columns]
    )
    scale = alt.Scale(type="sqrt")
    band = base.mark_area(color=BAND, opacity=0.4).encode(
        y=alt.Y("q05:Q", scale=scale, title=f"deaths in {WINDOW} months"), y2="q95:Q"
    )
    expected = base.mark_line(color=EARLIER).encode(y=alt.Y("q50:Q", scale=scale))
    recorded = base.mark_point(color=LATER, filled=True, size=40, opacity=1).encode(y=alt.Y("deaths:Q", scale=scale))
    chart: Any = alt.layer(band, expected, recorded)
    return chart.properties(title={"text": told.sentences[0], "subtitle": [*told.sentences[1:]]}, width=480, height=260)


def said_and_happened(unit: str, *, out: Path | None = None, snapshot: Path | None = None) -> SaidAndHappened:
    """Tell of a unit what was said of it in windows of three months, and what happened.

    Parameters
    ----------
    unit
        Country or region, as `track_record` takes it.
    out, snapshot
        Folder of the issues, and of the data to settle by; by default as `track_record`.

    Raises
    ------
    UnknownNameError
        If there is no such unit; the message offers the nearest names.
    CoverageError
        If no window of it has ended yet.
    """
    data = load_snapshot(snapshot)
    return _told(unit, read_record(out or default_out(), data), data)


def _told(unit: str, scores: pd.DataFrame, data: Snapshot) -> SaidAndHappened:
    own = select_scores(scores, units=unit) if len(scores) else scores
    if len(own):
        own = own[own["admin_level"] == own["admin_level"].min()]  # a country's name chooses its regions too
    records = unit_records(_settled(own, data))
    if records.empty:
        raise CoverageError(_NOTHING, remedy=_WAIT)
    first = records.iloc[0]
    name = first["location_name"] if first["admin_level"] == 0 else f"{first['admin1_name']}, {first['location_name']}"
    happened, called = records["outcome"] == 1, records["probability"] > CALLED
    known, n = records[records["q50"].notna()], len(records)
    again = int(records["backfilled"].astype("bool").sum())
    span = f"{n} issues ({records['issue'].min()} to {records['issue'].max()})"
    named = f"{called.sum()} issues and happened in {happened.sum()}, {(called & happened).sum()} of them called"
    sentences = [
        f"{name}: what was said of the next {WINDOW} months, and what happened, in {span}.",
        f"25 deaths or more were called likelier than not in {named}.",
        f"Deaths lay within the 90 % range in {int(known['inside'].sum())} of {len(known)} issues.",
    ]
    if again:
        sentences.append(f"{again} of the forecasts were made again later, from what was known at the time.")
    return SaidAndHappened(tuple(sentences), records, apart(records))


def list_records(*, out: Path | None = None, snapshot: Path | None = None) -> pd.DataFrame:
    """How each list of what to watch did in its latest issues, from `~faultline.pipelines.issue.list_record`.

    Parameters
    ----------
    out, snapshot
        As `said_and_happened` takes them.

    Raises
    ------
    CoverageError
        If no window has ended yet.
    """
    data = load_snapshot(snapshot)
    return list_record(_settled(read_record(out or default_out(), data), data))
