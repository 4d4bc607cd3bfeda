"""The track record: what earlier issues said, beside what the data say happened since."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...features.errors import SourceError
from ...features.months import parse_month
from ...features.targets.build import TARGETS, counts_deaths
from .backfilled import backfilled_levels, load_backfilled
from .opening import issues_in
from .selection import LEVELS, of_windows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from ...features.panels.panel import Panel
    from ...features.tables.snapshot import Snapshot

__all__ = ["SETTLED", "completed", "no_record", "read_issues", "read_record", "running_skill", "settle", "track_record"]

#: Columns of a settled forecast.
SETTLED = (
    "issue",
    "made_on",
    "backfilled",
    "location_code",
    "location_name",
    "admin_level",
    "admin1_code",
    "admin1_name",
    "target",
    "horizon_months",
    "reference_period_start",
    "reference_period_end",
    "probability",
    "baseline_probability",
    "q05",
    "q50",
    "q95",
    "mean_deaths",
    "deaths_before",
    "deaths",
    "outcome",
    "brier",
    "baseline_brier",
)
_KEY = ["admin_level", "target", "horizon_months"]
#: Columns of a forecast that settling it, choosing it and comparing it with the next one take.
_RECORDED = frozenset({*SETTLED, "gwno", "iso_3166_2", "data_through"})


def track_record(out: Path, panels: Mapping[str, Panel], *, before: pd.Period | None = None) -> pd.DataFrame:
    """Settle every issue in a folder whose window has ended.

    Parameters
    ----------
    out
        Folder of the issues.
    panels
        Outcomes by level, from `both_panels`.
    before
        Take only issues before this one.

    Returns
    -------
    Rows as from `settle`; none where no window has ended.

    Raises
    ------
    SourceError
        If an issue cannot be read.
    """
    return settle(read_issues(out, before=before), panels)


def read_issues(out: Path, *, before: pd.Period | None = None) -> pd.DataFrame:
    """Read the scores of the issues in a folder, oldest first, with ``issue`` and ``made_on``, the day they were made.

    Of windows those that follow on the data.

    Parameters
    ----------
    before
        Take only issues before this one.

    Raises
    ------
    SourceError
        If an issue's file cannot be read.
    """
    tables: list[pd.DataFrame] = []
    for month, folder in issues_in(out).items():
        file, issue = folder / "scores.parquet", parse_month(month, option=str(folder))
        if before is not None and issue >= before:
            continue
        try:
            scores = pd.read_parquet(file)
        except (OSError, ValueError) as error:
            msg = f"the scores of an earlier issue cannot be read ({error})."
            raise SourceError(msg, file=file, remedy="Move that folder away or restore it.") from error
        known = of_windows(scores, "data")
        tables.append(known.assign(issue=str(issue), made_on=_made_on(folder), backfilled=False))
    return pd.concat(tables, ignore_index=True) if tables else no_record()


def read_record(out: Path, snapshot: Snapshot, *, before: pd.Period | None = None) -> pd.DataFrame:
    """Read the issues in a folder, and where none of them speaks of a month and level, the package's backfilled one.

    Parameters
    ----------
    snapshot
        Data that one wishes to settle by. Backfilled forecasts are of what UCDP counts, and stand beside that alone.
    before
        Take only issues before this one.

    Returns
    -------
    Rows as from `completed`.

    Raises
    ------
    SourceError
        If a file cannot be read.
    """
    return completed(read_issues(out, before=before), snapshot, before=before)


def completed(live: pd.DataFrame, snapshot: Snapshot, *, before: pd.Period | None = None) -> pd.DataFrame:
    """Put the package's backfilled issues beside live ones, of each month and level of which none of these speaks.

    Parameters
    ----------
    live
        From `read_issues`.
    snapshot, before
        As `read_record` takes them.

    Returns
    -------
    Of both the columns that `settle`, `~faultline.pipelines.issue.selection.select_scores` and alerts take;
    ``backfilled`` says which a row is.

    Raises
    ------
    SourceError
        If the backfilled forecasts cannot be read.
    """
    made = load_backfilled(before=before, columns=_RECORDED)
    parts = [live[[name for name in live.columns if name in _RECORDED]]] if len(live) else []
    for level in backfilled_levels(snapshot):
        spoken = live.loc[live["admin_level"] == LEVELS[level], "issue"].unique()
        parts.append(made[(made["admin_level"] == LEVELS[level]) & ~made["issue"].isin(spoken)])
    parts = [part for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else made.iloc[:0]


def no_record() -> pd.DataFrame:
    """No settled forecast, with the types of one."""
    numbers = ("probability", "baseline_probability", "q05", "q50", "q95", "deaths", "outcome", "brier")
    numbers += ("mean_deaths", "deaths_before")
    days = ("made_on", "reference_period_start", "reference_period_end")
    types = dict.fromkeys((*numbers, "baseline_brier"), "float64") | dict.fromkeys(days, "datetime64[s]")
    types |= {"admin_level": "Int8", "horizon_months": "Int16", "backfilled": "bool"}
    return pd.DataFrame({name: pd.Series(dtype=types.get(name, "str")) for name in SETTLED})


def _made_on(folder: Path) -> pd.Timestamp:
    """Day on which an issue was made; not given by those from before it was written down."""
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        return pd.Timestamp(about["made_on"])
    except (OSError, ValueError, KeyError):
        return pd.NaT  # pyright: ignore[reportReturnType]


def settle(scores: pd.DataFrame, panels: Mapping[str, Panel]) -> pd.DataFrame:
    """Put what happened beside each forecast whose months are now in the data.

    Parameters
    ----------
    scores
        Flat tables of one or more issues, with the column ``issue`` (and ``made_on``, if known).
    panels
        Outcomes by level. They end where the data that one wishes to settle by end.

    Returns
    -------
    One row a settled forecast, columns `SETTLED`: ``deaths``, those recorded in the reference period; ``outcome``, 1
    where the event happened and 0 where not, NaN for forecasts of deaths; ``brier`` and ``baseline_brier``, the squared
    distance of the probability and of the baseline from the outcome.
    """
    parts: list[pd.DataFrame] = []
    for level, panel in panels.items():
        own = scores[scores["admin_level"] == LEVELS[level]]
        if len(own):
            parts.append(_settle_level(own, panel))
    settled = pd.concat(parts, ignore_index=True) if parts else no_record()
    return settled.reindex(columns=list(SETTLED)).sort_values(
        ["issue", *_KEY, "location_code", "admin1_code"], kind="stable", ignore_index=True
    )


def _settle_level(scores: pd.DataFrame, panel: Panel) -> pd.DataFrame:
    ids, named = pd.factorize(scores["admin1_code" if panel.level != "country" else "gwno"])
    unit = np.where(ids < 0, -1, panel.units.index.get_indexer(pd.Index(named).astype("str"))[ids])
    first, last = (_positions(scores[f"reference_period_{edge}"], panel) for edge in ("start", "end"))
    inside = (unit >= 0) & (first > 0) & (last < panel.shape[0]) & (last >= first)
    rows, unit, first, last = scores[inside], unit[inside], first[inside], last[inside]
    deaths = _over_window(panel.deaths, first, last, unit)
    target_of, targets = pd.factorize(rows["target"])
    counts = [TARGETS[target].counts if target in TARGETS else "deaths" for target in targets]
    for part in set(counts) - {"deaths"}:
        of_part = _over_window(panel.values[part], first, last, unit)  # noqa: PD011  # a dict of ours
        deaths = np.where((np.array(counts) == part)[target_of], of_part, deaths)
    seen = _over_window(panel.observed, first, last, unit) == last - first + 1
    outcome = np.full(len(rows), np.nan)
    horizons = rows["horizon_months"].to_numpy(np.int64)
    for place, target in enumerate(targets):
        if target not in TARGETS or counts_deaths(target):
            continue
        own = target_of == place
        for horizon in np.unique(horizons[own]).tolist():
            here = own & (horizons == horizon)
            outcome[here] = TARGETS[target].label(panel, horizon)[first[here] - 1, unit[here]]
    forecast = rows["probability"].notna().to_numpy()
    known = seen & np.where(forecast, ~np.isnan(outcome), rows["q50"].notna().to_numpy())
    settled = rows.assign(deaths=deaths, outcome=outcome)[known]
    return settled.assign(
        brier=(settled["probability"] - settled["outcome"]) ** 2,
        baseline_brier=(settled["baseline_probability"] - settled["outcome"]) ** 2,
    )


def _positions(days: pd.Series, panel: Panel) -> NDArray[np.int64]:
    start = panel.months[0]
    return (days.dt.year * 12 + days.dt.month - 1 - (start.year * 12 + start.month - 1)).to_numpy(np.int64)


def _over_window(
    values: NDArray[np.generic], first: NDArray[np.int64], last: NDArray[np.int64], unit: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Sum over the months from first to last, both included, shape (n,)."""
    total = np.vstack([np.zeros(values.shape[1]), np.cumsum(values, axis=0, dtype=np.float64)])
    return total[last + 1, unit] - total[first, unit]


