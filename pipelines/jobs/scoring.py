"""Scoring without training: from the champions of a store or a bundle to an issue, a bundle or a panel file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ...features.errors import ConfigError
from ...features.panels.build import both_panels
from ...features.panels.regions import later_regions
from ..exports.archive import differences, open_bundle, write_bundle
from ..ingest.boundaries_at_hand import boundaries_at_hand
from ..ingest.own_facts import snapshot_of
from ..issue.issue_before import issue_before
from ..issue.selection import of_windows
from ..track import registry
from ..track.champions import champions_of
from ..track.store import log_issue, open_store
from .batch import issue_month, score_month
from .panel_export import FORMATS, panel_rows, write_panel

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from ...features.tables.snapshot import Snapshot
    from ..base.progress import Progress
    from ..base.settings import Settings
    from ..issue.issue import Issued

__all__ = ["export_panel", "make_bundle", "score_from_bundle", "score_from_store"]

#: Columns that depend on the day on which scores are made.
_BY_DAY = ["forecast_issue_date", "warning"]


def _newest(snapshot: Snapshot) -> pd.Period:
    return pd.Period(snapshot.country_month["month"].max(), "M")


def score_from_store(
    settings: Settings, progress: Progress, *, origin: pd.Period | None, made_on: dt.date, reissue: bool = False
) -> Issued:
    """Score a month with the champions of the store, by default the last month of data.

    How old data are is counted from the day on which the issue is made, or for a month that is asked for, as in
    `faultline run --origin`, from the 20th of the month after.

    Raises
    ------
    CoverageError
        If there is no champion, or the data do not reach the month.
    ConfigError
        If the month is issued already, or a champion learned from later months.
    """
    with progress.stage("Loading champions and data"):
        store = open_store(settings)
        champions = champions_of(store)
        snapshot = snapshot_of(settings)
    if champions.without:
        progress.warn(f"no champion, so no scores: {', '.join(champions.without)}")
    month = origin or _newest(snapshot)
    issued = issue_month(
        champions,
        snapshot,
        progress,
        origin=month,
        out=settings.out,
        previous=issue_before(settings.out, month + 1, snapshot),
        made_on=made_on,
        issue_date=made_on if origin is None else None,
        boundaries=boundaries_at_hand(settings),
        lang=settings.lang,
        reissue=reissue,
    )
    log_issue(store, issued.folder, issue=str(issued.issue))
    return issued


def score_from_bundle(
    file: Path,
    settings: Settings,
    progress: Progress,
    *,
    origin: pd.Period | None,
    made_on: dt.date,
    reissue: bool = False,
) -> Issued:
    """Score a month with what a bundle holds, by default the month of its scores, and compare with them.

    How old data are is counted as by `score_from_store`; the bundle's own scores count from the 20th of the month
    after, whenever it was made, so days, warnings and windows from today are not compared.

    Raises
    ------
    SourceError
        If the bundle is broken.
    CoverageError, ConfigError
        As `score_from_store`.
    """
    _refuse_own_facts(settings)
    with progress.stage("Opening the bundle"), open_bundle(file) as bundle:
        month = origin or bundle.origin
        same = month == bundle.origin
    issued = issue_month(
        bundle.champions,
        bundle.snapshot,
        progress,
        origin=month,
        out=settings.out,
        previous=bundle.previous if same else issue_before(settings.out, month + 1, bundle.snapshot),
        made_on=made_on,
        issue_date=made_on if origin is None else None,
        boundaries=boundaries_at_hand(settings),
        lang=settings.lang,
        reissue=reissue,
    )
    if same:
        told = (of_windows(scores, "data").drop(columns=_BY_DAY) for scores in (issued.scores, bundle.scores))
        unlike = differences(*told)
        if unlike:
            progress.warn(f"the scores are not those of the bundle: {unlike}")
        else:
            progress.say("The scores are those of the bundle, bit for bit.")
    return issued


def make_bundle(file: Path, settings: Settings, progress: Progress, *, origin: pd.Period | None) -> None:
    """Write the champions, the data and the scores of a month as one archive.

    Raises
    ------
    CoverageError, ConfigError
        As `score_from_store`; also if the file's name does not end in ``.tar.gz``.
    """
    if not file.name.endswith(".tar.gz"):
        msg = f"{file.name}: a bundle ends in .tar.gz."
        raise ConfigError(msg)
    _refuse_own_facts(settings)
    store = open_store(settings)
    with progress.stage("Loading champions and data"):
        champions = champions_of(store)
        snapshot = snapshot_of(settings)
    month = origin or _newest(snapshot)
    previous = issue_before(settings.out, month + 1, snapshot)
    with progress.stage("Scoring with the champions"):
        panels = both_panels(snapshot, as_of=month)
        panels["country"].position(month)
        later = later_regions(snapshot, as_of=month)
        scores = score_month(champions, panels, origin=month, previous=previous, later=later).scores
    with progress.stage("Writing the bundle"):
        write_bundle(file, champions, snapshot=settings.snapshot, origin=month, scores=scores, previous=previous)


def _refuse_own_facts(settings: Settings) -> None:
    if settings.facts:
        msg = "--facts: a bundle carries the facts of its own data alone; leave it out, or score from a store."
        raise ConfigError(msg)


def export_panel(
    name: str,
    file: Path,
    settings: Settings,
    *,
    version: str | None = None,
    origin: pd.Period | None = None,
    since: pd.Period | None = None,
) -> int:
    """Write the rows that a registered model takes, and count them.

    Raises
    ------
    UnknownNameError
        If there is no such model or version.
    ConfigError
        If the file's ending is not known.
    CoverageError
        If the data do not reach the month.
    """
    if file.suffix not in FORMATS:
        msg = f"{file.name}: a panel file ends in {', '.join(FORMATS)}."
        raise ConfigError(msg)
    store = open_store(settings)
    newest = registry.latest(store, name)
    chosen = registry.version_of(store, name, version) if version else registry.champion(store, name) or newest
    model = registry.load_model(store, chosen)
    snapshot = snapshot_of(settings)
    month = origin or _newest(snapshot)
    panels = both_panels(snapshot, as_of=month)
    panels["country"].position(month)
    rows = panel_rows(model, panels[model.level], origin=month, since=since)
    write_panel(rows, file)
    return len(rows)
