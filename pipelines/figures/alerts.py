"""Alerts of an issue, and the trigger sheet of a rule, in Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ...features.errors import UnknownNameError
from ...features.panels.build import both_panels, panel_of
from ...features.tables.snapshot import load_snapshot
from ..issue.alert_rules import read_rules
from ..issue.alerts import alerts as found
from ..issue.alerts import looked_at
from ..issue.opening import default_out, open_issue
from ..issue.selection import of_windows, select_scores
from ..issue.track_record import read_record
from ..issue.trigger_sheet import TriggerSheet
from ..issue.trigger_sheet import trigger_sheet as tried

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["alerts", "trigger_sheet"]


def alerts(
    issue: str | Path = "latest",
    *,
    level: str | None = None,
    units: str | Iterable[str] | None = None,
    rules: Path | str | None = None,
    out: Path | str | None = None,
    snapshot: Path | str | None = None,
) -> pd.DataFrame:
    """Find the units of an issue that are worth a second look.

    Parameters
    ----------
    issue, out
        As `load_scores` takes them; the issues before it in the folder, and the package's
        backfilled ones where there are none, are what its forecasts are compared with.
    level, units
        As `load_scores` takes them.
    rules
        File of rules; by default the package's own (novelty against 1 and 3 years, rise, crossing, new actor, newly
        contested region, forecast outside the last issue's 90 % range).
    snapshot
        Folder of another snapshot than the bundled one.

    Returns
    -------
    A row an alert: ``rule``, the unit, the ``month`` that it rests on, ``value`` and ``threshold`` (deaths, or a
    probability); ``attrs`` has the ``issue``.

    Raises
    ------
    ConfigError
        If a rule is none.
    UnknownNameError, SourceError, SchemaError
        As `load_scores`.
    """
    told = read_rules(None if rules is None else Path(rules))
    opened = open_issue(issue, out=None if out is None else Path(out))
    origin = pd.Period(opened.scores["data_through"].max(), "M")
    data = load_snapshot(None if snapshot is None else Path(snapshot))
    before = read_record(Path(out) if out else default_out(), data, before=origin + 1)
    forecasts = looked_at(of_windows(opened.scores, "data"), before)
    table = found(told, both_panels(data), forecasts, origin=origin)
    chosen = select_scores(opened.scores, level=level, units=units)
    keys = ["admin_level", "location_code", "admin1_code"]
    scored = set(chosen[keys].drop_duplicates().fillna("").astype("str").agg("|".join, axis=1))
    table = table[table[keys].fillna("").astype("str").agg("|".join, axis=1).isin(scored)].reset_index(drop=True)
    table.attrs = {"issue": opened.name}
    return table


def trigger_sheet(
    rule: str,
    *,
    level: str = "country",
    rules: Path | str | None = None,
    out: Path | str | None = None,
    snapshot: Path | str | None = None,
) -> TriggerSheet:
    """Try a rule on the past: how often it would have fired, how often for nothing, how early, and its worst miss.

    Parameters
    ----------
    rule
        Its name in the file of rules.
    level
        ``"country"`` or ``"region"``.
    rules, out, snapshot
        As `alerts` takes them; rules on forecasts are tried on backfilled and earlier issues.

    Returns
    -------
    `~faultline.pipelines.issue.trigger_sheet.TriggerSheet`, whose ``in_words()`` says it in sentences.

    Raises
    ------
    ConfigError
        If a rule is none.
    CoverageError
        If nothing that it looks at is known of the past.
    UnknownNameError
        If there is no such rule or level.
    """
    told = read_rules(None if rules is None else Path(rules))
    if rule not in told:
        raise UnknownNameError("rule", rule, told)
    data = load_snapshot(None if snapshot is None else Path(snapshot))
    return tried(rule, told[rule], panel_of(data, level), read_record(Path(out) if out else default_out(), data))