def running_skill(settled: pd.DataFrame) -> pd.DataFrame:
    """Brier skill against persistence of everything settled by the end of each month.

    Parameters
    ----------
    settled
        From `settle`.

    Returns
    -------
    One row a level, target, horizon and month in which a window ended (``settled_through``): ``issues`` and
    ``forecasts`` settled so far, ``base_rate``, ``brier``, ``baseline_brier`` and
    ``skill = 1 - brier / baseline_brier``, NaN where the baseline made no error. Windows of several months overlap, so
    that the forecasts are fewer pieces of evidence than they count.
    """
    events = settled[settled["outcome"].notna()]
    sums = (
        events.assign(settled_through=events["reference_period_end"], forecasts=1, happened=events["outcome"])
        .groupby([*_KEY, "settled_through"], as_index=False)
        .agg(
            issues=("issue", "nunique"),
            forecasts=("forecasts", "sum"),
            happened=("happened", "sum"),
            brier=("brier", "sum"),
            baseline_brier=("baseline_brier", "sum"),
        )
    )
    added = ["issues", "forecasts", "happened", "brier", "baseline_brier"]
    sums[added] = sums.groupby(_KEY)[added].cumsum()
    n, baseline = sums["forecasts"], sums["baseline_brier"]
    return sums.assign(
        base_rate=sums["happened"] / n,
        brier=sums["brier"] / n,
        baseline_brier=baseline / n,
        skill=1 - sums["brier"] / baseline.where(baseline > 0),
    ).drop(columns="happened")
